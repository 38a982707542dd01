"""Run the gateway under uvicorn: one process, one event loop."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from litestar import Litestar

from ..app import create_app, opened
from ..config import Settings
from ..errors import SetupError


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


class Server(uvicorn.Server):
    """Leaves signals to the command: uvicorn would raise them again, and the engines would not be closed."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def http_server(app: Litestar, settings: Settings) -> Server:
    """The HTTP server around the application."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nothing here asks who the client is
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=settings.server.shutdown_seconds,
    )
    return Server(config)


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
        for stop in (signal.SIGINT, signal.SIGTERM):  # a second Ctrl-C does not wait for replies
            asyncio.get_running_loop().add_signal_handler(stop, server.handle_exit, stop, None)
        ready(url(listener))
        await server.serve(sockets=[listener])


def url(listener: socket.socket) -> str:
    """Where a bound socket can be reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
