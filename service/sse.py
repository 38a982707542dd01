"""Server-sent events: bytes in, events out, and back.

The framing is the WHATWG's (HTML, section 9.2, "Server-sent events"): lines end with LF, CR LF or CR, an empty line
ends an event, the ``data`` lines of one event are joined by LF, one space after the colon is dropped, comments and
other fields are ignored, and what no empty line ended when the stream ends is no event. Besides, an event whose data
is empty is dropped: no engine says anything with it.
"""

from __future__ import annotations

from .errors import BackendBroken

DONE = b"data: [DONE]\n\n"
"""How OpenAI's API says that no event follows."""

MAX_EVENT_BYTES = 8 * 1024 * 1024


class EventParser:
    """A fold over the bytes of one stream: any way of cutting them gives the same events.

    The work is linear in the input however it is cut, and no more than ``limit`` bytes are held back.
    """

    __slots__ = ("_after_cr", "_limit", "_rest", "_searched")

    def __init__(self, limit: int = MAX_EVENT_BYTES) -> None:
        self._limit = limit
        self._rest = bytearray()  # the event that is not ended yet
        self._searched = 0  # how much of it holds no end
        self._after_cr = False  # the last byte was CR: an LF now belongs to the same line end

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes; return the data of the events that they ended.

        Raises:
            BackendBroken: an event is larger than the limit.
        """
        if self._after_cr or b"\r" in data:
            data = self._with_line_feeds(data)
        if self._rest:
            self._rest += data
            if self._rest.find(b"\n\n", self._searched) < 0:
                self._keep(self._rest)
                return []
            data = bytes(self._rest)
        *blocks, rest = data.split(b"\n\n")
        if len(data) > self._limit:
            for block in blocks:
                self._check(block)
        self._keep(bytearray(rest))
        # Nearly every event of an engine is one line, ``data: {...}``.
        return [
            event
            for block in blocks
            if (event := block[6:] if block[:6] == b"data: " and b"\n" not in block else _joined(block))
        ]

    def _keep(self, rest: bytearray) -> None:
        self._check(rest)
        self._rest = rest
        self._searched = max(0, len(rest) - 1)  # its last byte may be the first half of an end

    def _check(self, block: bytes | bytearray) -> None:
        if len(block) > self._limit:
            raise BackendBroken(f"the engine sent an event of more than {self._limit} bytes")

    def _with_line_feeds(self, data: bytes) -> bytes:
        """The same lines, each ended by LF. A CR counts at once: waiting for its LF would hold the event back."""
        if self._after_cr and data:
            data = data.removeprefix(b"\n")
            self._after_cr = False
        if data.endswith(b"\r"):
            self._after_cr = True
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _joined(block: bytes) -> bytes:
    """The data of an event, its lines joined."""
    lines = [line for line in block.split(b"\n") if line[:5] == b"data:" or line == b"data"]
    return b"\n".join([line[6:] if line[5:6] == b" " else line[5:] for line in lines])


def event(data: bytes) -> bytes:
    """``data`` as one event; a line end in it (any of the three) arrives as LF."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\n" in data:
        data = data.replace(b"\n", b"\ndata: ")
    return b"data: " + data + b"\n\n"
