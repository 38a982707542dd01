"""A checkpoint for tests: a tiny Llama with random weights, which babbles something else for every prompt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

# transformers is told before it is imported: the tests' own process must not look for a hub either.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message.role == 'tool' -%}{{ raise_exception('no tools here') }}{%- endif -%}"
    "{{ '<|' + message.role + '|>' + message.content + '<|end|>' }}"
    "{%- endfor -%}"
    "{{ '<|assistant|>' }}"
)
CONTEXT = 192


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a checkpoint that any causal language model of transformers could be."""
    pytest.importorskip("torch")
    from transformers import LlamaConfig

    directory = tmp_path_factory.mktemp("checkpoint")
    save_tokenizer(directory)
    save_model(directory, LlamaConfig(vocab_size=400, eos_token_id=1, **sizes()))
    return directory


@pytest.fixture(scope="session")
def save_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[object], Path]:
    """Makes a checkpoint of another kind from its transformers config."""

    def save(config: object) -> Path:
        directory = tmp_path_factory.mktemp("other")
        save_tokenizer(directory)
        save_model(directory, config)
        return directory

    return save


def sizes() -> dict[str, int]:
    return {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": CONTEXT,
    }


def save_tokenizer(directory: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(["Drei Tipps gegen Zahnweh. Три совета. 歯の痛みに三つの助言。🦷"] * 4, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|pad|>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(directory)


def save_model(directory: Path, config: object) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config)
    # Random weights of the usual size make every next token equally likely; larger ones make the model opinionated.
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() > 1:
                weights.mul_(8)
        # It never ends by itself (token 1), so that a test may.
        model.get_output_embeddings().weight[1] = 0
    model.save_pretrained(directory)
