"""The reply has a numbered list: of as many items as asked for, or of at least two where no number was named.

An item is a line that starts with a number of up to three digits, of any script, then ``.`` or ``)`` and a blank ("1.
Tea"); the wide marks ``．`` ``）`` ``、`` need no blank, and neither does ``.`` before Chinese, Japanese or Korean.
Nested items count. Items dressed as headings, quotes or in bold ("**1.** Tea") make the form "unwrapped".

IFEval has no such type. M-IFEval's Japanese one (detectable_format:number_numbered_lists) counts ``^\\s*\\d+\\.\\s``,
so that a year at the start of a line counts, and "1)", "1、" and "1.お茶" do not; here it is the other way round.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .relation import asked, nearness
from .reply import Reply

_EAST_ASIAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_ITEM = re.compile(rf"\n[ \t\u3000]*+\d{{1,3}}+(?:[.)．）][ \t\u3000]++|[、．）]|[.)](?=[{_EAST_ASIAN}]))(?=\S)")
_DRESSED = re.compile(
    r"\n[ \t\u3000>]*+(?:#{1,6}+[ \t]++)?[*_]{0,3}+\d{1,3}+"
    rf"(?:[.)．）][*_]{{0,3}}+[ \t\u3000]++|[、．）]|[.)](?=[{_EAST_ASIAN}]))(?=\S)"
)
_FEWEST = 2


class Numbered(Modifier, frozen=True):
    """ "Answer with a numbered list of 5 items." """

    num_items: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """Exactly how many; None when any numbered list will do."""

    def judge(self, reply: Reply) -> Outcome:
        """Count the items. Too many fail at once, too few only at the end."""
        plain = reply.sum(_plain, reply.bare)
        if not reply.complete and self.num_items is not None and plain <= self.num_items:
            return CUT_SHORT
        dressed = reply.sum(_dressed, reply.bare)
        if self.num_items is None:
            return self._any(plain, dressed, reply.complete)
        count = plain if plain >= self.num_items else dressed
        explanation = f"{_items(count)}, {asked('exactly', self.num_items)}"
        if count == self.num_items:
            form = "bare" if count == plain else "unwrapped"
            return Outcome(Verdict.PASS, explanation, form, 1.0)
        return Outcome(Verdict.FAIL, explanation, score=nearness(count, "exactly", self.num_items))

    def _any(self, plain: int, dressed: int, complete: bool) -> Outcome:
        if plain >= _FEWEST:
            return Outcome(Verdict.PASS, _items(plain), "bare", 1.0)
        if not complete:
            return CUT_SHORT
        if dressed >= _FEWEST:
            return Outcome(Verdict.PASS, f"{_items(dressed)}, as headings or in bold", "unwrapped", 1.0)
        explanation = f"{_items(dressed)}; a list has at least {_FEWEST}"
        return Outcome(Verdict.FAIL, explanation, score=dressed / _FEWEST)

    examples: ClassVar = (
        Example("Give me a numbered list of rivers.", "1. Rhine\n2. Elbe", Verdict.PASS),
        Example("Gib mir eine nummerierte Liste von Flüssen.", "- Rhein\n- Elbe", Verdict.FAIL, "de"),
        Example("Why are houses numbered?", "To be found."),
        Example("", "1. Tea\n2. Milk", Verdict.PASS, arguments={"num_items": 2}, form="bare"),
        Example("", "**1.** Thé\n\nChaud.\n\n**2.** Lait", Verdict.PASS, "fr", {"num_items": 2}, "unwrapped"),
        Example("", "1、お茶\n2、牛乳", Verdict.PASS, "ja", form="bare"),
        Example("", "١. شاي\n٢. حليب", Verdict.PASS, "ar", {"num_items": 2}, "bare"),
        Example("", "1. Tee\n2. Milch\n3. Saft", Verdict.FAIL, "de", {"num_items": 2}),
        Example("", "- Tea\n- Milk", Verdict.FAIL),
        Example("", "2.5 l of tea\n3.5 l of milk", Verdict.FAIL),
        Example("", "1990. gadā tēja.\n1991. gadā piens.", Verdict.FAIL, "lv"),
    )


def _items(count: int) -> str:
    return "1 numbered item" if count == 1 else f"{count or 'no'} numbered items"


def _plain(lines: str) -> int:
    return len(_ITEM.findall("\n" + lines))


def _dressed(lines: str) -> int:
    return len(_DRESSED.findall("\n" + lines))
