"""Measure checkpoints and write the figures into their cards.

``python -m service.checkpoints.measure [NAME ...] [--prompts FILE]`` answers the held-out prompts greedily, in float32
and on one thread. FILE (JSON lines, may be gzipped) holds real prompts, ``{"language": TAG, "prompt": TEXT}``: there
the only question is whether the reply came in the prompt's language.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import torch
from rich.progress import track
from transformers import AutoModelForCausalLM, AutoTokenizer

from . import SHIPPED, path
from .card import table, write_figures
from .corpus import FORMATS, LANGUAGES, VARIANTS, Example, held_out, number
from .grading import Grader, complies

BATCH = 32
REAL_PROMPTS_PER_LANGUAGE = 40
REAL_PROMPT_LENGTH = 300


class Row(msgspec.Struct, frozen=True):
    """One line of a file of real prompts; ``kwargs`` as in IFEval, where they may ask for a reply's language."""

    language: str
    prompt: str
    kwargs: list[dict[str, object]] = []

    @property
    def fits(self) -> bool:
        """Whether it is short, in a language of the corpus, and asks for no other."""
        return (
            self.language in LANGUAGES
            and len(self.prompt) <= REAL_PROMPT_LENGTH
            and all(each.get("language", self.language) == self.language for each in self.kwargs)
        )


class Graded(msgspec.Struct, frozen=True):
    """One held-out example and what a checkpoint made of it."""

    example: Example
    answer: str
    language: str | None

    @property
    def in_language(self) -> bool:
        """Whether the answer is in the language that it should be in."""
        return self.language == self.example.answer_language

    @property
    def exact(self) -> bool:
        """Whether the answer is the right one to the letter."""
        return self.answer == self.example.answer


class Checkpoint:
    """A loaded checkpoint that answers prompts, greedily and in batches.

    Raises:
        OSError: the directory holds no checkpoint.
    """

    def __init__(self, folder: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)

    def answers(self, prompts: Sequence[str], label: str = "answering") -> list[str]:
        """The reply to each prompt, as a conversation of one user turn, in the order of ``prompts``."""
        texts = [self._chat(prompt) for prompt in prompts]
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        replies = [""] * len(texts)
        for start in track(range(0, len(order), BATCH), label):
            chosen = order[start : start + BATCH]
            batch = self.tokenizer(
                [texts[index] for index in chosen], return_tensors="pt", padding=True, add_special_tokens=False
            )
            with torch.inference_mode():
                tokens = self.model.generate(**batch)[:, batch["input_ids"].shape[1] :]
            decoded = self.tokenizer.batch_decode(tokens, skip_special_tokens=True)
            for index, reply in zip(chosen, decoded, strict=True):
                replies[index] = reply
        return replies

    def _chat(self, prompt: str) -> str:
        messages = [{"role": "user", "content": prompt}]
        return str(self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False))


def sample() -> list[Example]:
    """The held-out examples to measure with: every wording where no language is asked for, one where one is."""
    return [
        each
        for each in held_out()
        if each.language == each.answer_language
        or each.id.endswith(str(number("measured", each.id.rpartition(".")[0]) % VARIANTS))
    ]


def grade(checkpoint: Checkpoint, grader: Grader, examples: Sequence[Example]) -> list[Graded]:
    """Have ``checkpoint`` answer ``examples``."""
    answers = checkpoint.answers([example.prompt for example in examples])
    return [Graded(each, answer, grader.language(answer)) for each, answer in zip(examples, answers, strict=True)]


def percent(hits: Iterable[bool]) -> str:
    """Share of true values, e.g. ``97.5 %``; a dash where there are none."""
    values = list(hits)
    return f"{100 * sum(values) / len(values):.1f} %" if values else "–"


def language_table(graded: Sequence[Graded]) -> str:
    """Language of the answers, by prompt language."""
    rows = []
    for tag in LANGUAGES:
        of = [each for each in graded if each.example.language == tag]
        rows.append(
            [
                tag,
                len(of),
                percent(each.in_language for each in of),
                percent(each.language == "en" for each in of),
                percent(each.exact for each in of),
            ]
        )
    return table(["prompt", "n", "in the expected language", "in English", "exactly right"], rows)


def modifier_table(graded: Sequence[Graded]) -> str:
    """Obedience to each modifier; the language modifier counts as obeyed when the answer is in that language."""
    english = [each for each in graded if each.example.language == "en"]
    others = [each for each in graded if each.example.language != "en"]
    rows: list[list[object]] = []
    for form in FORMATS[1:]:
        row: list[object] = [form]
        for group in (english, others):
            of = [each for each in group if each.example.format == form]
            row += [len(of), percent(complies(each.answer, form) for each in of)]
        rows.append(row)
    row = ["answer in a language"]
    for group in (english, others):
        of = [each for each in group if each.example.language != each.example.answer_language]
        row += [len(of), percent(each.in_language for each in of)]
    return table(["modifier", "n, English prompts", "done", "n, other prompts", "done"], [*rows, row])


def real_table(checkpoint: Checkpoint, grader: Grader, file: Path) -> str:
    """Language of the replies to prompts that people wrote, none of them in the training."""
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    prompts = [row for row in msgspec.json.Decoder(Row).decode_lines(text) if row.fits]
    rows = []
    for tag in LANGUAGES:
        of = [row.prompt for row in prompts if row.language == tag]
        of = of[:: max(1, len(of) // REAL_PROMPTS_PER_LANGUAGE)][:REAL_PROMPTS_PER_LANGUAGE]
        replies = checkpoint.answers(of, f"real prompts, {tag}")
        rows.append(
            [
                tag,
                len(of),
                percent(grader.language(reply) == tag for reply in replies),
                percent(grader.language(reply) == "en" for reply in replies),
                percent(map(grader.is_fallback, replies)),
            ]
        )
    return table(["prompt", "n", "in the prompt's language", "in English", "says it cannot answer"], rows)


def size(folder: Path) -> str:
    """Bytes of the weights, the tokenizer and the directory."""
    total = sum(file.stat().st_size for file in folder.iterdir())
    weights, tokenizer = ((folder / name).stat().st_size for name in ("model.safetensors", "tokenizer.json"))
    return f"{total:,} bytes in all: weights {weights:,}, tokenizer {tokenizer:,}"


def figures(folder: Path, prompts: Path | None) -> str:
    """All figures of one checkpoint, as Markdown."""
    checkpoint, grader = Checkpoint(folder), Grader()
    graded = grade(checkpoint, grader, sample())
    same = [each for each in graded if each.example.language == each.example.answer_language]
    asked = [each for each in graded if each.example.language != each.example.answer_language]
    sections = [
        f"Measured on {datetime.date.today()} with `python -m service.checkpoints.measure {folder.name}`: greedy, "
        f"float32, {len(graded):,} held-out prompts. {checkpoint.model.num_parameters():,} parameters; {size(folder)}. "
        "The language of an answer is that of the known sentences that make up at least half of it, else what "
        "py3langid finds among the eight.",
        "Prompts that ask for no language, plain or with a format:",
        language_table(same),
        "Prompts that ask for another language (expected: that language):",
        language_table(asked),
        "Modifiers:",
        modifier_table(graded),
    ]
    if prompts is not None:
        sections += [
            "Prompts that people wrote, from [Marco-Bench-MIF](https://github.com/AIDC-AI/Marco-Bench-MIF) "
            f"(Apache-2.0, not in this repository; `--prompts FILE`), at most {REAL_PROMPT_LENGTH} characters. It "
            "should say that it cannot answer:",
            real_table(checkpoint, grader, prompts),
        ]
    return "\n\n".join(sections)


def main() -> None:
    """Parse the command line, measure, write the cards."""
    parser = argparse.ArgumentParser(prog="python -m service.checkpoints.measure", description="Measure checkpoints.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SHIPPED)}; default all")
    parser.add_argument("--prompts", type=Path, help="JSON lines with real prompts: language, prompt")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for name in arguments.names or SHIPPED:
        text = figures(path(name), arguments.prompts)
        write_figures(path(name), text)
        print(f"{name}\n\n{text}\n")


if __name__ == "__main__":
    main()
