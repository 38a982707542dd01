"""Did the reply do what the modifiers asked? One detector for all of them.

The reply is kept (up to a bound) and judged when it ends, so that any way of cutting it into chunks gives the same
findings.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import msgspec

from diagnostics.core import Finding, Instruction, ModifierFinding, Origin, RequestedModifier, Verdict

from . import MODIFIERS
from .base import Modifier, Outcome

LIMIT = 256_000
"""Longest reply that is judged, in characters."""
LONGEST_NAME = 40
"""Characters of an unknown modifier's name that are shown."""
_TOO_LONG = Outcome(Verdict.ABSTAIN, f"the reply is longer than {LIMIT} characters")


def declared(
    name: str, arguments: Mapping[str, object], registry: Sequence[type[Modifier]] = MODIFIERS
) -> RequestedModifier:
    """A modifier that a caller declares outright, with its arguments checked.

    Raises:
        ValueError: there is no such modifier, or an argument is unknown or wrong; says which, and what there is.
    """
    modifier = _build(_by_name(registry), name, arguments)
    given = {field: value for field, value in msgspec.structs.asdict(modifier).items() if value is not None}
    return RequestedModifier(name, given, Origin.DECLARED)


class ModifierCompliance:
    """The detector over a registry of modifiers."""

    name = "modifiers"
    finding: type[Finding] = ModifierFinding

    def __init__(self, registry: Sequence[type[Modifier]] = MODIFIERS) -> None:
        self._registry = _by_name(registry)

    def observe(self, instruction: Instruction) -> ModifierObserver | None:
        """Watch a reply; None when nothing was asked of it.

        Raises:
            ValueError: the instruction holds a modifier that is unknown or has wrong arguments.
        """
        asked = [(each, _build(self._registry, each.name, each.arguments)) for each in instruction.modifiers]
        return ModifierObserver(asked) if asked else None


class ModifierObserver:
    """One reply and what was asked of it."""

    def __init__(self, asked: Sequence[tuple[RequestedModifier, Modifier]]) -> None:
        self._asked = asked
        self._chunks: list[str] = []
        self._length = 0

    def feed(self, text: str) -> None:
        """Keep the next piece, as long as the reply is within the limit."""
        self._length += len(text)
        if self._length <= LIMIT:
            self._chunks.append(text)
        else:
            self._chunks.clear()

    def close(self, *, complete: bool) -> list[Finding]:
        """One finding for each modifier, in the order they were asked for."""
        reply = "".join(self._chunks)
        return [self._finding(asked, modifier, reply, complete) for asked, modifier in self._asked]

    def _finding(self, asked: RequestedModifier, modifier: Modifier, reply: str, complete: bool) -> ModifierFinding:
        outcome = _TOO_LONG if self._length > LIMIT else modifier.check(reply, complete)
        return ModifierFinding(
            name=asked.name,
            verdict=outcome.verdict,
            explanation=outcome.explanation,
            ifeval=modifier.ifeval,
            arguments=asked.arguments,
            origin=asked.origin,
            span=asked.span,
            message=asked.message,
            form=outcome.form,
            score=outcome.score,
            confidence=asked.confidence,
        )


def _by_name(registry: Sequence[type[Modifier]]) -> dict[str, type[Modifier]]:
    return {modifier.name(): modifier for modifier in registry}


def _build(registry: Mapping[str, type[Modifier]], name: str, arguments: Mapping[str, object]) -> Modifier:
    if name not in registry:
        near = difflib.get_close_matches(name[:LONGEST_NAME], registry, n=1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"no modifier {name[:LONGEST_NAME]!r}; {meant}There are: {', '.join(sorted(registry))}")
    try:
        return msgspec.convert(dict(arguments), registry[name])
    except msgspec.ValidationError as error:
        raise ValueError(f"modifier {name!r}: {error}") from None
