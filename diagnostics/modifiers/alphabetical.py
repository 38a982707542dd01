"""The items of a list in the reply are in alphabetical order.

Judged: the items at the top level, by their letters and digits, in any case, marks on letters aside. Where that would
be decided by an accented letter, which languages sort differently (å, ä, ñ, ё), or by Chinese characters or kana, it
is left open. In a reply without a list, three short lines or more are one. IFEval has no such type.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import ClassVar

from diagnostics.core import Verdict
from diagnostics.text import lines, unspaced

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_ITEM = re.compile(
    r"([ \t\u3000]{0,40}+)(?:[-*+][ \t]++(?!(?:[-*_][ \t]*+)++$)|[•・‣◦▪●][ \t]*+|\d{1,3}+[.)][ \t]++)(\S.*)"
)
_LONGEST = 120
_FEWEST = 2
_FEWEST_LINES = 3


class Alphabetical(Modifier, frozen=True):
    """ "Sort the list alphabetically." """

    descending: bool = False
    """Whether from Z to A."""

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of neighbours that are in order."""
        if not reply.complete:
            return CUT_SHORT
        items = _items(reply.prose)
        if len(items) < _FEWEST:
            return Outcome(Verdict.ABSTAIN, "no list whose order could be seen")
        pairs = list(pairwise(reversed(items) if self.descending else items))
        keys = {item: _key(item) for item in items}
        wrong = [(first, second) for first, second in pairs if keys[first] > keys[second]]
        if any(unspaced(first + second) or _accents_decide(first, second) for first, second in wrong):
            return Outcome(Verdict.ABSTAIN, "languages sort these letters differently")
        if not wrong:
            return Outcome(Verdict.PASS, f"{len(items)} items in order", "bare", 1.0)
        first, second = wrong[0]
        said = f"{len(wrong)} items out of order: {first[:20]!r} beside {second[:20]!r}"
        return Outcome(Verdict.FAIL, said, score=round(1 - len(wrong) / len(pairs), 3))

    examples: ClassVar = (
        Example("Give me the names in alphabetical order, one on each line.", "1. Ann\n2. Bob", Verdict.PASS),
        Example("", "- apple\n- **Milk**\n- tea", Verdict.PASS, form="bare"),
        Example("", "1. tea\n2. milk", Verdict.PASS, arguments={"descending": True}),
        Example("", "Eau\nÉté\nThé", Verdict.PASS, "fr", form="bare"),
        Example("", "- чай\n- вода", Verdict.FAIL, "ru"),
        Example("", "- Zebra\n- Åre", Verdict.ABSTAIN, "sv"),
        Example("", "- 茶\n- 水", Verdict.ABSTAIN, "zh"),
        Example("", "Tea is hot.\nMilk is not.", Verdict.ABSTAIN),
    )


def _items(text: str) -> list[str]:
    found = [(len(match[1]), match[2]) for line in lines(text) if (match := _ITEM.match(line))]
    if found:
        top = min(indent for indent, _ in found)
        return [item[:_LONGEST] for indent, item in found if indent == top]
    plain = [line.strip() for line in lines(text) if line.strip()]
    return plain if len(plain) >= _FEWEST_LINES and max(map(len, plain)) <= _LONGEST else []


def _key(item: str) -> str:
    """What items are sorted by: letters and digits in small form, without marks, blanks kept apart."""
    parts = unicodedata.normalize("NFD", item.casefold())
    return " ".join(
        "".join(char if char.isalnum() else " " for char in parts if not unicodedata.combining(char)).split()
    )


def _accents_decide(first: str, second: str) -> bool:
    """Whether one of the items begins, up to where they differ, with a letter that has a mark on it."""
    for one, other in zip(first.casefold(), second.casefold(), strict=False):
        if one != other:
            return any(len(unicodedata.normalize("NFD", char)) > 1 for char in (one, other))
    return False
