"""Which language should the reply be in? Declared, else requested, else that of the newest user message."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from ..core import ExpectedLanguage, Message, Origin
from ..text import mask_code, mask_quotes, scripts
from .profiles import CJK, HARD_PAIRS, NEIGHBOURS, fold
from .tags import SEVERAL, UNDETERMINED
from .tags import normalise_tag as normalise_tag
from .variants import chinese_script

Identify = Callable[[str], tuple[str, float] | None]
"""Tag and probability of the language of a text, None when unsure."""

AskedIn = Callable[[str], Sequence[str]]
"""Tags of the languages in whose words a text asks for something; more than one where they share the words."""

LONGEST_MESSAGE = 16_384
"""Characters of a message that are read: its beginning, and its end where it is longer."""

TURNS = 4
"""How many of the newest user messages may be asked, where the newer ones say too little."""

LEAST_LETTERS, LEAST_CJK = 8, 3
"""Letters with which a message says something of its language; "ok?" does not."""

PART_LETTERS, SURE = 15, 0.7
"""Letters and probability with which a part of a message counts as in a language of its own."""

DOUBTED = 0.8
"""Probability below which one part of a message does not speak for the whole, if that is in a neighbouring language."""

TELLING_LETTERS = 40
"""Letters from which a part is told from one in a neighbouring language."""

PASTED = 300
"""Letters of a passage that is long enough to have been pasted, where no blank line sets it off."""

MOSTLY = 0.75
"""Share of its letters by which a sentence is in a script."""

SHORT_HEAD = 30
"""Longest beginning before a colon, in characters, that announces a passage and says nothing else."""

SAMPLE = 400
"""Characters of a part that are asked for its language."""

_SENTENCE = re.compile(r"[^.!?:。！？：؟।\n]++[.!?:。！？：؟।\n]*+|[.!?:。！？：؟।\n]++")
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n")
_COLONS = (":", "：")
_QUESTIONS = ("?", "？", "؟")


class _Passage(NamedTuple):
    text: str
    apart: bool = False
    """It stands apart from pasted text, and is all that the user says."""
    last_resort: bool = False
    """It holds words that are not the user's."""


def instruction_language(
    messages: Sequence[Message], identify: Identify, asked_in: AskedIn | None = None
) -> str | None:
    """Tag of the language in which the user speaks, None when it cannot be told; ``zh-Hant`` for Traditional Chinese.

    It is that of the newest user message, judged on its own words: code, quotes and pasted passages are left out.
    An earlier message speaks for it only where the newest says too little ("ok?"). ``asked_in`` is for what is too
    short to ``identify`` and stands before a passage: "Summarise:".
    """
    known: dict[str, tuple[str, float] | None] = {}

    def ask(text: str) -> tuple[str, float] | None:
        if text not in known:
            known[text] = identify(text)
        return known[text]

    spoken = (message for message in reversed(messages) if message.role == "user")
    for message in islice(spoken, TURNS):
        prose = mask_code(_bounded(message.content))
        letters = scripts(prose)
        if _enough(letters):
            passages = _own_words(prose, _mixed(letters), ask)
            if tag := _language(passages, ask, asked_in):
                return tag
    return None


def _language(passages: Iterator[_Passage], identify: Identify, asked_in: AskedIn | None) -> str | None:
    """The language of the first passage that has a sure one; or of more text, where that is in a neighbouring one."""
    best: tuple[str, float] | None = None
    for passage in passages:
        if passage.last_resort and best is not None:
            break
        found = identify(passage.text) if not passage.apart or _says_something(passage.text) else None
        if found is not None:
            if best is not None and not _twins(found[0], best[0]):
                break
            best = _variant(found[0], passage.text), found[1]
            if passage.apart or not _doubtful(best):
                break
        elif passage.apart and asked_in and (tags := asked_in(passage.text)):
            return tags[0] if len(tags) == 1 else None
    return best[0] if best else None


def _doubtful(found: tuple[str, float]) -> bool:
    """More of the message has to be asked: the language has a double, or is not sure."""
    return fold(found[0]) in HARD_PAIRS or found[1] < DOUBTED


def _twins(tag: str, other: str) -> bool:
    """The same language, or one that it is easily taken for: more text tells better which."""
    return fold(tag) == fold(other) or fold(tag) in NEIGHBOURS.get(fold(other), ())


def expected_language(
    declared: str | None,
    requested: ExpectedLanguage | None,
    messages: Sequence[Message],
    instruction_language: str | None,
    identify: Identify | None = None,
) -> ExpectedLanguage | None:
    """The language the reply should be in, by the strongest that speaks: declared, requested, the instruction's.

    None where a request leaves several to choose from, or points to a passage whose language ``identify`` cannot tell.

    Raises:
        ValueError: ``declared`` is no language tag.
    """
    if declared is not None:
        return ExpectedLanguage(normalise_tag(declared), Origin.DECLARED)
    if requested is not None:
        return _settled(requested, messages, identify)
    if instruction_language is None:
        return None
    index = _newest(messages)
    span = None if index is None else (0, len(messages[index].content))
    return ExpectedLanguage(instruction_language, Origin.INSTRUCTION, span, index)


def _newest(messages: Sequence[Message]) -> int | None:
    return max((i for i, message in enumerate(messages) if message.role == "user"), default=None)


def _settled(
    requested: ExpectedLanguage, messages: Sequence[Message], identify: Identify | None
) -> ExpectedLanguage | None:
    if requested.tag == SEVERAL:
        return None
    if requested.tag != UNDETERMINED:
        return requested
    passage = _pasted(requested, messages)
    found = identify(passage) if identify and passage else None
    if found is None:
        return None
    tag = _variant(found[0], passage)
    return ExpectedLanguage(tag, Origin.REQUESTED, requested.span, requested.message)


def _pasted(requested: ExpectedLanguage, messages: Sequence[Message]) -> str:
    """The passage that a request points to: what is quoted, else the longest part that does not hold the request."""
    asked = requested.message
    index = asked if asked is not None and messages[asked].role == "user" else _newest(messages)
    if index is None:
        return ""
    prose = mask_code(_bounded(messages[index].content))
    unquoted = mask_quotes(prose)
    quoted = "".join(char if kept != char else " " for char, kept in zip(prose, unquoted, strict=True))
    if _says_something(quoted):
        return quoted
    start, end = requested.span if requested.span and index == asked else (0, 0)
    before, after = prose[:start], prose[end:]
    parts = _BLANK_LINE.split(before)[:-1] + re.split(r"[:：\n]", after, maxsplit=1)[1:]
    return max(parts, key=len, default="") if end else prose


def _variant(tag: str, text: str) -> str:
    """Traditional Chinese is told from plain ``zh``, which either script may answer."""
    return "zh-Hant" if tag == "zh" and chinese_script(text) == "Hant" else tag


def _bounded(content: str) -> str:
    if len(content) <= LONGEST_MESSAGE:
        return content
    return content[: LONGEST_MESSAGE // 2] + "\n\n" + content[-LONGEST_MESSAGE // 2 :]


def _says_something(prose: str) -> bool:
    return _enough(scripts(prose))


def _enough(letters: Counter[str]) -> bool:
    return letters.total() >= LEAST_LETTERS or sum(letters[name] for name in CJK) >= LEAST_CJK


def _own_words(prose: str, mixed: bool, identify: Identify) -> Iterator[_Passage]:
    """Passages to ask for the language, the one most likely to be the user's own words first."""
    unquoted = mask_quotes(prose)
    quotes = unquoted != prose and _says_something(unquoted)
    first, *last = _by_script(unquoted if quotes else prose) if mixed else [unquoted if quotes else prose]
    if last:
        # Whatever stands in another script says nothing of these words, even where they say too little.
        yield _Passage(_instruction(first, *last), apart=True)
        return
    yield from _instruction_part(first, identify)
    head, pasted = _before_colon(first)
    short = len(head) < SHORT_HEAD and len(pasted) > PASTED
    if head and (short or _says_something(head)) and _says_something(pasted):
        yield _Passage(head, apart=short)
    yield _Passage(" ".join(first.split()))
    if quotes:
        yield _Passage(" ".join(prose.split()), last_resort=True)


def _instruction(first: str, last: str) -> str:
    """Of two parts in different languages: what a colon ends, else what asks a question, else the shorter one."""
    if first.rstrip().endswith(_COLONS):
        return first
    asks = first.rstrip().endswith(_QUESTIONS), last.rstrip().endswith(_QUESTIONS)
    if asks[0] != asks[1]:
        return first if asks[0] else last
    return min(first, last, key=len)


def _instruction_part(text: str, identify: Identify) -> Iterator[_Passage]:
    """The first or the last part of a message, where both are sure of their language: what is between or beside them
    may have been pasted."""
    ends = _ends(text)
    if ends is None:
        return
    first, last = ends[0][:SAMPLE], ends[1][-SAMPLE:]
    letters = min(scripts(first).total(), scripts(last).total())
    if letters < PART_LETTERS:
        return
    one, other = identify(first), identify(last)
    if one is None or other is None or min(one[1], other[1]) < SURE:
        return
    tag, rival = fold(one[0]), fold(other[0])
    if tag == rival and tag not in HARD_PAIRS:
        yield _Passage(first)
    elif tag not in (rival, HARD_PAIRS.get(rival)) and (
        letters >= TELLING_LETTERS or tag not in NEIGHBOURS.get(rival, ())
    ):
        yield _Passage(first if _instruction(*ends) == ends[0] else last, apart=True)


def _ends(text: str) -> tuple[str, str] | None:
    """The first and the last paragraph that say something; or line, where there is but one paragraph, long enough to
    hold a pasted passage."""
    if "\n" not in text:
        return None
    ends = _outermost(_BLANK_LINE.split(text))
    if ends is None and len(text) > PASTED:
        ends = _outermost(text.split("\n"))
    return ends


def _outermost(parts: list[str]) -> tuple[str, str] | None:
    telling = filter(_says_something, parts)
    first = next(telling, None)
    if first is None or next(telling, None) is None:
        return None
    return first, next(filter(_says_something, reversed(parts)))


def _before_colon(text: str) -> tuple[str, str]:
    """Cut at the first colon: in "Translate into Greek: …" what follows is no word of the user's."""
    head, colon, pasted = text.replace("：", ":").partition(":")
    return (head, pasted) if colon else ("", "")


def _by_script(text: str) -> list[str]:
    """The first and the last run of sentences, where they are in different scripts; else what is in the script of both.

    Runs that are too short to be passages ("JSON") are left where they are.
    """
    sentences = [(kind, each) for each in _SENTENCE.findall(text) if (kind := _one_script(each))]
    runs = [(kind, "".join(each for _, each in run)) for kind, run in groupby(sentences, key=lambda pair: pair[0])]
    runs = [(kind, run) for kind, run in runs if sum(_kinds(scripts(run)).values()) >= PART_LETTERS]
    if len({kind for kind, _ in runs}) < 2:
        return [text]
    if runs[0][0] != runs[-1][0]:
        return [runs[0][1], runs[-1][1]]
    return ["\n".join(run for kind, run in runs if kind == runs[0][0])]


def _mixed(letters: Counter[str]) -> bool:
    kinds = _kinds(letters)
    return len(kinds) > 1 and sorted(kinds.values())[-2] >= PART_LETTERS


def _one_script(text: str) -> str | None:
    kinds = _kinds(scripts(text))
    best = max(kinds, key=kinds.__getitem__, default=None)
    return best if best and kinds[best] >= MOSTLY * sum(kinds.values()) else None


def _kinds(letters: Counter[str]) -> dict[str, float]:
    """Letters by script, those of ``CJK`` counting 2.5; the scripts that Chinese and Japanese mix are one."""
    kinds: dict[str, float] = {}
    for name, count in letters.items():
        kind = "CJK" if name in ("Han", "Hiragana", "Katakana") else name
        kinds[kind] = kinds.get(kind, 0.0) + count * (2.5 if name in CJK else 1.0)
    return kinds
