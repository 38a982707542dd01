"""Names without quotes: which of the words beside "the word" are what it names. Places are in folded text.

A name is one word. In a language whose lexicon has ``edges`` (words beside a name that are no part of it: "should",
"in the") it is all words up to one of them, to a word that the rules know, to a mark or to the end of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .marks import WORD
from .scanner import unspaced
from .statement import GLOSS, RUN, Statement

Place = tuple[int, int]

STOPS = frozenset(
    [
        "exclude",
        "not_before",
        "lacking",
        "include",
        "use",
        "answer",
        "write",
        "times",
        "at_least",
        "at_most",
        "less_than",
        "more_than",
        "exactly",
        "not",
        "begin",
        "end",
        "colon",
        "once",
        "twice",
        "number",
    ]
)
"""Concepts that are no part of a list of names."""
_BESIDE = STOPS | {"and", "or", "comma", "as", "response", "whole", "each", "paragraph", "sentence", "ordinal"}
"""Concepts that are no part of a name of several words."""
_MOST = 4
_LONGEST = 30
"""Longest name, in words and in characters; what is longer is a clause, and only its nearest word is meant."""


def after(statement: Statement, start: int, end: int, most: int = 1) -> Place | None:
    """The name that begins at ``start`` or after it.

    ``most``: how many words it may have where the language has no edges.
    """
    folded, edges = statement.prompt.folded, statement.prompt.traits.edges
    first = WORD.search(folded, start, end)
    if first is not None and unspaced(folded[first.start()]):
        return _unspaced_after(statement, first.start(), end)
    if first is not None and (latin := _LATIN.match(folded, first.start(), first.end())):
        return latin.span()  # "sneakerควร"
    found: list[Place] = []
    for match in WORD.finditer(folded, start, end):
        low, high = match.span()
        if found and (match[0] in edges or _stops(statement, low) or folded[found[-1][1] : low].strip()):
            break
        if found and high == end and folded[end : end + 1].isalnum():
            break  # "in" is written on to the word at which the range ends
        found.append((low, high))
        if len(found) > (_MOST if edges else most):
            found = found[:1]
            break
    return (found[0][0], statement.prompt.plain(*found[-1])) if found else None


def before(statement: Statement, start: int, end: int) -> Place | None:
    """The name that ends at ``end`` or before it; None where an edge comes first."""
    folded, edges = statement.prompt.folded, statement.prompt.traits.edges
    end = statement.prompt.bare(start, end)
    if start < end and unspaced(folded[end - 1]):
        return _unspaced_before(statement, start, end)
    found: list[Place] = []
    for match in reversed(list(WORD.finditer(folded, max(start, end - 2 * _LONGEST), end))):
        low, high = match.span()
        if match[0] in edges or (found and (_parts(statement, low, high) or folded[high : found[-1][0]].strip())):
            break
        found.append((low, high))
        if len(found) > (_MOST if edges else 1):
            return found[0]
    return (found[-1][0], found[0][1]) if found else None


def _parts(statement: Statement, low: int, high: int) -> bool:
    """The word is no part of the name that follows it."""
    word = statement.prompt.folded[low:high]
    return _stops(statement, low) or any(word.endswith(ending) for ending in statement.prompt.traits.endings)


def _stops(statement: Statement, place: int) -> bool:
    return any(token.start <= place < token.end and token.concept in _BESIDE for token in statement.tokens)


def _unspaced_after(statement: Statement, start: int, end: int) -> Place:
    folded = statement.prompt.folded
    if not statement.prompt.traits.edges:
        match = RUN.match(folded, start, end)
        return match.span() if match else (start, start + 1)
    limit = min(end, start + _LONGEST)
    stop = _GAP.search(folded, start, limit)
    limit = stop.start() if stop else limit
    places = [token.start for token in statement.tokens if start < token.start < limit and token.concept in _BESIDE]
    places += [place for edge in statement.prompt.traits.edges if (place := folded.find(edge, start, limit)) > start]
    return start, min([limit, *places])


def _unspaced_before(statement: Statement, start: int, end: int) -> Place:
    folded, edges = statement.prompt.folded, statement.prompt.traits.edges
    start = max(start, end - _LONGEST)
    nearest = max((run.start() for run in RUN.finditer(folded, start, end)), default=end - 1)
    if not edges:
        return nearest, end
    low = max([start, *(gap.end() for gap in _GAP.finditer(folded, start, end))])
    low = max([low, *(token.end for token in statement.tokens if token.end < end and token.concept in _BESIDE)])
    last = max((place + len(edge) for edge in edges if (place := folded.rfind(edge, low, end)) >= 0), default=low)
    return (min(last, nearest) if last < end else nearest), end


_LATIN = re.compile(r"[a-z0-9'’-]++(?=[\u0370-\U0010ffff])")
_GAP = re.compile(r"[\s,、，()「」『』:]")


def pieces(statement: Statement, start: int, end: int) -> Iterator[Place]:
    """The items of a list in this range: what stands between commas and conjunctions; not what is in brackets."""
    marks = {
        (token.start, token.end)
        for token in statement.tokens
        if token.concept in ("comma", "and", "or") and start <= token.start < end
    }
    glosses = (match.span() for match in GLOSS.finditer(statement.prompt.folded, start + 2, end))
    for low, high in sorted({*marks, *joined(statement, start, end), *glosses}, key=lambda mark: (mark[0], -mark[1])):
        if low >= start:
            yield start, low
            start = high
    yield start, end


def trimmed(statement: Statement, start: int, end: int) -> int:
    """Where the name in this range begins, after words that are no part of it ("a" in "a szív")."""
    for match in WORD.finditer(statement.prompt.folded, start, end):
        if match[0] not in statement.prompt.traits.edges:
            return match.start()
    return start


def joined(statement: Statement, start: int, end: int) -> Iterator[Place]:
    """Where an "and" is written on to a word of a list: before it ("و"), after it ("과"), or between two ("と"); and
    the spaces between items where words have none and an "and" says that it is a list."""
    traits, folded = statement.prompt.traits, statement.prompt.folded
    if traits.conjunction:
        yield from _conjunctions(folded, traits.conjunction, start, end)
    if traits.joiners:
        for match in re.compile("|".join(map(re.escape, traits.joiners))).finditer(folded, start + 1, end):
            if _between(folded, *match.span(), end):
                yield match.span()
    listed = (token.concept in ("and", "or") and start <= token.start < end for token in statement.tokens)
    if not traits.spaced and any(listed):
        for match in _SPACES.finditer(folded, start + 1, end):
            if any(map(unspaced, folded[match.start() - 1] + folded[match.end() : match.end() + 1])):
                yield match.span()


_SPACES = re.compile(r"\s+")


def _conjunctions(folded: str, conjunction: str, start: int, end: int) -> Iterator[Place]:
    """ "A, wB, C": after a comma it is the beginning of a word, save before the last item."""
    comma = max(folded.rfind(",", start, end), folded.rfind("،", start, end))
    for match in re.compile(rf"(?<=\s){re.escape(conjunction)}(?=[^\W\d_])").finditer(folded, start + 2, end):
        place = match.start()
        if place > comma or folded[place - 2] not in ",،":
            yield match.span()


def _between(folded: str, low: int, high: int, end: int) -> bool:
    """The joiner at this place ends a word, or stands between two that are not written in its own signs."""
    if not unspaced(folded[low]):
        return folded[low - 1].isalpha() and folded[high : min(high + 1, end)] == " "
    left, right = folded[max(low - 2, 0) : low].rstrip()[-1:], folded[high : min(high + 2, end)].lstrip()[:1]
    return bool(left and right) and _script(left) != _script(folded[low]) != _script(right)


def _script(char: str) -> str:
    return "hiragana" if "\u3040" <= char <= "\u309f" else "han" if "\u3400" <= char <= "\u9fff" else "other"
