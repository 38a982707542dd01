from __future__ import annotations

import pytest

from service.config import CircuitBreaker
from service.upstream.breaker import Breaker, State

SETTINGS = CircuitBreaker(consecutive_failures=3, failure_rate=0.5, window=10, pause=2.0, max_pause=9.0)


def breaker(draw: float = 0.0) -> Breaker:
    return Breaker(SETTINGS, lambda: draw)


def test_so_many_failures_in_a_row_are_too_many() -> None:
    subject = breaker()
    assert [subject.fail(False) for _ in range(3)] == [False, False, True]


def test_a_success_in_between_begins_the_row_anew() -> None:
    subject = breaker()
    subject.fail(True)
    subject.fail(True)
    subject.succeed()
    assert not subject.fail(True)


def test_half_of_the_window_is_too_much_even_if_not_in_a_row() -> None:
    subject = breaker()
    verdicts = []
    for _ in range(5):
        subject.succeed()
        verdicts.append(subject.fail(False))
    assert verdicts == [False] * 4 + [True]


def test_what_has_left_the_window_is_forgotten() -> None:
    subject = breaker()
    for _ in range(50):
        subject.succeed()
        subject.succeed()
        assert not subject.fail(False)


def test_without_a_rate_only_rows_count() -> None:
    subject = Breaker(CircuitBreaker(consecutive_failures=3, failure_rate=0.0, window=10))
    for _ in range(50):
        subject.succeed()
        assert not subject.fail(False)


@pytest.mark.parametrize(
    ("failures", "silent"), [([True, True, True], True), ([True, False, True], False), ([True, True, False], False)]
)
def test_it_opens_for_silence_only_when_nothing_else_came(failures: list[bool], silent: bool) -> None:
    subject = breaker()
    assert [subject.fail(each) for each in failures][-1]
    assert subject.silent is silent


def test_the_pause_doubles_up_to_a_limit_and_a_bit_by_chance() -> None:
    subject = breaker()
    pauses = []
    for now in range(100):
        pauses.append(subject.open(now))
        subject.half_open()
    assert pauses[:4] == [2.0, 4.0, 8.0, 9.0]
    assert max(pauses) == 9.0
    assert breaker(0.5).open(0.0) == 2.5


def test_after_a_good_while_the_pause_is_short_again() -> None:
    subject = breaker()
    for now in (0.0, 5.0):
        subject.open(now)
        subject.half_open()
        subject.close(now + 3.0)
    assert subject.open(16.0) == 8.0
    subject.half_open()
    subject.close(25.0)
    assert subject.open(34.5) == 2.0


def test_the_probe_decides() -> None:
    subject = breaker()
    subject.open(0.0)
    subject.half_open()
    assert subject.fail(False)
    subject.open(2.0)
    subject.half_open()
    subject.close(10.0)
    assert subject.state is State.CLOSED
    assert not subject.fail(False)


def test_every_state_is_a_term_of_its_own() -> None:
    subject = breaker()
    terms = [subject.term]
    for change in (lambda: subject.open(0.0), subject.half_open, lambda: subject.close(3.0)):
        change()
        terms.append(subject.term)
    assert len(set(terms)) == 4
