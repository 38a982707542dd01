import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.speech_level import SpeechLevel

POLITE = [
    "お茶です。",
    "飲みます。",
    "ですね！",
    "ありません。",
    "どうぞ、飲んでください。",
    "でしょうか？",
    "차입니다.",
    "마셔요!",
    "드시겠습니까?",
    "좋지요.",
]
PLAIN = ["お茶だ。", "飲む。", "熱いね。", "である。", "飲まない。", "차다.", "마셔.", "좋아!", "뭐해?", "뜨겁지."]


@pytest.mark.parametrize("reply", POLITE)
def test_polite(reply):
    assert SpeechLevel("polite").check(reply, True).form == "bare"
    assert SpeechLevel("plain").check(reply, True).verdict is Verdict.FAIL


@pytest.mark.parametrize("reply", PLAIN)
def test_plain(reply):
    assert SpeechLevel("plain").check(reply, True).form == "bare"
    assert SpeechLevel("polite").check(reply, True).verdict is Verdict.FAIL


@pytest.mark.parametrize("reply", ["", "緑茶。", "Tea is hot.", "コーヒー", "「飲む。」"])
def test_nothing_shows(reply):
    assert SpeechLevel("polite").check(reply, True).verdict is Verdict.ABSTAIN


def test_nine_in_ten_are_enough():
    assert SpeechLevel("polite").check("茶です。" * 9 + "茶だ。", True).score == 0.9
    assert SpeechLevel("polite").check("茶です。茶だ。緑茶。", True).explanation == "1 polite sentences, 1 plain ones"


def test_cut_short():
    assert SpeechLevel("polite").check("茶だ。\n茶だ。\n", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("arguments", [{}, {"level": "rude"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, SpeechLevel)


@pytest.mark.parametrize("reply", ["です" * 100_000, "「" * 200_000, "です。" * 60_000, "ですか" + "か" * 200_000])
def test_hostile_replies_end(reply):
    assert SpeechLevel("polite").check(reply, True).explanation
