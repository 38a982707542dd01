"""The reply lists so many items, with bullets or numbers.

Judged: the items at the top level, those with the least indentation. Where a numbered item heads bullets that are not
indented, only the numbered ones are top-level: the first item says of which kind they are. Items dressed as headings,
quotes or in bold ("### 1. Tea") and a list in a code fence make the form "unwrapped". A reply without any list that has
exactly so many short lines is one, unwrapped too. Items in a sentence, "tea, milk and juice", are no list.

IFEval has no such type; its bullet lists are ``bullets``.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .relation import Relation, asked, exceeds, holds
from .reply import Reply

_EAST_ASIAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_ITEM = re.compile(
    r"(?P<indent>[ \t\u3000]{0,40}+)(?P<dress>>?[ \t]*+(?:#{1,6}+[ \t]++)?[*_]{0,3}+)"
    r"(?:(?P<number>[(（]?\d{1,3}+"
    rf"(?:[.)．）][*_]{{0,3}}+[ \t\u3000]++|[、．）]|[.)](?=[{_EAST_ASIAN}]))|[①-⑳][ \t\u3000]*+)"
    r"|(?P<bullet>[-*+][ \t]++(?!(?:[-*_][ \t]*+)++$)|[•・‣◦▪●][ \t\u3000]*+))(?=\S)"
)
_STARRED = re.compile(r"(?P<indent>[ \t\u3000]{0,40}+)\*[ \t]++(?!(?:[-*_][ \t]*+)++$)\S")
_TAB = 4
_MOSTLY = 0.5
_LONGEST_ITEM = 120


class Items(Modifier, frozen=True):
    """ "List 5 ideas." """

    num_items: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    relation: Relation = "exactly"

    def judge(self, reply: Reply) -> Outcome:
        """Count the items. Too many at the left margin fail at once, too few only at the end."""
        count, dressed, sure = _top(reply.prose)
        if not reply.complete:
            return self._failed(count) if sure and exceeds(count, self.relation, self.num_items) else CUT_SHORT
        if not count and reply.blocks:
            largest = max(reply.blocks, key=lambda block: len(block.text))
            if len(largest.text) >= _MOSTLY * (len(largest.text) + len(reply.prose.strip())):
                count, dressed = _top(largest.text)[0], True
        if not count and _bare_lines(reply.text) == self.num_items > 1:
            return Outcome(Verdict.PASS, f"{self.num_items} lines without marks of a list", "unwrapped", 1.0)
        if not count or not holds(count, self.relation, self.num_items):
            return self._failed(count)
        return Outcome(Verdict.PASS, self._said(count), "unwrapped" if dressed else "bare", 1.0)

    def _failed(self, count: int) -> Outcome:
        bound = max(self.num_items - (self.relation == "less than"), 1)
        return Outcome(Verdict.FAIL, self._said(count), score=round(max(0.0, 1 - abs(count - bound) / bound), 3))

    def _said(self, count: int) -> str:
        return f"{count or 'no'} list item{'s' * (count != 1)}, {asked(self.relation, self.num_items)}"

    examples: ClassVar = (
        Example("List 3 options.", "- tea\n- milk\n- rum", Verdict.PASS, arguments={"num_items": 3}),
        Example("Is this shop on the list of 5 best shops?", "Yes."),
        Example("", "1. Tea\n2. Milk", Verdict.PASS, arguments={"num_items": 2}, form="bare"),
        Example("", "Voici :\n\n- Thé\n  - vert\n- Lait", Verdict.PASS, "fr", {"num_items": 2}, "bare"),
        Example("", "1. **Чай**\n- зелёный\n- чёрный\n2. **Сок**", Verdict.PASS, "ru", {"num_items": 2}, "bare"),
        Example("", "### 1. Tee\n\nHeiß.\n\n### 2. Milch", Verdict.PASS, "de", {"num_items": 2}, "unwrapped"),
        Example("", "・お茶\n・牛乳\n・水", Verdict.FAIL, "ja", {"num_items": 2}),
        Example("", "Té\nLeche", Verdict.PASS, "es", {"num_items": 2}, "unwrapped"),
        Example("", "Tea, milk.", Verdict.FAIL, arguments={"num_items": 2}),
        Example("", "- Tea\n- Milk", Verdict.PASS, arguments={"num_items": 3, "relation": "at most"}),
        Example("", "---\n-5 °C\n1990. Tea\n2.5 l", Verdict.FAIL, arguments={"num_items": 5}),
    )


def _bare_lines(text: str) -> int:
    """How many lines a list without marks has; 0 where a line is too long to be an item, or leads in."""
    found = [line.strip() for line in lines(text) if any(map(str.isalnum, line))]
    return 0 if any(len(line) > _LONGEST_ITEM or line.endswith((":", "：")) for line in found) else len(found)


def _top(text: str) -> tuple[int, bool, bool]:
    """How many items are at the top level, whether any is dressed, and whether more text can only add to them."""
    found: list[tuple[int, bool, bool]] = []
    for line in lines(text):
        match = _STARRED.match(line) or _ITEM.match(line)
        if match is not None:
            groups = match.groupdict()
            dress = (groups.get("dress") or "").strip()
            found.append((len(match["indent"].replace("\t", " " * _TAB)), bool(groups.get("number")), bool(dress)))
    if not found:
        return 0, False, False
    least = min(indent for indent, _, _ in found)
    numbered = next(number for indent, number, _ in found if indent == least)
    top = [dressed for indent, number, dressed in found if indent == least and number == numbered]
    return len(top), any(top), not least
