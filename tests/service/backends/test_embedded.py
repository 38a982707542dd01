"""The engine as the gateway uses it: a real process, a real (tiny) model."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import venv
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import ahocorasick_rs
import jsonschema_rs
import msgspec
import pytest
import pytest_asyncio
import selectolax
import yaml

import service
from service.backends.base import Backend, Chunk, Prompt
from service.backends.embedded import EmbeddedBackend, EmbeddedEngine
from service.checkpoints import path as shipped
from service.config import Embedded
from service.errors import (
    BackendBroken,
    BackendOverloaded,
    BackendUnavailable,
    CheckpointError,
    ConfigError,
    InvalidRequest,
    MissingExtra,
    PromptTooLong,
    SetupError,
)
from service.schema import ChatRequest

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTINGS = Embedded(max_batch=8, max_waiting=4)
LONG = {"max_tokens": 10_000}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def engine(tiny_checkpoint: Path) -> AsyncIterator[EmbeddedEngine]:
    """One engine with the same checkpoint under two names."""
    engine = EmbeddedEngine({"one": str(tiny_checkpoint), "two": str(tiny_checkpoint)}, SETTINGS)
    await engine.start()
    yield engine
    await engine.aclose()


@pytest.fixture
def backend(engine: EmbeddedEngine) -> EmbeddedBackend:
    return engine.backend("one")


def prompt(question: str | list[dict[str, Any]] = "Hi", **fields: Any) -> Prompt:
    messages = [{"role": "user", "content": question}] if isinstance(question, str) else question
    body = msgspec.json.encode({"model": "m", "messages": messages, "stream": True, **fields})
    return Prompt("0", msgspec.json.decode(body, type=ChatRequest), body)


async def chunks(backend: Backend, question: str | list[dict[str, Any]] = "Hi", **fields: Any) -> list[Chunk]:
    return [chunk async for chunk in backend.stream(prompt(question, **fields))]


async def text(backend: Backend, question: str = "Hi", **fields: Any) -> str:
    return "".join(chunk.text for chunk in await chunks(backend, question, **fields))


async def idle(engine: EmbeddedEngine) -> None:
    """Return when nothing is under way; fail after a second."""
    async with asyncio.timeout(1):
        while any((await engine.stats()).active.values()) or any((await engine.stats()).waiting.values()):
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_what_was_loaded(engine: EmbeddedEngine) -> None:
    assert engine.info.keys() == {"one", "two"}
    assert engine.info["one"].context == 192
    await engine.backend("one").check()
    with pytest.raises(ConfigError, match="one, two"):
        engine.backend("three")


async def test_a_reply_comes_in_pieces_with_an_end(backend: EmbeddedBackend) -> None:
    reply = await chunks(backend, max_tokens=40)
    assert len(reply) > 3
    assert [chunk.finish_reason for chunk in reply[:-1]] == [None] * (len(reply) - 1)
    last = reply[-1]
    assert last.finish_reason == "length"
    assert last.usage is not None
    assert last.usage.completion_tokens == 40
    assert last.usage.total_tokens == last.usage.prompt_tokens + 40


async def test_without_streaming_the_text_is_the_same(backend: EmbeddedBackend) -> None:
    whole = await chunks(backend, "Три", max_tokens=40, stream=False)
    assert len(whole) == 1
    assert whole[0].text == await text(backend, "Три", max_tokens=40)


async def test_greedy_replies_do_not_depend_on_the_others(engine: EmbeddedEngine) -> None:
    backend = engine.backend("one")
    questions = [f"Tipp {number}" * (number + 1) for number in range(8)]
    together = await asyncio.gather(*(text(backend, question, max_tokens=50) for question in questions))
    alone = [await text(backend, question, max_tokens=50) for question in questions]
    assert together == alone
    assert len(set(alone)) == 8


async def test_max_completion_tokens_wins(backend: EmbeddedBackend) -> None:
    last = (await chunks(backend, max_tokens=30, max_completion_tokens=3))[-1]
    assert last.usage is not None
    assert last.usage.completion_tokens == 3


async def test_a_seed_repeats_a_sample(backend: EmbeddedBackend) -> None:
    wishes = {"temperature": 1.5, "top_p": 0.95, "max_tokens": 40}
    first, again, other, negative = await asyncio.gather(
        *(text(backend, seed=seed, **wishes) for seed in (5, 5, 6, -(2**63)))
    )
    assert first == again
    assert len({first, other, negative, await text(backend, max_tokens=40)}) == 4
    assert await text(backend, temperature=0, max_tokens=40) == await text(backend, max_tokens=40)


async def test_stop_strings_are_not_shown(backend: EmbeddedBackend) -> None:
    whole = await text(backend, "Zahnweh", max_tokens=60)
    for start, end in ((10, 11), (10, 16), (20, 28)):
        stop = whole[start:end]
        reply = await chunks(backend, "Zahnweh", max_tokens=60, stop=[stop, "not in there"])
        assert "".join(chunk.text for chunk in reply) == whole[: whole.index(stop)]
        assert reply[-1].finish_reason == "stop"
    assert await text(backend, "Zahnweh", max_tokens=60, stop="not in there") == whole


async def test_the_prompt_must_leave_room_for_a_token(engine: EmbeddedEngine) -> None:
    backend = engine.backend("one")
    with pytest.raises(PromptTooLong, match="192 tokens") as caught:
        await chunks(backend, "q" * 400)
    assert caught.value.param == "messages"
    await idle(engine)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"functions": [{"name": "f"}]}, "functions"),
        ({"logprobs": True}, "logprobs"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"frequency_penalty": 0.5}, "frequency_penalty"),
        ({"stop": ["a", ""]}, "stop"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]},
            "messages",
        ),
        ({"messages": [{"role": "tool", "content": "42"}]}, "messages"),
    ],
)
async def test_what_cannot_be_done_is_refused(backend: EmbeddedBackend, fields: dict[str, Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await chunks(backend, **fields)
    assert caught.value.param == param


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 1, "tools": [], "logprobs": False, "logit_bias": {}, "frequency_penalty": 0.0, "presence_penalty": 0},
        {"tools": None, "response_format": {"type": "text"}, "stop": []},
        {"user": "u", "metadata": {"tools": [1]}},
    ],
)
async def test_what_changes_nothing_is_not_refused(backend: EmbeddedBackend, fields: dict[str, Any]) -> None:
    assert await text(backend, max_tokens=5, **fields) == await text(backend, max_tokens=5)


async def test_developer_is_system_and_parts_are_text(backend: EmbeddedBackend) -> None:
    def messages(role: str, content: object) -> list[dict[str, Any]]:
        return [{"role": role, "content": content}, {"role": "user", "content": "Hi"}]

    developer, system, parts = await asyncio.gather(
        chunks(backend, messages("developer", "a\nb"), max_tokens=20),
        chunks(backend, messages("system", "a\nb"), max_tokens=20),
        chunks(backend, messages("system", [{"type": "text", "text": part} for part in "ab"]), max_tokens=20),
    )
    assert developer[-1].usage == system[-1].usage == parts[-1].usage
    assert "".join(c.text for c in developer) == "".join(c.text for c in system) == "".join(c.text for c in parts)


async def begun(backend: EmbeddedBackend, **fields: Any) -> AsyncGenerator[Chunk, None]:
    """A reply that has shown its first chunk and has many to go."""
    stream = backend.stream(prompt("Zahnweh", **(LONG | fields)))
    assert (await anext(stream)).finish_reason is None
    return stream


async def rest(stream: AsyncGenerator[Chunk, None]) -> None:
    """Read a reply to its end."""
    async for chunk in stream:
        assert chunk.finish_reason is None, "it was too short to be interrupted"


async def test_closing_a_reply_frees_its_slot(engine: EmbeddedEngine) -> None:
    streams = [engine.backend("one").stream(prompt(f"Tipp {n}", seed=n, temperature=2, **LONG)) for n in range(8)]
    await asyncio.gather(*(anext(stream) for stream in streams))
    for stream in streams:
        await stream.aclose()
    await idle(engine)


async def test_too_many_waiting_are_refused_at_once(engine: EmbeddedEngine) -> None:
    one, two = engine.backend("one"), engine.backend("two")
    replies = [asyncio.create_task(text(one, f"Tipp {n}", max_tokens=100)) for n in range(12)]
    await asyncio.sleep(0)
    with pytest.raises(BackendOverloaded):
        await text(one)
    assert await text(two, max_tokens=5)
    await asyncio.gather(*replies)
    assert await text(one, max_tokens=5)


async def test_checkpoints_take_turns(engine: EmbeddedEngine) -> None:
    crowd = [asyncio.create_task(text(engine.backend("one"), f"Tipp {n}", **LONG)) for n in range(12)]
    await asyncio.sleep(0)
    await text(engine.backend("two"), max_tokens=20)
    assert not all(task.done() for task in crowd)
    await asyncio.gather(*crowd)


async def test_a_dead_engine_fails_its_replies_and_comes_back(engine: EmbeddedEngine) -> None:
    backend, pid = engine.backend("one"), engine.pid
    assert pid is not None
    showing = await begun(backend)
    os.kill(pid, signal.SIGSTOP)  # so that it says nothing more
    silent = asyncio.create_task(text(backend))
    unanswered = asyncio.create_task(engine.stats())
    await asyncio.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(BackendBroken, match="middle"):
        await rest(showing)
    with pytest.raises(BackendUnavailable, match="before this reply began"):
        await silent
    with pytest.raises(BackendUnavailable):
        await unanswered
    with pytest.raises(BackendUnavailable, match="restarted"):
        await text(backend)
    with pytest.raises(BackendUnavailable):
        await backend.check()
    async with asyncio.timeout(60):
        while engine.pid is None:
            await asyncio.sleep(0.05)
    assert engine.pid != pid
    assert await text(backend, max_tokens=5)


async def test_a_closed_engine_leaves_nothing(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('the working directory is not for imports')")
    (tmp_path / "service").mkdir()
    monkeypatch.chdir(tmp_path)
    engine = EmbeddedEngine({"one": str(tiny_checkpoint)}, SETTINGS)
    await engine.start()
    stream, pid = await begun(engine.backend("one")), engine.pid
    assert pid is not None
    await engine.aclose()
    await engine.aclose()
    assert gone(pid)
    assert engine.pid is None
    with pytest.raises(BackendBroken):
        await rest(stream)
    with pytest.raises(BackendUnavailable, match="not running"):
        await text(engine.backend("one"))


PARENT = """
import asyncio, os, sys
from service.backends.embedded import EmbeddedEngine
from service.config import Embedded

async def main():
    engine = EmbeddedEngine({"one": sys.argv[1]}, Embedded())
    await engine.start()
    print(engine.pid, flush=True)
    os._exit(9)

asyncio.run(main())
"""
ROOT = Path(service.__file__).parents[1]


async def test_a_gateway_that_is_killed_leaves_no_engine(tiny_checkpoint: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tiny_checkpoint)]
    parent = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert parent.returncode == 9, parent.stderr
    async with asyncio.timeout(5):
        while not gone(int(parent.stdout)):
            await asyncio.sleep(0.02)


async def start(source: str | Path, settings: Embedded = SETTINGS) -> None:
    engine = EmbeddedEngine({"multi": str(source)}, settings)
    try:
        await engine.start()
    finally:
        await engine.aclose()
        assert engine.pid is None


async def test_a_missing_checkpoint_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"'multi': .*/nothing is not a directory"):
        await start(tmp_path / "nothing")


async def test_a_broken_checkpoint_cannot_be_started(tiny_checkpoint: Path, tmp_path: Path) -> None:
    directory = Path(shutil.copytree(tiny_checkpoint, tmp_path / "copy"))
    (directory / "chat_template.jinja").unlink()
    with pytest.raises(CheckpointError, match="no chat template"):
        await start(directory)


@pytest.mark.parametrize("listens", [False, True])
async def test_a_hub_that_does_not_answer(listens: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as hub:
        hub.bind(("127.0.0.1", 0))
        if listens:
            hub.listen()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.getsockname()[1]}")
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        with pytest.raises(CheckpointError, match=r"hub could not be reached.* directory"):
            await start("org/model")


async def test_a_hub_that_has_no_such_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nX-Error-Code: RepoNotFound\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as hub:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.sockets[0].getsockname()[1]}")
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        with pytest.raises(CheckpointError, match="no such model"):
            await start("org/model")


async def test_a_hub_that_must_not_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(CheckpointError, match="hub could not be reached"):
        await start("org/model")


async def test_loading_must_end(tiny_checkpoint: Path) -> None:
    with pytest.raises(SetupError, match=r"not ready after 0\.05 s"):
        await start(tiny_checkpoint, msgspec.structs.replace(SETTINGS, start_seconds=0.05))


async def test_last_words_of_an_engine_that_cannot_start(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('libtorch_cpu.so: not for this machine')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(SetupError, match="not for this machine"):
        await start(tiny_checkpoint)


async def test_without_torch_the_extra_is_named(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", symlinks=True)
    (tmp_path / "packages").mkdir()
    for needed in (ahocorasick_rs, jsonschema_rs, msgspec, selectolax, yaml):
        folder = Path(needed.__file__).parent
        (tmp_path / "packages" / folder.name).symlink_to(folder)
    for package in ("service", "diagnostics"):
        (tmp_path / "packages" / package).symlink_to(ROOT / package)
    python = tmp_path / "venv" / "bin" / "python"
    process = await asyncio.create_subprocess_exec(
        *(python, "-c", PARENT, "org/model"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "packages")},
        stderr=asyncio.subprocess.PIPE,
    )
    _, stderr = await process.communicate()
    assert (
        f"{MissingExtra.__name__}: the embedded engine needs torch: pip install 'dragoman[embedded]'" in stderr.decode()
    )


async def test_the_shipped_checkpoint_answers() -> None:
    engine = EmbeddedEngine({"multilingual": str(shipped("multilingual"))}, SETTINGS)
    await engine.start()
    try:
        reply = await chunks(engine.backend("multilingual"), "Give me three tips on sleep. Answer in German.")
        assert reply[-1].finish_reason == "stop"
        assert len("".join(chunk.text for chunk in reply)) > 20
    finally:
        await engine.aclose()
