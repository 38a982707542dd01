import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.modifiers.peel import form, peeled, unsettled

TEXTS = st.text(alphabet="ab,:\n` ~") | st.text()


@pytest.mark.parametrize(
    ("reply", "texts"),
    [
        ("tea", []),
        ("tea: hot", []),
        ("Here:\ntea", ["tea"]),
        ("以下です：\n\nお茶", ["お茶"]),
        ("```\ntea\n```", ["tea"]),
        ("~~~text\ntea", ["tea"]),
        ("Here:\n```py\ntea\n```\nGoodbye", ["```py\ntea\n```\nGoodbye"]),
        ("Here:\n```py\nhot tea\n```\nBye", ["```py\nhot tea\n```\nBye", "hot tea"]),
        ("````\n```\ntea\n```\n````", ["```\ntea\n```"]),
        ("**tea**", ["tea"]),
        ("**tea** and **cake**", []),
        ("Here:\n_tea_", ["_tea_", "tea"]),
        ("tea\n```\nlate fence\n```", []),
    ],
)
def test_peeled(reply, texts):
    assert peeled(reply) == texts


def test_form():
    assert form("tea", "tea".__eq__) == "bare"
    assert form("Here:\ntea", "tea".__eq__) == "unwrapped"
    assert form("tea, hot", "tea".__eq__) is None


@pytest.mark.parametrize("reply", ["", "Here", "Here:\n", "``", "Here:\n```", "a" * 300])
def test_unsettled(reply):
    assert unsettled(reply)


@pytest.mark.parametrize("reply", ["Tea\nis", "Here:\nTea", "```\ntea", "a" * 302])
def test_settled(reply):
    assert not unsettled(reply)


@given(TEXTS, TEXTS)
def test_what_is_settled_stays(head, tail):
    if not unsettled(head) and form(head, lambda text: "," not in text) is None:
        assert form(head + tail, lambda text: "," not in text) is None


@pytest.mark.parametrize("reply", ["`" * 200_000, "```\n" * 50_000, ":" * 200_000, "a:\n" * 60_000], ids=range(4))
def test_hostile_replies_end(reply):
    assert len(peeled(reply)) <= 6
