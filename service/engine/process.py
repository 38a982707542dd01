"""The gateway's end of the engine process: its pipes, and the replies under way in it."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from ..backends.base import Chunk
from ..errors import (
    BackendIncomplete,
    BackendTimeout,
    BackendUnavailable,
    CheckpointError,
    DragomanError,
    InvalidRequest,
    MissingExtra,
    PromptTooLong,
    SetupError,
)
from ..schema import Usage
from .protocol import Ask, Cancel, Failed, FromEngine, Generate, Load, Piece, Ready, Refused, Stats, Step, ToEngine

logger = logging.getLogger(__name__)

_ENVIRONMENT = {
    # Threads that wait for work sleep instead of spinning on a core that the gateway needs.
    "OMP_WAIT_POLICY": "passive",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
# One line of the protocol at most, in bytes: a whole reply of the longest context there is, with room.
_LINE = 1 << 26
_GRACE = 3.0
_ANSWER = 10.0


class Reply:
    """The gateway's end of one reply: what the engine sent and nobody has taken yet, at most one whole reply."""

    def __init__(self, request: Generate) -> None:
        self.id = request.id
        self.checkpoint = request.checkpoint
        self.param = "prompt" if isinstance(request.turns, str) else "messages"
        self._texts: list[str] = []
        self._last: Piece | None = None
        self._error: DragomanError | None = None
        self._begun = False
        self._wake = asyncio.Event()

    def feed(self, piece: Piece) -> None:
        """Take a piece from the engine."""
        self._begun = True
        self._texts.append(piece.text)
        if piece.finish_reason is not None:
            self._last = piece
        self._wake.set()

    def fail(self, error: DragomanError) -> None:
        """No more will come."""
        self._error = error
        self._wake.set()

    def lose(self) -> None:
        """The process died."""
        if self._begun:
            self.fail(BackendIncomplete("the embedded engine died in the middle of this reply"))
        else:
            self.fail(BackendUnavailable("the embedded engine died before this reply began"))

    async def next(self) -> Chunk:
        """All that waits, as one chunk.

        Raises:
            InvalidRequest: the engine refused the request.
            BackendError: the engine died.
        """
        await self._wake.wait()
        if self._error is not None and not self._texts:
            raise self._error
        text = "".join(self._texts)
        self._texts.clear()
        if self._error is None:
            self._wake.clear()
        if self._last is None:
            return Chunk(text)
        read, written = self._last.prompt_tokens, self._last.completion_tokens
        return Chunk(text, self._last.finish_reason, usage=Usage(read, written, read + written))


class EngineProcess:
    """One life of the engine process: its pipes, and the replies under way in it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        self._process = process
        self._stdin, self._stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self._decoder = msgspec.json.Decoder[FromEngine](FromEngine)
        self._encoder = msgspec.json.Encoder()
        self._replies: dict[int, Reply] = {}
        self._asked: deque[asyncio.Future[Stats]] = deque()
        self._last_words: deque[str] = deque(maxlen=5)
        self.lost = False
        self._logging = asyncio.create_task(self._log())

    @classmethod
    async def spawn(cls) -> EngineProcess:
        """Start the process; it waits to be told what to load."""
        process = await asyncio.create_subprocess_exec(
            # -P and PYTHONPATH: the code that runs here, and nothing that lies in the working directory.
            *(sys.executable, "-P", "-m", "service.engine"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LINE,
            env={**_ENVIRONMENT, **os.environ, "PYTHONPATH": os.pathsep.join(_import_path())},
            # Ctrl-C is the gateway's: it finishes its replies first.
            start_new_session=True,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def epitaph(self) -> str:
        """How it ended, in its own last words."""
        words = " | ".join(self._last_words) or "no last words"
        return f"exit status {self._process.returncode}: {words}"

    async def start(self, load: Load) -> Ready:
        """Have the checkpoints loaded.

        Raises:
            SetupError: they cannot be.
        """
        self._send(load)
        line = await self._stdout.readline()
        match self._decoder.decode(line) if line else None:
            case Ready() as ready:
                return ready
            case Failed("missing_extra", message):
                raise MissingExtra(message)
            case Failed(_, message):
                raise CheckpointError(message)
        await self._process.wait()
        await self._logging
        raise SetupError(f"the embedded engine died while it started; {self.epitaph()}")

    async def read(self) -> None:
        """Hand out what the process says, until it dies."""
        # An error is half a line, from a process that was killed while it wrote.
        with suppress(ValueError, msgspec.DecodeError):
            while line := await self._stdout.readline():
                self._hand_out(self._decoder.decode(line))
        self.lost = True

    def load(self, checkpoint: str) -> int:
        """Replies of one checkpoint that are under way or wait."""
        return sum(reply.checkpoint == checkpoint for reply in self._replies.values())

    def submit(self, request: Generate) -> Reply:
        """Send a request."""
        reply = self._replies[request.id] = Reply(request)
        self._send(request)
        return reply

    def cancel(self, reply: Reply) -> None:
        """Have the engine stop, unless the reply has ended (or belongs to an earlier life)."""
        if self._replies.pop(reply.id, None) is not None:
            self._send(Cancel(reply.id))

    async def ask(self) -> Stats:
        """Ask for the counts; answers come in the order of the questions."""
        answer: asyncio.Future[Stats] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        self._send(Ask())
        try:
            async with asyncio.timeout(_ANSWER):
                return await answer
        except TimeoutError as error:
            raise BackendTimeout(f"the embedded engine did not answer within {_ANSWER:g} s") from error

    async def aclose(self) -> None:
        """Fail what is under way and end the process: stdin closes, then SIGTERM, then SIGKILL."""
        while self._replies:
            self._replies.popitem()[1].lose()
        for answer in self._asked:
            if not answer.done():
                answer.set_exception(BackendUnavailable("the embedded engine died"))
        self._stdin.close()
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(_GRACE):
                    await self._process.wait()
            except TimeoutError:
                with suppress(ProcessLookupError):
                    self._process.kill()
        await self._process.wait()
        await asyncio.wait([self._logging])

    def _send(self, message: ToEngine) -> None:
        # Without drain(): the engine's reader thread reads whatever its model does, and what waits is bounded by the
        # room for replies and the gateway's limit on a request.
        self._stdin.write(self._encoder.encode(message) + b"\n")

    def _hand_out(self, message: FromEngine) -> None:
        match message:
            case Step(pieces):
                for piece in pieces:
                    self._feed(piece)
            case Refused(id, kind, text):
                if reply := self._replies.pop(id, None):
                    error = PromptTooLong if kind == "prompt_too_long" else InvalidRequest
                    reply.fail(error(text, param=reply.param))
            case Stats():
                answer = self._asked.popleft()
                if not answer.done():
                    answer.set_result(message)

    def _feed(self, piece: Piece) -> None:
        reply = self._replies.get(piece.id)
        if reply is None:  # cancelled while the step was under way
            return
        if piece.finish_reason is not None:
            del self._replies[piece.id]
        reply.feed(piece)

    async def _log(self) -> None:
        while line := await self._stderr.readline():
            words = line.decode(errors="replace").rstrip()
            self._last_words.append(words)
            logger.info("engine: %s", words)


def _import_path() -> Iterator[str]:
    yield str(Path(__file__).parents[2])
    if path := os.environ.get("PYTHONPATH"):
        yield path
