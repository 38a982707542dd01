"""Word lists: what they hold, how likely words are in one language against another, and that reading them is cheap."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import pytest

from diagnostics.language.identify import Identifier
from diagnostics.language.words import (
    MOST,
    MOST_IN_ALL,
    MOST_NAME,
    UNKNOWN,
    WORDS_PER_LANGUAGE,
    Wording,
    WordLists,
    capped,
    tokens,
    total,
)


@pytest.fixture(scope="module")
def lists(identifier: Identifier) -> WordLists:
    return identifier.engines.lists


def wording(lists: WordLists, text: str) -> Wording:
    return Wording(tokens(text), lists)


def test_words_are_cut_at_apostrophes_and_lowered_and_names_are_marked() -> None:
    found = tokens("L'été, Marie et Jean n'y vont pas")
    assert found.words == ["l", "été", "marie", "et", "jean", "n", "y", "vont", "pas"]
    assert found.names == [2, 4]
    assert (len(found), found.plain) == (9, 7)


def test_upper_case_holds_no_names() -> None:
    assert tokens("LE CHAT EST LÀ").names == []


def test_both_spellings_of_romanian_are_one() -> None:
    assert tokens("știință").words == tokens("ştiinţă").words


@pytest.mark.parametrize("language", ["en", "de", "ru", "ar", "hi", "no", "tl", "hbs", "vi"])
def test_a_list_holds_the_commonest_words_with_their_frequencies(lists: WordLists, language: str) -> None:
    listed = lists.of(language)
    assert listed is not None
    assert WORDS_PER_LANGUAGE <= len(listed.frequencies) < 1.2 * WORDS_PER_LANGUAGE
    frequencies = list(listed.frequencies.values())
    assert frequencies == sorted(frequencies, reverse=True)
    assert UNKNOWN < frequencies[-1] < -4.5
    assert -3 < frequencies[0] < -1
    assert UNKNOWN < listed.typical < frequencies[0]


@pytest.mark.parametrize("language", ["zh", "ja", "ko", "sw", "tn", "xx"])
def test_languages_without_a_list(lists: WordLists, language: str) -> None:
    assert lists.of(language) is None


def test_english_the_is_a_hundred_times_likelier_in_english(lists: WordLists) -> None:
    english, german = (wording(lists, text).ratios("de", "en") for text in ("the house", "das Haus"))
    assert english is not None
    assert german is not None
    assert english[0] < -1.5 < 1.5 < german[0]


def test_no_word_no_name_and_no_text_says_too_much(lists: WordLists) -> None:
    assert capped([9.0, -9.0, 2.0, -2.0], [2, 3]) == [MOST, -MOST, MOST_NAME, -MOST_NAME]
    assert total([MOST] * 100) == MOST_IN_ALL
    assert total([-MOST] * 100) == -MOST_IN_ALL


def test_without_a_list_there_is_no_ratio_but_words_are_more_or_less_english(lists: WordLists) -> None:
    english, swahili = wording(lists, "and this is what they said"), wording(lists, "na hii ndiyo waliyosema wote")
    assert english.ratios("sw", "en") is None
    assert sum(english.english) > 5
    assert sum(swahili.english) < -2


def test_single_letters_say_nothing_of_english(lists: WordLists) -> None:
    assert wording(lists, "q z x").english == [0.0, 0.0, 0.0]


def test_ordinary_text_is_typical_and_other_languages_are_not(lists: WordLists) -> None:
    german = wording(lists, "Das ist ein ganz normaler Satz, wie man ihn jeden Tag in der Zeitung liest.")
    assert german.is_typical("de")
    assert not german.is_typical("nl")
    assert not german.is_typical("sw")


@pytest.mark.parametrize(
    ("text", "is_title"),
    [
        ("New York City", True),
        ("War and Peace", True),
        ("New york city", False),
        ("because of it", False),
        ("The Lord of the Rings", False),  # too long to be left in doubt
        ("", False),
    ],
)
def test_titles_of_three_words(lists: WordLists, text: str, is_title: bool) -> None:
    assert wording(lists, text).is_title() is is_title


def test_common_words_vote_for_their_language(lists: WordLists) -> None:
    votes = dict(lists.votes(tokens("this is the house and that is the garden of my friend")))
    assert max(votes, key=votes.__getitem__) == "en"
    assert lists.votes(tokens("")) == []


def test_another_format_of_the_lists_is_an_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small_de.msgpack.gz"
    path.write_bytes(gzip.compress(msgspec.msgpack.encode([{"format": "cB", "version": 2}, ["das"]])))
    lists = WordLists()
    lists.__dict__["_files"] = {"de": path}
    with pytest.raises(ValueError, match=r"small_de\.msgpack\.gz is in a format that is not known"):
        lists.of("de")


def test_lists_that_are_loaded_together_share_their_words():
    lists = WordLists()
    lists.preload(("nl", "de"))
    dutch, german = lists.of("nl"), lists.of("de")
    assert dutch is not None
    assert german is not None
    own = {word: word for word in dutch.frequencies}
    shared = [word for word in german.frequencies if word in own]
    assert len(shared) > 500
    assert all(own[word] is word for word in shared)
