"""Processes: started, waited for, measured, ended."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from bench.peers.processes import DidNotStart, announced_port, free_port, kibibytes, running, wait_for

CORES = sorted(os.sched_getaffinity(0))[:1]
CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', {!r}])"
BUSY = "b'x' * 50_000_000;print('listens on http://127.0.0.1:4321/v1', flush=True)\nwhile True: pass"


def test_sizes_are_read_from_the_kernels_files() -> None:
    assert kibibytes("Rss:      120 kB\nName:\tpython\nThreads:\t3\nVmHWM:\t  9 kB\n") == {"Rss": 120, "VmHWM": 9}


def test_all_that_a_process_starts_is_measured_and_ended(tmp_path: Path) -> None:
    with running([sys.executable, "-c", CHILD.format(BUSY)], CORES, tmp_path / "log", {}) as process:
        assert announced_port(process, "listens on ") == 4321
        parent, child = process.tree()
        assert os.sched_getaffinity(child) == set(CORES)
        before = process.cpu()
        time.sleep(0.2)
        assert process.cpu() > before
        memory = process.memory()
        assert 0 < memory.proportional <= memory.resident <= memory.peak
        process.forget_peak()
        assert process.memory().peak < memory.peak
    for pid in (parent, child):
        assert not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()


def test_a_process_that_ends_is_reported_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('one'); raise SystemExit('two')"]
    with (
        running(command, CORES, tmp_path / "log", {}) as process,
        pytest.raises(DidNotStart, match="it ended: two"),
    ):
        wait_for(process, f"http://127.0.0.1:{free_port()}/", {})


def test_environment_reaches_the_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import os; raise SystemExit(os.environ['TOLD'])"]
    with (
        running(command, CORES, tmp_path / "log", {"TOLD": "this"}) as process,
        pytest.raises(DidNotStart, match="this"),
    ):
        announced_port(process, "listens on ")
