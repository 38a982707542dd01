"""Rules for how long the reply is and how it is laid out: counts, sections, titles, highlights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..numbers import TIGHT_AFTER, Count
from ..statement import Prompt, Request, Statement
from .base import ACTS, at_token, beside, counted, is_distributed, is_label, is_told, only_asked_about, over_count
from .keywords import word_named

_LABEL = re.compile(
    r"([A-Za-z][A-Za-z-]*+(?=[ \t\u00a0]*+[\"'”’)]?X)"
    r"|[^\W\d_\u3040-\u9fff\uac00-\ud7ff][\w\u0300-\u036f\u0900-\u0d7f\u0e31-\u0e4e-]*+)"
    r"[ \t\u00a0]*+[\"'”’)]?(?<![^\W\d_])[XХΧ](?![^\W\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7ff])"
)


_PREFIX = re.compile("\\A[\u0590-\u06ff\u3040-\u9fff]+(?=[A-Za-z])")
"""What is written on to a label in Latin letters: "and", "with"."""


_LABEL_AFTER = re.compile(r"(?<!\w)X\.? ([^\W\d_a-z]{4,32}+)")


_X = "XХΧ"
"""Latin, Cyrillic, Greek."""


_JOINED_LABEL = re.compile(r"([^\W\dA-Za-z_\s]{2,12}+) ?X(?![A-Za-z0-9])|第 ?X ?([^\W\dA-Za-z_\s]{1,6})")


_NUMBERED_LABEL = re.compile(r"([^\W\d_]{2,32}+) ?#?(\d)(?![A-Za-z0-9])")


_EMPHASIS = re.compile(r"\*\w[^*\n.!?。।]{0,60}(?<![\s(:])\*")


def words(statement: Statement, i: int) -> Iterator[Request]:
    """ "At least 300 words"; not "3 words in capitals", "highlight 3 words", nor "the word tea 3 times"."""
    if statement.has("highlight", "capitals", "lowercase") and beside(statement, i, "highlight", "capitals"):
        return
    yield from counted("num_words", alone="about")(statement, i)


sentences = counted("num_sentences")


lines = counted("num_lines")


def characters(statement: Statement, i: int) -> Iterator[Request]:
    """A number of characters; not "50 characters of kanji"."""
    if not any(statement.tokens[j].value == "kanji" and statement.gap(i, j) <= 36 for j in statement.of("unit")):
        yield from counted("num_characters", alone="about")(statement, i)


def paragraphs(statement: Statement, i: int) -> Iterator[Request]:
    """A number of paragraphs."""
    separator = "***" if statement.prompt.dividers else "blank"
    count = statement.counts.get(i)
    if count is None or (not count.stated and _opening(statement)) or is_distributed(statement, i):
        return
    if statement.conditional(i) or is_label(statement, i, count) or (not count.stated and statement.negated(i)):
        return
    if not (count.stated or is_told(statement)):
        return
    if beside(statement, i, "highlight", reach=40):
        return
    for said, value in count.bounds:
        arguments: dict[str, object] = {"num_paragraphs": value, "separator": separator}
        if said != "exactly":
            arguments["relation"] = said
        yield over_count(count, statement, i, arguments)


def divided(statement: Statement, i: int) -> Iterator[Request]:
    """What ``***`` parts where no paragraphs are counted: a number of parts, else as many as are shown."""
    prompt = statement.prompt
    stars = prompt.dividers
    if not stars or stars[0].start != statement.tokens[i].start:
        return
    counts = [
        (each.tokens[unit].concept, count, each, unit)
        for each in prompt.statements({"paragraph", "part", "section", "item", "stars", "bullet"})
        for unit, count in each.counts.items()
        if each.tokens[unit].concept in ("paragraph", "part", "section", "item")
        and not each.has("highlight")
        and not is_label(each, unit, count)
        and not _counts_signs(each, count)
    ]
    if any(concept == "paragraph" for concept, *_ in counts):
        return
    if counts:
        count = counts[0][1]
        yield Request(count.start, count.end, 0.9, {"num_paragraphs": count.value, "separator": "***"})
        return
    for each in prompt.statements(("part",)):
        for part in each.of("part"):
            number = each.nearest(part, "number", reach=TIGHT_AFTER)
            if number is not None and _first(each, number):  # "the first 5 steps", "les 5 premières étapes"
                value = int(each.tokens[number].value.rstrip("+"))
                yield at_token(statement, i, {"num_paragraphs": max(1, min(value, 10_000)), "separator": "***"}, 0.8)
                return
    if not any(map(prompt.has, ("separate", "part", "section", "item", "paragraph", "response", "sentence", "write"))):
        return
    alone = [token for token in stars if _alone(prompt.folded, token.start, token.end)]
    number = len(alone) + 1 if alone else 2
    yield at_token(statement, i, {"num_paragraphs": number, "separator": "***"}, 0.8)


def _counts_signs(statement: Statement, count: Count) -> bool:
    """ "Three '*' signs": it is the asterisks that are counted."""
    quotes = (j for j in statement.of("quote") if 0 <= statement.tokens[j].start - count.end <= 1)
    return any(not statement.quoted(j).strip("*") for j in quotes)


def _first(statement: Statement, number: int) -> bool:
    """ "First" stands beside the number, and does not hold it."""
    start, end = statement.tokens[number][:2]
    firsts = (statement.tokens[j] for j in statement.of("ordinal") if statement.tokens[j].value == "1")
    return any(0 <= max(start - each.end, each.start - end) <= TIGHT_AFTER for each in firsts)


def _alone(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - _ASIDE, 0) : start], text[end : end + _ASIDE]
    return not before.rpartition("\n")[2].strip() and not after.partition("\n")[0].strip()


_ASIDE = 200
"""How far before and after asterisks on a line of their own other words are looked for."""


def _opening(statement: Statement) -> bool:
    return statement.has("begin")


def first_word(statement: Statement, i: int) -> Iterator[Request]:
    """ "The second paragraph must start with the word tea.\""""
    begin = statement.nearest(i, "begin", reach=80)
    if begin is None or statement.conditional(i):
        return
    place = _ordinal(statement, i)
    word = _named(statement, begin)
    if place is None or word is None:
        return
    arguments: dict[str, object] = {"nth_paragraph": place, "first_word": word}
    totals = statement.prompt.once(_paragraphs)
    total = next((value for start, value in totals if start != statement.tokens[i].start), None)
    if total is not None:
        arguments["num_paragraphs"] = total
    yield at_token(statement, i, arguments)


def _paragraphs(prompt: Prompt) -> list[tuple[int, int]]:
    """The numbers of paragraphs in the prompt, and where the words for them are."""
    return [
        (each.tokens[unit].start, count.value)
        for each in prompt.statements({"paragraph"})
        for unit, count in sorted(each.counts.items())
        if each.tokens[unit].concept == "paragraph" and not is_label(each, unit, count)
    ]


def _ordinal(statement: Statement, i: int) -> int | None:
    """Which one of several token ``i`` is: an ordinal beside it, or a number right at it ("paragraph 2")."""
    ordinal = statement.nearest(i, "ordinal", reach=16)
    if ordinal is not None:
        return int(statement.tokens[ordinal].value)
    number = statement.nearest(i, "number", reach=6) if not statement.has("ordinal") else None
    return int(statement.tokens[number].value.rstrip("+")) if number is not None else None


def _named(statement: Statement, i: int) -> str | None:
    """The word or phrase that goes with token ``i``: the quote nearest to it, else the word after "word"."""
    quotes = statement.quotes(i)
    if quotes and not (text := statement.quoted(quotes[0])).endswith(_FULL_STOPS):
        return text[:500] or None
    nouns = [j for j in statement.of("word", "keyword", "phrase") if statement.gap(i, j) <= 20]
    nouns.sort(key=lambda j: (j > i) == statement.prompt.verb_final)
    return word_named(statement, nouns[0]) if nouns else None


_FULL_STOPS = (".", "!", "?", "。", "！", "？", "।", "۔", "؟")
"""With these ends a sentence that is spoken of, and no first word."""


UNITS_OF_PARTS = ("section", "part", "paragraph", "item")


def sections(statement: Statement, i: int) -> Iterator[Request]:
    """A number of sections that begin with a label ("SECTION X"; "Section 1 and Section 2")."""
    if not statement.prompt.once(_shows_labels):
        return
    first = statement.of(*UNITS_OF_PARTS, "begin", "each")[0]
    if statement.conditional(i) or statement.tokens[i].start != statement.tokens[first].start:
        return
    label = _label(statement) if statement.has(*UNITS_OF_PARTS, "begin") else _numbered_label(statement)
    if label is None or (statement.has("highlight") and _shown_emphasis(statement)):
        return
    if not (statement.has(*ACTS, *_LABELLING) or _is_unit(statement, label)):
        return
    count = _parts(statement) or statement.prompt.once(_first_parts)
    if count:
        yield at_token(statement, i, {"section_spliter": label, "num_sections": count.value})
    else:
        number = statement.prompt.once(_numbered_labels).get(label, 1)
        yield at_token(statement, i, {"section_spliter": label, "num_sections": number}, 0.8)


_LABELLING = ("begin", "separate", "highlight", "each", "title", "include", "quote")


def _is_unit(statement: Statement, label: str) -> bool:
    """The label is a word for what it labels: not "Mac OS X"."""
    tokens = (statement.tokens[j] for j in statement.of(*UNITS_OF_PARTS))
    return any(statement.prompt.written(token.start, token.end) == label for token in tokens)


def _shows_labels(prompt: Prompt) -> bool:
    """Somewhere in the prompt is what ``_label`` looks for."""
    return any(sign in prompt.text for sign in _X) or ("1" in prompt.folded and "2" in prompt.folded)


def _parts(statement: Statement) -> Count | None:
    """The first number of sections or other parts in the sentence."""
    for unit, count in sorted(statement.counts.items()):
        if statement.tokens[unit].concept in UNITS_OF_PARTS and not is_label(statement, unit, count):
            return count
    return None


def _first_parts(prompt: Prompt) -> Count | None:
    return next(filter(None, map(_parts, prompt.statements(UNITS_OF_PARTS))), None)


def _numbered_labels(prompt: Prompt) -> dict[str, int]:
    """Label -> the highest number that follows it ("Section 3")."""
    highest: dict[str, int] = {}
    for match in _NUMBERED_LABEL.finditer(prompt.text):
        highest[match[1]] = max(int(match[2]), highest.get(match[1], 0))
    return highest


def _shown_emphasis(statement: Statement) -> bool:
    """The sentence speaks of Markdown, or shows asterisks."""
    return statement.has("markdown") or "*" in statement.prompt.folded[statement.start : statement.end]


def _label(statement: Statement) -> str | None:
    """How each section is to begin, as it was written: what stands before an X, or before a 1 and then a 2."""
    text = statement.prompt.written(statement.start, statement.end)
    if any(sign in text for sign in _X):
        if (match := _LABEL_AFTER.search(text)) and match[1].isupper():
            return match[1][:64]  # "X. FEJEZET"
        for pattern in (_LABEL, _JOINED_LABEL):
            if match := pattern.search(text):
                label = _PREFIX.sub("", next(group for group in match.groups() if group).strip())
                return _from_unit(statement, label)[:64]
    return _numbered_label(statement)


def _numbered_label(statement: Statement) -> str | None:
    """What stands before a 1 and then a 2."""
    numbers: dict[str, list[int]] = {}
    for match in _NUMBERED_LABEL.finditer(statement.prompt.written(statement.start, statement.end)):
        numbers.setdefault(_from_unit(statement, _PREFIX.sub("", match[1])), []).append(int(match[2]))
    return next((label for label, found in numbers.items() if {1, 2} <= set(found)), None)


def _from_unit(statement: Statement, label: str) -> str:
    """Where no spaces are written, a label begins with the word for what it labels."""
    if not statement.prompt.traits.spaced:
        for i in statement.of(*UNITS_OF_PARTS):
            token = statement.tokens[i]
            _, unit, rest = label.rpartition(statement.prompt.written(token.start, token.end))
            label = unit + rest
    return label


def placeholders(statement: Statement, i: int) -> Iterator[Request]:
    """Placeholders in square brackets, at least one."""
    if statement.conditional(i) or statement.negated(i):
        return
    first = min(statement.of("placeholder", "square_brackets"))
    if statement.tokens[i].start != statement.tokens[first].start:
        return
    if not statement.has("placeholder") and not statement.has("bracket", "include"):
        return
    counted = [j for unit in ("placeholder", "square_brackets", "item") for j in statement.of(unit)]
    count = next((statement.counts[j] for j in counted if j in statement.counts), None)
    if count is not None:
        yield over_count(count, statement, i, {"num_placeholders": count.value})
    elif statement.has("include", "use", "write", "answer", "wrap", "bracket"):
        yield at_token(statement, i, {"num_placeholders": 1}, 0.85)


def highlights(statement: Statement, i: int) -> Iterator[Request]:
    """Parts that are set off with asterisks or Markdown, at least one."""
    if statement.conditional(i) or statement.negated(i):
        return
    prompt = statement.prompt
    if statement.tokens[statement.of("highlight")[0]].start != statement.tokens[i].start:
        return
    if not prompt.once(_emphasises):
        return
    if not _shown_emphasis(statement) and _label(statement) is not None:
        return  # "mark the beginning of each section with SECTION X"
    times = statement.of("times", "once", "twice", "thrice")
    units = [
        j
        for j in statement.of(
            "highlight",
            "section",
            "part",
            "paragraph",
            "word",
            "phrase",
            "keyword",
            "item",
            "times",
            "twice",
            "once",
            "thrice",
        )
        if j in statement.counts and not _inside(prompt.once(_emphasis), statement.counts[j].start)
    ]
    best = min(units, key=lambda j: (not statement.counts[j].stated, j in times, statement.gap(i, j)), default=None)
    if best is not None:
        count = statement.counts[best]
        yield over_count(count, statement, i, {"num_highlights": count.value})
        return
    # "Highlight each section": as many as there are to be.
    whole = prompt.once(_sections) if statement.has("each") and statement.has("section") else None
    yield at_token(statement, i, {"num_highlights": whole or 1}, 0.85)


def _emphasis(prompt: Prompt) -> list[tuple[int, int]]:
    """Where emphasis is shown: what is counted in it is an example ("*italic text 1*")."""
    return [match.span() for match in _EMPHASIS.finditer(prompt.folded)]


def _inside(spans: list[tuple[int, int]], place: int) -> bool:
    return any(start <= place < end for start, end in spans)


def _emphasises(prompt: Prompt) -> bool:
    """The prompt speaks of Markdown, or shows emphasis."""
    return prompt.has("markdown") or "*" in prompt.folded


def _sections(prompt: Prompt) -> int | None:
    """The first number of sections in the prompt."""
    for each in prompt.statements(("section",)):
        for j, count in each.counts.items():
            if each.tokens[j].concept == "section":
                return count.value
    return None


def titles(statement: Statement, i: int) -> Iterator[Request]:
    """A title between double angular brackets, or between double hashes where they are shown around one."""
    if statement.negated(i) or statement.conditional(i):
        return
    if statement.tokens[i].concept != "hashes":
        yield at_token(statement, i, {})
    elif statement.has("title"):
        yield at_token(statement, i, {"opening": "##", "closing": "##"})


def postscripts(statement: Statement, i: int) -> Iterator[Request]:
    """A postscript, with the mark that the prompt shows."""
    if statement.negated(i) or only_asked_about(statement, i):
        return
    token = statement.tokens[i]
    written = statement.prompt.written(token.start, token.end)
    literal = "." in written
    if literal and not statement.has(*ACTS, "end", "begin", "phrase", "as") and len(statement.of("postscript")) < 2:
        return
    if literal:
        marker = "P.-S." if "-" in written else "P.P.S" if written.lower().count("p") > 1 else "P.S."
        yield at_token(statement, i, {"postscript_marker": marker})
    elif is_told(statement):
        quotes = [j for j in statement.of("quote") if statement.gap(i, j) <= 40]
        shown = statement.quoted(quotes[0]) if quotes else ""
        marker = shown if 0 < len(shown) <= _LONGEST_MARKER else "P.S."
        yield at_token(statement, i, {"postscript_marker": marker}, 0.9)


_LONGEST_MARKER = 8


def responses(statement: Statement, i: int) -> Iterator[Request]:
    """Two replies, parted by six asterisks."""
    if len(statement.tokens[i].value) >= 5:
        yield at_token(statement, i, {})
