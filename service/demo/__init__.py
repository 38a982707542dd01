"""``dragoman demo``: a checkpoint that answers in the wrong language is caught in front of you.

The gateway runs in a process of its own, as ``dragoman serve`` would; the demonstration is its client and sees
nothing but the public API.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from multiprocessing.context import SpawnProcess
from pathlib import Path

import httpx
import msgspec
import uvloop
from rich.console import Console
from rich.live import Live

from ..checkpoints.corpus import held_out
from ..commands.serve import listen, serve, url
from ..config import Auth, Settings
from ..errors import SetupError
from . import replies, traffic
from .tally import Answer, Tally

MODEL = "demo"
START_SECONDS = 300.0
STOP_SECONDS = 15.0


async def demo(
    settings: Settings, console: Console, *, once: bool, rate: float, requests: int, recordings: tuple[Path, ...]
) -> int:
    """Run the demonstration; returns the exit status: 1 when a request failed.

    Raises:
        SetupError: the gateway cannot start like this, or a recording cannot be read.
    """
    recorded = [reply for path in recordings for reply in replies.choose(replies.read(path))]
    if MODEL not in settings.models:
        raise SetupError(f"the demonstration asks the model '{MODEL}', which the settings do not have")
    settings = _without_keys(settings)
    console.print("Starting the gateway: a stable checkpoint, and a canary that was tuned on English only …")
    async with _gateway(settings) as (address, process), httpx.AsyncClient(base_url=address, timeout=120) as client:
        await _started(client, process)
        tally = await _send(settings, client, console, rate, requests)
        if recorded:
            await _judge(client, console, recorded)
        _say_how(console, address)
        if not once:
            console.print("Serving until Ctrl-C.")
            with suppress(asyncio.CancelledError):  # which is what Ctrl-C is in here
                while process.is_alive():
                    await asyncio.sleep(0.2)
    return 1 if tally.errors else 0


def _without_keys(settings: Settings) -> Settings:
    """The demonstration has no API key, and asks for metrics where it asks for everything else."""
    server = msgspec.structs.replace(settings.server, admin_port=None)
    return msgspec.structs.replace(settings, server=server, auth=Auth(open=settings.auth.open))


@asynccontextmanager
async def _gateway(settings: Settings) -> AsyncGenerator[tuple[str, SpawnProcess], None]:
    listener = listen(settings.server.host, settings.server.port)
    address = url(listener)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings, listener), daemon=False)
    process.start()
    listener.close()
    try:
        yield address, process
    finally:
        process.terminate()
        await asyncio.to_thread(process.join, STOP_SECONDS)
        if process.is_alive():
            process.kill()


def _serve(settings: Settings, listener: socket.socket) -> None:
    try:
        uvloop.run(serve(settings, [listener], lambda: None))
    except SetupError as error:
        raise SystemExit(f"dragoman: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(0) from None


async def _started(client: httpx.AsyncClient, process: SpawnProcess) -> None:
    async with asyncio.timeout(START_SECONDS):
        while process.is_alive():
            try:
                if (await client.get("/ready", timeout=10)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise SetupError("the gateway did not start; the reason stands above")


async def _send(settings: Settings, client: httpx.AsyncClient, console: Console, rate: float, requests: int) -> Tally:
    examples = traffic.choose(list(held_out()), requests)
    tally = Tally(settings.models[MODEL], len(examples))
    console.print(f"Sending {len(examples)} instructions in 8 languages to the model '{MODEL}' …")
    every = max(1, len(examples) // 10)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        async for answer in traffic.send(client, MODEL, examples, rate):
            if isinstance(answer, httpx.HTTPError):
                tally.errors[str(answer)] += 1
                continue
            tally.add(answer)
            if tally.answers == 1:
                console.print(_first(answer))
            if console.is_terminal and tally.answers % 4 == 0:
                live.update(tally.view(await traffic.counters(client)), refresh=True)
            elif not console.is_terminal and tally.answers % every == 0:
                console.print(tally.line())
    console.print(tally.view(await traffic.counters(client)))
    return tally


def _first(answer: Answer) -> str:
    finding = answer.diagnosis.language
    verdict = "" if finding is None else f"{finding.verdict.value}: {finding.explanation}"
    return f"The first verdict, on a reply of {answer.checkpoint}: {verdict}"


async def _judge(client: httpx.AsyncClient, console: Console, recorded: list[replies.Recorded]) -> None:
    console.print(f"\nJudging {len(recorded)} recorded replies of other models through POST /v1/diagnose …")
    diagnoses = await replies.judge(client, recorded)
    console.print(replies.table(recorded, diagnoses))
    same = [ours == theirs for _, ours, theirs in replies.agreements(recorded, diagnoses)]
    if same:
        console.print(f"Official verdicts on modifiers: ours agree with {sum(same)} of {len(same)}.")


def _say_how(console: Console, address: str) -> None:
    console.print("\nAsk it yourself; the reply's `diagnostics` say what was wanted and what came:\n")
    console.out(curl(address), highlight=False)
    console.print("\nor with the openai package:\n")
    console.out(python(address), highlight=False)


def curl(address: str) -> str:
    """A command to paste into a shell."""
    return (
        f"curl -s {address}/v1/chat/completions -H 'content-type: application/json' -d '"
        '{"model": "english", "messages": [{"role": "user", "content": "Was ist die Hauptstadt von Japan?"}]}'
        "'"
    )


def python(address: str) -> str:
    """A program to paste into Python."""
    return f'''\
from openai import OpenAI

client = OpenAI(base_url="{address}/v1", api_key="none")
reply = client.chat.completions.create(
    model="multilingual", messages=[{{"role": "user", "content": "Quelle est la capitale du Japon ?"}}]
)
print(reply.choices[0].message.content)
print(reply.diagnostics["language"])
'''
