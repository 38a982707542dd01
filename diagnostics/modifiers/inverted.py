"""Spanish questions and exclamations, between a mark that is turned over and one that is not."""

from __future__ import annotations

import re

from diagnostics.core import Verdict

from .base import CUT_SHORT, Outcome


def between(opening: str, closing: str, reply: str, complete: bool) -> Outcome:
    """Pass as soon as something with a letter or a digit stands between the marks; fail only at the end."""
    for inside in re.finditer(rf"{opening}([^{opening}{closing}]*+)\{closing}", reply):
        if any(map(str.isalnum, inside[1])):
            return Outcome(Verdict.PASS, f"there is one between {opening} and {closing}", "bare", 1.0)
    if not complete:
        return CUT_SHORT
    if closing in reply and opening not in reply:
        return Outcome(Verdict.FAIL, f"there is {closing}, and no {opening} to open it", score=0.5)
    return Outcome(Verdict.FAIL, f"nothing stands between {opening} and {closing}", score=0.0)
