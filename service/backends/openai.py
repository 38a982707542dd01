"""Engines that speak OpenAI's chat completions: vLLM, SGLang, TGI's Messages API, llama.cpp, hosted APIs.

They agree on what a good reply looks like and on little else. What is allowed for here was seen on the wire or is said
in their sources: an end without ``[DONE]`` (transformers serve); ``[DONE]`` after a reply that was cut short, and an
empty stream for a prompt that is too long (llama-cpp-python); errors inside a stream that began with 200 (TGI,
SGLang); finish reasons of their own (TGI, Together); null where a field could be absent (all).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

import msgspec

from ..config import OpenAICheckpoint
from ..errors import BackendBroken, BackendError, InvalidRequest
from ..schema import ContentPart, Usage
from ..sse import EventParser
from ..upstream import Cluster, Pool, Timeouts
from ..upstream.refusal import find_fault, refusal
from .base import Chunk, Prompt

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_ERROR_BYTES = 1024 * 1024
CHECK = Timeouts(connect=5.0, first_byte=5.0, read=5.0, total=5.0)

_END = b"[DONE]"
_FINISH_REASONS = {"": None, "eos": "stop", "eos_token": "stop", "stop_sequence": "stop"}
_TRUE, _FALSE = msgspec.Raw(b"true"), msgspec.Raw(b"false")


class _Message(msgspec.Struct, gc=False):
    """A delta or a whole message. Content may be a list of parts (Mistral's reasoning models)."""

    content: str | list[ContentPart] | None = None


class _Choice(msgspec.Struct):
    """``delta`` in an event, ``message`` in a body."""

    index: int | None = None
    delta: _Message | None = None
    message: _Message | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct, gc=False):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None


class _Reply(msgspec.Struct):
    """What is read of an event or of a body."""

    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: object = None


_decode_reply = msgspec.json.Decoder(_Reply).decode
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class OpenAIBackend:
    """The checkpoint ``name`` on one engine or more. The ``cluster`` is the backend's own: whoever starts it closes it
    by ``aclose()``."""

    def __init__(self, name: str, checkpoint: OpenAICheckpoint, api_key: str | None = None) -> None:
        self.cluster = Cluster(name, checkpoint, self._ask)
        self._model = msgspec.Raw(msgspec.json.encode(checkpoint.model or name))
        self._api_key = api_key
        self._authorization = [] if api_key is None else [(b"authorization", f"Bearer {api_key}".encode())]
        self._headers = [(b"content-type", b"application/json"), *self._authorization]

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Chunk, None]:
        """See ``Backend.stream``.

        The request goes out as the caller wrote it, with the engine's name for the model and without ``dragoman``.
        Streaming, every event becomes a chunk that carries it; an event that speaks of several choices becomes one
        chunk for each, of which the first carries the event and the others have no ``data``. Not streaming, the same
        holds for the choices of the body. Tool calls and reasoning are in ``data`` only: they are no text of the reply.
        """
        streaming = bool(prompt.request.stream)
        body = self._request(prompt.body, streaming)
        affinity = prompt.prefix if self.cluster.has_replicas else None
        async with self.cluster.post("/v1/chat/completions", body, self._headers, affinity) as response:
            if response.status != 200:
                raise self._refusal(response.status, await response.read(MAX_ERROR_BYTES))
            if not streaming:
                for chunk in self._whole(await response.read(MAX_BODY_BYTES)):
                    yield chunk
                return
            parser = EventParser()
            ending = _Ending(self.cluster.name)
            async for data in response.iter_bytes():
                events = parser.feed(data)
                for left, event in enumerate(events, 1 - len(events)):
                    if event == _END:
                        ending.check()
                        response.finish()
                        return
                    for chunk in self._chunks(event):
                        ending.saw(chunk)
                        chunk.more = left < 0
                        yield chunk
            ending.check()

    async def check(self) -> str | None:
        """See ``Backend.check``."""
        return await self.cluster.check()

    async def _ask(self, engine: Pool) -> None:
        """Asks ``/health``, and ``/v1/models`` of engines that have none."""
        for path in ("/health", "/v1/models"):
            async with engine.get(path, self._authorization, CHECK) as response:
                body = await response.read(MAX_ERROR_BYTES)
            if response.status != 404:
                break
        if not 200 <= response.status < 300:
            raise self._refusal(response.status, body)

    async def aclose(self) -> None:
        """Close the connections. May be called twice."""
        await self.cluster.aclose()

    def _request(self, body: bytes, streaming: bool) -> bytes:
        try:
            fields = _decode_fields(body)
        except (msgspec.DecodeError, RecursionError):
            raise InvalidRequest("the body is not a JSON object") from None
        fields.pop("dragoman", None)
        fields["model"] = self._model
        fields["stream"] = _TRUE if streaming else _FALSE
        return msgspec.json.encode(fields)

    def _whole(self, body: bytes) -> list[Chunk]:
        """The chunks of a reply that was not streamed."""
        chunks = self._chunks(body)
        if any(chunk.finish_reason is None for chunk in chunks):
            raise BackendBroken(f"{self.cluster.name} sent a reply without a finish reason")
        return chunks

    def _chunks(self, data: bytes) -> list[Chunk]:
        """The chunks of one event or body. An event of a kind that is not known is passed on and adds no text.

        Raises:
            BackendError: the error that is in it, or BackendBroken when it is no JSON of a chat completion.
        """
        try:
            reply = _decode_reply(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BackendBroken(f"{self.cluster.name} sent something that is no chat completion") from None
        if reply.error or (reply.choices is None and find_fault(data)):
            raise self._refusal(None, data)
        chunks = [_chunk(choice) for choice in reply.choices or ()] or [Chunk()]
        chunks[0].data = data
        if reply.usage is not None:
            chunks[0].usage = _usage(reply.usage)
        return chunks

    def _refusal(self, status: int | None, body: bytes) -> BackendError:
        return refusal(self.cluster.name, status, find_fault(body), body, self._api_key)


class _Ending:
    """Whether every choice that was begun was also finished. ``[DONE]`` alone does not say so: llama-cpp-python sends
    it after a reply that it broke off."""

    __slots__ = ("_begun", "_finished", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._begun: set[int] = set()
        self._finished: set[int] = set()

    def saw(self, chunk: Chunk) -> None:
        self._begun.add(chunk.index)
        if chunk.finish_reason is not None:
            self._finished.add(chunk.index)

    def check(self) -> None:
        """Raises BackendBroken when the reply is incomplete or empty."""
        if not self._begun or self._begun - self._finished:
            raise BackendBroken(f"{self._name}: the stream ended before the reply did")


def _chunk(choice: _Choice) -> Chunk:
    message = choice.delta or choice.message
    content = message.content if message is not None else None
    if isinstance(content, list):
        content = "".join([part.text for part in content if part.text])
    reason = choice.finish_reason
    return Chunk(content or "", _FINISH_REASONS.get(reason, reason) if reason is not None else None, choice.index or 0)


def _usage(usage: _Usage) -> Usage:
    prompt, completion = usage.prompt_tokens or 0, usage.completion_tokens or 0
    return Usage(prompt, completion, usage.total_tokens or prompt + completion)
