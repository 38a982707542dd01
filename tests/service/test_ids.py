from __future__ import annotations

import time
import uuid

import pytest

from service.ids import first_id, is_id, time_of, uuid7


def test_it_is_a_version_7_uuid_of_now() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(uuid7())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_differ_and_sort_by_time() -> None:
    first = uuid7()
    time.sleep(0.002)
    assert first < uuid7()
    assert len({uuid7() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("moment", [0.0, 1_700_000_000.0, 1_700_000_000.123, 1_764_045_296.999])
def test_a_moment_divides_the_ids_before_it_from_those_after(moment: float) -> None:
    first = first_id(moment)
    assert time_of(first) == moment
    assert uuid.UUID(first).version == 7
    assert first_id(moment + 0.001) > first
    assert first == first_id(moment + 0.0001)


def test_the_time_of_an_id_is_when_it_was_made() -> None:
    assert abs(time_of(uuid7()) - time.time()) < 1
    with pytest.raises(ValueError, match="badly formed"):
        time_of("x")


def test_what_is_an_id() -> None:
    assert is_id(uuid7())
    for text in ("", "x", uuid7().upper(), uuid7().replace("-", ""), f"{{{uuid7()}}}", "\0", "\ud800"):
        assert not is_id(text)
