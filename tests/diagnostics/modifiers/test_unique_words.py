import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.unique_words import UniqueWords


@pytest.mark.parametrize(
    ("reply", "count"),
    [("Tea, TEA tea", 1), ("a b\nA c", 3), ("l'eau l’eau", 1), ("e\u0301t ét", 1), ("3 4", 0), ("чай чая", 2)],
)
def test_count(reply, count):
    outcome = UniqueWords(50).check(reply, True)
    assert outcome.explanation.startswith(f"{count or 'no'} different word")


def test_score():
    assert UniqueWords(4).check("tea milk tea", True).score == 0.5


def test_cut_short():
    assert UniqueWords(2).check("x\na b c", False).verdict is Verdict.PASS
    assert UniqueWords(2).check("a b", False).verdict is Verdict.ABSTAIN
    assert UniqueWords(2, "at most").check("x\na xa", False).verdict is Verdict.ABSTAIN, "xa may go on"
    assert UniqueWords(2, "at most").check("x\na b c", False).verdict is Verdict.FAIL


def test_scripts_without_blanks_are_left_open():
    assert UniqueWords(3).check("お茶は熱い", True).verdict is Verdict.ABSTAIN
    assert UniqueWords(1).check("お茶は熱い", True).verdict is Verdict.PASS


@pytest.mark.parametrize("arguments", [{}, {"num_words": 0}, {"num_words": 2, "relation": "some"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, UniqueWords)


@pytest.mark.parametrize("reply", ["a" * 200_000, "a " * 100_000, "\u0301" * 200_000])
def test_hostile_replies_end(reply):
    assert UniqueWords(9).check(reply, True).verdict is Verdict.FAIL
