"""One gateway after another at the same work."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from .base import Launch, Peer
from .load import Plan, Result
from .processes import Memory, Running, announced_port, free_port, running, wait_for

DIRECT = "direct"  # no gateway: what is added is added to this
WARM_UP = 2.0  # seconds of each kind of request


class Phase(msgspec.Struct, frozen=True):
    """One kind of work. ``pace`` is the engine's, in seconds between events. A phase that is ``steep`` is left out for
    a gateway that would not keep up: one that has needed so much CPU for a request that it would be busy all the
    time."""

    name: str
    stream: bool = False
    connections: int = 0
    rate: float = 0.0
    pace: float = 0.0
    steep: bool = False


PHASES = (
    Phase("alone", connections=1),
    Phase("alone, streams", stream=True, connections=1),
    Phase("requests", connections=8),
    Phase("bursts", stream=True, connections=8),
    Phase("paced", stream=True, connections=8, pace=0.01),
    Phase("open", rate=20.0),
    Phase("open, streams", stream=True, rate=5.0),
    Phase("open, fast", rate=500.0, steep=True),
)


class Measured(msgspec.Struct, frozen=True):
    """A phase of one round: the client's result, and CPU of the gateway and of the engine in µs."""

    result: Result
    gateway_cpu: float
    engine_cpu: float


class Round(msgspec.Struct, frozen=True):
    """A gateway's turn."""

    phases: dict[str, Measured]
    memory: Memory | None = None


class Cores(msgspec.Struct, frozen=True):
    """The core of the gateway, and those of the engine and the client."""

    gateway: int
    others: list[int]


def cores() -> Cores:
    """The last core that this process may use is the gateway's alone.

    Raises:
        SystemExit: there is only one.
    """
    *others, last = sorted(os.sched_getaffinity(0))
    if not others:
        raise SystemExit("two cores are needed: one for the gateway, one for the engine and the client")
    return Cores(last, others)


class Client:
    """The process that asks."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def carry_out(self, plan: Plan) -> Result:
        """Have a plan carried out."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(plan) + b"\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._process.stdout.readline(), type=Result)


@contextmanager
def client(where: list[int]) -> Iterator[Client]:
    """A client on cores of its own."""
    command = ["taskset", "--cpu-list", ",".join(map(str, where)), sys.executable, "-m", "bench.peers.load"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Client(process)
    finally:
        process.terminate()
        process.communicate()


class Engine(msgspec.Struct, frozen=True):
    """The scripted engine."""

    process: Running
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def set_pace(self, seconds: float) -> None:
        """Seconds between the events of streams that begin from now on."""
        urllib.request.urlopen(f"{self.url}/pace/{seconds}").close()


@contextmanager
def engine(where: list[int], log: Path) -> Iterator[Engine]:
    """An engine on cores of its own."""
    port = free_port()
    with running([sys.executable, "-m", "bench.peers.engine", str(port)], where, log, {}) as process:
        started = Engine(process, port)
        wait_for(process, f"{started.url}/health", {})
        yield started


class Target(msgspec.Struct, frozen=True):
    """What is asked: a gateway, or the engine itself."""

    launch: Launch
    port: int
    process: Running | None = None

    def plan(self, phase: Phase, seconds: float, ramp: float = 0.0) -> Plan:
        """What the client is to do."""
        return Plan(
            port=self.port,
            stream=phase.stream,
            seconds=seconds,
            connections=phase.connections,
            ramp=ramp,
            rate=phase.rate,
            path=self.launch.path,
            model=self.launch.model,
            headers=self.launch.headers,
        )

    def cpu(self) -> float:
        """CPU of the gateway so far, in µs."""
        return self.process.cpu() if self.process is not None else 0.0


class Bench:
    """The engine and the client stay, gateways come and go; phases last ``seconds`` each."""

    def __init__(self, engine: Engine, client: Client, where: Cores, seconds: float) -> None:
        self._engine = engine
        self._client = client
        self._cores = where
        self._seconds = seconds

    @contextmanager
    def direct(self) -> Iterator[Target]:
        """No gateway."""
        yield Target(Launch([]), self._engine.port)

    @contextmanager
    def started(self, peer: Peer, folder: Path) -> Iterator[Target]:
        """A gateway that is ready, in a folder of its own.

        Raises:
            DidNotStart: it is not.
        """
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            launch = peer.launch(folder, work, port := free_port(), self._engine.url)
            log, environment = work / "log", launch.environment
            with running(launch.command, [self._cores.gateway], log, environment) as process:
                if launch.announces is not None:
                    port = announced_port(process, launch.announces)
                else:
                    wait_for(process, f"http://127.0.0.1:{port}{launch.ready}", launch.headers)
                yield Target(launch, port, process)

    def turn(self, target: Target) -> Round:
        """Warm a gateway up and take it through all phases."""
        self.warm_up(target)
        phases: dict[str, Measured] = {}
        for phase in PHASES:
            if not (phase.steep and _overloaded(phase, phases["requests"])):
                phases[phase.name] = self.measure(target, phase)
        return Round(phases, target.process.memory() if target.process is not None else None)

    def warm_up(self, target: Target) -> None:
        """Have all code run, just-in-time compilers done, and connections made."""
        self._engine.set_pace(0)
        for stream in (False, True):
            self._client.carry_out(target.plan(Phase("warm-up", stream, connections=8), WARM_UP))

    def measure(self, target: Target, phase: Phase, ramp: float = 0.0) -> Measured:
        """One phase."""
        self._engine.set_pace(phase.pace)
        gateway, own = target.cpu(), self._engine.process.cpu()
        result = self._client.carry_out(target.plan(phase, self._seconds, ramp))
        return Measured(result, target.cpu() - gateway, self._engine.process.cpu() - own)


def _overloaded(phase: Phase, before: Measured) -> bool:
    per_request = before.gateway_cpu / max(1, before.result.replies)
    return per_request * phase.rate > 0.7e6
