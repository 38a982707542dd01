"""The corpus: balanced, always the same, right in form, and split without a leak."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from selectolax.lexbor import LexborHTMLParser

from service.checkpoints.corpus import (
    FORMATS,
    LANGUAGES,
    UNICASE,
    VARIANTS,
    Example,
    compose,
    examples,
    held_out,
    load_phrases,
    training,
)

ALL = list(examples())
PHRASES = load_phrases()


def combination(example: Example) -> tuple[str, str, str, str]:
    return example.item, example.language, example.answer_language, example.format


def of_format(form: str) -> list[Example]:
    return [example for example in ALL if example.format == form]


def test_the_same_every_time() -> None:
    assert list(examples()) == ALL


def test_ids_are_unique() -> None:
    assert len({example.id for example in ALL}) == len(ALL)


def test_every_language_is_asked_in_equally_often() -> None:
    assert len(set(Counter(example.language for example in ALL).values())) == 1
    assert {example.language for example in ALL} == set(LANGUAGES)


def test_every_item_is_there_in_every_language() -> None:
    names = {tag: list(phrases.items) for tag, phrases in PHRASES.items()}
    assert all(names[tag] == names["en"] for tag in LANGUAGES)
    assert len(names["en"]) == 30


def test_every_combination_has_all_its_wordings() -> None:
    counts = Counter(map(combination, ALL))
    assert set(counts.values()) == {VARIANTS}
    forms = {tag: len(FORMATS) - (tag in UNICASE) for tag in LANGUAGES}
    assert len(counts) == 30 * len(LANGUAGES) * sum(forms.values())


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_same_shape_in_every_language(tag: str) -> None:
    english, phrases = PHRASES["en"], PHRASES[tag]
    assert phrases.language == tag
    assert set(phrases.names) == set(LANGUAGES)
    assert set(phrases.modifiers) == {"language", *FORMATS[1:]}
    assert all(len(set(wordings)) >= 3 for wordings in phrases.modifiers.values())
    assert len(set(phrases.everyday)) >= 24
    assert len(set(phrases.fallback.sentences)) == 2
    for name, item in phrases.items.items():
        assert len(set(item.questions)) == VARIANTS, name
        assert len(item.points) == len(english.items[name].points), name


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_template_is_left_unfilled(tag: str) -> None:
    texts = [each.prompt for each in ALL if each.language == tag]
    assert not [text for text in texts if "{" in text or "}" in text or "  " in text]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_wording_of_every_modifier_occurs(tag: str) -> None:
    prompts = [each.prompt for each in ALL if each.language == tag]
    for kind, wordings in PHRASES[tag].modifiers.items():
        asked = set(LANGUAGES) - {tag} if kind == "language" else {tag}
        for number in range(len(wordings)):
            for answer_language in asked:
                wording = PHRASES[tag].modifier(kind, number, answer_language)
                assert any(wording in prompt for prompt in prompts), wording


def test_modifiers_stand_before_and_after_the_question() -> None:
    modified = [each for each in ALL if each.format != "plain" or each.language != each.answer_language]
    questions = {tag: {q for item in PHRASES[tag].items.values() for q in item.questions} for tag in LANGUAGES}
    before = sum(any(each.prompt.endswith(q) for q in questions[each.language]) for each in modified)
    after = sum(any(each.prompt.startswith(q) for q in questions[each.language]) for each in modified)
    assert before > len(modified) / 5
    assert after > len(modified) / 5


@pytest.mark.parametrize(
    ("order", "expected"), [(0, "Q. A. B."), (1, "A. B. Q."), (3, "A. Q. B."), (4, "Q. B. A."), (5, "B. A. Q.")]
)
def test_compose(order: int, expected: str) -> None:
    assert compose(PHRASES["en"], "Q.", ["A.", "B."], order) == expected


def test_compose_without_modifiers_is_the_question() -> None:
    assert {compose(PHRASES["ja"], "Q。", [], order) for order in range(8)} == {"Q。"}


def test_plain_same_language_prompts_carry_no_modifier() -> None:
    for each in ALL:
        if each.format == "plain" and each.language == each.answer_language:
            assert each.prompt in PHRASES[each.language].items[each.item].questions


def test_json_answers_are_objects() -> None:
    for example in of_format("json"):
        value = json.loads(example.answer)
        assert list(value) == list(PHRASES[example.answer_language].keys)


def test_html_answers_are_pages_in_the_answers_language() -> None:
    for example in of_format("html"):
        tree = LexborHTMLParser(example.answer)
        root, heading = tree.css_first("html"), tree.css_first("h1")
        assert root is not None
        assert root.attributes["lang"] == example.answer_language
        assert heading is not None
        assert heading.text() == PHRASES[example.answer_language].items[example.item].title
        assert len(tree.css("p")) >= 2
        assert example.answer.endswith("</html>")


def test_bullets_start_every_line() -> None:
    for example in of_format("bullets"):
        assert all(line.startswith("- ") for line in example.answer.splitlines())


def test_upper_answers_are_upper_and_only_where_there_are_capitals() -> None:
    assert all(example.answer.isupper() for example in of_format("upper"))
    assert not UNICASE & {example.answer_language for example in of_format("upper")}
    assert {example.language for example in of_format("upper")} >= UNICASE


def test_plain_answers_have_no_format() -> None:
    for example in of_format("plain"):
        assert not example.answer.startswith(("<", "{", "[", "-"))
        assert not example.answer.isupper()


def test_no_held_out_combination_is_trained_on() -> None:
    kept, trained = list(held_out()), list(training())
    assert not {combination(each) for each in kept} & {combination(each) for each in trained}
    assert len(kept) + len(trained) == len(ALL)
    assert all(each.held_out for each in kept)
    assert not any(each.held_out for each in trained)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_held_out_share_of_each_language_and_format(tag: str) -> None:
    of = [each for each in ALL if each.language == tag]
    assert 0.12 < sum(each.held_out for each in of) / len(of) < 0.18
    assert {each.format for each in of if each.held_out} == set(FORMATS)
    assert {each.answer_language for each in of if each.held_out} == set(LANGUAGES)


def test_every_answer_is_seen_in_training_in_some_way() -> None:
    """What is held out is the combination: the facts must be learnable."""
    seen = {(each.item, each.answer_language) for each in training()}
    assert seen == {(each.item, each.answer_language) for each in ALL}
