"""Chooses the next token of every row of a batch at once, each row by its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec
import torch

# Below this a temperature is greedy: the scores would overflow (vLLM draws the same line).
_SMALLEST_TEMPERATURE = 1e-5


class Sampling(msgspec.Struct, frozen=True):
    """How a row is sampled. ``temperature`` 0 takes the likeliest token; ``top_k`` 0 keeps all."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0

    @property
    def greedy(self) -> bool:
        """Whether nothing is drawn."""
        return self.temperature < _SMALLEST_TEMPERATURE

    @property
    def filtered(self) -> bool:
        """Whether unlikely tokens are left out."""
        return self.top_k > 0 or self.top_p < 1


def choose(logits: torch.Tensor, rules: Sequence[Sampling], randoms: Sequence[Random]) -> list[int]:
    """The next token of each row.

    Args:
        logits: ``[rows, vocabulary]``.
        rules: one a row.
        randoms: one a row; a row that is not greedy takes one number from its own, so that a seed gives the same reply
            whoever else is in the batch.
    """
    tokens = logits.argmax(-1)
    drawn = [row for row, rule in enumerate(rules) if not rule.greedy]
    # Apart, because only filters need the odds in order, and sorting them costs as much as running a small model.
    for filtered in (False, True):
        rows = [row for row in drawn if rules[row].filtered is filtered]
        if rows:
            scores = logits[rows].float() / _column(logits, [rules[row].temperature for row in rows])
            luck = _column(logits, [1.0 - randoms[row].random() for row in rows])
            tokens[rows] = (
                _draw_filtered(scores, [rules[row] for row in rows], luck) if filtered else _draw(scores, luck)
            )
    return [int(token) for token in tokens.tolist()]


def _draw(scores: torch.Tensor, luck: torch.Tensor) -> torch.Tensor:
    """The first index at which the running sum of the odds reaches its share ``luck``, in (0, 1]."""
    return _reach(scores.softmax(-1), luck).squeeze(-1)


def _draw_filtered(scores: torch.Tensor, rules: Sequence[Sampling], luck: torch.Tensor) -> torch.Tensor:
    """First top-k, then top-p of what it left, as transformers orders them."""
    vocabulary = scores.shape[-1]
    kept = [min(rule.top_k or vocabulary, vocabulary) for rule in rules]
    scores, order = scores.topk(max(kept))
    ranks = torch.arange(scores.shape[-1], device=scores.device)
    odds = scores.masked_fill(ranks >= _column(scores, kept), -torch.inf).softmax(-1)
    # A token stays while those above it have not filled top_p; the first always stays.
    inside = odds.cumsum(-1) - odds < _column(scores, [rule.top_p for rule in rules])
    return order.gather(-1, _reach(odds.where(inside | (ranks == 0), 0), luck)).squeeze(-1)


def _reach(odds: torch.Tensor, luck: torch.Tensor) -> torch.Tensor:
    sums = odds.cumsum(-1)
    return (sums < luck * sums[:, -1:]).sum(-1, keepdim=True)


def _column(like: torch.Tensor, values: Sequence[float]) -> torch.Tensor:
    return torch.tensor(values, device=like.device, dtype=torch.float32).unsqueeze(-1)
