"""The reply holds no comma.

Judged: none of the commas of any script (``,`` and its Arabic, CJK, full-width, Ethiopic, Mongolian, N'Ko kin), not
even between digits. A line that leads in, or what surrounds a code fence, is peeled off.

IFEval's punctuation:no_comma (google-research: instruction_following_eval/instructions.py) looks for the ASCII comma
only, so that any Arabic, Chinese or Japanese reply passes. Here their own commas fail, on purpose.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .peel import form, unsettled

_COMMA = re.compile("[,،、，､﹐﹑߸፣᠂᠈꓾꘍︐︑⹁⹌՝]")


class Comma(Modifier, frozen=True):
    """ "Do not use any commas." """

    ifeval = "punctuation:no_comma"
    concepts = ()

    def check(self, reply: str, complete: bool) -> Outcome:
        """Fail at the first comma; pass only at the end."""
        if not reply.strip():
            return Outcome(Verdict.NOT_APPLICABLE, "the reply is empty") if complete else CUT_SHORT
        found = form(reply, lambda text: _COMMA.search(text) is None)
        if found is None and (complete or not unsettled(reply)):
            count = len(_COMMA.findall(reply))
            said = "1 comma, none wanted" if count == 1 else f"{count} commas, none wanted"
            return Outcome(Verdict.FAIL, said, score=0.0)
        if not complete:
            return CUT_SHORT
        said = "no comma" if found == "bare" else "no comma but in what wraps the reply"
        return Outcome(Verdict.PASS, said, found, 1.0)

    examples: ClassVar = (
        Example("", "Tea is hot. Tea is old; it is good.", Verdict.PASS, form="bare"),
        Example("", "It costs 1,000 yen.", Verdict.FAIL),
        Example("", "Sure, here it is:\n\nTea is hot.", Verdict.PASS, form="unwrapped"),
        Example("", "Tea's ‚low’ mark; a ' b · c.", Verdict.PASS),
        Example("", "الشاي ساخن، وقديم.", Verdict.FAIL, "ar"),
        Example("", "الشاي ساخن؛ وقديم.", Verdict.PASS, "ar"),
        Example("", "お茶は熱い、とても。", Verdict.FAIL, "ja"),
        Example("", "茶很热，也很香。", Verdict.FAIL, "zh"),
        Example("", "お茶は熱い。とても・熱い。", Verdict.PASS, "ja"),
    )
