from __future__ import annotations

import pytest

from service.config import CircuitBreaker, HealthChecks
from service.upstream import Pool, Timeouts
from service.upstream.endpoint import Endpoint

SETTINGS = HealthChecks(unhealthy_after=3, healthy_after=2)
URL = "http://host:8000"


@pytest.mark.parametrize(
    ("checks", "changes", "healthy"),
    [
        ("+", ".", True),
        ("-", "x", False),
        ("+--+--+", ".......", True),
        ("+---", "...x", False),
        ("-+-+-", "x....", False),
        ("-++", "x.x", True),
        ("+---++---", "...x.x..x", False),
    ],
)
def test_it_takes_some_checks_in_a_row_to_change_its_health(checks: str, changes: str, healthy: bool) -> None:
    endpoint = Endpoint(Pool(URL, timeouts=Timeouts()), URL, URL, CircuitBreaker())
    assert "".join("x" if endpoint.observe(check == "+", SETTINGS) else "." for check in checks) == changes
    assert endpoint.healthy is healthy
