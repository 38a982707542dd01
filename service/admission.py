"""The door of the gateway: who may come in, with what, and when. Every route asks here.

A request passes twice. ``enter`` looks at its headers: what is refused there costs next to nothing, and its body is
never read. ``admit`` looks at what it asks for, charges its API key, and finds it a place.
"""

from __future__ import annotations

from functools import cache

from .auth import ANYONE, Client, Keyring, Scope
from .backends.base import Request
from .config import Limits
from .errors import Forbidden, Headers, InvalidRequest, RateLimited, ShuttingDown, Unauthenticated
from .limits import Limiter, estimated_tokens
from .load import Load, Permit
from .metrics import Metrics
from .schema import ChatRequest

WORK = frozenset((Scope.INFER, Scope.DIAGNOSE))
"""What is not begun any more once the gateway shuts down."""


class Admission:
    """The one place that decides. Without a ``keyring`` everybody may do everything. ``draining`` is set when the
    gateway shuts down."""

    def __init__(self, keyring: Keyring | None, limiter: Limiter, load: Load, limits: Limits, metrics: Metrics) -> None:
        self._keyring = keyring
        self._limiter = limiter
        self._load = load
        self.limits = limits
        self._clients = cache(metrics.clients.labels)
        self._shut_down = metrics.shed.labels("shutting_down")
        self.draining = False

    def enter(self, headers: Headers, scope: Scope) -> Client:
        """Who sends a request with these headers, if they may do what ``scope`` says and there may be room for it.

        Raises:
            Unauthenticated: nobody that is known.
            Forbidden: the client lacks the scope.
            Unavailable: the gateway is full, or shuts down.
        """
        client = self._known(headers, scope)
        if self.draining and scope in WORK:
            self._shut_down.inc()
            raise ShuttingDown("the gateway is shutting down", retry_after=1)
        if scope is Scope.INFER:
            self._load.check()
        return client

    def may(self, headers: Headers, scope: Scope) -> bool:
        """Whether who sends these headers may do what ``scope`` says."""
        try:
            self._known(headers, scope)
        except (Unauthenticated, Forbidden):
            return False
        return True

    async def admit(self, client: Client, request: Request, size: int) -> Permit:
        """Let in a request with a body of ``size`` bytes, when there is a place for it.

        Raises:
            Forbidden: the client may not ask this model.
            InvalidRequest: it has more messages than the settings allow.
            RateLimited: the client has used up its share.
            Unavailable: there is no place, or the rate limits cannot be looked up.
        """
        client.require_model(request.model)
        if isinstance(request, ChatRequest) and len(request.messages) > self.limits.max_messages:
            raise InvalidRequest(
                f"{len(request.messages)} messages; send at most {self.limits.max_messages} (limits.max_messages)",
                param="messages",
            )
        tokens = 0 if client.tokens_per_minute is None else estimated_tokens(request.sampling, size)
        headers = await self.charge(client, tokens)
        return Permit(await self._load.take(request.model), headers)

    async def charge(self, client: Client, tokens: int = 0) -> Headers:
        """Charge one request of so many tokens; returns headers that say what the client has left.

        Raises:
            RateLimited: the client has used up its share.
            LimiterUnavailable: the rate limits cannot be looked up.
        """
        try:
            headers = await self._limiter.charge(client, tokens)
        except RateLimited as error:
            self._clients(client.name, error.type).inc()
            raise
        self._clients(client.name, "admitted").inc()
        return headers

    def _known(self, headers: Headers, scope: Scope) -> Client:
        client = ANYONE if self._keyring is None else self._keyring.client(headers)
        client.require(scope)
        return client
