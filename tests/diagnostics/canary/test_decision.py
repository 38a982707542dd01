"""The decision, and each way in which counters could make it a wrong one."""

from __future__ import annotations

import random
from math import log

import msgspec
import pytest

from diagnostics.canary.decision import Action, Decision, decide
from diagnostics.canary.evidence import PASS, Arm, Count, Evidence, PairCount, Past, Phase, Times
from diagnostics.canary.policy import Policy, Rule

from .rows import ONE, counts, evidence, replies


def test_rolls_back_a_canary_that_is_worse_and_names_where() -> None:
    found = decide(ONE, evidence(counts(replies(42, 200), replies(80, 200))))
    assert found.action is Action.ROLLBACK
    assert found.reason == "worse: language fail in ar"
    (only,) = found.slices
    assert (only.requests, only.having) == ((200, 200), (42, 80))
    assert only.rates == (0.21, 0.4)
    assert only.difference == pytest.approx(0.19)
    assert only.worse
    assert only.log_e_worse == pytest.approx(found.log_e_rollback)
    assert found.log_e_rollback > log(20)


def test_promotes_where_all_gates_are_shown_to_be_no_worse() -> None:
    found = decide(ONE, evidence(counts(replies(630, 3000), replies(630, 3000))))
    assert (found.action, found.not_evidenced) == (Action.PROMOTE, ())


def test_continues_until_then_and_says_how_long_that_may_take() -> None:
    found = decide(ONE, evidence(counts(replies(42, 200), replies(42, 200))))
    assert found.action is Action.CONTINUE
    assert found.not_evidenced == (("ar", "language"),)
    (only,) = found.slices
    assert only.left_to_rollback is None
    assert only.left_to_promote is not None
    assert 1000 < only.left_to_promote < 2000  # the limit is 1,593, and looking has its price


def test_what_is_left_to_roll_back_shrinks_as_it_should() -> None:
    early = decide(ONE, evidence(counts(replies(21, 100), replies(30, 100)))).slices[0]
    assert early.left_to_promote is None
    assert early.left_to_rollback is not None
    late = decide(ONE, evidence(counts(replies(63, 300), replies(95, 300)))).slices[0]
    assert late.left_to_rollback == 0 or (late.left_to_rollback or 0) < early.left_to_rollback


def test_a_run_that_is_over_is_inconclusive_and_never_promoted() -> None:
    rows = counts(replies(42, 200), replies(42, 200))
    assert decide(ONE, evidence(rows, expired=True)).action is Action.INCONCLUSIVE
    limited = msgspec.structs.replace(ONE, max_requests=400)
    assert decide(limited, evidence(rows)).action is Action.INCONCLUSIVE
    assert decide(msgspec.structs.replace(ONE, max_requests=401), evidence(rows)).action is Action.CONTINUE


def test_nothing_counted_yet() -> None:
    found = decide(Policy(), Evidence(phases=(Phase(0.1),)), intervals=True)
    assert (found.action, found.log_e_rollback, found.slices) == (Action.CONTINUE, 0.0, ())


def test_a_phase_without_a_canary_says_nothing() -> None:
    rows = counts(replies(42, 200), {})
    found = decide(ONE, evidence(rows, weight=0.0))
    assert (found.action, found.log_e_rollback) == (Action.CONTINUE, pytest.approx(0))
    assert found.slices[0].requests == (200, 0)


def test_intervals_are_there_when_they_are_asked_for() -> None:
    rows = evidence(counts(replies(42, 200), replies(70, 200)))
    assert decide(ONE, rows).slices[0].interval is None
    interval = decide(ONE, rows, intervals=True).slices[0].interval
    assert interval is not None
    assert interval[0] < 0.14 < interval[1]


def test_the_order_of_rows_and_how_they_are_split_is_nothing() -> None:
    """Rows of replicas are added up."""
    whole = counts(replies(42, 200), replies(60, 200))
    halves = [msgspec.structs.replace(row, requests=row.requests // 2) for row in whole] * 2
    random.Random(1).shuffle(halves)
    one, other = decide(ONE, evidence(whole)), decide(ONE, evidence(tuple(halves)))
    assert other.log_e_rollback == pytest.approx(one.log_e_rollback)


def test_it_is_json_and_back() -> None:
    found = decide(ONE, evidence(counts(replies(42, 200), replies(60, 200))), intervals=True)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Decision) == found


def test_the_past_of_stable_makes_it_sooner() -> None:
    rows = evidence(counts(replies(42, 200), replies(64, 200)))
    known = msgspec.structs.replace(rows, past=(Past("ar", "language", "fail", 1000, 210),))
    assert decide(ONE, known).log_e_rollback > decide(ONE, rows).log_e_rollback + 0.3


# Gates and slices that are watched.

GATED = Policy(
    rules={"language": Rule(outcomes=("fail",), gate=True), "html": Rule(outcomes=("fail",))}, others=0, languages=4
)
ALIKE = replies(300, 3000)


def test_what_is_watched_holds_up_no_promotion_but_rolls_back() -> None:
    good = counts(ALIKE, ALIKE)
    few = counts(replies(1, 10), replies(1, 10), check="html")
    found = decide(GATED, evidence(good, few))
    assert found.action is Action.PROMOTE
    assert found.not_evidenced == (("ar", "html"),)
    broken = counts(replies(10, 100), replies(70, 100), check="html")
    assert decide(GATED, evidence(good, broken)).reason == "worse: html fail in ar"


def test_a_rare_language_is_watched_and_one_that_is_not_is_a_gate() -> None:
    rare = counts(replies(2, 20), replies(2, 20), language="sw")
    found = decide(GATED, evidence(counts(ALIKE, ALIKE), rare))
    assert (found.action, found.not_evidenced) == (Action.PROMOTE, (("sw", "language"),))
    frequent = counts(replies(40, 400), replies(40, 400), language="sw")
    found = decide(GATED, evidence(counts(ALIKE, ALIKE), frequent))
    assert (found.action, found.reason) == (Action.CONTINUE, "1 of 2 gates are open")
    assert found.requests == 6800
    even = [counts(ALIKE, ALIKE, language=f"l{at}") for at in range(30)]
    found = decide(msgspec.structs.replace(GATED, languages=30), evidence(*even))
    assert (found.action, found.requests) == (Action.CONTINUE, 180_000)
    assert found.reason == "no slice is large enough to be a gate"


def test_a_harm_in_one_of_many_languages_is_found_and_so_is_a_little_in_all() -> None:
    policy = Policy(rules={"language": Rule(outcomes=("fail",))}, others=0, languages=20)
    fine = [counts(replies(20, 100), replies(20, 100), language=f"l{at}") for at in range(19)]
    broken = counts(replies(20, 100), replies(60, 100), language="l19")
    assert decide(policy, evidence(*fine, broken)).reason == "worse: language fail in l19"
    little = [counts(replies(40, 200), replies(52, 200), language=f"l{at}") for at in range(20)]
    found = decide(policy, evidence(*little))
    assert found.action is Action.ROLLBACK
    assert found.reason == "worse: a little in many languages, in none of them for sure"


def test_more_than_the_policy_provides_for_is_an_error_and_not_a_wrong_number() -> None:
    rows = [counts(ALIKE, ALIKE, language=f"l{at}") for at in range(5)]
    with pytest.raises(ValueError, match="counted in 5 languages; the policy provides for 4"):
        decide(GATED, evidence(*rows))
    with pytest.raises(ValueError, match="1 checks have no rule; the policy provides for 0"):
        decide(GATED, evidence(counts(ALIKE, ALIKE, check="xml")))


def test_a_tolerance_lets_small_harm_pass() -> None:
    tolerant = Policy(
        rules={"language": Rule(outcomes=("fail",), gate=True, tolerance=0.02, margin=0.05)}, others=0, languages=1
    )
    rows = evidence(counts(replies(1500, 10_000), replies(1700, 10_000)))
    assert decide(ONE, rows).action is Action.ROLLBACK
    assert decide(tolerant, rows).action is Action.PROMOTE


# What silently breaks a comparison.


def test_pooling_over_languages_while_weight_and_mix_change() -> None:
    """Equal rates of 3 and 30 % in two languages; the harder one comes when the canary gets more. Together it looks as
    if the canary were three times as often wrong; language by language and phase by phase nothing is worse."""
    early, late = Phase(0.05, 9500, 500), Phase(0.5, 5000, 5000)
    rows = (
        *counts(replies(257, 8550), replies(14, 450), language="en"),
        *counts(replies(285, 950), replies(15, 50), language="hi"),
        *counts(replies(30, 1000), replies(30, 1000), language="en", phase=1),
        *counts(replies(1200, 4000), replies(1200, 4000), language="hi", phase=1),
    )
    policy = msgspec.structs.replace(ONE, languages=2)
    assert decide(policy, Evidence(phases=(early, late), counts=rows)).action is not Action.ROLLBACK
    pooled = counts(replies(1772, 14_500), replies(1259, 5500))
    wrong = Evidence(phases=(Phase(5500 / 20_000, 14_500, 5500),), counts=pooled)
    assert decide(ONE, wrong).action is Action.ROLLBACK


def test_abstentions_are_an_outcome_of_their_own() -> None:
    """A canary that mumbles: what it says clearly is right. Leaving doubt out would make it the better one."""
    policy = Policy(rules={"language": Rule(outcomes=("fail", "abstain"), gate=True)}, others=0, languages=1)
    stable, canary = {"fail": 60, "abstain": 20, PASS: 920}, {"fail": 20, "abstain": 300, PASS: 680}
    found = decide(policy, evidence(counts(stable, canary)))
    assert found.reason == "worse: language abstain in ar"
    fails = next(each for each in found.slices if each.outcome == "fail")
    assert fails.requests == (1000, 1000)
    assert fails.difference < 0


def test_errors_are_an_outcome_of_their_own_and_count_for_the_arm_that_was_assigned() -> None:
    """The canary is down for a third of its requests, and stable answers in its place. By who answered, nothing is
    wrong; by the assignment it is."""
    policy = Policy(rules={"reply": Rule(outcomes=("error", "empty"), gate=True)}, others=0, languages=1)
    assigned = counts({PASS: 900}, {PASS: 67, "error": 33}, check="reply")
    assert decide(policy, evidence(assigned, weight=0.1)).reason == "worse: reply error in ar"
    answered = counts({PASS: 933}, {PASS: 67}, check="reply")
    assert decide(policy, evidence(answered, weight=0.1)).action is not Action.ROLLBACK


def test_a_sample_ratio_mismatch_voids_whatever_else_there_is() -> None:
    rows = counts(replies(100, 1000), replies(500, 1000))
    assert decide(ONE, evidence(rows, weight=0.5)).action is Action.ROLLBACK
    assert decide(ONE, evidence(rows, weight=0.1)).action is Action.VOID


def test_replies_that_are_left_out_in_one_arm_void_it() -> None:
    """Assigned as was said, but a fifth of the canary's replies in one language, the doubtful ones, are not counted."""
    policy = msgspec.structs.replace(ONE, languages=2)
    lost = counts(replies(200, 2000), replies(100, 1600), language="ar")
    rest = counts(replies(200, 2000), replies(200, 2000), language="en")
    dropped = Evidence(phases=(Phase(0.5, 4000, 4000),), counts=(*lost, *rest))
    assert decide(policy, dropped).action is Action.VOID


def test_a_canary_that_gets_less_than_its_share_and_fails_nowhere_is_not_worse() -> None:
    """Too few to be chance, too many to void it. That good replies are missing is no harm that anybody has seen."""
    for got in (67, 133):
        rows = evidence(counts(replies(0, 1000 - got), replies(0, got)), weight=0.1)
        found = decide(ONE, rows)
        assert found.log_e_mismatch > log(5)
        assert found.action is Action.CONTINUE
        assert found.log_e_rollback < log(5)


def test_clients_that_choose_their_arm_void_it() -> None:
    """Ids that clients choose, hashed: whoever tries until the answer comes from stable shifts the shares."""
    draw = random.Random(1)
    arms = [draw.random() < 0.1 for _ in range(20_000)]
    arms = [draw.random() < 0.1 if canary and draw.random() < 0.3 else canary for canary in arms]
    rows = counts(replies(0, arms.count(False)), replies(0, arms.count(True)))
    assert decide(ONE, evidence(rows, weight=0.1)).action is Action.VOID
    drawn = [draw.random() < 0.1 for _ in range(20_000)]
    rows = counts(replies(0, drawn.count(False)), replies(0, drawn.count(True)))
    assert decide(ONE, evidence(rows, weight=0.1)).action is not Action.VOID


# Times.

BOUNDS = (0.1, 0.2, 0.5, 1.0, 2.0)
TIMED = Policy(rules={"first_token": Rule(margin=0.05, tolerance=0.02)}, others=0, languages=1)


def times(stable: tuple[int, ...], canary: tuple[int, ...], bounds: tuple[float, ...] = BOUNDS) -> Evidence:
    by_arm = ((Arm.STABLE, stable), (Arm.CANARY, canary))
    rows = tuple(Times(0, arm, "ar", "first_token", bounds, requests) for arm, requests in by_arm)
    return Evidence(phases=(Phase(0.5, sum(stable), sum(canary)),), times=rows)


def test_a_slower_canary_is_rolled_back_with_the_bound_that_it_breaks() -> None:
    found = decide(TIMED, times((100, 500, 300, 80, 15, 5), (80, 400, 250, 90, 150, 30)))
    assert found.action is Action.ROLLBACK
    assert "first_token over_1s in ar" in found.reason
    over = next(each for each in found.slices if each.outcome == "over_1s")
    assert over.having == (20, 180)


def test_a_tail_that_hangs_is_found_though_the_median_is_better() -> None:
    found = decide(TIMED, times((100, 500, 300, 80, 15, 5), (300, 400, 150, 30, 10, 110)))
    assert found.action is Action.ROLLBACK
    assert "over_2s" in found.reason
    assert "over_0.1s" not in found.reason


def test_a_canary_that_is_slower_by_less_than_the_tolerance_is_not() -> None:
    found = decide(TIMED, times((100, 500, 300, 80, 15, 5), (95, 490, 300, 88, 20, 7)))
    assert found.action is Action.CONTINUE


def test_histograms_must_have_the_same_bounds() -> None:
    other = times((1, 1), (1, 1), (0.5,)).times
    with pytest.raises(ValueError, match="first_token has histograms with different bounds"):
        decide(TIMED, Evidence(phases=(Phase(0.5),), times=(*times((1,) * 6, (1,) * 6).times, *other)))


# Pairs.


def test_pairs_are_compared_prompt_by_prompt() -> None:
    """The same rates with and without pairs: of pairs that mostly agree far fewer are needed."""
    both = PairCount("ar", "language", "fail", "fail", 20)
    rows = (
        both,
        PairCount("ar", "language", PASS, PASS, 66),
        PairCount("ar", "language", PASS, "fail", 13),
        PairCount("ar", "language", "fail", PASS, 1),
    )
    found = decide(ONE, Evidence(pairs=rows), intervals=True)
    assert found.action is Action.ROLLBACK
    (only,) = found.slices
    assert (only.requests, only.having) == ((100, 100), (21, 33))
    assert only.interval is not None
    assert only.interval[0] < only.difference < only.interval[1]
    assert decide(ONE, evidence(counts(replies(21, 100), replies(33, 100)))).action is Action.CONTINUE


def test_pairs_can_show_that_it_is_no_worse() -> None:
    rows = (
        PairCount("ar", "language", PASS, PASS, 800),
        PairCount("ar", "language", "fail", "fail", 180),
        PairCount("ar", "language", PASS, "fail", 10),
        PairCount("ar", "language", "fail", PASS, 10),
    )
    assert decide(ONE, Evidence(pairs=rows)).action is Action.PROMOTE


def test_counts_of_two_kinds_are_of_two_runs() -> None:
    pairs = (PairCount("ar", "language", PASS, PASS, 1),)
    with pytest.raises(ValueError, match="by request or by pair"):
        Evidence(phases=(Phase(0.5),), counts=counts(ALIKE, ALIKE), pairs=pairs)


def test_counts_of_a_phase_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="there is no phase 1"):
        Evidence(phases=(Phase(0.5),), counts=(Count(1, Arm.STABLE, "ar", "language", PASS, 1),))
