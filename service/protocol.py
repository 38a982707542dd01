"""uvicorn's HTTP protocol, with a bound on the head of a request: it would read one of any length."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .config import Limits
from .errors import HeadTooLarge
from .handlers.http import error_body


class BoundedProtocol(HttpToolsProtocol):
    """A request whose head is too large is answered with 431, and its connection closed."""

    limits: Limits

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._in_head = False
        self._received = 0
        self._refusal: HeadTooLarge | None = None

    def data_received(self, data: bytes) -> None:
        """Parse what has come, and give up on a head that does not end."""
        was_in_head = self._in_head
        super().data_received(data)
        if was_in_head and self._in_head:  # what came with its beginning may belong to another request
            self._received += len(data)
            if self._received > self.limits.max_header_bytes and not self.transport.is_closing():
                self._refusal = self._too_long()
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head = True
        self._received = 0

    def on_headers_complete(self) -> None:
        """The head is there. An error that is raised here becomes uvicorn's 400."""
        self._in_head = False
        size = len(self.url) + sum([len(name) + len(value) for name, value in self.headers])
        if size > self.limits.max_header_bytes:
            self._refusal = self._too_long()
        elif len(self.headers) > self.limits.max_headers:
            self._refusal = HeadTooLarge(f"more than {self.limits.max_headers} headers (limits.max_headers)")
        if self._refusal is not None:
            raise self._refusal
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that could not be parsed; uvicorn calls this."""
        if self._refusal is None:
            super().send_400_response(msg)
            return
        body = error_body(self._refusal)
        head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[self._refusal.status] + head + body)
        self.transport.close()

    def _too_long(self) -> HeadTooLarge:
        return HeadTooLarge(
            f"the headers are longer than {self.limits.max_header_bytes} bytes (limits.max_header_bytes)"
        )


def bounded(limits: Limits) -> type[BoundedProtocol]:
    """The protocol with these limits, as uvicorn wants it: a class."""
    return type("Protocol", (BoundedProtocol,), {"limits": limits})
