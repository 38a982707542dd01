from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import BackendError
from service.upstream.refusal import Fault, find_fault, refusal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "detail", "code", "type", "param", "loc", "msg", "status"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(), st.none() | st.integers(100, 599))
def test_whatever_an_engine_says_becomes_one_of_our_errors(body: bytes, status: int | None) -> None:
    error = refusal("http://engine", status, find_fault(body), body, secret="s")
    assert isinstance(error, BackendError)
    assert 400 <= error.status < 600
    assert str(error).startswith("http://engine ")
    assert str(error).isprintable()
    assert len(str(error)) < 1100


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b"7",
        b'"error"',
        b'["error"]',
        b"error",
        b'{"error": null}',
        b'{"error": ""}',
        b'{"error": false, "message": null}',
        b'{"detail": []}',
        b'{"choices": [{"message": {"content": "error"}}]}',
        b'{"error"',
        b'{"error": "\xff"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_error(body: bytes) -> None:
    assert find_fault(body) is None


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b'{"error": "a\\nb\\u0007"}', Fault("a b")),
        (b'{"error": {"message": "a", "code": 429, "param": "n"}}', Fault("a", 429, "n")),
        (
            b'{"error": {"message": "a", "code": "context_length_exceeded", "type": "invalid_request_error"}}',
            Fault("a", 400),
        ),
        (b'{"error": {"message": "a", "code": true}}', Fault("a")),
        (b'{"error": {"message": 7, "param": 7}}', Fault()),
        (b'{"message": "a", "status": "503"}', Fault("a", 503)),
        (
            b'{"detail": [{"loc": ["body", "n"], "msg": "a", "input": "theirs"}, "x", {}]}',
            Fault("body.n: a"),
        ),
    ],
)
def test_what_an_error_says(body: bytes, fault: Fault) -> None:
    assert find_fault(body) == fault
