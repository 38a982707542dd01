"""Rounds into figures."""

from __future__ import annotations

import msgspec
import pytest
from rich.console import Console

from bench.gateway import PIECES
from bench.peers.figures import Figure, Spread
from bench.peers.load import Result
from bench.peers.measure import DIRECT, Measured, Round
from bench.peers.processes import Memory
from bench.peers.report import LATENCIES, Comparison, errors, machine, row, tables


def measured(cpu: float, p50: float, wrong: int = 0, replies: int = 100) -> Measured:
    latency = Spread(p50, 2 * p50, 3 * p50)
    result = Result(replies, 0, {"status 500": wrong} if wrong else {}, 2.0, 0.0, latency, None, None)
    return Measured(result, cpu, 0.0)


def turn(cpu: float, p50: float, wrong: int = 0) -> Round:
    each = measured(cpu, p50, wrong)
    return Round(dict.fromkeys(("requests", "bursts", "paced", *LATENCIES), each), Memory(4096, 2048, 8192))


@pytest.fixture
def comparison() -> Comparison:
    found = Comparison(machine(), versions={DIRECT: "", "dragoman": "1", "peer": "2", "failing": "3"})
    found.rounds[DIRECT] = [turn(0.0, 10.0), turn(0.0, 20.0)]
    found.rounds["dragoman"] = [turn(10_000.0, 110.0), turn(20_000.0, 220.0)]
    found.rounds["peer"] = [turn(5_000.0, 60.0), turn(10_000.0, 40.0)]
    found.rounds["failing"] = [turn(100.0, 11.0, wrong=2), turn(100.0, 11.0, wrong=1)]
    found.rows = {name: row(name, found) for name in found.rounds}
    return found


def test_cost_is_per_reply_and_per_chunk(comparison: Comparison) -> None:
    ours = comparison.rows["dragoman"]
    assert ours.request == ours.burst == Figure(150.0, 100.0, 200.0)
    assert ours.chunk == Figure(150.0 / PIECES, 100.0 / PIECES, 200.0 / PIECES)
    assert ours.requests_per_second == Figure(50.0, 50.0, 50.0)
    assert ours.memory == Figure(2.0, 2.0, 2.0)


def test_ratios_and_added_latency_are_of_the_same_round(comparison: Comparison) -> None:
    peer = comparison.rows["peer"]
    assert peer.request_ratio == Figure(0.5, 0.5, 0.5)
    assert peer.latency["alone"] == {"p50": Figure(35.0, 20.0, 50.0), "p99": Figure(70.0, 40.0, 100.0)}


def test_a_gateway_that_errs_is_not_called_fast(comparison: Comparison) -> None:
    failing = comparison.rows["failing"]
    assert failing.request == Figure(1.0, 1.0, 1.0)  # of the round with one error in a hundred
    assert failing.latency["open"]["p50"] == Figure(-9.0, -9.0, -9.0)
    assert failing.errors["requests: status 500"] == 3
    alone = Comparison(comparison.machine, comparison.versions, {}, {DIRECT: comparison.rounds[DIRECT]})
    alone.rounds["failing"] = [turn(100.0, 11.0, wrong=2)] * 2
    assert row("failing", alone).request is None


def test_a_phase_that_was_left_out_has_no_figure(comparison: Comparison) -> None:
    for each in comparison.rounds["peer"]:
        del each.phases["open, fast"]
    assert row("peer", comparison).latency["open, fast"] == {"p50": None, "p99": None}


def test_errors_are_added_up_over_rounds() -> None:
    assert errors([turn(1.0, 1.0, wrong=2), turn(1.0, 1.0, wrong=3)])["paced: status 500"] == 5


def test_tables_show_every_gateway(comparison: Comparison) -> None:
    console = Console(width=250, record=True, quiet=True)
    with console.capture() as shown:
        console.quiet = False
        console.print(*tables(comparison))
    for said in ("dragoman 1", "peer 2", "0.50 (0.50–0.50)", "requests: status 500 3"):
        assert said in shown.get()


def test_json_has_all_of_it(comparison: Comparison) -> None:
    again = msgspec.json.decode(msgspec.json.encode(comparison), type=Comparison)
    assert again == comparison
    assert again.machine.cores >= 1
