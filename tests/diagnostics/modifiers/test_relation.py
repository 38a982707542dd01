from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.base import Outcome
from diagnostics.modifiers.relation import Relation, asked, exceeds, holds, judge
from diagnostics.modifiers.reply import Reply

FLOOR = Outcome(Verdict.ABSTAIN, "at least so many")


@pytest.mark.parametrize(
    ("relation", "held", "exceeded"),
    [
        ("at least", (False, True, True), (False, False, False)),
        ("less than", (True, False, False), (False, True, True)),
        ("at most", (True, True, False), (False, False, True)),
        ("exactly", (False, True, False), (False, False, True)),
    ],
)
def test_two_three_and_four_of_three(relation, held, exceeded):
    assert tuple(holds(count, relation, 3) for count in (2, 3, 4)) == held
    assert tuple(exceeds(count, relation, 3) for count in (2, 3, 4)) == exceeded
    assert "3 asked for" in asked(relation, 3)


@given(st.integers(0, 9), st.integers(1, 9), st.sampled_from(get_args(Relation)))
def test_what_exceeds_does_not_hold(count, wanted, relation):
    assert not (holds(count, relation, wanted) and exceeds(count, relation, wanted))


def judged(text, complete, relation, wanted, floor=None):
    reply = Reply(text, complete)
    return judge(reply, lambda view: reply.sum(len, view), relation, wanted, "a/as", floor)


@pytest.mark.parametrize(
    ("text", "relation", "verdict"),
    [
        ("a" * 301, "at most", Verdict.ABSTAIN),  # may lead in
        ("a" * 305, "at most", Verdict.FAIL),
        ("a" * 305, "at least", Verdict.PASS),
        ("Here:\na", "at most", Verdict.ABSTAIN),
        ("Here:\naaaa", "at most", Verdict.FAIL),
        ("a\n" * 3, "exactly", Verdict.FAIL),
        ("```\n" + "a" * 9, "less than", Verdict.FAIL),
        ("**aaa*", "at most", Verdict.ABSTAIN),
    ],
)
def test_a_part_is_judged_as_soon_as_it_can_be(text, relation, verdict):
    assert judged(text, False, relation, 3).verdict is verdict


def test_what_was_peeled_is_named():
    outcome = judged("Here:\naaa", True, "exactly", 3)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "unwrapped")
    assert outcome.explanation == "3 as, 3 asked for (without the line that leads in)"


def test_a_count_that_is_only_the_least():
    assert judged("aaa", True, "exactly", 3, FLOOR) is FLOOR
    assert judged("aaa", True, "at least", 3, FLOOR).verdict is Verdict.PASS
    assert judged("aaaa", True, "exactly", 3, FLOOR).verdict is Verdict.FAIL


def test_score_falls_with_the_distance():
    assert judged("a" * 12, True, "at most", 10).score == 0.8
    assert judged("a" * 11, True, "less than", 11).score == 0.9
    assert judged("a" * 50, True, "exactly", 10).score == 0.0
