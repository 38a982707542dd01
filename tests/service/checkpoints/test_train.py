"""Training from nothing to a directory that loads: a few steps, for the way and not for the result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import torch

from service.checkpoints.measure import Checkpoint
from service.checkpoints.train import PAD, Recipe, batches, fit, loss_of, new_model, new_tokenizer, train


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Two threads on a busy machine are slower than one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_a_trained_checkpoint_loads_and_answers(tmp_path: Path) -> None:
    recipe = Recipe(("en",), 2, 1e-3)
    train(Recipe(("en",), 2, 1e-3, documents_share=1), {"english": recipe}, tmp_path)
    assert {file.name for file in (tmp_path / "english").iterdir()} == {
        "README.md",
        "chat_template.jinja",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    checkpoint = Checkpoint(tmp_path / "english")
    assert len(checkpoint.answers(["hi", "What is the capital of France?", "Bonjour !"])) == 3


def test_the_loss_falls() -> None:
    tokenizer = new_tokenizer()
    torch.manual_seed(0)
    model = new_model(tokenizer)
    recipe = Recipe(("en",), 12, 4e-3, fallback_share=0)
    batch = next(batches(tokenizer, recipe, Random(1)))
    before = loss_of(model, batch).item()
    fit(model, batches(tokenizer, recipe, Random(2)), recipe, "test")
    assert loss_of(model, batch).item() < before - 0.5


def test_only_the_answer_is_learnt() -> None:
    tokenizer = new_tokenizer()
    recipe = Recipe(("en",), 1, 1e-3, fallback_share=0)
    for ids, given in next(batches(tokenizer, recipe, Random(1))):
        assert tokenizer.decode(ids[:given]).endswith("<|assistant|>")
        assert tokenizer.decode(ids[given:]).endswith("<|end|>")
        assert "<|" not in tokenizer.decode(ids[given:-1])


def test_tokenizer_writes_any_text() -> None:
    tokenizer = new_tokenizer()
    for text in ("Ça va ? « oui »", "ß → SS", "日本語のテキスト。", "مرحبًا، كيف حالك؟", "🙂 中文 ไทย"):
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.pad_token == PAD
