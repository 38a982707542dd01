"""What a backend is: one verb, ``stream()``, between the gateway and an engine.

A new kind of backend is one file with one class, and one line in ``app.py``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from hashlib import blake2b
from typing import Protocol, runtime_checkable

import msgspec

from ..errors import InvalidRequest
from ..schema import ChatRequest, CompletionRequest, GenerateParameters, GenerateRequest, Usage

MAX_PREFIX = 4096
"""Characters of one turn."""

Request = ChatRequest | CompletionRequest | GenerateRequest
"""What callers send; each kind is one surface's."""

_ONLY_TGI = (
    "adapter_id", "best_of", "decoder_input_details", "grammar", "repetition_penalty", "top_n_tokens", "truncate",
    "typical_p", "watermark",
)  # fmt: skip
_NEUTRAL = {"best_of": 1, "repetition_penalty": 1.0, "typical_p": 1.0}


class Prompt(msgspec.Struct, frozen=True):
    """What a backend is asked: the request as understood, and as it came.

    ``id`` is the inference's UUIDv7. ``body`` is the JSON the caller sent, so that fields the gateway does not
    know can travel on.
    """

    id: str
    request: Request
    body: bytes

    @property
    def prefix(self) -> bytes | None:
        """Stands for what the conversation begins with, up to the end of the user's first message: all its later turns
        have that in common, and an engine that has read it once may have kept it. None where no text is known."""
        if not self.request.turns:
            return None
        beginning = blake2b(digest_size=16)
        for turn in self.request.turns:
            beginning.update(turn.content[:MAX_PREFIX].encode(errors="replace"))
            if turn.role == "user":
                break
        return beginning.digest()


class Chunk(msgspec.Struct, gc=False):
    """A piece of a reply.

    ``text`` is what it adds to choice ``index``. ``finish_reason`` (OpenAI's: stop, length, tool_calls,
    content_filter) marks the last piece of a choice. ``usage`` may come with the last chunk. ``data`` is the JSON of
    the engine's own event (streaming) or whole body (not streaming), byte for byte, where it is in the API that the
    caller speaks; None lets the gateway write it. ``more`` says that the next chunk is there already, so that both may
    go out together.
    """

    text: str = ""
    finish_reason: str | None = None
    index: int = 0
    usage: Usage | None = None
    data: bytes | None = None
    more: bool = False


class Backend(Protocol):
    """One engine serving one checkpoint."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[Chunk, None]:
        """Yield the reply's chunks as they come; when ``prompt.request.stream`` is false one chunk may hold it all.

        Closing the generator stops the engine's work on this reply.

        Raises:
            InvalidRequest: the engine cannot do what was asked (before any chunk).
            BackendError: see ``errors.py``; after the first chunk it means the reply is incomplete.
        """
        ...

    async def check(self) -> str | None:
        """Return when the engine is ready to answer; of several, say how many are.

        Raises:
            BackendError: none is.
        """

    async def aclose(self) -> None:
        """Let go of connections and processes. May be called twice."""


def refuse_parameters(parameters: GenerateParameters, engine: str, *more: str) -> None:
    """For ``engine``, which is not TGI: what it cannot do must not be left out in silence, for the answer would be
    another one. ``more`` are parameters that it lacks besides those that only TGI has.

    Raises:
        InvalidRequest: such a parameter is set; names it.
    """
    for field in (*_ONLY_TGI, *more):
        if getattr(parameters, field) not in (None, False, _NEUTRAL.get(field)):
            raise InvalidRequest(
                f"{engine} cannot honour parameters.{field}; leave it out", param=f"parameters.{field}"
            )


@runtime_checkable
class Askable(Protocol):
    """A backend whose engine is TGI, and answers what TGI answers besides: ``/info``, ``/tokenize``,
    ``/chat_tokenize``."""

    async def ask(self, path: str, body: bytes | None = None) -> bytes:
        """The engine's own JSON: to a GET, or to a POST of ``body``.

        Raises:
            BackendError: there is none.
        """
        ...
