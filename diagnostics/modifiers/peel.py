"""What is left of a reply when its wrapping is peeled: a line that leads in, a code fence, emphasis around it all.

Unlike ``payload``, only what comes first in the reply is looked at, so that a verdict on what was peeled holds
however the reply goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .payload import led_in

_FENCE = re.compile(r"(`{3,16}+|~{3,16}+)[^\n`]{0,40}+\n")
_EMPHASIS = re.compile(r"\*{1,3}+|_{1,3}+")
_LONGEST_LINE = 301
"""A line that leads in is no longer, colon included."""
_MOSTLY = 0.5


def peeled(reply: str) -> list[str]:
    """The reply without the line that leads in, without the fence, without both, and each without emphasis.

    What comes after a fence goes with it.
    A fence whose content is less than half of what it stands in is part of the reply, not its wrapping.
    """
    text = reply.strip()
    inner = led_in(text)
    texts = [text] if inner is None else [text, inner.text]
    texts += [block for each in texts if (block := _fenced(each))]
    return texts[1:] + [plain for each in texts if (plain := _plain(each))]


def form(reply: str, passes: Callable[[str], bool]) -> str | None:
    """ "bare" where the reply passes as it stands, "unwrapped" where it does peeled, None where it does not."""
    if passes(reply.strip()):
        return "bare"
    return "unwrapped" if any(map(passes, peeled(reply))) else None


def unsettled(reply: str) -> bool:
    """May what has come so far of a reply still turn out to be a line that leads in, or the start of a fence?"""
    text = reply.strip()
    inner = led_in(text)
    head, newline, _ = (text if inner is None else inner.text).partition("\n")
    if newline:
        return False
    return len(head) <= _LONGEST_LINE if inner is None else not head or head[0] in "`~"


def _plain(text: str) -> str | None:
    """What stands in one pair of marks of emphasis, which is the whole text."""
    mark = _EMPHASIS.match(text)
    inner = text[mark.end() : -len(mark[0])] if mark and text.endswith(mark[0]) else ""
    return inner.strip() if mark and inner and mark[0] not in inner else None


def _fenced(text: str) -> str | None:
    opened = _FENCE.match(text)
    if opened is None:
        return None
    closed = re.compile(rf"^[ \t]{{0,3}}+{opened[1]}[`~]*+[ \t]*+$", re.MULTILINE).search(text, opened.end())
    if closed is None:
        return text[opened.end() :].strip()
    inner = text[opened.end() : closed.start()].strip()
    after = text[closed.end() :].strip()
    return inner if len(inner) >= _MOSTLY * (len(inner) + len(after)) else None
