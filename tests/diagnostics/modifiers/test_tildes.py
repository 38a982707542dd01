import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.tildes import Tildes


def test_words_are_counted_once():
    assert Tildes(6, "exactly").check("té, ÉL, e\u0301l, ídem, avión, tú", True).form == "bare"
    assert Tildes(7, "at least").check("té, ÉL, e\u0301l, ídem, avión, tú", True).verdict is Verdict.FAIL
    assert Tildes(0, "exactly").check("niño, ü, à, ô, ´a", True).verdict is Verdict.PASS


def test_explanation_and_score():
    outcome = Tildes(12, "exactly").check("té, ÉL, e\u0301l, ídem, avión, tú", True)
    assert outcome.explanation.startswith("6 words with ")
    assert outcome.explanation.endswith(", 12 asked for")
    assert outcome.score == 0.5


def test_cut_short():
    assert Tildes(1, "at least").check("té, ÉL, e\u0301l, ídem, avión, tú\n", False).verdict is Verdict.PASS
    assert Tildes(6, "exactly").check("Uno.\nté, ÉL, e\u0301l, ídem, avión, tú\n", False).verdict is Verdict.ABSTAIN
    assert Tildes(4, "at most").check("a\nté, ÉL, e\u0301l, ídem, avión, tú\n", False).verdict is Verdict.FAIL
    assert Tildes(4, "at most").check("té, ÉL, e\u0301l, ídem, avión, tú", False).verdict is Verdict.ABSTAIN, (
        "it may lead in"
    )


@pytest.mark.parametrize("arguments", [{}, {"num_words": -1}, {"num_words": 1, "relation": "al menos"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Tildes)


@pytest.mark.parametrize(
    "reply", ["ñ" * 200_000, "áü" * 100_000, "n\u0303" * 100_000, "u" + "\u0308" * 200_000, "ñ " * 100_000]
)
def test_hostile_replies_end(reply):
    assert Tildes(1).check(reply, True).explanation
