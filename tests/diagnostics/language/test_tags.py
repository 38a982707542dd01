"""Language tags: their usual form, what is said of wrong ones, names, and the scripts that they ask for."""

from __future__ import annotations

import contextlib
import random

import pytest

from diagnostics.language.tags import language_name, normalise_tag, script_wanted


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("de", "de"), ("DE", "de"), ("EN_us", "en-US"), ("zh-hant", "zh-Hant"), ("zh-hant-tw", "zh-Hant-TW"),
        ("deu", "de"), ("ger", "de"), ("iw", "he"), ("sr-latn", "sr-Latn"), ("sh", "sr-Latn"), ("cmn", "zh"),
        ("es-419", "es-419"), ("nb", "nb"), ("haw", "haw"), (" fr ", "fr"), ("de-1996", "de-1996"), ("gre", "el"),
        ("en-UK", "en-GB"), ("pt-076", "pt-BR"), ("sr-YU", "sr-YU"), ("ca-valencia", "ca-valencia"),
        ("en-x-klingon", "en-x-klingon"), ("de-DE-u-co-phonebk", "de-DE-u-co-phonebk"),
    ],
)  # fmt: skip
def test_tags_take_their_usual_form(tag: str, usual: str) -> None:
    assert normalise_tag(tag) == usual
    assert normalise_tag(usual) == usual


@pytest.mark.parametrize(
    ("tag", "nearest"),
    [
        ("grman", "de (German)"),
        ("German", "de (German)"),
        ("deutsch", "de (German)"),
        ("Chinesisch", "zh (Chinese)"),
        ("日本語", "ja (Japanese)"),
        ("brazilian portuguese", "pt-BR (Brazilian Portuguese)"),
        ("english-US", "en-US (American English)"),
        ("frensh", "fr (French)"),
        ("pt-BRA", "pt-BR (Brazilian Portuguese)"),
        ("en-GBR", "en-GB (British English)"),
        ("de-", "de (German)"),
        ("zh-Hnat", "zh-Hant (Traditional Chinese)"),
        ("zh-Hant-TWN", "zh-Hant-TW (Traditional Chinese)"),
        ("sr-latin", "sr-Latn (Serbian (Latin))"),
        ("jp", "ja (Japanese)"),
        ("xx", "xh (Xhosa)"),
    ],
)
def test_the_nearest_valid_tags_are_named(tag: str, nearest: str) -> None:
    with pytest.raises(ValueError, match="is no language tag") as raised:
        normalise_tag(tag)
    assert str(raised.value).startswith(repr(tag))
    assert str(raised.value).endswith(f"such as {nearest}")


@pytest.mark.parametrize("tag", ["pt-brz", "qq", "d3", "zh-Hants", "zh-yue", "de-germany"])
def test_what_is_named_is_valid(tag: str) -> None:
    with pytest.raises(ValueError, match="such as") as raised:
        normalise_tag(tag)
    named = [each.split()[0] for each in str(raised.value).partition("such as ")[2].split(" or ")]
    assert 1 <= len(named) <= 3
    assert [normalise_tag(each) for each in named] == named


@pytest.mark.parametrize("tag", ["", " ", "\x00", "\ud800", "🙂", "%" * 30])
def test_where_nothing_is_near_the_form_is_shown(tag: str) -> None:
    with pytest.raises(ValueError, match="such as de, pt-BR or zh-Hant"):
        normalise_tag(tag)


def test_a_wrong_tag_is_shown_escaped_and_cut() -> None:
    for tag in ("de" * 50_000, "de-" * 50_000, "\u202e\ud800\x1b[31m\n", "x" * 36):
        with pytest.raises(ValueError, match="no language tag") as raised:
            normalise_tag(tag)
        text = str(raised.value)
        assert len(text) < 400
        assert text.isprintable()
        assert ("…" in text) == (len(tag) > 35)


def test_noise() -> None:
    chance = random.Random(11)
    for _ in range(300):
        tag = "".join(chance.choices("abcdehnrstz-_1 é漢\u202e", k=chance.randrange(40)))
        usual = None
        with contextlib.suppress(ValueError):
            usual = normalise_tag(tag)
        assert usual is None or normalise_tag(usual) == usual


@pytest.mark.parametrize(
    ("tag", "script"),
    [
        ("zh-TW", "Hant"), ("zh-HK", "Hant"), ("zh-MO", "Hant"), ("zh-CN", "Hans"), ("zh-SG", "Hans"),
        ("zh-Hant", "Hant"), ("zh-Hant-CN", "Hant"), ("zh-Hans-TW", "Hans"), ("sr-Latn", "Latn"),
        ("sr-Cyrl-RS", "Cyrl"),
        ("sr-ME", "Latn"), ("pa-PK", "Arab"), ("uz-AF", "Arab"), ("kk-CN", "Arab"),
        ("zh", None), ("sr", None), ("sr-RS", None), ("uz", None), ("uz-UZ", None), ("de-DE", None), ("en", None),
    ],
)  # fmt: skip
def test_the_script_that_a_tag_asks_for(tag: str, script: str | None) -> None:
    assert script_wanted(tag) == script


def test_languages_have_names() -> None:
    tags = ("de", "zh-Hant", "zh-Hant-TW", "pt-PT", "de-BE", "sr-Latn", "sr-Cyrl-RS", "qaa")
    assert [language_name(tag) for tag in tags] == [
        "German", "Traditional Chinese", "Traditional Chinese", "European Portuguese", "German", "Serbian (Latin)",
        "Serbian (Cyrillic)", "qaa",
    ]  # fmt: skip
