"""What a reply holds once its wrapping is peeled off: a code fence, a line that leads in ("Here is the page:").

IFEval's loose verdict deletes the first and the last line blindly; this peels off only what can be named.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_FENCE = re.compile(r"^[ \t]*+(`{3,}+|~{3,}+)[ \t]*+([\w+#.-]*+)[^\n`]*+$", re.MULTILINE)
"""A mark that opens or closes a code block, indented as far as an item of a list may want it."""
LEAD_IN = re.compile(r"\s*+(?![-*+•・‣◦▪●][ \t]|\d{1,3}(?:[.)][ \t]|[、）]))[^\n]{1,300}[:：][*_]{0,3}+[ \t\r]*+\n\s*+")
"""A line that ends in a colon, emphasis aside. An item of a list leads into nothing."""


class Payload(NamedTuple):
    """A part of a reply, stripped, and its share of the reply's characters, the wrapping aside, in [0, 1]."""

    text: str
    share: float


def payload(reply: str, start: int, end: int, wrapped: tuple[int, int] | None = None) -> Payload:
    """``reply[start:end]`` as a payload; ``wrapped`` is where it starts and ends with its wrapping, a fence."""
    text = reply[start:end].strip()
    first, last = wrapped or (start, end)
    lead_in = LEAD_IN.match(reply, 0, first)
    rest = len(reply[lead_in.end() if lead_in else 0 : first].strip()) + len(reply[last:].strip())
    return Payload(text, len(text) / max(len(text) + rest, 1))


class Block(NamedTuple):
    """A fenced code block: the language it names in lower case, its lines, and its range with and without the fence."""

    language: str
    text: str
    inner: tuple[int, int]
    outer: tuple[int, int]
    closed: bool


def code_blocks(reply: str) -> list[Block]:
    """The fenced code blocks in their order; one that is never closed goes on to the end."""
    blocks: list[Block] = []
    if "```" not in reply and "~~~" not in reply:
        return blocks
    opened: re.Match[str] | None = None
    for mark in _FENCE.finditer(reply):
        if opened is None:
            opened = mark
        elif mark[1].startswith(opened[1]) and not mark[2]:
            blocks.append(_block(reply, opened, mark.start(), mark.end(), True))
            opened = None
    if opened is not None:
        blocks.append(_block(reply, opened, len(reply), len(reply), False))
    return blocks


def _block(reply: str, opened: re.Match[str], end: int, outer_end: int, closed: bool) -> Block:
    inner = (opened.end(), end)
    return Block(opened[2].lower(), reply[opened.end() : end].strip("\n"), inner, (opened.start(), outer_end), closed)


def fenced(reply: str) -> Payload | None:
    """The largest fenced block."""
    blocks = code_blocks(reply)
    if not blocks:
        return None
    largest = max(blocks, key=lambda block: block.inner[1] - block.inner[0])
    return payload(reply, *largest.inner, largest.outer)


def outside(reply: str) -> str:
    """The reply without its code blocks."""
    parts, start = [], 0
    for block in code_blocks(reply):
        parts.append(reply[start : block.outer[0]])
        start = block.outer[1]
    return "".join([*parts, reply[start:]])


def led_in(reply: str) -> Payload | None:
    """What follows a first line that ends in a colon; None when there is no such line."""
    match = LEAD_IN.match(reply)
    return payload(reply, match.end(), len(reply)) if match else None
