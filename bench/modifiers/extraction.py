"""What is read from labelled prompts, beside their labels: a cell for every type and language.

Types are IFEval's 25, named as our modifiers are; a row counts once in each. Where the labels say nothing of what was
read, this holds:

- Many Marco sets add an implicit response_language, the prompt's own, to rows that ask for none: only requests for
  another language count (in English sets, explicit ones for English too), and what is read as the prompt's own language
  is neither hit nor miss. Rows with a case type are labelled English, though few prompts say so: neither, too.
- Bullets without a number, and paragraphs parted otherwise than by ``***``, are other demands than IFEval's types:
  where they are not labelled they are not held against the reader ("beyond"). Nor is a type that IFEval does not have
  ("unlabelled").
- A keyword "at least once" is one that is to be included, "not at all" one that is excluded, "exactly once" one that is
  to be included and to appear at most once; a forbidden character is a letter that occurs less than once.
- Where a script has no blanks the editions translate "words" with "characters" (400字): read as such, they are right.

Arguments are compared where both found and labelled. Those whose texts do not stand in the prompt (adapted prompts
with the labels of the original; requests to repeat that lost their first letter) cannot be read by anybody: they are
counted apart, as "absent". So are those that contradict the words of the prompt, where what was read is what a person
read there ("mislabelled", see exceptions.toml): in figures with a star they are left out, in others they are wrong.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.language.data import DATA
from bench.language.tables import quantile
from diagnostics.core import Message, RequestedModifier, Span
from diagnostics.language.tags import SEVERAL, UNDETERMINED
from diagnostics.modifiers import MODIFIERS
from diagnostics.reading.reader import Demands, Reader

from . import exceptions
from .arguments import HAVE_ARGUMENTS, Arguments, compare, cut, derivable, form
from .data import Prompt, bare, prompts, reader, short
from .exceptions import Exceptions

HELP = "modifiers read from labelled prompts"

LANGUAGE = "language:response_language"
NAMES = {bare(modifier.ifeval): modifier.name() for modifier in MODIFIERS if modifier.ifeval} | {
    LANGUAGE: "language",
    **{f"change_case:{edition}_lowercase": "lowercase" for edition in ("french", "spanish")},
    **{f"change_case:{edition}_capital": "uppercase" for edition in ("french", "spanish")},
}
"""Instruction id -> our name."""
IFEVAL = (
    "bullets", "capitals", "comma", "ending", "exclude", "highlight", "include", "json", "keyword", "language",
    "letters", "lowercase", "options", "paragraph", "paragraphs", "placeholders", "postscript", "quotes", "repeat",
    "responses", "sections", "sentences", "title", "uppercase", "words",
)  # fmt: skip
"""IFEval's 25 types, which the macro average is over."""
SUBTAGS = {"zh-cn": "zh", "zh-tw": "zh", "zh-Hans": "zh", "zh-Hant": "zh", "nb": "no", "tl": "fil"}
KINDS = ("exact", "loose", "relation", "wrong", "absent", "mislabelled")
"""How arguments can compare."""
NO_BLANKS = frozenset({"zh", "ja", "th"})
"""Languages whose editions count characters where IFEval counts words."""
FEW = 10
"""Cells with fewer labelled rows say little: they are not held against the floor."""
FLOOR = 0.80


class Error(NamedTuple):
    """What differs from a label: fp, fn, or how the arguments do; ``text`` is all there is to see."""

    kind: str
    text: str


class Cell:
    """One type in one language: hits, misses, false alarms (those excused apart), arguments, and all errors."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.arguments: Counter[str] = Counter()
        self.errors: list[Error] = []

    def __add__(self, other: Cell) -> Cell:
        made = Cell()
        made.counts = self.counts + other.counts
        made.arguments = self.arguments + other.arguments
        return made

    @property
    def gold(self) -> int:
        """Labelled rows."""
        return self.counts["tp"] + self.counts["fn"]

    def precision(self, excused: bool = True) -> float:
        """Share of what was found that is labelled; real demands without a label left out where ``excused``."""
        alarms = self.counts["fp"] + (0 if excused else self.counts["excused"])
        return _share(self.counts["tp"], alarms)

    @property
    def recall(self) -> float:
        """Share of the labelled that was found."""
        return _share(self.counts["tp"], self.counts["fn"])

    def f1(self, excused: bool = True) -> float:
        """The harmonic mean of both."""
        alarms = self.counts["fp"] + (0 if excused else self.counts["excused"])
        return _share(2 * self.counts["tp"], self.counts["fn"] + alarms)

    def exact(self, excused: bool = True) -> float:
        """Share of the arguments, where both found and labelled, that are right or loosely so; labels that contradict
        the prompt left out where ``excused``."""
        right = self.arguments["exact"] + self.arguments["loose"]
        wrong = self.arguments["relation"] + self.arguments["wrong"]
        return _share(right, wrong + (0 if excused else self.arguments["mislabelled"]))


def _share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else 1.0


class Extraction:
    """Extraction measured over rows of prompts: ``cells`` by type and language."""

    def __init__(self, reviewed: Exceptions) -> None:
        self.cells: dict[tuple[str, str], Cell] = {}
        self.unknown: Counter[str] = Counter()
        self.aside: dict[str, list[Error]] = {}
        self._excuses = reviewed.phrases()
        self._corrections = reviewed.corrections()

    def row(self, row: Prompt, demands: Demands) -> None:
        """Compare what was read from one prompt with its labels."""
        wanted = self._wanted(row)
        found = self._found(row, wanted, demands)
        for name in wanted.keys() | found.keys():
            self._type(row, name, found.get(name), wanted.get(name), demands)
        self._language(row, demands)

    def cell(self, name: str, language: str) -> Cell:
        """The cell of one type and language."""
        return self.cells.setdefault((name, language), Cell())

    def _wanted(self, row: Prompt) -> dict[str, list[Arguments]]:
        wanted: dict[str, list[Arguments]] = {}
        for ifeval, arguments in row.labels:
            name = NAMES.get(ifeval)
            if name is None:
                self.unknown[ifeval] += 1
            elif name != "language":
                for each, given in canonical(name, arguments):
                    wanted.setdefault(each, []).append(given)
        return wanted

    def _found(self, row: Prompt, wanted: dict[str, list[Arguments]], demands: Demands) -> dict[str, list[Arguments]]:
        found: dict[str, list[Arguments]] = {}
        read = [pair for each in demands.modifiers for pair in canonical(each.name, each.arguments)]
        for name, arguments in read:
            if name == "characters" and row.language in NO_BLANKS and name not in wanted:
                name, arguments = "words", {"num_words": arguments["num_characters"], **arguments}
            kind = "beyond" if _beyond(name, arguments) else "" if _labelled(name, row) else "unlabelled"
            if kind and name not in wanted:
                self.aside.setdefault(name, []).append(Error(kind, self._told(row, name, None, demands)))
            else:
                found.setdefault(name, []).append(arguments)
        return found

    def _type(
        self,
        row: Prompt,
        name: str,
        found: list[Arguments] | None,
        wanted: list[Arguments] | None,
        demands: Demands,
    ) -> None:
        cell = self.cell(name, row.language)
        text = self._told(row, name, wanted, demands)
        if found is None or wanted is None:
            spans = [each.span or (0, 0) for each in demands.modifiers if _stands_for(each, name)]
            self._miss(cell, row, name, spans if found is not None else None, text)
            return
        cell.counts["tp"] += 1
        if name in HAVE_ARGUMENTS:
            kind = self._compared(row, name, wanted, found)
            cell.arguments[kind] += 1
            if kind not in ("exact", "loose"):
                cell.errors.append(Error(kind, text))

    def _compared(self, row: Prompt, name: str, wanted: list[Arguments], found: list[Arguments]) -> str:
        """How what was read compares with the label: one of ``KINDS``."""
        gold, read = form(name, wanted), form(name, found)
        kind = compare(gold, read)
        if kind in ("exact", "loose"):
            return kind
        if not derivable(gold, row.prompt) or (name == "repeat" and cut(gold, row.prompt)):
            return "absent"
        right = self._corrections.get((row.place, row.key, name))
        if right is None or right.phrase not in row.prompt:
            return kind
        corrected = form(name, [{**label, **right.arguments} for label in wanted])
        return "mislabelled" if compare(corrected, read) in ("exact", "loose") else kind

    def _miss(self, cell: Cell, row: Prompt, name: str, found: Sequence[Span] | None, text: str) -> None:
        """Count what was ``found``, and where, without a label; or, found nowhere, what was missed."""
        kind = "fn" if found is None else "excused" if self._excused(row, name, found) else "fp"
        if kind != "excused":
            cell.errors.append(Error(kind, text))
        cell.counts[kind] += 1

    def _excused(self, row: Prompt, name: str, found: Sequence[Span]) -> bool:
        """Was all of it read from the words that a person has seen to ask for it?"""
        phrase = self._excuses.get((row.place, row.key, name))
        start = row.prompt.find(phrase) if phrase else -1
        end = start + len(phrase or "")
        return start >= 0 and all(first < end and start < last for first, last in found)

    def _told(self, row: Prompt, name: str, wanted: list[Arguments] | None, demands: Demands) -> str:
        read = [
            f"{each.name} {each.arguments} from {_phrase(row, each)!r}"
            for each in demands.modifiers
            if _stands_for(each, name)
        ]
        return (
            f"{name} {row.place} {row.key} | found {'; '.join(read) or '-'} | labelled {wanted or '-'} | "
            f"{short(row.prompt)}"
        )

    def _language(self, row: Prompt, demands: Demands) -> None:
        """See the module's docstring for what is neither hit nor miss."""
        own = row.language
        given = next((str(arguments.get("language")) for ifeval, arguments in row.labels if ifeval == LANGUAGE), None)
        label = SUBTAGS.get(given, given) if given else None
        found = demands.language.tag if demands.language else None
        found = None if found in (SEVERAL, UNDETERMINED) else found
        found = SUBTAGS.get(found, found) if found else None
        cased = any("change_case" in ifeval for ifeval, _ in row.labels)
        span = demands.language.span if demands.language and demands.language.span else (0, 0)
        text = (
            f"language {row.place} {row.key} | found {found} from {row.prompt[slice(*span)]!r} | labelled {label} | "
            f"{short(row.prompt)}"
        )
        cell = self.cell("language", own)
        if cased and label in (None, "en", own):
            if found not in (None, "en", own):
                self._miss(cell, row, "language", [span], text)
        elif label is None or (label == own and own != "en"):
            if found not in (None, own):
                self._miss(cell, row, "language", [span], text)
        elif found == label:
            cell.counts["tp"] += 1
        else:
            self._miss(cell, row, "language", None, text)
            if found is not None:
                self._miss(cell, row, "language", [span], text)


def canonical(name: str, arguments: Arguments) -> list[tuple[str, Arguments]]:
    """Of several ways to ask for the same, one: see the module's docstring."""
    if name == "forbidden_character":
        return [("letters", {"letter": arguments["forbidden_char"], "let_frequency": 1, "let_relation": "less than"})]
    if name == "keyword" and "keyword" in arguments:
        bounds = next(iter(form(name, [arguments]).bounds.values()), None)
        included: tuple[str, Arguments] = ("include", {"keywords": [arguments["keyword"]]})
        if bounds == (1.0, math.inf):
            return [included]
        if bounds == (1.0, 1.0):
            return [included, (name, {**arguments, "relation": "at most"})]
        if bounds == (0.0, 0.0):
            return [("exclude", {"forbidden_words": [arguments["keyword"]]})]
    return [(name, arguments)]


def _labelled(name: str, row: Prompt) -> bool:
    """Would the row's labels say so if it asked for this? Only M-IFEval's editions have types of their own."""
    return name in IFEVAL or (name in NAMES.values() and row.set == "m_ifeval" and row.language != "en")


def _beyond(name: str, arguments: Arguments) -> bool:
    if name == "paragraphs":
        return bool(arguments.get("separator", "***") != "***")
    return name == "bullets" and arguments.get("num_bullets") is None


def _stands_for(modifier: RequestedModifier, name: str) -> bool:
    names = [each for each, _ in canonical(modifier.name, modifier.arguments)]
    return name in (*names, {"characters": "words"}.get(modifier.name))


def _phrase(row: Prompt, modifier: RequestedModifier) -> str:
    return row.prompt[slice(*modifier.span)] if modifier.span else ""


class Speed(NamedTuple):
    """CPU seconds that reading took, by length of the prompt."""

    times: list[tuple[int, float]]

    def __str__(self) -> str:
        every = [spent for _, spent in self.times]
        thousand = [spent for length, spent in self.times if 800 <= length <= 1250]
        said = "; ".join(
            f"{what} p50 {quantile(some, 0.5) * 1e6:.0f} µs, p95 {quantile(some, 0.95) * 1e6:.0f} µs ({len(some)})"
            for what, some in (("all prompts", every), ("prompts of 800 to 1,250 characters", thousand))
            if some
        )
        return f"CPU of reading: {said}"


def measure(rows: Iterable[Prompt], reader: Reader, reviewed: Exceptions) -> tuple[Extraction, Speed]:
    """Read all rows that are in the lexicons' languages."""
    extraction, speed = Extraction(reviewed), Speed([])
    for row in rows:
        if row.language in reader.languages:
            messages = (Message("user", row.prompt),)
            start = time.thread_time()
            demands = reader.read(messages, row.language)
            speed.times.append((len(row.prompt), time.thread_time() - start))
            extraction.row(row, demands)
    return extraction, speed


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="folder of the development data")
    parser.add_argument("--language", default="", help="only prompts in these, by comma: de,fr")
    parser.add_argument("--type", default="", help="only these types, by comma: words,bullets")
    parser.add_argument("--key", type=int, help="only rows of this key")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N errors of each kind in each cell")


def run(options: argparse.Namespace) -> None:
    """Measure and print."""
    languages = set(filter(None, options.language.split(",")))
    read = reader(languages)
    rows = [
        row
        for row in prompts(options.data)
        if (not languages or row.language in languages) and options.key in (None, row.key)
    ]
    extraction, speed = measure(rows, read, exceptions.load())
    types = set(filter(None, options.type.split(",")))
    cells = {place: cell for place, cell in sorted(extraction.cells.items()) if not types or place[0] in types}
    unread = sorted({row.language for row in rows} - set(read.languages))
    print(f"{len(speed.times)} prompts read; languages without a lexicon: {' '.join(unread) or 'none'}")
    print_matrix(cells)
    print_sums("type", _summed(cells, 0))
    print_sums("language", _summed(cells, 1))
    print_totals(cells)
    print(speed)
    print("labels that no modifier stands for:", dict(extraction.unknown) or "none")
    print("demands of types that nobody labelled, or beyond IFEval's:", _sizes(extraction.aside))
    for place, cell in cells.items():
        _print_errors("/".join(place), cell.errors, options.errors)
    for name, errors in sorted(extraction.aside.items()):
        if not types or name in types:
            _print_errors(name, errors, options.errors)


def _sizes(lists: dict[str, list[Error]]) -> str:
    return " ".join(f"{name} {len(errors)}" for name, errors in sorted(lists.items())) or "none"


def _summed(cells: dict[tuple[str, str], Cell], part: int) -> dict[str, Cell]:
    sums: dict[str, Cell] = {}
    for place, cell in cells.items():
        sums[place[part]] = sums.get(place[part], Cell()) + cell
    return dict(sorted(sums.items()))


def print_matrix(cells: dict[tuple[str, str], Cell]) -> None:
    """F1 in percent of every type in every language; "." where nothing is labelled."""
    languages = sorted({language for _, language in cells})
    print(f"\nF1 in percent, with exceptions; ! is below {100 * FLOOR:.0f} with {FEW} rows or more")
    print(" " * 20 + "".join(f"{language:>4}" for language in languages))
    for name in sorted({name for name, _ in cells}):
        shown = (_percent(cells.get((name, language))) for language in languages)
        print(f"{name:20}" + "".join(f"{each:>4}" for each in shown))


def _percent(cell: Cell | None) -> str:
    if cell is None or not cell.gold:
        return "."
    low = "!" if cell.gold >= FEW and cell.f1() < FLOOR else ""
    return f"{low}{100 * cell.f1():.0f}"


def print_sums(title: str, sums: dict[str, Cell]) -> None:
    """A line for each type or language: found, and arguments where both found and labelled."""
    print(
        f"\n{title:13} gold    tp   fp  ok*   fn |    P    P*     R    F1   F1* | "
        + " ".join((*KINDS, "right", "right*"))
    )
    for name, cell in sums.items():
        counts = "".join(f"{cell.counts[kind]:5}" for kind in ("tp", "fp", "excused", "fn"))
        rates = (cell.precision(False), cell.precision(), cell.recall, cell.f1(False), cell.f1())
        given = " ".join(f"{cell.arguments[kind]:{len(kind)}}" for kind in KINDS)
        right = f"{cell.exact(False):.3f} {cell.exact():6.3f}" if cell.arguments else "    -      -"
        print(f"{name:13} {cell.gold:4} {counts} | {' '.join(f'{rate:.3f}' for rate in rates)} | {given} {right}")
    print("* demands without a label, labels against the prompt, see exceptions.toml: left out of figures with a star")


def print_totals(cells: dict[tuple[str, str], Cell]) -> None:
    """Averages over cells and over rows, and the cells that are worst."""
    official = {place: cell for place, cell in cells.items() if place[0] in IFEVAL}
    labelled = {place: cell for place, cell in official.items() if cell.gold}
    if not labelled:
        return
    total = sum(official.values(), Cell())
    for what, excused in (("raw", False), ("with exceptions", True)):
        macro = sum(cell.f1(excused) for cell in labelled.values()) / len(labelled)
        print(
            f"\nIFEval's types, {what}: macro-F1 {macro:.3f} over {len(labelled)} cells; "
            f"micro P {total.precision(excused):.3f} R {total.recall:.3f} F1 {total.f1(excused):.3f}"
        )
    print(
        f"arguments right where found and labelled, raw {total.exact(False):.3f}, with exceptions {total.exact():.3f}: "
        f"{dict(total.arguments)}"
    )
    worst = sorted(labelled.items(), key=lambda pair: pair[1].f1())
    low = [pair for pair in worst if pair[1].gold >= FEW and pair[1].f1() < FLOOR]
    print(f"cells of {FEW} rows or more below {FLOOR:.2f}: {len(low)}:", _listed(low))
    print("worst cells of any size:", _listed(worst[:20]))


def _listed(cells: Sequence[tuple[tuple[str, str], Cell]]) -> str:
    return ", ".join(f"{'/'.join(place)} {cell.f1():.2f} ({cell.gold})" for place, cell in cells) or "none"


def _print_errors(place: str, errors: Sequence[Error], most: int) -> None:
    kinds: Counter[str] = Counter()
    for error in errors:
        kinds[error.kind] += 1
        if kinds[error.kind] <= most:
            print(f"{error.kind:8} {error.text}")
    if most and kinds:
        print(f"---- {place}: {dict(kinds)}\n")
