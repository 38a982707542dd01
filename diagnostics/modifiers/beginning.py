"""The reply begins with a given phrase.

Judged: the first words of the reply are the phrase, in any case, whatever the spacing, up to a word's border; opening
quotation marks before it do not count. A line that leads in, a fence, and marks of emphasis, heading or block quote
before it are peeled off.

IFEval has no such type; its startend:end_checker (google-research: instruction_following_eval/instructions.py) is the
same at the other end, and takes part of a word for the phrase.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .peel import peeled, unsettled
from .phrase import Phrase, places, spelled

_QUOTES = "\"'“”‘’«»‹›„「」『』＂ \u00a0\u202f\n"
_MARKS = _QUOTES + "*_#>`~"


class Beginning(Modifier, frozen=True):
    """ "Begin with the words: Dear Ann." """

    concepts = ()

    start_phrase: Phrase
    """The words the reply begins with."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Decided as soon as the head of the reply is there."""
        found, undecided = starts(reply, self.start_phrase, complete)
        if found is not None:
            return Outcome(Verdict.PASS, "the reply begins with the phrase", found, 1.0)
        if undecided:
            return CUT_SHORT
        there = any(True for _ in places(spelled(reply), spelled(self.start_phrase)))
        said = "the phrase is in the reply, but not at its start" if there else "the phrase is not in the reply"
        return Outcome(Verdict.FAIL, said, score=0.0)

    examples: ClassVar = (
        Example("", "Dear Ann, tea is hot.", Verdict.PASS, arguments={"start_phrase": "dear ann"}, form="bare"),
        Example("", "Teapots are hot.", Verdict.FAIL, arguments={"start_phrase": "Tea"}),
        Example("", "Hello. Dear Ann, tea is hot.", Verdict.FAIL, arguments={"start_phrase": "Dear Ann"}),
        Example("", "# **Tea**\n\nHot.", Verdict.PASS, arguments={"start_phrase": "Tea"}, form="unwrapped"),
        Example("", "Voici :\n\nL’été est là.", Verdict.PASS, "fr", {"start_phrase": "L'été"}, "unwrapped"),
        Example("", "「お茶は熱い」", Verdict.PASS, "ja", {"start_phrase": "お茶"}, "bare"),
        Example("", "Мой чай.", Verdict.FAIL, "ru", {"start_phrase": "Чай"}),
    )


def starts(reply: str, phrase: str, complete: bool) -> tuple[str | None, bool]:
    """How a reply begins with a phrase: bare, unwrapped, or not (None); and may it still come to do so?"""
    wanted = spelled(phrase)
    texts = [reply.strip(), *peeled(reply)]
    undecided = not complete and unsettled(reply)
    for text in texts:
        for form, head in _heads(text):
            begun = spelled(head)[: len(wanted) + 1]
            short = not complete and len(begun) <= len(wanted)
            if not short and _starts(begun, wanted):
                return ("unwrapped" if text is not texts[0] else form), False
            undecided |= short
    return None, undecided


def _heads(text: str) -> Iterator[tuple[str, str]]:
    """The text as it stands, without opening quotation marks, without other marks."""
    for form, marks in (("bare", ""), ("bare", _QUOTES), ("unwrapped", _MARKS)):
        yield form, text.lstrip(marks) if marks else text


def _starts(text: str, phrase: str) -> bool:
    return any(start == 0 for start, _ in places(text, phrase))
