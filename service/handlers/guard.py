"""How the handlers that the framework runs ask at the door: each says in ``opt`` which scope it needs."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from ..admission import Admission
from ..auth import Client, Scope

ClientRequest = Request[Client, Any, Any]
"""A request that came through the guard."""

OPEN: list[dict[str, list[str]]] = [{}]
"""For the OpenAPI document: no API key is needed here."""

_SCOPE = "scope"


def needs(scope: Scope) -> dict[str, Scope]:
    """The ``opt`` of a handler for which a client needs this scope."""
    return {_SCOPE: scope}


def guard(admission: Admission) -> Guard:
    """Let in those who may, as the user of the request. A handler behind it that says no scope fails."""

    async def check(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        scope: Scope = handler.opt[_SCOPE]
        client = admission.enter(connection.scope["headers"], scope)
        if scope is Scope.DIAGNOSE:
            await admission.charge(client)
        connection.scope["user"] = client

    return check
