"""The reply holds none of the forbidden words.

Judged: no forbidden word stands in the reply, in any case, as words of its own where the script has spaces, anywhere
where it has none. A line that leads in ("Here is a text without the word tea:") or what surrounds a code fence is
peeled off. Inflected forms are not guessed.

IFEval's keywords:forbidden_words (google-research: instruction_following_eval/instructions.py) searches
``\\bword\\b``, unescaped: in scripts without spaces a word inside a sentence is never found, "C++" cannot be, and an
underscore hides a word (``_tea_``). Here all three are found, on purpose.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrases, places, spelled
from .reply import Reply, View


class Exclude(Modifier, frozen=True):
    """ "Do not use the word tea." """

    ifeval = "keywords:forbidden_words"

    forbidden_words: Phrases
    """None of these may appear."""

    def judge(self, reply: Reply) -> Outcome:
        """Fail as soon as one is there; pass only at the end. ``score`` is the share of the words kept away."""
        if reply.bare.start == reply.bare.end:
            return Outcome(Verdict.NOT_APPLICABLE, "the reply is empty") if reply.complete else CUT_SHORT
        clean = next((view for view in reply.views if not self._used(reply, view)), None)
        if reply.complete and clean is not None:
            return Outcome(Verdict.PASS, f"no forbidden word is used{clean.note}", clean.form, 1.0)
        if clean is not None or reply.unsettled:
            return CUT_SHORT
        used = self._used(reply, reply.bare)
        named = ", ".join(repr(word) for word in used[:5])
        return Outcome(
            Verdict.FAIL,
            f"{len(used)} of {len(self.forbidden_words)} forbidden words used: {named}",
            score=round(1 - len(used) / len(self.forbidden_words), 3),
        )

    def _used(self, reply: Reply, view: View) -> list[str]:
        text = reply.spelled(view)
        # In a reply cut short, what stands at its end may be part of a longer word.
        end = len(text) + 1 if reply.complete else len(text)
        return [word for word in self.forbidden_words if any(place[1] < end for place in places(text, spelled(word)))]

    examples: ClassVar = (
        Example("Do not use the word 'tea'.", "A hot drink.", Verdict.PASS, arguments={"forbidden_words": ["tea"]}),
        Example(
            "Avoid the following keywords: tea, milk",
            "Tea.",
            Verdict.FAIL,
            arguments={"forbidden_words": ["tea", "milk"]},
        ),
        Example('Why must nobody say "Macbeth" in a theatre?', "Bad luck."),
        Example("", "Coffee is hot.", Verdict.PASS, arguments={"forbidden_words": ["tea"]}, form="bare"),
        Example("", "A steamy teapot.", Verdict.PASS, arguments={"forbidden_words": ["tea", "steam"]}),
        Example("", "I like _tea_.", Verdict.FAIL, arguments={"forbidden_words": ["tea"]}),
        Example(
            "",
            "Without the word tea:\n\nIt is hot.",
            Verdict.PASS,
            arguments={"forbidden_words": ["tea"]},
            form="unwrapped",
        ),
        Example("", "C’est l'ÉTÉ !", Verdict.FAIL, "fr", {"forbidden_words": ["été"]}),
        Example("", "Il a cote et côté.", Verdict.PASS, "fr", {"forbidden_words": ["côte"]}),
        Example("", "毎日お茶を飲みます。", Verdict.FAIL, "ja", {"forbidden_words": ["お茶"]}),
        Example("", "Чаепитие удалось.", Verdict.PASS, "ru", {"forbidden_words": ["чай"]}),
    )
