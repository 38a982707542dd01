"""Frozen names of languages and number words are whole, unambiguous, and what the languages say."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest

from diagnostics.reading.fold import fold

LEXICONS = Path(__file__).parents[3] / "diagnostics" / "lexicons"
LANGUAGES = sorted(path.stem for path in (LEXICONS / "names").glob("*.toml"))
ALWAYS = {*range(1, 21), *range(30, 101, 10), *range(200, 1001, 100), 1500, 2000, 5000, 10000}
WITHOUT_COMPOUNDS = {"gu", "kn", "ml", "mr", "pa", "te"}  # written by hand: no 21 to 99 but the tens

tables = pytest.mark.parametrize("language", LANGUAGES)


def names(language: str) -> dict[str, str]:
    return tomllib.loads((LEXICONS / "names" / f"{language}.toml").read_text("utf-8"))


def numbers(language: str) -> dict[str, dict[str, int]]:
    return tomllib.loads((LEXICONS / "numbers" / f"{language}.toml").read_text("utf-8"))


def values(*tables: dict[str, int]) -> dict[str, set[int]]:
    """Folded word -> its values in these tables."""
    found: dict[str, set[int]] = {}
    for table in tables:
        for word, value in table.items():
            found.setdefault(fold(word), set()).add(value)
    return found


def test_every_lexicon_has_both_tables() -> None:
    assert {path.stem for path in (LEXICONS / "numbers").glob("*.toml")} == set(LANGUAGES)
    assert {path.stem for path in (LEXICONS / "by_hand").glob("*.toml")} == set(LANGUAGES)
    assert {path.stem for path in LEXICONS.glob("*.toml")} <= set(LANGUAGES)


@tables
def test_a_name_belongs_to_one_language(language: str) -> None:
    table = names(language)
    folded = [fold(name) for name in table.values()]
    assert len(set(folded)) == len(folded) >= 130
    assert not any(set(name) & set("()（）,/0123456789") for name in table.values())


@tables
def test_prompts_can_name_every_language_of_prompts(language: str) -> None:
    assert not {each for each in LANGUAGES if each not in names(language)}


@tables
def test_number_words_have_one_value(language: str) -> None:
    table = numbers(language)
    assert set(table) == {"numbers", "articles", "ordinals"}
    assert not [word for word, found in values(table["numbers"], table["articles"]).items() if len(found) > 1]
    assert not [word for word, found in values(table["ordinals"]).items() if len(found) > 1]
    assert not {*values(table["numbers"])} & {*values(table["articles"])}


@tables
def test_a_word_that_counts_and_orders_says_the_same_number(language: str) -> None:
    table = numbers(language)
    assert not [word for word, found in values(*table.values()).items() if len(found) > 1]


@tables
def test_number_words_are_clean(language: str) -> None:
    for table in numbers(language).values():
        for word, value in table.items():
            assert word == unicodedata.normalize("NFC", word).lower() == word.strip()
            assert not set(word) & set("\xad\u200b()|"), word
            assert type(value) is int


@tables
def test_all_values_have_words(language: str) -> None:
    table = numbers(language)
    counted = {*table["numbers"].values(), *table["articles"].values()}
    assert counted >= ALWAYS
    assert language in WITHOUT_COMPOUNDS or counted >= {*range(101)}
    assert counted <= {*range(101), 150, 250, 350, 450, 3000} | ALWAYS
    assert {*table["ordinals"].values()} == {*range(1, 13)}


@tables
def test_what_is_written_by_hand_was_frozen(language: str) -> None:
    by_hand = tomllib.loads((LEXICONS / "by_hand" / f"{language}.toml").read_text("utf-8"))
    frozen = numbers(language)
    for title in frozen:
        for form, value in by_hand.get(title, {}).items():
            if "(" not in form:
                assert frozen[title][unicodedata.normalize("NFC", form)] == value


@pytest.mark.parametrize(
    ("language", "words", "value"),
    [
        ("ar", "ثلاث ثلاثة", 3),
        ("bn", "তিন তিনটি", 3),
        ("cs", "pět pěti", 5),
        ("de", "zwei zweien", 2),
        ("de", "dreißig dreissig", 30),
        ("de", "fünfhundert", 500),
        ("en", "twenty-one", 21),
        ("en", "hundred", 100),
        ("fi", "kolme kolmen kolmea kolmella", 3),
        ("fr", "quatre-vingt-dix nonante", 90),
        ("he", "שלוש שלושה שלושת", 3),
        ("hu", "kettő két", 2),
        ("ja", "三つ みっつ", 3),
        ("ja", "二百", 200),
        ("ko", "다섯", 5),
        ("pl", "dwa dwie dwóch dwoma", 2),
        ("ru", "три трёх трех трем тремя", 3),
        ("ru", "пятьсот пятисот", 500),
        ("sl", "petindvajset", 25),
        ("sv", "tvåhundra", 200),
        ("sw", "tatu matatu", 3),
        ("th", "สามร้อย", 300),
        ("uk", "двох двома", 2),
        ("ur", "پچیس", 25),
        ("yo", "mẹ́rìnlélógójì", 44),
        ("zh", "二百 两百 兩百", 200),
    ],
)
def test_number_words(language: str, words: str, value: int) -> None:
    assert {numbers(language)["numbers"].get(word) for word in words.split()} == {value}


@pytest.mark.parametrize(
    ("language", "words", "value"),
    [
        ("de", "ein eine einem einen einer eines", 1),
        ("fr", "un une", 1),
        ("it", "sei", 6),
        ("ja", "三", 3),
        ("vi", "năm", 5),
        ("zh", "两 二", 2),
    ],
)
def test_words_that_also_say_something_else_stand_apart(language: str, words: str, value: int) -> None:
    table = numbers(language)
    assert {table["articles"].get(word) for word in words.split()} == {value}
    assert not table["numbers"].keys() & set(words.split())


@pytest.mark.parametrize(
    ("language", "words", "value"),
    [
        ("de", "zweite zweiten zweiter zweites zweitem", 2),
        ("en", "first", 1),
        ("es", "tercer tercera tercero", 3),
        ("ja", "第三 三番目", 3),
        ("pl", "pierwszy pierwsza pierwszego", 1),
        ("ru", "второй вторая второго второму", 2),
        ("sv", "första förste", 1),
        ("zh", "第一", 1),
    ],
)
def test_ordinals(language: str, words: str, value: int) -> None:
    assert {numbers(language)["ordinals"].get(word) for word in words.split()} == {value}
