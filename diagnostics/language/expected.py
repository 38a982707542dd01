"""Which language should the reply be in? Declared, else requested, else that of the newest user message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from ..core import ExpectedLanguage, Message, Origin
from ..text import mask_code, mask_quotes, scripts
from .profiles import NEIGHBOURS, fold
from .tags import normalise_tag as normalise_tag

Identify = Callable[[str], tuple[str, float] | None]
"""Tag and probability of the language of a text, None when unsure."""

LONGEST_MESSAGE = 16_384
"""Characters of a message that are read: its beginning, and its end where it is longer."""

TURNS = 4
"""How many of the newest user messages may be asked, where the newer ones say too little."""

LEAST_LETTERS, LEAST_CJK = 8, 3
"""Letters with which a message says something of its language; "ok?" does not."""

PARAGRAPH_LETTERS, SURE = 15, 0.9
"""Letters and probability with which a paragraph counts as in a language of its own."""


def instruction_language(messages: Sequence[Message], identify: Identify) -> str | None:
    """Tag of the language in which the user speaks, None when it cannot be told.

    It is that of the newest user message, judged on its own words: code, quotes and pasted passages are left out.
    An earlier message speaks for it only where the newest says too little ("ok?").
    """
    spoken = (message for message in reversed(messages) if message.role == "user")
    for message in islice(spoken, TURNS):
        prose = mask_code(_bounded(message.content))
        if not _says_something(prose):
            continue
        for passage in _own_words(prose, identify):
            found = identify(passage)
            if found is not None:
                return found[0]
    return None


def expected_language(
    declared: str | None,
    requested: ExpectedLanguage | None,
    messages: Sequence[Message],
    instruction_language: str | None,
) -> ExpectedLanguage | None:
    """The language the reply should be in, by the strongest that speaks: declared, requested, the instruction's.

    Raises:
        ValueError: ``declared`` is no language tag.
    """
    if declared is not None:
        return ExpectedLanguage(normalise_tag(declared), Origin.DECLARED)
    if requested is not None or instruction_language is None:
        return requested
    index = max((i for i, message in enumerate(messages) if message.role == "user"), default=None)
    span = None if index is None else (0, len(messages[index].content))
    return ExpectedLanguage(instruction_language, Origin.INSTRUCTION, span, index)


def _bounded(content: str) -> str:
    if len(content) <= LONGEST_MESSAGE:
        return content
    return content[: LONGEST_MESSAGE // 2] + "\n\n" + content[-LONGEST_MESSAGE // 2 :]


def _says_something(prose: str) -> bool:
    letters = scripts(prose)
    cjk = letters["Han"] + letters["Hiragana"] + letters["Katakana"] + letters["Hangul"]
    return cjk >= LEAST_CJK or letters.total() >= LEAST_LETTERS


def _own_words(prose: str, identify: Identify) -> Iterator[str]:
    """Passages to ask for the language, the one most likely to be the user's own words first."""
    unquoted = mask_quotes(prose)
    spoken = unquoted if unquoted != prose and _says_something(unquoted) else prose
    if "\n\n" in spoken:
        paragraphs = [part.strip() for part in spoken.split("\n\n") if _says_something(part)]
        if len(paragraphs) > 1:
            yield from _instruction_paragraph(paragraphs, identify)
    head, colon, pasted = _before_colon(spoken)
    if colon and _says_something(head) and _says_something(pasted):
        yield head
    yield " ".join(spoken.split())
    if spoken is not prose:
        yield " ".join(prose.split())


def _instruction_paragraph(paragraphs: list[str], identify: Identify) -> Iterator[str]:
    """Of a first and a last paragraph in different languages, the shorter is the instruction, the other was pasted."""
    first, last = paragraphs[0], paragraphs[-1]
    if min(scripts(first).total(), scripts(last).total()) < PARAGRAPH_LETTERS:
        return
    one, other = identify(first), identify(last)
    if one is None or other is None or min(one[1], other[1]) < SURE:
        return
    if fold(one[0]) != fold(other[0]) and fold(one[0]) not in NEIGHBOURS.get(fold(other[0]), ()):
        yield min(first, last, key=len)


def _before_colon(text: str) -> tuple[str, str, str]:
    """Cut at the first colon: in "Translate into Greek: …" what follows is no word of the user's."""
    plain = text.replace("：", ":")
    head, colon, pasted = plain.partition(":")
    return head, colon, pasted
