"""Rules for words and letters that are named: in the reply, out of it, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import names
from ..numbers import Count
from ..statement import LONGEST_LINE, Request, Statement
from .base import ACTS, SINGLE, TIMES, Rule, at_token, beside, is_said_of_reply, over_count

_POINT = re.compile(r"\s*+(?:[-*•・]|\d{1,2}[.)、])\s*+(\S.*)")


_LONGEST_ITEM = 60


_MOST_ITEMS = 40


_NO_KEYWORD = re.compile(r"[^\w\s]{1,6}\Z|\S+ ?(?:X|\d)\Z")
"""A sign, or the label of a section."""


TRIM = "\u200b\u200c\u200e\u200f\ufeff \t\r\n.,;:!?\"'“”„«»‘’「」『』()[]。，、；：！？؟،؛।۔"


_WORDS = re.compile(r"[^\s,.;:!?\"'“”„«»‘’「」『』()\[\]。，、；：！？؟،؛।۔*]+")


def _naming(argument: str, *, barred: bool) -> Rule:
    """Keywords that have to be in the reply; or, ``barred``, that must not be."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        if statement.conditional(i):
            return
        if statement.inquires and not barred:
            return
        if _barred(statement, i) is barred and _times(statement, i) is None and (found := _keywords(statement, i)):
            if not barred and _unwanted_elsewhere(statement, found):
                return
            if statement.tokens[i].concept in _VERBS and not is_said_of_reply(statement, i, *_NAMED):
                return
            yield at_token(statement, i, {argument: found}, 0.9)

    return rule


include = _naming("keywords", barred=False)


exclude = _naming("forbidden_words", barred=True)


_NAMED = ("keyword", "word", "phrase", "letter")


def _unwanted_elsewhere(statement: Statement, keywords: tuple[str, ...]) -> bool:
    """ "A riddle on the word "key" that does not use the word "key"."""
    again = [j for j in statement.of("quote") if statement.quoted(j) in keywords]
    return len(again) > len(keywords) and any(statement.negated(j) for j in again)


def _barred(statement: Statement, i: int) -> bool:
    if statement.negated(i):
        return True
    last = statement.prompt.verb_final
    excluding = (j for j in statement.of("exclude") if j in statement.clause(i))
    return any(j <= i or (last and not statement.done_before(i, j)) for j in excluding)


def _times(statement: Statement, i: int) -> Count | None:
    """How often what token ``i`` names is to appear."""
    for j in statement.of(*TIMES):
        between = {each.concept for each in statement.between(i, j)}
        others = {"keyword", "letter", "and"} if j < i else {"keyword", "letter"}
        if j > i and statement.tokens[i].concept in _VERBS:
            others = {"letter"}
        if j in statement.clause(i) and j in statement.counts and between.isdisjoint(others):
            return statement.counts[j]
    return None


_VERBS = ("include", "use", "exclude")


_NEAR_VERB = 30
_BEFORE_LIST = 45
"""How far before the noun a verb may stand where the list stands between them."""


def _keywords(statement: Statement, i: int) -> tuple[str, ...]:
    """The keywords that token ``i`` names: quotes that belong to it, else a list that follows it."""
    concept = statement.tokens[i].concept
    noun = concept not in _VERBS
    if (
        statement.has("choose")
        or _governed(statement, i)
        or (concept == "phrase" and not beside(statement, i, *_VERBS, reach=_NEAR_VERB))
    ):
        return ()
    quotes = statement.quotes(i, reach=6 if concept == "use" else 60, before=10 if noun else 0)
    if quotes:
        if _claimed(statement, i, quotes[0]) or (concept == "word" and not _to_be_used(statement, i)):
            return ()
        if not noun and any(each.concept == "and" for each in statement.between(i, quotes[0])):
            return ()
        if not noun and any(
            each.concept in _VERBS and each.start != statement.tokens[i].start
            for each in statement.between(i, quotes[0])
        ):
            return ()
        found = tuple(dict.fromkeys(text for j in quotes if (text := statement.quoted(j).strip(" ,."))))
        return found if all(len(text) <= 200 and not _NO_KEYWORD.match(text) for text in found) else ()
    last = statement.prompt.verb_final
    named = statement.prompt.traits.noun_final
    if concept not in ("keyword", "word", *(("phrase",) if named else ())) or i in statement.counts:
        return ()
    if concept != "keyword":
        verbs = [j for j in statement.of(*_VERBS) if (j > i) == last or named]
        near = [j for j in verbs if statement.gap(i, j) <= (_BEFORE_LIST if named and j < i else _NEAR_VERB)]
        asked = statement.negated(i) or any(is_said_of_reply(statement, j) for j in near)
        if not (near and asked) or beside(statement, i, "some", "capitals", "lowercase", reach=12):
            return ()
    if not statement.has(*_VERBS, "not", "lacking", "response"):
        return ()
    return tuple(_listed(statement, i))


def _governed(statement: Statement, i: int) -> bool:
    """What token ``i`` names is the end or the beginning of something, and no keyword."""
    for j in statement.of("end", "begin"):
        leads = (j < i) != statement.prompt.verb_final or statement.gap(i, j) <= 10
        if leads and statement.gap(i, j) <= 40 and not any(each.concept in _VERBS for each in statement.between(i, j)):
            return True
    return False


def _to_be_used(statement: Statement, i: int) -> bool:
    """A verb says that the word at token ``i`` is to be in the reply, or is not: before it, or as what it does."""
    clause = statement.clause(i)
    if any(j in clause for j in statement.of("not", "lacking", "not_before")):
        return True
    for j in statement.of(*_VERBS):
        if statement.gap(i, j) <= 80:
            if j < i or statement.prompt.verb_final:
                return True
            if statement.tokens[j].concept == "include" and not _parted(statement, i, j):
                return True
    return False


def _parted(statement: Statement, i: int, j: int) -> bool:
    """Between the tokens stands an "and" that does more than list quotes."""
    low, high = min(i, j), max(i, j)
    for k in range(low + 1, high):
        beside = {statement.tokens[k - 1].concept, statement.tokens[min(k + 1, high)].concept}
        if statement.tokens[k].concept == "and" and beside != {"quote"}:
            return True
    return False


def _claimed(statement: Statement, i: int, quote: int) -> bool:
    """Another word than token ``i`` stands nearer to the quote and names it: the end, the beginning, a letter."""
    others = statement.of("end", "begin", "letter", "title", "repeat", "separate", "postscript", "commas")
    return any(statement.gap(j, quote) < statement.gap(i, quote) for j in others)


def _listed(statement: Statement, i: int) -> list[str]:
    """The items of an unquoted list, parted by commas and conjunctions.

    It follows token ``i``, and its last item is a name; or it comes before, and its first item is one.
    """
    colon = next((j for j in statement.of("colon") if j > i), None)
    last = statement.prompt.traits.noun_final
    if colon is not None and (last or statement.gap(i, colon) <= 30):
        return _items(statement, *_range_after(statement, colon), ahead=False, colon=True)
    found = _items(statement, *_range_before(statement, i), ahead=True) if last else []
    if found or (last and statement.tokens[i].concept != "keyword"):
        return found
    return _items(statement, *_range_after(statement, i), ahead=False)


def _items(statement: Statement, start: int, end: int, *, ahead: bool, colon: bool = False) -> list[str]:
    """The items of the list that is in a range; or of that whose points follow the ``colon`` that the range follows."""
    written = statement.prompt.written
    pieces = [piece for piece in names.pieces(statement, start, end) if written(*piece).strip(TRIM)]
    if colon and not pieces:
        return list(_points(statement))
    if colon and len(pieces) == 1 and len(words := _WORDS.findall(written(*pieces[0]).strip(TRIM))) > 2:
        return words  # "keywords: tea milk sugar"
    if len(pieces) > _MOST_ITEMS:
        return []
    found: list[str] = []
    for k, (low, high) in enumerate(pieces):
        open_ended = k == (0 if ahead else len(pieces) - 1)
        place = (names.trimmed(statement, low, high) if ahead else low, high)
        name = _name(statement, *place, ahead, 3 if colon else 1) if open_ended else place
        found.append(written(*name).strip(TRIM) if name else "")
    return [text for text in found if text and len(text) <= _LONGEST_ITEM]


def _name(statement: Statement, low: int, high: int, ahead: bool, most: int) -> tuple[int, int] | None:
    """The item of a list that the rest of the sentence follows, or, ``ahead``, comes before."""
    return names.before(statement, low, high) if ahead else names.after(statement, low, high, most)


def _points(statement: Statement) -> Iterator[str]:
    """The lines that follow the sentence, each with the sign of a point."""
    text = statement.prompt.written(statement.end, min(statement.end + LONGEST_LINE, len(statement.prompt.folded)))
    for line in text.lstrip("\n").split("\n")[:_MOST_ITEMS]:
        match = _POINT.match(line)
        if match is None:
            return
        if len(match[1]) <= _LONGEST_ITEM:
            yield match[1].strip(TRIM)


def _range_after(statement: Statement, i: int) -> tuple[int, int]:
    start = statement.tokens[i].end
    announced = statement.tokens[i].concept == "colon"
    stops = [
        token.start
        for token in statement.tokens[i + 1 :]
        if token.concept in names.STOPS
        and token.start >= start
        and not (announced and _is_item(statement, token.start))
    ]
    return start, min([statement.end, *stops])


def _is_item(statement: Statement, place: int) -> bool:
    """From this place to the next comma or the end of the line stand two words at most, and a comma before."""
    folded = statement.prompt.folded
    if folded[max(place - 2, 0) : place].rstrip()[-1:] not in (",", "،", "、"):
        return False
    rest = folded[place : min(statement.end, place + _LONGEST_ITEM)]
    return len(re.split("[,،、;]", rest, maxsplit=1)[0].split()) <= _SHORT_ITEM


_SHORT_ITEM = 2


def _range_before(statement: Statement, i: int) -> tuple[int, int]:
    end = statement.tokens[i].start
    stops = [token.end for token in statement.tokens[:i] if token.concept in names.STOPS and token.end <= end]
    start = max([statement.start, *stops])
    return start, statement.prompt.bare(start, end)


def frequency(statement: Statement, i: int) -> Iterator[Request]:
    """How often a keyword is to appear."""
    count = statement.counts.get(i)
    if count is None or statement.conditional(i) or _letter(statement, i) is not None:
        return
    if _speaks_of(statement, i, "highlight", "capitals") or not statement.has(*ACTS, *_NAMED, "exclude"):
        return
    keyword = _counted_word(statement, i)
    if keyword is None:
        return
    bounds = count.bounds
    if bounds == (("at most", 1),) and _speaks_of_only(statement, count) and not statement.negated(i):
        bounds = (("exactly", 1),)  # "mention it only once"
    for said, value in bounds:
        yield over_count(count, statement, i, {"keyword": keyword, "frequency": value, "relation": said})


def _speaks_of_only(statement: Statement, count: Count) -> bool:
    return any(count.start <= statement.tokens[j].start < count.end for j in statement.of("only"))


def _speaks_of(statement: Statement, i: int, *concepts: str) -> bool:
    """One of these stands in the clause of token ``i``, and nothing that is named is nearer.

    "Words in capitals" names no word.
    """
    clause = statement.clause(i)
    near = [j for j in statement.of(*concepts) if j in clause]
    named = [
        statement.gap(i, j)
        for j in statement.of("quote", "word", "keyword")
        if j in clause and j not in statement.counts and statement.nearest(j, "some", *concepts, reach=12) is None
    ]
    return bool(near) and (not named or min(statement.gap(i, j) for j in near) < min(named))


def _counted_word(statement: Statement, i: int) -> str | None:
    """The keyword that appears as often as token ``i`` says: quoted, or the word after "word".

    It stands before its number where the first keyword does, else after it; no other number is between.
    """
    named = statement.of("quote", "word", "keyword", *(("phrase",) if statement.prompt.verb_final else ()))
    if not named:
        return _proper_name(statement)
    rivals = [j for j in statement.of(*TIMES) if j in statement.counts]
    leads = bool(named) and bool(rivals) and named[0] < rivals[0]
    sides = [[j for j in reversed(named) if j < i], [j for j in named if j > i]]
    for side in sides if leads else reversed(sides):
        for j in side:
            if any(min(i, j) < rival < max(i, j) for rival in rivals):
                break
            if statement.tokens[j].concept == "quote":
                return statement.quoted(j)[:500] or None
            if found := word_named(statement, j):
                return found
    return None


def _proper_name(statement: Statement) -> str | None:
    """What goes with "the name", written with a capital letter: "the name Ann", not "the name of the firm"."""
    found = (word_named(statement, j) for j in statement.of("name"))
    return next((text for text in found if text and text[0].isupper()), None)


def word_named(statement: Statement, j: int) -> str | None:
    """The word that goes with "word" at token ``j``, unquoted: after it, or before it where verbs stand last."""
    if any(abs(k - j) == 1 and statement.gap(j, k) <= 12 for k in statement.of("quote")):
        return None
    token = statement.tokens[j]
    places = [names.after(statement, token.end, statement.end)]
    if statement.prompt.traits.noun_final:
        places.insert(0, names.before(statement, statement.start, token.start))
    for place in places:
        if place is not None and not _is_meant(statement, place):
            text = statement.prompt.written(*place)
            if not text.isdecimal():
                return text.strip(TRIM)
    return None


def _is_meant(statement: Statement, place: tuple[int, int]) -> bool:
    """What stands there is no name: "the word at least twice", "and the word tea"."""
    concepts = names.STOPS | {"and", "or"}
    return any(each.start <= place[0] < each.end and each.concept in concepts for each in statement.tokens)


def letters(statement: Statement, i: int) -> Iterator[Request]:
    """How often a letter is to appear, or that it must not."""
    if statement.conditional(i):
        return
    concept = statement.tokens[i].concept
    if concept != "letter" and statement.has("letter"):
        return
    letter = _letter(statement, i)
    if letter is None:
        return
    count = (
        statement.counts.get(i)
        if concept != "letter"
        else _times(statement, i) or _any_times(statement) or _number(statement, i)
    )
    if count is None and concept == "letter":
        if statement.negated(i):
            yield at_token(statement, i, {"letter": letter, "let_frequency": 1, "let_relation": "less than"}, 0.9)
        elif statement.has("include", "use"):
            yield at_token(statement, i, {"letter": letter, "let_frequency": 1, "let_relation": "at least"}, 0.8)
        return
    if count is not None:
        for said, value in count.bounds:
            yield over_count(count, statement, i, {"letter": letter, "let_frequency": value, "let_relation": said})


def _any_times(statement: Statement) -> Count | None:
    found = [j for j in statement.of(*TIMES) if j in statement.counts]
    return statement.counts[found[0]] if found else None


def _number(statement: Statement, i: int) -> Count | None:
    """How often, where only a number says so: "the letter n no more than six"."""
    counted = {count.start for count in statement.counts.values()}
    found = [n for n, count in statement.numbers.items() if count.stated and count.start not in counted]
    return statement.numbers[found[0]] if len(found) == 1 and statement.gap(i, found[0]) <= _SAME_CLAUSE else None


_SAME_CLAUSE = 40


def _letter(statement: Statement, i: int) -> str | None:
    """The one letter or sign that is spoken of: a quote of one character, else a word of one letter after "letter"."""
    for j in statement.of("quote"):
        text = statement.quoted(j)
        named = not statement.has("letter") and statement.nearest(j, "word", "keyword", "phrase", reach=6) is not None
        if SINGLE.match(text) and statement.gap(i, j) <= 80 and not (named and text.isalpha()):
            return text
    for j in statement.of("letter"):
        sides = (statement.word_before(j), statement.word_after(j))
        for found in sides if statement.prompt.traits.noun_final else sides[1:]:
            letter = _single(statement, *found[1:]) if found else None
            if found and letter and _apart(statement, j, *found[1:]) <= _BESIDE_LETTER:
                return letter
    return None if statement.has("letter", "word", "keyword", "phrase", "quote") else _lone_letter(statement, i)


def _lone_letter(statement: Statement, i: int) -> str | None:
    """One Latin letter before what is counted, with something of another script written on to it: "n이 7번"."""
    start = max(statement.start, statement.tokens[i].start - _BEFORE_COUNT)
    match = _LONE_LETTER.search(statement.prompt.folded, start, statement.tokens[i].start)
    return statement.prompt.written(*match.span()) if match else None


_LONE_LETTER = re.compile("(?<![a-z0-9])[a-z](?=[\u0370-\U0010ffff])")
_BEFORE_COUNT = 16


_BESIDE_LETTER = 3


def _apart(statement: Statement, j: int, start: int, end: int) -> int:
    token = statement.tokens[j]
    return min(abs(start - token.end), abs(token.start - end))


def _single(statement: Statement, start: int, end: int) -> str | None:
    """The letter that a word is, without what is written on to it; a syllable at the end of a word is none."""
    text = statement.prompt.written(start, statement.prompt.plain(start, end))
    ends_a_word = _SYLLABLE.match(text) and statement.prompt.folded[start - 1 : start].strip()
    return text if SINGLE.match(text) and not text.isdecimal() and not ends_a_word else None


_SYLLABLE = re.compile("[\u3040-\u309f]")
