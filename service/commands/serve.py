"""Run the gateway under uvicorn: one process, one event loop."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from litestar import Litestar

from ..app import admitting, create_admin_app, create_app, opened
from ..auth import read_keys
from ..config import Auth, Settings
from ..errors import SetupError
from ..protocol import bounded

CLOSE_SECONDS = 1
"""How long connections have to close once no reply is waited for any more."""


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

    @property
    def is_answering(self) -> bool:
        """Whether a request is under way that need be waited for."""
        return bool(self.server_state.tasks) and not self.force_exit


def http_server(app: Litestar, settings: Settings) -> Server:
    """The HTTP server around the application."""
    config = uvicorn.Config(
        app,
        http=bounded(settings.limits),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nothing here asks where a client is
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=CLOSE_SECONDS,
    )
    return Server(config)


def check_exposure(listeners: Iterable[socket.socket], auth: Auth) -> None:
    """Pass unless somebody on another machine could use the gateway without an API key, and nobody said so.

    Raises:
        SetupError: says how to make a key, and how to do without.
    """
    if auth.open or auth.keys_file is not None:
        return
    for listener in listeners:
        host = listener.getsockname()[0]
        if not ip_address(host.partition("%")[0]).is_loopback:
            raise SetupError(
                f"{host} can be reached from other machines, and there are no API keys. Make one with `dragoman keys "
                "create NAME --file keys.json` and start with --set auth.keys_file=keys.json; or let everybody in with "
                "--set auth.open=true; or listen on 127.0.0.1 (server.host)"
            )


async def serve(settings: Settings, listeners: Sequence[socket.socket], ready: Callable[[], None]) -> None:
    """Serve until a signal says stop: the API on the first of the ``listeners`` and, if there are two, administration
    on the other. ``ready`` is called once requests are answered.

    The first signal lets replies that have begun go on for ``server.shutdown_seconds``. Until the last has ended
    ``/ready`` and new requests are answered with 503.

    Raises:
        SetupError: an engine cannot start like this, or the API keys cannot be read.
    """
    check_exposure(listeners, settings.auth)
    if settings.auth.keys_file is not None:
        read_keys(Path(settings.auth.keys_file))  # a mistake in there is known before anything slow begins
    async with opened(settings) as gateway, admitting(settings, gateway.metrics) as admission:
        apps = (create_app(gateway, admission, settings), create_admin_app(gateway, admission))
        servers = [http_server(app, settings) for app, _ in zip(apps, listeners, strict=False)]
        # What was built so far lives as long as the process: take it out of every later collection.
        gc.collect()
        gc.freeze()
        stopping = asyncio.Event()

        def stop() -> None:
            for server in servers:
                server.force_exit = admission.draining  # a second Ctrl-C does not wait for replies
            admission.draining = True
            stopping.set()

        for signal_ in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_, stop)
        async with asyncio.TaskGroup() as running:
            for server, listener in zip(servers, listeners, strict=True):
                running.create_task(server.serve(sockets=[listener]))
            ready()
            await stopping.wait()
            await _drain(servers, settings.server.shutdown_seconds)
            for server in servers:
                server.should_exit = True


async def _drain(servers: Sequence[Server], seconds: float) -> None:
    """Wait until nothing is being answered any more, or for so long."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while any(server.is_answering for server in servers) and loop.time() < until:
        await asyncio.sleep(0.05)


def listen_all(settings: Settings) -> list[socket.socket]:
    """Bind what ``serve`` needs: the API's port, and that of administration if it has one of its own.

    Raises:
        SetupError: see ``listen``.
    """
    ports = [settings.server.port]
    if settings.server.admin_port is not None:
        ports.append(settings.server.admin_port)
    return [listen(settings.server.host, port) for port in ports]


def url(listener: socket.socket) -> str:
    """Where a bound socket can be reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
