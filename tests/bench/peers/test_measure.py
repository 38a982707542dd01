"""The whole bench with this gateway alone: real processes, short phases. Nothing is said of how fast it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.console import Console

from bench.peers import measure
from bench.peers.__main__ import PEERS, bench, compare
from bench.peers.base import Launch, NotInstallable
from bench.peers.measure import DIRECT, PHASES
from bench.peers.streams import compare_streams, table

pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="two cores are needed")

QUIET = Console(quiet=True)


class Missing:
    """Cannot be installed."""

    name = "missing"

    def install(self, folder: Path) -> str:
        raise NotInstallable("nobody has it")

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        raise AssertionError


class Broken:
    """Ends at once."""

    name = "broken"

    def install(self, folder: Path) -> str:
        return "1"

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        return Launch(["sh", "-c", "echo no such luck"], ready="/")


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "WARM_UP", 0.1)


def test_this_gateway_goes_through_all_phases_and_peers_that_fail_are_named() -> None:
    with bench(0.2) as at:
        found = compare(at, [PEERS[0], Missing(), Broken()], 1, QUIET)
    assert found.left_out == {"missing": "nobody has it", "broken": "it ended: no such luck"}
    (ours,) = found.rounds["dragoman"]
    (direct,) = found.rounds[DIRECT]
    assert set(direct.phases) == {phase.name for phase in PHASES}
    for phase in PHASES:
        if phase.name in ours.phases:  # a slow machine may not keep up with the fast one
            assert ours.phases[phase.name].result.errors == {}
            assert ours.phases[phase.name].gateway_cpu > 0
    assert ours.memory is not None
    row = found.rows["dragoman"]
    assert row.request is not None
    assert row.chunk is not None
    assert row.request_ratio is not None
    assert row.request_ratio.median == 1


def test_streams_at_once() -> None:
    with bench(0.1) as at:
        found = compare_streams(at, [PEERS[0]], rounds=1, streams=20, pace=0.002)
    (ours,) = found.gateways["dragoman"]
    assert ours.measured.result.errors == {}
    assert ours.measured.result.replies >= 20
    assert ours.measured.result.gap is not None
    assert ours.growth is not None
    assert table(found).row_count == 2
