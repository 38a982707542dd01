"""``POST /generate``, ``/generate_stream`` and ``/``: TGI's generation."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..backends.base import Chunk, Request
from ..errors import (
    BackendError,
    BackendIncomplete,
    BackendOverloaded,
    BackendRejected,
    DeadlineExceeded,
    DragomanError,
    InvalidRequest,
    WrongReply,
)
from ..gateway import Reply
from ..schema import (
    CompatGenerateRequest,
    GenerateDetails,
    GenerateError,
    GenerateRequest,
    GenerateResponse,
    StreamDetails,
    StreamResponse,
    Token,
    Usage,
)
from .http import decode

_encode = msgspec.json.Encoder().encode

FinishReason = Literal["length", "eos_token", "stop_sequence"]


class Generate:
    """See ``Surface``. ``stream`` is what the path says; None leaves the choice to the body, as ``/`` does.
    ``default_model`` is asked where no model is named."""

    name = "generate"
    end = b""

    def __init__(self, default_model: str, *, stream: bool | None = None) -> None:
        self._default_model = default_model
        self._stream = stream
        kind = CompatGenerateRequest if stream is None else GenerateRequest
        self._decoder: msgspec.json.Decoder[GenerateRequest] = msgspec.json.Decoder(kind)

    def decode(self, body: bytes) -> GenerateRequest:
        """See ``Surface``."""
        request = decode(self._decoder, body)
        request.model = request.model or self._default_model
        if self._stream is not None:
            request.stream = self._stream
        return request

    def whole(self, reply: Reply, request: Request, chunks: list[Chunk]) -> bytes:
        """See ``Surface``; to ``/`` a list of one."""
        assert isinstance(request, GenerateRequest)
        response = GenerateResponse(_full_text(request, "".join([chunk.text for chunk in chunks])))
        if request.wishes.details:
            usage = reply.chunks.usage
            response.details = GenerateDetails(
                finish_reason=_finish_reason(reply.chunks.finish_reason),
                generated_tokens=len(chunks) if usage is None else usage.completion_tokens,
                seed=request.wishes.seed,
            )
        return _encode([response] if isinstance(request, CompatGenerateRequest) else response)

    def events(self, reply: Reply, request: Request) -> GenerateEvents:
        """See ``Surface``."""
        assert isinstance(request, GenerateRequest)
        return GenerateEvents(request)

    def error(self, error: DragomanError) -> tuple[int, bytes]:
        """See ``Surface``."""
        status, kind = _kind(error)
        return status, _encode(GenerateError(str(error), kind))


class GenerateEvents:
    """Writes the events of one reply; an engine that wrote its own has them passed on byte for byte."""

    def __init__(self, request: GenerateRequest) -> None:
        self._request = request
        self._raw = False
        self._texts: list[str] = []
        self._last = Chunk()

    def data(self, chunk: Chunk) -> bytes | None:
        """See ``Events``. What a last chunk says is held back: TGI's last event has the token counts too."""
        if chunk.data is not None:
            self._raw = True
            return chunk.data
        if self._raw:
            return None
        if chunk.finish_reason is not None:
            self._last = chunk
            return None
        return self._event(chunk.text) if chunk.text else None

    def closing(self, usage: Usage | None) -> bytes | None:
        """See ``Events``: the last event, with the whole text."""
        if self._raw:
            return None
        text = self._last.text
        whole = _full_text(self._request, "".join(self._texts) + text)
        details = None
        if self._request.wishes.details:
            details = StreamDetails(
                finish_reason=_finish_reason(self._last.finish_reason),
                generated_tokens=len(self._texts) + 1 if usage is None else usage.completion_tokens,
                input_length=0 if usage is None else usage.prompt_tokens,
                seed=self._request.wishes.seed,
            )
        return self._event(text, special=not text, generated_text=whole, details=details)

    def empty(self) -> bytes:
        """See ``Events``."""
        return self._event("", special=True)

    def _event(
        self, text: str, special: bool = False, generated_text: str | None = None, details: StreamDetails | None = None
    ) -> bytes:
        self._texts.append(text)
        return _encode(
            StreamResponse(
                index=len(self._texts),
                token=Token(text=text, special=special),
                generated_text=generated_text,
                details=details,
            )
        )


def _full_text(request: GenerateRequest, text: str) -> str:
    return request.inputs + text if request.wishes.return_full_text else text


def _finish_reason(reason: str | None) -> FinishReason:
    """TGI's word. Other engines do not say whether it was a stop sequence or the model that ended the reply."""
    return "length" if reason == "length" else "eos_token"


def _kind(error: DragomanError) -> tuple[int, str]:
    """Status and ``error_type`` as TGI gives them (router/src/server.rs); a status that it does not have is ours."""
    match error:
        case BackendOverloaded():
            return 429, "overloaded"
        case BackendRejected():
            return 422, "validation"
        case BackendIncomplete():
            return 500, "incomplete_generation"
        case BackendError() | WrongReply() | DeadlineExceeded():
            return 424, "generation"
        case InvalidRequest():
            return 422 if error.status == 400 else error.status, "validation"
        case _:
            return error.status, error.code or error.type
