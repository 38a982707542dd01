import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.kanji import Kanji


@pytest.mark.parametrize(
    ("reply", "count"),
    [("緑茶は熱い", 3), ("茶茶", 2), ("人々〇〆ヶ", 1), ("𠮷", 1), ("㐂", 1), ("お茶\n茶", 2), ("一二三", 3)],
)
def test_count(reply, count):
    assert Kanji(count, "exactly").check(reply, True).form == "bare"
    assert Kanji(count + 1).check(reply, True).verdict is Verdict.FAIL


def test_explanation_and_score():
    outcome = Kanji(4).check("緑茶", True)
    assert (outcome.explanation, outcome.score) == ("2 kanji, at least 4 asked for", 0.5)


def test_cut_short():
    assert Kanji(1).check("茶", False).verdict is Verdict.PASS
    assert Kanji(2).check("茶", False).verdict is Verdict.ABSTAIN
    assert Kanji(2, "less than").check("茶\n緑茶", False).verdict is Verdict.FAIL
    assert Kanji(2, "less than").check("緑茶", False).verdict is Verdict.ABSTAIN, "it may lead in"


@pytest.mark.parametrize("arguments", [{}, {"kanji_limit": 0}, {"kanji_limit": 3, "relation": "未満"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Kanji)


def test_hostile_replies_end():
    assert Kanji(200_000, "exactly").check("茶" * 200_000, True).verdict is Verdict.PASS
