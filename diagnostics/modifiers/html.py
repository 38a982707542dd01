"""The reply is an HTML page or fragment, and nothing else.

A page or a fragment is markup from its first character to its last, made of HTML's own elements, with at least one
that holds content: a lone ``<b>`` in prose, XML, a template in angle brackets are none. A code fence, or text
around the markup, makes the form "unwrapped" as long as the markup is at least half of the reply's characters and
begins within its first thousand. Elements whose end tag HTML does not let go must be closed. Parsed with lexbor, which
builds the tree that a browser would and never refuses.

What fails is told apart: Markdown instead of HTML, XML, HTML that breaks off or leaves an element open, HTML that is
the smaller part, prose with a tag in it, a page where a fragment was asked for or the other way round, and the first
tag that is not allowed, with its place.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from msgspec import Meta
from selectolax.lexbor import LexborHTMLParser

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .document import LONGEST_WAY_IN, MOSTLY, around, begins, place_in
from .markdown import loose_marks, marks
from .payload import Payload, fenced, led_in, outside, payload
from .tags import Tag, tags, unclosed

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
area base br col embed hr img input li link meta p param source td th tr track wbr dt dd option
"""
_VOID = frozenset(_VOID_NAMES.split())
"""Elements that never hold themselves, whether closed or not."""
_OPTIONAL_NAMES = "body caption colgroup head html optgroup rp rt tbody tfoot thead"
_MAY_STAY_OPEN = _VOID | frozenset(_OPTIONAL_NAMES.split())
"""Elements whose end tag may be left out, where they have one (HTML standard, section 13.1.2.4)."""
_FRAME = frozenset({"html", "head", "body", "title", "meta"})
"""What makes a page; allowed in a page that was asked for."""
_DEEPEST = 500
"""Deeper nesting is not read: building the tree would take time that grows with its square."""
_START = re.compile(r"<[!A-Za-z]|`{3}|~{3}")
_PAGE_START = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)
_PAGE_END = re.compile(r"</html\s*+>", re.IGNORECASE)
_KNOWN = 0.8
"""Part of the tags that must be HTML's own."""
_LOOSE_TEXT = 0.2
"""Part of the text that may stand outside any element."""
_SHOWN = 4
_CLOSE = 0.5
"""Score of HTML with one thing wrong."""

Element = Annotated[str, Meta(pattern="^[A-Za-z][A-Za-z0-9-]*$", min_length=1, max_length=32)]


class Html(Modifier, frozen=True):
    """ "Answer as an HTML page." """

    page: bool | None = None
    """True: a whole page, with <html> or <body>; False: a fragment without them; None: either."""
    tags: Annotated[tuple[Element, ...], Meta(min_length=1, max_length=150)] | None = None
    """The only elements allowed, "p" or "ul"; None: any. A page that was asked for may have those of its frame too."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass on markup, bare or unwrapped. While it goes on, only one that has not begun in time is decided."""
        if not begins(reply, _START):
            instead = _instead(reply.lstrip()[:LONGEST_WAY_IN])
            return Outcome(Verdict.FAIL, f"{instead} in the first {LONGEST_WAY_IN} characters", score=0.0)
        if not complete:
            return CUT_SHORT
        bare = reply.strip()
        if (found := _markup(bare)) is not None:
            return self._held(reply, bare, found, "bare")
        within = tags(reply)
        if (broken := _broken(reply, within)) is not None:
            return Outcome(Verdict.FAIL, broken, score=_CLOSE)
        for inner in _inner(reply, within):
            if (found := _markup(inner.text)) is not None:
                return self._inside(reply, inner, found)
        return Outcome(Verdict.FAIL, _instead(reply), score=0.0)

    def _inside(self, reply: str, inner: Payload, found: list[Tag]) -> Outcome:
        if inner.share < MOSTLY:
            explanation = f"HTML is only {inner.share:.0%} of the reply"
            return Outcome(Verdict.FAIL, explanation, score=round(inner.share / 2, 3))
        return self._held(reply, inner.text, found, "unwrapped")

    def _held(self, reply: str, text: str, found: list[Tag], form: str) -> Outcome:
        """Markup with its tags, held against what was asked of it."""
        is_page = any(tag.name in ("html", "body") for tag in found)
        if is_page and self.page is False:
            return Outcome(Verdict.FAIL, "a whole HTML page, a fragment without <html> was asked for", score=_CLOSE)
        if not is_page and self.page:
            return Outcome(Verdict.FAIL, "a fragment of HTML, a whole page was asked for", score=_CLOSE)
        if missing := unclosed(found, _MAY_STAY_OPEN):
            return Outcome(Verdict.FAIL, f"HTML in which {_open(reply, text, missing)}", score=_CLOSE)
        if (outcome := self._allowed(reply, text, found)) is not None:
            return outcome
        kind = "an HTML page" if is_page else "a fragment of HTML"
        if form == "bare":
            return Outcome(Verdict.PASS, f"the reply is {kind}", form, 1.0)
        return Outcome(Verdict.PASS, f"{kind} {around(reply, text)}", form, 0.75)

    def _allowed(self, reply: str, text: str, found: list[Tag]) -> Outcome | None:
        if self.tags is None:
            return None
        allowed = {name.lower() for name in self.tags} | (_FRAME if self.page else set())
        wrong = [tag for tag in found if tag.name not in allowed]
        if not wrong:
            return None
        others = [name for name in dict.fromkeys(tag.name for tag in wrong) if name != wrong[0].name]
        explanation = f"not allowed: <{wrong[0].name[:40]}> ({_place(reply, text, wrong[0])})"
        explanation += "".join(f", <{name[:40]}>" for name in others[:_SHOWN]) + (", …" if others[_SHOWN:] else "")
        explanation += f"; allowed: {', '.join(self.tags[:20])}" + (", …" if self.tags[20:] else "")
        return Outcome(Verdict.FAIL, explanation, score=round(_CLOSE * (1 - len(wrong) / len(found)), 3))

    examples: ClassVar = (
        Example("Write an HTML page about tea.", "<html><body><h1>Tea</h1></body></html>", Verdict.PASS, form="bare"),
        Example("Answer in HTML.", "<h1>Tea</h1>\n<p>It is <b>hot</b>.</p>", Verdict.PASS, form="bare"),
        Example("Answer in HTML.", "<ul><li>green<li>black</ul>", Verdict.PASS, form="bare"),
        Example(
            "Ответь в формате HTML.", "Вот:\n```html\n<p>Чай горячий.</p>\n```", Verdict.PASS, "ru", form="unwrapped"
        ),
        Example("Réponds en HTML.", "# Thé\n\n**chaud**", Verdict.FAIL, "fr"),
        Example("HTMLで答えてください。", "お茶は<b>熱い</b>です。", Verdict.FAIL, "ja"),
        Example("Answer in HTML.", "<note><to>Ann</to><body2>tea</body2></note>", Verdict.FAIL),
        Example("Answer in HTML.", "<<Tea>>", Verdict.FAIL),
        Example("Answer in HTML.", "<div><h1>Tea</h1><p>It is", Verdict.FAIL),
        Example("Answer in HTML.", "<div><h1>Tea</h1><p>It is hot.</p>", Verdict.FAIL),
        Example("", "<!DOCTYPE html>\n<html><body><p>茶</body></html>", Verdict.PASS, "zh", {"page": True}, "bare"),
        Example("", "<p>Tea</p>", Verdict.FAIL, arguments={"page": True}),
        Example("", "<body><p>Tee</p></body>", Verdict.FAIL, "de", {"page": False}),
        Example("", "<ul><li>thé</li></ul>", Verdict.PASS, "fr", {"page": False, "tags": ["ul", "li"]}, "bare"),
        Example("", "<ul><li><b>thé</b></li></ul>", Verdict.FAIL, "fr", {"tags": ["ul", "li"]}),
        Example("What is the difference between HTML and JavaScript?", "One is markup."),
        Example("Erkläre mir, was HTML ist.", "Eine Auszeichnungssprache.", None, "de"),
        Example("Write an essay about the history of HTML.", "Once …"),
        Example("Do not use HTML in your answer.", "Fine."),
    )


def is_html(text: str) -> bool:
    """Is the whole text one HTML page or fragment, though elements may be left open?"""
    return _markup(text) is not None


def _markup(text: str) -> list[Tag] | None:
    """The tags of a text that is HTML as a whole; None where it is not."""
    if not (text.startswith("<") and text.endswith(">")):
        return None
    found = tags(text)
    return found if _are_html(found) and not _too_deep(found) and _outside(text) <= _LOOSE_TEXT else None


def _are_html(found: list[Tag]) -> bool:
    """Are these HTML's own elements, and is one among them that holds content?"""
    names = [tag.name for tag in found]
    return not _BLOCKS.isdisjoint(names) and sum(map(_ELEMENTS.__contains__, names)) >= _KNOWN * len(names)


def _too_deep(found: list[Tag]) -> bool:
    if len(found) <= _DEEPEST:
        return False
    depth = 0
    for tag in found:
        if tag.name not in _VOID and not tag.empty:
            depth = max(depth - 1, 0) if tag.closes else depth + 1
            if depth > _DEEPEST:
                return True
    return False


def _outside(text: str) -> float:
    """Part of the text that stands outside any element, in [0, 1]."""
    body = LexborHTMLParser(text.encode("utf-8", "replace")).body
    if body is None:
        return 1.0
    everything = len(body.text(deep=True).strip())
    loose = sum(len((node.text_content or "").strip()) for node in body.iter(include_text=True) if node.is_text_node)
    return min(loose / everything, 1.0) if everything else 0.0


def _inner(reply: str, within: list[Tag]) -> list[Payload]:
    """What may be HTML within the reply, the largest part of it first: the largest code block, a page, what follows a
    lead-in, tag to tag."""
    found = (fenced(reply), _page(reply), led_in(reply), _span(reply, within))
    different: dict[str, Payload] = {}
    for inner in sorted((inner for inner in found if inner is not None), key=lambda inner: -inner.share):
        different.setdefault(inner.text, inner)
    return list(different.values())


def _page(reply: str) -> Payload | None:
    start = _PAGE_START.search(reply)
    if start is None:
        return None
    ends = [match.end() for match in _PAGE_END.finditer(reply, start.start())]
    return payload(reply, start.start(), ends[-1]) if ends else None


def _span(reply: str, within: list[Tag]) -> Payload | None:
    """From the first element that holds content to the last tag."""
    start = next((tag.start for tag in within if tag.name in _BLOCKS), None)
    return None if start is None else payload(reply, start, within[-1].end)


def _broken(reply: str, within: list[Tag]) -> str | None:
    """How HTML breaks off that is most of the reply; None where there is no such thing."""
    start = next((tag.start for tag in within if tag.name in _BLOCKS), len(reply))
    for inner in (fenced(reply), payload(reply, start, len(reply))):
        if inner is None or inner.share < MOSTLY or not inner.text.startswith("<") or inner.text.endswith(">"):
            continue
        found = tags(inner.text)
        missing = unclosed(found, _VOID)
        if missing and _are_html(found):
            return f"HTML that breaks off: {_open(reply, inner.text, missing)}"
    return None


def _open(reply: str, text: str, missing: list[Tag]) -> str:
    place = _place(reply, text, missing[0])
    others = f", nor are {len(missing) - 1} more" if len(missing) > 1 else ""
    return f"<{missing[0].name[:40]}> is never closed ({place}){others}"


def _place(reply: str, text: str, tag: Tag) -> str:
    return place_in(reply, max(reply.find(text), 0) + tag.start)


def _instead(reply: str) -> str:
    """What a reply without HTML is instead."""
    text = reply.strip()
    found = tags(text)
    unknown = next((tag.name for tag in found if tag.name not in _ELEMENTS), None)
    is_markup = text.startswith(("<?", "<!")) or (bool(found) and found[0].start == 0)
    if is_markup and _are_html(found):
        return "nested too deep to be read" if _too_deep(found) else "HTML with much text outside its elements"
    if is_markup and unknown is not None:
        return f"XML or other markup instead of HTML, which has no <{unknown[:40]}>"
    prose = outside(text)
    if kinds := [*marks(prose), *loose_marks(prose)]:
        return f"Markdown instead of HTML: {', '.join(kinds)}"
    if found and found[0].name in _ELEMENTS:
        return f"<{found[0].name[:40]}> alone makes no HTML: no element that holds the text"
    return "prose without HTML" if text else "the reply is empty"
