"""The demonstration's client: instructions that no checkpoint has seen, through the public API, at a modest rate."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence

import httpx
import msgspec
from prometheus_client.parser import text_string_to_metric_families

from diagnostics.core import Diagnosis

from ..checkpoints.corpus import Example
from .tally import Answer

CONCURRENCY = 16
MAX_TOKENS = 256


class _Reply(msgspec.Struct):
    diagnostics: Diagnosis


def choose(examples: Sequence[Example], count: int, seed: int = 1) -> list[Example]:
    """``count`` examples in an order that mixes them: every language is wanted as often as any other, in half of them
    because the instruction is written in it, in half because the instruction asks for it."""
    draw = random.Random(seed)
    groups: dict[tuple[str, bool], list[Example]] = defaultdict(list)
    for example in draw.sample(examples, len(examples)):
        groups[example.answer_language, example.language == example.answer_language].append(example)
    share = -(-count // len(groups))
    chosen = [example for group in groups.values() for example in group[:share]]
    draw.shuffle(chosen)
    return chosen[:count]


async def send(
    client: httpx.AsyncClient, model: str, examples: Sequence[Example], rate: float
) -> AsyncGenerator[Answer | httpx.HTTPError, None]:
    """Ask ``model`` every example, ``rate`` a second, and yield the answers as they come.

    At most ``CONCURRENCY`` are under way: an engine that is slower than ``rate`` sets the pace.
    """
    room = asyncio.Semaphore(CONCURRENCY)
    done: asyncio.Queue[Answer | httpx.HTTPError] = asyncio.Queue()

    async def ask(example: Example) -> None:
        try:
            done.put_nowait(await _ask(client, model, example))
        except httpx.HTTPError as error:
            done.put_nowait(error)
        finally:
            room.release()

    async def pace(group: asyncio.TaskGroup) -> None:
        for example in examples:
            await room.acquire()
            group.create_task(ask(example))
            await asyncio.sleep(1 / rate)

    async with asyncio.TaskGroup() as group:
        group.create_task(pace(group))
        for _ in examples:
            yield await done.get()


async def _ask(client: httpx.AsyncClient, model: str, example: Example) -> Answer:
    messages = [{"role": "user", "content": example.prompt}]
    body = {"model": model, "messages": messages, "max_tokens": MAX_TOKENS}
    response = await client.post("/v1/chat/completions", json=body)
    response.raise_for_status()
    reply = msgspec.json.decode(response.content, type=_Reply)
    return Answer(example, response.headers["dragoman-checkpoint"], reply.diagnostics)


async def counters(client: httpx.AsyncClient) -> str:
    """The gateway's own count of language verdicts, by checkpoint, as it stands at ``/metrics``."""
    text = (await client.get("/metrics")).text
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for family in text_string_to_metric_families(text):
        if family.name == "dragoman_language_verdicts":
            for sample in family.samples:
                if sample.name.endswith("_total"):
                    counts[sample.labels["checkpoint"]][sample.labels["verdict"]] += int(sample.value)
    return "; ".join(
        f"{checkpoint} " + " ".join(f"{verdict} {count}" for verdict, count in sorted(verdicts.items()))
        for checkpoint, verdicts in sorted(counts.items(), reverse=True)
    )
