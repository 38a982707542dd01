"""The rules: what a sentence of a prompt has to hold for a modifier to be asked for. No rule knows a language.

A rule is called for each token of its modifier's concepts and yields what is asked for there, mostly nothing. It looks
at which other words stand in the sentence, at how near, and at what says no to them; order matters only where every
language agrees on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from diagnostics.text.units import MARKS

from .scanner import Token
from .statement import LONGEST_LINE, TIGHT_AFTER, Count, Prompt, Request, Statement

TIMES = ("times", "once", "twice", "thrice")
Rule = Callable[[Statement, int], Iterator[Request]]

_ACTS = ("answer", "write", "tell", "translate", "use", "include", "wrap", "response", "list", "only")
_LABEL = re.compile(
    r"([A-Za-z][A-Za-z-]*+(?=[ \t\u00a0]*+[\"'”’)]?X)"
    r"|[^\W\d_\u3040-\u9fff\uac00-\ud7ff][\w\u0300-\u036f\u0900-\u0d7f\u0e31-\u0e4e-]*+)"
    r"[ \t\u00a0]*+[\"'”’)]?(?<![^\W\d_])[XХΧ](?![^\W\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7ff])"
)
_JOINED_LABEL = re.compile(r"([^\W\dA-Za-z_\s]{2,12}+) ?X(?![A-Za-z0-9])|第 ?X ?([^\W\dA-Za-z_\s]{1,6})")
_NUMBERED_LABEL = re.compile(r"([^\W\d_]{2,32}+) ?#?(\d)(?![A-Za-z0-9])")
_POINT = re.compile(r"\s*+(?:[-*•・]|\d{1,2}[.)、])\s*+(\S.*)")
_LONGEST_ITEM = 60
_MOST_ITEMS = 40
_EMPHASIS = re.compile(r"\*[^\s*][^*\n]{0,60}\*|\*")
_NO_KEYWORD = re.compile(r"[^\w\s]{1,6}\Z|\S+ ?(?:X|\d)\Z")
"""A sign, or the label of a section."""
_SINGLE = re.compile(rf"\S[{MARKS}\u0610-\u061a\u3099\u309a]?\Z")
_POSTSCRIPT = re.compile(r"p\.? ?(?:p\.? ?)?-?s(?![a-z0-9])", re.IGNORECASE)
_TRIM = " \t\r\n.,;:!?\"'“”„«»‘’「」『』()[]。，、；：！？؟،؛।۔"
_WORDS = re.compile(r"[^\s,.;:!?\"'“”„«»‘’「」『』()\[\]。，、；：！？؟،؛।۔*]+")


def _at(statement: Statement, i: int, arguments: dict[str, object] | None, confidence: float = 0.95) -> Request:
    token = statement.tokens[i]
    return Request(token.start, token.end, confidence, arguments)


def _over(
    count: Count, statement: Statement, i: int, arguments: dict[str, object], confidence: float = 0.97
) -> Request:
    token = statement.tokens[i]
    return Request(min(count.start, token.start), max(count.end, token.end), confidence, arguments)


def counted(argument: str, relation: str | None = "relation", alone: str = "exactly") -> Rule:
    """A unit with a number. ``alone`` is what a number means where nothing says how it is meant."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        count = statement.counts.get(i)
        if count is None or statement.conditional(i) or _distributed(statement, i) or _labels(statement, i, count):
            return
        if not count.stated and (statement.negated(i) or not statement.has(*_ACTS)):
            return
        if not count.stated and alone == "about" and count.value < _FEW and not _meant(statement, i, count):
            return
        for said, value in count.bounds:
            arguments: dict[str, object] = {argument: value}
            if relation is not None:
                arguments[relation] = said if count.stated or said != "exactly" else alone
            yield _over(count, statement, i, arguments, 0.97 if count.stated else 0.9)

    return rule


_FEW = 10
"""Fewer words or characters than that are seldom a length: "three words she never said"."""


def _meant(statement: Statement, i: int, count: Count) -> bool:
    """ "In three words": what is counted is the reply."""
    leads = count.start < statement.tokens[i].start
    before = leads and any(0 <= count.start - statement.tokens[j].end <= 2 for j in statement.of("as"))
    return before or statement.has("answer", "response", "only")


def _distributed(statement: Statement, i: int) -> bool:
    """ "One sentence per line", "each with 10 words": the number is not that of the reply."""
    clause = statement.clause(i)
    for j in statement.of("each"):
        token = statement.tokens[j]
        before = token.end <= statement.tokens[i].start
        if j in clause and before and any(each.concept in ("whole", "response") for each in statement.between(j, i)):
            continue  # "each with a title, and the whole text with 100 words"
        if j in clause and (before or 0 <= token.start - statement.tokens[i].end <= 1):
            return True
    return False


def _labels(statement: Statement, i: int, count: Count) -> bool:
    """ "Section 1", "* Bullet 2", "* 1 point": a label and no number of them."""
    token = statement.tokens[i]
    if count.stated or count.start - token.end > 1:
        return False
    folded = statement.prompt.folded
    line = folded[folded.rfind("\n", 0, token.start) + 1 : token.start]
    signed = line.lstrip()[:1] in ("*", "-", "•", "[")
    if count.start >= token.end:
        opens = not line.strip()
        if opens and folded[count.end : count.end + 1] in (".", ":", "۔", ")"):
            return True
        return signed or statement.prompt.written(token.start, token.end)[:1].isupper()
    return signed and count.value <= _FIRST_LABELS and len(folded[token.end :].partition("\n")[0].strip()) <= 2


_FIRST_LABELS = 3


def words(statement: Statement, i: int) -> Iterator[Request]:
    """ "At least 300 words"; not "3 words in capitals", "highlight 3 words", nor "the word tea 3 times"."""
    if statement.has("highlight", "capitals", "lowercase") and _beside(statement, i, "highlight", "capitals"):
        return
    yield from counted("num_words", alone="about")(statement, i)


def _beside(statement: Statement, i: int, *concepts: str, reach: int = 60) -> bool:
    return statement.nearest(i, *concepts, reach=reach) is not None


sentences = counted("num_sentences")
lines = counted("num_lines")


def characters(statement: Statement, i: int) -> Iterator[Request]:
    """A number of characters; not "50 characters of kanji"."""
    if not any(statement.tokens[j].value == "kanji" and statement.gap(i, j) <= 36 for j in statement.of("unit")):
        yield from counted("num_characters", alone="about")(statement, i)


def paragraphs(statement: Statement, i: int) -> Iterator[Request]:
    """A number of paragraphs; or of whatever ``***`` is to part, be it only shown how."""
    separator = "***" if statement.prompt.dividers else "blank"
    if statement.tokens[i].concept == "paragraph":
        count = statement.counts.get(i)
        if count is None or (not count.stated and _opening(statement)) or _distributed(statement, i):
            return
        if statement.conditional(i) or _labels(statement, i, count) or (not count.stated and statement.negated(i)):
            return
        if _beside(statement, i, "highlight", reach=40):
            return
        for said, value in count.bounds:
            arguments: dict[str, object] = {"num_paragraphs": value, "separator": separator}
            if said != "exactly":
                arguments["relation"] = said
            yield _over(count, statement, i, arguments)
    elif len(statement.tokens[i].value) == 3:
        yield from _divided(statement, i)


def _divided(statement: Statement, i: int) -> Iterator[Request]:
    """What ``***`` parts where no paragraphs are counted: a number of parts, else as many as are shown."""
    prompt = statement.prompt
    stars = prompt.dividers
    if stars[0].start != statement.tokens[i].start:
        return
    counts = [
        (each.tokens[unit].concept, count, each, unit)
        for each in prompt.statements({"paragraph", "part", "section", "item", "stars", "bullet"})
        for unit, count in each.counts.items()
        if each.tokens[unit].concept in ("paragraph", "part", "section", "item")
        and not each.has("highlight")
        and not _labels(each, unit, count)
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
            if number is not None and number < part:  # "the first 5 steps"
                value = int(each.tokens[number].value.rstrip("+"))
                yield _at(statement, i, {"num_paragraphs": max(1, min(value, 10_000)), "separator": "***"}, 0.8)
                return
    alone = [token for token in stars if _alone(prompt.folded, token.start, token.end)]
    number = len(alone) + 1 if alone else 2
    yield _at(statement, i, {"num_paragraphs": number, "separator": "***"}, 0.8)


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
    total = next((value for start, value in totals if start != statement.start or value != place), None)
    if total is not None:
        arguments["num_paragraphs"] = total
    yield _at(statement, i, arguments)


def _paragraphs(prompt: Prompt) -> list[tuple[int, int]]:
    """The numbers of paragraphs in the prompt, and where their sentences begin."""
    return [
        (each.start, count.value)
        for each in prompt.statements({"paragraph"})
        for unit, count in each.counts.items()
        if each.tokens[unit].concept == "paragraph" and not _labels(each, unit, count)
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
    if quotes:
        return statement.quoted(quotes[0])[:500] or None
    for j in statement.of("word", "keyword", "phrase"):
        follows = (j > i) != statement.prompt.verb_final
        if follows and statement.gap(i, j) <= 20:
            found = statement.word_before(j) if statement.prompt.traits.noun_final else statement.word_after(j)
            return found[0].strip(_TRIM) or None if found else None
    return None


def bullets(statement: Statement, i: int) -> Iterator[Request]:
    """Bullet points that are to be used, given or written, and their number where it is exact."""
    count = statement.counts.get(i)
    if statement.conditional(i) or (count is None and _beside(statement, i, "topic", reach=14)):
        return
    if statement.negated(i):
        yield _at(statement, i, None, 0.9)
        return
    if count is not None and _labels(statement, i, count):
        return
    if not statement.has(*_ACTS, "as", "format"):
        return
    exact = count is not None and count.bounds[0][0] == "exactly" and not _distributed(statement, i)
    if count is not None and exact:
        yield _over(count, statement, i, {"num_bullets": count.value})
    elif statement.has(*_ACTS, "as") or count is not None:
        listed = statement.prompt.once(_how_many) if count is None else None
        yield _at(statement, i, {} if listed is None else {"num_bullets": listed.value}, 0.9)


def _how_many(prompt: Prompt) -> Count | None:
    """How many of anything are to be listed, where another sentence says so: "List exactly 10 names.\""""
    for each in prompt.statements({"list"}):
        for i in each.of("list"):
            for n, count in each.numbers.items():
                if (
                    n > i
                    and each.tokens[n].concept == "number"
                    and each.gap(i, n) <= 12
                    and count.bounds[0][0] == "exactly"
                ):
                    return count
    return None


def numbered(statement: Statement, i: int) -> Iterator[Request]:
    """A numbered list, and how long where that is exact."""
    if _only_asked_about(statement, i):
        return
    if statement.negated(i):
        yield _at(statement, i, None, 0.9)
        return
    count = statement.counts.get(i)
    exact = count is not None and count.bounds[0][0] == "exactly"
    if count is not None and exact:
        yield _over(count, statement, i, {"num_items": count.value})
    elif statement.has(*_ACTS, "as"):
        yield _at(statement, i, {}, 0.9)


def items(statement: Statement, i: int) -> Iterator[Request]:
    """ "List 5 options", "a list of 10 items"; points that have a mark are bullets."""
    if statement.has("bullet", "numbered") or statement.conditional(i) or statement.negated(i):
        return
    count = statement.counts.get(i)
    if statement.tokens[i].concept == "item":
        if count is None or not statement.has("list") or _labels(statement, i, count):
            return
    else:
        if not (
            statement.tokens[i].start - statement.start <= 2 or statement.has("write", "answer", "tell", "include")
        ):
            return
        number = statement.nearest(i, "number", reach=8)
        counts = {n: c for n, c in statement.numbers.items() if n == number}
        if (
            number is None
            or number < i
            or any(c.start == counts[number].start for c in statement.counts.values() if number in counts)
        ):
            return
        count = counts.get(number)
    if count is not None and count.bounds[0][0] == "exactly":
        yield _over(count, statement, i, {"num_items": count.value}, 0.85)


_UNITS_OF_PARTS = ("section", "part", "paragraph", "item")


def sections(statement: Statement, i: int) -> Iterator[Request]:
    """A number of sections that begin with a label ("SECTION X"; "Section 1 and Section 2")."""
    first = statement.of(*_UNITS_OF_PARTS, "begin")[0]
    if statement.conditional(i) or statement.tokens[i].start != statement.tokens[first].start:
        return
    label = _label(statement)
    if label is None or (statement.has("highlight") and _shown_emphasis(statement)):
        return
    count = _parts(statement) or statement.prompt.once(_first_parts)
    if count:
        yield _at(statement, i, {"section_spliter": label, "num_sections": count.value})
    else:
        number = statement.prompt.once(_numbered_labels).get(label, 1)
        yield _at(statement, i, {"section_spliter": label, "num_sections": number}, 0.8)


def _parts(statement: Statement) -> Count | None:
    """The first number of sections or other parts in the sentence."""
    for unit, count in statement.counts.items():
        if statement.tokens[unit].concept in _UNITS_OF_PARTS and not _labels(statement, unit, count):
            return count
    return None


def _first_parts(prompt: Prompt) -> Count | None:
    return next(filter(None, map(_parts, prompt.statements(_UNITS_OF_PARTS))), None)


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
    for pattern in (_LABEL, _JOINED_LABEL):
        if match := pattern.search(text):
            label = next(group for group in match.groups() if group).strip()
            return _from_unit(statement, label)[:64]
    numbers: dict[str, list[int]] = {}
    for match in _NUMBERED_LABEL.finditer(text):
        numbers.setdefault(match[1], []).append(int(match[2]))
    return next((label for label, found in numbers.items() if {1, 2} <= set(found)), None)


def _from_unit(statement: Statement, label: str) -> str:
    """Where no spaces are written, a label begins with the word for what it labels."""
    if not statement.prompt.traits.spaced:
        for i in statement.of(*_UNITS_OF_PARTS):
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
    count = next(
        (statement.counts[j] for j in statement.of("placeholder", "square_brackets") if j in statement.counts), None
    )
    if count is not None:
        yield _over(count, statement, i, {"num_placeholders": count.value})
    elif statement.has("include", "use", "write", "answer", "wrap", "bracket"):
        yield _at(statement, i, {"num_placeholders": 1}, 0.85)


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
        if j in statement.counts
    ]
    best = min(units, key=lambda j: statement.gap(i, j), default=None)
    if best is not None:
        count = statement.counts[best]
        yield _over(count, statement, i, {"num_highlights": count.value})
        return
    # "Highlight each section": as many as there are to be.
    whole = prompt.once(_sections) if statement.has("each") and statement.has("section") else None
    yield _at(statement, i, {"num_highlights": whole or 1}, 0.85)


def _emphasises(prompt: Prompt) -> bool:
    """The prompt speaks of Markdown, or shows emphasis."""
    return prompt.has("markdown") or _EMPHASIS.search(prompt.folded) is not None


def _sections(prompt: Prompt) -> int | None:
    """The first number of sections in the prompt."""
    for each in prompt.statements(("section",)):
        for j, count in each.counts.items():
            if each.tokens[j].concept == "section":
                return count.value
    return None


def titles(statement: Statement, i: int) -> Iterator[Request]:
    """A title between double angular brackets."""
    if not statement.negated(i) and not statement.conditional(i):
        yield _at(statement, i, {})


def postscripts(statement: Statement, i: int) -> Iterator[Request]:
    """A postscript, with the mark that the prompt shows."""
    if statement.negated(i) or statement.conditional(i):
        return
    token = statement.tokens[i]
    written = statement.prompt.written(token.start, token.end)
    literal = "." in written
    if literal and not statement.has(*_ACTS, "end", "begin", "phrase", "as") and len(statement.of("postscript")) < 2:
        return
    if literal:
        marker = "P.-S." if "-" in written else "P.P.S" if written.lower().count("p") > 1 else "P.S."
        yield _at(statement, i, {"postscript_marker": marker})
    else:
        quotes = [j for j in statement.of("quote") if statement.gap(i, j) <= 40]
        shown = statement.quoted(quotes[0]) if quotes else ""
        marker = shown if 0 < len(shown) <= _LONGEST_MARKER else "P.S."
        yield _at(statement, i, {"postscript_marker": marker}, 0.9)


_LONGEST_MARKER = 8


def commas(statement: Statement, i: int) -> Iterator[Request]:
    """Commas that are not to be used."""
    if statement.negated(i) and not statement.conditional(i):
        yield _at(statement, i, {})


def digits(statement: Statement, i: int) -> Iterator[Request]:
    """Digits that are not to be used."""
    if statement.negated(i) and not statement.conditional(i):
        yield _at(statement, i, {}, 0.9)


def emojis(statement: Statement, i: int) -> Iterator[Request]:
    """Emoji that are, or are not, to be used."""
    if statement.conditional(i):
        return
    if statement.negated(i):
        yield _at(statement, i, {"num_emojis": 0})
    elif statement.has("include", "use", "write", "answer"):
        count = statement.counts.get(i)
        for said, value in count.bounds if count is not None else (("at least", 1),):
            relation = said if count is not None and count.stated else "at least"
            yield _at(statement, i, {"num_emojis": value, "relation": relation}, 0.85)


def quotations(statement: Statement, i: int) -> Iterator[Request]:
    """The reply in double quotation marks."""
    if statement.negated(i) or statement.conditional(i):
        return
    around = statement.has("wrap") or (statement.has("response", "answer") and statement.has("whole"))
    if around and not _beside(statement, i, "title", reach=30):
        yield _at(statement, i, {})


def _only_asked_about(statement: Statement, i: int) -> bool:
    """Nothing is asked for: a condition, or a question about the thing ("What are capital letters?")."""
    return statement.conditional(i) or statement.has("how") or (statement.asks and not statement.has(*_ACTS))


def uppercase(statement: Statement, i: int) -> Iterator[Request]:
    """Capital letters throughout; or no small ones."""
    small = statement.tokens[i].concept == "lowercase"
    if _only_asked_about(statement, i) or (not small and _some_words(statement, i) is not None):
        return
    if statement.negated(i) == small and not statement.has("title_case"):
        yield _at(statement, i, {})


def lowercase(statement: Statement, i: int) -> Iterator[Request]:
    """Small letters throughout; or no capital ones."""
    small = statement.tokens[i].concept == "lowercase"
    if _only_asked_about(statement, i) or (not small and _some_words(statement, i) is not None):
        return
    if statement.negated(i) != small and not statement.has("title_case"):
        yield _at(statement, i, {})


def capitals(statement: Statement, i: int) -> Iterator[Request]:
    """A number of words in capitals; some are at least one."""
    count = _some_words(statement, i)
    if count is None or statement.conditional(i):
        return
    for said, value in count.bounds:
        relation = "at least" if not count.stated else said
        yield _over(count, statement, i, {"capital_frequency": value, "capital_relation": relation})


def _some_words(statement: Statement, i: int) -> Count | None:
    """How many words token ``i`` speaks of, None where it speaks of all."""
    units = ("word", "phrase", "part", "keyword", "times", "once", "twice", "thrice")
    found = [j for j in statement.of(*units) if j in statement.counts and statement.gap(i, j) <= 90]
    if found:
        return statement.counts[min(found, key=lambda j: statement.gap(i, j))]
    some = statement.nearest(i, "some", reach=40)
    word = statement.nearest(i, "word", "phrase", "part", reach=60)
    if some is not None and word is not None and statement.gap(some, word) <= 12:
        token = statement.tokens[some]
        return Count((("at least", 1),), token.start, token.end)
    return None


def title_case(statement: Statement, i: int) -> Iterator[Request]:
    """Each word with a capital letter."""
    if not statement.negated(i) and not statement.conditional(i):
        yield _at(statement, i, {})


# Words and phrases that are named


def named(argument: str, *, barred: bool) -> Rule:
    """Keywords that have to be in the reply; or, ``barred``, that must not be."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        if not statement.has("quote", "keyword", "word") or statement.conditional(i):
            return
        if _barred(statement, i) is barred and _times(statement, i) is None and (found := _keywords(statement, i)):
            if not barred and _unwanted_elsewhere(statement, found):
                return
            yield _at(statement, i, {argument: found}, 0.9)

    return rule


def _unwanted_elsewhere(statement: Statement, keywords: tuple[str, ...]) -> bool:
    """ "A riddle on the word "key" that does not use the word "key"."""
    again = [j for j in statement.of("quote") if statement.quoted(j) in keywords]
    return len(again) > len(keywords) and any(statement.negated(j) for j in again)


def _barred(statement: Statement, i: int) -> bool:
    clause = statement.clause(i)
    last = statement.prompt.verb_final
    return statement.negated(i) or any(j in clause and (j <= i or last) for j in statement.of("exclude"))


def _times(statement: Statement, i: int) -> Count | None:
    """How often what token ``i`` names is to appear."""
    clause = statement.clause(i)
    for j in statement.of(*TIMES):
        between = {each.concept for each in statement.between(i, j)}
        others = {"keyword", "letter", "and"} if j < i else {"keyword", "letter"}
        if j > i and statement.tokens[i].concept in _VERBS:
            others = {"letter"}
        if j in clause and j in statement.counts and between.isdisjoint(others):
            return statement.counts[j]
    return None


_VERBS = ("include", "use", "exclude")
_NEAR_VERB = 30


def _keywords(statement: Statement, i: int) -> tuple[str, ...]:
    """The keywords that token ``i`` names: quotes that belong to it, else a list that follows it."""
    concept = statement.tokens[i].concept
    noun = concept not in _VERBS
    if (
        statement.has("choose")
        or _governed(statement, i)
        or (concept == "phrase" and not _beside(statement, i, *_VERBS, reach=_NEAR_VERB))
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
        verb = any(((j > i) == last or named) and statement.gap(i, j) <= _NEAR_VERB for j in statement.of(*_VERBS))
        if not verb or _beside(statement, i, "some", "capitals", "lowercase", reach=12):
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


_ENDS_A_LIST = frozenset(
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


def _listed(statement: Statement, i: int) -> Iterator[str]:
    """The items of an unquoted list, parted by commas and conjunctions.

    It follows token ``i``, and its last item is one word; or it comes before, and its first item is one word.
    """
    colon = next((j for j in statement.of("colon") if j > i), None)
    last = statement.prompt.traits.noun_final
    if colon is not None and (last or statement.gap(i, colon) <= 30):
        ahead, (start, end) = False, _range_after(statement, colon)
    else:
        ahead, (start, end) = last, _range_before(statement, i) if last else _range_after(statement, i)
    marks = [
        (token.start, token.end)
        for token in statement.tokens
        if token.concept in ("comma", "and", "or") and start <= token.start < end
    ]
    if joined := statement.prompt.traits.conjunction:
        text = statement.prompt.folded
        found = re.finditer(rf"(?<=\s){re.escape(joined)}(?=[^\W\d_])", text[:end])
        marks = sorted({*marks, *(match.span() for match in found if match.start() > start + 1)})
    pieces: list[tuple[int, int]] = []
    for low, high in marks:
        pieces.append((start, low))
        start = high
    pieces.append((start, end))
    kept = [text for low, high in pieces if (text := statement.prompt.written(low, high).strip(_TRIM))]
    if colon is not None and not ahead:
        if not kept:
            yield from _points(statement)
            return
        if len(kept) == 1 and len(words := _WORDS.findall(kept[0])) > 2:
            kept = words  # "keywords: tea milk sugar"
    if len(kept) > _MOST_ITEMS:
        return
    for k, text in enumerate(kept):
        if k == (0 if ahead else len(kept) - 1):
            words = _WORDS.findall(text)
            text = (words[-1] if ahead else words[0]) if words else ""
        if text and len(text) <= _LONGEST_ITEM:
            yield text


def _points(statement: Statement) -> Iterator[str]:
    """The lines that follow the sentence, each with the sign of a point."""
    text = statement.prompt.written(statement.end, min(statement.end + LONGEST_LINE, len(statement.prompt.folded)))
    for line in text.lstrip("\n").split("\n")[:_MOST_ITEMS]:
        match = _POINT.match(line)
        if match is None:
            return
        if len(match[1]) <= _LONGEST_ITEM:
            yield match[1].strip(_TRIM)


def _range_after(statement: Statement, i: int) -> tuple[int, int]:
    start = statement.tokens[i].end
    stops = [
        token.start for token in statement.tokens[i + 1 :] if token.concept in _ENDS_A_LIST and token.start >= start
    ]
    return start, min([statement.end, *stops])


def _range_before(statement: Statement, i: int) -> tuple[int, int]:
    end = statement.tokens[i].start
    stops = [token.end for token in statement.tokens[:i] if token.concept in _ENDS_A_LIST and token.end <= end]
    start = max([statement.start, *stops])
    return start, statement.prompt.bare(start, end)


def frequency(statement: Statement, i: int) -> Iterator[Request]:
    """How often a keyword is to appear."""
    count = statement.counts.get(i)
    if count is None or statement.conditional(i) or _letter(statement, i) is not None:
        return
    if _speaks_of(statement, i, "highlight", "capitals"):
        return
    keyword = _counted_word(statement, i)
    if keyword is None:
        return
    for said, value in count.bounds:
        yield _over(count, statement, i, {"keyword": keyword, "frequency": value, "relation": said})


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
    rivals = [j for j in statement.of(*TIMES) if j in statement.counts]
    leads = bool(named) and bool(rivals) and named[0] < rivals[0]
    sides = [[j for j in reversed(named) if j < i], [j for j in named if j > i]]
    for side in sides if leads else reversed(sides):
        for j in side:
            if any(min(i, j) < rival < max(i, j) for rival in rivals):
                break
            if statement.tokens[j].concept == "quote":
                return statement.quoted(j)[:500] or None
            if found := _word_named(statement, j):
                return found
    return None


def _word_named(statement: Statement, j: int) -> str | None:
    """The word that goes with "word" at token ``j``, unquoted: after it, or before it where verbs stand last."""
    if any(abs(k - j) == 1 and statement.gap(j, k) <= 12 for k in statement.of("quote")):
        return None
    found = statement.word_before(j) if statement.prompt.traits.noun_final else statement.word_after(j)
    if found is None or found[0].isdecimal():
        return None
    meant = any(each.start <= found[1] < each.end and each.concept in _ENDS_A_LIST for each in statement.tokens)
    return None if meant else found[0]


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
    count = statement.counts.get(i) if concept != "letter" else _times(statement, i) or _any_times(statement)
    if count is None and concept == "letter":
        if statement.negated(i):
            yield _at(statement, i, {"letter": letter, "let_frequency": 1, "let_relation": "less than"}, 0.9)
        elif statement.has("include", "use"):
            yield _at(statement, i, {"letter": letter, "let_frequency": 1, "let_relation": "at least"}, 0.8)
        return
    if count is not None:
        for said, value in count.bounds:
            yield _over(count, statement, i, {"letter": letter, "let_frequency": value, "let_relation": said})


def _any_times(statement: Statement) -> Count | None:
    found = [j for j in statement.of(*TIMES) if j in statement.counts]
    return statement.counts[found[0]] if found else None


def _letter(statement: Statement, i: int) -> str | None:
    """The one letter or sign that is spoken of: a quote of one character, else a word of one letter after "letter"."""
    for j in statement.of("quote"):
        text = statement.quoted(j)
        named = not statement.has("letter") and statement.nearest(j, "word", "keyword", "phrase", reach=6) is not None
        if _SINGLE.match(text) and statement.gap(i, j) <= 80 and not (named and text.isalpha()):
            return text
    for j in statement.of("letter"):
        found = statement.word_after(j)
        if statement.prompt.traits.noun_final and (before := statement.word_before(j)):
            found = before if _SINGLE.match(before[0]) and not before[0].isdecimal() else found
        if found is None or not _SINGLE.match(found[0]) or found[0].isdecimal():
            continue
        if min(abs(found[1] - statement.tokens[j].end), abs(statement.tokens[j].start - found[2])) <= 3:
            return found[0]
    return None


def endings(statement: Statement, i: int) -> Iterator[Request]:
    """The phrase with which the reply has to end."""
    if statement.has("postscript") or statement.conditional(i):
        return
    found = _phrase(statement, i)
    if found is not None and not statement.negated(i):
        text, start, end = found
        token = statement.tokens[i]
        yield Request(min(start, token.start), max(end, token.end), 0.95, {"end_phrase": text})


def beginnings(statement: Statement, i: int) -> Iterator[Request]:
    """The phrase with which the reply has to begin."""
    if statement.has(
        "postscript", "paragraph", "section", "line", "each", "item", "bullet", "sentence", "part"
    ) or statement.conditional(i):
        return
    found = _phrase(statement, i)
    if found is not None and not statement.negated(i):
        text, start, end = found
        token = statement.tokens[i]
        yield Request(min(start, token.start), max(end, token.end), 0.9, {"start_phrase": text})


_RIGHT_AT = 3
"""Between the verb and the colon stands nothing more: "end with:", not "Start early:"."""
_RIGHT_BEFORE = 24
_LONGEST_PHRASE = 500


def _phrase(statement: Statement, i: int) -> tuple[str, int, int] | None:
    """The phrase that goes with token ``i``: a quote near it, what follows "phrase", or the line after a colon."""
    prompt = statement.prompt
    quotes = statement.quotes(i, reach=90, before=90)
    if quotes:
        return _quoted_phrase(statement, i, quotes)
    if statement.tokens[-1].concept == "colon" and statement.tokens[-1].end >= statement.end - 2:
        return _a_phrase(prompt, *prompt.line_after(statement.end))
    colon = next((j for j in statement.of("colon") if j > i and statement.gap(i, j) <= 16), None)
    if colon is not None and (statement.gap(i, colon) <= _RIGHT_AT or _leads(statement, i, colon)):
        start = statement.tokens[colon].end
        return _a_phrase(prompt, start, prompt.line_end(start))
    phrase = next((j for j in statement.of("phrase") if j > i and statement.gap(i, j) <= 40), None)
    if phrase is None:
        return None
    start = statement.tokens[phrase].end
    end = prompt.line_end(start)
    text = prompt.written(start, end).strip(" :\"'“”「」\t")
    return (text, start, end) if 3 < len(text) <= 500 and text[0] not in "?!.,;:)" else None


def _quoted_phrase(statement: Statement, i: int, quotes: list[int]) -> tuple[str, int, int] | None:
    """The quote that is nearest to token ``i``, unless another word is nearer that it goes with."""
    nearest = min(quotes, key=lambda j: statement.gap(i, j))
    ahead = [j for j in statement.of("quote") if j < i and statement.gap(i, j) <= _RIGHT_BEFORE]
    if ahead and statement.gap(i, ahead[-1]) < statement.gap(i, nearest):
        nearest = ahead[-1]
    token = statement.tokens[nearest]
    text = statement.quoted(nearest)
    last = statement.prompt.verb_final
    other = "begin" if statement.tokens[i].concept == "end" else "end"
    rivals = [j for j in statement.of(other, "keyword", "title", "letter") if (j > nearest) == last]
    if any(statement.gap(j, nearest) < statement.gap(i, nearest) for j in rivals) or _POSTSCRIPT.match(text):
        return None
    if not (last or statement.gap(i, nearest) <= _RIGHT_AT or _leads(statement, i, nearest)):
        return None
    return (text, token.start, token.end) if 1 < len(text) <= _LONGEST_PHRASE else None


def _a_phrase(prompt: Prompt, start: int, end: int) -> tuple[str, int, int] | None:
    text = prompt.written(start, end).strip()
    return (text, start, end) if 1 < len(text) <= _LONGEST_PHRASE else None


def _leads(statement: Statement, i: int, quote: int) -> bool:
    """Between the verb and the quote stands what leads from one to the other: "with", "the phrase", a colon."""
    leading = ("as", "phrase", "word", "keyword", "answer", "response", "colon", "whole", "sentence", "line", "include")
    return any(each.concept in leading for each in statement.between(i, quote))


def repeats(statement: Statement, i: int) -> Iterator[Request]:
    """The request has to be repeated first: the words in quotes, else what stands before or after the demand."""
    if statement.conditional(i) or not statement.has("request", "quote"):
        return
    if any(j < i and statement.gap(i, j) <= 20 for j in statement.of("not")):
        return
    prompt = statement.prompt
    repeated = prompt.once(_repeated)
    if repeated[0].start != statement.tokens[i].start:
        return
    quotes = statement.quotes(i)
    if quotes:
        text = statement.quoted(quotes[0])
    else:
        line = prompt.folded.rfind("\n", 0, repeated[0].start) + 1
        after = prompt.folded.find("\n", repeated[-1].end)
        text = prompt.written(0, line).strip() or prompt.written(0, statement.start).strip()
        text = text or (prompt.written(after, len(prompt.folded)).strip() if after >= 0 else "")
        text = text or prompt.written(statement.end, len(prompt.folded)).strip(" .\n")
    if text:
        yield _at(statement, i, {"prompt_to_repeat": text[:20_000]})


def _repeated(prompt: Prompt) -> list[Token]:
    return [token for token in prompt.tokens if token.concept == "repeat"]


def responses(statement: Statement, i: int) -> Iterator[Request]:
    """Two replies, parted by six asterisks."""
    if len(statement.tokens[i].value) >= 5:
        yield _at(statement, i, {})


def choices(statement: Statement, i: int) -> Iterator[Request]:
    """The options, one of which the reply has to give."""
    quotes = statement.of("quote")
    if statement.conditional(i):
        return
    if statement.tokens[i].concept == "or":
        if len(quotes) < 2 or statement.has("choose", "keyword", "include", "word", "end", "begin"):
            return
        if not (
            statement.has("answer", "response", "only") and quotes[0] < i < quotes[-1] and i == statement.of("or")[0]
        ):
            return
    found = [text for j in quotes if (text := statement.quoted(j))]
    if len(found) < 2 and statement.tokens[i].concept == "choose":
        found = _lines(statement)
    if 2 <= len(found) <= 20 and all(len(text) <= 200 for text in found):
        yield _at(statement, i, {"options": found}, 0.9)


def _lines(statement: Statement) -> list[str]:
    """The lines that follow the sentence, up to a blank one."""
    text = statement.prompt.written(statement.end, min(statement.end + LONGEST_LINE, len(statement.prompt.folded)))
    text = text.lstrip(" :.")
    if not text.startswith("\n"):
        return []
    block = re.split(r"\n[ \t]*\n", text.lstrip("\n"), maxsplit=1)[0]
    found = [line.strip(" *-•\t\"'“”") for line in block.split("\n")]
    return [line for line in found if line and len(line) <= 60][:10]


# Formats


def formatted(statement: Statement, i: int) -> Iterator[Request]:
    """A format in its role: after "as" or "in", beside a noun such as "format" or "page", or right after a verb."""
    if statement.conditional(i):
        return
    role = _ahead(statement, i, "as", 12) or (statement.has("translate") and _ahead(statement, i, "to", 6))
    noun = _beside(statement, i, "format", reach=4)
    if statement.negated(i):
        if role or noun or _beside(statement, i, "not", "lacking", "not_before", reach=24):
            yield _at(statement, i, None, 0.9)
        return
    answered = statement.has("answer", "wrap", "whole")
    if not answered and _beside(statement, i, "programming", reach=24):
        return
    if not answered and not (role and (noun or statement.has("translate"))) and _spoken_of(statement, i):
        return
    if not answered and (statement.has("how") or (statement.asks and not statement.has(*_ACTS))):
        return
    acts = statement.has("answer", "response", "write", "translate", "use", "wrap", "include", "tell", "list", "only")
    direct = statement.nearest(i, "write", "answer", "use", "wrap", reach=12) is not None
    if (role or noun) and acts:
        yield _at(statement, i, {}, 0.98 if answered or noun else 0.95)
    elif (direct and not statement.has("tell")) or (role and len(statement.clause(i)) <= _BARE):
        yield _at(statement, i, {}, 0.9)


_BARE = 3
"""A clause of so few tokens says nothing but the format: "as JSON, please"."""


def _ahead(statement: Statement, i: int, concept: str, reach: int) -> bool:
    """A word of this concept stands right before token ``i``; or behind it, where verbs stand last."""
    last = statement.prompt.verb_final
    return any(statement.gap(i, j) <= reach and (j < i or last) for j in statement.of(concept))


def _spoken_of(statement: Statement, i: int) -> bool:
    """A word right before the format makes it a topic ("about HTML"); or behind it ("HTMLとは"), unless one that
    gives it its role is as near ("…についてHTML形式で")."""
    if not statement.prompt.verb_final:
        return _ahead(statement, i, "topic", 24)
    topic, role = statement.nearest(i, "topic", reach=24), statement.nearest(i, "as", reach=24)
    return topic is not None and (role is None or statement.gap(i, topic) < statement.gap(i, role))


def markdown(statement: Statement, i: int) -> Iterator[Request]:
    """Markdown as the format; not "highlight a part in Markdown", nor "a Markdown divider"."""
    if not statement.has("highlight", "bullet", "table", "separate", "stars"):
        yield from formatted(statement, i)


def unfenced(statement: Statement, i: int) -> Iterator[Request]:
    """No code fence."""
    if statement.negated(i) and not statement.conditional(i):
        yield _at(statement, i, {}, 0.9)


def plain(statement: Statement, i: int) -> Iterator[Request]:
    """Plain text; or no Markdown."""
    markdown = statement.tokens[i].concept == "markdown"
    asked = markdown or _beside(statement, i, "as", "answer", "response", "write", "only", reach=40)
    if asked and statement.negated(i) == markdown and not statement.conditional(i):
        yield _at(statement, i, {}, 0.9)


def marked(statement: Statement, i: int) -> Iterator[Request]:
    """Each point begins with a sign ("-->")."""
    if statement.has("begin", "bullet", "item", "each", "line") and not statement.negated(i):
        yield _at(statement, i, {"marker": statement.tokens[i].value}, 0.9)


def said(statement: Statement, i: int) -> Iterator[Request]:
    """A saying that asks for the thing by itself."""
    if not statement.conditional(i):
        yield _at(statement, i, {}, 0.85)


def whole(kinds: Mapping[str, Mapping[str, object]]) -> Rule:
    """Sayings that ask by themselves: kind -> the arguments that it stands for."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        arguments = kinds.get(statement.tokens[i].value)
        if arguments is not None and not statement.conditional(i):
            given = {
                name: statement.prompt.traits.language if value is ... else value for name, value in arguments.items()
            }
            yield _at(statement, i, given, 0.9)

    return rule


def unit(kind: str, argument: str, relation: str | None = "relation", **others: object) -> Rule:
    """Something else that is counted, of this kind."""
    count = counted(argument, relation)

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        if statement.tokens[i].value == kind:
            character = statement.nearest(i, "character", reach=36) if i not in statement.counts else None
            for request in count(statement, i if character is None else character):
                yield request._replace(arguments=(request.arguments or {}) | others)

    return rule


# Left to a judge


def manner(argument: str, kinds: Mapping[str, str]) -> Rule:
    """A style, tone or audience: what the lexicon calls it -> what the modifier does."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        kind = kinds.get(statement.tokens[i].value)
        if (
            kind is not None
            and _of_reply(statement, i, 40)
            and not statement.conditional(i)
            and not statement.negated(i)
        ):
            yield _at(statement, i, {argument: kind}, 0.8)

    return rule


def hints(statement: Statement, i: int) -> Iterator[Request]:
    """ "Briefly", "a long essay": how long the reply is to be, without a number."""
    if statement.conditional(i) or statement.negated(i) or not _of_reply(statement, i, 16):
        return
    yield _at(statement, i, {"length": "short" if statement.tokens[i].concept == "short" else "long"}, 0.8)


def _of_reply(statement: Statement, i: int, reach: int) -> bool:
    """Token ``i`` speaks of the reply: something is to be written or told, and that, or a word for a reply, is near."""
    if statement.end - statement.start <= _SHORT_SENTENCE and not statement.asks:
        return True
    acts = ("answer", "write", "tell", "translate")
    return statement.has(*acts) and _beside(statement, i, *acts, "response", reach=reach)


_SHORT_SENTENCE = 24


_STYLES = {
    **{kind: kind for kind in ("scientific", "simple", "formal", "informal", "poetic", "persuasive")},
    "dramatic": "other",
    "creative": "other",
}
_TONES = {kind: kind for kind in ("professional", "humorous", "friendly", "serious", "sarcastic")}
_AUDIENCES = {
    **{kind: kind for kind in ("children", "teenagers", "beginners", "experts")},
    "adults": "other",
    "elderly": "other",
}
_NOTHING: dict[str, object] = {}
_PLAIN_WHOLES = (
    "emoji_only urls whitespace alphabetical question_marks exclamation_marks no_accents furigana hiragana_only "
    "katakana_only no_hiragana no_katakana kansuuji period danda"
)


RULES: tuple[tuple[str, tuple[str, ...], Rule], ...] = (
    ("words", ("word",), words),
    ("sentences", ("sentence",), sentences),
    ("paragraphs", ("paragraph", "stars"), paragraphs),
    ("paragraph", ("paragraph",), first_word),
    ("lines", ("line",), lines),
    ("characters", ("character",), characters),
    ("bullets", ("bullet",), bullets),
    ("numbered", ("numbered",), numbered),
    ("items", ("item", "list"), items),
    ("sections", (*_UNITS_OF_PARTS, "begin"), sections),
    ("placeholders", ("placeholder", "square_brackets"), placeholders),
    ("highlight", ("highlight",), highlights),
    ("title", ("angles", "angle_brackets"), titles),
    ("postscript", ("postscript",), postscripts),
    ("comma", ("commas",), commas),
    ("digits", ("digits",), digits),
    ("emoji", ("emoji",), emojis),
    ("quotes", ("quote_marks",), quotations),
    ("uppercase", ("capitals", "lowercase"), uppercase),
    ("lowercase", ("capitals", "lowercase"), lowercase),
    ("capitals", ("capitals",), capitals),
    ("title_case", ("title_case",), title_case),
    ("include", ("keyword", "word", "phrase", "include", "use"), named("keywords", barred=False)),
    ("exclude", ("keyword", "word", "phrase", "include", "use", "exclude"), named("forbidden_words", barred=True)),
    ("keyword", ("times", "once", "twice", "thrice"), frequency),
    ("letters", ("letter", "times", "once", "twice", "thrice"), letters),
    ("ending", ("end",), endings),
    ("beginning", ("begin",), beginnings),
    ("repeat", ("repeat",), repeats),
    ("responses", ("stars",), responses),
    ("options", ("choose", "or"), choices),
    ("html", ("html",), formatted),
    ("json", ("json",), formatted),
    ("xml", ("xml",), formatted),
    ("yaml", ("yaml",), formatted),
    ("csv", ("csv",), formatted),
    ("markdown", ("markdown",), markdown),
    ("table", ("table",), formatted),
    ("code", ("code",), formatted),
    ("fence", ("fence", "ticks"), unfenced),
    ("plain", ("plain_text", "markdown"), plain),
    ("marker", ("arrow",), marked),
    ("only_output", ("only_output",), said),
    ("style", ("style",), manner("style", _STYLES)),
    ("tone", ("style",), manner("tone", _TONES)),
    ("audience", ("audience",), manner("audience", _AUDIENCES)),
    ("length_hint", ("short", "long"), hints),
    ("second_task", ("second_task",), said),
    *((name, ("whole_demand",), whole({name: _NOTHING})) for name in _PLAIN_WHOLES.split()),
    ("nominal_ending", ("whole_demand",), whole({"nominal_ending": {"count": 1}})),
    (
        "address",
        ("whole_demand",),
        whole(
            {
                "formal_address": {"register": "formal", "language": ...},
                "informal_address": {"register": "informal", "language": ...},
            }
        ),
    ),
    (
        "speech_level",
        ("whole_demand",),
        whole({"polite_endings": {"level": "polite"}, "plain_endings": {"level": "plain"}}),
    ),
    ("kanji", ("unit",), unit("kanji", "kanji_limit")),
    ("enie", ("unit",), unit("enie", "let_frequency")),
    ("dieresis", ("unit",), unit("dieresis", "let_frequency")),
    ("tildes", ("unit",), unit("tildes", "num_words")),
    ("hashtags", ("unit",), unit("hashtags", "num_hashtags")),
    ("unique_words", ("unit",), unit("unique_words", "num_words")),
    ("sub_bullets", ("unit",), unit("sub_bullets", "num_sub_bullets", None)),
    ("stanzas", ("unit",), unit("stanzas", "num_stanzas", None)),
)
