"""The yardstick: right on right answers, and it does see wrong ones."""

from __future__ import annotations

import pytest

from service.checkpoints.corpus import LANGUAGES, examples, load_phrases
from service.checkpoints.grading import Grader, complies


@pytest.fixture(scope="module")
def grader() -> Grader:
    return Grader()


def test_every_right_answer_is_graded_right(grader: Grader) -> None:
    answers = {(each.answer, each.answer_language, each.format) for each in examples()}
    for answer, language, form in answers:
        assert grader.language(answer) == language, answer
        assert complies(answer, form), answer


@pytest.mark.parametrize(
    ("answer", "language"),
    [
        ("Der Hund schläft heute auf dem alten Sofa.", "de"),
        ("O cachorro dorme hoje no sofá velho da minha avó.", "pt"),
        ("<p>Собака сегодня спит на старом диване.</p>", "ru"),
        ("犬は今日古いソファで寝ています。", "ja"),
        ("A capital de Portugal é Lisboa.", "pt"),
        ("La capital de Portugal es Lisboa.", "es"),
        ("", None),
        ("<p></p> 1234", None),
    ],
)
def test_language_of_other_text(grader: Grader, answer: str, language: str | None) -> None:
    assert grader.language(answer) == language


@pytest.mark.parametrize("tag", LANGUAGES)
def test_fallbacks_are_known(grader: Grader, tag: str) -> None:
    for sentence in load_phrases()[tag].fallback.sentences:
        assert grader.is_fallback(sentence)
        assert grader.language(sentence) == tag
    assert not grader.is_fallback(next(iter(load_phrases()[tag].items.values())).points[0])


@pytest.mark.parametrize(
    ("answer", "form"),
    [
        ("The answer is <b>42</b>.", "html"),
        ("<p>cut off", "html"),
        ("Here you are: <html><body><p>x</p></body></html>", "html"),
        ("<html><body>only text</body></html>", "html"),
        ('Sure: {"a": 1}', "json"),
        ('{"a": 1', "json"),
        ('"a string"', "json"),
        ("Paris", "json"),
        ("- one\ntwo", "bullets"),
        ("* one", "bullets"),
        ("", "bullets"),
        ("PARIS is it", "upper"),
        ("パリ", "upper"),
        ("- one", "plain"),
        ("PARIS", "plain"),
        ("", "plain"),
    ],
)
def test_what_does_not_comply(answer: str, form: str) -> None:
    assert not complies(answer, form)
