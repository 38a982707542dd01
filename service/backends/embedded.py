"""A backend that needs nothing else: transformers and torch in a process of their own.

``EmbeddedEngine`` owns the process, which serves every embedded checkpoint; ``EmbeddedBackend`` is one checkpoint of
it. A model in this process would hold the interpreter lock while the event loop has replies to pass on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from itertools import count

import msgspec

from ..config import Embedded
from ..engine.process import EngineProcess, Reply
from ..engine.protocol import CheckpointInfo, Generate, Load, Stats, Turn
from ..errors import BackendOverloaded, BackendUnavailable, ConfigError, InvalidRequest, SetupError
from ..schema import ChatMessage, ChatRequest, CompletionRequest
from .base import Chunk, Prompt, Request, refuse_parameters

logger = logging.getLogger(__name__)

# Seconds between a death and the next start: the first, and the longest; the first again after this long a life.
_BACKOFF = (0.5, 30.0)
_STEADY = 60.0
# A field set to one of these asks for nothing.
_NOTHING = (b"", b"null", b"false", b"0", b"0.0", b"[]", b"{}", b'"none"', b'{"type":"text"}')


class EmbeddedEngine:
    """The engine process and the checkpoints in it; restarted with growing pauses if it dies.

    Args:
        checkpoints: name -> directory or hub id.
        settings: threads, room and patience.
    """

    def __init__(self, checkpoints: Mapping[str, str], settings: Embedded) -> None:
        self._load = Load(dict(checkpoints), settings.max_batch, settings.threads)
        self._room = settings.max_batch + settings.max_waiting
        self._start_seconds = settings.start_seconds
        self._ids = count(1)
        self._process: EngineProcess | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.info: Mapping[str, CheckpointInfo] = {}

    async def start(self) -> None:
        """Return when every checkpoint is loaded and has generated a token; then ``info`` tells of each.

        Raises:
            MissingExtra: torch or transformers is not installed.
            CheckpointError: a checkpoint is missing or broken, or the hub cannot be reached.
            SetupError: the process did not come up for another reason; the message ends with its last words.
        """
        self._process = await self._spawn()
        self._keeper = asyncio.create_task(self._keep(self._process))

    def backend(self, name: str) -> EmbeddedBackend:
        """The backend of one checkpoint.

        Raises:
            ConfigError: the engine has no checkpoint of that name.
        """
        if name not in self._load.checkpoints:
            known = ", ".join(sorted(self._load.checkpoints))
            raise ConfigError(f"no embedded checkpoint {name!r}; there are: {known}", param=name)
        return EmbeddedBackend(self, name)

    async def stats(self) -> Stats:
        """How many replies of each checkpoint are under way and wait, asked of the engine itself.

        Raises:
            BackendUnavailable: the engine is not up.
            BackendTimeout: it does not answer.
        """
        return await self._running().ask()

    @property
    def pid(self) -> int | None:
        """The engine process; None while there is none."""
        return None if self._process is None or self._process.lost else self._process.pid

    async def aclose(self) -> None:
        """End the process; replies under way fail. May be called twice."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait([keeper])
        process, self._process = self._process, None
        if process is not None:
            await process.aclose()

    def submit(self, checkpoint: str, wanted: Request) -> Reply:
        """Ask for a reply; give it to ``release`` in the end.

        Raises:
            InvalidRequest: the request asks for what the engine cannot do.
            BackendUnavailable: the engine is not up.
            BackendOverloaded: too many replies wait.
        """
        process = self._running()
        request = _translate(next(self._ids), checkpoint, wanted)
        if process.load(checkpoint) >= self._room:
            raise BackendOverloaded(f"checkpoint {checkpoint!r} has {self._room} replies under way or waiting")
        return process.submit(request)

    def release(self, reply: Reply) -> None:
        """Let go of a reply, finished or not."""
        if self._process is not None:
            self._process.cancel(reply)

    def _running(self) -> EngineProcess:
        if self._process is None or self._process.lost:
            state = "is being restarted" if self._keeper else "is not running"
            raise BackendUnavailable(f"the embedded engine {state}")
        return self._process

    async def _spawn(self) -> EngineProcess:
        process = await EngineProcess.spawn()
        started = False
        try:
            async with asyncio.timeout(self._start_seconds):
                self.info = (await process.start(self._load)).checkpoints
            started = True
        except TimeoutError as error:
            raise SetupError(f"the embedded engine was not ready after {self._start_seconds:g} s") from error
        finally:
            if not started:
                await process.aclose()
        return process

    async def _keep(self, process: EngineProcess) -> None:
        """Read what the process says; when it dies, start another."""
        clock = asyncio.get_running_loop().time
        pause, longest = _BACKOFF
        while True:
            began = clock()
            await process.read()
            await process.aclose()
            logger.error("the embedded engine died (%s); it is started again", process.epitaph())
            pause = _BACKOFF[0] if clock() - began > _STEADY else pause
            while process.lost:
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
                try:
                    self._process = process = await self._spawn()
                except (SetupError, OSError) as error:
                    logger.error("the embedded engine cannot be started again: %s", error)


class EmbeddedBackend:
    """One checkpoint of the engine. Closing it does not end the engine, which others share."""

    def __init__(self, engine: EmbeddedEngine, checkpoint: str) -> None:
        self._engine = engine
        self._checkpoint = checkpoint

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Chunk, None]:
        """See ``Backend``: what has come since the last chunk makes the next."""
        _refuse_unsupported(prompt.body)
        reply = self._engine.submit(self._checkpoint, prompt.request)
        try:
            while True:
                chunk = await reply.next()
                yield chunk
                if chunk.finish_reason is not None:
                    return
        finally:
            self._engine.release(reply)

    async def check(self) -> None:
        """See ``Backend``: the engine is asked, and must answer."""
        await self._engine.stats()

    async def aclose(self) -> None:
        """Nothing is held."""


class _Unsupported(msgspec.Struct):
    """Fields of a request that would change the answer and cannot be honoured; not even decoded."""

    tools: msgspec.Raw = msgspec.Raw()
    functions: msgspec.Raw = msgspec.Raw()
    logprobs: msgspec.Raw = msgspec.Raw()
    response_format: msgspec.Raw = msgspec.Raw()
    echo: msgspec.Raw = msgspec.Raw()
    suffix: msgspec.Raw = msgspec.Raw()
    logit_bias: msgspec.Raw = msgspec.Raw()
    presence_penalty: msgspec.Raw = msgspec.Raw()
    frequency_penalty: msgspec.Raw = msgspec.Raw()


_unsupported = msgspec.json.Decoder(_Unsupported)


def _refuse_unsupported(body: bytes) -> None:
    """Raise InvalidRequest if a field is set to anything but its empty default."""
    asked = _unsupported.decode(body)
    for field in asked.__struct_fields__:
        value = bytes(getattr(asked, field))
        if value not in _NOTHING and b"".join(value.split()) not in _NOTHING:
            raise InvalidRequest(f"the embedded engine cannot honour {field}; leave it out", param=field)


def _translate(id: int, checkpoint: str, request: Request) -> Generate:
    sampling = request.sampling
    if sampling.n > 1:
        raise InvalidRequest("the embedded engine gives one answer; set n to 1", param="n")
    if "" in sampling.stop:
        raise InvalidRequest("a stop string must not be empty", param="stop")
    if sampling.max_tokens == 0:
        raise InvalidRequest("the embedded engine generates at least one token", param="max_tokens")
    return Generate(
        id=id,
        checkpoint=checkpoint,
        turns=_turns(request),
        stream=bool(request.stream),
        max_tokens=sampling.max_tokens,
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        top_k=sampling.top_k,
        seed=None if sampling.seed is None else sampling.seed % 2**63,
        stop=list(sampling.stop),
    )


def _turns(request: Request) -> list[Turn] | str:
    """What is to be answered; of completions and TGI's generation the bare text, see ``Checkpoint.encode``."""
    if isinstance(request, ChatRequest):
        return [_turn(message) for message in request.messages]
    if not isinstance(request, CompletionRequest):
        refuse_parameters(request.wishes, "the embedded engine", "frequency_penalty")
        return request.inputs
    prompt = [request.prompt] if isinstance(request.prompt, str) else request.prompt
    if len(prompt) != 1 or not isinstance(prompt[0], str):
        raise InvalidRequest("the embedded engine takes one prompt, and takes it as text", param="prompt")
    return prompt[0]


def _turn(message: ChatMessage) -> Turn:
    if not isinstance(message.content, str) and any(part.type != "text" for part in message.content or ()):
        raise InvalidRequest("the embedded engine takes text only", param="messages")
    return Turn("system" if message.role == "developer" else message.role, message.text)
