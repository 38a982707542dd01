"""See also the examples of the signal, which ``test_base`` tries."""

import tomllib
from importlib.resources import files

import pytest

from diagnostics.language.tags import normalise_tag
from diagnostics.surface.refusal import BEGINNING

PHRASES = tomllib.loads((files("diagnostics.surface") / "refusals.toml").read_text(encoding="utf-8"))


def test_the_phrases_are_as_they_are_looked_for():
    assert len(PHRASES) > 24
    for language, phrases in PHRASES.items():
        assert normalise_tag(language) == language
        assert len(phrases) == len(set(phrases)) > 4
        for phrase in phrases:
            assert phrase == phrase.lower().replace("’", "'")
            assert len(phrase) >= (4 if language in ("zh", "ja", "ko") else 9)


@pytest.mark.parametrize("language", PHRASES)
def test_every_phrase_is_a_flaw_in_another_language_only(find, language):
    other = "fr" if language != "fr" else "de"
    for phrase in PHRASES[language]:
        (found,) = find(f"{phrase.capitalize()} …", language=other)
        assert found.language in PHRASES
        assert phrase in PHRASES[found.language]
        assert found.span == (0, len(phrase))
        assert find(f"{phrase.capitalize()} …", language=language) == []


@pytest.mark.parametrize(
    ("tag", "reply"),
    [("zh-Hant", "抱歉，我无法回答。"), ("pt-BR", "Desculpe, mas não posso."), ("nb", "Beklager, men jeg kan ikke.")],
)
def test_a_language_is_taken_as_a_whole(find, tag, reply):
    assert find(reply, language=tag) == []


def test_only_the_beginning_is_looked_at(find):
    refusal = "I'm sorry, but I can't assist with that."
    assert find("Ja. " * (BEGINNING // 4) + refusal) == []
    assert find("Ja. " + refusal)[0].explanation == "a refusal in English: \"I'm sorry, but I can't\""


def test_what_lower_case_makes_longer_moves_nothing(find):
    (found,) = find("İİİ \ud800 I cannot assist with it", language="tr")
    assert found.span == (6, 26)


def test_nothing_is_said_where_no_language_or_several_are_expected(find):
    assert find("I'm sorry, but I can't assist with that.", language=None) == []
    assert find("I'm sorry, but I can't assist with that.", language="mul") == []


def test_what_is_to_be_translated_is_no_refusal(find):
    assert find("„I cannot assist with that“ heißt …", "Übersetze: I cannot assist with that") == []
