"""TGI's API as a whole: one application for its paths at the root, and for all of a model's under ``/models/NAME``.

TGI serves one model, so its requests name none. Clients say which by their base URL: ``/models/NAME`` is one TGI, with
OpenAI's API under it as there. What a body says of the model does not count there: clients write "tgi" or "dummy".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import msgspec
from litestar.types import HTTPScope, Receive, Scope, Send

from diagnostics.core import VERSION

from ..admission import Admission
from ..auth import Client
from ..auth import Scope as KeyScope
from ..backends.base import Askable, Backend
from ..errors import DragomanError, MethodNotAllowed, NotServed, UnknownModel
from ..gateway import Gateway
from ..schema import GenerateError, GenerateInfo
from .generate import Generate
from .health import CHECK_SECONDS
from .http import ClientGone, error_headers, read_body, respond
from .inference import Inference

PATHS = ("/", "/generate", "/generate_stream", "/info", "/tokenize", "/chat_tokenize")
"""Those at the root, where they speak of the default model; ``/health`` is the gateway's own."""

Handler = Callable[[Scope, Receive, Send, str | None], Awaitable[None]]

_encode = msgspec.json.Encoder().encode


class TGI:
    """See the module. ``openai`` are the paths that every model has besides."""

    def __init__(
        self,
        gateway: Gateway,
        admission: Admission,
        default_model: str,
        max_body_bytes: int,
        openai: Mapping[str, Inference],
    ) -> None:
        self._router = gateway.router
        self._admission = admission
        self._default_model = default_model
        self._max_body_bytes = max_body_bytes
        self._surface = Generate(default_model)
        generate = {
            "/generate": Generate(default_model, stream=False),
            "/generate_stream": Generate(default_model, stream=True),
            "/": self._surface,
        }
        posts = {
            **openai,
            **{path: Inference(gateway, admission, each, max_body_bytes) for path, each in generate.items()},
        }
        self._handlers: dict[str, dict[str, Handler]] = {path: {"POST": each} for path, each in posts.items()}
        self._handlers["/"]["GET"] = self._health
        self._handlers["/health"] = {"GET": self._health}
        self._handlers["/info"] = {"GET": self._info}
        self._handlers["/tokenize"] = self._handlers["/chat_tokenize"] = {"POST": self._tokenize}
        self._longest_first = sorted(self._handlers, key=len, reverse=True)

    async def at_root(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to one of ``PATHS``."""
        scope = cast(HTTPScope, scope)
        await self._answer(scope["path"], None, scope, receive, send)

    async def under_model(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to ``/NAME/…``, that is ``/models/NAME/…`` where it is mounted; a name may have slashes."""
        scope = cast(HTTPScope, scope)
        path = scope["path"].rstrip("/")
        whole = path.strip("/") in self._router.models
        rest = "/" if whole else next((each for each in self._longest_first if path.endswith(each)), "/")
        scope["path"] = rest
        await self._answer(rest, path.removesuffix(rest).strip("/"), scope, receive, send)

    async def _answer(self, path: str, model: str | None, scope: HTTPScope, receive: Receive, send: Send) -> None:
        methods = self._handlers[path]
        try:
            handler = methods.get(scope["method"])
            if handler is None:
                raise MethodNotAllowed(f"use {' or '.join(methods)}")
            await handler(scope, receive, send, model)
        except ClientGone:
            return
        except DragomanError as error:
            await respond(send, *self._surface.error(error), error_headers(error))

    def _engine(self, model: str | None) -> tuple[str, Backend]:
        """The name of the model that is meant, and its engine; of a model with a canary the stable arm's."""
        name = self._default_model if model is None else model
        return name, self._router.stable(name).arm.backend

    async def _health(self, scope: Scope, receive: Receive, send: Send, model: str | None) -> None:
        """Whether the model's engine can answer; of the gateway itself ``/health`` tells. No API key is needed here, so
        nobody is told which models there are."""
        try:
            _, backend = self._engine(model)
        except UnknownModel:
            raise NotServed("there is no model of that name") from None
        try:
            await asyncio.wait_for(backend.check(), CHECK_SECONDS)
        except (DragomanError, TimeoutError):
            await respond(send, 503, _encode(GenerateError("unhealthy", "healthcheck")))
        else:
            await respond(send, 200, b"")

    def _client(self, scope: Scope, name: str) -> Client:
        """Who asks, if they may ask this model."""
        client = self._admission.enter(cast(HTTPScope, scope)["headers"], KeyScope.INFER)
        client.require_model(name)
        return client

    async def _info(self, scope: Scope, receive: Receive, send: Send, model: str | None) -> None:
        name, backend = self._engine(model)
        self._client(scope, name)
        if isinstance(backend, Askable):
            await respond(send, 200, await backend.ask("/info"))
        else:
            await respond(send, 200, _encode(GenerateInfo(model_id=name, version=VERSION)))

    async def _tokenize(self, scope: Scope, receive: Receive, send: Send, model: str | None) -> None:
        path = cast(HTTPScope, scope)["path"]
        name, backend = self._engine(model)
        client = self._client(scope, name)
        if not isinstance(backend, Askable):
            raise NotServed(f"only TGI has {path}, and the engine of model {name!r} is another")
        body = await read_body(receive, self._max_body_bytes)
        limits = await self._admission.charge(client)
        await respond(send, 200, await backend.ask(path, body), limits)
