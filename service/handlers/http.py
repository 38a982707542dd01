"""Plain HTTP for the handlers that bypass the framework's request and response: body in, errors and JSON out."""

from __future__ import annotations

import re
from math import ceil
from typing import TypeVar, cast

import msgspec
from litestar.types import HTTPReceiveMessage, Receive, Send

from ..errors import DragomanError, Headers, InvalidRequest, PayloadTooLarge
from ..schema import ErrorBody, ErrorDetail

Decoded = TypeVar("Decoded")

_encode = msgspec.json.Encoder().encode

_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class ClientGone(Exception):
    """The client hung up before its request was read whole."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """The request's body.

    Raises:
        PayloadTooLarge: it is longer than ``limit`` bytes.
        ClientGone: the client hung up.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = cast(HTTPReceiveMessage, await receive())
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message["body"]
        size += len(part)
        if size > limit:
            raise PayloadTooLarge(f"the body is longer than {limit} bytes (server.max_body_bytes)")
        parts.append(part)
        if not message["more_body"]:
            return parts[0] if len(parts) == 1 else b"".join(parts)


def check_nesting(body: bytes, limit: int) -> None:
    """Pass a body of JSON that is nested at most ``limit`` deep, and one that is no JSON. Linear in the body.

    Raises:
        InvalidRequest: it is nested deeper.
    """
    if body.count(b"[") + body.count(b"{") <= limit:
        return
    if b"\\" in body:
        body = re.sub(rb"\\.", b"", body, flags=re.DOTALL)
    outside_strings = b"".join(body.split(b'"')[::2])
    depth = 0
    for bracket in outside_strings.translate(None, _NOT_BRACKETS):
        if bracket in b"[{":
            depth += 1
            if depth > limit:
                raise InvalidRequest(f"the body is nested deeper than {limit} levels (limits.max_nesting)")
        else:
            depth -= 1


def decode(decoder: msgspec.json.Decoder[Decoded], body: bytes) -> Decoded:
    """Decode a body.

    Raises:
        InvalidRequest: it is no JSON, or a field is missing or wrong; names the field.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise InvalidRequest(str(error), param=_param(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"the body is not valid JSON: {error}") from None
    except RecursionError:
        raise InvalidRequest("the body is nested too deeply") from None


def _param(problem: str) -> str | None:
    where = re.search(r"at `\$\.?([^`]+)`$", problem)
    missing = re.search(r"missing required field `(\w+)`", problem)
    parts = [found.group(1) for found in (where, missing) if found]
    return ".".join(parts) or None


async def respond(send: Send, status: int, body: bytes, headers: Headers = ()) -> None:
    """Send a whole JSON response."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})


def error_headers(error: DragomanError) -> Headers:
    """The headers that an error has beside its body."""
    if error.retry_after is None:
        return error.headers
    return (*error.headers, (b"retry-after", b"%d" % max(1, ceil(error.retry_after))))


def error_body(error: DragomanError) -> bytes:
    """OpenAI's error object."""
    return _encode(ErrorBody(ErrorDetail(str(error), error.type, error.param, error.code)))
