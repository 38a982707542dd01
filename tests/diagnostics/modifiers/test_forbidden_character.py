import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.forbidden_character import ForbiddenCharacter


@pytest.mark.parametrize(
    ("char", "reply", "count"),
    [
        ("ç", "Ça, façade", 2),
        ("ç", "c\u0327a C\u0327A", 2),
        ("œ", "Œuf, oeuf", 1),
        ("é", "e\u0301t", 1),
        ("a", "Aa á", 2),
        ("e", "e\u0301 é", 0),
        ("が", "か\u3099 が", 2),
        ("!", "!!", 2),
        ("c\u0327", "ç", 1),
    ],
)
def test_count(char, reply, count):
    outcome = ForbiddenCharacter(char).check(f"1 {reply}", True)
    if count:
        assert outcome.verdict is Verdict.FAIL
        assert outcome.explanation.startswith(f"{count} ")
    else:
        assert outcome.form == "bare"


def test_cut_short():
    assert ForbiddenCharacter("e").check("line\ne", False).verdict is Verdict.FAIL
    assert ForbiddenCharacter("e").check("i\ne", False).verdict is Verdict.ABSTAIN, "it may become é"
    assert ForbiddenCharacter("e").check("i", False).verdict is Verdict.ABSTAIN


def test_a_lead_in_is_peeled_off():
    assert ForbiddenCharacter("ç").check("Sans ç :\nLe lait", True).form == "unwrapped"


@pytest.mark.parametrize("char", ["", "ab", " ", "\n", "e\u0301\u0301"])
def test_wrong_arguments(char):
    with pytest.raises(msgspec.ValidationError, match="forbidden_char"):
        msgspec.convert({"forbidden_char": char}, ForbiddenCharacter)


@pytest.mark.parametrize("reply", ["e" * 200_000, "e\u0301" * 100_000])
def test_hostile_replies_end(reply):
    assert ForbiddenCharacter("e").check(reply, True).explanation
