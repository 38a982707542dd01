"""``dragoman modifiers``: what can be asked of the form of a reply, who decides it, and in which languages it is read
from prompts."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, get_args

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from diagnostics.core import Verdict
from diagnostics.modifiers import MODIFIERS, Example, Modifier
from diagnostics.modifiers.declaration import Argument, arguments, by_name
from diagnostics.reading.lexicon import Demand, Lexicon, Unit, Whole
from diagnostics.reading.loading import load_lexicons
from diagnostics.reading.rules import RULES
from diagnostics.reading.vocabulary import Lexicons

READ, GAP = "●", "·"
REPEAT_HEAD = 20
"""After so many rows of the grid its head is printed again: it would be out of sight."""


class Entry(msgspec.Struct, frozen=True):
    """One modifier. ``decided_by`` is "rule" or "judge". ``arguments`` is a JSON Schema's ``properties``; ``languages``
    are those from whose prompts it is read, none where it can only be declared."""

    name: str
    ifeval: str | None
    decided_by: str
    summary: str
    arguments: dict[str, Any]
    required: list[str]
    languages: list[str]
    examples: list[dict[str, Any]]


def modifiers(console: Console, name: str | None, *, as_json: bool) -> int:
    """Print them all, or one: for people, or as JSON. Returns the exit status.

    Raises:
        DeclarationError: there is no modifier of that name.
    """
    chosen = MODIFIERS if name is None else (by_name(name),)
    lexicons = load_lexicons()
    found = [_entry(modifier, lexicons) for modifier in chosen]
    if as_json:
        document = found if name is None else found[0]
        console.out(msgspec.json.format(msgspec.json.encode(document), indent=2).decode(), highlight=False)
    elif name is None:
        _catalogue(console, found, lexicons.languages)
    else:
        _page(console, chosen[0], found[0], lexicons.languages)
    return 0


def _entry(modifier: type[Modifier], lexicons: Lexicons) -> Entry:
    (_, components) = msgspec.json.schema_components([modifier])
    schema = components[modifier.__name__]
    return Entry(
        modifier.name(),
        modifier.ifeval,
        "judge" if modifier.judged else "rule",
        _documentation(modifier)[0],
        schema.get("properties", {}),
        schema.get("required", []),
        _languages(modifier, lexicons),
        [msgspec.to_builtins(example) for example in modifier.examples],
    )


def _documentation(modifier: type[Modifier]) -> list[str]:
    """The paragraphs of the file's docstring, each on one line: the first says what the modifier asks."""
    documentation = inspect.getdoc(inspect.getmodule(modifier)) or ""
    return [" ".join(paragraph.split()) for paragraph in documentation.split("\n\n")]


def _languages(modifier: type[Modifier], lexicons: Lexicons) -> list[str]:
    """Languages whose lexicon has words that the modifier's rules look for; all of them, where the rules look for signs
    or for words that all languages share."""
    name = modifier.name()
    triggers = {concept for entry in RULES if entry.modifier == name for concept in entry.concepts}
    if not triggers.isdisjoint(_FAMILIES):
        triggers = triggers - _FAMILIES | set(_KINDS.get(name, (name,)))
    spoken = triggers & _WORDS
    if triggers and not spoken:
        return list(lexicons.languages)
    return [tag for tag in lexicons.languages if not spoken.isdisjoint(_said(lexicons.lexicon(tag)))]


_FAMILIES = frozenset({"unit", "whole_demand"})
"""Triggers of many modifiers, which the kind of the saying tells apart: mostly by the modifier's name."""
_KINDS = {"address": ("formal_address", "informal_address"), "speech_level": ("polite_endings", "plain_endings")}
_WORDS = frozenset({"audience", "style", *get_args(Demand), *get_args(Unit), *get_args(Whole)})


def _said(lexicon: Lexicon) -> set[str]:
    by_kind: Iterable[tuple[str, list[str]]] = chain(
        lexicon.demands.items(), lexicon.units.items(), lexicon.wholes.items()
    )
    said = {kind for kind, forms in by_kind if forms}
    manners = {"audience": lexicon.audiences, "style": lexicon.styles}
    return said | {name for name, sayings in manners.items() if sayings}


def _catalogue(console: Console, found: Sequence[Entry], languages: Sequence[str]) -> None:
    table = Table("modifier", "by", "arguments", "IFEval's name", box=SIMPLE_HEAD, pad_edge=False)
    for column in table.columns[:2]:
        column.no_wrap = True
    for column in table.columns[2:]:
        column.overflow = "fold"
    for entry in found:
        given = ", ".join(name if name in entry.required else f"{name}?" for name in entry.arguments)
        table.add_row(entry.name, entry.decided_by, given, entry.ifeval or "")
    console.print(table)
    console.print(f"Read from prompts in ({READ} yes, {GAP} no; ✓ all):\n", highlight=False)
    for block in _blocks(languages, console.width - _label_width(found)):
        for line in _grid(found, block):
            console.print(line)
        console.print()
    judged = sum(entry.decided_by == "judge" for entry in found)
    unread = sum(not entry.languages for entry in found)
    console.print(
        f"{len(found)} modifiers. Each can be declared; {unread} can only be declared. {judged} are for a judge. "
        "`dragoman modifiers NAME` shows one with its arguments and examples.",
        highlight=False,
    )


def _label_width(found: Sequence[Entry]) -> int:
    return max(len(entry.name) for entry in found) + 1


def _blocks(languages: Sequence[str], width: int) -> Iterator[Sequence[str]]:
    """The languages in as many blocks as a terminal needs, all about equally wide."""
    column = max(map(len, languages)) + 1
    most = max(width // column, 1)
    count = -(-len(languages) // most)
    size = -(-len(languages) // count)
    for start in range(0, len(languages), size):
        yield languages[start : start + size]


def _grid(found: Sequence[Entry], languages: Sequence[str]) -> Iterator[Text]:
    """A line for each modifier, with a mark in each language's column; last, what share of the modifiers it covers."""
    label, column = _label_width(found), max(map(len, languages)) + 1
    head = Text(" " * label + "".join(tag.rjust(column) for tag in languages), "bold")
    for row, entry in enumerate(found):
        if row % REPEAT_HEAD == 0:
            yield head
        cells = ((READ, "green") if tag in entry.languages else (GAP, "red") for tag in languages)
        yield Text.assemble(entry.name.ljust(label), *((mark.rjust(column), style) for mark, style in cells))
    counts = [sum(tag in entry.languages for entry in found) for tag in languages]
    yield head
    yield Text("covered, %".ljust(label) + "".join(_share(count, len(found)).rjust(column) for count in counts))


def _share(count: int, total: int) -> str:
    """In per cent, rounded down so that only all of them is all; 100 has no room in a column of two characters."""
    return "✓" if count == total else str(count * 100 // total)


def _page(console: Console, modifier: type[Modifier], entry: Entry, languages: Sequence[str]) -> None:
    decided = "A judge decides; rules abstain." if modifier.judged else "Rules decide."
    console.print(Text(entry.name, "bold"), Text(f"  IFEval: {entry.ifeval}" if entry.ifeval else ""), sep="")
    said = (inspect.getdoc(modifier) or "").strip()
    console.print(Text("\n\n".join([said, *_documentation(modifier), f"{decided} {_read_from(entry, languages)}"])))
    _arguments(console, arguments(modifier))
    for title, examples in _by_outcome(modifier.examples):
        console.print(Text(f"\n{title}", "bold"))
        for example in examples:
            console.print(_example(example))


def _read_from(entry: Entry, languages: Sequence[str]) -> str:
    if not entry.languages:
        return "Declared only: it is read from no prompts."
    missing = [tag for tag in languages if tag not in entry.languages]
    return f"Read from prompts in {' '.join(entry.languages)}" + (f"; not in {' '.join(missing)}." if missing else ".")


def _arguments(console: Console, taken: Sequence[Argument]) -> None:
    if not taken:
        console.print("\nIt takes no arguments.")
        return
    table = Table("argument", "values", "when left out", box=SIMPLE_HEAD, pad_edge=False)
    for each in taken:
        left_out = "it is needed" if each.required else "any" if each.default is None else repr(each.default)
        table.add_row(Text(each.name), Text(each.wanted), Text(left_out))
    console.print(table)


def _by_outcome(examples: Sequence[Example]) -> Iterator[tuple[str, list[Example]]]:
    titles = {
        Verdict.PASS: "Replies that pass",
        Verdict.FAIL: "Replies that fail",
        Verdict.ABSTAIN: "Replies that are left open",
        Verdict.NOT_APPLICABLE: "Replies to which it does not apply",
        None: "Prompts that ask for nothing",
    }
    for verdict, title in titles.items():
        chosen = [example for example in examples if example.verdict is verdict]
        if chosen:
            yield title, chosen


def _example(example: Example) -> Text:
    """The arguments, the prompt if there is one, and the reply, under the language they are in."""
    lines = []
    if example.arguments:
        lines.append(f"with   {msgspec.json.encode(example.arguments).decode()}")
    if example.prompt:
        lines += _hanging("prompt ", example.prompt)
    if example.verdict is not None:
        lines += _hanging("reply  ", example.reply)
    language, rest = f"  {example.language}  ".ljust(6), " " * 6
    return Text("\n".join((rest if at else language) + line for at, line in enumerate(lines)))


def _hanging(label: str, text: str) -> list[str]:
    return [(" " * len(label) if at else label) + line for at, line in enumerate(text.split("\n"))]
