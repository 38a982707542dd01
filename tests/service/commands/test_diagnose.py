"""``dragoman diagnose``, run as a user runs it."""

from __future__ import annotations

import gzip
import json
import os
import pty
import re
import signal
import stat
import subprocess
import time
import tracemalloc
from io import BufferedReader, RawIOBase, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from service.commands.diagnose import diagnose
from tests.command_line import COMMAND, ROOT, dragoman, environment

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LINES = [
    {"id": "a", "prompt": "Wie geht es dir?", "response": "I am very well, thank you for asking me."},
    {"messages": [{"role": "user", "content": "Wie geht es dir?"}], "response": "Danke, mir geht es sehr gut."},
    {"prompt": "Give me a list in JSON format."},
    {"prompt": "x", "response": "Cut off in the middle of this long", "finish_reason": "length"},
]


def test_reads_lines_and_writes_lines(tmp_path: Path) -> None:
    file, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES) + "\n\n", encoding="utf-8")
    run = dragoman("diagnose", str(file), "--output", str(output))
    assert run.returncode == 0, run.stderr
    first, second, asked, cut = (json.loads(line) for line in output.read_text(encoding="utf-8").splitlines())
    assert (first["id"], first["language"]["verdict"], first["language"]["detected"]) == ("a", "fail", "en")
    assert (second["id"], second["language"]["verdict"]) == ("2", "pass")
    assert asked["language"] is None
    assert [(each["name"], each["verdict"]) for each in asked["modifiers"]] == [("json", "not_applicable")]
    assert cut["complete"] is False
    assert re.search(r"language: de expected +│ +1 │ +1 │", run.stderr)


OTHER_LANGUAGES = [
    "Hier ist ein Text.\n",
    "Here is the short text in German that you asked me for:\n\nGestern waren wir alle zusammen am See zum Baden.",
    "Gestern waren wir am See, and we all went for a very long walk, und danach haben wir im Garten gegessen.",
    "\n".join(
        [
            "Gestern war ein sehr schöner Tag am See.",
            "Then we all had our dinner in the garden, and it was a good day for everybody who had come along.",
            "Wir haben bis zum Abend gespielt.",
        ]
    ),
]


def test_sums_up_what_other_languages_there_are(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    lines = [json.dumps({"prompt": "x", "expected_language": "de", "response": each}) for each in OTHER_LANGUAGES]
    file.write_text("\n".join(lines), encoding="utf-8")
    run = dragoman("diagnose", str(file))
    assert run.returncode == 0, run.stderr
    _, opened, switched, mixed = map(json.loads, run.stdout.splitlines())
    assert opened["surface"][0]["language"] == "en"
    assert opened["language"]["soft_mismatch"] > 0
    assert switched["language"]["foreign_words"][0]["words"] >= 8
    assert (mixed["language"]["verdict"], sorted(mixed["language"]["shares"])) == ("abstain", ["de", "en"])
    assert re.search(r"│ lead-in +│ +1 │ en 1 ", run.stderr)
    assert re.search(r"│ runs of foreign words +│ +1 │ en 1 ", run.stderr)
    assert re.search(r"│ mixture +│ +1 │ (de 1, en 1|en 1, de 1) ", run.stderr)


def test_says_nothing_of_other_languages_where_there_are_none(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(LINES[1]), encoding="utf-8")
    assert "Languages beside" not in dragoman("diagnose", str(file)).stderr


BAD = [
    ("{", "not valid JSON: Input data was truncated"),
    ('{"prompt": 5}', "prompt: Expected `str | null`, got `int`"),
    ("{}", "give either `messages` or `prompt`"),
    ('{"prompt": "x", "messages": []}', "give either `messages` or `prompt`"),
    (
        '{"prompt": "x", "expected_language": "German"}',
        "expected_language: 'German' is no language tag: use a BCP 47 tag such as de (German)",
    ),
    (
        '{"prompt": "x", "modifiers": [{"name": "json"}, {"name": "words", "arguments": {"num_words": 0}}]}',
        "modifiers[1].arguments.num_words: expected a whole number from 1 to 1,000,000; got 0",
    ),
    (
        '{"prompt": "x", "modifiers": [{"name": "json"}, {"name": "xml"}]}',
        "modifiers[1]: contradicts modifiers[0]: the format is JSON or XML, not both; leave one out",
    ),
]
"""Lines, and why they cannot be judged."""


def test_names_each_bad_line_and_judges_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join([*(line for line, _ in BAD), json.dumps(LINES[0])]), encoding="utf-8")
    run = dragoman("diagnose", str(file))
    assert run.returncode == 1
    assert [json.loads(line)["id"] for line in run.stdout.splitlines()] == ["a"]
    for number, words in enumerate((why for _, why in BAD), 1):
        assert f"line {number}: {words}" in run.stderr.splitlines()
    assert "1 judged; 7 could not be judged, see above." in run.stderr


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Two lines that can be judged."""
    file = tmp_path / "good.jsonl"
    file.write_text("\n".join(map(json.dumps, LINES[:2])), encoding="utf-8")
    return file


def started(*arguments: str, **pipes: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, "diagnose", *arguments], cwd=ROOT, env=environment(), **pipes)


def test_where_no_line_can_be_judged_it_ends_with_status_2(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("{\n[\n", encoding="utf-8")
    run = dragoman("diagnose", str(file))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines()[-1] == "dragoman: no line could be judged; see above"
    file.write_text("\n", encoding="utf-8")
    assert dragoman("diagnose", str(file)).returncode == 0


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_answered_line_by_line_also_when_it_is_packed(good: Path, packed: bool) -> None:
    pipe = subprocess.PIPE
    with started("-", stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if packed:
            process.stdin.write(gzip.compress(good.read_bytes()))
            process.stdin.close()
        else:
            process.stdin.write(json.dumps(LINES[0]).encode() + b"\n")
            process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "a"
        if not packed:
            process.stdin.close()
        assert len(process.stdout.readlines()) == packed


def test_files_of_other_systems(good: Path, tmp_path: Path) -> None:
    file = tmp_path / "windows.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + good.read_bytes().replace(b"\n", b"\r\n"))
    run = dragoman("diagnose", str(file))
    assert (run.returncode, len(run.stdout.splitlines())) == (0, 2), run.stderr


def test_a_packed_file_that_was_cut_short_is_named_with_the_place(tmp_path: Path) -> None:
    noise = os.urandom(1 << 17).hex().encode()
    line = json.dumps(LINES[2]).encode() + b"\n"
    packed = gzip.compress(line * 3 + noise)
    file, output = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl"
    file.write_bytes(packed[:-1000])
    output.write_text("old", encoding="utf-8")
    run = dragoman("diagnose", str(file), "--output", str(output))
    assert run.returncode == 2
    assert run.stderr.startswith(f"dragoman: cannot read {file} after line 3: Compressed file ended")
    assert output.read_text(encoding="utf-8") == "old"
    assert sorted(tmp_path.iterdir()) == [file, output]


def test_a_file_is_replaced_when_all_is_written(good: Path, tmp_path: Path) -> None:
    output, link = tmp_path / "out.jsonl", tmp_path / "link"
    output.write_text("old", encoding="utf-8")
    output.chmod(0o640)
    link.symlink_to(output)
    assert dragoman("diagnose", str(good), "--output", str(link)).returncode == 0
    assert link.is_symlink()
    assert len(output.read_text(encoding="utf-8").splitlines()) == 2
    assert stat.S_IMODE(output.stat().st_mode) == 0o640
    assert dragoman("diagnose", str(good), "--output", str(good)).returncode == 0
    assert json.loads(good.read_text(encoding="utf-8").splitlines()[0])["language"]["verdict"] == "fail"
    assert sorted(tmp_path.iterdir()) == [good, link, output]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("/dev/full", "cannot write /dev/full: No space left on device"),
        ("/nowhere/out", "cannot write /nowhere/out: No such file or directory"),
        ("/", "is a directory"),
    ],
)
def test_where_it_cannot_write_it_says_so(good: Path, output: str, words: str) -> None:
    run = dragoman("diagnose", str(good), "--output", output)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_devices_are_written_to_and_not_replaced(good: Path) -> None:
    assert dragoman("diagnose", str(good), "--output", "/dev/null").returncode == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_reader_that_has_had_enough_ends_it_quietly(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join([json.dumps(LINES[0])] * 500), encoding="utf-8")
    with started(str(file), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with started("-", "--output", str(output), stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(LINES[0]).encode() + b"\n")
        process.stdin.flush()
        while not any(part.stat().st_size for part in tmp_path.iterdir()):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_gets_a_progress_bar_and_a_pipe_does_not(good: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with started(str(good), "--output", str(tmp_path / "out"), stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
    os.close(ours)
    assert process.returncode == 0
    assert b"Judging" in shown
    assert b"2 lines" in shown
    assert "Judging" not in dragoman("diagnose", str(good)).stderr


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody holds the other end any more
        return b""


class Lines(RawIOBase):
    """As many equal lines as are wanted, made when they are read; notes the memory that is in use meanwhile."""

    name = "lines"

    def __init__(self, line: bytes, count: int) -> None:
        self._line = line
        self._left = count
        self.memory: list[int] = []

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self.memory.append(tracemalloc.get_traced_memory()[0])
        size = len(self._line) if self._left > 0 else 0
        memoryview(buffer)[:size] = self._line[:size]
        self._left -= 1
        return size


def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    line = json.dumps({"prompt": "Was ist Tee?", "response": "Tee ist heiß. " * 8}).encode() + b"\n"
    source = Lines(line, 600)
    tracemalloc.start()
    try:
        assert diagnose(BufferedReader(source), tmp_path / "out", Console(file=StringIO())) == 0
    finally:
        tracemalloc.stop()
    assert len(source.memory) > 600
    assert source.memory[-1] - source.memory[200] < 50_000, "a diagnosis that is kept takes more than 200 bytes"
