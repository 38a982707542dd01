"""The step loop of one checkpoint: replies join and leave the batch at every step.

Why not transformers' ContinuousBatchingManager (5.23): sampling or greedy is one choice for the whole manager, its
only seed is the process's, and a temperature of a request's own exists only if the checkpoint's is not 1; each
streamed token copies the whole reply so far; an error in one request's step ends the manager; and every
manager is a thread of its own, where several checkpoints here take turns in one. What is left, running the model over
a cache of rows, is transformers' still.
"""

from __future__ import annotations

from collections import deque
from random import Random
from typing import Literal

import msgspec
import torch
from torch.nn.functional import pad
from transformers.cache_utils import DynamicCache, DynamicLayer

from .checkpoint import Checkpoint
from .protocol import Generate, Piece
from .sampling import Sampling, choose
from .text import Detokenizer, StopStrings

# Prompts are read one by one between two steps until this many tokens are read: a burst of long prompts does not hold
# up the replies that are under way for longer than one of them.
_PROMPT_TOKENS_A_STEP = 512


class Row:
    """One reply: its prompt, its rules, and its text so far."""

    def __init__(self, request: Generate, prompt: list[int], checkpoint: Checkpoint) -> None:
        self.id = request.id
        self.prompt = prompt
        self.cached = 0
        self.token = 0
        self.sampling = _sampling(request, checkpoint.sampling)
        self.random = Random(request.seed)
        self._generated = 0
        self._limit = min(request.max_tokens or checkpoint.context, checkpoint.context - len(prompt))
        self._eos = checkpoint.eos
        self._detokenizer = Detokenizer(checkpoint.tokenizer)
        self._stops = StopStrings(request.stop)
        self._stream = request.stream
        self._text: list[str] = []

    def push(self, token: int) -> Piece:
        """Take the next token; the piece's text is empty where nothing can be shown yet."""
        self.token = token
        self._generated += 1
        stopped = token in self._eos
        ended = stopped or self._generated == self._limit
        text = "" if stopped else self._detokenizer.step(token)
        if ended:
            text += self._detokenizer.flush()
        text, found = self._stops.feed(text)
        if ended and not found:
            text += self._stops.flush()
        self._text.append(text)
        if not (ended or found):
            return Piece(self.id, self._take() if self._stream else "")
        reason: Literal["stop", "length"] = "stop" if stopped or found else "length"
        return Piece(self.id, self._take(), reason, len(self.prompt), self._generated)

    def _take(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        return text


class Batch:
    """The replies of one checkpoint: ``slots`` of them under way, the others in the order they came.

    Rows share one key-value cache, padded on the left to the longest row: ``mask`` says where tokens are.
    """

    def __init__(self, checkpoint: Checkpoint, slots: int) -> None:
        self._checkpoint = checkpoint
        self._slots = slots
        self._waiting: deque[Row] = deque()
        self._rows: list[Row] = []
        self._cache = DynamicCache()
        self._mask = torch.empty(0, 0, dtype=torch.long, device=checkpoint.device)

    @property
    def active(self) -> int:
        """Replies under way."""
        return len(self._rows)

    @property
    def waiting(self) -> int:
        """Replies without a slot."""
        return len(self._waiting)

    def add(self, row: Row) -> None:
        """Queue a reply."""
        self._waiting.append(row)

    def cancel(self, id: int) -> None:
        """Forget a reply, wherever it is; one that is not here has ended."""
        self._waiting = deque(row for row in self._waiting if row.id != id)
        self._keep([row.id != id for row in self._rows])

    @torch.inference_mode()
    def step(self) -> list[Piece]:
        """One more token for every reply under way, then the first of those that can join."""
        pieces = self._decode() if self._rows else []
        read = 0
        while self._waiting and len(self._rows) < self._slots and read < _PROMPT_TOKENS_A_STEP:
            row = self._waiting.popleft()
            pieces.append(self._prefill(row))
            read += len(row.prompt)
        return [piece for piece in pieces if piece.text or piece.finish_reason]

    def _decode(self) -> list[Piece]:
        ids = self._tensor([[row.token] for row in self._rows])
        at = self._tensor([[row.cached] for row in self._rows])
        self._mask = pad(self._mask, (0, 1), value=1)
        logits = self._checkpoint.forward(ids, self._cache, self._mask, at)
        tokens = choose(logits, [row.sampling for row in self._rows], [row.random for row in self._rows])
        for row in self._rows:
            row.cached += 1
        pieces = [row.push(token) for row, token in zip(self._rows, tokens, strict=True)]
        self._keep([piece.finish_reason is None for piece in pieces])
        return pieces

    def _prefill(self, row: Row) -> Piece:
        cache = DynamicCache()
        logits = self._checkpoint.forward(self._tensor([row.prompt]), cache)
        row.cached = len(row.prompt)
        piece = row.push(choose(logits, [row.sampling], [row.random])[0])
        if piece.finish_reason is None:
            self._join(row, cache)
        return piece

    def _join(self, row: Row, cache: DynamicCache) -> None:
        self._rows.append(row)
        mask = torch.ones(1, row.cached, dtype=torch.long, device=self._checkpoint.device)
        if len(self._rows) == 1:
            self._cache, self._mask = cache, mask
            return
        longest = max(self._mask.shape[1], row.cached)
        for (layer, keys, values), (_, new_keys, new_values) in zip(_layers(self._cache), _layers(cache), strict=True):
            layer.keys, layer.values = _stack(keys, new_keys, longest), _stack(values, new_values, longest)
        self._mask = torch.cat([pad(rows, (longest - rows.shape[1], 0)) for rows in (self._mask, mask)])

    def _keep(self, keep: list[bool]) -> None:
        """Drop the other rows, and the padding that only they needed."""
        if all(keep):
            return
        self._rows = [row for row, kept in zip(self._rows, keep, strict=True) if kept]
        if not self._rows:
            self._cache = DynamicCache()
            return
        indices = self._tensor([index for index, kept in enumerate(keep) if kept])
        padding = self._mask.shape[1] - max(row.cached for row in self._rows)
        self._cache.batch_select_indices(indices)
        self._mask = self._mask[indices, padding:]
        for layer, keys, values in _layers(self._cache):
            layer.keys, layer.values = keys[:, :, padding:], values[:, :, padding:]

    def _tensor(self, values: list[int] | list[list[int]]) -> torch.Tensor:
        return torch.tensor(values, device=self._checkpoint.device)


def _layers(cache: DynamicCache) -> list[tuple[DynamicLayer, torch.Tensor, torch.Tensor]]:
    """Each layer with its keys and values, ``[rows, heads, length, size]``; a checkpoint has no others when loaded."""
    layers = [layer for layer in cache.layers if isinstance(layer, DynamicLayer)]
    return [(layer, layer.keys, layer.values) for layer in layers if layer.keys is not None is not layer.values]


def _stack(rows: torch.Tensor, row: torch.Tensor, longest: int) -> torch.Tensor:
    """Keys or values ``[rows, heads, length, size]``, padded on the left to ``longest``, and one row more."""
    return torch.cat([pad(part, (0, 0, longest - part.shape[2], 0)) for part in (rows, row)])


def _sampling(request: Generate, wish: Sampling) -> Sampling:
    """What the request says goes before what the checkpoint's files say."""
    asked = {name: getattr(request, name) for name in ("temperature", "top_p", "top_k")}
    return msgspec.structs.replace(wish, **{name: value for name, value in asked.items() if value is not None})
