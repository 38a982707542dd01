"""The engine's limit on tokens ended the reply: known from how it ended, not from its text, so no signal looks for it.

A caller who leaves, an error and a reply that stops for a tool cut nothing off.
"""

from __future__ import annotations

from ..core import SurfaceFinding, Verdict

CUT_OFF = SurfaceFinding(
    name="cut_off", verdict=Verdict.FAIL, explanation="the limit on the reply's length ended it before its end"
)
