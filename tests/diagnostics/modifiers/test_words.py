import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.words import Words


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("Don't panic, o'clock rocks.", 4),
        ("3.5 of 1,000 cups", 4),
        ("well-known", 2),
        ("l'eau d’hiver", 4),
        ("aujourd'hui", 1),
        ("**Tea** — _hot_ & 'cold'", 3),
        ("चाय गर्म है", 3),
        ("naïve café", 2),
        ("이것은 차입니다", 2),
        ("Tea 茶 is a plant that people have known for some thousand years.", 13),
    ],
)
def test_count(reply, count):
    assert Words(count).check(reply, True).form == "bare"


def test_relations_and_explanations():
    reply = "one two three"
    assert Words(3, "at least").check(reply, True).verdict is Verdict.PASS
    assert Words(3, "less than").check(reply, True).explanation == "3 words, fewer than 3 asked for"
    assert Words(2, "at most").check(reply, True).explanation == "3 words, at most 2 asked for"
    assert Words(4, "at least").check(reply, True).score == 0.75
    assert Words(1, "at least").check("—", True).explanation == "no words, at least 1 asked for"
    assert Words(2, "exactly").check("one", True).explanation == "1 word, 2 asked for"


@pytest.mark.parametrize("reply", ["Here it is:\n\none two", "```text\none two\n```", "Voici :\n```text\none two\n```"])
def test_unwrapped(reply):
    assert Words(2).check(reply, True).form == "unwrapped"


@pytest.mark.parametrize("reply", ["Sure!\none two", "```\none two\n```\nBye for now.", "one two\nLet me know."])
def test_no_line_is_dropped_blindly(reply):
    assert Words(2).check(reply, True).verdict is Verdict.FAIL


def test_cut_short():
    long = "word " * 400
    assert Words(300, "at most").check(long, False).verdict is Verdict.FAIL
    assert Words(300, "at least").check(long, False).verdict is Verdict.PASS
    assert Words(500, "at least").check(long, False).verdict is Verdict.ABSTAIN
    assert Words(500).check(long, False).verdict is Verdict.ABSTAIN
    assert Words(3, "at most").check("this could yet lead in", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["お茶は熱いです。", "茶是热的。", "ชาร้อน", "ຊາຮ້ອນ", "តែក្តៅ", "လက်ဖက်ရည် ပူတယ်"])
def test_words_without_blanks_are_left_open(reply):
    assert Words(5).check(reply, True).verdict is Verdict.ABSTAIN
    assert "blanks" in Words(50, "at least").check(reply, True).explanation
    assert Words(2, "less than").check(f"{reply} {reply}", True).verdict is Verdict.FAIL
    assert Words(2, "at least").check(f"{reply} {reply}", True).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"num_words": 0}, "num_words"),
        ({"num_words": "ten"}, "num_words"),
        ({"num_words": 3, "relation": "roughly"}, "relation"),
        ({"words": 3}, "words"),
    ],
)
def test_wrong_arguments_are_named(arguments, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(arguments, Words)


@pytest.mark.parametrize("piece", ["a'", "1.", "l'", "``` ", "a ", "`\n", " "])
def test_hostile_replies_end(piece):
    assert Words(3).check(piece * 100_000, True).verdict in Verdict
