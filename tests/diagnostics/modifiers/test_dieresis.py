import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.dieresis import Dieresis


def test_words_are_counted_once():
    assert Dieresis(4, "exactly").check("pingüino, CIGÜEÑA, u\u0308, l’ambigüitat", True).form == "bare"
    assert Dieresis(5, "at least").check("pingüino, CIGÜEÑA, u\u0308, l’ambigüitat", True).verdict is Verdict.FAIL
    assert Dieresis(0, "exactly").check("guiso, ö, ¨u", True).verdict is Verdict.PASS


def test_explanation_and_score():
    outcome = Dieresis(8, "exactly").check("pingüino, CIGÜEÑA, u\u0308, l’ambigüitat", True)
    assert outcome.explanation.startswith("4 words with ")
    assert outcome.explanation.endswith(", 8 asked for")
    assert outcome.score == 0.5


def test_cut_short():
    assert Dieresis(1, "at least").check("pingüino, CIGÜEÑA, u\u0308, l’ambigüitat\n", False).verdict is Verdict.PASS
    assert (
        Dieresis(4, "exactly").check("Uno.\npingüino, CIGÜEÑA, u\u0308, l’ambigüitat\n", False).verdict
        is Verdict.ABSTAIN
    )
    assert Dieresis(2, "at most").check("a\npingüino, CIGÜEÑA, u\u0308, l’ambigüitat\n", False).verdict is Verdict.FAIL
    assert Dieresis(2, "at most").check("pingüino, CIGÜEÑA, u\u0308, l’ambigüitat", False).verdict is Verdict.ABSTAIN, (
        "it may lead in"
    )


@pytest.mark.parametrize("arguments", [{}, {"let_frequency": -1}, {"let_frequency": 1, "relation": "al menos"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Dieresis)


@pytest.mark.parametrize(
    "reply", ["ñ" * 200_000, "áü" * 100_000, "n\u0303" * 100_000, "u" + "\u0308" * 200_000, "ñ " * 100_000]
)
def test_hostile_replies_end(reply):
    assert Dieresis(1).check(reply, True).explanation
