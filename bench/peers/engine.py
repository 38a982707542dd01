"""An engine that costs next to nothing: ``python -m bench.peers.engine PORT``.

It speaks OpenAI's chat completions and always says the same, in bytes made beforehand: as one body, or as 64 events, at
once or paced. ``/pace/SECONDS`` sets the pace of the streams that begin from then on; 0, as at the start, is at once.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from itertools import islice
from typing import cast

import httptools
import msgspec
import uvloop

from ..gateway import PIECES, REPLY

MODEL = "bench"

_STREAM = re.compile(rb'"stream"\s*:\s*true')
_HEAD = {"id": "chatcmpl-1", "created": 1, "model": MODEL}


def pieces(text: str, count: int) -> list[str]:
    """``text`` in ``count`` pieces, none longer than another by more than a character."""
    return [text[len(text) * at // count : len(text) * (at + 1) // count] for at in range(count)]


def events() -> list[bytes]:
    """The reply as server-sent events: the role, its pieces, and its end with ``[DONE]``."""
    first, last = _event({"role": "assistant", "content": ""}), _event({}, "stop") + b"data: [DONE]\n\n"
    return [first, *(_event({"content": piece}) for piece in pieces(REPLY, PIECES)), last]


def _event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return b"data: " + msgspec.json.encode({**_HEAD, "object": "chat.completion.chunk", "choices": [choice]}) + b"\n\n"


def body() -> bytes:
    """The reply as one body."""
    choice = {"index": 0, "message": {"role": "assistant", "content": REPLY}, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 24, "completion_tokens": PIECES, "total_tokens": 24 + PIECES}
    return msgspec.json.encode({**_HEAD, "object": "chat.completion", "choices": [choice], "usage": usage})


def _response(content: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(content) + content


class Engine:
    """What all connections share: the bytes, and the pace in seconds."""

    whole = _response(body())
    # Asked by routers that want to know which worker they have.
    models = _response(msgspec.json.encode({"object": "list", "data": [{"id": MODEL, "object": "model"}]}))
    other = _response(msgspec.json.encode({"model_path": MODEL, "status": "ok"}))
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    chunks: Sequence[bytes] = tuple(b"%x\r\n%b\r\n" % (len(event), event) for event in events())
    end = b"0\r\n\r\n"

    def __init__(self) -> None:
        self.pace = 0.0


class Connection(asyncio.Protocol):
    """Answers one request after another."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._parser = httptools.HttpRequestParser(self)
        self._parts: list[bytes] = []
        self._url = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:  # some try HTTP/2 first
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        body = b"".join(self._parts)
        self._parts.clear()
        if b"/pace/" in self._url:
            self._engine.pace = float(self._url.rpartition(b"/")[2])
            self._transport.write(self._engine.other)
        elif not body:
            self._transport.write(self._engine.models if self._url.endswith(b"/models") else self._engine.other)
        elif not _STREAM.search(body):
            self._transport.write(self._engine.whole)
        elif not self._engine.pace:
            self._burst()
        else:
            self._transport.write(self._engine.head)
            self._due, self._left = self._loop.time(), iter(self._engine.chunks)
            self._next()

    def _burst(self) -> None:
        """Each event in a segment of its own, as engines write them: all in one read would be less work to pass on."""
        socket: int = self._transport.get_extra_info("socket").fileno()
        for part in (self._engine.head, *self._engine.chunks, self._engine.end):
            os.write(socket, part)

    def _next(self) -> None:
        """Write the next event and set the timer for the one after it; late ones do not shift the others."""
        for chunk in islice(self._left, 1):
            self._transport.write(chunk)
            self._due += self._engine.pace
            self._timer = self._loop.call_at(self._due, self._next)
            return
        self._timer = None
        self._transport.write(self._engine.end)


async def main(port: int) -> None:
    """Serve until killed."""
    engine = Engine()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(engine), "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
