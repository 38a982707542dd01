"""The reply follows a template: parts with given labels, each at the head of a line, in the order given.

Judged: each label stands at the head of a line, in any case, marks of heading, list, emphasis and brackets aside; a
colon, a dash or the end of the line follows; and there is something between it and the next one. IFEval has no such
type; IFBench's format:output_template wants three given labels anywhere in the reply.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrases, spelled
from .reply import Reply

_MARKS = "*_#>`~-+•([{<【《「\"'“«0123456789.) \t\u3000"
_AFTER = "*_`]}>)】》」\"'”» "
_SEPARATORS = ":：—–-"
_HEAD = 600
"""A label with its marks is no longer."""


class Labels(Modifier, frozen=True):
    """ "Answer in this form: Summary: … Details: … Conclusion: …" """

    labels: Phrases
    """The labels in their order, without the colon."""

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the labels found in their order."""
        if not reply.complete:
            return CUT_SHORT
        wanted = [spelled(label).rstrip(_SEPARATORS + _AFTER) or spelled(label) for label in self.labels]
        found = empty = 0
        filled = True
        for line in lines(reply.text):
            rest = _after(line, wanted[found]) if found < len(wanted) else None
            if rest is None:
                filled |= any(map(str.isalnum, line))
                continue
            empty += not filled
            filled = any(map(str.isalnum, rest))
            found += 1
        empty += not filled
        if found < len(wanted):
            missing = self.labels[found]
            said = f"{found} of {len(wanted)} labels in their order; missing: {missing!r}"
            return Outcome(Verdict.FAIL, said, score=round(found / len(wanted), 3))
        if empty:
            said = "1 label has nothing behind it" if empty == 1 else f"{empty} labels have nothing behind them"
            return Outcome(Verdict.FAIL, said, score=round(1 - empty / len(wanted), 3))
        return Outcome(Verdict.PASS, "all labels are there, in their order", "bare", 1.0)

    examples: ClassVar = (
        Example("", "Name: Tea\nUse: Hot", Verdict.PASS, arguments={"labels": ["Name", "Use:"]}, form="bare"),
        Example("", "## **Nom**\n\nThé\n\n## **Usage :**\nChaud", Verdict.PASS, "fr", {"labels": ["nom", "usage"]}),
        Example("", "Use: Hot\nName: Tea", Verdict.FAIL, arguments={"labels": ["Name", "Use"]}),
        Example("", "The name: Tea", Verdict.FAIL, arguments={"labels": ["Name"]}),
        Example("", "Имя:\n\nВид: чай", Verdict.FAIL, "ru", {"labels": ["Имя", "Вид"]}),
        Example("", "1. 名前：お茶\n2. 種類：緑茶", Verdict.PASS, "ja", {"labels": ["名前", "種類"]}),
        Example("", "Namen: Tee", Verdict.FAIL, "de", {"labels": ["Name"]}),
    )


def _after(line: str, label: str) -> str | None:
    """What follows a label at the head of a line; None where it is not there."""
    head = spelled(line[:_HEAD])
    for text in (head, head.lstrip(_MARKS)):
        if text.startswith(label):
            rest = text[len(label) :].lstrip(_AFTER)
            if not rest or rest[0] in _SEPARATORS:
                return rest
    return None
