"""What an engine means when it does not answer: its status and its body, in any of the shapes there are, to our errors.

{"error": {"message", "type", "param", "code": int}}                 OpenAI, vLLM, llama-cpp-python
{"error": {"message", "http_status_code"}}                           TGI, in a stream of its Messages API
{"error": str, "error_type": str}                                    TGI
{"object": "error", "message", "type", "param", "code": int}         SGLang
{"detail": str}, {"detail": [{"loc", "msg"}]}                        FastAPI: transformers serve
plain text, or nothing                                               axum (TGI), proxies in between
"""

from __future__ import annotations

import msgspec

from ..errors import (
    BackendBroken,
    BackendError,
    BackendIncomplete,
    BackendOverloaded,
    BackendRejected,
    BackendTimeout,
    BackendUnavailable,
)

MAX_MESSAGE_CHARACTERS = 1000
MAX_PARAM_CHARACTERS = 100

FAILED_GENERATION = 424
"""TGI's status for "generation": it is not the request that was wrong."""

_STATUS_OF_TYPE = {
    "validation": 422,  # TGI, router/src/server.rs
    "template_error": 422,
    "missing_template_variable": 422,
    "tool_error": 422,
    "generation": 424,
    "overloaded": 429,
    "invalid_request_error": 400,  # OpenAI
    "rate_limit_error": 429,
    "BadRequestError": 400,  # vLLM, SGLang
}
_INCOMPLETE = ("incomplete_generation", "incomplete_generation_stream")  # TGI


class Fault(msgspec.Struct, frozen=True):
    """What an error body says: ``message`` in one line, the HTTP status that it names, if any, the field it is
    about, if any, and whether the reply was begun and is ``incomplete``."""

    message: str = ""
    status: int | None = None
    param: str | None = None
    incomplete: bool = False


def find_fault(body: bytes) -> Fault | None:
    """The error in a JSON body; None when it holds none, or is no JSON object."""
    try:
        outer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(outer, dict):
        return None
    error = outer.get("error")
    fields = error if isinstance(error, dict) else outer
    said = error if isinstance(error, str) else fields.get("message") or _detail(fields.get("detail"))
    if not error and not said:
        return None
    param = fields.get("param")
    incomplete = fields.get("error_type") in _INCOMPLETE
    return Fault(_line(said), _status(fields), _line(param)[:MAX_PARAM_CHARACTERS] or None, incomplete)


def refusal(
    name: str, status: int | None, fault: Fault | None, body: bytes = b"", secret: str | None = None
) -> BackendError:
    """The error to raise, in a message that begins with the engine's ``name``.

    ``status`` is that of the response, None when the error came inside a response that began well. ``fault`` is what
    ``body`` says in JSON; without it the body is the message. The engine's words are passed on where they say what is
    wrong with the request; where it failed itself they would tell of its inside. ``secret`` never gets into a message.
    """
    if fault is None:
        fault = Fault(_line(body[: 4 * MAX_MESSAGE_CHARACTERS].decode(errors="replace")))
    if status is None:
        status = fault.status
    said = fault.message.replace(secret, "***") if secret else fault.message
    message = f"{name} answered {status or 'with an error'}"
    if said and status is not None and 400 <= status < 500 and status != FAILED_GENERATION:
        message += f": {said[:MAX_MESSAGE_CHARACTERS]}"
    if fault.incomplete:
        return BackendIncomplete(message)
    match status:
        case 401 | 403:  # the engine may quote the key, so it is not quoted
            return BackendError(f"{name} refused the gateway's key ({status})")
        case status if status == FAILED_GENERATION:
            return BackendBroken(message)
        case 429:
            return BackendOverloaded(message)
        case 503:
            return BackendUnavailable(message)
        case 504:
            return BackendTimeout(message)
        case int() if 400 <= status < 500:
            return BackendRejected(message, status=status, param=fault.param)
        case _:
            return BackendBroken(message)


def _status(fields: dict[str, object]) -> int | None:
    for name in ("http_status_code", "status_code", "code", "status"):
        value = fields.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 3:
            value = int(value)
        if isinstance(value, int) and 400 <= value < 600:
            return value
    for name in ("error_type", "type", "code"):
        status = _STATUS_OF_TYPE.get(str(fields.get(name)))
        if status is not None:
            return status
    return None


def _detail(detail: object) -> str:
    """FastAPI's: a sentence, or a list of what is wrong where. What the caller sent is in it too, and left out."""
    if isinstance(detail, str):
        return detail
    if not isinstance(detail, list):
        return ""
    return "; ".join(
        f"{'.'.join(map(str, loc)) if isinstance(loc := each.get('loc'), list) else loc}: {each.get('msg')}"
        for each in detail[:8]
        if isinstance(each, dict) and "msg" in each
    )


def _line(said: object) -> str:
    """Bounded, on one line, without control characters."""
    if not isinstance(said, str):
        return ""
    return "".join(c for c in " ".join(said[: 4 * MAX_MESSAGE_CHARACTERS].split()) if c.isprintable())
