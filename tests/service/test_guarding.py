from __future__ import annotations

import asyncio

import pytest

from service.guarding import attempt


def test_what_breaks_is_given_back_and_not_raised() -> None:
    assert attempt(int, "3") == 3
    assert isinstance(attempt(int, "x"), ValueError)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_what_ends_a_program_or_a_task_passes(error: type[BaseException]) -> None:
    def end() -> None:
        raise error

    with pytest.raises(error):
        attempt(end)
