import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.danda import Danda


@pytest.mark.parametrize("reply", ["चाय है।", "चाय। 3.5 कप॥", "চা।\nচা।", "चाय है। Tea Inc. है?", "1. चाय।"])
def test_dandas(reply):
    assert Danda().check(reply, True).form == "bare"
    assert Danda().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["चाय है.", "चाय है । दूध है.", "चाय है .", '"चाय है."', "चाय है.\nदूध।"])
def test_full_stops(reply):
    assert Danda().check(reply, True).verdict is Verdict.FAIL


def test_share():
    outcome = Danda().check("चाय। दूध। पानी. चाय।", True)
    assert (outcome.explanation, outcome.score) == ("3 sentences end with a danda, 1 with a full stop", 0.75)


@pytest.mark.parametrize("reply", ["", "चाय", "Tea.", "चाय है?", "चाय.कॉम पर"])
def test_nothing_to_judge(reply):
    assert Danda().check(reply, True).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["।" * 200_000, "है." * 60_000, ("है." + ")" * 100) * 2_000])
def test_hostile_replies_end(reply):
    assert Danda().check(reply, True).explanation
