"""Run the gateway under uvicorn: one process, one event loop."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable

import uvicorn
from litestar import Litestar

from service.app import create_app, opened
from service.config import Settings
from service.errors import SetupError


def listen(host: str, port: int) -> socket.socket:
    """Bind the address before anything slow begins, so that a port in use is known at once.

    Raises:
        SetupError: the address is taken or is none of this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SetupError(
            f"cannot listen on {host}:{port}: {reason}. Choose another port with --port N (0: a free one)."
        ) from None
    return listener


def http_server(app: Litestar, settings: Settings) -> uvicorn.Server:
    """The HTTP server around the application."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=settings.server.shutdown_seconds,
    )
    return uvicorn.Server(config)


async def serve(settings: Settings, listener: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until a signal says stop; ``ready`` is called with the URL once requests are answered.

    Raises:
        SetupError: an engine cannot start like this.
    """
    async with opened(settings) as gateway:
        server = http_server(create_app(gateway, settings), settings)
        # What was built so far lives as long as the process: take it out of every later collection.
        gc.collect()
        gc.freeze()
        ready(url(listener))
        await server.serve(sockets=[listener])


def url(listener: socket.socket) -> str:
    """Where a bound socket can be reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
