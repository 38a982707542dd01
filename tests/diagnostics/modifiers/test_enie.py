import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.enie import Enie


def test_words_are_counted_once():
    assert Enie(6, "exactly").check("Niño, sueña, NIÑA, nin\u0303o, año-ñu", True).form == "bare"
    assert Enie(7, "at least").check("Niño, sueña, NIÑA, nin\u0303o, año-ñu", True).verdict is Verdict.FAIL
    assert Enie(0, "exactly").check("nino, n ~", True).verdict is Verdict.PASS


def test_explanation_and_score():
    outcome = Enie(12, "exactly").check("Niño, sueña, NIÑA, nin\u0303o, año-ñu", True)
    assert outcome.explanation.startswith("6 words with ")
    assert outcome.explanation.endswith(", 12 asked for")
    assert outcome.score == 0.5


def test_cut_short():
    assert Enie(1, "at least").check("Niño, sueña, NIÑA, nin\u0303o, año-ñu\n", False).verdict is Verdict.PASS
    assert Enie(6, "exactly").check("Uno.\nNiño, sueña, NIÑA, nin\u0303o, año-ñu\n", False).verdict is Verdict.ABSTAIN
    assert Enie(4, "at most").check("a\nNiño, sueña, NIÑA, nin\u0303o, año-ñu\n", False).verdict is Verdict.FAIL
    assert Enie(4, "at most").check("Niño, sueña, NIÑA, nin\u0303o, año-ñu", False).verdict is Verdict.ABSTAIN, (
        "it may lead in"
    )


@pytest.mark.parametrize("arguments", [{}, {"let_frequency": -1}, {"let_frequency": 1, "relation": "al menos"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Enie)


@pytest.mark.parametrize(
    "reply", ["ñ" * 200_000, "áü" * 100_000, "n\u0303" * 100_000, "u" + "\u0308" * 200_000, "ñ " * 100_000]
)
def test_hostile_replies_end(reply):
    assert Enie(1).check(reply, True).explanation
