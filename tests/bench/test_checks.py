"""The measuring of checks: what it feeds, and that it prints a line for each thing it measures."""

from __future__ import annotations

import gzip
import json

import pytest

from bench.modifiers import checks
from diagnostics.modifiers import MODIFIERS
from diagnostics.modifiers.comma import Comma
from diagnostics.modifiers.words import Words


@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda modifier: modifier.name())
def test_every_modifier_can_be_asked_for(modifier):
    assert isinstance(checks.shown(modifier), modifier)


def test_each_and_all_are_measured(capsys):
    checks.print_each([Comma(), Words(3)], {"en": "Tea is hot. " * 20})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["comma", "words", "all"]


def test_growth_is_measured_beyond_the_bound(capsys, monkeypatch):
    monkeypatch.setattr(checks, "SIZES", (1_000, 2_000))
    monkeypatch.setattr(checks, "HOSTILE", {"commas": ","})
    monkeypatch.setattr(checks.observed, "LIMIT", 10)
    checks.print_growth([Comma()])
    assert "commas" in capsys.readouterr().out
    assert checks.observed.LIMIT == 10


def test_replies_are_joined_to_the_length(tmp_path):
    rows = [{"expected_language": "de", "response": "Tee ist heiß. " * 20}] * 10
    rows += [{"expected_language": "fr", "response": None}]
    with gzip.open(tmp_path / "language_confusion.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(row)}\n" for row in rows)
    texts = checks.by_language(tmp_path)
    assert list(texts) == ["de"]
    assert len(texts["de"]) == checks.LENGTH
