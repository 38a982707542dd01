"""False alarms: demands read from texts that were not written to hold any.

Three sources: prompts of the Language Confusion Benchmark's monolingual tasks (where the data have them: rows without a
prompt are skipped), the replies recorded for those tasks, and single sentences from newspapers and the web (lingua's
test data). The latter two ask for nothing at all. Prompts do, now and then ("in 100 words"): what a person read and
found to be asked for stands in ``exceptions.toml`` and is counted apart. All that was read is listed.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.language.data import DATA, Line, Reply, rows
from diagnostics.core import Message, Span
from diagnostics.language.tags import SEVERAL, UNDETERMINED, base_language
from diagnostics.reading.reader import Reader

from . import exceptions
from .data import reader, short

HELP = "false alarms on texts that ask for nothing"

SOURCES = ("prompts", "replies", "sentences")
FAMILIES = {
    "language": ("language", "script"),
    "length": ("words", "sentences", "paragraphs", "characters", "lines", "length_hint"),
    "lists": ("bullets", "numbered", "items", "marker"),
    "formats": ("json", "html", "xml", "yaml", "csv", "markdown", "table", "code", "fence", "plain"),
    "case": ("uppercase", "lowercase", "title_case", "capitals"),
    "keywords": ("include", "exclude", "keyword", "letters"),
    "places": ("beginning", "ending", "paragraph", "postscript", "repeat"),
    "parts": ("sections", "highlight", "title", "placeholders", "responses", "options", "quotes"),
    "judged": ("audience", "style", "tone", "tense", "person", "second_task", "address"),
}
"""What is counted together; a type that is in none is a family of its own."""
FAMILY = {name: family for family, names in FAMILIES.items() for name in names}


class Text(NamedTuple):
    """A text that should ask for nothing."""

    source: str
    language: str
    text: str


class Alarm(NamedTuple):
    """What was read from one: a modifier's name, its arguments, and the words it was read from."""

    text: Text
    name: str
    arguments: dict[str, object]
    phrase: str

    @property
    def family(self) -> str:
        """What it is counted with."""
        return FAMILY.get(self.name, self.name)


class _Prompt(msgspec.Struct, frozen=True):
    task: str
    expected_language: str
    prompt: str | None


def texts(folder: Path) -> Iterator[Text]:
    """All of them, each once."""
    for row in rows(folder, "language_confusion", _Prompt):
        if row.task == "monolingual" and row.prompt:
            yield Text("prompts", row.expected_language, row.prompt)
    for reply in rows(folder, "language_confusion", Reply):
        if reply.task == "monolingual":
            yield Text("replies", reply.expected_language, reply.text)
    for line in rows(folder, "lingua_lines", Line):
        if line.kind == "sentences":
            yield Text("sentences", SAME.get(line.language, line.language), line.text)


SAME = {"nb": "no", "nn": "no", "tl": "fil"}
"""Languages that the data name otherwise than the lexicons do."""


def alarms(text: Text, reader: Reader) -> Iterator[Alarm]:
    """What is read from a text; its own language, or none in particular, is no alarm."""
    demands = reader.read((Message("user", text.text),), text.language)
    language = demands.language
    if language and language.tag not in (SEVERAL, UNDETERMINED) and base_language(language.tag) != text.language:
        yield Alarm(text, "language", {"language": language.tag}, _phrase(text, language.span))
    for each in demands.modifiers:
        yield Alarm(text, each.name, each.arguments, _phrase(text, each.span))


def _phrase(text: Text, span: Span | None) -> str:
    return text.text[slice(*span)] if span else ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="folder of the development data")
    parser.add_argument("--language", default="", help="only texts in these, by comma: de,fr")
    parser.add_argument("--source", choices=SOURCES, help="only these texts")


def run(options: argparse.Namespace) -> None:
    """Read all, print the counts, list every demand."""
    languages = set(filter(None, options.language.split(",")))
    reading = reader(languages)
    wanted = set(reading.languages) & (languages or set(reading.languages))
    some = dict.fromkeys(each for each in texts(options.data) if options.source in (None, each.source))
    read = [each for each in some if each.language in wanted]
    real = exceptions.load().demands()
    found = [alarm for text in read for alarm in alarms(text, reading)]
    false = [alarm for alarm in found if (exceptions.digest(alarm.text.text), alarm.name) not in real]
    for source in SOURCES:
        print_source(source, [text for text in read if text.source == source], found, false)
    for alarm in found:
        kind = "false" if alarm in false else "real"
        print(
            f"{kind} {alarm.text.source} {alarm.text.language} {exceptions.digest(alarm.text.text)} {alarm.name} "
            f"{alarm.arguments} from {alarm.phrase!r} | {short(alarm.text.text, 300)}"
        )


def print_source(source: str, read: list[Text], found: list[Alarm], false: list[Alarm]) -> None:
    """Demands by family and by language of one source, per 1,000 texts."""
    if not read:
        print(f"{source}: none in the data\n")
        return
    print(f"{source}: {len(read)} in {len({text.language for text in read})} languages; per 1,000: all read, false")
    for name, total in (("family", None), ("language", Counter(text.language for text in read))):
        counts = [Counter(_by(name, alarm) for alarm in some if alarm.text.source == source) for some in (found, false)]
        shown = (
            f"{each} {_rate(count, total[each] if total else len(read))}, "
            f"{_rate(counts[1][each], total[each] if total else len(read))}"
            for each, count in sorted(counts[0].items())
        )
        print(f"  by {name}: {'; '.join(shown) or 'none'}")
    print()


def _by(name: str, alarm: Alarm) -> str:
    return alarm.family if name == "family" else alarm.text.language


def _rate(count: int, total: int) -> str:
    return f"{1000 * count / total:.1f}"
