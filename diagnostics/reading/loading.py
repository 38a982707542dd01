"""Lexicons are read from their files, and refused with file, line and key where they are wrong."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, get_args

import msgspec

from .lexicon import (
    GROUP,
    MOST_ALTERNATIVES,
    SLOT,
    Audience,
    Concept,
    Demand,
    Frame,
    Lexicon,
    Style,
    Unit,
    Whole,
    Words,
    alternatives,
)
from .vocabulary import Lexicons


class LexiconError(ValueError):
    """A lexicon file is wrong; the message names the file and the key."""


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Number words of one language, frozen by ``freeze.py``. ``articles`` are those that also mean something else ("a",
    "his", "new"): they count only right beside what they count."""

    numbers: dict[str, int] = {}
    articles: dict[str, int] = {}
    ordinals: dict[str, int] = {}


NO_NUMBERS = Numbers()


def parse(file: str, text: str, names: dict[str, str], numbers: Numbers = NO_NUMBERS) -> Lexicon:
    """One lexicon from TOML. ``names`` are CLDR's, ``numbers`` ICU's; the file's own are added to them.

    Raises:
        LexiconError: names ``file`` and the key that is wrong.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{file}: {error}") from None
    for table, keys in _TABLES.items():
        for key, forms in _table(file, text, data, table).items():
            if wrong := _wrong_key(key, keys) or _wrong_forms(forms):
                raise LexiconError(f"{file}, line {_line(text, table, key)}: {table}.{key}: {wrong}")
    try:
        lexicon = msgspec.convert(data, Lexicon)
    except msgspec.ValidationError as error:
        raise LexiconError(f"{file}: {error}") from None
    known = {tag: [name] for tag, name in names.items()}
    for tag, more in lexicon.names.items():
        known[tag] = known.get(tag, []) + more
    lexicon = msgspec.structs.replace(
        lexicon,
        names=known,
        numbers=numbers.numbers | lexicon.numbers,
        articles=numbers.articles,
        ordinals=numbers.ordinals | lexicon.ordinals,
    )
    _check(file, text, lexicon)
    return lexicon


_TABLES: dict[str, tuple[str, ...]] = {
    "frames": get_args(Frame),
    "concepts": get_args(Concept),
    "demands": get_args(Demand),
    "wholes": get_args(Whole),
    "units": get_args(Unit),
    "styles": get_args(Style),
    "audiences": get_args(Audience),
    "scripts": (),
    "words": get_args(Words),
}
"""Tables of forms, and the keys that they may have; none where any may be."""


def _table(file: str, text: str, data: dict[str, Any], table: str) -> dict[str, Any]:
    found = data.get(table, {})
    if not isinstance(found, dict):
        raise LexiconError(f"{file}, line {_line(text, '', table)}: {table} must be a table")
    return found


def _wrong_key(key: str, keys: tuple[str, ...]) -> str | None:
    if not keys or key in keys:
        return None
    near = difflib.get_close_matches(key, keys, n=1)
    return f"no such key{f'; did you mean {near[0]!r}?' if near else ''}"


def _wrong_forms(forms: object) -> str | None:
    if not isinstance(forms, list) or not all(isinstance(form, str) for form in forms):
        return "must be a list of strings"
    return next((f"{form!r} {wrong}" for form in forms if (wrong := _wrong(form))), None)


def _line(text: str, table: str, key: str) -> int:
    """The line on which a key of a table begins; of the file's own keys, where ``table`` is empty."""
    inside = not table
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("["):
            inside = line.strip() == f"[{table}]"
        elif inside and re.match(rf"""["']?{re.escape(key)}["']?[ \t]*=""", line.strip()):
            return number
    return 1


def _check(file: str, text: str, lexicon: Lexicon) -> None:
    for frame, patterns in lexicon.frames.items():
        for pattern in patterns:
            slots = SLOT.findall(pattern)
            if len(slots) != 1 or (slots[0] != "name" and slots[0] not in lexicon.forms):
                raise LexiconError(
                    f"{file}, line {_line(text, 'frames', frame)}: frames.{frame}: "
                    f"{pattern!r} needs one slot, {{name}} or a key of forms"
                )
    # The rule for the answer's language takes each of its words in one meaning.
    owners: dict[str, str] = {}
    for table, sayings in (("concepts", lexicon.concepts), ("scripts", lexicon.scripts)):
        for key, forms in sayings.items():
            place = f"{table}.{key}"
            for form in forms:
                for reading in alternatives(form):
                    owner = owners.setdefault(reading, place)
                    if owner != place:
                        line = _line(text, table, key)
                        raise LexiconError(f"{file}, line {line}: {table}.{key}: {reading!r} is in {owner} too")


def _wrong(form: str) -> str | None:
    """What is wrong with a form; None where nothing is."""
    if not _WELL_FORMED.fullmatch(form):
        return "has brackets inside brackets, or one left open"
    groups = [group.split("|") for group in GROUP.findall(form)]
    if not _SAYS_SOMETHING.search(GROUP.sub("", form)) and not any(
        all(_SAYS_SOMETHING.search(choice) for choice in group) for group in groups
    ):
        return "can be empty"
    if math.prod(map(len, groups)) > MOST_ALTERNATIVES:
        return f"has more than {MOST_ALTERNATIVES} alternatives"
    return None


_WELL_FORMED = re.compile(r"[^()|\0]*+(?:\([^()\0]*+\)[^()|\0]*+)*+")


_SAYS_SOMETHING = re.compile(r"[^\W_]")


def load_lexicons() -> Lexicons:
    """All lexicons of the package.

    Raises:
        LexiconError: a file is wrong; names the file and the key.
    """
    folder = files("diagnostics") / "lexicons"
    return Lexicons(
        [
            load(folder, file.name)
            for file in sorted(folder.iterdir(), key=lambda file: file.name)
            if file.name.endswith(".toml")
        ]
    )


def load(folder: Traversable, name: str) -> Lexicon:
    names = tomllib.loads((folder / "names" / name).read_text("utf-8"))
    numbers = msgspec.convert(tomllib.loads((folder / "numbers" / name).read_text("utf-8")), Numbers)
    return parse(name, (folder / name).read_text("utf-8"), names, numbers)
