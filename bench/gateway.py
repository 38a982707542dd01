"""CPU time of the gateway per request and per streamed chunk, with all diagnostics on: ``python -m bench.gateway``.

The engine is scripted and in the gateway's process, so what is measured is the gateway: HTTP in and out, JSON, reading
the instruction, diagnosing the reply, metrics. CPU time of the gateway's process as the kernel accounts it, over many
requests on keep-alive connections, after a warm-up; the median of several rounds and their range. Shared machines are
noisy: compare figures of one run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.request import urlopen

import msgspec
from rich.console import Console
from rich.table import Table

from service.auth import new_key
from service.commands.keys import create

# A short instruction and a reply of some 300 characters: the work of which peers are measured.
PROMPT = "Erkläre in wenigen Sätzen, warum der Himmel tagsüber blau und am Abend rot ist."
REPLY = (
    "Das Licht der Sonne besteht aus vielen Farben. Auf dem Weg durch die Luft wird blaues Licht viel stärker gestreut "
    "als rotes, deshalb kommt es am Tag aus allen Richtungen zu uns. Am Abend ist der Weg durch die Luft länger, das "
    "Blau geht verloren, und übrig bleiben die roten und gelben Töne des Lichts."
)
PIECES = 64


async def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=2000, help="requests in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        results = await measure(works(folder, stack), options)
    table = Table("work", "CPU µs, median (range)", title=f"Gateway with diagnostics on, {options.rounds} rounds")
    for name, values in results.items():
        table.add_row(name, f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})")
    Console().print(table)


class Work(msgspec.Struct):
    """One kind of work: what is sent to which gateway, with which headers, and the status that comes back."""

    name: str
    gateway: Gateway
    stream: bool = False
    headers: str = ""
    status: int = 200


class Gateway(msgspec.Struct):
    """A gateway in a process of its own."""

    pid: int
    port: int


def works(folder: Path, stack: ExitStack) -> list[Work]:
    """Five gateways: one without keys, one with a key that has limits, one that is full; and two that keep records."""
    keys = folder / "keys.json"
    _, key = create(keys, "bench", {"scopes": ["infer"], "requests_per_minute": 10**9, "tokens_per_minute": 10**12})
    plain = start(folder / "plain.toml", stack)
    keyed = start(folder / "keyed.toml", stack, f'[auth]\nkeys_file = "{keys}"\n')
    full = start(folder / "full.toml", stack, "[limits]\nmax_in_flight = 1\nmax_waiting = 0\n", delay=3600)
    occupy(full, stack)
    store = f'[store]\nurl = "sqlite:{folder}/{{}}.db"\ntext = "{{}}"\n'
    keeping = start(folder / "keeping.toml", stack, store.format("records", "off"))
    all = start(folder / "texts.toml", stack, store.format("texts", "all"))
    return [
        Work("non-streaming request", plain),
        Work("the same with an API key and its limits", keyed, headers=f"authorization: Bearer {key}\r\n"),
        Work("the same with a record kept, in SQLite", keeping),
        Work("the same with a record and its text kept", all),
        Work("streamed reply", plain, stream=True),
        Work("refused: no such API key", keyed, headers=f"authorization: Bearer {new_key()}\r\n", status=401),
        Work("refused: no place", full, status=503),
    ]


def start(settings: Path, stack: ExitStack, more: str = "", delay: float = 0.0) -> Gateway:
    """Start a gateway whose engine is scripted; its port is read from what it says. It keeps records if ``more`` says
    where."""
    more = more if "[store]" in more else f'{more}[store]\nurl = "off"\n'
    piece = -(-len(REPLY) // PIECES)
    settings.write_text(
        f'{more}[server]\nport = 0\nshutdown_seconds = 0\n[checkpoints.script]\nbackend = "scripted"\npiece = {piece}\n'
        f'delay = {delay}\nreplies = [{json.dumps(REPLY)}]\n[models.script]\nstable = "script"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "service", "serve", "--config", str(settings)]
    process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    stack.callback(process.terminate)
    assert process.stdout is not None
    for line in process.stdout:
        if " listens on " in line:
            return Gateway(process.pid, int(line.split(" listens on ")[1].split()[0].rsplit(":", 1)[1]))
    raise SystemExit("the gateway did not start")


def occupy(gateway: Gateway, stack: ExitStack) -> None:
    """Take the only place until the end; the engine does not say a word."""
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", gateway.port)))
    connection.sendall(written(Work("", gateway, stream=True)))
    while not re.search(rb"^dragoman_inferences_in_flight{.*} 1.0$", metrics(gateway), re.MULTILINE):
        time.sleep(0.1)


def metrics(gateway: Gateway) -> bytes:
    """What Prometheus would read."""
    with urlopen(f"http://127.0.0.1:{gateway.port}/metrics") as response:
        text: bytes = response.read()
    return text


async def measure(works: list[Work], options: argparse.Namespace) -> dict[str, list[float]]:
    """CPU µs per request, by kind of work, one value a round."""
    results: dict[str, list[float]] = {}
    for round in range(options.rounds + 1):
        for work in works:
            used = await cpu(work.gateway.pid, lambda work=work: load(work, options.requests, options.connections))
            if round:  # the first one warms up
                results.setdefault(work.name, []).append(used / options.requests)
    plain = statistics.median(results["non-streaming request"])
    results[f"streamed chunk ({PIECES} a reply)"] = [(value - plain) / PIECES for value in results["streamed reply"]]
    return results


async def cpu(pid: int, work: Callable[[], Awaitable[None]]) -> float:
    """CPU µs that a process spends while ``work`` runs."""
    before = spent(pid)
    await work()
    return spent(pid) - before


def spent(pid: int) -> float:
    """CPU time of all threads of a process so far, in µs (Linux: nanoseconds in each thread's schedstat)."""
    used = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end meanwhile
            used += int((task / "schedstat").read_text().split()[0])
    return used / 1000


async def load(work: Work, requests: int, connections: int) -> None:
    """Send requests over keep-alive connections, each waiting for the end of its reply."""
    await asyncio.gather(*(client(work, requests // connections) for _ in range(connections)))


def written(work: Work) -> bytes:
    """The request, as bytes."""
    message = {"role": "user", "content": PROMPT}
    body = json.dumps({"model": "script", "stream": work.stream, "messages": [message]}).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n{work.headers}"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def client(work: Work, count: int) -> None:
    """One connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", work.gateway.port)
    request, status = written(work), b"HTTP/1.1 %d" % work.status
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(status), head
        if work.stream:
            await reader.readuntil(b"data: [DONE]\n\n\r\n0\r\n\r\n")
        else:
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
    writer.close()


if __name__ == "__main__":
    asyncio.run(main())
