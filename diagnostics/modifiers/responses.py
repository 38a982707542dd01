"""The reply gives two different responses, with a line of six asterisks, or another separator, between them.

Empty parts before the first and after the last do not count. Responses that differ only in case and blanks are the
same. A separator of asterisks may be longer than asked for, and may be written with backslashes. A line that leads in
or a title, before the first of three parts' separators, makes the form "unwrapped".

IFEval's combination:two_responses (google-research: instruction_following_eval/instructions.py) splits at exactly
``******`` anywhere, takes what is left of a longer row for part of a response, and fails on an empty part between two
others; responses that differ in one blank are two to it. Here an empty part counts for nothing wherever it is.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_WANTED = 2
_LABEL = re.compile(r"[^\n]{0,79}+(?:(?<=[:：])|(?<![^\w*_]))")
"""A line that leads in ("Here you are:") or a title ("Poem 1"): it ends in a colon, or in no mark at all."""


class Responses(Modifier, frozen=True):
    """ "Give two different responses, separated by ******." """

    ifeval = "combination:two_responses"

    separator: Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\S")] = "******"

    def judge(self, reply: Reply) -> Outcome:
        """A third response fails at once; one only, or the same twice, at the end."""
        if not reply.doubled:
            return CUT_SHORT
        parts = [part.strip() for part in self._split(reply.settled)]
        given = [part for part in parts if part]
        form = "bare"
        if len(given) == _WANTED + 1 and _LABEL.fullmatch(given[0]):
            given, form = given[1:], "unwrapped"
        if len(given) <= _WANTED and not reply.complete:
            return CUT_SHORT
        if len(given) != _WANTED:
            explanation = f"{len(given) or 'no'} response{'s' * (len(given) != 1)}, 2 asked for"
            return Outcome(Verdict.FAIL, explanation, score=0.5 if given else 0.0)
        if _folded(given[0]) == _folded(given[1]):
            return Outcome(Verdict.FAIL, "both responses are the same", score=0.5)
        return Outcome(Verdict.PASS, "2 different responses", form, 1.0)

    def _split(self, text: str) -> list[str]:
        wanted = self.separator.strip()
        if set(wanted) != {"*"}:
            return text.split(wanted)
        # Told in no time, where a pattern would look at every character.
        if wanted not in text.replace("\\", ""):
            return [text]
        return re.split(rf"(?:\\?+\*){{{len(wanted)},}}+", text)

    examples: ClassVar = (
        Example("Give two answers, separated by ******.", "Tea\n******\nMilk", Verdict.PASS),
        Example("Give me two answers.", "Tea, milk"),
        Example("", "Tea.\n******\nMilk.", Verdict.PASS, form="bare"),
        Example("", "******\nThé.\n********\nLait.\n******", Verdict.PASS, "fr", form="bare"),
        Example("", "お茶。\n===\n牛乳。", Verdict.PASS, "ja", {"separator": "==="}, "bare"),
        Example("", "Чай.\n******\nчай.", Verdict.FAIL, "ru"),
        Example("", "Tee.\n***\nMilch.", Verdict.FAIL, "de"),
        Example("", "Té.\n******\nLeche.\n******\nAgua.", Verdict.FAIL, "es"),
        Example("", "Tea, or milk.", Verdict.FAIL),
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
