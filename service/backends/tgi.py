"""Text Generation Inference (TGI): its own generation, and OpenAI's API, which it speaks too.

What it sends was seen in recordings of TGI 1.x to 3.0 and is said in its sources (3.3); no TGI was run. A stream has no
``[DONE]``: its last event is the one with a ``generated_text``. Errors come as events of a stream that began with 200,
as JSON, as plain text where a field has a wrong type (axum's), and without a body for a wrong key. Details, which say
why a reply ended, are there only if they were asked for.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping

import msgspec

from ..config import OpenAICheckpoint
from ..errors import BackendBroken, BackendIncomplete
from ..schema import CompatGenerateRequest, GenerateRequest, Usage
from ..sse import EventParser
from ..upstream.refusal import find_fault
from .base import Chunk, Prompt
from .openai import MAX_BODY_BYTES, MAX_ERROR_BYTES, OpenAIBackend

NO_ADAPTER = b'"tgi"'
"""The model that TGI's OpenAI API is asked for; any other name is one of a LoRA adapter there."""

_FINISH_REASONS = {"eos_token": "stop", "stop_sequence": "stop", "length": "length"}


class _Token(msgspec.Struct, gc=False):
    text: str = ""
    special: bool = False


class _Details(msgspec.Struct):
    """``prefill`` are the prompt's tokens, in a body that was asked for them; ``input_length`` is their number."""

    finish_reason: str | None = None
    generated_tokens: int | None = None
    input_length: int | None = None
    prefill: list[msgspec.Raw] | None = None


class _Reply(msgspec.Struct):
    """What is read of an event or of a body."""

    token: _Token | None = None
    generated_text: str | None = None
    details: _Details | None = None
    error: object = None


_decode_event = msgspec.json.Decoder(_Reply).decode
_decode_body = msgspec.json.Decoder(_Reply | list[_Reply]).decode
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class TGIBackend(OpenAIBackend):
    """One model of one TGI, or a LoRA adapter of it. Chats and completions take OpenAI's way."""

    _other_check = "/info"

    def __init__(self, name: str, checkpoint: OpenAICheckpoint, api_key: str | None = None) -> None:
        super().__init__(name, checkpoint, api_key)
        self._has_adapter = checkpoint.model is not None
        if checkpoint.model is None:
            self._model = msgspec.Raw(NO_ADAPTER)

    def stream(self, prompt: Prompt) -> AsyncGenerator[Chunk, None]:
        """See ``Backend.stream``. TGI's own requests go out as they came, without ``model`` and ``dragoman``."""
        if isinstance(prompt.request, GenerateRequest):
            return self._generate(prompt, prompt.request)
        return super().stream(prompt)

    async def ask(self, path: str, body: bytes | None = None) -> bytes:
        """See ``Askable.ask``."""
        if body is None:
            call = self.cluster.get(path, self._authorization)
        else:
            call = self.cluster.post(path, body, self._headers)
        async with call as response:
            answer = await response.read(MAX_BODY_BYTES)
        if response.status != 200:
            raise self._refusal(response.status, answer)
        return answer

    async def _generate(self, prompt: Prompt, request: GenerateRequest) -> AsyncGenerator[Chunk, None]:
        body = self._native(request, prompt.body)
        affinity = prompt.prefix if self.cluster.has_replicas else None
        async with self.cluster.post(_path(request), body, self._headers, affinity) as response:
            if response.status != 200:
                raise self._refusal(response.status, await response.read(MAX_ERROR_BYTES))
            if not request.stream:
                yield self._whole(request, await response.read(MAX_BODY_BYTES), response.headers)
                return
            parser = EventParser()
            count = 0
            async for data in response.iter_bytes():
                events = parser.feed(data)
                for left, event in enumerate(events, 1 - len(events)):
                    count += 1
                    chunk = self._chunk(request, event, count)
                    chunk.more = left < 0
                    yield chunk
                    if chunk.finish_reason is not None:
                        response.finish()
                        return
            raise BackendIncomplete(f"{self.cluster.name}: the stream ended before the reply did")

    def _native(self, request: GenerateRequest, body: bytes) -> bytes:
        fields = self._fields(body)
        fields.pop("model", None)
        if self._has_adapter and request.wishes.adapter_id is None:
            parameters = {} if request.parameters is None else _decode_fields(fields["parameters"])
            parameters["adapter_id"] = self._model
            fields["parameters"] = msgspec.Raw(msgspec.json.encode(parameters))
        return msgspec.json.encode(fields)

    def _chunk(self, request: GenerateRequest, event: bytes, count: int) -> Chunk:
        """The chunk of the ``count``-th event."""
        try:
            reply = _decode_event(event)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BackendBroken(f"{self.cluster.name} sent something that is no generation") from None
        self._check(reply, event)
        token = reply.token or _Token()
        chunk = Chunk("" if token.special else token.text, data=event)
        if reply.generated_text is not None:
            details = reply.details or _Details()
            stopped = token.special or _stopped(request, reply.generated_text)
            chunk.finish_reason = _FINISH_REASONS.get(details.finish_reason or "", "stop" if stopped else "length")
            chunk.usage = _usage(details.input_length, details.generated_tokens or count)
        return chunk

    def _whole(self, request: GenerateRequest, body: bytes, headers: Mapping[bytes, bytes]) -> Chunk:
        """The chunk of a reply that was not streamed: an object, or to a ``CompatGenerateRequest`` a list of one."""
        try:
            answer = _decode_body(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BackendBroken(f"{self.cluster.name} sent something that is no generation") from None
        reply = answer if isinstance(answer, _Reply) else answer[0] if len(answer) == 1 else _Reply()
        self._check(reply, body)
        text = reply.generated_text
        if text is None:
            raise BackendBroken(f"{self.cluster.name} sent a generation without a text")
        details = reply.details or _Details()
        read = len(details.prefill or ()) or _number(headers.get(b"x-prompt-tokens"))
        written = details.generated_tokens or _number(headers.get(b"x-generated-tokens"))
        full = written is not None and written >= (request.wishes.max_new_tokens or written + 1)
        reason = "length" if full and not _stopped(request, text) else "stop"
        return Chunk(
            text.removeprefix(request.inputs) if _with_prompt(request) else text,
            _FINISH_REASONS.get(details.finish_reason or "", reason),
            usage=None if written is None else _usage(read, written),
            data=body,
        )

    def _check(self, reply: _Reply, data: bytes) -> None:
        if reply.error or (reply.token is None and reply.generated_text is None and find_fault(data)):
            raise self._refusal(None, data)


def _path(request: GenerateRequest) -> str:
    if isinstance(request, CompatGenerateRequest):
        return "/"
    return "/generate_stream" if request.stream else "/generate"


def _with_prompt(request: GenerateRequest) -> bool:
    """Whether the text may begin with the prompt: for ``/``, that is TGI's default for some models."""
    wished = request.wishes.return_full_text
    return isinstance(request, CompatGenerateRequest) if wished is None else wished


def _stopped(request: GenerateRequest, text: str) -> bool:
    """Whether a stop sequence ended the text: TGI leaves it there."""
    return text.endswith(tuple(request.wishes.stop or ()))


def _usage(read: int | None, written: int) -> Usage:
    return Usage(read or 0, written, (read or 0) + written)


def _number(value: bytes | None) -> int | None:
    return int(value) if value is not None and value.isdigit() and len(value) < 10 else None
