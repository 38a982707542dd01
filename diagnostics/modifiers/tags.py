"""The tags of a text, as a reader of HTML meets them: none in comments, in scripts, in styles, or in attributes.

``<<title>>``, ``1 < 2`` and ``<[tag]>`` are none, nor is what is never closed by ``>``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_ATTRIBUTES = r"([^<>\"']*+(?:\"[^\"]*+\"[^<>\"']*+|'[^']*+'[^<>\"']*+)*+)"
_COMMENT = r"<!--(?:[^-]++|-(?!->))*+"
_ANY = rf"<(/?)([^\W\d_][\w:.-]*+){_ATTRIBUTES}>"
_RAW = rf"<((?i:script|style|textarea|title)(?![\w:.-])){_ATTRIBUTES}>(?:[^<]++|<(?!/(?i:\1)))*+"
"""An element whose content is text to HTML, whatever it looks like, as far as its end tag."""
_TOKEN = re.compile(f"{_COMMENT}|{_ANY}")
_HTML_TOKEN = re.compile(f"{_COMMENT}|{_RAW}|{_ANY}")


class Tag(NamedTuple):
    """One tag: its name in lower case, whether it closes an element, its own or an earlier one, and its range."""

    name: str
    closes: bool
    empty: bool
    start: int
    end: int


def tags(text: str, raw: bool = True) -> list[Tag]:
    """The tags in their order. With ``raw``, the content of scripts and the like is passed over, as HTML has it."""
    found = []
    for match in (_HTML_TOKEN if raw else _TOKEN).finditer(text):
        *opens, slash, name, rest = match.groups()
        if name is not None:
            found.append(Tag(name.lower(), slash == "/", rest[-1:] == "/", match.start(), match.end()))
        elif opens and opens[0] is not None:
            found.append(Tag(opens[0].lower(), False, False, match.start(), match.end(2) + 1))
    return found


def unclosed(found: Iterable[Tag], may_stay_open: frozenset[str]) -> list[Tag]:
    """The tags that open an element which nothing closes, outermost first; what may stay open is none of them."""
    opened: list[Tag] = []
    names: Counter[str] = Counter()
    missing: list[Tag] = []
    for tag in found:
        if not tag.closes:
            if not tag.empty:
                opened.append(tag)
                names[tag.name] += 1
        elif names[tag.name]:
            while (last := opened.pop()).name != tag.name:
                names[last.name] -= 1
                missing.append(last)
            names[tag.name] -= 1
    return sorted((tag for tag in missing + opened if tag.name not in may_stay_open), key=lambda tag: tag.start)
