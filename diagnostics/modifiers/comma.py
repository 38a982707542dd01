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
from .relation import judge_absence
from .reply import Reply

_COMMA = re.compile("[,،、，､﹐﹑߸፣᠂᠈꓾꘍︐︑⸲⸴⹁⹉⹌՝]")


class Comma(Modifier, frozen=True):
    """ "Do not use any commas." """

    ifeval = "punctuation:no_comma"

    def judge(self, reply: Reply) -> Outcome:
        """Fail at the first comma that leads into nothing; pass only at the end."""
        if reply.bare.start == reply.bare.end:
            return Outcome(Verdict.NOT_APPLICABLE, "the reply is empty") if reply.complete else CUT_SHORT
        return judge_absence(reply, _commas, _COMMA, "comma/commas")

    examples: ClassVar = (
        Example("Do not use any commas.", "Tea is hot.", Verdict.PASS),
        Example("Verwende keine Kommas.", "Tee, bitte.", Verdict.FAIL, "de"),
        Example("Не используй запятые.", "Чай горячий.", Verdict.PASS, "ru"),
        Example("When do I need a comma before 'and'?", "In lists."),
        Example("Give me the names, separated by commas.", "Ann, Bob"),
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


def _commas(text: str) -> int:
    return text.count(",") if text.isascii() else len(_COMMA.findall(text))
