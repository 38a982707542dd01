"""The reply begins with a given phrase.

Judged: the first words of the reply are the phrase, in any case, whatever the spacing, up to a word's border; opening
quotation marks before it do not count. A line that leads in, a fence, and marks of emphasis, heading or block quote
before it are peeled off.

IFEval has no such type; its startend:end_checker (google-research: instruction_following_eval/instructions.py) is the
same at the other end, and takes part of a word for the phrase.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrase, places, spelled
from .reply import Reply, View

_QUOTES = "\"'“”‘’«»‹›„「」『』＂ \u00a0\u202f\n"
_MARKS = _QUOTES + "*_#>`~"


class Beginning(Modifier, frozen=True):
    """ "Begin with the words: Dear Ann." """

    start_phrase: Phrase
    """The words the reply begins with."""

    def judge(self, reply: Reply) -> Outcome:
        """Decided as soon as the head of the reply is there."""
        found, undecided = starts(reply, self.start_phrase)
        if found is not None:
            return Outcome(Verdict.PASS, "the reply begins with the phrase", found, 1.0)
        if undecided:
            return CUT_SHORT
        there = any(True for _ in places(reply.spelled(reply.bare), spelled(self.start_phrase)))
        said = "the phrase is in the reply, but not at its start" if there else "the phrase is not in the reply"
        return Outcome(Verdict.FAIL, said, score=0.0)

    examples: ClassVar = (
        Example(
            'Start your answer with "Dear Ann".',
            "Dear Ann, tea is hot.",
            Verdict.PASS,
            arguments={"start_phrase": "Dear Ann"},
        ),
        Example("When did the war start?", "1914."),
        Example("", "Dear Ann, tea is hot.", Verdict.PASS, arguments={"start_phrase": "dear ann"}, form="bare"),
        Example("", "Teapots are hot.", Verdict.FAIL, arguments={"start_phrase": "Tea"}),
        Example("", "Hello. Dear Ann, tea is hot.", Verdict.FAIL, arguments={"start_phrase": "Dear Ann"}),
        Example("", "# **Tea**\n\nHot.", Verdict.PASS, arguments={"start_phrase": "Tea"}, form="unwrapped"),
        Example("", "Voici :\n\nL’été est là.", Verdict.PASS, "fr", {"start_phrase": "L'été"}, "unwrapped"),
        Example("", "「お茶は熱い」", Verdict.PASS, "ja", {"start_phrase": "お茶"}, "bare"),
        Example("", "Мой чай.", Verdict.FAIL, "ru", {"start_phrase": "Чай"}),
    )


def starts(reply: Reply, phrase: str) -> tuple[str | None, bool]:
    """How a reply begins with a phrase: bare, unwrapped, or not (None); and may it still come to do so?"""
    wanted = spelled(phrase)
    undecided = reply.unsettled
    for view in reply.views:
        for form, marks in (("bare", ""), ("bare", _QUOTES), ("unwrapped", _MARKS)):
            begun = _head(reply, view, marks, len(wanted) + 1)
            short = not reply.complete and len(begun) <= len(wanted)
            if not short and any(start == 0 for start, _ in places(begun, wanted)):
                if reply.complete or view.lasting:
                    return ("unwrapped" if view.peeled else form), False
                undecided = True
            undecided |= short
    return None, undecided


def _head(reply: Reply, view: View, marks: str, length: int) -> str:
    """So many characters of a view's spelling, without the marks before it; fewer where there are no more."""
    taken = 2 * length
    while True:
        text = reply.text[view.start : min(view.end, view.start + taken)]
        head = spelled(text.lstrip(marks) if marks else text)
        if len(head) >= length or taken >= view.end - view.start:
            return head[:length]
        taken *= 2
