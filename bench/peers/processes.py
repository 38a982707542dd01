"""Processes on cores of their own: started, waited for, and what they have used (Linux)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from ..gateway import spent

READY_SECONDS = 180
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


class DidNotStart(Exception):
    """The process ended, or did not answer in time; the message says which, with its last words."""


class Memory(msgspec.Struct, frozen=True):
    """In KiB: resident, the share of it that is its own (shared pages divided among who shares them), and the most
    that was resident since ``Running.forget_peak``."""

    resident: int
    proportional: int
    peak: int


class Running(msgspec.Struct, frozen=True):
    """A process and all it has started."""

    process: subprocess.Popen[bytes]
    log: Path

    def tree(self) -> list[int]:
        """The process and its descendants, by id."""
        found = [self.process.pid]
        for pid in found:  # grows while it is walked
            with suppress(FileNotFoundError, ProcessLookupError):
                for children in Path(f"/proc/{pid}/task").glob("*/children"):
                    found.extend(int(child) for child in children.read_text().split())
        return found

    def cpu(self) -> float:
        """CPU time so far, in µs, without that of threads that have ended."""
        return sum(spent(pid) for pid in self.tree())

    def memory(self) -> Memory:
        """What all of them occupy."""
        each = [_memory(pid) for pid in self.tree()]
        return Memory(
            sum(one.resident for one in each), sum(one.proportional for one in each), sum(one.peak for one in each)
        )

    def forget_peak(self) -> None:
        """Count the peak of memory anew."""
        for pid in self.tree():
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def _memory(pid: int) -> Memory:
    rollup = kibibytes(Path(f"/proc/{pid}/smaps_rollup").read_text())
    return Memory(rollup["Rss"], rollup["Pss"], kibibytes(Path(f"/proc/{pid}/status").read_text())["VmHWM"])


def kibibytes(text: str) -> dict[str, int]:
    """The lines "Name: NUMBER kB" of a file under /proc."""
    lines = (line.split() for line in text.splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if len(words) == 3 and words[2] == "kB"}


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], cores: list[int], log: Path, environment: dict[str, str]) -> Iterator[Running]:
    """Run a command on ``cores``; it and all it has started are ended with the block."""
    pinned = ["taskset", "--cpu-list", ",".join(map(str, cores)), *command]
    with log.open("wb") as output:
        process = subprocess.Popen(
            pinned,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        yield Running(process, log)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for stop in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, stop)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)


def wait_for(started: Running, url: str, headers: dict[str, str]) -> None:
    """Wait until ``url`` is answered with 200.

    Raises:
        DidNotStart: it does not come to that.
    """
    for _ in _while_it_lives(started):
        with suppress(OSError), urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as got:
            if got.status == 200:
                return


def announced_port(started: Running, sign: str) -> int:
    """The port that a process says it listens on: that of the URL behind ``sign`` in its output.

    Raises:
        DidNotStart: it says nothing of the kind.
    """
    for _ in _while_it_lives(started):
        _, found, after = started.log.read_text(encoding="utf-8", errors="replace").partition(sign)
        if found and "\n" in after:
            return int(after.split("\n")[0].split("//")[1].split("/")[0].rpartition(":")[2])
    raise AssertionError("unreachable")


def _while_it_lives(started: Running) -> Iterator[None]:
    until = time.monotonic() + READY_SECONDS
    while started.process.poll() is None and time.monotonic() < until:
        yield
        time.sleep(0.1)
    how = "ended" if started.process.poll() is not None else f"was not ready after {READY_SECONDS} s"
    last = started.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise DidNotStart(f"it {how}: {''.join(last) or 'no output'}")
