import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.letters import Letters


@pytest.mark.parametrize(
    ("letter", "reply", "count"),
    [
        ("t", "Tea, tart", 3),
        ("T", "Tea, tart", 3),
        ("é", "Été cafe\u0301", 3),
        ("e\u0301", "Été", 2),
        ("e", "Été, fe\u0301e", 1),
        ("!", "Hot! Hot!!", 3),
        ("#", "# Tea", 1),
        ("ß", "Straße", 1),
        ("i", "Iı İ i", 2),
        ("ч", "Чай, час", 2),
        ("σ", "Σοφός", 2),
        ("ς", "Σοφός", 2),
        ("の", "のノ", 2),
        ("ノ", "のノ", 2),
        ("茶", "茶、お茶", 2),
    ],
)
def test_count(letter, reply, count):
    assert Letters(letter, count, "exactly").check(reply, True).form == "bare"


def test_relations_and_explanations():
    assert Letters("q", 2).check("quick", True).explanation == "1 time, at least 2 asked for"
    assert Letters("q", 2, "less than").check("quick", True).verdict is Verdict.PASS
    assert Letters("e", 1, "less than").check("Here:\nTart", True).form == "unwrapped"


def test_cut_short():
    assert Letters("a", 400, "less than").check("a " * 401, False).verdict is Verdict.FAIL
    assert Letters("a", 400, "less than").check("a " * 399 + "a", False).verdict is Verdict.ABSTAIN  # or "á"
    assert Letters("a", 2).check("aaa ", False).verdict is Verdict.PASS
    assert Letters("q", 2).check("aaa", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"letter": "", "let_frequency": 3}, "letter"),
        ({"letter": " ", "let_frequency": 3}, "letter"),
        ({"letter": "the", "let_frequency": 3}, "letter"),
        ({"letter": "ab", "let_frequency": 3}, "letter"),
        ({"letter": "a", "let_frequency": 0}, "let_frequency"),
        ({"letter": "a", "let_frequency": 1, "let_relation": "many"}, "let_relation"),
    ],
)
def test_wrong_arguments_are_named(arguments, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(arguments, Letters)


@pytest.mark.parametrize("piece", ["a", "\u0301", "a\u0301", "\ud800"])
def test_hostile_replies_end(piece):
    for complete in (True, False):
        assert Letters("a", 3).check(piece * 100_000, complete).verdict in Verdict
