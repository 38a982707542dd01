import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.emoji_only import EmojiOnly


@pytest.mark.parametrize("reply", ["🍵", "🍵🍵 ☕\n❤️", "👨‍👩‍👧", "🇫🇷", "1️⃣"])
def test_only(reply):
    assert EmojiOnly().check(reply, True).form == "bare"
    assert EmojiOnly().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["🍵.", "tea 🍵", "★", ":)", "1", "🍵\u200b茶"])
def test_others(reply):
    assert EmojiOnly().check(reply, True).verdict is Verdict.FAIL


def test_share():
    outcome = EmojiOnly().check("🍵 tea", True)
    assert (outcome.explanation, outcome.score) == ("3 characters are no emoji: 'tea'", 0.25)
    assert EmojiOnly().check(" ", True).explanation == "the reply is empty"


def test_a_lead_in_is_peeled_off():
    assert EmojiOnly().check("Here:\n🍵", True).form == "unwrapped"


@pytest.mark.parametrize("reply", ["\u200d" * 200_000, "a" * 200_000, "🇫" * 199_999])
def test_hostile_replies_end(reply):
    assert EmojiOnly().check(reply, True).verdict is Verdict.FAIL
