"""Words of scripts without blanks: counted by a segmenter where one is given, left open where none is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.core import RequestedModifier, Verdict
from diagnostics.modifiers.compliance import ModifierObserver
from diagnostics.modifiers.reply import Reply
from diagnostics.modifiers.words import Words
from diagnostics.text import SegmentedWords, count_words, installed_segmenter
from diagnostics.text.segmentation import Icu


class Pairs:
    """Takes every two characters of a run for a word."""

    name = "pairs"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pairs)

    def __hash__(self) -> int:
        return 1

    def words(self, text: str) -> list[str]:
        return [run[at : at + 2] for run in text.split() for at in range(0, len(run), 2)]


def judged(segmenter, reply, complete, *arguments):
    observer = ModifierObserver([(RequestedModifier("words"), Words(*arguments))], segmenter)
    early = []
    for char in reply:
        observer.feed(char)
        early = observer.decided
    (finding,) = observer.close(complete=complete)
    return early, finding


def test_words_are_told_apart_and_the_segmenter_is_named():
    _, finding = judged(Pairs(), "お茶は、AI 3.5 です。", True, 5)
    assert (finding.verdict, finding.explanation) == (Verdict.PASS, "5 words, told apart by pairs, 5 asked for")


def test_without_a_segmenter_the_number_is_left_open():
    _, finding = judged(None, "お茶は熱いです。", True, 4)
    assert finding.verdict is Verdict.ABSTAIN
    assert "no segmenter" in finding.explanation


def test_scripts_with_blanks_need_no_segmenter():
    _, finding = judged(Pairs(), "Tea is hot.", True, 3)
    assert finding.explanation == "3 words, 3 asked for"


def test_half_a_word_at_the_end_of_what_has_come_is_not_counted():
    early, finding = judged(Pairs(), "お茶は。\n" * 40 + "お茶は", False, 80, "at most")
    assert early == []
    assert finding.verdict is Verdict.ABSTAIN
    early, finding = judged(Pairs(), "お茶は。\n" * 40 + "お茶は", False, 20, "at most")
    assert [each.verdict for each in early] == [finding.verdict] == [Verdict.FAIL]


MIXED = st.lists(st.sampled_from(["茶", "お茶は。", "ชา", " ", "\n", "a b ", "Here:\n", "```\n"]), max_size=60).map(
    "".join
)


@given(MIXED, MIXED, st.sampled_from(["at least", "at most", "exactly"]), st.integers(1, 12))
@settings(max_examples=500, deadline=None)
def test_what_is_said_early_holds_with_a_segmenter_too(part, rest, relation, wanted):
    demand = Words(wanted, relation)
    early = demand.judge(Reply(part, segmenter=Pairs())).verdict
    if early is not Verdict.ABSTAIN:
        for complete in (True, False):
            assert demand.judge(Reply(part + rest, complete, segmenter=Pairs())).verdict is early


@given(st.lists(st.sampled_from(["茶", "お", "ชา", " ", "\n", "a", "1", "、", "'", "\ud800"])).map("".join))
def test_each_run_is_one_word_or_more(text):
    assert SegmentedWords(Pairs())(text) >= count_words(text.replace("\ud800", " ")) - text.count("'")


def test_icu_is_used_where_it_is_installed():
    assert installed_segmenter() == Icu()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("お茶は熱いです。", 4), ("我喜欢喝茶。", 3), ("ชาร้อน", 2), ("ຂ້ອຍມັກຊາ", 3), ("ខ្ញុំចូលចិត្តតែ", 3),
        ("Tea 茶 and お茶", 4), ("", 0), ("\ud800茶", 1),
    ],
)  # fmt: skip
def test_icu_counts(text, words):
    assert SegmentedWords(Icu())(text) == words


def test_icu_is_linear():
    assert SegmentedWords(Icu())("茶" * 200_000) > 0
