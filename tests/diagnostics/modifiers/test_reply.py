from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.modifiers.reply import Reply
from diagnostics.text import count_sentences, count_words

PIECES = [
    *(
        "Here:",
        "Here:\n",
        "\n",
        "\n\n",
        "```\n",
        "\n```",
        "```py\n",
        "`",
        "~~~",
        "*",
        "**",
        "_",
        '"',
        "“",
        "”",
        "«",
        "»",
    ),
    *("a", "b. ", " ", ":", "- "),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def peeled(text, complete=True):
    reply = Reply(text, complete)
    return [reply.of(view) for view in reply.views[1:]]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("tea", []),
        ("tea: hot", []),
        ("Here:\ntea", ["tea"]),
        ("**Here:**\r\ntea", ["tea"]),
        ("以下です：\n\nお茶", ["お茶"]),
        ("- green:\n- black", []),
        ("1. green:\n2. black", []),
        ("1.5 cups:\ntea", ["tea"]),
        ("Here:\n", []),
        ("```\ntea\n```", ["tea"]),
        ("~~~text\ntea", ["tea"]),
        ("```\n```", []),
        ("Here:\n```py\ntea\n```\nGoodbye", ["```py\ntea\n```\nGoodbye"]),
        ("Here:\n```py\nhot tea\n```\nBye", ["```py\nhot tea\n```\nBye", "hot tea"]),
        ("````\n```\ntea\n```\n````", ["```\ntea\n```"]),
        ("tea\n```\nlate fence\n```", []),
        ("**tea**", ["tea"]),
        ("**tea*", []),
        ("**tea***", []),
        ("**tea** and **cake**", []),
        ("Here:\n_tea_", ["_tea_", "tea"]),
        ("« tea »", ["tea"]),
        ("„tea“", ["tea"]),
        ('"tea" and "cake"', []),
        ("* *", []),
    ],
)
def test_wrappings_are_peeled_by_name(text, inside):
    assert peeled(text) == inside


def test_views_name_what_is_peeled():
    reply = Reply("Here:\n```\n“tea”\n```", True)
    assert [view.peeled for view in reply.views] == [
        "",
        "the line that leads in",
        "the code fence",
        "the quotation marks",
    ]
    assert [view.form for view in reply.views] == ["bare", "unwrapped", "unwrapped", "unwrapped"]


@pytest.mark.parametrize("text", ["", "Here", "Here:\n", "``", "Here:\n```", "a" * 300, "x:" + " " * 500])
def test_unsettled(text):
    assert Reply(text).unsettled
    assert not Reply(text, True).unsettled


@pytest.mark.parametrize("text", ["Tea\nis", "Here:\nTea", "```\ntea", "a" * 305, "`" * 305])
def test_settled(text):
    assert not Reply(text).unsettled


def test_what_may_become_the_end_of_a_fence_is_left_out():
    assert peeled("```\ntea\n``", False) == ["tea"]
    assert peeled("```\ntea\n```\n", False) == ["tea"]
    assert Reply("tea\n  ~~").of(Reply("tea\n  ~~").bare) == "tea"


@given(TEXTS, TEXTS)
@settings(max_examples=2000, deadline=None)
def test_every_view_of_the_whole_holds_one_of_the_part(part, rest):
    early = Reply(part)
    if not early.unsettled:
        for complete in (True, False):
            for whole in Reply(part + rest, complete).views:
                held = [view for view in early.views if whole.start <= view.start and view.end <= whole.end]
                assert held or any(view.start == view.end for view in early.views), (whole, early.views)


@given(TEXTS, TEXTS)
@settings(max_examples=1000, deadline=None)
def test_the_views_that_last_stay(part, rest):
    early = Reply(part)
    if not early.unsettled:
        whole = {(view.start, view.peeled): view.end for view in Reply(part + rest, True).views}
        for view in early.views:
            if view.lasting and view.start < view.end:
                assert whole[view.start, view.peeled] >= view.end


@given(TEXTS)
@settings(deadline=None)
def test_a_whole_reply_has_no_empty_view_but_the_bare_one(text):
    reply = Reply(text, True)
    assert reply.of(reply.bare) == text.strip()
    assert all(reply.of(view) for view in reply.views[1:])


@given(st.lists(TEXTS, max_size=12))
@settings(max_examples=500, deadline=None)
def test_sums_go_on_where_they_stopped(pieces):
    reply = Reply(limit=10_000)
    for piece in pieces:
        reply.feed(piece)
        reply.look()
        for view in reply.views:
            assert reply.sum(count_words, view) == count_words(reply.of(view))
    reply.close(True)
    for view in reply.views:
        assert reply.sum(count_words, view) == count_words(reply.of(view))
        assert reply.sum(count_sentences, view) == count_sentences(reply.of(view))


def test_a_sum_asks_about_each_line_once():
    asked = []

    def count(text):
        asked.append(text)
        return len(text)

    reply = Reply()
    for _ in range(1000):
        reply.feed("tea is hot\n" * 10)
        reply.look()
        reply.sum(count, reply.bare)
    assert sum(map(len, asked)) < 2 * len(reply.text)


def test_looks_are_few_and_near():
    reply = Reply()
    looks = []
    for at in range(1, 10_001):
        reply.feed("a")
        if reply.look():
            looks.append(at)
    assert looks[0] <= 40
    assert len(looks) < 30
    assert all(later <= 1.3 * earlier + 40 for earlier, later in pairwise(looks))


def test_what_is_beyond_the_limit_is_not_kept():
    reply = Reply(limit=100)
    for _ in range(50):
        reply.feed("abc")
    reply.close(True)
    assert len(reply.text) == 100
    assert reply.too_long
    assert not reply.complete


@pytest.mark.parametrize(
    "piece", ["`", "```\n", ":", "a:\n", "*", '"', "“", "~~~\n", " ", "\n", "Here:\n```\n", "\u0301"]
)
def test_hostile_replies_end(piece):
    reply = Reply(piece * (200_000 // len(piece)), True)
    assert 1 <= len(reply.views) <= 8
    assert isinstance(reply.spelled(reply.bare), str)
