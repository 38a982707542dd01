"""Settings that check themselves."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from diagnostics.canary.policy import Policy, Rule

WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: Rule(margin=0.0), "margin: expected a number between the tolerance"),
    (lambda: Rule(margin=0.02, tolerance=0.02), "Nothing could ever be shown to be no worse"),
    (lambda: Rule(margin=1.0), "margin"),
    (lambda: Rule(tolerance=-0.1), "margin: expected"),
    (lambda: Rule(weight=0), "weight: expected a number above 0; got 0"),
    (lambda: Rule(outcomes=()), "outcomes"),
    (lambda: Rule(outcomes=("fail", "fail")), "outcomes"),
    (lambda: Policy(alpha_rollback=0), "alpha_rollback"),
    (lambda: Policy(alpha_promote=1), "alpha_promote"),
    (lambda: Policy(rules={}, others=0), "rules: expected at least one"),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_what_makes_no_sense_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_wrong_setting_in_a_file_is_refused_with_its_path() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"margin: expected .* at `\$.rules\[...\]`"):
        msgspec.convert({"rules": {"language": {"margin": 0.01, "tolerance": 0.02}}}, Policy)
    with pytest.raises(msgspec.ValidationError, match="unknown field `gates`"):
        msgspec.convert({"gates": ["language"]}, Policy)


def test_weights_of_all_that_there_may_be_sum_to_one() -> None:
    policy = Policy()
    listed = sum(policy.weight(check) for check in policy.rules)
    assert listed + policy.others * policy.weight("modifier.html") == pytest.approx(1)
    for rule in (*policy.rules.values(), policy.other):
        assert sum(rule.shares(len(rule.outcomes))) == pytest.approx(1)
    assert Rule().shares(1) == [1.0]
    assert Rule().shares(3) == [0.5, 0.25, 0.25]
