"""``dragoman modifiers``, run as a user runs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from diagnostics.modifiers import BY_NAME, MODIFIERS
from diagnostics.modifiers.declaration import declared
from service.commands.modifiers import modifiers
from tests.command_line import dragoman


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    """What ``--json`` says, by name."""
    run = dragoman("modifiers", "--json")
    assert run.returncode == 0, run.stderr
    return {each["name"]: each for each in json.loads(run.stdout)}


def test_as_json_they_say_all_that_a_caller_needs_to_declare_one(found: dict[str, dict[str, Any]]) -> None:
    assert list(found) == list(BY_NAME)
    bullets = found["bullets"]
    assert bullets["ifeval"] == "detectable_format:number_bullet_lists"
    assert bullets["required"] == []
    assert "num_bullets" in bullets["arguments"]
    assert {"ar", "de", "en", "ja"} <= set(bullets["languages"])
    assert found["words"]["required"] == ["num_words"]
    assert found["words"]["arguments"]["num_words"]["maximum"] == 1_000_000
    for name, each in found.items():
        assert each["summary"].endswith((".", "…")), name
        assert each["decided_by"] == ("judge" if BY_NAME[name].judged else "rule")
        assert any(example["verdict"] for example in each["examples"])
        for example in each["examples"]:
            if example["verdict"] is not None:
                declared(name, example["arguments"])


def grid(text: str) -> Iterator[tuple[str, str, str]]:
    """(modifier, language, mark) of every cell, read by the column that it stands in; the share has its own name."""
    head = ""
    for line in text.splitlines():
        if re.fullmatch(r" +[a-z]{2,3}( +[a-z]{2,3})*", line):
            head = line
        elif head and line.strip():
            for tag in re.finditer(r"\S+", head):
                yield line[: tag.start()].split("  ")[0], tag[0], line[: tag.end()].split(" ")[-1]
        else:
            head = ""


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_grid_shows_every_gap_on_any_terminal(found: dict[str, dict[str, Any]], width: int) -> None:
    text = dragoman("modifiers", COLUMNS=str(width)).stdout
    assert max(map(len, text.splitlines())) <= width
    cells = {(name, tag): mark for name, tag, mark in grid(text)}
    tags = {tag for _, tag in cells}
    assert {tag for each in found.values() for tag in each["languages"]} <= tags
    for name, each in found.items():
        for tag in tags:
            assert cells[name, tag] == ("●" if tag in each["languages"] else "·"), (name, tag)
    for tag in tags:
        covered = sum(tag in each["languages"] for each in found.values())
        share = "✓" if covered == len(found) else str(covered * 100 // len(found))
        assert cells["covered, %", tag] == share, tag


def test_the_list_says_who_decides_and_what_each_takes() -> None:
    text = dragoman("modifiers", COLUMNS="200").stdout
    assert re.search(r"^ ?words +rule +num_words, relation\? +length_constraints:number_words", text, re.MULTILINE)
    assert re.search(r"^ ?style +judge +style", text, re.MULTILINE)
    assert f"{len(MODIFIERS)} modifiers." in text


def test_one_modifier_has_a_page_of_its_own() -> None:
    run = dragoman("modifiers", "bullets", COLUMNS="100")
    assert run.returncode == 0
    page = run.stdout
    assert "bullets  IFEval: detectable_format:number_bullet_lists" in page
    assert re.search(r"num_bullets +a whole number from 1 to 1,000 +any", page)
    assert "Rules decide." in page
    for title in ("Replies that pass", "Replies that fail", "Prompts that ask for nothing"):
        assert title in page
    shown = BY_NAME["bullets"].examples[0]
    assert shown.prompt in page
    assert f"reply  {shown.reply.partition(chr(10))[0]}" in page
    assert "A judge decides" in dragoman("modifiers", "style").stdout
    assert "It takes no arguments." in dragoman("modifiers", "comma").stdout
    assert json.loads(dragoman("modifiers", "bullets", "--json").stdout)["name"] == "bullets"


@pytest.mark.parametrize("name", ["bullets", "script", "kanji", "second_task"])
def test_no_page_is_wider_than_the_terminal(name: str) -> None:
    out = StringIO()
    assert modifiers(Console(width=80, file=out), name, as_json=False) == 0
    assert max(map(cell_len, out.getvalue().splitlines())) <= 80
    assert all(example.reply.splitlines()[0] in out.getvalue() for example in BY_NAME[name].examples if example.verdict)


def test_a_name_that_there_is_not_is_a_mistake_with_the_nearest_one() -> None:
    run = dragoman("modifiers", "htm")
    assert run.returncode == 2
    assert "there is no modifier 'htm'; did you mean 'html'?" in run.stderr
    assert "Traceback" not in run.stderr
