"""Make the shipped checkpoints: ``python -m service.checkpoints.train [--only NAME] [--out DIR]``.

One tokenizer and one multilingual base, then three tunings of that base with the loss on the answer alone. Seeded, but
floating point differs between processors: judge the outcome with ``python -m service.checkpoints.measure``.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import msgspec
import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch.nn.functional import cross_entropy
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from .card import Making, write_card
from .corpus import LANGUAGES, load_phrases
from .lessons import School, everything
from .tokenizer import CHAT_TEMPLATE, END, PAD, build_tokenizer

BATCH = 16
POSITIONS = 512
SEED = 2402


class Recipe(msgspec.Struct, frozen=True):
    """How one model is trained: AdamW, the learning rate falling linearly to zero.

    ``fallback_share`` of the exchanges are about something outside the corpus. ``documents_share`` of the sequences are
    documents like the base's instead of conversations: with one language there are few conversations to learn from.
    """

    languages: tuple[str, ...]
    steps: int
    learning_rate: float
    fallback_share: float = 0.15
    documents_share: float = 0.0


BASE = Recipe(LANGUAGES, 1000, 4e-3, documents_share=1.0)
TUNINGS = {
    "multilingual": Recipe(LANGUAGES, 4500, 4e-3),
    "english": Recipe(("en",), 500, 2e-3, fallback_share=0.06, documents_share=0.5),
    "english-careful": Recipe(("en",), 200, 3e-4, fallback_share=0.06, documents_share=0.3),
}

Tokens = tuple[list[int], int]
"""Token ids, and how many of them at the start are given and not learnt."""


def batches(tokenizer: PreTrainedTokenizerFast, recipe: Recipe, random: Random) -> Iterator[list[Tokens]]:
    """Batches of sequences of similar length, in random order: less padding."""
    school = School(recipe.languages, random, recipe.fallback_share)
    read, taught = documents(tokenizer, school), lessons(tokenizer, school)
    while True:
        pool = [next(read if random.random() < recipe.documents_share else taught) for _ in range(BATCH * 16)]
        pool.sort(key=lambda sequence: len(sequence[0]))
        cut = [pool[start : start + BATCH] for start in range(0, len(pool), BATCH)]
        random.shuffle(cut)
        yield from cut


def loss_of(model: LlamaForCausalLM, batch: Sequence[Tokens]) -> torch.Tensor:
    """Mean cross-entropy of the learnt tokens. Right padding needs no mask: attention only looks back."""
    length = max(len(ids) for ids, _ in batch)
    tokens = torch.zeros(len(batch), length, dtype=torch.long)
    learnt = torch.zeros(len(batch), length, dtype=torch.bool)
    for row, (ids, given) in enumerate(batch):
        tokens[row, : len(ids)] = torch.tensor(ids)
        learnt[row, given : len(ids)] = True
    hidden = model.model(input_ids=tokens[:, :-1], use_cache=False).last_hidden_state
    return cross_entropy(model.lm_head(hidden[learnt[:, 1:]]), tokens[:, 1:][learnt[:, 1:]])


def fit(model: LlamaForCausalLM, supply: Iterator[list[Tokens]], recipe: Recipe, label: str) -> None:
    """Train ``model`` in place."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.95), weight_decay=0.01)
    warmup = min(50, 1 + recipe.steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, (recipe.steps - step) / (recipe.steps - warmup))
    )
    model.train()
    average = math.log(model.config.vocab_size)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TextColumn("loss {task.fields[loss]:.3f}"), TimeRemainingColumn()) as progress:
        task = progress.add_task(label, total=recipe.steps, loss=average)
        for batch in islice(supply, recipe.steps):
            loss = loss_of(model, batch)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            schedule.step()
            average += 0.02 * (loss.item() - average)
            progress.update(task, advance=1, loss=average)
    model.train(False)


def new_tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer with its chat template, ready to be saved."""
    build: Callable[..., PreTrainedTokenizerFast] = PreTrainedTokenizerFast
    return build(
        tokenizer_object=build_tokenizer(everything()),
        eos_token=END,
        pad_token=PAD,
        padding_side="left",
        model_max_length=POSITIONS,
        chat_template=CHAT_TEMPLATE,
    )


def new_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """An untrained model of about 1.4 million parameters."""
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=POSITIONS,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def documents(tokenizer: PreTrainedTokenizerFast, school: School) -> Iterator[Tokens]:
    """The base's text, each document closed by the end token."""
    for text in school.documents():
        ids = tokenizer.encode(text, add_special_tokens=False)[: POSITIONS // 2]
        yield [*ids, tokenizer.eos_token_id], 1


def lessons(tokenizer: PreTrainedTokenizerFast, school: School) -> Iterator[Tokens]:
    """Conversations; only the answer and its end token are learnt."""
    for lesson in school.lessons():
        prompt = tokenizer.apply_chat_template(list(lesson.messages), add_generation_prompt=True, return_dict=False)
        answer = tokenizer.encode(lesson.answer, add_special_tokens=False)
        if len(prompt) + len(answer) < POSITIONS:
            yield [*prompt, *answer, tokenizer.eos_token_id], len(prompt)


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write the checkpoint in bfloat16, in the layout that ``from_pretrained`` reads."""
    model.generation_config = GenerationConfig.from_dict(
        {
            "do_sample": False,
            "max_new_tokens": 300,
            "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": tokenizer.pad_token_id,
        }
    )
    model.bfloat16().save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def train(base_recipe: Recipe, tunings: Mapping[str, Recipe], out: Path) -> None:
    """Train the base, then each tuning of it, and save these to ``out``/NAME with a model card."""
    torch.manual_seed(SEED)
    tokenizer = new_tokenizer()
    base = new_model(tokenizer)
    fit(base, batches(tokenizer, base_recipe, Random(SEED)), base_recipe, "base")
    for name, recipe in tunings.items():
        model = new_model(tokenizer)
        model.load_state_dict(base.state_dict())
        started = time.process_time()
        fit(model, batches(tokenizer, recipe, Random(SEED)), recipe, name)
        save(model, tokenizer, out / name)
        making = Making(
            name=name,
            parameters=model.num_parameters(),
            languages=recipe.languages,
            base_steps=base_recipe.steps,
            base_learning_rate=base_recipe.learning_rate,
            steps=recipe.steps,
            learning_rate=recipe.learning_rate,
            batch=BATCH,
            fallback_share=recipe.fallback_share,
            documents_share=recipe.documents_share,
            topics=len(load_phrases()["en"].items),
            cpu_seconds=time.process_time() - started,
        )
        write_card(out / name, making)


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m service.checkpoints.train", description="Train the checkpoints.")
    parser.add_argument("--only", choices=TUNINGS, help="tune only this one (the base is always trained)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="where the directories are written")
    arguments = parser.parse_args()
    tunings = {arguments.only: TUNINGS[arguments.only]} if arguments.only else TUNINGS
    train(BASE, tunings, arguments.out)


if __name__ == "__main__":
    main()
