from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidRequest
from service.handlers.http import check_nesting

JSON = st.recursive(
    st.none() | st.integers() | st.text(alphabet='[]{}"\\,: aä\n'),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet='[]{}"\\x'), inner, max_size=4),
    max_leaves=30,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def passes(body: bytes, limit: int) -> bool:
    try:
        check_nesting(body, limit)
    except InvalidRequest:
        return False
    return True


@given(JSON, st.integers(0, 6), st.booleans())
def test_what_is_nested_deeper_than_allowed_is_refused_whatever_stands_in_strings(
    value: object, limit: int, ascii: bool
) -> None:
    assert passes(json.dumps(value, ensure_ascii=ascii).encode(), limit) == (depth(value) <= limit)


@given(st.binary(max_size=200), st.integers(1, 5))
def test_nothing_else_is_raised_for_what_is_no_json(body: bytes, limit: int) -> None:
    passes(body, limit)


@pytest.mark.parametrize(
    ("piece", "passed"),
    [(b"[", False), (b"[],", True), (b'"a', True), (b'\\"[', False), (b"{}", True), (b"][", True), (b'"\\"["', True)],
)
def test_long_bodies_of_any_kind(piece: bytes, passed: bool) -> None:
    assert passes(piece * 300_000, 64) is passed
