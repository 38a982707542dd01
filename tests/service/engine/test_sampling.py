from __future__ import annotations

from collections import Counter
from random import Random

import pytest
import torch
import transformers

from service.engine.sampling import Sampling, choose

LOGITS = torch.randn(1, 50, generator=torch.Generator().manual_seed(3)) * 3


def draws(rule: Sampling, count: int) -> Counter[int]:
    return Counter(choose(LOGITS.repeat(count, 1), [rule] * count, [Random(seed) for seed in range(count)]))


@pytest.mark.parametrize(
    "rule",
    [
        Sampling(),
        Sampling(temperature=1e-9),
        Sampling(temperature=2, top_k=1),
        Sampling(temperature=2, top_p=1e-6),
        Sampling(top_p=0.5, top_k=7),
    ],
)
def test_these_rules_always_take_the_likeliest(rule: Sampling) -> None:
    assert draws(rule, 200) == {int(LOGITS.argmax()): 200}


@pytest.mark.parametrize(
    "rule",
    [
        Sampling(temperature=1),
        Sampling(temperature=0.5),
        Sampling(temperature=1.5, top_k=5),
        Sampling(temperature=1, top_p=0.8),
        Sampling(temperature=1.3, top_p=0.7, top_k=6),
        Sampling(temperature=1, top_k=500),
    ],
)
def test_the_odds_are_those_of_transformers(rule: Sampling) -> None:
    warpers = transformers.LogitsProcessorList([transformers.TemperatureLogitsWarper(float(rule.temperature))])
    if rule.top_k:
        warpers.append(transformers.TopKLogitsWarper(rule.top_k))
    if rule.top_p < 1:
        warpers.append(transformers.TopPLogitsWarper(rule.top_p))
    odds = warpers(None, LOGITS).softmax(-1)[0]
    count = 20_000
    drawn = draws(rule, count)
    assert all(odds[token] > 0 for token in drawn)
    for token, share in enumerate(odds.tolist()):
        assert drawn[token] / count == pytest.approx(share, abs=4 * (share * (1 - share) / count) ** 0.5 + 1e-4)


def test_each_row_keeps_its_own_rule_and_luck() -> None:
    rules = [Sampling(), Sampling(temperature=1), Sampling(temperature=2, top_k=3), Sampling(temperature=1, top_p=0.9)]
    together = choose(LOGITS.repeat(4, 1), rules, [Random(seed) for seed in range(4)])
    alone = [choose(LOGITS, [rule], [Random(seed)])[0] for seed, rule in enumerate(rules)]
    assert together == alone


def test_a_greedy_row_uses_no_luck() -> None:
    random = Random(1)
    choose(LOGITS, [Sampling()], [random])
    assert random.random() == Random(1).random()
