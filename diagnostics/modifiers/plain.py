"""The reply is plain text: no Markdown and no HTML.

What fails is markup that plain text does not have: headings, emphasis, inline code, links, tables, code blocks, and
HTML elements that are opened and closed, ``<br>``, ``<hr>`` or ``<img>``. Lists with dashes or numbers, and ``>``
before a quotation, are how people write plain text, and pass. One code fence around the whole reply makes the form
"unwrapped".

IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .markdown import marks
from .payload import payload
from .reply import Reply

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,15}+)\b[^<>]{0,300}+>", re.IGNORECASE)
_EMPTY = frozenset({"br", "hr", "img"})
_NAMES = """
a article b blockquote body center code dd div dl dt em footer h1 h2 h3 h4 h5 h6 head header html i li main mark nav ol
p pre script section small span strong style sub sup table tbody td th thead tr u ul
"""
_ELEMENTS = _EMPTY | frozenset(_NAMES.split())
"""The elements that text is marked up with."""


class Plain(Modifier, frozen=True):
    """ "Answer in plain text." """

    def judge(self, reply: Reply) -> Outcome:
        """Markup fails at once; a code fence at the end, where it is known whether it holds the whole reply."""
        if not reply.doubled:
            return CUT_SHORT
        found = _markup(reply.prose)
        if found:
            return Outcome(Verdict.FAIL, f"not plain text: {', '.join(found)}", score=0.0)
        if not reply.complete:
            return CUT_SHORT
        blocks = reply.blocks
        if not blocks:
            return Outcome(Verdict.PASS, "no Markdown and no HTML", "bare", 1.0)
        inner = payload(reply.text, *blocks[0].inner, blocks[0].outer)
        if len(blocks) == 1 and inner.share == 1 and not _markup(inner.text):
            return Outcome(Verdict.PASS, "plain text in a code fence", "unwrapped", 0.75)
        return Outcome(Verdict.FAIL, "not plain text: code blocks", score=0.0)

    examples: ClassVar = (
        Example("Answer in plain text.", "Tea is hot.", Verdict.PASS),
        Example("What is plain tea?", "Tea."),
        Example("", "Tea is hot.\n\n- green\n- black", Verdict.PASS, form="bare"),
        Example("", "1) Чай\n2) Молоко", Verdict.PASS, "ru", form="bare"),
        Example("", "2 * 3 * 4 < 25 > 5 <Name>", Verdict.PASS, form="bare"),
        Example("", "```\nLe thé est chaud.\n```", Verdict.PASS, "fr", form="unwrapped"),
        Example("", "# Tee", Verdict.FAIL, "de"),
        Example("", "お茶は**熱い**です。", Verdict.FAIL, "ja"),
        Example("", "<p>El té</p>", Verdict.FAIL, "es"),
    )


def _markup(prose: str) -> list[str]:
    opened: set[str] = set()
    for tag in _TAG.finditer(prose):
        name = tag[2].lower()
        if name in _ELEMENTS and (name in opened if tag[1] else name in _EMPTY):
            return [*marks(prose), "HTML"]
        if not tag[1]:
            opened.add(name)
    return marks(prose)
