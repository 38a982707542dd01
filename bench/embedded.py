"""What the embedded engine gives, and what it costs the gateway's event loop.

    python -m bench.embedded [DIRECTORY]

measures a checkpoint (by default the shipped ``multilingual``): seconds to start, tokens a second alone and in a
batch, the engine's CPU time, and how late a tick of 5 ms comes in this process while the engine works.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from service.backends.base import Prompt
from service.backends.embedded import EmbeddedBackend, EmbeddedEngine
from service.checkpoints import path as shipped
from service.config import Embedded
from service.schema import ChatRequest

TICK = 0.005


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", nargs="?", default=str(shipped("multilingual")))
    parser.add_argument("--requests", type=int, default=16, help="at once")
    parser.add_argument("--tokens", type=int, default=64, help="of each reply")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    print(f"{arguments.directory}, load {os.getloadavg()[0]:.1f}")
    began = time.perf_counter()
    engine = EmbeddedEngine({"bench": arguments.directory}, Embedded(max_batch=arguments.requests))
    await engine.start()
    try:
        info = engine.info["bench"]
        print(
            f"start      {time.perf_counter() - began:6.1f} s  {cpu(engine):.1f} s CPU, {memory(engine)} MB; "
            f"{info.parameters / 1e6:.2f} M parameters, {info.dtype} on {info.device}"
        )
        await idle()
        for name, requests in (("alone", 1), ("batch", arguments.requests)):
            await measure(name, engine, requests, arguments.tokens, arguments.rounds)
    finally:
        await engine.aclose()


async def idle() -> None:
    with ticking() as late:
        await asyncio.sleep(2)
    print(f"idle       {' ' * 35}tick late {percentiles(late)}")


async def measure(name: str, engine: EmbeddedEngine, requests: int, tokens: int, rounds: int) -> None:
    backend = engine.backend("bench")
    await asyncio.gather(*(reply(backend, number, 2) for number in range(requests)))
    before, own, began, made = cpu(engine), time.process_time(), time.perf_counter(), 0
    with ticking() as late:
        for _ in range(rounds):
            made += sum(await asyncio.gather(*(reply(backend, number, tokens) for number in range(requests))))
    wall = time.perf_counter() - began
    print(
        f"{name} {requests:4d} {made / wall:6.0f} tokens/s  {made / (cpu(engine) - before):6.0f} per CPU s  "
        f"tick late {percentiles(late)}; gateway {1e6 * (time.process_time() - own) / made:.0f} us CPU a token"
    )


async def reply(backend: EmbeddedBackend, number: int, tokens: int) -> int:
    """Stream one reply; the number of its tokens. A temperature keeps a short-spoken checkpoint talking."""
    question = f"Give me three tips on sleep ({number})."
    body = {"model": "bench", "messages": [{"role": "user", "content": question}], "stream": True, "seed": number}
    encoded = msgspec.json.encode({**body, "max_tokens": tokens, "temperature": 1.0})
    prompt = Prompt(str(number), msgspec.json.decode(encoded, type=ChatRequest), encoded)
    made = 0
    async for chunk in backend.stream(prompt):
        if chunk.usage is not None:
            made = chunk.usage.completion_tokens
    return made


@contextmanager
def ticking() -> Iterator[list[float]]:
    """Milliseconds by which each tick of this loop came late, while the block runs."""
    late: list[float] = []
    task = asyncio.create_task(tick(late))
    try:
        yield late
    finally:
        task.cancel()


async def tick(late: list[float]) -> None:
    clock = time.perf_counter
    while True:
        due = clock() + TICK
        await asyncio.sleep(TICK)
        late.append(1000 * (clock() - due))


def percentiles(late: list[float]) -> str:
    ranked = sorted(late)
    return f"p50 {ranked[len(ranked) // 2]:.1f}  p99 {ranked[len(ranked) * 99 // 100]:.1f}  max {ranked[-1]:.1f} ms"


def cpu(engine: EmbeddedEngine) -> float:
    """CPU seconds of the engine so far (Linux)."""
    fields = Path(f"/proc/{engine.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(engine: EmbeddedEngine) -> int:
    """Its resident memory in MB (Linux)."""
    return int(Path(f"/proc/{engine.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000


if __name__ == "__main__":
    asyncio.run(main())
