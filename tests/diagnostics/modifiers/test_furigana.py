import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.furigana import Furigana


@pytest.mark.parametrize(
    "reply",
    [
        "漢字（かんじ）",
        "漢字(かんじ)",
        "漢字《かんじ》",
        "食（た）べる",
        "食べる（たべる）",
        "人々（ひとびと）",
        "茶（チャ）",
        "<ruby>茶<rt>ちゃ</rt></ruby>",
        "<ruby>茶<rp>(</rp><rt>ちゃ</rt></ruby>",
    ],
)
def test_all(reply):
    outcome = Furigana().check(f"これは{reply}。", True)
    assert (outcome.form, outcome.explanation) == ("bare", "all kanji have a reading")
    assert Furigana().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply", ["漢字", "漢字（）", "漢字（kanji）", "漢字「かんじ」", "（かんじ）漢字", "漢字（かんじ", "漢字は（かんじ"]
)
def test_missing(reply):
    assert Furigana().check(reply, True).explanation == "1 of 1 runs of kanji without a reading: 漢字"


def test_share():
    outcome = Furigana().check("茶（ちゃ）と水と酒（さけ）と湯", True)
    assert (outcome.score, outcome.explanation) == (0.5, "2 of 4 runs of kanji without a reading: 水、湯")


def test_no_kanji_and_lead_in():
    assert Furigana().check("おちゃ", True).explanation == "no kanji to be read"
    assert Furigana().check("以下です：\nお茶（ちゃ）", True).form == "unwrapped"


@pytest.mark.parametrize("reply", ["漢" * 200_000, "漢（" * 100_000, "漢あ" * 100_000, "漢（か）" * 50_000])
def test_hostile_replies_end(reply):
    assert Furigana().check(reply, True).explanation
