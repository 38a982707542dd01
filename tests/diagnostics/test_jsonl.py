"""Lines in, lines out, and what is wrong with those that are no exchanges."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics import jsonl
from diagnostics.modifiers.declaration import DeclarationError


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "not valid JSON: Input data was truncated"),
        (b"\xff{}", "not valid JSON: "),
        (b'{"prompt": "\xff"}', "not valid JSON: "),
        (b"[" * 100_000, "Expected `object`, got `array`"),
        (b'{"prompt": "x", "extra": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b"5", "Expected `object`, got `int`"),
        (b'{"prompt": 5}', "prompt: Expected `str | null`, got `int`"),
        (b'{"messages": [{"role": "user"}]}', "messages[0]: Object missing required field `content`"),
        (b'{"prompt": "x", "modifiers": [{"name": 5}]}', "modifiers[0].name: Expected `str`, got `int`"),
        (b'{"prompt": "x", "modifiers": [{"nam": "x"}]}', "modifiers[0]: Object contains unknown field `nam`"),
        (b"{}", "give either `messages` or `prompt`"),
        (b'{"messages": []}', "`messages` is empty"),
        (b" " * (jsonl.MAX_LINE_BYTES + 1), f"longer than {jsonl.MAX_LINE_BYTES} bytes"),
    ],
)
def test_a_line_that_is_no_exchange_is_refused_with_the_reason(line: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        jsonl.parse(line)
    assert str(caught.value).startswith(words)


def test_what_is_declared_is_checked_with_its_place_in_the_line() -> None:
    line = b'{"prompt": "x", "modifiers": [{"name": "json"}, {"name": "words", "arguments": {"num_words": 0}}]}'
    with pytest.raises(DeclarationError) as caught:
        jsonl.declared(jsonl.parse(line))
    assert caught.value.path == "modifiers[1].arguments.num_words"


@given(st.binary(max_size=40))
def test_any_line_is_read_or_refused(line: bytes) -> None:
    try:
        exchange = jsonl.parse(line)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - most lines are refused, not all
    else:
        assert exchange.messages or exchange.prompt is not None


def test_lines_end_as_each_system_ends_them() -> None:
    assert list(jsonl.lines(BytesIO(b"\xef\xbb\xbf{}\r\n\n{}"))) == [b"{}\r\n", b"\n", b"{}"]
    assert list(jsonl.lines(BytesIO(b""))) == []


@pytest.mark.parametrize("end", [b"", b"\n", b"\nnext"])
@pytest.mark.parametrize("length", [9, 10, 11, 12, 22, 23, 50])
def test_a_line_that_is_too_long_does_not_fill_the_memory(
    length: int, end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 10)
    first, *rest = jsonl.lines(BytesIO(b"x" * length + end))
    assert first == (b"x" * length + end.removesuffix(b"next"))[:11]
    assert rest == ([b"next"] if end.endswith(b"next") else [])
