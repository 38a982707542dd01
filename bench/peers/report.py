"""Rounds into a table and into JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from rich.table import Table

from ..gateway import PIECES
from .figures import Figure, differences, figure, ratios
from .load import Result
from .measure import DIRECT, Measured, Round

OURS = "dragoman"
TOLERATED = 0.01  # share of errors in a phase above which nothing is said of its speed

Values = list[float | None]
Reading = Callable[[Measured], float | None]


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured; ``load`` is the load average when this was asked."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str
    load: tuple[float, float, float]


class Row(msgspec.Struct, frozen=True):
    """What is said of one gateway: CPU in µs and their ratios to ours, added latency in µs, memory in MiB."""

    version: str
    request: Figure | None
    request_ratio: Figure | None
    burst: Figure | None
    burst_ratio: Figure | None
    chunk: Figure | None
    chunk_ratio: Figure | None
    latency: dict[str, dict[str, Figure | None]]
    requests_per_second: Figure | None
    memory: Figure | None
    errors: dict[str, int]


class Comparison(msgspec.Struct):
    """All that was measured, as it goes into JSON."""

    machine: Machine
    versions: dict[str, str] = {}
    left_out: dict[str, str] = {}
    rounds: dict[str, list[Round]] = {}
    rows: dict[str, Row] = {}
    load_after: tuple[float, float, float] | None = None


LATENCIES = ("alone", "alone, streams", "open", "open, streams", "open, fast")


def machine() -> Machine:
    """This one (Linux)."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return Machine(
        processor=names[0].partition(":")[2].strip() if names else platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        system=platform.platform(),
        python=platform.python_version(),
        load=os.getloadavg(),
    )


def row(name: str, comparison: Comparison) -> Row:
    """The figures of one gateway."""
    rounds = comparison.rounds[name]
    ours = comparison.rounds.get(OURS, [])
    direct = comparison.rounds[DIRECT]

    def read(of: Sequence[Round], phase: str, reading: Reading) -> Values:
        return [reading(each.phases[phase]) if phase in each.phases else None for each in of]

    def cost(phase: str, reading: Reading) -> tuple[Figure | None, Figure | None]:
        own = read(rounds, phase, reading)
        base = read(ours, phase, reading)
        return figure(own), figure(ratios(own, base)) if len(base) == len(own) else None

    def added(phase: str, reading: Reading) -> Figure | None:
        return figure(differences(read(rounds, phase, reading), read(direct, phase, reading)))

    request, burst, chunk = (cost(phase, each) for phase, each in COSTS.items())
    memory = [each.memory.proportional / 1024 for each in rounds if each.memory is not None]
    return Row(
        comparison.versions[name],
        *request,
        *burst,
        *chunk,
        latency={phase: {"p50": added(phase, p50), "p99": added(phase, p99)} for phase in LATENCIES},
        requests_per_second=figure(read(rounds, "requests", rate)),
        memory=figure(memory),
        errors=errors(rounds),
    )


def good(result: Result) -> bool:
    """Whether there are so few errors that speed means anything."""
    return sum(result.errors.values()) <= TOLERATED * result.replies


def per_reply(measured: Measured) -> float | None:
    """CPU of the gateway per reply, in µs."""
    return measured.gateway_cpu / measured.result.replies if good(measured.result) and measured.result.replies else None


def per_chunk(measured: Measured) -> float | None:
    """CPU of the gateway per chunk of a streamed reply, in µs."""
    reply = per_reply(measured)
    return reply / PIECES if reply is not None else None


COSTS: dict[str, Reading] = {"requests": per_reply, "bursts": per_reply, "paced": per_chunk}


def p50(measured: Measured) -> float | None:
    """Median latency in µs."""
    latency = measured.result.latency
    return latency.p50 if latency is not None and good(measured.result) else None


def p99(measured: Measured) -> float | None:
    """99th percentile of latency in µs."""
    latency = measured.result.latency
    return latency.p99 if latency is not None and good(measured.result) else None


def rate(measured: Measured) -> float | None:
    """Replies a second."""
    return measured.result.replies / measured.result.seconds if good(measured.result) else None


def errors(rounds: Sequence[Round]) -> dict[str, int]:
    """How often what went wrong, over all phases."""
    counts: dict[str, int] = {}
    for each in rounds:
        for phase, measured in each.phases.items():
            for reason, count in measured.result.errors.items():
                key = f"{phase}: {reason}"
                counts[key] = counts.get(key, 0) + count
    return counts


def tables(comparison: Comparison) -> list[Table]:
    """What a person reads: cost, and added latency."""
    rows = {name: each for name, each in comparison.rows.items() if name != DIRECT}
    cost = Table(
        "gateway", "request", "ratio", "streamed reply", "ratio", "paced chunk", "ratio", "MiB", "errors",
        title=f"CPU µs ({PIECES} chunks a reply), ratios to {OURS}, memory; medians (ranges)",
    )  # fmt: skip
    for name, each in rows.items():
        costs = (each.request, each.request_ratio, each.burst, each.burst_ratio, each.chunk, each.chunk_ratio)
        cells = [shown(value, 2 if at % 2 else 0) for at, value in enumerate(costs)]
        wrong = ", ".join(f"{reason} {count}" for reason, count in each.errors.items())
        cost.add_row(f"{name} {each.version}", *cells, shown(each.memory), wrong or "none")
    latency = Table("gateway", *LATENCIES, title=f"Added latency in µs beside {DIRECT}, p50 / p99; medians of rounds")
    for name, each in rows.items():
        pairs = (each.latency[phase] for phase in LATENCIES)
        latency.add_row(name, *(f"{middle(pair['p50'])} / {middle(pair['p99'])}" for pair in pairs))
    return [cost, latency]


def shown(value: Figure | None, digits: int = 0) -> str:
    """Median and range."""
    if value is None:
        return "–"
    return f"{value.median:,.{digits}f} ({value.lowest:,.{digits}f}–{value.highest:,.{digits}f})"


def middle(value: Figure | None) -> str:
    """The median alone."""
    return "–" if value is None else f"{value.median:,.0f}"
