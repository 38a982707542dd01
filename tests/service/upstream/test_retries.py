from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from service.upstream.retries import MAX_RETRY_AFTER, MAX_TOKENS, RetryBudget, backoff, retry_after


def test_retries_are_a_share_of_requests() -> None:
    budget = RetryBudget(0.2, 0.0)
    paid = 0
    for _ in range(1000):
        budget.deposit()
        paid += budget.withdraw(0.0)
    assert paid == pytest.approx(0.2 * 1000 + MAX_TOKENS, abs=1)


def test_seldom_requests_have_retries_too() -> None:
    budget = RetryBudget(0.0, 0.5)
    assert sum(budget.withdraw(100.0) for _ in range(50)) == MAX_TOKENS
    assert not budget.withdraw(101.9)
    assert budget.withdraw(102.1)


def test_no_more_is_saved_than_the_purse_holds() -> None:
    budget = RetryBudget(0.2, 1.0)
    for _ in range(100_000):
        budget.deposit()
    assert sum(budget.withdraw(1e6) for _ in range(50)) <= MAX_TOKENS + 1


def test_pauses_grow_and_differ() -> None:
    assert [backoff(retry, 0.1, lambda: 0.0) for retry in range(3)] == pytest.approx([0.05, 0.1, 0.2])
    assert [backoff(retry, 0.1, lambda: 1.0) for retry in range(3)] == pytest.approx([0.1, 0.2, 0.4])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        (b"0", 0.0),
        (b"7", 7.0),
        (b"99999999999999999999", MAX_RETRY_AFTER),
        (b"-1", None),
        (b"1.5", None),
        (b"soon", None),
        (b"\xff", None),
        (b"\xb2", None),
        (b"", None),
        (b"9" * 1000, None),
        (b"Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        (b"Wed, 99 Oct 2015 07:28:00 GMT", None),
        (b"Fri, 31 Dec 9999 23:59:59 -2359", MAX_RETRY_AFTER),
    ],
)
def test_retry_after(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True).encode()
    assert retry_after(date) == pytest.approx(30, abs=2)
