"""What is wanted: declared, else requested, else the language in which the user speaks."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from diagnostics.core import ExpectedLanguage, Message, Origin
from diagnostics.language.expected import TURNS, Identify, expected_language, instruction_language
from diagnostics.language.identify import Identifier
from diagnostics.language.tags import SEVERAL, UNDETERMINED

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
        (f"{FR * 20}\n\n{DE * 5}", "de"),
        (f"{DE * 5}\n\n{FR * 20}", "de"),
        (f"{DE}:\r\n\r\n{FR}", "de"),
        (f"{RU * 20} {DE}", "de"),
        (f"Bitte lies das genau durch.\n\n{FR * 20}\n\nWorum geht es darin eigentlich?", "de"),
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


@pytest.mark.parametrize("tag", ["German", "Deutsch", "", "x", "de--AT", "d3", "de" * 50_000])
def test_what_is_declared_wrongly_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="is no language tag"):
        expected_language(tag, REQUESTED, MESSAGES, "de")


@pytest.mark.parametrize("identify", [None, lambda text: None])
def test_a_request_that_cannot_be_settled_expects_nothing(identify: Identify | None) -> None:
    for tag in (SEVERAL, UNDETERMINED):
        requested = ExpectedLanguage(tag, Origin.REQUESTED, (0, 5), 3)
        assert expected_language(None, requested, MESSAGES, "de", identify) is None


@pytest.mark.parametrize(
    ("content", "asked", "passage"),
    [
        ("Sum up in its language: {}", "in its language", DE),
        ("Sum up in its language.\n\n{}\n\nThanks!", "in its language", DE),
        ("{}\n\nSum up in its language.", "in its language", DE),
        ("{}\r\n\r\nSum up in its language 🙂", "in its language", DE),
        ("Go on in its language: «{}» Thank you very much indeed.", "in its language", DE),
    ],
)
def test_a_request_points_to_a_passage(identifier: Identifier, content: str, asked: str, passage: str) -> None:
    content = content.format(passage)
    start = content.index(asked)
    requested = ExpectedLanguage(UNDETERMINED, Origin.REQUESTED, (start, start + len(asked)), 0)
    found = expected_language(None, requested, (Message("user", content),), "en", identifier.identify)
    assert found == ExpectedLanguage("de", Origin.REQUESTED, (start, start + len(asked)), 0)


def test_a_system_prompt_points_to_what_the_user_sends(identifier: Identifier) -> None:
    requested = ExpectedLanguage(UNDETERMINED, Origin.REQUESTED, (0, 5), 0)
    found = expected_language(None, requested, MESSAGES, "de", identifier.identify)
    assert found == ExpectedLanguage("de", Origin.REQUESTED, (0, 5), 0)


def test_a_head_too_short_to_be_told_is_asked_for_its_words(identifier: Identifier) -> None:
    messages = (Message("user", f"Weiter: {EN * 8}"),)
    told = {("de",): "de", ("de", "nl"): None, (): "en"}
    for tags, tag in told.items():
        assert instruction_language(messages, identifier.identify, lambda _, tags=tags: tags) == tag
    assert instruction_language(messages, identifier.identify) == "en"


def test_traditional_chinese_is_told_from_plain(identifier: Identifier) -> None:
    assert spoken(identifier, "請解釋一下潮汐的成因，並說明為什麼一天有兩次。") == "zh-Hant"
    assert spoken(identifier, "请解释一下潮汐的成因，并说明为什么一天有两次。") == "zh"
