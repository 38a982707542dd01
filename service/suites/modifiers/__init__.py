"""Our own suite: everyday requests, each as it is and with one of the study's eleven modifiers, parallel in eleven
languages.

``LANG.toml`` holds the requests by name under ``[base]``, and under each type what is appended to which of them. What a
row demands is read from its words, as from anybody's; nothing is declared. The types are those of Chirkova & Nikoulina
(INLG 2024): short, long, items, language, markdown, html, arrow, capitals, scientific, simple and second.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from diagnostics.core import Message

from ...errors import SetupError
from ..base import Refused, Row

EXAMPLE = "modifiers:fr,de"

BASE = "base"
UNSPACED = frozenset({"ja", "zh"})
"""Languages that put nothing between two sentences."""


def files(where: str) -> Sequence[Path]:
    """All languages, or those that are named, in that order."""
    there = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.toml"))}
    chosen = [each.strip() for each in where.split(",")] if where else list(there)
    missing = [each for each in chosen if each not in there]
    if missing:
        raise SetupError(f"the suite modifiers is not in {missing[0]!r}; it is in {', '.join(there)}")
    return [there[each] for each in dict.fromkeys(chosen)]


def read(files: Sequence[Path]) -> Iterator[Row | Refused]:
    """Language by language, type by type."""
    for path in files:
        yield from _rows(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))


def _rows(language: str, suite: dict[str, dict[str, str]]) -> Iterator[Row]:
    requests = suite[BASE]
    for type, additions in suite.items():
        for name, text in additions.items():
            prompt = text if type == BASE else _joined(language, requests[name], text)
            own = f"{type}/{name}"
            yield Row(
                id=f"{language}/{own}",
                messages=(Message("user", prompt),),
                language=language,
                type=type,
                parallel=own,
            )


def _joined(language: str, request: str, addition: str) -> str:
    return f"{request}{'' if language in UNSPACED else ' '}{addition}"
