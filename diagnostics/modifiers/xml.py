"""The reply is one well-formed XML document, and nothing else.

Read by expat, which is told nothing but to parse: no name is looked up and no file or address is opened. A document
that declares entities is not read, as their growth cannot be bounded: abstained on. Markup made of HTML's own
elements is HTML, even where it is well-formed, unless it starts with ``<?xml`` or names a namespace. A code fence, a
line that leads in, or text around the document makes the form "unwrapped", as long as the document is half of the
reply and begins within its first thousand characters.

What fails is told apart: HTML, XML that breaks off (which element is never closed) or is not well-formed (where),
several root elements, XML that is the smaller part, and replies without any.

IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar, NamedTuple
from xml.parsers import expat

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .document import LONGEST_WAY_IN, MOSTLY, around, begins, place_in
from .html import is_html
from .payload import Payload, fenced, led_in, payload
from .tags import tags, unclosed

_START = re.compile(r"<[?!\w]|`{3}|~{3}")
_MARKUP = re.compile(r"<[?!\w]")
_TOO_LATE = Outcome(Verdict.FAIL, f"no XML in the first {LONGEST_WAY_IN} characters", score=0.0)
_ENTITIES = Outcome(Verdict.ABSTAIN, "the XML declares entities or a document type of its own, which is not read")
_HTML = "HTML, not XML"
_NEARLY = 0.25
_JUNK = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_INVALID = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
_UNESCAPED = "a character that must be escaped, as & is by &amp; and < by &lt;, or that cannot stand there"


class _EntitiesDeclared(Exception):
    """The document has declarations of its own."""


class _Fault(NamedTuple):
    """Why a text is no XML document, and where in the text that shows; ``code`` is expat's, 0 for none."""

    what: str
    place: int = 0
    code: int = 0


class Xml(Modifier, frozen=True):
    """ "Answer in XML." """

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass on a document, bare or unwrapped. While it goes on, only one that has not begun in time is decided."""
        if not begins(reply, _START):
            return _TOO_LATE
        if not complete:
            return CUT_SHORT
        try:
            return _judged(reply)
        except _EntitiesDeclared:
            return _ENTITIES

    examples: ClassVar = (
        Example("Answer in XML.", "<tea><hot/></tea>", Verdict.PASS),
        Example("What is XML for?", "Data."),
        Example("", "<?xml version='1.0'?>\n<tea><kind>green</kind></tea>", Verdict.PASS, form="bare"),
        Example("", "<thé chaud='oui'/>", Verdict.PASS, "fr", form="bare"),
        Example("", "Вот:\n```xml\n<чай>зелёный</чай>\n```", Verdict.PASS, "ru", form="unwrapped"),
        Example("", "<tea>green", Verdict.FAIL),
        Example("", "<tea>green & black</tea>", Verdict.FAIL),
        Example("", "<お茶>緑</お茶><お茶>黒</お茶>", Verdict.FAIL, "ja"),
        Example("", "<html><body><p>Tee</p></body></html>", Verdict.FAIL, "de"),
        Example("", "El té <b>verde</b>, sin más etiquetas que esas dos.", Verdict.FAIL, "es"),
        Example("", '{"tea": "green"}', Verdict.FAIL),
        Example("", "<!DOCTYPE t [<!ENTITY e 'x'>]><t>&e;</t>", Verdict.ABSTAIN),
    )


def _judged(reply: str) -> Outcome:
    bare = reply.strip()
    fault = _fault(bare)
    if fault is None:
        return Outcome(Verdict.PASS, "the reply is an XML document", "bare", 1.0)
    inner = [each for each in (fenced(reply), led_in(reply), _span(reply)) if each is not None and each.text != bare]
    faults = {each: _fault(each.text) for each in inner}
    found = [each for each in inner if faults[each] is None]
    if found:
        best = max(found, key=lambda each: each.share)
        if best.share < MOSTLY:
            return Outcome(Verdict.FAIL, f"XML is only {best.share:.0%} of the reply", score=_NEARLY)
        return Outcome(Verdict.PASS, f"an XML document {around(reply, best.text)}", "unwrapped", 0.75)
    texts = [(bare, fault), *((each.text, faults[each]) for each in inner if each.share >= MOSTLY)]
    for text, why in texts:
        if why is not None and _MARKUP.match(text):
            return Outcome(Verdict.FAIL, _told(reply, text, why), score=0.0 if why.what == _HTML else _NEARLY)
    return Outcome(Verdict.FAIL, fault.what, score=0.0)


def _fault(text: str) -> _Fault | None:
    """Why the text is no XML document; None when it is one."""
    if not text.startswith("<"):
        return _Fault("the reply is no XML document" if text else "the reply is empty")
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declarations
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        if is_html(text):
            return _Fault(_HTML)
        return _Fault(expat.errors.messages[error.code], _place_of(text, error.lineno, error.offset), error.code)
    except UnicodeEncodeError:
        return _Fault("the reply is not valid Unicode")
    return _Fault(_HTML) if not text.startswith("<?xml") and "xmlns" not in text and is_html(text) else None


def _told(reply: str, text: str, fault: _Fault) -> str:
    """Why markup is no XML, in words."""
    if not fault.code:
        return fault.what
    start = max(reply.find(text), 0)
    missing = unclosed(tags(text, raw=False), frozenset())
    if missing and fault.place >= len(text):
        where = place_in(reply, start + missing[-1].start)
        return f"XML that breaks off: <{missing[-1].name[:40]}> is never closed ({where})"
    where = place_in(reply, start + fault.place)
    if fault.code == _JUNK and _MARKUP.match(text, fault.place):
        return f"more than one root element ({where}); XML has one"
    what = _UNESCAPED if fault.code == _INVALID else fault.what
    return f"not well-formed XML: {what} ({where})"


def _refuse_declarations(name: str, system: str | None, public: str | None, internal: int) -> None:
    if internal:
        raise _EntitiesDeclared


def _place_of(text: str, line: int, column: int) -> int:
    """The place of expat's line, from 1, and column, from 0."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column


def _span(reply: str) -> Payload | None:
    """From the first tag to the last angle bracket."""
    start, end = _MARKUP.search(reply), reply.rfind(">")
    return payload(reply, start.start(), end + 1) if start is not None and start.start() < end else None
