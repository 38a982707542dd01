"""``dragoman compare``, run as a user runs it."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.command_line import COMMAND, ROOT, dragoman, environment

GERMAN = "Das Wetter ist heute sehr schön, und wir gehen alle zusammen in den Garten."
ENGLISH = "The weather is very nice today, and we are all going into the garden together."
FRENCH = "Il fait très beau aujourd'hui, et nous allons tous ensemble dans le jardin."


def exchanges(wrong: float, count: int, seed: int, *, prefix: str = "") -> list[dict[str, object]]:
    """Half in German, half in French; so great a share of the German replies is English."""
    draw = random.Random(seed)
    rows: list[dict[str, object]] = []
    for at in range(count):
        german = at % 2 == 0
        prompt = f"{prefix}Wie ist das Wetter am {at}. Tag?" if german else f"{prefix}Quel temps fait-il le jour {at} ?"
        right = GERMAN if german else FRENCH
        rows.append({"prompt": prompt, "response": ENGLISH if german and draw.random() < wrong else right})
    return rows


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs: a good one, one as good, one with half of its German replies in English, and one of other prompts."""
    folder = tmp_path_factory.mktemp("logs")
    write(folder / "stable.jsonl", exchanges(0.05, 160, 1))
    write(folder / "same.jsonl", exchanges(0.05, 160, 2))
    write(folder / "english.jsonl", exchanges(0.5, 160, 3))
    write(folder / "elsewhere.jsonl", exchanges(0.6, 160, 4, prefix="Bitte: "))
    return folder


def test_a_canary_that_answers_in_english_is_rolled_back_with_status_1(folder: Path) -> None:
    run = dragoman("compare", str(folder / "stable.jsonl"), str(folder / "english.jsonl"))
    assert run.returncode == 1, run.stderr
    german = next(line for line in run.stdout.splitlines() if line.split()[:3] == ["de", "language:", "fail"])
    assert german.split()[3] == "80"
    assert german.rstrip().endswith(" worse")
    french = next(line for line in run.stdout.splitlines() if line.split()[:3] == ["fr", "language:", "fail"])
    assert not french.rstrip().endswith(" worse")
    assert "160 and 160 replies; 160 pairs of replies to the same prompt." in run.stdout
    assert run.stdout.splitlines()[-1] == "rollback: worse: language fail in de"


def test_one_that_is_as_good_is_not_and_more_replies_are_asked_for(folder: Path) -> None:
    run = dragoman("compare", str(folder / "stable.jsonl"), str(folder / "same.jsonl"))
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1].startswith("continue: ")
    assert "open, " in run.stdout


def test_a_log_and_itself_is_promoted_when_there_is_enough_of_it(tmp_path: Path) -> None:
    log = str(write(tmp_path / "log.jsonl", exchanges(0.0, 1200, 1)))
    run = dragoman("compare", log, log)
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "promote: no worse in any of 12 gates"), run.stdout


def test_other_prompts_are_compared_without_pairs(folder: Path) -> None:
    run = dragoman("compare", str(folder / "stable.jsonl"), str(folder / "elsewhere.jsonl"), "--json")
    assert run.returncode == 1, run.stderr
    found = json.loads(run.stdout)
    assert found["pairs"] is None
    german = next(each for each in found["decision"]["slices"] if each["worse"])
    assert (german["language"], german["check"], german["outcome"]) == ("de", "language", "fail")
    assert german["requests"] == [80, 80]
    assert german["interval"][0] > 0.1


def test_diagnoses_are_taken_as_well_and_paired_by_id(folder: Path, tmp_path: Path) -> None:
    diagnosed = []
    for name in ("stable", "english"):
        diagnosed.append(tmp_path / f"{name}.jsonl")
        assert dragoman("diagnose", str(folder / f"{name}.jsonl"), "--output", str(diagnosed[-1])).returncode == 0
    of_diagnoses = dragoman("compare", *map(str, diagnosed), "--json")
    of_exchanges = dragoman("compare", str(folder / "stable.jsonl"), str(folder / "english.jsonl"), "--json")
    assert json.loads(of_diagnoses.stdout) == json.loads(of_exchanges.stdout)
    mixed = dragoman("compare", str(diagnosed[0]), str(folder / "english.jsonl"), "--json")
    assert json.loads(mixed.stdout)["pairs"] is None  # the exchanges have no ids


def test_packed_files_and_bad_lines(folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed.jsonl.gz"
    lines = (folder / "stable.jsonl").read_bytes().splitlines()
    packed.write_bytes(gzip.compress(b"\n".join([b"{", lines[0], b"", b'{"prompt": 5}', *lines[1:]])))
    run = dragoman("compare", str(packed), str(folder / "english.jsonl"))
    assert run.returncode == 1
    first, second = run.stderr.splitlines()
    assert first == f"{packed}, line 1: not valid JSON: Input data was truncated"
    assert second == f"{packed}, line 4: prompt: Expected `str | null`, got `int`"
    assert "160 and 160 replies" in run.stdout


@pytest.mark.parametrize("content", ["", "{\n[\n", "\n\n"])
def test_a_log_without_a_reply_is_status_2(folder: Path, tmp_path: Path, content: str) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text(content, encoding="utf-8")
    run = dragoman("compare", str(folder / "stable.jsonl"), str(empty))
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1] == f"dragoman: {empty} has no reply that could be judged"
    assert dragoman("compare", str(folder / "stable.jsonl"), str(tmp_path / "none.jsonl")).returncode == 2


SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture(folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "evidence.svg"
    run = dragoman("compare", str(folder / "stable.jsonl"), str(folder / "english.jsonl"), "--plot", str(picture))
    assert run.returncode == 1, run.stderr
    tree = ElementTree.parse(picture)
    texts = [each.text for each in tree.iter(f"{SVG}text")]
    assert texts[0] == "Canary: rollback"
    for title in ("all slices together", "de: language: fail", "fr: language: fail"):
        assert title in texts
    dashed = [each for each in tree.iter(f"{SVG}polyline") if each.get("stroke-dasharray") != "none"]
    assert len(dashed) == 5  # one threshold for all together, two for each language
    longest = max((each.get("points") or "" for each in tree.iter(f"{SVG}polyline")), key=len)
    assert len(longest.split()) == 61


def test_a_picture_of_another_kind_or_that_cannot_be_written(folder: Path) -> None:
    logs = (str(folder / "stable.jsonl"), str(folder / "same.jsonl"))
    run = dragoman("compare", *logs, "--plot", "evidence.png")
    assert run.returncode == 2
    assert "name it FILE.svg" in run.stderr
    run = dragoman("compare", *logs, "--plot", "/nowhere/evidence.svg")
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].startswith("dragoman: cannot write /nowhere/evidence.svg: ")


def test_ctrl_c_is_no_verdict(folder: Path) -> None:
    """Status 1 would say that the canary is worse."""
    command = [*COMMAND, "compare", str(folder / "stable.jsonl"), "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment()
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"{\n")
        process.stdin.flush()
        assert b"line 1: not valid JSON" in process.stderr.readline()  # it is reading
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(20) == 130
