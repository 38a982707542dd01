"""What a reply holds once its wrapping is peeled off: a code fence, a line that leads in ("Here is the page:").

IFEval's loose verdict deletes the first and the last line blindly; this peels off only what can be named.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}+|~{3,}+)[ \t]*+([\w+#.-]*+)[^\n`]*+$", re.MULTILINE)
_LEAD_IN = re.compile(r"\s*+[^\n]{1,300}[:：][ \t]*+\n\s*+")


class Payload(NamedTuple):
    """A part of a reply, stripped, and its share of the reply's characters, the wrapping aside, in [0, 1]."""

    text: str
    share: float


def payload(reply: str, start: int, end: int, wrapped: tuple[int, int] | None = None) -> Payload:
    """``reply[start:end]`` as a payload; ``wrapped`` is where it starts and ends with its wrapping, a fence."""
    text = reply[start:end].strip()
    first, last = wrapped or (start, end)
    lead_in = _LEAD_IN.match(reply, 0, first)
    rest = len(reply[lead_in.end() if lead_in else 0 : first].strip()) + len(reply[last:].strip())
    return Payload(text, len(text) / max(len(text) + rest, 1))


def fenced(reply: str) -> Payload | None:
    """The largest fenced block; one that is never closed goes on to the end."""
    blocks: list[tuple[int, int, tuple[int, int]]] = []
    opened: re.Match[str] | None = None
    for mark in _FENCE.finditer(reply):
        if opened is None:
            opened = mark
        elif mark[1].startswith(opened[1]) and not mark[2]:
            blocks.append((opened.end(), mark.start(), (opened.start(), mark.end())))
            opened = None
    if opened is not None:
        blocks.append((opened.end(), len(reply), (opened.start(), len(reply))))
    return payload(reply, *max(blocks, key=lambda block: block[1] - block[0])) if blocks else None


def led_in(reply: str) -> Payload | None:
    """What follows a first line that ends in a colon; None when there is no such line."""
    match = _LEAD_IN.match(reply)
    return payload(reply, match.end(), len(reply)) if match else None
