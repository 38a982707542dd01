"""Totals on third-party prompts and replies, where they are at hand; ``python -m bench.modifiers`` has all of it."""

from pathlib import Path

import pytest

from bench.modifiers import verdicts
from bench.modifiers.data import prompts
from bench.modifiers.exceptions import Exceptions
from bench.modifiers.extraction import Cell, measure
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LanguageMismatch

DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(not (DATA / "marco_prompts.jsonl.gz").exists(), reason="the shared data is not here")


READ = {  # precision, recall: below what is measured, nothing excepted
    "bullets": (0.99, 0.97), "capitals": (0.97, 0.98), "comma": (0.99, 0.98), "ending": (0.99, 0.94),
    "exclude": (0.97, 0.93), "highlight": (0.98, 0.97), "include": (0.79, 0.91), "json": (0.98, 0.98),
    "keyword": (0.98, 0.90), "language": (0.98, 0.98), "letters": (0.98, 0.96), "lowercase": (0.98, 0.98),
    "options": (0.99, 0.97), "paragraph": (0.99, 0.94), "paragraphs": (0.99, 0.98), "placeholders": (0.99, 0.97),
    "postscript": (0.99, 0.99), "quotes": (0.99, 0.97), "repeat": (0.99, 0.98), "responses": (0.99, 0.99),
    "sections": (0.98, 0.95), "sentences": (0.99, 0.97), "title": (0.99, 0.97), "uppercase": (0.91, 0.97),
    "words": (0.84, 0.98),
}  # fmt: skip


def test_extraction(reader):
    extraction, _ = measure(prompts(DATA), reader, Exceptions())
    for name, (precision, recall) in READ.items():
        total = sum((cell for place, cell in extraction.cells.items() if place[0] == name), Cell())
        assert total.precision(excused=False) >= precision, name
        assert total.recall >= recall, name
        assert not total.arguments or total.exact(excused=False) >= 0.96, name


FLOORS = {  # strict, loose: below what is measured, nothing set apart
    "capitals": (0.97, 0.93), "comma": (0.98, 0.94), "digits": (0.98, 0.95), "ending": (0.98, 0.96),
    "exclude": (0.98, 0.92), "highlight": (0.98, 0.98), "include": (0.91, 0.91), "json": (0.98, 0.98),
    "keyword": (0.91, 0.89), "language": (0.92, 0.92), "letters": (0.98, 0.96), "lowercase": (0.97, 0.94),
    "options": (0.91, 0.91), "bullets": (0.96, 0.95), "paragraph": (0.98, 0.83), "paragraphs": (0.97, 0.94),
    "placeholders": (0.98, 0.98), "postscript": (0.95, 0.95), "quotes": (0.98, 0.92), "repeat": (0.98, 0.97),
    "responses": (0.96, 0.95), "sections": (0.93, 0.93), "sentences": (0.96, 0.93), "title": (0.98, 0.98),
    "uppercase": (0.98, 0.96), "words": (0.96, 0.91),
}  # fmt: skip


def test_verdicts():
    tallies: dict[tuple[str, str], verdicts.Agreement] = {}
    for case in verdicts.cases(DATA, LanguageMismatch(Identifier())):
        tallies.setdefault((case.name, case.kind), verdicts.Agreement()).add(case)
    for name, floors in FLOORS.items():
        for kind, floor in zip(("strict", "loose"), floors, strict=True):
            assert tallies[name, kind].raw >= floor, (name, kind, tallies[name, kind].counts)
