"""Serving goes on, as fast as before, while the database does not."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from service import config
from service.store import postgres, writer
from tests import stores
from tests.command_line import ROOT, environment
from tests.gateways import scripted, serving
from tests.lacking import lack

BODY = {"model": "script", "messages": [{"role": "user", "content": "Was ist die Hauptstadt von Frankreich?"}]}


async def latencies(http: httpx.AsyncClient, requests: int) -> list[float]:
    """Seconds that each took, one after the other, sorted."""
    taken = []
    for _ in range(requests):
        begun = time.perf_counter()
        response = await http.post("/v1/chat/completions", json=BODY)
        taken.append(time.perf_counter() - begun)
        assert response.status_code == 200
    return sorted(taken)


def figures(text: str) -> dict[str, float]:
    """The store's metrics."""
    return {name: float(value) for name, value in re.findall(r"^(dragoman_store\S+) (\S+)$", text, re.MULTILINE)}


@contextmanager
def stopped(first: int) -> Iterator[None]:
    """A server that stands still: all of its processes."""
    children = subprocess.run(["pgrep", "-P", str(first)], capture_output=True, text=True).stdout.split()
    pids = [first, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def own_cluster() -> Generator[stores.Cluster, None, None]:
    """A server that nobody else is troubled by."""
    with stores.cluster() as running:
        yield running


async def test_a_postgres_that_stands_still(own_cluster: stores.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 2)
    monkeypatch.setattr(writer, "PATIENCE", 1.0)
    store = config.Store(url=stores.url_of(own_cluster.migrated()), queue=20)
    settings = msgspec.structs.replace(scripted("Paris."), store=store)
    async with serving(settings) as served, httpx.AsyncClient(base_url=served.url, timeout=20) as http:
        before = await latencies(http, 100)
        await asyncio.sleep(0.5)  # all are written
        with stopped(own_cluster.pid):
            during = await latencies(http, 100)
            async with asyncio.timeout(20):
                while (
                    not (now := figures((await http.get("/metrics")).text)).get(
                        'dragoman_store_dropped_records_total{reason="full"}'
                    )
                    or now["dragoman_store_up"]
                ):
                    await asyncio.sleep(0.1)
                    during += await latencies(http, 10)
            unknown = await http.get("/v1/inferences/0198c0de-0000-7000-8000-000000000000")
            assert unknown.status_code == 503
        async with asyncio.timeout(30):
            while not figures((await http.get("/metrics")).text)["dragoman_store_up"]:
                await asyncio.sleep(0.1)
        assert now["dragoman_store_queue_length"] <= 20
    during.sort()
    assert during[len(during) // 2] < 3 * before[len(before) // 2] + 0.01
    assert during[-1] < 0.5  # nothing waited for the database


@contextmanager
def on_a_small_disk(folder: Path, settings: str) -> Iterator[str]:
    """The URL of a gateway that sees a disk of 400 KB in ``folder``, and nobody else does."""
    mount = f"mount -t tmpfs -o size=400k tmpfs {folder} && exec "
    namespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*namespace, mount + "true"], capture_output=True).returncode:
        lack("no file system can be mounted here, not even in a namespace of its own")
    serve = f"{sys.executable} -m service serve --config {settings}"
    with subprocess.Popen(
        [*namespace, mount + serve], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    ) as process:
        try:
            assert process.stdout is not None
            line = next((line for line in process.stdout if "listens on" in line), "")
            yield re.findall(r"http://\S+", line)[0]
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()


async def test_a_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    settings = tmp_path / "dragoman.toml"
    settings.write_text(
        f'[server]\nport = 0\n[store]\nurl = "sqlite:{disk}/records.db"\nqueue = 50\n[checkpoints.s]\n'
        'backend = "scripted"\nreplies = ["Paris."]\n[models.script]\nstable = "s"\n',
        encoding="utf-8",
    )
    with on_a_small_disk(disk, str(settings)) as url:
        async with httpx.AsyncClient(base_url=url, timeout=20) as http:
            before = await latencies(http, 50)
            async with asyncio.timeout(60):
                while figures((await http.get("/metrics")).text)["dragoman_store_up"]:
                    await latencies(http, 20)
            during = await latencies(http, 200)
            now = figures((await http.get("/metrics")).text)
    assert now["dragoman_store_up"] == 0
    assert now['dragoman_store_dropped_records_total{reason="full"}'] > 0
    assert now["dragoman_store_errors_total"] > 0
    assert now["dragoman_store_written_records_total"] > 50
    assert during[100] < 3 * before[25] + 0.01
    assert during[-1] < 0.5
