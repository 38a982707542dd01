"""Modifiers that a caller declares: which arguments each takes, what is wrong with a declaration, and where.

Every error names its place as a path in what was declared (``modifiers[1].arguments.num_words``) and says what would be
right there.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import inspect

from diagnostics.core import Origin, RequestedModifier

from . import BY_NAME, MODIFIERS
from .base import Modifier
from .conflicts import first_contradiction

MOST = 30
"""How many modifiers one reply may be declared to have: they are held against each other two by two."""
LONGEST = 100_000
"""Characters that the arguments of all of them may have together: a phrase is looked for in every other."""
LONGEST_SHOWN = 40
"""Characters of a wrong name or text that are shown."""
_NEAREST = 3
_PLACE = re.compile(r"^(.*) - at `\$(.*)`$", re.DOTALL)
_STEPS = re.compile(r"\.(\w+)(?:\[(\d+)\])?")
_PATTERNS = {r"\S": ", not only blanks", r"^\S+$": " without blanks"}
"""What common patterns of texts mean."""


class DeclarationError(ValueError):
    """What a caller declares is wrong at ``path``; ``problem`` says how, and what would be right.

    ``against`` is the path of what it contradicts, where the two are at odds with each other.
    """

    def __init__(self, path: str, problem: str, *, against: str = "") -> None:
        self.path = path
        self.against = against
        self.problem = problem
        super().__init__(f"{path}: {self.explanation}")

    @property
    def explanation(self) -> str:
        """All of the error but its path."""
        return f"contradicts {self.against}: {self.problem}" if self.against else self.problem

    def within(self, path: str) -> DeclarationError:
        """The same, where all of what was declared is at ``path`` of something larger."""
        if not path:
            return self
        against = f"{path}.{self.against}" if self.against else ""
        return DeclarationError(f"{path}.{self.path}", self.problem, against=against)


class DeclaredModifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A modifier as a caller writes it, e.g. ``{"name": "bullets", "arguments": {"num_bullets": 3}}``."""

    name: str
    arguments: dict[str, object] = {}


class Argument(msgspec.Struct, frozen=True):
    """An argument of a modifier: ``wanted`` says which values it takes; ``default`` is what it is when left out, None
    too where that is no value of its own."""

    name: str
    wanted: str
    required: bool
    default: object = None


def by_name(name: str) -> type[Modifier]:
    """The modifier of that name.

    Raises:
        DeclarationError: there is none; names the nearest ones, or all there are.
    """
    if name in BY_NAME:
        return BY_NAME[name]
    near = [each.name() for each in MODIFIERS if each.ifeval == name]
    near = near or difflib.get_close_matches(name[:LONGEST_SHOWN].lower(), BY_NAME, n=_NEAREST)
    if near:
        raise DeclarationError("name", f"there is no modifier {_shown(name)}; did you mean {_choice(near)}?")
    raise DeclarationError("name", f"there is no modifier {_shown(name)}; there are: {', '.join(BY_NAME)}")


def arguments(modifier: type[Modifier]) -> tuple[Argument, ...]:
    """The arguments that a modifier takes, in order."""
    return tuple(
        Argument(field.name, _wanted(field.type), field.required, None if field.required else field.default)
        for field in _fields(modifier)
    )


def declared(name: str, given: Mapping[str, object]) -> RequestedModifier:
    """One modifier that a caller declares, checked; ``given`` are its arguments.

    Raises:
        DeclarationError: there is no such modifier, or an argument is unknown, missing or wrong.
    """
    modifier = by_name(name)
    for key in given:
        if key not in modifier.__struct_fields__:
            raise DeclarationError(f"arguments{_key(key)}", _unknown(key, modifier))
    try:
        value = msgspec.convert(dict(given), modifier)
    except msgspec.ValidationError as error:
        raise _wrong(modifier, given, str(error)) from None
    stated = {field: each for field, each in msgspec.structs.asdict(value).items() if each is not None}
    return RequestedModifier(name, stated, Origin.DECLARED)


def declared_together(modifiers: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[RequestedModifier, ...]:
    """All that a caller declares of one reply, as (name, arguments), checked one by one and against each other.

    Raises:
        DeclarationError: one is wrong, or two cannot both be done.
    """
    checked: list[RequestedModifier] = []
    for at, (name, given) in enumerate(modifiers):
        if at == MOST:
            raise DeclarationError("modifiers", f"there are more than {MOST}; declare at most so many")
        try:
            checked.append(declared(name, given))
        except DeclarationError as error:
            raise error.within(f"modifiers[{at}]") from None
    if sum(len(str(each.arguments)) for each in checked) > LONGEST:
        raise DeclarationError("modifiers", f"their arguments are longer than {LONGEST:,} characters together")
    found = first_contradiction(checked)
    if found is not None:
        earlier, later, reason = found
        raise DeclarationError(f"modifiers[{later}]", f"{reason}; leave one out", against=f"modifiers[{earlier}]")
    return tuple(checked)


def _fields(modifier: type[Modifier]) -> tuple[inspect.Field, ...]:
    kind = inspect.type_info(modifier)
    assert isinstance(kind, inspect.StructType)
    return kind.fields


def _unknown(key: str, modifier: type[Modifier]) -> str:
    known = modifier.__struct_fields__
    takes = f"{modifier.name()} takes {' and '.join(known)}" if known else f"{modifier.name()} takes none"
    near = difflib.get_close_matches(key[:LONGEST_SHOWN], known, n=1)
    return "there is no such argument; " + (f"did you mean {near[0]}? {takes}" if near else takes)


def _wrong(modifier: type[Modifier], given: Mapping[str, object], problem: str) -> DeclarationError:
    """What msgspec found wrong, which it says in words for those who know the types."""
    missing = next((field for field in _fields(modifier) if field.required and field.name not in given), None)
    if missing is not None:
        return DeclarationError(
            f"arguments.{missing.name}", f"is missing; {modifier.name()} needs {_wanted(missing.type)}"
        )
    place = _PLACE.match(problem)
    if place is None:
        return DeclarationError("arguments", problem)
    path = f"arguments{place[2]}"
    found = _at(place[2], modifier, given)
    if found is None or not place[1].startswith(("Expected", "Invalid enum")):
        return DeclarationError(path, place[1])
    kind, value = found
    return DeclarationError(path, f"expected {_wanted(kind)}; got {_shown(value)}")


def _at(path: str, modifier: type[Modifier], given: Mapping[str, object]) -> tuple[inspect.Type, object] | None:
    """The type and the value at a path such as ".keywords[1]"; None further down."""
    found = _STEPS.fullmatch(path)
    field = next((each for each in _fields(modifier) if found is not None and each.name == found[1]), None)
    if found is None or field is None:
        return None
    kind, value = field.type, given[field.name]
    if found[2] is None:
        return kind, value
    lists = [each for each in _kinds(kind) if isinstance(each, inspect.VarTupleType)]
    return (lists[0].item_type, value[int(found[2])]) if lists and isinstance(value, Sequence) else None


def _wanted(kind: inspect.Type) -> str:
    """What a type takes, in words."""
    match kind:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return f"a whole number{_range(kind.ge, kind.le)}"
        case inspect.StrType():
            return _text(kind)
        case inspect.LiteralType():
            return f"one of {', '.join(map(repr, kind.values))}"
        case inspect.VarTupleType():
            return f"a list of {_size(kind)}, each {_wanted(kind.item_type)}"
        case inspect.UnionType():
            return " or ".join(map(_wanted, _kinds(kind)))
        case inspect.DictType() if isinstance(kind.value_type, inspect.StrType):
            return f"an object of {_size(kind)} fields, each {_wanted(kind.value_type)}"
        case inspect.DictType():
            return "an object"
    return "any JSON value"


def _kinds(kind: inspect.Type) -> list[inspect.Type]:
    """The types that a value may have; null is left out: it says the same as leaving the argument out."""
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return [each for each in kinds if not isinstance(each, inspect.NoneType)]


def _text(kind: inspect.StrType) -> str:
    size = "one character" if kind.min_length == kind.max_length == 1 else f"a text of {_size(kind)} characters"
    if kind.pattern is None:
        return size
    return size + _PATTERNS.get(kind.pattern, f" matching {kind.pattern}")


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" from {low:,} to {high:,}"
    if low is not None:
        return f" of at least {low:,}"
    return "" if high is None else f" of at most {high:,}"


def _size(kind: inspect.StrType | inspect.VarTupleType | inspect.DictType) -> str:
    low, high = kind.min_length or 0, kind.max_length
    return f"{low:,} or more" if high is None else f"{low:,} to {high:,}"


def _shown(value: object) -> str:
    """A wrong value in an error: short, and in JSON's words."""
    match value:
        case None | bool():
            return msgspec.json.encode(value).decode()
        case str() if len(value) > LONGEST_SHOWN:
            return f"{value[:LONGEST_SHOWN]!r}… ({len(value):,} characters)"
        case str():
            return repr(value)
        case list() | tuple():
            return f"a list of {len(value):,}"
        case Mapping():
            return "an object"
        case int() if abs(value) > 10**15:
            return "so large a number"  # it may be too long to be written out
    return str(value)


def _key(key: str) -> str:
    """An unknown argument's name as it stands in a path."""
    return f".{key}" if key.isidentifier() and len(key) <= LONGEST_SHOWN else f"[{_shown(key)}]"


def _choice(names: Sequence[str]) -> str:
    *first, last = map(repr, names)
    return f"{', '.join(first)} or {last}" if first else last
