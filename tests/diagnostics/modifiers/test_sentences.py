import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.sentences import Sentences


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("Tea is hot. Milk is cold!", 2),
        ("Dr. Hall met Mr. Lee at 3.30 p.m. yesterday.", 1),
        ("It costs 3.5 dollars. Why?", 2),
        ("1. Boil water.\n2. Add tea.", 2),
        ("a. Boil water.\nb. Add tea.", 2),
        ("# Tea\n\nTea is hot.", 1),
        ("Well... maybe not.", 1),
        ("tea is hot. milk is cold.", 2),
        ("He met J. S. Bach. Really.", 2),
        ("“Why?” she asked. “No.”", 2),
        ("*Tea is hot.* *Milk is not.*", 2),
        ("お茶です。熱い！本当？", 3),
        ("「本当？」と言った。", 1),
        ("चाय गर्म है। दूध ठंडा है।", 2),
        ("هل الشاي ساخن؟ نعم.", 2),
        ("Թեյը տաք է։ Այո։", 2),
        ("Чай, т.е. вода. Он пил его в 1990 г. в Москве.", 2),
        ("Das ist z.B. Tee, bzw. Wasser.", 1),
        ("Wait?! No!!", 2),
        ("Tea is hot", 1),
        ("C'est M. Dupont. Il a du thé.", 2),
    ],
)
def test_count(reply, count):
    assert Sentences(count).check(reply, True).form == "bare"


def test_relations_and_explanations():
    reply = "One. Two. Three."
    assert Sentences(3, "at least").check(reply, True).verdict is Verdict.PASS
    assert Sentences(3, "less than").check(reply, True).explanation == "3 sentences, fewer than 3 asked for"
    assert Sentences(1, "at least").check("***", True).explanation == "no sentences, at least 1 asked for"
    assert Sentences(1).check("Here it is:\n1) Tea.", True).verdict is Verdict.PASS


def test_cut_short():
    assert Sentences(9, "at most").check("Tea is hot.\n" * 10, False).verdict is Verdict.FAIL
    assert Sentences(9, "at least").check("Tea is hot.\n" * 10, False).verdict is Verdict.PASS
    assert Sentences(10).check("Tea is hot.\n" * 10, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["ชาร้อน นมเย็น", "ຊາຮ້ອນ ນົມເຢັນ"])
def test_scripts_without_marks_are_left_open(reply):
    assert Sentences(2).check(reply, True).verdict is Verdict.ABSTAIN
    assert "script" in Sentences(2).check(reply, True).explanation


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"num_sentences": 0}, "num_sentences"),
        ({"num_sentences": 2.5}, "num_sentences"),
        ({"num_sentences": 3, "relation": "au moins"}, "relation"),
    ],
)
def test_wrong_arguments_are_named(arguments, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(arguments, Sentences)


@pytest.mark.parametrize("piece", [".", ". ", ".*", "。」", "a. ", "? *", " ", ".a", "1. \n"])
def test_hostile_replies_end(piece):
    assert Sentences(3).check(piece * 100_000, True).verdict in Verdict
