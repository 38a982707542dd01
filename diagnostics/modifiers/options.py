"""The reply gives one of the options, and no other.

Judged: one of the options stands in the reply, in any case, as words of its own; an option that only stands inside a
longer one ("yes" in "yes, but") does not count. With ``only``, the reply is that option and nothing else, closing stop,
quotation marks and wrapping aside.

IFEval's detectable_format:constrained_response (google-research: instruction_following_eval/instructions.py) asks for
any of three English sentences (the default here) anywhere in the reply: one that gives all three passes there, and
fails here, on purpose.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Span, Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrases, places, spelled
from .reply import Reply

_MARKS = "*_`\"'“”‘’«»„「」『』()[] .!。．।"


class Options(Modifier, frozen=True):
    """ "Answer with yes, no or maybe." """

    ifeval = "detectable_format:constrained_response"

    options: Phrases = ("My answer is yes.", "My answer is no.", "My answer is maybe.")
    """What there is to choose from."""
    only: bool = False
    """May nothing else be in the reply?"""

    def judge(self, reply: Reply) -> Outcome:
        """Two options fail at once; all else is decided at the end."""
        given = self._given(reply.spelled(reply.bare), reply.complete)
        if len(given) > 1:
            named = ", ".join(map(repr, sorted(given)[:3]))
            return Outcome(Verdict.FAIL, f"{len(given)} options are given, one asked for: {named}", score=0.25)
        if not reply.complete:
            return CUT_SHORT
        if not given:
            return Outcome(Verdict.FAIL, f"none of the {len(self.options)} options is given", score=0.0)
        alone = [view for view in reply.views if not self.only or self._is_option(reply.spelled(view))]
        if not alone:
            return Outcome(Verdict.FAIL, "one option is given, but not alone", score=0.5)
        return Outcome(Verdict.PASS, f"one option is given{alone[0].note}", alone[0].form, 1.0)

    def _given(self, text: str, complete: bool) -> set[str]:
        """The options in ``text``; in one cut short, those at its end may be part of a longer one."""
        wanted = {spelled(option) for option in self.options}
        end = len(text) if complete else len(text) - max(map(len, wanted)) - 1
        found: list[tuple[Span, str]] = []
        for option in wanted:
            found += [(place, option) for place in places(text, option)]
        given = set()
        furthest = -1
        for (_, last), option in sorted(found, key=lambda each: (each[0][0], -each[0][1])):
            if last > furthest and last <= end:
                given.add(option)
            furthest = max(furthest, last)
        return given

    def _is_option(self, text: str) -> bool:
        said = text.strip(_MARKS)
        return any(said == spelled(option).strip(_MARKS) for option in self.options)

    examples: ClassVar = (
        Example(
            'Is tea hot? Answer with exactly one of the following: "Yes, always", "No, never".',
            "No, never",
            Verdict.PASS,
            arguments={"options": ["Yes, always", "No, never"]},
        ),
        Example("Should I choose tea or milk?", "Tea."),
        Example("", "My answer is yes.", Verdict.PASS, form="bare"),
        Example("", "Tea is hot, so my answer is no.", Verdict.PASS, form="bare"),
        Example("", "My answer is yes. My answer is no.", Verdict.FAIL),
        Example("", "Yes.", Verdict.FAIL),
        Example("", "Nobody knows.", Verdict.FAIL, arguments={"options": ["no", "yes"]}),
        Example("", "« Oui. »", Verdict.PASS, "fr", {"options": ["oui", "non"], "only": True}, "bare"),
        Example("", "Oui, le thé est chaud.", Verdict.FAIL, "fr", {"options": ["oui", "non"], "only": True}),
        Example("", "Ответ:\n\nда", Verdict.PASS, "ru", {"options": ["да", "нет"], "only": True}, "unwrapped"),
        Example("", "Да, но завтра", Verdict.PASS, "ru", {"options": ["да", "да, но завтра"]}),
        Example("", "答えは「はい」です。", Verdict.PASS, "ja", {"options": ["はい", "いいえ"]}),
    )
