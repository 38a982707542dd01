"""Many paced streams at once through a gateway on one core."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.table import Table

from ..gateway import PIECES
from .base import Peer, cache
from .figures import Figure, differences, figure
from .measure import Bench, Measured, Phase, Target
from .report import Machine, good, machine, middle, per_chunk, shown


class Turn(msgspec.Struct, frozen=True):
    """One gateway's streams, and in KiB how its memory grew by its peak."""

    measured: Measured
    growth: int | None


class Streams(msgspec.Struct, frozen=True):
    """All that was measured, as it goes into JSON. ``pace`` is in seconds."""

    machine: Machine
    streams: int
    pace: float
    direct: list[Turn]
    gateways: dict[str, list[Turn]]


def compare_streams(at: Bench, peers: Sequence[Peer], rounds: int, streams: int, pace: float) -> Streams:
    """Streams without a gateway and through each, round by round.

    Raises:
        NotInstallable: a peer cannot be installed.
        DidNotStart: it does not start.
    """
    phase = Phase("streams", stream=True, connections=streams, pace=pace)
    found = Streams(machine(), streams, pace, [], {peer.name: [] for peer in peers})
    for peer in peers:
        peer.install(cache() / peer.name)
    for _ in range(rounds):
        with at.direct() as target:
            found.direct.append(_turn(at, target, phase))
        for peer in peers:
            with at.started(peer, cache() / peer.name) as target:
                found.gateways[peer.name].append(_turn(at, target, phase))
    return found


def _turn(at: Bench, target: Target, phase: Phase) -> Turn:
    """Streams begin one after another while the first one lasts, as they would in service."""
    at.warm_up(target)
    before = None
    if target.process is not None:
        target.process.forget_peak()
        before = target.process.memory().resident
    measured = at.measure(target, phase, ramp=phase.pace * PIECES)
    if target.process is None or before is None:
        return Turn(measured, None)
    return Turn(measured, target.process.memory().peak - before)


def table(found: Streams) -> Table:
    """Gaps in ms, direct and added; what a chunk costs; memory."""
    title = f"{found.streams:,} streams at once, a chunk each {1000 * found.pace:g} ms; medians (ranges) of rounds"
    shape = Table(
        "gateway", "gap p50 ms", "gap p99 ms", "added p50 ms", "added p99 ms", "longest ms", "CPU µs a chunk",
        "core busy %", "kB a stream", "replies", "errors",
        title=title,
    )  # fmt: skip
    for name, turns in {"direct": found.direct, **found.gateways}.items():
        shape.add_row(name, *_cells(found, turns))
    return shape


def _cells(found: Streams, turns: Sequence[Turn]) -> list[str]:
    measured = [turn.measured for turn in turns]
    direct = [turn.measured for turn in found.direct]
    growth = [turn.growth * 1.024 / found.streams if turn.growth is not None else None for turn in turns]
    busy = [each.gateway_cpu / each.result.seconds / 1e4 for each in measured]
    return [
        shown(_gaps(measured, "p50"), 1),
        shown(_gaps(measured, "p99"), 1),
        shown(_added(measured, direct, "p50"), 1),
        shown(_added(measured, direct, "p99"), 1),
        shown(_gaps(measured, "highest"), 1),
        shown(figure([per_chunk(each) for each in measured]), 1),
        middle(figure(busy)),
        shown(figure(growth), 1),
        middle(figure([each.result.replies for each in measured])),
        str(sum(sum(each.result.errors.values()) for each in measured)),
    ]


def _milliseconds(measured: Sequence[Measured], which: str) -> list[float | None]:
    gaps = (each.result.gap if good(each.result) else None for each in measured)
    return [getattr(gap, which) / 1000 if gap is not None else None for gap in gaps]


def _gaps(measured: Sequence[Measured], which: str) -> Figure | None:
    return figure(_milliseconds(measured, which))


def _added(measured: Sequence[Measured], direct: Sequence[Measured], which: str) -> Figure | None:
    return figure(differences(_milliseconds(measured, which), _milliseconds(direct, which)))
