"""What is wanted: declared, else requested, else the language in which the user speaks."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from diagnostics.core import ExpectedLanguage, Message, Origin
from diagnostics.language.expected import TURNS, expected_language, instruction_language, normalise_tag
from diagnostics.language.identify import Identifier
from diagnostics.language.tags import language_name

SENTENCES: dict[str, str] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))

DE, EN, FR, RU = (SENTENCES[tag] for tag in ("de", "en", "fr", "ru"))
MESSAGES = (Message("system", EN), Message("user", FR), Message("assistant", EN), Message("user", DE))
REQUESTED = ExpectedLanguage("it", Origin.REQUESTED, (3, 9), 3)


def spoken(identifier: Identifier, *texts: str) -> str | None:
    return instruction_language(tuple(Message("user", text) for text in texts), identifier.identify)


@pytest.mark.parametrize("tag", SENTENCES)
def test_the_language_of_a_prompt(identifier: Identifier, tag: str) -> None:
    assert spoken(identifier, SENTENCES[tag]) == tag


def test_the_newest_user_message_counts(identifier: Identifier) -> None:
    assert instruction_language(MESSAGES, identifier.identify) == "de"
    assert instruction_language(MESSAGES[:3], identifier.identify) == "fr"


def test_only_the_newest_messages_are_asked(identifier: Identifier) -> None:
    assert spoken(identifier, FR, *["ok?"] * (TURNS - 1)) == "fr"
    assert spoken(identifier, FR, *["ok?"] * TURNS) is None


def test_an_earlier_message_speaks_for_one_that_says_too_little(identifier: Identifier) -> None:
    assert spoken(identifier, FR, "ok?") == "fr"
    assert spoken(identifier, FR, "👍") == "fr"
    assert spoken(identifier, FR, "```\nprint('this is code and it is not French')\n```") == "fr"


@pytest.mark.parametrize("messages", [(), (Message("system", DE),), (Message("user", ""),), (Message("user", "42?"),)])
def test_nothing_is_said(identifier: Identifier, messages: tuple[Message, ...]) -> None:
    assert instruction_language(messages, identifier.identify) is None


@pytest.mark.parametrize(
    ("prompt", "tag"),
    [
        (f"Übersetze den folgenden Text ins Englische: {FR}", "de"),
        (f"Traduis le texte suivant en allemand :\n\n{EN}", "fr"),
        (f"{EN}\n{EN}\n\nFasse diesen Text bitte in einem Satz zusammen.", "de"),
        (f"Fasse diesen Text bitte in einem Satz zusammen.\n\n{EN}\n{EN}", "de"),
        (f'Was heißt "{EN}" auf Deutsch, und wie sagt man es auf Russisch?', "de"),
        (f"Was bedeutet das hier, bitte?\n> {EN}\n> {EN}", "de"),
        ("Was macht dieser Code?\n```python\n# this is the first of all the lines\nfor each in x: pass\n```", "de"),
        ("Schreibe eine Liste der besten Anwälte im Land, bitte so:\n\n* Punkt eins\n* Punkt zwei\n* ...", "de"),
        ('"The Secrets of the Old House: Revealed!"라는 새로운 책에 대한 서평을 쓰세요.', "ko"),
        (f"Переведи этот текст на английский язык: «{FR}»", "ru"),
    ],
)
def test_pasted_passages_are_no_words_of_the_user(identifier: Identifier, prompt: str, tag: str) -> None:
    assert spoken(identifier, prompt) == tag


def test_a_hostile_prompt_is_read(identifier: Identifier) -> None:
    for piece in ("a:", "a\n\n", '"', ":", "the und\n\n", "日"):
        spoken(identifier, piece * (200_000 // len(piece)))


def test_declared_wins() -> None:
    assert expected_language("PT_br", REQUESTED, MESSAGES, "de") == ExpectedLanguage("pt-BR", Origin.DECLARED)


def test_requested_comes_next() -> None:
    assert expected_language(None, REQUESTED, MESSAGES, "de") == REQUESTED
    assert expected_language(None, REQUESTED, (), None) == REQUESTED


def test_then_the_language_of_the_instruction_with_the_span_of_the_newest_user_message() -> None:
    found = expected_language(None, None, MESSAGES, "de")
    assert found == ExpectedLanguage("de", Origin.INSTRUCTION, (0, len(DE)), 3)
    assert expected_language(None, None, MESSAGES[:3], "fr") == ExpectedLanguage(
        "fr", Origin.INSTRUCTION, (0, len(FR)), 1
    )


def test_then_nothing() -> None:
    assert expected_language(None, None, MESSAGES, None) is None


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("de", "de"), ("DE", "de"), ("EN_us", "en-US"), ("zh-hant", "zh-Hant"), ("zh-hant-tw", "zh-Hant-TW"),
        ("deu", "de"), ("ger", "de"), ("iw", "he"), ("sr-latn", "sr-Latn"), ("sh", "sr-Latn"), ("cmn", "zh"),
        ("es-419", "es-419"), ("nb", "nb"), ("haw", "haw"), (" fr ", "fr"), ("de-1996", "de-1996"),
    ],
)  # fmt: skip
def test_tags_take_their_usual_form(tag: str, usual: str) -> None:
    assert normalise_tag(tag) == usual
    assert normalise_tag(usual) == usual


@pytest.mark.parametrize(
    ("tag", "advice"),
    [
        ("German", "use a BCP 47 tag such as de"), ("brazilian portuguese", "use a BCP 47 tag such as pt-BR"),
        ("Deutsch", "such as de, pt-BR"), ("", "such as de"), ("x", "such as"), ("qq", "such as"),
        ("de--AT", "such as"), ("de-", "such as"), ("d3", "such as"),
        ("de" * 50_000, "such as"), ("de-" * 50_000, "such as"),
    ],
)  # fmt: skip
def test_what_is_no_tag_says_what_to_write(tag: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice):
        normalise_tag(tag)
    with pytest.raises(ValueError, match="language tag"):
        expected_language(tag, None, (), None)


def test_languages_have_names() -> None:
    assert [language_name(tag) for tag in ("de", "zh-Hant", "pt-PT", "de-BE", "qaa")] == [
        "German", "Traditional Chinese", "European Portuguese", "German", "qaa",
    ]  # fmt: skip
