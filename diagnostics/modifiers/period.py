"""The reply has no full stop.

Those are the stops of all scripts (``。｡．।॥۔։።။``), and "." at the end of a word, closing marks aside. The point in
a number, in a name of a file or a site, behind the number of a list item, and an ellipsis are none. A line that leads
in, or what surrounds a code fence, is peeled off.

M-IFEval's punctuation:no_period (Japanese) looks for 。 only.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import ClassVar

from diagnostics.core import Verdict

from .absence import absent
from .base import Example, Modifier, Outcome
from .reply import Reply

_STOP = re.compile(
    r"[。｡．।॥۔։።။.](?:(?<!\.)|(?<=[^\s.]\.)(?!\.)(?=[\"'”’»)\]*_]*+(?:\s|\Z)))"  # begins with what is rare
)
_LIST_NUMBER = re.compile(r"^[ \t]*+\d{1,3}\.(?=\s|\Z)", re.MULTILINE)


class Period(Modifier, frozen=True):
    """ "Do not use any full stops." """

    ifeval = "punctuation:no_period"

    def judge(self, reply: Reply) -> Outcome:
        """A full stop fails at once."""
        # While more may come, a point at the very end may be that of a number.
        return absent(reply, _stops, "full stop/full stops", whole_lines=True)

    examples: ClassVar = (
        Example("句点を使わないでください。", "お茶は熱い", Verdict.PASS, "ja"),
        Example("", "Tea! 3.5 l of it... see tea.org", Verdict.PASS, form="bare"),
        Example("", "1. Thé\n2. Lait", Verdict.PASS, "fr", form="bare"),
        Example("", "お茶、熱い！", Verdict.PASS, "ja", form="bare"),
        Example("", "はい。以下です：\nお茶", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "お茶は熱い。", Verdict.FAIL, "ja"),
        Example("", "Tea is (very hot.)", Verdict.FAIL),
        Example("", "चाय गर्म है।", Verdict.FAIL, "hi"),
        Example("", "It costs 3.", Verdict.FAIL),
    )


def _stops(text: str) -> Counter[str]:
    counts = Counter(_STOP.findall(text))
    if "." in counts:
        counts["."] -= len(_LIST_NUMBER.findall(text))
    return +counts
