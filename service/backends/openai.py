"""Engines that speak OpenAI's chat completions and completions: vLLM, SGLang, TGI, llama.cpp, hosted APIs.

They agree on what a good reply looks like and on little else. What is allowed for here was seen on the wire or is said
in their sources: an end without ``[DONE]`` (transformers serve); ``[DONE]`` after a reply that was cut short, and an
empty stream for a prompt that is too long (llama-cpp-python); errors inside a stream that began with 200 (TGI,
SGLang); finish reasons of their own (TGI, Together), and "stop" after a call of a tool (TGI); null where a field could
be absent (all); a chat's event that has a completion's text beside its delta (Together).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import msgspec

from ..config import OpenAICheckpoint
from ..errors import BackendBroken, BackendError, BackendIncomplete, InvalidRequest
from ..schema import ChatRequest, CompletionRequest, ContentPart, GenerateRequest, Usage
from ..sse import EventParser
from ..upstream import Cluster, Pool, Timeouts
from ..upstream.refusal import find_fault, refusal
from .base import Chunk, Prompt, Request, refuse_parameters

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_ERROR_BYTES = 1024 * 1024
CHECK = Timeouts(connect=5.0, first_byte=5.0, read=5.0, total=5.0)

_END = b"[DONE]"
_FINISH_REASONS = {"": None, "eos": "stop", "eos_token": "stop", "stop_sequence": "stop"}
_TRUE, _FALSE = msgspec.Raw(b"true"), msgspec.Raw(b"false")


class _Message(msgspec.Struct, gc=False):
    """A delta or a whole message. Content may be a list of parts (Mistral's reasoning models)."""

    content: str | list[ContentPart] | None = None
    tool_calls: list[msgspec.Raw] | None = None


class _Choice(msgspec.Struct):
    """Of a chat: ``delta`` in an event, ``message`` in a body. Of a completion: ``text`` in both."""

    index: int | None = None
    delta: _Message | None = None
    message: _Message | None = None
    text: str | None = None
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

    _other_check = "/v1/models"

    def __init__(self, name: str, checkpoint: OpenAICheckpoint, api_key: str | None = None) -> None:
        self.cluster = Cluster(name, checkpoint, self._probe)
        self._model = msgspec.Raw(msgspec.json.encode(checkpoint.model or name))
        self._api_key = api_key
        self._authorization = [] if api_key is None else [(b"authorization", f"Bearer {api_key}".encode())]
        self._headers = [(b"content-type", b"application/json"), *self._authorization]

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Chunk, None]:
        """See ``Backend.stream``.

        The request goes out as the caller wrote it, with the engine's name for the model and without ``dragoman``;
        TGI's is translated to a completion. Streaming, every event becomes a chunk that carries it; an event that
        speaks of several choices becomes one chunk for each, of which the first carries the event and the others have
        no ``data``. Not streaming, the same holds for the choices of the body. Tool calls and reasoning are in ``data``
        only: they are no text of the reply, and neither is a prompt that the engine echoes.
        """
        request = prompt.request
        streaming = bool(request.stream)
        path = "/v1/chat/completions" if isinstance(request, ChatRequest) else "/v1/completions"
        if isinstance(request, GenerateRequest):
            body = _completion(request, self._model)
        else:
            body = self._request(prompt.body, streaming)
        reading = _Reading(self.cluster.name, self._refusal, request)
        affinity = prompt.prefix if self.cluster.has_replicas else None
        async with self.cluster.post(path, body, self._headers, affinity) as response:
            if response.status != 200:
                raise self._refusal(response.status, await response.read(MAX_ERROR_BYTES))
            if not streaming:
                for chunk in reading.whole(await response.read(MAX_BODY_BYTES)):
                    yield chunk
                return
            parser = EventParser()
            async for data in response.iter_bytes():
                events = parser.feed(data)
                for left, event in enumerate(events, 1 - len(events)):
                    if event == _END:
                        reading.end()
                        response.finish()
                        return
                    for chunk in reading.chunks(event):
                        chunk.more = left < 0
                        yield chunk
            reading.end()

    async def check(self) -> str | None:
        """See ``Backend.check``."""
        return await self.cluster.check()

    async def _probe(self, engine: Pool) -> None:
        """Asks ``/health``, and the other path of engines that have none."""
        for path in ("/health", self._other_check):
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
        fields = self._fields(body)
        fields["model"] = self._model
        fields["stream"] = _TRUE if streaming else _FALSE
        return msgspec.json.encode(fields)

    def _fields(self, body: bytes) -> dict[str, msgspec.Raw]:
        """The fields of a request, as they were written, without ours."""
        try:
            fields = _decode_fields(body)
        except (msgspec.DecodeError, RecursionError):
            raise InvalidRequest("the body is not a JSON object") from None
        fields.pop("dragoman", None)
        return fields

    def _refusal(self, status: int | None, body: bytes) -> BackendError:
        return refusal(self.cluster.name, status, find_fault(body), body, self._api_key)


class _Reading:
    """One reply as it comes: events or a body to chunks.

    Whether it came whole is whether every choice that was begun was also finished. ``[DONE]`` alone does not say so:
    llama-cpp-python sends it after a reply that it broke off.
    """

    __slots__ = ("_begun", "_called", "_echoed", "_finished", "_name", "_raw", "_refusal")

    def __init__(self, name: str, refusal: Callable[[int | None, bytes], BackendError], request: Request) -> None:
        self._name = name
        self._refusal = refusal
        self._raw = not isinstance(request, GenerateRequest)
        echoes = isinstance(request, CompletionRequest) and request.echo
        self._echoed = "".join([turn.content for turn in request.turns]) if echoes else ""  # what choice 0 begins with
        self._begun: set[int] = set()
        self._finished: set[int] = set()
        self._called: set[int] = set()

    def whole(self, body: bytes) -> list[Chunk]:
        """The chunks of a reply that was not streamed.

        Raises:
            BackendError: see ``chunks``; BackendIncomplete when a choice has no finish reason.
        """
        chunks = self.chunks(body)
        if any(chunk.finish_reason is None for chunk in chunks):
            raise BackendIncomplete(f"{self._name} sent a reply without a finish reason")
        return chunks

    def chunks(self, data: bytes) -> list[Chunk]:
        """The chunks of one event or body. An event of a kind that is not known is passed on and adds no text.

        Raises:
            BackendError: the error that is in it, or BackendBroken when it is no JSON of a completion.
        """
        try:
            reply = _decode_reply(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BackendBroken(f"{self._name} sent something that is no completion") from None
        if reply.error or (reply.choices is None and find_fault(data)):
            raise self._refusal(None, data)
        chunks = [self._chunk(choice) for choice in reply.choices or ()] or [Chunk()]
        if self._raw:
            chunks[0].data = data
        if reply.usage is not None:
            chunks[0].usage = _usage(reply.usage)
        for chunk in chunks:
            self._begun.add(chunk.index)
            if chunk.finish_reason is not None:
                self._finished.add(chunk.index)
        return chunks

    def end(self) -> None:
        """No more will come.

        Raises:
            BackendIncomplete: the reply is incomplete or empty.
        """
        if not self._begun or self._begun - self._finished:
            raise BackendIncomplete(f"{self._name}: the stream ended before the reply did")

    def _chunk(self, choice: _Choice) -> Chunk:
        index = choice.index or 0
        message = choice.delta or choice.message
        content = choice.text if message is None else message.content
        if isinstance(content, list):
            content = "".join([part.text for part in content if part.text])
        if message is not None and message.tool_calls:
            self._called.add(index)
        if content and self._echoed and index == 0:
            content = self._without_echo(content)
        reason = choice.finish_reason
        if reason is not None:
            reason = _FINISH_REASONS.get(reason, reason)
            if reason == "stop" and index in self._called:
                reason = "tool_calls"
        return Chunk(content or "", reason, index)

    def _without_echo(self, text: str) -> str:
        length = min(len(text), len(self._echoed))
        if self._echoed[:length] != text[:length]:  # engines may normalize what they echo
            self._echoed = ""
            return text
        self._echoed = self._echoed[length:]
        return text[length:]


def _completion(request: GenerateRequest, model: msgspec.Raw) -> bytes:
    """TGI's request as one for a completion. TGI generates as much as fits where it is not told how much: null."""
    wish, sampling = request.wishes, request.sampling
    refuse_parameters(wish, "an engine that is not TGI")
    fields = {
        "model": model,
        "prompt": request.inputs,
        "stream": bool(request.stream),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,  # not OpenAI's, but an engine that lacks it says so
        "frequency_penalty": wish.frequency_penalty,
        "seed": sampling.seed,
        "stop": sampling.stop or None,
        "stream_options": {"include_usage": True} if request.stream and wish.details else None,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return msgspec.json.encode({**given, "max_tokens": sampling.max_tokens})


def _usage(usage: _Usage) -> Usage:
    prompt, completion = usage.prompt_tokens or 0, usage.completion_tokens or 0
    return Usage(prompt, completion, usage.total_tokens or prompt + completion)
