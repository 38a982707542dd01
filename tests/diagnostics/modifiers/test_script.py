import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.script import Script


@pytest.mark.parametrize(
    ("code", "reply"),
    [
        ("Latn", "Tea is hot."),
        ("Cyrl", "Чай горячий."),
        ("Arab", "شاي"),
        ("Deva", "चाय गर्म है"),
        ("Grek", "τσάι"),
        ("Hebr", "תה"),
        ("Thai", "ชา"),
        ("Hang", "차"),
        ("Kore", "차 茶"),
        ("Jpan", "お茶のカップ"),
        ("Hani", "茶"),
        ("Hira", "おちゃ"),
        ("Kana", "オチャ"),
        ("Geor", "ჩაი"),
        ("Beng", "চা"),
        ("Taml", "தேநீர்"),
        ("Hans", "这个国家"),
        ("Hant", "這個國家"),
    ],
)
def test_scripts(code, reply):
    assert Script(code).check(reply, True).form == "bare"
    assert Script(code, "only").check(reply, True).form == "bare"
    assert Script(code, "none").check(reply, True).verdict is Verdict.FAIL
    assert Script(code).check("Ⲧⲉⲁ Ⲧⲉⲁ", True).verdict is Verdict.FAIL
    assert Script(code, "none").check("95 ⲧⲉⲁ", True).form == "bare"


def test_a_name_in_another_script_does_no_harm():
    reply = "Чай горячий и вкусный, его пьют везде. IBM"
    assert Script("Cyrl").check(reply, True).verdict is Verdict.PASS
    assert Script("Cyrl", "only").check(reply, True).explanation.startswith("3 letters of other scripts")
    assert Script("Cyrl").check("Чай: https://tea.org/green/tea", True).verdict is Verdict.PASS


def test_share():
    outcome = Script("Cyrl").check("чай tea", True)
    assert (outcome.score, outcome.verdict) == (0.5, Verdict.FAIL)
    assert outcome.explanation == "50% of the letters are Cyrillic; most are Cyrillic"


def test_chinese():
    assert Script("Hans").check("這個國家", True).explanation == "the Chinese characters are Traditional"
    assert Script("Hans").check("茶", True).verdict is Verdict.ABSTAIN


def test_nothing_to_judge():
    assert Script("Latn").check("95", True).verdict is Verdict.ABSTAIN
    assert Script("Latn", "only").check("95", True).verdict is Verdict.FAIL


def test_cut_short():
    assert Script("Latn", "none").check("茶\ntea", False).verdict is Verdict.FAIL
    assert Script("Latn", "only").check("tea\n茶", False).verdict is Verdict.FAIL
    assert Script("Latn").check("茶\n茶", False).verdict is Verdict.ABSTAIN


def test_a_lead_in_is_peeled_off():
    assert Script("Cyrl").check("Here is the text:\nЧай", True).form == "unwrapped"


@pytest.mark.parametrize("arguments", [{}, {"script": "Latin"}, {"script": "Latn", "use": "some"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Script)


@pytest.mark.parametrize("use", ["mostly", "only", "none"])
def test_hostile_replies_end(use):
    every = "".join(map(chr, range(0x4E00, 0x9FFF))) * 5
    for reply in (every, "a茶" * 100_000, "<" * 200_000, "\u0301" * 200_000):
        assert Script("Hant", use).check(reply, True).explanation
