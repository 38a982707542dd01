"""JSON Schemas that callers declare: looked over when they are declared, held against documents later.

The validator is jsonschema-rs (MIT, no dependencies, drafts 4 to 2020-12, ``format`` included). It fetches nothing: a
reference points into the schema itself ("#/$defs/tea"). Its patterns run on an engine that does not backtrack, so
look-around and back-references are refused.

A small schema can ask for more work than any machine can do: references that double at each step, or recursion that
fans out. So the work is bounded before it starts. ``_costs`` counts how many parts of the schema can meet one value of
a document, for each depth that a value can lie at; where that times the values of the document is too much, the
document is not held against the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any

import jsonschema_rs
import msgspec
from jsonschema_rs import ValidationErrorKind as _Kind

LARGEST = 32_000
"""Bytes of a schema as JSON."""
_DEEPEST = 64
"""Levels of a schema; and of a document, if the schema refers to itself."""
_MOST_PATTERNS = 64
_PATTERNS_SIZE = 4_000_000
"""Bytes that the patterns of a schema take together when they are compiled."""
_WORK = 5_000_000
"""Meetings of a value and a part of the schema that one check may take: some 50 ms."""
_TELLING = 20_000
"""The same, where errors are told: they cost a hundred times as much, and all branches of a choice are gone through."""
_MASK = "the value"
_SHOWN = 3
_LONGEST_SHOWN = 160
_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$-]{0,60}+")

_HERE = ("$ref", "not", "if", "then", "else", "allOf", "anyOf", "oneOf", "dependentSchemas", "dependencies")
"""Keywords whose schemas look at the value that the keyword looks at."""
_BELOW = (
    *("items", "contains", "additionalItems", "unevaluatedItems", "propertyNames"),
    *("additionalProperties", "unevaluatedProperties", "patternProperties"),
)
"""Keywords whose schemas look at the values inside."""
_ONE_BELOW = ("properties", "prefixItems")
"""The same, but a value inside meets at most one of them."""
_CHOICES = ("anyOf", "oneOf")
_LOOKS_AGAIN = ("unevaluatedItems", "unevaluatedProperties")
"""Keywords that make the validator go through all that looks at the same value again."""
_AGAIN = 3

Json = dict[str, Any]


class Schema:
    """A schema that was looked over."""

    def __init__(self, validator: jsonschema_rs.Validator, costs: Sequence[int], deep_choices: bool) -> None:
        self._validator = validator
        self._costs = costs
        self._deep_choices = deep_choices

    def is_too_much(self, document: object) -> bool:
        """Would it take too long to hold this document against the schema?"""
        return self._work(document) > _WORK

    def fits(self, document: object) -> bool:
        """Does the document fit? Ask ``is_too_much`` first."""
        return self._validator.is_valid(document)

    def faults(self, document: object) -> list[str]:
        """Where the document does not fit, the first few: '$.tea.hot: the value 3 is not of type "boolean"'.

        Only the first where the document is large; none where it would take long to tell.
        """
        if self._work(document) <= _TELLING:
            return [_fault(error) for error in islice(self._validator.iter_errors(document), _SHOWN)]
        if self._deep_choices:
            return []
        try:
            self._validator.validate(document)
        except jsonschema_rs.ValidationError as error:
            return [_fault(error)]
        return []

    def _work(self, document: object) -> int:
        values, depth = _extent(document)
        if depth < len(self._costs):
            return values * self._costs[depth]
        return values * self._costs[-1] if len(self._costs) <= _DEEPEST else _WORK + 1


def schema_of(declared: Json) -> Schema:
    """The schema that a caller declares, ready for use.

    Raises:
        ValueError: it is no valid schema, or more than is allowed; says where in it.
    """
    if _extent(declared)[1] > _DEEPEST:
        raise ValueError(f"the schema is nested deeper than {_DEEPEST} levels - at `$.schema`")
    try:
        encoded = msgspec.json.encode(declared)
    except (TypeError, UnicodeEncodeError) as error:
        raise ValueError(f"the schema is not JSON: {error} - at `$.schema`") from None
    if len(encoded) > LARGEST:
        raise ValueError(f"the schema has {len(encoded)} bytes, {LARGEST} allowed - at `$.schema`")
    return _schema(encoded)


@lru_cache(maxsize=64)
def _schema(encoded: bytes) -> Schema:
    root = msgspec.json.decode(encoded)
    parts = _parts(root)
    patterns = sum(("pattern" in part) + _size(part.get("patternProperties", {})) for part in parts.values())
    if patterns > _MOST_PATTERNS:
        raise ValueError(f"the schema has {patterns} patterns, {_MOST_PATTERNS} allowed - at `$.schema`")
    options = jsonschema_rs.RegexOptions(size_limit=_PATTERNS_SIZE // max(patterns, 1))
    try:
        validator = jsonschema_rs.validator_for(
            root, validate_formats=True, offline=True, mask=_MASK, pattern_options=options
        )
    except jsonschema_rs.ValidationError as refused:
        error = _nearest(refused)
        path = path_of(("schema", *error.instance_path))
        raise ValueError(f"invalid JSON Schema: {_message(error)} - at `{path}`") from None
    return Schema(validator, _costs(root, parts), any(map(_chooses_deep, parts.values())))


def path_of(steps: Iterable[str | int]) -> str:
    """Where a value lies in a document, from its root ``$``: "$.teas[2].name"."""
    return "$" + "".join(_step(step) for step in steps)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_KEY.fullmatch(step) else f"[{step[:60]!r}]"


def _nearest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """What is wrong with the one branch of a choice that is for values of this type; the error itself where none is or
    several are."""
    while isinstance(error.kind, (_Kind.AnyOf, _Kind.OneOfNotValid)):
        place = error.instance_path
        branches = [
            branch
            for branch in error.kind.context
            if branch and not any(isinstance(each.kind, _Kind.Type) and each.instance_path == place for each in branch)
        ]
        if len(branches) != 1:
            break
        error = branches[0][0]
    return error


def _fault(found: jsonschema_rs.ValidationError) -> str:
    error = _nearest(found)
    return f"{path_of(error.instance_path)}: {_message(error)}"


def _message(error: jsonschema_rs.ValidationError) -> str:
    """What is wrong, with the value itself where that is short."""
    found = error.instance
    value = "" if isinstance(found, (dict, list)) else f" {msgspec.json.encode(found).decode()[:40]}"
    return error.message[:_LONGEST_SHOWN].replace(_MASK, _MASK + value, 1)


def _extent(document: object) -> tuple[int, int]:
    """How many values a document holds, itself included, and how many levels lie below its root."""
    values, depth = 1, 0
    level = [document]
    while level:
        level = [inner for outer in level for inner in _inside(outer)]
        values += len(level)
        depth += bool(level)
    return values, depth


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _costs(root: Json, parts: dict[int, Json]) -> list[int]:
    """How many parts of the schema can meet one value, for each number of levels above it.

    The last is for all depths beyond, unless there are more than ``_DEEPEST``: then the schema refers to itself.

    Raises:
        ValueError: a reference leads back to itself at the same value.
    """
    here = {key: [id(each) for group in _schemas(part, root, _HERE) for each in group] for key, part in parts.items()}
    try:
        order = tuple(TopologicalSorter(here).static_order())
    except CycleError:
        raise ValueError("invalid JSON Schema: a `$ref` leads back to itself - at `$.schema`") from None
    groups = {key: _groups_below(part, root) for key, part in parts.items()}
    sizes = {key: sum(_size(value) for value in part.values()) + 1 for key, part in parts.items()}
    costs: list[int] = []
    below: dict[int, int] = {}
    while len(costs) <= _DEEPEST:
        now: dict[int, int] = {}
        for key in order:
            deeper = sum(max(below.get(each, 0) for each in group) for group in groups[key])
            again = _AGAIN if any(keyword in parts[key] for keyword in _LOOKS_AGAIN) else 1
            now[key] = min(sizes[key] + again * sum(now[each] for each in here[key]) + deeper, _WORK + 1)
        if now == below:
            break
        costs.append(now[id(root)])
        below = now
    return costs


def _parts(root: Json) -> dict[int, Json]:
    """Every schema within the schema that can meet a value, by its identity.

    Raises:
        ValueError: a reference points nowhere, outside, or where only the validator could tell.
    """
    parts: dict[int, Json] = {}
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if id(part) not in parts:
            parts[id(part)] = part
            unread = {"$dynamicRef", "$recursiveRef"} | ({"$id", "id"} if part is not root else set())
            if found := sorted(key for key in unread if isinstance(part.get(key), str)):
                raise ValueError(f"`{found[0]}` is not supported here - at `$.schema`")
            waiting += [each for group in _schemas(part, root, (*_HERE, *_BELOW, *_ONE_BELOW)) for each in group]
    return parts


def _groups_below(part: Json, root: Json) -> list[list[int]]:
    """The schemas that look at the values inside: of each list, a value meets at most one."""
    alone = [[id(each)] for group in _schemas(part, root, _BELOW) for each in group]
    return alone + [[id(each) for each in group] for group in _schemas(part, root, _ONE_BELOW) if group]


def _schemas(part: Json, root: Json, keywords: Sequence[str]) -> Iterator[list[Json]]:
    """The schemas that each of the keywords holds."""
    for keyword in keywords:
        value = part.get(keyword)
        if keyword == "$ref" and isinstance(value, str):
            target = _target(value, root)
            yield [target] if target is not None else []
        elif isinstance(value, dict) and keyword in (
            "properties",
            "patternProperties",
            "dependentSchemas",
            "dependencies",
        ):
            yield [each for each in value.values() if isinstance(each, dict)]
        elif isinstance(value, dict):
            yield [value]
        elif isinstance(value, list):
            yield [each for each in value if isinstance(each, dict)]


def _target(reference: str, root: Json) -> Json | None:
    """What "#" or "#/$defs/tea" points at; None where it is True or False, which are schemas with nothing inside."""
    if reference != "#" and not reference.startswith("#/"):
        raise ValueError(
            f"a reference must point into the schema, as #/$defs/name does: {reference[:60]!r} - at `$.schema`"
        )
    found: Any = root
    for step in reference[1:].split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isdecimal() and len(key) < 6 and int(key) < len(found):
            found = found[int(key)]
        else:
            found = None
    if not isinstance(found, (dict, bool)):
        raise ValueError(f"a reference points nowhere: {reference[:60]!r} - at `$.schema`")
    return found if isinstance(found, dict) else None


def _chooses_deep(part: Json) -> bool:
    """Has the part a choice between schemas that look further?"""
    branches = [each for keyword in _CHOICES for each in _listed(part.get(keyword)) if isinstance(each, dict)]
    return any(keyword in branch for branch in branches for keyword in (*_HERE, *_BELOW, *_ONE_BELOW))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _size(value: object) -> int:
    return len(value) if isinstance(value, (dict, list)) else 1
