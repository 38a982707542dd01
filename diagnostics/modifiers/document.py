"""A reply that is to be one document, of JSON, HTML or XML: what may stand around it, and how that is told."""

from __future__ import annotations

import re

MOSTLY = 0.5
"""The document must be at least this part of the reply."""
LONGEST_WAY_IN = 1_000
"""A document that does not begin within this many characters, spaces aside, comes too late."""
_FENCE_LINE = re.compile(r"[ \t]*+(?:`{3,}+|~{3,}+)[^\n`]*+")


def begins(reply: str, start: re.Pattern[str]) -> bool:
    """May the reply still hold a document that begins with ``start`` and is not too late? Once False, always False."""
    space = len(reply) - len(reply.lstrip())
    end = space + LONGEST_WAY_IN
    return len(reply) < end or start.search(reply, space, end) is not None


def around(reply: str, text: str) -> str:
    """How a document stands in a reply: "in a code fence, with text after it"; "" where it stands alone."""
    place = reply.find(text)
    before, fence = _without_fence(reply[:place].rstrip().split("\n"), last=True)
    after, _ = _without_fence(reply[place + len(text) :].lstrip().split("\n"), last=False)
    found = ["in a code fence"] if fence else []
    if before and "\n" not in before and before.endswith((":", "：")):
        found.append("after a line that leads in")
        before = ""
    if before or after:
        found.append("with text " + " and ".join(["before"] * bool(before) + ["after"] * bool(after)) + " it")
    return ", ".join(found)


def _without_fence(lines: list[str], last: bool) -> tuple[str, bool]:
    """Lines without the fence's mark at their end, or at their start, and whether it is there."""
    fence = _FENCE_LINE.fullmatch(lines[-1 if last else 0]) is not None
    if fence:
        lines = lines[:-1] if last else lines[1:]
    return "\n".join(lines).strip(), fence


def place_in(reply: str, place: int) -> str:
    """A place in a reply as people count: "line 3, column 5"."""
    line = reply.count("\n", 0, place) + 1
    return f"line {line}, column {place - reply.rfind(chr(10), 0, place)}"
