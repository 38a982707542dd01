"""``dragoman modifiers``: what can be asked of the form of a reply, and in which languages it is read from prompts."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from diagnostics.modifiers import MODIFIERS, Modifier
from diagnostics.modifiers.lexicon import SHARED, Lexicons, load_lexicons


class Entry(msgspec.Struct, frozen=True):
    """One modifier. ``arguments`` is a JSON Schema's ``properties``; ``languages`` are those from whose prompts it is
    read, none where it can only be declared; ``examples`` are replies with their verdict."""

    name: str
    ifeval: str | None
    summary: str
    arguments: dict[str, Any]
    required: list[str]
    languages: list[str]
    examples: list[dict[str, Any]]


def modifiers(console: Console, *, as_json: bool) -> int:
    """Print them: a grid for people, or JSON. Returns the exit status."""
    lexicons = load_lexicons()
    found = [_entry(modifier, lexicons) for modifier in MODIFIERS]
    if as_json:
        console.out(msgspec.json.format(msgspec.json.encode(found), indent=2).decode(), highlight=False)
        return 0
    languages = lexicons.languages
    grid = Table("modifier", "arguments", *languages, title="Modifiers, and the prompts they are read from")
    for entry in found:
        arguments = ", ".join(name if name in entry.required else f"{name}?" for name in entry.arguments)
        grid.add_row(entry.name, arguments, *("•" if tag in entry.languages else "" for tag in languages))
    console.print(grid)
    declared = sum(not entry.languages for entry in found)
    console.print(f"{len(found)} modifiers; {declared} of them can only be declared. Rules decide all of them.")
    return 0


def _entry(modifier: type[Modifier], lexicons: Lexicons) -> Entry:
    (_, components) = msgspec.json.schema_components([modifier])
    schema = components[modifier.__name__]
    module = inspect.getmodule(modifier)
    summary = (module.__doc__ or "").strip().splitlines()[0] if module else ""
    examples = [
        {"prompt": each.prompt, "reply": each.reply, "verdict": each.verdict, "arguments": each.arguments}
        for each in modifier.examples
    ]
    arguments, required = schema.get("properties", {}), schema.get("required", [])
    return Entry(
        modifier.name(), modifier.ifeval, summary, arguments, required, _languages(modifier, lexicons), examples
    )


def _languages(modifier: type[Modifier], lexicons: Lexicons) -> list[str]:
    """Languages whose lexicon has a phrase for one of the modifier's concepts, or that share a word for it."""
    wanted = set(modifier.concepts)
    if not wanted.isdisjoint(SHARED):
        return list(lexicons.languages)
    return [
        tag
        for tag in lexicons.languages
        if any(concept in wanted for concept, phrases in lexicons.lexicon(tag).concepts.items() if phrases)
    ]
