"""Gateways on loopback for tests: the whole product, with an engine of the test's choice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache

import msgspec

from diagnostics.runner import Diagnostics
from diagnostics.standard import standard
from service.admission import Admission
from service.app import admitting, create_app, opened
from service.commands.serve import http_server, listen, url
from service.config import Settings, load
from service.gateway import Gateway


@cache
def diagnostics() -> Diagnostics:
    """One for all gateways of a test run: its word lists take seconds to load."""
    return standard()


class Served(msgspec.Struct, frozen=True):
    """A running gateway."""

    url: str
    gateway: Gateway
    admission: Admission


@asynccontextmanager
async def serving(settings: Settings) -> AsyncGenerator[Served, None]:
    """Run the whole gateway on a free port of loopback."""
    listener = listen("127.0.0.1", 0)
    async with (
        opened(settings, diagnostics()) as gateway,
        admitting(settings, gateway.metrics) as admission,
    ):
        server = http_server(create_app(gateway, admission, settings), settings)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield Served(url(listener), gateway, admission)
        finally:
            server.should_exit = True
            await running
            listener.close()


def settings(checkpoints: dict[str, object], **rest: object) -> Settings:
    """Settings in which each checkpoint is a model of its own name."""
    models = {name: {"stable": name} for name in checkpoints}
    store = {"url": "off"}
    return load(None, environment={}, base={"checkpoints": checkpoints, "models": models, "store": store, **rest})


def scripted(*replies: str, **script: object) -> Settings:
    """Settings with one model, "script", whose engine says what it is told."""
    return settings({"script": {"backend": "scripted", "replies": list(replies or ("Guten Tag!",)), **script}})
