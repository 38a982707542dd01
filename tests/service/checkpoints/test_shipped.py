"""The directories of the shipped checkpoints: complete, small, and with a card that says what they are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service.checkpoints import SHIPPED, path
from service.checkpoints.card import START, STOP, table, write_figures

FILES = {
    "README.md",
    "chat_template.jinja",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
}


@pytest.mark.parametrize("name", SHIPPED)
def test_directory_is_complete_and_small(name: str) -> None:
    files = {file.name: file.stat().st_size for file in path(name).iterdir()}
    assert set(files) == FILES
    assert sum(files.values()) <= 3_300_000


def test_unknown_name() -> None:
    with pytest.raises(KeyError):
        path("base")


@pytest.mark.parametrize("name", SHIPPED)
def test_generation_stops_and_is_greedy(name: str) -> None:
    generation = json.loads((path(name) / "generation_config.json").read_bytes())
    tokens = json.loads((path(name) / "tokenizer.json").read_bytes())["added_tokens"]
    ids = {token["content"]: token["id"] for token in tokens}
    assert generation["eos_token_id"] == ids["<|end|>"]
    assert generation["pad_token_id"] == ids["<|pad|>"]
    assert not generation.get("do_sample", False)


@pytest.mark.parametrize("name", SHIPPED)
def test_card_says_what_it_is(name: str) -> None:
    card = (path(name) / "README.md").read_text(encoding="utf-8")
    weights = (path(name) / "model.safetensors").stat().st_size
    for fact in ("license: apache-2.0", "## Data", "learning rate", "1,377,408 parameters", f"weights {weights:,}"):
        assert fact in card
    figures = card.partition(START)[2].partition(STOP)[0]
    for row in ("| ja |", "| html |", "| json |", "| bullets |", "| upper |", "| answer in a language |"):
        assert row in figures


def test_figures_are_replaced_and_the_rest_is_kept(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"before\n{START}\nold\n{STOP}\nafter\n", encoding="utf-8")
    write_figures(tmp_path, "new")
    write_figures(tmp_path, "newer")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == f"before\n{START}\nnewer\n{STOP}\nafter\n"


def test_table() -> None:
    assert table(["a", "b"], [["x", 1]]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


def test_reading_the_corpus_loads_no_engine() -> None:
    code = (
        "import sys, service.checkpoints.corpus as c; next(c.held_out()); "
        "sys.exit(bool({'torch', 'transformers', 'tokenizers', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
