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
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

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
    with tempfile.TemporaryDirectory() as folder:
        process, port = start(Path(folder))
        try:
            results = await measure(process.pid, port, options)
        finally:
            process.terminate()
            process.wait()
    table = Table("work", "CPU µs, median (range)", title=f"Gateway with diagnostics on, {options.rounds} rounds")
    for name, values in results.items():
        table.add_row(name, f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})")
    Console().print(table)


def start(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """Start a gateway whose engine is scripted; its port is read from what it says."""
    piece = -(-len(REPLY) // PIECES)
    settings = folder / "dragoman.toml"
    settings.write_text(
        f'[server]\nport = 0\n[checkpoints.script]\nbackend = "scripted"\npiece = {piece}\n'
        f'replies = [{json.dumps(REPLY)}]\n[models.script]\nstable = "script"\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "service", "serve", "--config", str(settings)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if " listens on " in line:
            return process, int(line.split(" listens on ")[1].split()[0].rsplit(":", 1)[1])
    raise SystemExit("the gateway did not start")


async def measure(pid: int, port: int, options: argparse.Namespace) -> dict[str, list[float]]:
    """CPU µs per request, by kind of work, one value a round."""
    results: dict[str, list[float]] = {}
    for round in range(options.rounds + 1):
        for name, stream in (("non-streaming request", False), ("streamed reply", True)):
            used = await cpu(pid, lambda stream=stream: load(port, stream, options.requests, options.connections))
            if round:  # the first one warms up
                results.setdefault(name, []).append(used / options.requests)
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
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1000


async def load(port: int, stream: bool, requests: int, connections: int) -> None:
    """Send requests over keep-alive connections, each waiting for the end of its reply."""
    body = json.dumps({"model": "script", "stream": stream, "messages": [{"role": "user", "content": PROMPT}]}).encode()
    request = (
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n%s" % (len(body), body)
    )
    await asyncio.gather(*(client(port, request, stream, requests // connections) for _ in range(connections)))


async def client(port: int, request: bytes, stream: bool, count: int) -> None:
    """One connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        if stream:
            await reader.readuntil(b"data: [DONE]\n\n\r\n0\r\n\r\n")
        else:
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
    writer.close()


if __name__ == "__main__":
    asyncio.run(main())
