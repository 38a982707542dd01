"""The reply is one well-formed XML document, and nothing else.

Read by expat, which is told nothing but to parse: no name is looked up and no file or address is opened. A document
that declares entities is not read, as their growth cannot be bounded: abstained on. Markup made of HTML's own
elements is HTML, even where it is well-formed, unless it starts with ``<?xml`` or names a namespace. A code fence, a
line that leads in, or text around the document makes the form "unwrapped", as long as the document is half of the
reply.

IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar
from xml.parsers import expat

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .html import is_html
from .payload import Payload, fenced, led_in, payload

_MOSTLY = 0.5


class _EntitiesDeclared(Exception):
    """The document has declarations of its own."""


class Xml(Modifier, frozen=True):
    """ "Answer in XML." """

    concepts: ClassVar = ()

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass on a document, bare or unwrapped; abstain on one that was cut short."""
        try:
            return self._judged(reply, complete)
        except _EntitiesDeclared:
            return Outcome(
                Verdict.ABSTAIN, "the XML declares entities or a document type of its own, which is not read"
            )

    def _judged(self, reply: str, complete: bool) -> Outcome:
        error = _error(reply.strip())
        if error is None:
            return Outcome(Verdict.PASS, "the reply is an XML document", "bare", 1.0)
        if not complete:
            return CUT_SHORT
        found = [
            inner for inner in (fenced(reply), led_in(reply), _span(reply)) if inner and _error(inner.text) is None
        ]
        if not found:
            return Outcome(Verdict.FAIL, error, score=0.0)
        share = max(inner.share for inner in found)
        if share >= _MOSTLY:
            return Outcome(Verdict.PASS, "an XML document inside other text or a code fence", "unwrapped", 0.75)
        return Outcome(Verdict.FAIL, f"XML is only {share:.0%} of the reply", score=0.25)

    examples: ClassVar = (
        Example("", "<?xml version='1.0'?>\n<tea><kind>green</kind></tea>", Verdict.PASS, form="bare"),
        Example("", "<thé chaud='oui'/>", Verdict.PASS, "fr", form="bare"),
        Example("", "Вот:\n```xml\n<чай>зелёный</чай>\n```", Verdict.PASS, "ru", form="unwrapped"),
        Example("", "<tea>green", Verdict.FAIL),
        Example("", "<お茶>緑</お茶><お茶>黒</お茶>", Verdict.FAIL, "ja"),
        Example("", "<html><body><p>Tee</p></body></html>", Verdict.FAIL, "de"),
        Example("", "El té <b>verde</b>, sin más etiquetas que esas dos.", Verdict.FAIL, "es"),
        Example("", "<!DOCTYPE t [<!ENTITY e 'x'>]><t>&e;</t>", Verdict.ABSTAIN),
    )


def _error(text: str) -> str | None:
    """Why the text is no XML document; None when it is one."""
    if not text.startswith("<"):
        return "the reply is no XML document"
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declarations
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        return "HTML, not XML" if is_html(text) else f"the reply is not well-formed XML: {error}"
    except UnicodeEncodeError:
        return "the reply is not valid Unicode"
    return "HTML, not XML" if not text.startswith("<?xml") and "xmlns" not in text and is_html(text) else None


def _refuse_declarations(name: str, system: str | None, public: str | None, internal: int) -> None:
    if internal:
        raise _EntitiesDeclared


def _span(reply: str) -> Payload | None:
    """From the first angle bracket to the last."""
    start, end = reply.find("<"), reply.rfind(">")
    return payload(reply, start, end + 1) if 0 <= start < end else None
