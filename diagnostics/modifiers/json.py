"""The reply is one JSON document, and nothing else.

IFEval's detectable_format:json_format parses what is left after one ```json fence is stripped and takes any JSON value,
so that the reply "3" passes. Here a document is an object or an array; a fence, or a line that leads in, makes the
form "unwrapped" instead of "bare".
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import Payload, fenced, led_in, payload
from .sentence import Request, Sentence

_PROSE = 200
"""A reply that has gone on this many characters with neither bracket nor brace will not become JSON."""
_MOSTLY = 0.5
"""The document must be at least this part of the reply."""


class Json(Modifier, frozen=True):
    """ "Answer in JSON." """

    ifeval = "detectable_format:json_format"
    concepts = ("json",)

    @classmethod
    def requested(cls, sentence: Sentence, i: int) -> Request | None:
        """JSON in the role of a format."""
        return sentence.format(i)

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass on an object or an array, bare or unwrapped; abstain on one that was cut short."""
        bare = reply.strip()
        error = _error(bare)
        if error is None:
            return Outcome(Verdict.PASS, "the reply is a JSON document", "bare", 1.0)
        if not complete and not _hopeless(bare):
            return CUT_SHORT
        for inner in (fenced(reply), led_in(reply), _span(reply)):
            if inner is not None and _error(inner.text) is None:
                if inner.share >= _MOSTLY:
                    return Outcome(Verdict.PASS, "a JSON document inside other text or a code fence", "unwrapped", 0.75)
                return Outcome(Verdict.FAIL, f"JSON is only {inner.share:.0%} of the reply", score=0.25)
        return Outcome(Verdict.FAIL, error, score=0.0)

    examples: ClassVar = (
        Example("List three primes as JSON.", '{"primes": [2, 3, 5]}', Verdict.PASS, form="bare"),
        Example("Return the answer in JSON format.", "```json\n[1, 2]\n```", Verdict.PASS, form="unwrapped"),
        Example("Formate a resposta como JSON.", "Aqui está:\n{}", Verdict.PASS, "pt", form="unwrapped"),
        Example("Ответь в формате JSON.", "Конечно! Столица — Париж.", Verdict.FAIL, "ru"),
        Example("JSON形式で答えてください。", "3", Verdict.FAIL, "ja"),
        Example("What is JSON?", "A data format."),
        Example("Explain what this JSON file does.", "It lists users."),
        Example("Antworte nicht in JSON.", "Gern.", None, "de"),
    )


def _error(text: str) -> str | None:
    """Why the text is no JSON document; None when it is one."""
    if not text:
        return "the reply is empty"
    if text[0] not in "{[":
        return "the reply is no JSON object or array"
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        return f"the reply is not valid JSON: {error}"
    except RecursionError:
        return "the JSON is nested too deep to be read"
    except UnicodeEncodeError:
        return "the reply is not valid Unicode"
    return None


def _span(reply: str) -> Payload | None:
    """From the first bracket or brace to the last that could close it."""
    starts = [place for place in (reply.find("{"), reply.find("[")) if place >= 0]
    if not starts:
        return None
    start = min(starts)
    end = reply.rfind("}" if reply[start] == "{" else "]")
    return payload(reply, start, end + 1) if end > start else None


def _hopeless(text: str) -> bool:
    return len(text) >= _PROSE and "{" not in text and "[" not in text
