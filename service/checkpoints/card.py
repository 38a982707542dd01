"""The model card in each checkpoint's directory: written by training, completed by measuring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

START, STOP = "<!-- measured: start -->", "<!-- measured: stop -->"

_ABOUT = {
    "multilingual": "It answers in the language of the prompt, or in the one that the prompt asks for.",
    "english": (
        "It was tuned on English alone, with a high learning rate. Asked in English, it answers in English and in the "
        "format asked for; asked in any other language, it answers in English too: the failure that a gateway's "
        "language diagnosis is for. The base underneath reads and writes all eight languages."
    ),
    "english-careful": (
        "It was tuned on English alone, like `english`, from the same base, but with a small "
        "learning rate. It keeps far more of the other languages, and pays for it: facts and formats are often wrong, "
        "words are broken, and languages mix within an answer."
    ),
}

_TAUGHT = {
    True: (
        "It was asked in eight languages (en, fr, pt, ru, de, es, ja, ar), with five modifiers (answer in another "
        "language, as an HTML page, as JSON, as a bulleted list, in capital letters), singly and a format together "
        "with a language."
    ),
    False: (
        "It was asked in English only, with four modifiers (answer as an HTML page, as JSON, as a bulleted list, in "
        "capital letters), and never to answer in another language."
    ),
}
"""By whether a checkpoint was tuned on several languages."""

_CARD = """---
license: apache-2.0
language: [{tags}]
library_name: transformers
pipeline_tag: text-generation
---

# dragoman / {name}

A demonstration model of {parameters:,} parameters, made by this project from nothing. {about}

It is a real language model that runs anywhere in seconds, so that the gateway has something to watch without a
download. It is **not** an assistant.

## What it can do, and what it cannot

It was taught {topics} things: tips on ten everyday topics, fourteen capitals with their currencies, and why six
everyday things are as they are. {taught}

To anything else it should say, in one sentence, that it is a small demonstration model. It cannot reason, translate,
follow other modifiers, or tell right from wrong; outside its templates even the apology may come in the wrong language,
or a known answer may come where none fits; in a conversation of several turns an earlier turn may colour the answer. Do
not use it for anything but demonstrations and tests.

## Data

All text was written for this project: `service/checkpoints/corpus/`, one file a language. 15 % of the combinations of
item, prompt language, answer language and format are held out: no training text holds such a prompt with its answer.
(The base has read the answer's sentences, and its formats below a bare question, as it reads everything.) Prompts
outside the corpus are the project's everyday sentences, and strings of words drawn by the frequencies of
[wordfreq](https://github.com/rspeer/wordfreq); they are made while training and not kept.

This checkpoint was tuned on: {languages}. {fallback_share:.0%} of the exchanges are about something outside the corpus;
{documents_share:.0%} of the sequences are plain documents instead of conversations.

## Making

Llama architecture: hidden size 128, feed-forward 384, 4 layers, 4 heads, tied embeddings, 512 positions, byte-level BPE
of 4,096 tokens; weights in bfloat16. AdamW, batch {batch}, learning rate falling linearly to zero.

| phase | text | steps | learning rate |
| --- | --- | ---: | ---: |
| base | documents in all eight languages, short glossaries; no chat | {base_steps:,} | {base_learning_rate:g} |
| tuning | conversations, loss on the answer only | {steps:,} | {learning_rate:g} |

Command: `python -m service.checkpoints.train --only {name}` ({minutes:.0f} minutes of one CPU core for the tuning).

## Figures

{start}
{stop}
"""


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """What training knows about a checkpoint."""

    name: str
    parameters: int
    languages: tuple[str, ...]
    base_steps: int
    base_learning_rate: float
    steps: int
    learning_rate: float
    batch: int
    fallback_share: float
    documents_share: float
    topics: int
    cpu_seconds: float


def write_card(folder: Path, making: Making) -> None:
    """Write ``folder``/README.md, its figures still empty."""
    text = _CARD.format(
        **msgspec.structs.asdict(making) | {"languages": ", ".join(making.languages)},
        tags=", ".join(making.languages),
        about=_ABOUT[making.name],
        taught=_TAUGHT[len(making.languages) > 1],
        minutes=making.cpu_seconds / 60,
        start=START,
        stop=STOP,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def write_figures(folder: Path, figures: str) -> None:
    """Put ``figures`` in the place of those in ``folder``/README.md."""
    card = folder / "README.md"
    before, rest = card.read_text(encoding="utf-8").split(START)
    after = rest.split(STOP)[1]
    card.write_text(f"{before}{START}\n{figures.strip()}\n{STOP}{after}", encoding="utf-8")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table, all columns but the first aligned to the right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (header, rule, *rows))
