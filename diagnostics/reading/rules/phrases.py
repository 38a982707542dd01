"""Rules for phrases that are given: to end or to begin with, to repeat, to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..scanner import Token
from ..statement import LONGEST_LINE, Prompt, Request, Statement
from .base import POSTSCRIPT, at_token, is_said_of_reply


def endings(statement: Statement, i: int) -> Iterator[Request]:
    """The phrase with which the reply has to end."""
    yield from _at_the_edge(statement, i, "end_phrase", 0.95)


def beginnings(statement: Statement, i: int) -> Iterator[Request]:
    """The phrase with which the reply has to begin."""
    if not statement.has("paragraph", "section", "line", "each", "item", "bullet", "sentence", "part"):
        yield from _at_the_edge(statement, i, "start_phrase", 0.9)


def _at_the_edge(statement: Statement, i: int, argument: str, confidence: float) -> Iterator[Request]:
    """The phrase that is spoken of at token ``i``, if it is the reply that begins or ends with it."""
    if statement.has("postscript") or statement.conditional(i) or _of_another(statement):
        return
    if not is_said_of_reply(statement, i, *_PARTS):
        return
    found = _phrase(statement, i)
    if found is not None and not statement.negated(i):
        text, start, end = found
        token = statement.tokens[i]
        yield Request(min(start, token.start), max(end, token.end), confidence, {argument: text})


def _of_another(statement: Statement) -> bool:
    """What begins or ends is not the reply: it is asked about, or what a program reads."""
    return statement.inquires or (statement.has("programming") and not statement.has("answer", "response"))


_PARTS = ("phrase", "word", "keyword", "sentence", "line", "paragraph", "include", "use")


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
    last = len(statement.tokens) - 1
    if statement.tokens[last].concept == "colon" and statement.tokens[last].end >= statement.end - 2:
        if statement.gap(i, last) > _RIGHT_BEFORE and not _leads(statement, i, last):
            return None
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
    last = statement.prompt.verb_final
    nearest = min(quotes, key=lambda j: statement.gap(i, j))
    ahead = [j for j in statement.of("quote") if j < i and statement.gap(i, j) <= _RIGHT_BEFORE]
    nearer = ahead and statement.gap(i, ahead[-1]) < statement.gap(i, nearest)
    if nearer and (last or not _introduced(statement, nearest)):
        nearest = ahead[-1]
    token = statement.tokens[nearest]
    text = statement.quoted(nearest)
    other = "begin" if statement.tokens[i].concept == "end" else "end"
    rivals = [j for j in statement.of(other, "keyword", "title", "letter") if (j > nearest) == last]
    if any(statement.gap(j, nearest) < statement.gap(i, nearest) for j in rivals) or POSTSCRIPT.match(text):
        return None
    if not (last or statement.gap(i, nearest) <= _RIGHT_AT or _leads(statement, i, nearest)):
        return None
    return (text, token.start, token.end) if 1 < len(text) <= _LONGEST_PHRASE else None


def _a_phrase(prompt: Prompt, start: int, end: int) -> tuple[str, int, int] | None:
    text = prompt.written(start, end).strip()
    return (text, start, end) if 1 < len(text) <= _LONGEST_PHRASE else None


_SHORT_WORD = re.compile(r" [^\W\d_]{1,5} ")
"""Such as "with" in "end with"."""


def _opens(statement: Statement, i: int) -> bool:
    """The verb at token ``i`` stands first in its sentence, or after "and": it is a request, and tells of nothing."""
    start = statement.tokens[i].start
    before = [token.end for token in statement.tokens[:i] if token.concept in ("and", "comma")]
    return start - max([statement.start, *before]) <= 1


def _introduced(statement: Statement, quote: int) -> bool:
    """Right before the quote stands "with" or what it is: ""…" End with "…"."""
    words = (statement.tokens[j] for j in statement.of("as", "phrase", "word", "colon") if j < quote)
    return any(0 <= statement.tokens[quote].start - word.end <= 1 for word in words)


def _leads(statement: Statement, i: int, quote: int) -> bool:
    """Between the verb and the quote stands what leads from one to the other: a short word, "the phrase", a colon."""
    start, stop = statement.tokens[i].end, statement.tokens[quote].start
    if i < quote and _opens(statement, i) and _SHORT_WORD.fullmatch(statement.prompt.folded, start, stop):
        return True
    leading = ["as", "phrase", "word", "keyword", "answer", "response", "colon", "whole", "sentence", "line", "include"]
    if i < quote:
        leading.append("write")  # "at the end write …"
    return any(each.concept in leading for each in statement.between(i, quote))


def repeats(statement: Statement, i: int) -> Iterator[Request]:
    """The request has to be repeated first: the words in quotes, else what stands before or after the demand."""
    if statement.conditional(i):
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
        yield at_token(statement, i, {"prompt_to_repeat": text[:20_000]})


def _repeated(prompt: Prompt) -> list[Token]:
    return [token for token in prompt.tokens if token.concept == "repeat"]


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
        yield at_token(statement, i, {"options": found}, 0.9)


def _announces(statement: Statement) -> bool:
    """The sentence ends with a colon, or says that options follow."""
    return statement.has("topic") or statement.tokens[-1].concept == "colon"


def _lines(statement: Statement) -> list[str]:
    """The lines that follow the sentence, up to a blank one."""
    text = statement.prompt.written(statement.end, min(statement.end + LONGEST_LINE, len(statement.prompt.folded)))
    text = text.lstrip(" :.")
    if not text.startswith("\n") or not _announces(statement):
        return []
    block = re.split(r"\n[ \t]*\n", text.lstrip("\n"), maxsplit=1)[0]
    found = [line.strip(" *-•\t\"'“”") for line in block.split("\n")]
    return [line for line in found if line and len(line) <= 60][:10]
