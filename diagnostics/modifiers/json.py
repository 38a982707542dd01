"""The reply is one JSON document, and nothing else.

IFEval's detectable_format:json_format parses what is left after one ```json fence is stripped and takes any JSON value,
so that the reply "3" passes. Here a document is an object or an array, unless a schema is declared, which then says
what it is; a fence, a line that leads in, or text that is less than half of the reply makes the form "unwrapped"
instead of "bare". A document that begins after a thousand characters comes too late.

What fails is told apart: nearly JSON (a trailing comma, single quotes, a bracket that is never closed: each named with
its place), several documents, a lone value, a document that does not fit the schema, JSON that is the smaller part.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .document import LONGEST_WAY_IN, MOSTLY, around, begins, place_in
from .lenient import documents, faults, told
from .payload import Payload, code_blocks, fenced, led_in, payload
from .schema import schema_of

_START = re.compile(r"[{\[]|`{3}|~{3}")
_TOO_LATE = Outcome(Verdict.FAIL, f"no JSON in the first {LONGEST_WAY_IN} characters", score=0.0)
_NO_JSON = "the reply is no JSON object or array"
_NEARLY = 0.25
_HOT = {"properties": {"tea": {"enum": ["hot", "cold"]}}, "required": ["tea"]}
"""A schema for examples."""
_OTHER_SHAPE = 0.5


class Json(Modifier, frozen=True):
    """ "Answer in JSON." """

    ifeval = "detectable_format:json_format"

    schema: dict[str, Any] | None = None
    """A JSON Schema (drafts 4 to 2020-12, at most 32,000 bytes) that the document must fit; None when any will do.
    References stay within it, and patterns have no look-around."""

    def __post_init__(self) -> None:
        """Look the schema over.

        Raises:
            ValueError: it is no valid JSON Schema or too large; says where in it.
        """
        if self.schema is not None:
            schema_of(self.schema)

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass on a document, bare or unwrapped. While it goes on, only one that has not begun in time is decided."""
        if self.schema is None and not begins(reply, _START):
            return _TOO_LATE
        if not complete:
            return CUT_SHORT
        document = _document(reply.strip())
        if document is not UNSET:
            return self._held(document, "the reply is a JSON document", "bare", 1.0)
        for inner in sorted(_inner(reply), key=lambda inner: -inner.share):
            document = _document(inner.text)
            if isinstance(document, (dict, list)):
                if inner.share < MOSTLY:
                    return Outcome(Verdict.FAIL, _scattered(reply, inner), score=_NEARLY)
                return self._held(document, f"a JSON document {around(reply, inner.text)}", "unwrapped", 0.75)
        return _nearly(reply)

    def _held(self, document: object, explanation: str, form: str, score: float) -> Outcome:
        """A document that was read, held against the schema, if there is one."""
        if self.schema is None:
            if isinstance(document, (dict, list)):
                return Outcome(Verdict.PASS, explanation, form, score)
            lone = "string" if isinstance(document, str) else "value"
            return Outcome(Verdict.FAIL, f"a lone JSON {lone}, no object or array", score=_NEARLY)
        schema = schema_of(self.schema)
        if schema.is_too_much(document):
            return Outcome(Verdict.ABSTAIN, "JSON, but too large to be held against the schema")
        if schema.fits(document):
            return Outcome(Verdict.PASS, f"{explanation} that fits the schema", form, score)
        where = "; ".join(schema.faults(document))
        return Outcome(
            Verdict.FAIL, "JSON that does not fit the schema" + (f": {where}" if where else ""), score=_OTHER_SHAPE
        )

    examples: ClassVar = (
        Example("List some primes as JSON.", '{"primes": [2, 3, 5]}', Verdict.PASS, form="bare"),
        Example("Return the answer in JSON format.", "```json\n[1, 2]\n```", Verdict.PASS, form="unwrapped"),
        Example("Formate a resposta como JSON.", "Aqui está:\n{}", Verdict.PASS, "pt", form="unwrapped"),
        Example("Ответь в формате JSON.", "Конечно! Столица — Париж.", Verdict.FAIL, "ru"),
        Example("JSON形式で答えてください。", "3", Verdict.FAIL, "ja"),
        Example("Return the answer in JSON format.", '{"tea": "hot",}', Verdict.FAIL),
        Example("Return the answer in JSON format.", "{'tea': True}", Verdict.FAIL),
        Example("Return the answer in JSON format.", '{"tea": "hot"}\n{"tea": "cold"}', Verdict.FAIL),
        Example("Gib das Ergebnis als JSON aus.", "Siehe [1] und {2}.", Verdict.FAIL, "de"),
        Example("", '{"tea": "hot"}', Verdict.PASS, arguments={"schema": _HOT}, form="bare"),
        Example("", '{"tea": true}', Verdict.FAIL, arguments={"schema": _HOT}),
        Example("", '{"お茶": "熱い"}', Verdict.FAIL, "ja", {"schema": _HOT}),
        Example("", "3", Verdict.PASS, arguments={"schema": {"type": "integer"}}, form="bare"),
        Example("What is JSON?", "A data format."),
        Example("Explain what this JSON file does.", "It lists users."),
        Example("Antworte nicht in JSON.", "Gern.", None, "de"),
    )


def _document(text: str) -> object:
    """The value that the text is as JSON; UNSET where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return UNSET


def _inner(reply: str) -> list[Payload]:
    """What may be a document within the reply: the largest code block, what follows a lead-in, bracket to bracket."""
    return [inner for inner in (fenced(reply), led_in(reply), _span(reply)) if inner is not None and inner.text]


def _span(reply: str) -> Payload | None:
    """From the first bracket or brace to the last that could close it."""
    starts = [place for place in (reply.find("{"), reply.find("[")) if place >= 0]
    if not starts:
        return None
    start = min(starts)
    end = reply.rfind("}" if reply[start] == "{" else "]")
    return payload(reply, start, end + 1) if end > start else None


def _scattered(reply: str, largest: Payload) -> str:
    """What a reply is whose largest document is the smaller part of it."""
    count = sum(documents(block.text.strip()) == 1 for block in code_blocks(reply))
    if count > 1:
        return f"{count} JSON documents in code fences; one was asked for"
    return f"JSON is only {largest.share:.0%} of the reply"


def _nearly(reply: str) -> Outcome:
    """Why a reply that holds no document is none."""
    texts = dict.fromkeys([reply.strip(), *(inner.text for inner in _inner(reply) if inner.share >= MOSTLY)])
    openings = [text for text in texts if text.startswith(("{", "["))]
    for text in openings:
        if (count := documents(text)) > 1:
            return Outcome(
                Verdict.FAIL, f"{count} JSON documents, one after the other; one was asked for", score=_NEARLY
            )
    for text in openings:
        if found := faults(text):
            kind = "JSON that breaks off" if any(fault.breaks_off for fault in found) else "nearly JSON"
            return Outcome(Verdict.FAIL, f"{kind}: {told(reply, text, found)}", score=_NEARLY)
    return Outcome(Verdict.FAIL, _error(reply, openings[0]) if openings else _NO_JSON, score=0.0)


def _error(reply: str, text: str) -> str:
    """Where what looks like JSON stops being it."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        place = place_in(reply, max(reply.find(text), 0) + error.pos)
        hint = ""
        if text[: error.pos].rstrip().endswith('"') and text[error.pos : error.pos + 1].isalnum():
            hint = '; a quote within a string is written \\"'
        return f"not valid JSON: {error.msg} ({place}){hint}"
    except RecursionError:
        return "the JSON is nested too deep to be read"
    except ValueError:
        pass
    return "the JSON holds a number or characters that are out of range"
