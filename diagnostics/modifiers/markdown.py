"""The reply is written in Markdown: there is at least one heading, list, emphasis, table, link, quote or code.

Read by the rules below, which are CommonMark's and GitHub's in short, line by line and in linear time; no Markdown
parser is run. A list has at least two items. A lone ``*``, ``2 * 3 * 4``, ``2**3``, ``#5`` and a single "1." are no
Markdown. A reply that is wrapped in a ```` ```markdown ```` fence is shown as source, and its form is "unwrapped".

IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import payload
from .reply import Reply
from .table import tables

_INLINE_EDGE = r"0-9A-Za-z*\\"
"""What opens no emphasis after itself. Letters of scripts without spaces do: これは**重要**です。"""
_MARKS = {
    "headings": re.compile(r"^ {0,3}#{1,6}+[ \t]++[^\s#]|(?<=[^\n])\n {0,3}={3,}+[ \t]*+$", re.MULTILINE),
    "emphasis": re.compile(
        rf"(?<![{_INLINE_EDGE}])(\*{{1,3}}+)(?=\S)[^*\n]++(?<=\S)\1(?![0-9A-Za-z*])"
        r"|(?<![\w\\])__(?=[^\s_][^\n_ ]*+ )[^_\n]++(?<=\S)__(?!\w)"  # not __init__
    ),
    "inline code": re.compile(r"(?<!`)`[^`\n]++`(?!`)"),
    "links": re.compile(r"\[[^\[\]\n]++\]\([^()\s]++\)"),
}
_HINTS = {"headings": ("#", "==="), "emphasis": ("*", "__"), "inline code": ("`",), "links": ("](",)}
_QUOTE = re.compile(r"\n {0,3}>[ \t]++\S")
_BULLET = re.compile(r"\n[ \t]*+[-*+][ \t]++(?!(?:[-*_][ \t]*+)++$)\S", re.MULTILINE)
_NUMBERED = re.compile(r"\n[ \t]*+\d{1,9}+[.)][ \t]++\S")
_NAMES = frozenset({"markdown", "md", "mdx"})
_MOSTLY = 0.5


class Markdown(Modifier, frozen=True):
    """ "Answer in Markdown." """

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as there is Markdown; whether there is none is known at the end only."""
        if not reply.doubled:
            return CUT_SHORT
        prose, blocks = reply.prose, reply.blocks
        found = [*marks(prose), *loose_marks(prose)]
        if any(block.language not in _NAMES for block in blocks):
            found.append("code blocks")
        if found:
            return Outcome(Verdict.PASS, f"Markdown: {', '.join(found)}", "bare", 1.0)
        if not reply.complete:
            return CUT_SHORT
        for block in blocks:
            inner = payload(reply.text, *block.inner, block.outer)
            found = [*marks(inner.text), *loose_marks(inner.text)]
            if found and inner.share >= _MOSTLY:
                return Outcome(Verdict.PASS, f"Markdown in a code fence: {', '.join(found)}", "unwrapped", 0.75)
        return Outcome(Verdict.FAIL, "no headings, lists, emphasis or other Markdown", score=0.0)

    examples: ClassVar = (
        Example("Format your answer in Markdown.", "# Tea\n\nIt is **hot**.", Verdict.PASS),
        Example("Who invented Markdown?", "John Gruber."),
        Example("", "# Tea\n\nIt is **hot**.", Verdict.PASS, form="bare"),
        Example("", "- Tee\n- Milch", Verdict.PASS, "de", form="bare"),
        Example("", "これは**重要**です。", Verdict.PASS, "ja", form="bare"),
        Example("", "```markdown\n# Чай\n```", Verdict.PASS, "ru", form="unwrapped"),
        Example("", "Le thé est chaud.", Verdict.FAIL, "fr"),
        Example("", "<h1>Tea</h1>", Verdict.FAIL),
        Example("", "2 * 3 * 4 = 24, and 2**3**1 = 8.", Verdict.FAIL),
        Example("", "#1 de la lista", Verdict.FAIL, "es"),
    )


def marks(prose: str) -> list[str]:
    """The kinds of Markdown that no plain text has, code blocks aside."""
    # Most prose has none of these characters, which is told a hundred times faster than by the patterns.
    hinted = [kind for kind in _MARKS if any(hint in prose for hint in _HINTS[kind])]
    found = [kind for kind in hinted if _MARKS[kind].search(prose)]
    return [*found, "tables"] if "|" in prose and tables(prose) else found


def loose_marks(prose: str) -> list[str]:
    """The kinds of Markdown that plain text has too: lists and quotes."""
    prose = "\n" + prose
    listed = any(len(pattern.findall(prose)) > 1 for pattern in (_BULLET, _NUMBERED))
    return ["lists"] * listed + ["quotes"] * (_QUOTE.search(prose) is not None)
