"""Every point of the reply begins with a given marker, such as ``-->``; as many points as asked for, or any.

The points are the lines that begin with the marker, and the lines that begin as items of a list do (``-``, ``•``,
``1.`` …) without it: one of those is a point that begins otherwise. Lines of neither kind are judged in no way: a
lead-in, a heading, a point's further lines. Indented items under a point are its own. The marker after a list mark or
emphasis ("- --> tea") makes the form "unwrapped", and so does one code fence around all points. Code blocks aside.

IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import fenced
from .reply import Reply

_LIST_MARK = re.compile(r"(?:(?:[-*+]|\d{1,3}+[.)])[ \t]++|[•・‣◦▪●][ \t\u3000]*+)(?=\S)")
_RULE = re.compile(r"([-*_])(?:[ \t]*+\1){2,}+$")
_EMPHASIS = "*_"
_MOSTLY = 0.5


class Marker(Modifier, frozen=True):
    """ "Begin each point with -->." """

    marker: Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"\S")]
    num_items: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """Exactly how many points; None when any number will do."""

    def judge(self, reply: Reply) -> Outcome:
        """A point that begins otherwise, or one too many, fails at once."""
        if not reply.doubled:
            return CUT_SHORT
        bare, dressed, otherwise = self._points(reply.prose)
        count = bare + dressed
        if otherwise:
            explanation = f"{_points(otherwise, 'begins', 'begin')} without the marker, {count} with it"
            return Outcome(Verdict.FAIL, explanation, score=round(count / (count + otherwise), 3))
        if not reply.complete and (self.num_items is None or count <= self.num_items):
            return CUT_SHORT
        form = "unwrapped" if dressed else "bare"
        inner = None if count else fenced(reply.text)
        if inner is not None and inner.share >= _MOSTLY:
            bare, dressed, otherwise = self._points(inner.text)
            count = 0 if otherwise else bare + dressed
            form = "unwrapped"
        return self._counted(count, form)

    def _counted(self, count: int, form: str) -> Outcome:
        explanation = f"{_points(count, 'begins', 'begin')} with {self.marker.strip()}"
        if self.num_items is not None:
            explanation += f", {self.num_items} asked for"
        if count and self.num_items in (None, count):
            return Outcome(Verdict.PASS, explanation, form, 1.0)
        wanted = self.num_items or 1
        return Outcome(Verdict.FAIL, explanation, score=round(max(0.0, 1 - abs(count - wanted) / wanted), 3))

    def _points(self, text: str) -> tuple[int, int, int]:
        """How many points begin with the marker, with the marker once it is undressed, and otherwise."""
        bare = dressed = otherwise = 0
        for line in text.splitlines():
            stripped = line.strip()
            if not stripped or (stripped[0].isalpha() and stripped[0] != self.marker.strip()[0]):
                continue
            mark = _LIST_MARK.match(stripped)
            undressed = (stripped[mark.end() :] if mark else stripped).lstrip(_EMPHASIS)
            if self._begins(stripped):
                bare += 1
            elif self._begins(undressed):
                dressed += 1
            elif mark and not _RULE.match(stripped) and not (line[0].isspace() and bare + dressed):
                otherwise += 1
        return bare, dressed, otherwise

    def _begins(self, line: str) -> bool:
        marker = self.marker.strip()
        rest = line[len(marker) :] if line.startswith(marker) else ""
        # "---" and "**Tea**" do not begin with the markers "-" and "*".
        return bool(rest) and rest[0] != marker[-1] and not _RULE.match(line)

    examples: ClassVar = (
        Example("Begin each point with the sign -->", "--> tea\n--> milk", Verdict.PASS, arguments={"marker": "-->"}),
        Example("What does x --> y mean?", "x tends to y."),
        Example("", "--> Tea\n--> Milk", Verdict.PASS, arguments={"marker": "-->"}, form="bare"),
        Example("", "Voici :\n--> Thé\n  - vert\n--> Lait", Verdict.PASS, "fr", {"marker": "-->"}, "bare"),
        Example("", "- --> Чай\n- --> Молоко", Verdict.PASS, "ru", {"marker": "-->", "num_items": 2}, "unwrapped"),
        Example("", "★お茶\n★牛乳", Verdict.PASS, "ja", {"marker": "★"}, "bare"),
        Example("", "--> Chá\n- Leite", Verdict.FAIL, "pt", {"marker": "-->"}),
        Example("", "Tea --> milk", Verdict.FAIL, arguments={"marker": "-->"}),
        Example("", "**Tea**\n***\n**Milk**", Verdict.FAIL, arguments={"marker": "*"}),
        Example("", "--> Tee", Verdict.FAIL, "de", {"marker": "-->", "num_items": 2}),
    )


def _points(count: int, one: str, more: str) -> str:
    return f"1 point {one}" if count == 1 else f"{count or 'no'} points {more}"
