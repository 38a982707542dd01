"""The Language Confusion Benchmark (Marchisio et al., EMNLP 2024; github.com/for-ai/language-confusion).

A folder is its release: prompts in ``test_sets/TASK/SOURCE/LANG.csv``; those of the task crosslingual are English and
ask for a reply in the language. A file is completions, ``outputs/MODEL.csv`` with the columns id (the row of the prompt
file, from 0; some releases lack it), completion, task, source and language; their prompts are read from ``test_sets``
beside the file's folder where it is there. Completions are taken as the benchmark takes them: up to a question that the
model asks itself, and none as finished, for they are stopped at 100 tokens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from diagnostics.core import Message
from diagnostics.language.tags import normalise_tag

from ..errors import SetupError
from .base import Refused, Row
from .lines import existing_file
from .table import Record, records

EXAMPLE = "lcb:language-confusion"

TEST_SETS = "test_sets"
CROSSLINGUAL = "crosslingual"
TRANSLATED = frozenset({"dolly_human_edited"})
"""Monolingual sources of which rows of the same number are translations of each other."""
OWN_QUESTION = "\nQ:"


def files(where: str) -> Sequence[Path]:
    """The prompts of a folder, or one file of completions."""
    folder = Path(where)
    if not where or not folder.is_dir():
        return (existing_file(where, EXAMPLE),)
    found = sorted(folder.glob(f"{TEST_SETS}/*/*/*.csv"))
    if not found:
        raise SetupError(f"there is no {TEST_SETS}/TASK/SOURCE/LANG.csv in {where}")
    return found


def read(files: Sequence[Path]) -> Iterator[Row | Refused]:
    """Prompts, file by file, or completions."""
    for path in files:
        if path.parts[-4:-3] == (TEST_SETS,):
            yield from _prompts(path)
        else:
            yield from _completions(path)


def _prompts(path: Path) -> Iterator[Row | Refused]:
    file = "/".join(path.parts[-3:])
    for record in records(path, ("prompt",)):
        if not isinstance(record, Record):
            yield Refused(f"{file}, line {record.line}", record.reason)
            continue
        try:
            yield _row(path, record)
        except ValueError as error:
            yield Refused(f"{file}, line {record.line}", str(error))


def _row(path: Path, record: Record) -> Row:
    task, folder, _ = path.parts[-3:]
    source = record.cells.get("source") or folder
    return _asked(task, source, path.stem, str(record.number), (Message("user", record.cells["prompt"]),))


def _completions(path: Path) -> Iterator[Row | Refused]:
    prompts = _Prompts(path.resolve().parent.parent / TEST_SETS)
    for record in records(path, ("completion", "task", "source", "language")):
        place = f"{path.name}, line {record.line}"
        if not isinstance(record, Record):
            yield Refused(place, record.reason)
            continue
        try:
            yield _answered(record, prompts)
        except ValueError as error:
            yield Refused(place, str(error))


def _answered(record: Record, prompts: _Prompts) -> Row:
    """Some releases have no id; which prompt a completion answers is not known then."""
    task, source, language = (record.cells[name] for name in ("task", "source", "language"))
    id = record.cells.get("id", "")
    prompt = prompts.find(task, source, language, id)
    messages = () if prompt is None else (Message("user", prompt),)
    completion = record.cells["completion"].split(OWN_QUESTION)[0]
    return _asked(task, source, language, id or str(record.number), messages, completion)


class _Prompts:
    """The prompts of a release, of which a file is read when one of its own is first asked for."""

    def __init__(self, test_sets: Path) -> None:
        self._files: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
        self._rows: dict[tuple[str, str, str], dict[str, str]] = {}
        for path in sorted(test_sets.glob("*/*/*.csv")):
            self._files[path.parts[-3], path.stem].append(path)

    def find(self, task: str, source: str, language: str, id: str) -> str | None:
        """The prompt of that number, None where there is none."""
        key = task, source, language
        if key not in self._rows:
            found = (each for path in self._files.get((task, language), ()) for each in _named(path))
            self._rows[key] = {number: prompt for own, number, prompt in found if own == source}
        return self._rows[key].get(id)


def _named(path: Path) -> Iterator[tuple[str, str, str]]:
    """Source, number and text of the prompts of a file; a folder's name may be shorter than the source's."""
    for record in records(path, ("prompt",)):
        if isinstance(record, Record):
            yield record.cells.get("source") or path.parent.name, str(record.number), record.cells["prompt"]


def _asked(
    task: str, source: str, language: str, number: str, messages: tuple[Message, ...], response: str | None = None
) -> Row:
    """A row of the benchmark.

    Raises:
        ValueError: the language is none.
    """
    expected = normalise_tag(language)
    alike = task == CROSSLINGUAL or source in TRANSLATED
    return Row(
        id=f"{task}/{source}/{language}/{number}",
        messages=messages,
        language="en" if task == CROSSLINGUAL else expected,
        expected_language=expected,
        type=f"{task}/{source}",
        parallel=f"{task}/{source}/{number}" if alike else None,
        response=response,
        finish_reason=None if response is None else "length",
    )
