"""The reply holds at least so many placeholders in square brackets, such as [address].

Judged: stretches in ``[…]`` or ``［…］`` on one line, that hold a letter. A link (``[text](address)``), a footnote
(``[^1]``), the number of a source (``[1]``), and a box to tick (``[ ]``, ``[x]``) are no placeholders.

IFEval's detectable_content:number_placeholders (google-research: instruction_following_eval/instructions.py) counts
``\\[.*?\\]``, and so all of these. Here they do not count, on purpose.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome

_BRACKETS = re.compile(r"\[(?![\^\]])(?![xX]\])([^\[\]\n]++)\](?!\()|［([^［］\n]++)］")
_LETTER = re.compile(r"[^\W\d_]")


class Placeholders(Modifier, frozen=True):
    """ "Use at least 3 placeholders in square brackets." """

    ifeval = "detectable_content:number_placeholders"
    concepts = ()

    num_placeholders: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    """At least so many."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass as soon as there are enough; too few fail only at the end."""
        found = _BRACKETS.finditer(reply)
        count = sum(_LETTER.search(match[0]) is not None for match in found)
        said = f"{count} placeholder{'' if count == 1 else 's'}, at least {self.num_placeholders} asked for"
        if count >= self.num_placeholders:
            return Outcome(Verdict.PASS, said, "bare", 1.0)
        if not complete:
            return CUT_SHORT
        return Outcome(Verdict.FAIL, said, score=round(count / self.num_placeholders, 3))

    examples: ClassVar = (
        Example("", "Dear [name], come to [place].", Verdict.PASS, arguments={"num_placeholders": 2}, form="bare"),
        Example("", "See [the page](https://example.org).", Verdict.FAIL, arguments={"num_placeholders": 1}),
        Example("", "Tea is old [1], and hot [^2].", Verdict.FAIL, arguments={"num_placeholders": 1}),
        Example("", "- [ ] pot\n- [x] tea", Verdict.FAIL, arguments={"num_placeholders": 1}),
        Example("", "Chère [prénom 1], à [date] !", Verdict.PASS, "fr", {"num_placeholders": 2}),
        Example("", "［名前］様、[日付]に。", Verdict.PASS, "ja", {"num_placeholders": 2}),
        Example("", "Уважаемый (имя)!", Verdict.FAIL, "ru", {"num_placeholders": 1}),
    )
