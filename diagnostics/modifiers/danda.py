"""The sentences of the reply end with a danda (।), as Hindi and its neighbours have it, and none with a full stop.

Judged: "." behind a letter of an Indic script, before a blank or the end, is a full stop; question and exclamation
marks end sentences too. IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_STOP = re.compile(r"(?<=[\u0900-\u0dff])[ \t]?+\.(?=[\"'”’)\]*_]*+(?:\s|\Z))")


class Danda(Modifier, frozen=True):
    """ "पूर्ण विराम (।) का प्रयोग करें।" """

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the stops that are dandas."""
        if not reply.complete:
            return CUT_SHORT
        dandas = reply.text.count("।") + reply.text.count("॥")
        stops = len(_STOP.findall(reply.text))
        if not dandas + stops:
            return Outcome(Verdict.ABSTAIN, "no sentence ends with a danda or a full stop")
        share = round(dandas / (dandas + stops), 3)
        said = f"{dandas} sentences end with a danda, {stops} with a full stop"
        return Outcome(Verdict.FAIL if stops else Verdict.PASS, said, None if stops else "bare", share)

    examples: ClassVar = (
        Example(
            "हर वाक्य के अंत में पूर्ण विराम लगाएं।", "चाय गर्म है। 3.5 कप। Tea Inc. अच्छी है!", Verdict.PASS, "hi", form="bare"
        ),
        Example("", "चा গরম।", Verdict.PASS, "bn", form="bare"),
        Example("", "चाय गर्म है. दूध ठंडा है।", Verdict.FAIL, "hi"),
        Example("", "चिया तातो छ.", Verdict.FAIL, "ne"),
        Example("", "Tea is hot.", Verdict.ABSTAIN),
    )
