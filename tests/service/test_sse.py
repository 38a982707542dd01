from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import sse
from service.errors import BackendBroken
from service.sse import EventParser


def parse(*pieces: bytes) -> list[bytes]:
    parser = EventParser()
    return [event for piece in pieces for event in parser.feed(piece)]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b'data: {"a":1}\n\n', [b'{"a":1}']),
        (b'data:{"a":1}\n\n', [b'{"a":1}']),
        (b"data: a\r\n\r\n", [b"a"]),
        (b"data: a\r\rdata: b\r\r", [b"a", b"b"]),
        (b"data: a\r\n\ndata: b\n\r\n", [b"a", b"b"]),
        (b"data: a\r\ndata: b\r\n\r\n", [b"a\nb"]),
        (b"data: a\n\ndata: b\n\ndata: [DONE]\n\n", [b"a", b"b", b"[DONE]"]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b"data: a\ndata\ndata:b\n\n", [b"a\n\nb"]),
        (b"data:  two spaces\n\n", [b" two spaces"]),
        (b"event: message\nid: 7\nretry: 10\ndata: a\n\n", [b"a"]),
        (b": keep-alive\n\ndata: a\n\n:\n\n", [b"a"]),
        (b":data: comment\ndata: a\n\n", [b"a"]),
        (b"\n\n\n\ndata: a\n\n\n\n\ndata: b\n\n", [b"a", b"b"]),
        (b"data: a: b: data: c\n\n", [b"a: b: data: c"]),
        ("data: зуб 歯 🦷\n\n".encode(), ["зуб 歯 🦷".encode()]),
    ],
)
def test_events_are_found(stream: bytes, events: list[bytes]) -> None:
    assert parse(stream) == events
    assert parse(*(stream[i : i + 1] for i in range(len(stream)))) == events


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"\n\n",
        b": ping\n\n",
        b"data: never ended",
        b"data: never ended\n",
        b"data:\n\n",
        b"data: \n\n",
        b"data\n\n",
        b"event: ping\n\n",
        b" data: indented\n\n",
        b"Data: capital\n\n",
        b"datas: x\n\n",
        b'{"not": "an event"}\n\n',
    ],
)
def test_what_is_no_event(stream: bytes) -> None:
    assert parse(stream) == []
    assert parse(*(stream[i : i + 1] for i in range(len(stream)))) == []


def test_an_event_is_given_out_when_its_end_arrives() -> None:
    parser = EventParser()
    assert parser.feed(b"data: a\r\n") == []
    assert parser.feed(b"\r") == [b"a"]
    assert parser.feed(b"\ndata: b\n") == []
    assert parser.feed(b"\n") == [b"b"]


# Bytes that mean something to the framing, so that they meet in every order.
SCRAPS = st.sampled_from(
    [b"\n", b"\r", b"\r\n", b"\n\n", b"data", b":", b" ", b"data: ", b"x", "é歯".encode(), b"[DONE]"]
)


@given(st.lists(SCRAPS, max_size=40), st.data())
def test_the_cutting_does_not_matter(scraps: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(scraps)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert parse(*pieces) == parse(stream) == plain(stream)


def plain(stream: bytes) -> list[bytes]:
    """The specification line by line, as slow as it likes."""
    events, data = [], []
    for line in stream.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:-1]:
        if not line and data:
            events.append(b"\n".join(data))
            data = []
        name, _, value = line.partition(b":")
        if line and name == b"data":
            data.append(value.removeprefix(b" "))
    return [event for event in events if event]


@given(st.binary(min_size=1).map(lambda data: data.replace(b"\r", b"\n")))
def test_what_is_written_is_read_back(data: bytes) -> None:
    assert parse(sse.event(data)) == [data]


def test_writing() -> None:
    assert sse.event(b'{"a":1}') == b'data: {"a":1}\n\n'
    assert parse(sse.event(b"a\r\nb\rc\nd")) == [b"a\nb\nc\nd"]
    assert parse(sse.DONE) == [b"[DONE]"]


def test_an_event_must_not_grow_for_ever() -> None:
    parser = EventParser(limit=1000)
    for _ in range(1000):
        parser.feed(b"x")
    with pytest.raises(BackendBroken):
        parser.feed(b"x")


def test_an_event_that_comes_in_one_piece_is_measured_too() -> None:
    with pytest.raises(BackendBroken):
        EventParser(limit=1000).feed(b"data: a\n\ndata: " + b"x" * 1000 + b"\n\n")


def test_many_small_events_are_not_one_large_event() -> None:
    parser = EventParser(limit=1000)
    assert len(parser.feed(b"data: x\n\n" * 5000)) == 5000
    for _ in range(5000):
        assert parser.feed(b"data: x\n\n: ping\n\n") == [b"x"]


def test_a_large_event_in_many_pieces_takes_linear_work() -> None:
    parser = EventParser()
    parser.feed(b"data: ")
    for _ in range(200_000):
        parser.feed(b"0123456789")
    assert [len(event) for event in parser.feed(b"\n\n")] == [2_000_000]
