"""The reply has no white space: no blank, tab or line end between its first and its last character.

IFEval has no such type; IFBench's format:no_whitespace is the same rule, and counts what surrounds the reply too.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .absence import absent, each
from .base import Example, Modifier, Outcome
from .reply import Reply


class Whitespace(Modifier, frozen=True):
    """ "Do not use any whitespace." """

    def judge(self, reply: Reply) -> Outcome:
        """White space between two characters fails at once."""
        return absent(reply, each(str.isspace), "blank/blanks")

    examples: ClassVar = (
        Example("Write the code word without spaces.", "tea", Verdict.PASS),
        Example("", "\nTeaIsHot.\n", Verdict.PASS, form="bare"),
        Example("", "Sans blancs :\nLeThé", Verdict.PASS, "fr", form="unwrapped"),
        Example("", "Чай горячий", Verdict.FAIL, "ru"),
        Example("", "お茶\u3000熱い", Verdict.FAIL, "ja"),
        Example("", "お茶は熱い。", Verdict.PASS, "ja", form="bare"),
    )
