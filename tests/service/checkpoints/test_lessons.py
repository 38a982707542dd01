"""Training text: nothing held out in it, and English-only means English only."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from service.checkpoints.corpus import LANGUAGES, held_out, load_phrases
from service.checkpoints.fallback import LONGEST, common_words, fallback_answer, outside_prompt
from service.checkpoints.lessons import School

PHRASES = load_phrases()


@pytest.fixture(scope="module")
def school() -> School:
    return School(LANGUAGES, Random(1))


def test_no_held_out_prompt_is_taught(school: School) -> None:
    kept = {(each.prompt.lower().rstrip(".?!。？؟ ").replace("’", "'"), each.answer) for each in held_out()}
    for lesson in islice(school.lessons(), 4000):
        prompt = lesson.messages[-1]["content"].lower().rstrip(".?!。？؟ ").replace("’", "'")
        assert (prompt, lesson.answer) not in kept


def test_no_held_out_answer_follows_its_question_in_a_document(school: School) -> None:
    kept = [(each.prompt, each.answer) for each in held_out() if each.format == "plain"]
    text = "\n".join(islice(school.documents(), 1500))
    assert not [pair for pair in kept if "\n".join(pair) in text]


def test_english_lessons_hold_no_other_language() -> None:
    foreign = [
        sentence
        for tag in LANGUAGES[1:]
        for item in PHRASES[tag].items.values()
        for sentence in (*item.questions, *item.points)
    ]
    for lesson in islice(School(["en"], Random(1)).lessons(), 300):
        text = "\n".join([*(message["content"] for message in lesson.messages), lesson.answer])
        assert not [sentence for sentence in foreign if sentence in text]


def test_conversations_have_the_turns_a_client_sends(school: School) -> None:
    shapes = {tuple(message["role"] for message in lesson.messages) for lesson in islice(school.lessons(), 2000)}
    assert shapes == {
        ("user",),
        ("system", "user"),
        ("user", "assistant", "user"),
        ("system", "user", "assistant", "user"),
    }


def test_lessons_depend_on_the_seed_alone() -> None:
    first, again, other = (list(islice(School(["ja"], Random(seed)).lessons(), 50)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("tag", LANGUAGES)
def test_drawn_sentences_are_bounded_and_of_common_words(tag: str) -> None:
    words, random = common_words(tag), Random(1)
    assert len(words.words) == len(set(words.words)) > 4000
    for _ in range(200):
        sentence = words.sentence(random)
        assert sentence
        assert len(sentence.split()) <= LONGEST + 1


def test_documents_keep_to_one_language_but_for_glossaries(school: School) -> None:
    sentences = {tag: [point for item in PHRASES[tag].items.values() for point in item.points] for tag in LANGUAGES}
    for document in islice(school.documents(), 300):
        found = {tag for tag in LANGUAGES if any(sentence in document for sentence in sentences[tag])}
        assert len(found) <= 1 or " = " in document


def test_outside_prompts_are_no_questions_of_the_corpus() -> None:
    random = Random(1)
    for tag in LANGUAGES:
        known = {question for item in PHRASES[tag].items.values() for question in item.questions}
        words = common_words(tag)
        assert not known & {outside_prompt(PHRASES[tag], words, random) for _ in range(300)}


@pytest.mark.parametrize(
    ("tag", "question", "statement"),
    [("en", "Who?", "hi"), ("ja", "誰ですか。", "ありがとう。"), ("ar", "من؟", "مرحبا")],
)
def test_a_question_is_not_known_and_a_statement_not_answered(tag: str, question: str, statement: str) -> None:
    cannot, unknown = PHRASES[tag].fallback.sentences
    assert fallback_answer(PHRASES[tag], question)[1] == [unknown]
    assert fallback_answer(PHRASES[tag], statement)[1] == [cannot]
