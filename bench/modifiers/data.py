"""Rows of the development data as frozen values. They are third-party: read from their folder, never copied."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from diagnostics.reading.loading import load, load_lexicons
from diagnostics.reading.reader import Reader
from diagnostics.reading.vocabulary import Lexicons

PROMPTS = ("marco_prompts", "m_ifeval_prompts")
RESPONSES = "m_ifeval_responses"

Labels = list[tuple[str, dict[str, Any]]]


class Prompt(msgspec.Struct, frozen=True):
    """A prompt with what it is said to ask for: IFEval ids and their arguments, one dict each."""

    set: str
    language: str
    key: int
    prompt: str
    instruction_id_list: list[str]
    kwargs: list[dict[str, Any]]
    variant: str = ""

    @property
    def place(self) -> str:
        """Set, language and variant: "marco/ar/mt"."""
        return "/".join(filter(None, (self.set, self.language, self.variant)))

    @property
    def labels(self) -> Labels:
        """Pairs of id and arguments; a prompt may ask for one type twice. Ids come without the language that M-IFEval
        puts before some; a few rows hold one dict too many or too few."""
        return [(bare(ifeval), given) for ifeval, given in zip(self.instruction_id_list, self.kwargs, strict=False)]


Row = TypeVar("Row", bound=Prompt)


def bare(ifeval: str) -> str:
    """An instruction id without a language before it: "fr:keywords:existence" is "keywords:existence"."""
    return ":".join(ifeval.split(":")[-2:])


def read(path: Path, kind: type[Row]) -> Iterator[Row]:
    """The rows of one gzipped file of JSON lines."""
    decoder = msgspec.json.Decoder(kind)
    with gzip.open(path, "rb") as file:
        yield from map(decoder.decode, file)


def prompts(folder: Path) -> Iterator[Prompt]:
    """All labelled prompts."""
    for name in PROMPTS:
        yield from read(folder / f"{name}.jsonl.gz", Prompt)


def reader(languages: Collection[str] = ()) -> Reader:
    """A reader with all lexicons, or with these and English: one that is being written then does not stop another."""
    if not languages:
        return Reader(load_lexicons())
    folder = files("diagnostics") / "lexicons"
    there = [f"{language}.toml" for language in sorted({*languages, "en"})]
    return Reader(Lexicons([load(folder, name) for name in there if (folder / name).is_file()]))


def short(text: str, most: int = 500) -> str:
    """A text on one line; of a long one both ends, together ``most`` characters."""
    if len(text) > most:
        text = f"{text[: most // 2]} […] {text[-(most // 2) :]}"
    return text.replace("\n", "\\n")
