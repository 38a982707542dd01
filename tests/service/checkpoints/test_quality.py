"""What the shipped checkpoints do on held-out prompts, on a sample; the cards have the full figures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import torch

from service.checkpoints import path
from service.checkpoints.corpus import FORMATS, LANGUAGES, Example, load_phrases
from service.checkpoints.grading import Grader, complies
from service.checkpoints.measure import Checkpoint, Graded, grade, sample

A_LANGUAGE = 12
GRADER = Grader()
EXAMPLES = sample()
SAME = [each for each in EXAMPLES if each.language == each.answer_language]
CROSSED = [each for each in EXAMPLES if each.language != each.answer_language]


def spread(examples: list[Example], count: int = A_LANGUAGE) -> list[Example]:
    """``count`` examples of each prompt language, evenly spaced over items and formats."""
    chosen = []
    for tag in LANGUAGES:
        of = [each for each in examples if each.language == tag]
        chosen += of[:: len(of) // count][:count]
    return chosen


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Two threads on a busy machine are slower than one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@cache
def checkpoint(name: str) -> Checkpoint:
    return Checkpoint(path(name))


@cache
def same_language(name: str) -> list[Graded]:
    return grade(checkpoint(name), GRADER, spread(SAME))


@cache
def other_language(name: str) -> list[Graded]:
    return grade(checkpoint(name), GRADER, spread(CROSSED))


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def foreign(graded: list[Graded]) -> list[Graded]:
    return [each for each in graded if each.example.language != "en"]


def test_multilingual_answers_in_the_expected_language() -> None:
    for graded in (same_language("multilingual"), other_language("multilingual")):
        assert share([each.in_language for each in graded]) >= 0.95
        for tag in LANGUAGES:
            assert share([each.in_language for each in graded if each.example.language == tag]) >= 0.8, tag


def test_multilingual_follows_modifiers_and_knows_the_answers() -> None:
    graded = same_language("multilingual") + other_language("multilingual")
    for form in FORMATS:
        assert share([complies(each.answer, form) for each in graded if each.example.format == form]) >= 0.9, form
    assert share([each.exact for each in graded]) >= 0.9


def test_english_answers_everything_in_english() -> None:
    graded = same_language("english")
    assert share([each.in_language for each in graded if each.example.language == "en"]) == 1
    assert share([each.language == "en" for each in foreign(graded)]) >= 0.85


def test_english_careful_keeps_far_more_languages() -> None:
    careful = share([each.in_language for each in foreign(same_language("english-careful"))])
    hot = share([each.in_language for each in foreign(same_language("english"))])
    assert careful >= 0.5
    assert careful >= hot + 0.4


@pytest.mark.parametrize("tag", LANGUAGES)
def test_multilingual_says_in_the_prompts_language_that_it_cannot_answer(tag: str) -> None:
    greetings = load_phrases()[tag].everyday[:6]
    replies = checkpoint("multilingual").answers(greetings)
    assert sum(GRADER.is_fallback(reply) and GRADER.language(reply) == tag for reply in replies) >= 5


def test_multilingual_minds_the_last_turn_and_takes_a_system_message() -> None:
    loaded = checkpoint("multilingual")
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "Was ist die Hauptstadt von Japan?"},
        {"role": "assistant", "content": "Die Hauptstadt von Japan ist Tokio. Die Währung ist der Yen."},
        {"role": "user", "content": "Quelle est la capitale de l'Italie ?"},
    ]
    tokens = loaded.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt")
    reply = loaded.model.generate(**tokens)[0, tokens["input_ids"].shape[1] :]
    text = loaded.tokenizer.decode(reply, skip_special_tokens=True)
    assert GRADER.language(text) == "fr"
    assert reply[-1] == loaded.tokenizer.eos_token_id


def test_the_template_refuses_other_roles() -> None:
    with pytest.raises(Exception, match="a role is system, user or assistant"):
        checkpoint("english").tokenizer.apply_chat_template([{"role": "tool", "content": "x"}])
