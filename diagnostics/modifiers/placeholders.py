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

from .base import Example, Modifier, Outcome
from .relation import judge
from .reply import Reply

_BRACKETS = re.compile(r"\[(?![\^\]])(?![xX]\])([^\[\]\n]++)\](?!\()|［([^［］\n]++)］")
_LETTER = re.compile(r"[^\W\d_]")


class Placeholders(Modifier, frozen=True):
    """ "Use at least 3 placeholders in square brackets." """

    ifeval = "detectable_content:number_placeholders"

    num_placeholders: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    """At least so many."""

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as there are enough; too few fail at the end only."""
        return judge(
            reply,
            lambda view: reply.sum(_count, view, whole_words=True),
            "at least",
            self.num_placeholders,
            "placeholder/placeholders",
        )

    examples: ClassVar = (
        Example(
            "Write a letter with at least 2 placeholders in square brackets, such as [name].",
            "Dear [name], come to [city].",
            Verdict.PASS,
            arguments={"num_placeholders": 2},
        ),
        Example("What is a placeholder?", "A stand-in."),
        Example("", "Dear [name], come to [place].", Verdict.PASS, arguments={"num_placeholders": 2}, form="bare"),
        Example("", "See [the page](https://example.org).", Verdict.FAIL, arguments={"num_placeholders": 1}),
        Example("", "Tea is old [1], and hot [^2].", Verdict.FAIL, arguments={"num_placeholders": 1}),
        Example("", "- [ ] pot\n- [x] tea", Verdict.FAIL, arguments={"num_placeholders": 1}),
        Example("", "Chère [prénom 1], à [date] !", Verdict.PASS, "fr", {"num_placeholders": 2}),
        Example("", "［名前］様、[日付]に。", Verdict.PASS, "ja", {"num_placeholders": 2}),
        Example("", "Уважаемый (имя)!", Verdict.FAIL, "ru", {"num_placeholders": 1}),
    )


def _count(text: str) -> int:
    if "[" not in text and "［" not in text:
        return 0
    return sum(_LETTER.search(match[0]) is not None for match in _BRACKETS.finditer(text))
