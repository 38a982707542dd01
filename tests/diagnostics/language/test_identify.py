"""The engines: the right language passes, the wrong one fails, and what says too little is left in doubt."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest

from diagnostics.core import Verdict
from diagnostics.language.identify import Identifier
from diagnostics.language.tags import base_language

SENTENCES: dict[str, str] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))

OTHERS = [tag for tag in SENTENCES if tag != "en"]
DOUBT = ["", "42", "1.\n2.", "😀😀", "OK", "…", "Angela Merkel, Barack Obama, Emmanuel Macron, Tony Blair"]


@pytest.mark.parametrize("tag", SENTENCES)
def test_the_right_language_passes(identifier: Identifier, tag: str) -> None:
    found = identifier.verify(SENTENCES[tag], tag, ("en",))
    assert (found.verdict, found.detected) == (Verdict.PASS, tag)
    assert found.margin > 0
    assert found.confidence > 0.9


@pytest.mark.parametrize("tag", OTHERS)
def test_english_is_caught(identifier: Identifier, tag: str) -> None:
    found = identifier.verify(SENTENCES["en"], tag, ("en",))
    assert (found.verdict, found.detected) == (Verdict.FAIL, "en")
    assert found.margin < 0


@pytest.mark.parametrize("tag", OTHERS)
def test_a_language_nobody_spoke_of_is_caught(identifier: Identifier, tag: str) -> None:
    wanted = "de" if tag != "de" else "fr"
    found = identifier.verify(SENTENCES[tag], wanted, ("en",))
    assert (found.verdict, found.detected) == (Verdict.FAIL, tag)


@pytest.mark.parametrize("tag", SENTENCES)
def test_the_language_is_identified(identifier: Identifier, tag: str) -> None:
    found = identifier.identify(SENTENCES[tag])
    assert found is not None
    assert found[0] == tag
    assert 0.6 < found[1] <= 1  # Indonesian against Malay


@pytest.mark.parametrize("tag", ["de", "fr", "ru", "tr", "el", "vi"])
def test_upper_case_is_no_other_language(identifier: Identifier, tag: str) -> None:
    assert identifier.verify(SENTENCES[tag].upper(), tag, ("en",)).verdict is Verdict.PASS
    assert identifier.verify(SENTENCES["en"].upper(), tag, ("en",)).verdict is Verdict.FAIL


@pytest.mark.parametrize("text", DOUBT)
@pytest.mark.parametrize("tag", ["de", "ru", "ja", "en", "sw"])
def test_too_little_is_left_in_doubt(identifier: Identifier, text: str, tag: str) -> None:
    assert identifier.verify(text, tag, ("en", "fr")).verdict is not Verdict.FAIL


@pytest.mark.parametrize("text", ["", "42", "😀😀", "OK", "ok?"])
def test_too_little_is_not_identified(identifier: Identifier, text: str) -> None:
    assert identifier.identify(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Denne boken handler om en gutt", "da"),
        ("Saya suka makan nasi goreng", "ms"),
        ("Saya suka makan nasi goreng", "id"),
        ("Dobrý den, jak se máte", "sk"),
        ("Esta é unha casa moi grande", "pt"),
        ("Die kat sit op die mat", "nl"),
    ],
)
def test_a_few_words_in_a_sibling_language_are_no_alarm(identifier: Identifier, text: str, wanted: str) -> None:
    assert identifier.verify(text, wanted, ("en",)).verdict is not Verdict.FAIL


@pytest.mark.parametrize("tag", ["hr", "bs", "sr", "sr-Latn", "sh"])
def test_serbo_croatian_in_latin_letters_is_one_language(identifier: Identifier, tag: str) -> None:
    text = "Jučer je moja sestra otišla na tržnicu i kupila svježi kruh, a navečer smo zajedno skuhali juhu."
    assert identifier.verify(text, tag, ("en",)).verdict is Verdict.PASS


def test_the_script_subtag_counts_where_it_can_be_told(identifier: Identifier) -> None:
    cyrillic = "Јуче је моја сестра отишла на пијацу и купила свеж хлеб, а увече смо заједно скували супу."
    assert identifier.verify(cyrillic, "sr", ("en",)).verdict is Verdict.PASS
    assert identifier.verify(cyrillic, "sr-Cyrl", ("en",)).verdict is Verdict.PASS
    found = identifier.verify(cyrillic, "sr-Latn", ("en",))
    assert (found.verdict, found.detected) == (Verdict.FAIL, "sr-Cyrl")
    traditional = "昨天我妹妹去市場買了新鮮的麵包。晚上我們一起煮了湯。"
    for tag, text, verdict, detected in (
        ("zh-Hant", traditional, Verdict.PASS, "zh-Hant"),
        ("zh-TW", traditional, Verdict.PASS, "zh-TW"),
        ("zh", traditional, Verdict.PASS, "zh"),
        ("zh-Hans", SENTENCES["zh"], Verdict.PASS, "zh-Hans"),
        ("zh-Hans", traditional, Verdict.FAIL, "zh-Hant"),
        ("zh-Hant", SENTENCES["zh"], Verdict.FAIL, "zh-Hans"),
    ):
        found = identifier.verify(text, tag, ("en",))
        assert (found.verdict, found.detected) == (verdict, detected)


@pytest.mark.parametrize("tag", ["ru", "ja", "zh", "ko", "ar", "hi", "el"])
def test_a_few_english_words_are_caught_where_another_script_was_wanted(identifier: Identifier, tag: str) -> None:
    for text in ("because of the weather", "the children were playing", "it is not possible today"):
        assert identifier.verify(text, tag, ("en",)).verdict is Verdict.FAIL
    for text in ("Windows", "machine learning", "The Lord", "New York City", "Angela Merkel", "Visual Studio Code"):
        assert identifier.verify(text, tag, ("en",)).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("word", ["the", "because", "information", "Hello", "market"])
@pytest.mark.parametrize("tag", ["de", "sw", "ru", "ja", "yo"])
def test_one_word_is_never_called_wrong(identifier: Identifier, word: str, tag: str) -> None:
    assert identifier.verify(word, tag, ("en",)).verdict is not Verdict.FAIL


@pytest.mark.parametrize(
    ("text", "wanted", "verdict"),
    [
        ("東京都", "ja", Verdict.ABSTAIN),
        ("东京都", "zh", Verdict.PASS),
        (SENTENCES["zh"] * 2, "ja", Verdict.FAIL),
        ("这是我们的面包", "ja", Verdict.FAIL),
        ("東京都知事選挙", "ja", Verdict.ABSTAIN),
        (SENTENCES["ja"], "zh", Verdict.FAIL),
        (SENTENCES["ja"], "ko", Verdict.FAIL),
        ("저는 machine learning 을 공부합니다", "ko", Verdict.PASS),
        ("我们使用 machine learning 的方法", "zh", Verdict.PASS),
        ("Μου αρέσει το Python και το JavaScript", "el", Verdict.PASS),
    ],
)
def test_scripts_of_east_asia_and_borrowed_terms(
    identifier: Identifier, text: str, wanted: str, verdict: Verdict
) -> None:
    assert identifier.verify(text, wanted, ("en",)).verdict is verdict


@pytest.mark.parametrize("tag", ["mi", "tn", "ti", "yi"])
@pytest.mark.parametrize("text", [SENTENCES["en"], SENTENCES["de"], SENTENCES["he"], "ሰላም ለዓለም ሁሉ ይሁን"])
def test_languages_without_an_engine_are_left_in_doubt(identifier: Identifier, tag: str, text: str) -> None:
    assert not identifier.knows(tag)
    assert identifier.verify(text, tag, ("en",)).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Дүнән бачым базара ҝетди вә тәзә чөрәк алды", "az"),
        ("aaj mausam bahut accha hai aur hum bazaar ja rahe hain", "hi-Latn"),
        ("کل میری بہن بازار گئی اور اس نے تازہ روٹی خریدی", "pa-Arab"),
        ("Keşe äpkem bazarğa bardı jäne nan satıp aldı", "kk"),
    ],
)
def test_scripts_in_which_no_engine_knows_the_language_are_left_in_doubt(
    identifier: Identifier, text: str, tag: str
) -> None:
    assert identifier.verify(text, tag, ("en",)).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("tag", ["kk", "ky", "az", "mn", "hi"])
def test_english_is_caught_all_the_same(identifier: Identifier, tag: str) -> None:
    assert identifier.verify(SENTENCES["en"], tag, ("en",)).verdict is Verdict.FAIL


def test_decomposed_letters_are_the_same_letters(identifier: Identifier) -> None:
    for tag in ("vi", "fr", "ko"):
        text = unicodedata.normalize("NFD", SENTENCES[tag])
        assert identifier.verify(text, tag, ("en",)).verdict is Verdict.PASS


def test_preloading_changes_no_verdict(identifier: Identifier) -> None:
    fresh = Identifier()
    fresh.preload(("de", "nb", "zh-Hant", "mi"))
    for tag in ("de", "nb"):
        assert fresh.verify(SENTENCES["de"], tag, ("en",)) == identifier.verify(SENTENCES["de"], tag, ("en",))


@pytest.mark.parametrize("text", ["a" * 100_000, "ab " * 50_000, "日" * 100_000, "é'" * 50_000, "А" * 100_000])
def test_hostile_text_is_weighed(identifier: Identifier, text: str) -> None:
    assert identifier.verify(text, "de", ("en",)).letters > 0
    identifier.identify(text)


def test_every_tag_of_the_test_is_a_base_language() -> None:
    assert all(base_language(tag) == tag for tag in SENTENCES)
