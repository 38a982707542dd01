"""The step loop against ``model.generate``, the library's own word on what a checkpoint says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from service.engine.batch import Batch, Row
from service.engine.checkpoint import Checkpoint
from service.engine.protocol import Generate, Piece, Turn

torch.set_num_threads(1)

COMMON: dict[str, Any] = {
    "vocab_size": 400,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 192,
    "eos_token_id": 1,
}
KINDS = {
    "llama": lambda: transformers.LlamaConfig(**COMMON),
    "qwen3": lambda: transformers.Qwen3Config(**COMMON, head_dim=8),
    "mistral, sliding window": lambda: transformers.MistralConfig(**COMMON, sliding_window=12),
    "gemma3, every other layer sliding": lambda: transformers.Gemma3TextConfig(
        **COMMON, head_dim=8, sliding_window=12, layer_types=["sliding_attention", "full_attention"]
    ),
    "gpt2, learnt positions": lambda: transformers.GPT2Config(
        vocab_size=400, n_embd=32, n_layer=2, n_head=4, n_positions=192, eos_token_id=1
    ),
    "bloom, no positions": lambda: transformers.BloomConfig(
        vocab_size=400, hidden_size=32, n_layer=2, n_head=4, seq_length=192, max_position_embeddings=192, eos_token_id=1
    ),
}
QUESTIONS = ["Hi", "Drei Tipps gegen Zahnweh, bitte, und zwar ausführlich", "Три совета", "歯の痛み", "x" * 60]


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint: Path) -> Checkpoint:
    return Checkpoint("tiny", tiny_checkpoint)


def row(checkpoint: Checkpoint, id: int, question: str, **wishes: Any) -> Row:
    turns = [Turn("user", question)]
    return Row(Generate(id, checkpoint.name, turns, **wishes), checkpoint.encode(turns), checkpoint)


def run(batch: Batch, pieces: list[Piece] | None = None) -> dict[int, tuple[str, Piece]]:
    """Step until nothing is left: each reply's text, and its last piece."""
    pieces = pieces or []
    while batch.active or batch.waiting:
        pieces += batch.step()
    last = {piece.id: piece for piece in pieces if piece.finish_reason}
    return {id: ("".join(p.text for p in pieces if p.id == id), piece) for id, piece in last.items()}


def generated(checkpoint: Checkpoint, question: str, tokens: int) -> str:
    prompt = torch.tensor([checkpoint.encode([Turn("user", question)])])
    ids = checkpoint._model.generate(prompt, max_new_tokens=tokens, do_sample=False, pad_token_id=0)[0]
    return str(checkpoint.tokenizer.decode(ids[prompt.shape[1] :].tolist())).rstrip("\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_says_what_generate_says(kind: str, save_checkpoint: Callable[[object], Path]) -> None:
    checkpoint = Checkpoint(kind, save_checkpoint(KINDS[kind]()))
    batch = Batch(checkpoint, slots=3)
    for id, question in enumerate(QUESTIONS):
        batch.add(row(checkpoint, id, question, max_tokens=20 + 7 * id))
    replies = run(batch)
    for id, question in enumerate(QUESTIONS):
        text = replies[id][0].rstrip("\N{REPLACEMENT CHARACTER}")
        assert text == generated(checkpoint, question, 20 + 7 * id), question


def test_replies_join_and_leave_at_any_step(checkpoint: Checkpoint) -> None:
    batch, pieces = Batch(checkpoint, slots=4), []
    for id in range(12):
        batch.add(row(checkpoint, id, QUESTIONS[id % 5] + str(id), max_tokens=5 + 5 * (id % 4)))
        for _ in range(id % 3):
            pieces += batch.step()
    replies = run(batch, pieces)
    for id in range(12):
        alone = Batch(checkpoint, slots=1)
        alone.add(row(checkpoint, id, QUESTIONS[id % 5] + str(id), max_tokens=5 + 5 * (id % 4)))
        assert replies[id] == run(alone)[id]


def test_a_cancelled_reply_is_gone_and_the_others_do_not_notice(checkpoint: Checkpoint) -> None:
    batch = Batch(checkpoint, slots=2)
    for id, question in enumerate(("x" * 60, "Hi", "never begun", "Три совета")):
        batch.add(row(checkpoint, id, question, max_tokens=30))
    pieces = batch.step() + batch.step()
    assert (batch.active, batch.waiting) == (2, 2)
    batch.cancel(0)
    batch.cancel(2)
    batch.cancel(99)
    assert (batch.active, batch.waiting) == (1, 1)
    replies = run(batch, pieces)
    assert replies.keys() == {1, 3}
    assert replies[1][0] == generated(checkpoint, "Hi", 30)


def test_no_more_than_the_slots_are_under_way(checkpoint: Checkpoint) -> None:
    batch = Batch(checkpoint, slots=2)
    for id in range(5):
        batch.add(row(checkpoint, id, "Hi", max_tokens=3))
    batch.step()
    assert (batch.active, batch.waiting) == (2, 3)


def test_long_prompts_are_read_a_few_at_a_step(checkpoint: Checkpoint) -> None:
    batch = Batch(checkpoint, slots=16)
    for id in range(8):
        batch.add(row(checkpoint, id, "x" * 150, max_tokens=20))
    batch.step()
    assert 0 < batch.active < 8


def test_a_reply_that_is_not_streamed_is_one_piece(checkpoint: Checkpoint) -> None:
    batch = Batch(checkpoint, slots=2)
    batch.add(row(checkpoint, 1, "Hi", max_tokens=15, stream=False))
    pieces = []
    while batch.active or batch.waiting:
        pieces += batch.step()
    assert [piece.text for piece in pieces] == [generated(checkpoint, "Hi", 15)]
    assert (pieces[0].finish_reason, pieces[0].completion_tokens) == ("length", 15)


def test_an_end_token_ends_a_reply_and_is_not_shown(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = torch.tensor([checkpoint.encode([Turn("user", "Hi")])])
    ids = checkpoint._model.generate(prompt, max_new_tokens=20, do_sample=False, pad_token_id=0)[0, prompt.shape[1] :]
    end = next(index for index in range(1, 20) if ids[index] not in ids[:index])
    monkeypatch.setattr(checkpoint, "eos", frozenset({1, int(ids[end])}))
    batch = Batch(checkpoint, slots=1)
    batch.add(row(checkpoint, 1, "Hi"))
    text, piece = run(batch)[1]
    assert text == checkpoint.tokenizer.decode(ids[:end].tolist()).rstrip("\N{REPLACEMENT CHARACTER}")
    assert (piece.finish_reason, piece.completion_tokens) == ("stop", end + 1)


def test_the_context_is_filled_to_its_last_token(checkpoint: Checkpoint) -> None:
    batch = Batch(checkpoint, slots=1)
    for id, letters in enumerate((50, 150)):
        batch.add(row(checkpoint, id, "q" * letters, max_tokens=10_000))
    for _, piece in run(batch).values():
        assert piece.finish_reason == "length"
        assert piece.prompt_tokens + piece.completion_tokens == checkpoint.context
