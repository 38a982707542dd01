import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.emoji import Emoji


@pytest.mark.parametrize(
    "reply", ["", "tea", ":-)", "© ® ™ → ✓ ★ ♪ § 1 # *", "☕\ufe0e", "茶、緑。", "ก็", "क्ष\u200dा", "\ufe0f"]
)
def test_none(reply):
    assert Emoji().check(reply, True).form == "bare"
    assert Emoji().check(reply, False).verdict is Verdict.ABSTAIN
    assert Emoji(1).check(reply, True).explanation == "no emoji, at least 1 asked for"


@pytest.mark.parametrize(
    "reply", ["🍵", "☕", "☕️", "❤️", "©️", "ℹ️", "👍🏽", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "🇫🇷", "1️⃣", "#⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "❤️‍🔥", "🫠"]
)
def test_one(reply):
    assert Emoji().check(f"a{reply}b", True).explanation == "1 emoji, none allowed"
    assert Emoji().check(f"{reply} and\nmilk", False).verdict is Verdict.FAIL
    assert Emoji().check(f"{reply} and", False).verdict is Verdict.ABSTAIN, "it may lead in"
    assert Emoji(2).check(reply, True).score == 0.5
    assert Emoji(2).check(f"{reply}{reply} and", False).verdict is Verdict.PASS


def test_flags_are_two_letters_each():
    assert Emoji().check("🇫🇷🇩🇪", True).explanation == "2 emoji, none allowed"


def test_wrong_arguments():
    with pytest.raises(msgspec.ValidationError, match="num_emojis"):
        msgspec.convert({"num_emojis": -1}, Emoji)


@pytest.mark.parametrize("reply", ["👨\u200d" * 60_000, "\u200d" * 200_000, "🇫" * 199_999, "☕\U000e0061" * 60_000])
def test_hostile_replies_end(reply):
    assert Emoji(1000).check(reply, True).explanation


def test_relations():
    assert Emoji(1, "at most").check("🍵", True).verdict is Verdict.PASS
    assert Emoji(1, "at most").check("🍵🍵", True).explanation == "2 emoji, at most 1 asked for"
    assert Emoji(2, "exactly").check("🍵🍵", True).verdict is Verdict.PASS
    assert Emoji(2, "exactly").check("a\n🍵🍵🍵 and", False).verdict is Verdict.FAIL
    assert Emoji(2, "exactly").check("a\n🍵🍵", False).verdict is Verdict.ABSTAIN
