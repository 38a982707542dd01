"""Prompts with IFEval's instruction ids: IFEval itself, Marco-Bench-MIF, M-IFEval.

A line is ``{"key", "prompt", "instruction_id_list", "kwargs"}``, the arguments of each id in order; files of replies
have ``"response"`` besides. M-IFEval puts the language of its edition before an id ("fr:keywords:existence"). Each id
becomes the modifier that declares it, ``language:response_language`` the expected language. Sources: google-research,
instruction_following_eval; AIDC-AI/Marco-Bench-MIF; lightblue-tech/M-IFEval (instructions/*.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from diagnostics import jsonl
from diagnostics.core import Message
from diagnostics.language.tags import normalise_tag
from diagnostics.modifiers import MODIFIERS
from diagnostics.modifiers.declaration import DeclarationError, DeclaredModifier, declared_together

from .base import Refused, Row
from .lines import Line, existing_file, rows

EXAMPLE = "ifeval:input_data.jsonl"

LANGUAGE = "language:response_language"
SEVERAL = "several instructions"
"""The type of a row with more than one id."""

LONGEST_SHOWN = 80


def _bare(id: str) -> str:
    """An instruction id without the edition's language."""
    return ":".join(id.split(":")[-2:])


NAMES = {_bare(modifier.ifeval): modifier.name() for modifier in MODIFIERS if modifier.ifeval} | {
    "change_case:french_capital": "uppercase",
    "change_case:french_lowercase": "lowercase",
    "change_case:spanish_capital": "uppercase",
    "change_case:spanish_lowercase": "lowercase",
    "detectable_format:number_numbered_lists": "numbered",
}
"""Instruction id, without a language before it -> our modifier."""

_RELATIONS = {
    "au moins": "at least", "moins de": "less than",
    "al menos": "at least", "como máximo": "at most", "menos de": "less than",
    "以上": "at least", "未満": "less than",
}  # fmt: skip
"""Relations as M-IFEval's editions write them."""

_ASSUMED: dict[tuple[str, str], dict[str, object]] = {
    ("fr", "title"): {"opening": "##", "closing": "##"},
    ("fr", "options"): {"options": ["Oui.", "Non.", "Peut-être."]},
    ("ja", "title"): {"opening": "『", "closing": "』"},
    ("ja", "options"): {"options": ["はい、そうです。", "いいえ、違います。", "どちらとも言えません。"]},
}
"""What M-IFEval's prompts ask for and its rules take for granted, so that no argument says it."""


class _Prompt(msgspec.Struct, frozen=True):
    prompt: str
    instruction_id_list: list[str]
    kwargs: list[dict[str, object] | None]
    key: str | int | None = None
    response: str | None = None


_decoder = msgspec.json.Decoder(_Prompt)


def files(where: str) -> Sequence[Path]:
    """One file."""
    return (existing_file(where, EXAMPLE),)


def read(files: Sequence[Path]) -> Iterator[Row | Refused]:
    """A row a line. An id that no modifier stands for is reported once, and left out wherever it occurs."""
    for path in files:
        yield from rows(path, _Reader().row)


class _Reader:
    """Reads one file; knows which ids it has reported."""

    def __init__(self) -> None:
        self._unknown: set[str] = set()

    def row(self, line: Line) -> Iterator[Row | Refused]:
        """The row, after what cannot be read of it.

        Raises:
            ValueError: it is none.
        """
        given = jsonl.decode(_decoder, line.text)
        ids, arguments = given.instruction_id_list, given.kwargs
        if len(ids) != len(arguments):
            raise ValueError(f"{len(ids)} in instruction_id_list, but {len(arguments)} in kwargs")
        demands = _Demands()
        for id, each in zip(ids, arguments, strict=True):
            refused = self._add(demands, id, each or {})
            if refused:
                yield Refused(line.place, refused, left_out=False)
        yield Row(
            id=str(line.number if given.key is None else given.key),
            messages=(Message("user", given.prompt),),
            language=_edition(ids),
            expected_language=demands.language,
            modifiers=tuple(demands.modifiers),
            type=_type(ids),
            response=given.response,
        )

    def _add(self, demands: _Demands, id: str, arguments: Mapping[str, object]) -> str | None:
        """Add one demand; or say why it is left out, an id that is not known only once."""
        try:
            return None if demands.add(id, arguments) else self._unheard(id)
        except ValueError as error:
            return f"{id[:LONGEST_SHOWN]}: {error}; the row is run without it"

    def _unheard(self, id: str) -> str | None:
        shown = id[:LONGEST_SHOWN]
        if shown in self._unknown:
            return None
        self._unknown.add(shown)
        return f"the instruction id {shown} is not known; this row, and all others that have it, are run without it"


class _Demands:
    """What one row demands."""

    def __init__(self) -> None:
        self.language: str | None = None
        self.modifiers: list[DeclaredModifier] = []

    def add(self, id: str, arguments: Mapping[str, object]) -> bool:
        """Add what an id stands for; False where it stands for nothing that is known.

        Raises:
            ValueError: the arguments are wrong, or contradict those of another id.
        """
        if _bare(id) == LANGUAGE:
            self.language = normalise_tag(str(arguments.get("language")))
            return True
        name = NAMES.get(_bare(id))
        if name is None:
            return False
        modifier = DeclaredModifier(name, _assumed(id, name) | _arguments(arguments))
        try:
            declared_together((each.name, each.arguments) for each in (*self.modifiers, modifier))
        except DeclarationError as error:
            raise ValueError(f"{error.path.partition('.')[2] or 'it'}: {error.explanation}") from None
        self.modifiers.append(modifier)
        return True


def _assumed(id: str, name: str) -> dict[str, object]:
    return _ASSUMED.get((id.partition(":")[0], name), {})


def _arguments(given: Mapping[str, object]) -> dict[str, object]:
    """The arguments as a modifier takes them. Some releases list every argument there is, most of them null, and their
    whole numbers as 300.0."""
    return {name: _value(value) for name, value in given.items() if value is not None}


def _value(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _RELATIONS.get(value, value) if isinstance(value, str) else value


def _edition(ids: Sequence[str]) -> str | None:
    """The language of M-IFEval's edition, which stands before its ids."""
    before = {id.partition(":")[0] for id in ids if id.count(":") == 2}
    return before.pop() if len(before) == 1 and before <= {"en", "es", "fr", "ja"} else None


def _type(ids: Sequence[str]) -> str:
    """The row's one id; Marco says of most rows which language they are in, which is no other type."""
    bare = list(dict.fromkeys(map(_bare, ids)))
    others = [id for id in bare if id != LANGUAGE] or bare
    return SEVERAL if len(others) > 1 else "".join(others)
