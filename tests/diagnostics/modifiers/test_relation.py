from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.base import Outcome
from diagnostics.modifiers.relation import Relation, asked, exceeds, holds, judge, may_be_led_in, unwrapped

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


def test_wrappings_are_peeled_by_name():
    assert unwrapped("a\nb", True) == ["a\nb"]
    assert unwrapped("Here:\na", True) == ["Here:\na", "a"]
    assert unwrapped("Here:\n```\na\n```", True)[1] == "a"
    assert unwrapped("a\n```\nb\n```", True) == ["a\n```\nb\n```"]
    assert unwrapped("Here:\n", True) == ["Here:"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("", True),
        ("Here", True),
        ("a" * 301, True),
        ("a" * 302, False),
        ("a\nb", False),
        ("Here:\na", False),
        ("```py", True),
        ("```\n", True),
        ("```\n``", True),
        ("Here:\n``", True),
        ("```\na", False),
    ],
)
def test_what_may_yet_be_led_in(reply, expected):
    assert may_be_led_in(reply) is expected


def test_a_count_that_is_only_the_least():
    assert judge("aaa", True, len, "exactly", 3, "a/as", FLOOR) is FLOOR
    assert judge("aaa", True, len, "at least", 3, "a/as", FLOOR).verdict is Verdict.PASS
    assert judge("aaaa", True, len, "exactly", 3, "a/as", FLOOR).verdict is Verdict.FAIL


def test_score_falls_with_the_distance():
    assert judge("a" * 12, True, len, "at most", 10, "a/as").score == 0.8
    assert judge("a" * 11, True, len, "less than", 11, "a/as").score == 0.9
    assert judge("a" * 50, True, len, "exactly", 10, "a/as").score == 0.0
