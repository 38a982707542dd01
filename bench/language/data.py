"""The development data as frozen values. They are third-party: read from their folder, never copied."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

DATA = Path(__file__).parents[3] / "shared" / "data"
"""Where the data lie unless the command line says otherwise: beside the repository."""

Row = TypeVar("Row", bound=msgspec.Struct)


class Reply(msgspec.Struct, frozen=True):
    """A model's recorded reply from the Language Confusion Benchmark; ``key`` names it without quoting it."""

    model: str
    task: str
    source: str
    id: str | int
    expected_language: str
    response: str | None

    @property
    def key(self) -> str:
        return "/".join((self.model, self.task, self.source, self.expected_language, str(self.id)))

    @property
    def cell(self) -> tuple[str, str, str, str]:
        """What the benchmark averages over: model, task, source, language."""
        return self.model, self.task, self.source, self.expected_language

    @property
    def text(self) -> str:
        """The reply as the benchmark reads it: base models go on with a question of their own, which is cut off."""
        return (self.response or "").split("\nQ:")[0]

    @property
    def asked_in(self) -> str:
        """Language of the instruction."""
        return "en" if self.task == "crosslingual" else self.expected_language


class Line(msgspec.Struct, frozen=True):
    """A text of lingua's test data whose language is known; ``kind`` is sentences, word-pairs or single-words."""

    kind: str
    language: str
    text: str


class Prompt(msgspec.Struct, frozen=True):
    """An instruction of Marco-Bench-MIF and the language it is written in."""

    language: str
    prompt: str


class Judged(msgspec.Struct, frozen=True):
    """A reply of M-IFEval with the official strict verdict on each of its instructions."""

    language: str
    prompt: str
    response: str | None
    instruction_id_list: list[str]
    kwargs: list[dict[str, object]]
    strict: list[bool]


def rows(data: Path, name: str, kind: type[Row]) -> Iterator[Row]:
    """All rows of one file."""
    decoder = msgspec.json.Decoder(kind)
    with gzip.open(data / f"{name}.jsonl.gz", "rb") as lines:
        yield from map(decoder.decode, lines)


def replies(data: Path) -> list[Reply]:
    """19,714 replies of three models in 15 languages, cut off after 100 tokens."""
    return list(rows(data, "language_confusion", Reply))


def lines(data: Path, kind: str) -> dict[str, list[str]]:
    """Texts of one kind by language, 300 in each of 75."""
    found: dict[str, list[str]] = {}
    for row in rows(data, "lingua_lines", Line):
        if row.kind == kind:
            found.setdefault(row.language, []).append(row.text)
    return found
