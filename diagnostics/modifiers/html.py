"""The reply is an HTML page or fragment, and nothing else.

A page or a fragment is markup from its first character to its last, made of HTML's own elements, with at least one
that holds content: a lone ``<b>`` in prose, XML, a template in angle brackets are none. A code fence, or text
around a whole page, makes the form "unwrapped" as long as the markup is at least half of the reply's characters.
Parsed with lexbor, which builds the tree that a browser would and never refuses.
"""

from __future__ import annotations

import re
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import Payload, fenced, led_in, payload
from .sentence import Request, Sentence

_BLOCK_NAMES = """
address article aside blockquote body center details dialog div dl fieldset figure footer form h1 h2
h3 h4 h5 h6 header hgroup html main menu nav ol p pre section table ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_OTHER_NAMES = """
a abbr area audio b base bdi bdo big br button canvas caption cite code col colgroup data datalist
dd del dfn dt em embed figcaption font g head hr i iframe img input ins kbd label legend li link map
mark meta meter noscript object optgroup option output param path picture progress q rect circle
line polygon polyline text rp rt ruby s samp script search select slot small source span strike
strong style sub summary sup svg tbody td template textarea tfoot th thead time title tr track tt u
var video wbr
"""
_ELEMENTS = _BLOCKS | frozenset(_OTHER_NAMES.split())
"""The elements of the HTML standard, the common ones of inline SVG, and old ones that browsers still know."""
_VOID_NAMES = """
area base br col embed hr img input li link meta p source td th tr track wbr dt dd option
"""
_VOID = frozenset(_VOID_NAMES.split())
"""Elements that never hold themselves, whether closed or not."""
_DEEPEST = 500
"""Deeper nesting is not read: building the tree would take time that grows with its square."""
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)")
_PAGE_START = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)
_PAGE_END = re.compile(r"</html\s*+>", re.IGNORECASE)
_KNOWN = 0.8
"""Part of the tags that must be HTML's own."""
_LOOSE_TEXT = 0.2
"""Part of the text that may stand outside any element."""
_MOSTLY = 0.5
_PROSE = 200
"""A reply that has gone on this many characters without a tag will not become HTML."""


class Html(Modifier, frozen=True):
    """ "Answer as an HTML page." """

    concepts = ("html",)

    @classmethod
    def requested(cls, sentence: Sentence, i: int) -> Request | None:
        """HTML in the role of a format."""
        return sentence.format(i)

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass on markup, bare or unwrapped; abstain on markup that was cut short."""
        bare = reply.strip()
        if is_html(bare) and (complete or _PAGE_END.search(bare, len(bare) - 9)):
            return Outcome(Verdict.PASS, "the reply is HTML", "bare", 1.0)
        if not complete:
            return Outcome(Verdict.FAIL, "prose without HTML", score=0.0) if _hopeless(bare) else CUT_SHORT
        found = [inner for inner in (fenced(reply), _page(reply), led_in(reply)) if inner and is_html(inner.text)]
        if not found:
            return Outcome(Verdict.FAIL, "the reply is not HTML", score=0.0)
        share = max(inner.share for inner in found)
        if share >= _MOSTLY:
            return Outcome(Verdict.PASS, "HTML inside a code fence or other text", "unwrapped", 0.75)
        return Outcome(Verdict.FAIL, f"HTML is only {share:.0%} of the reply", score=round(share / 2, 3))

    examples: ClassVar = (
        Example("Write an HTML page about tea.", "<html><body><h1>Tea</h1></body></html>", Verdict.PASS, form="bare"),
        Example("Answer in HTML.", "<h1>Tea</h1>\n<p>It is <b>hot</b>.</p>", Verdict.PASS, form="bare"),
        Example(
            "Ответь в формате HTML.", "Вот:\n```html\n<p>Чай горячий.</p>\n```", Verdict.PASS, "ru", form="unwrapped"
        ),
        Example("Réponds en HTML.", "# Thé\n\n**chaud**", Verdict.FAIL, "fr"),
        Example("HTMLで答えてください。", "お茶は<b>熱い</b>です。", Verdict.FAIL, "ja"),
        Example("Answer in HTML.", "<note><to>Ann</to><body2>tea</body2></note>", Verdict.FAIL),
        Example("What is the difference between HTML and JavaScript?", "One is markup."),
        Example("Erkläre mir, was HTML ist.", "Eine Auszeichnungssprache.", None, "de"),
        Example("Write an essay about the history of HTML.", "Once …"),
        Example("Do not use HTML in your answer.", "Fine."),
    )


def is_html(text: str) -> bool:
    """Is the whole text one HTML page or fragment?"""
    if not (text.startswith("<") and text.endswith(">")):
        return False
    tags: list[str] = []
    depth = 0
    for match in _TAG.finditer(text):
        tag = match[2].lower()
        tags.append(tag)
        if tag not in _VOID:
            depth = max(depth - 1, 0) if match[1] else depth + 1
            if depth > _DEEPEST:
                return False
    known = sum(tag in _ELEMENTS for tag in tags)
    if not tags or known < _KNOWN * len(tags) or _BLOCKS.isdisjoint(tags):
        return False
    return _text_is_inside(text)


def _text_is_inside(text: str) -> bool:
    body = LexborHTMLParser(text.encode("utf-8", "replace")).body
    if body is None:
        return False
    everything = len(body.text(deep=True).strip())
    outside = sum(len(node.text_content or "") for node in body.iter(include_text=True) if node.is_text_node)
    return outside <= _LOOSE_TEXT * max(everything, 1) or everything == 0


def _page(reply: str) -> Payload | None:
    start = _PAGE_START.search(reply)
    if start is None:
        return None
    ends = [match.end() for match in _PAGE_END.finditer(reply, start.start())]
    return payload(reply, start.start(), ends[-1]) if ends else None


def _hopeless(text: str) -> bool:
    return len(text) >= _PROSE and "```" not in text and _TAG.search(text) is None
