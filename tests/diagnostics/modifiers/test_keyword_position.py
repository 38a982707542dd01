import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.keyword_position import KeywordPosition


@pytest.mark.parametrize(
    ("keyword", "sentence", "word", "reply"),
    [
        ("tea", 1, None, "Hot tea."),
        ("tea", 2, 3, "Yes. A hot TEA is good."),
        ("hot tea", 1, 2, "A hot tea."),
        ("tea", 1, 4, "Tea is hot tea."),
        ("чай", 1, 1, "Чай."),
        ("お茶", 2, None, "はい。お茶です。"),
    ],
)
def test_there(keyword, sentence, word, reply):
    assert KeywordPosition(keyword, sentence, word).check(reply, True).form == "bare"
    assert KeywordPosition(keyword, sentence, word).check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("sentence", "word", "reply", "said", "score"),
    [
        (2, None, "Tea.", "1 sentences, sentence 2 asked for", 0),
        (1, None, "Hot. Tea.", "the keyword is not in sentence 1", 0),
        (1, 1, "Hot tea.", "the keyword is in sentence 1, as word 2 and not 1", 0.5),
        (1, None, "Teapots.", "the keyword is not in sentence 1", 0),
    ],
)
def test_elsewhere(sentence, word, reply, said, score):
    outcome = KeywordPosition("tea", sentence, word).check(reply, True)
    assert (outcome.verdict, outcome.explanation, outcome.score) == (Verdict.FAIL, said, score)


def test_scripts_without_blanks_are_left_open():
    assert KeywordPosition("お茶", 1, 2).check("熱いお茶。", True).verdict is Verdict.ABSTAIN


def test_a_lead_in_is_peeled_off():
    assert KeywordPosition("tea", 1, 1).check("So. Here it is:\nTea is hot.", True).form == "unwrapped"


@pytest.mark.parametrize(
    "arguments", [{}, {"keyword": "tea"}, {"keyword": "", "sentence": 1}, {"keyword": "tea", "sentence": 0}]
)
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, KeywordPosition)


@pytest.mark.parametrize("reply", ["tea " * 50_000, "tea. " * 40_000, "." * 200_000])
def test_hostile_replies_end(reply):
    assert KeywordPosition("tea", 1, 9999).check(reply, True).verdict is Verdict.FAIL
