"""Did the reply do what the modifiers asked? One detector for all of them.

Whoever wants to know while the reply streams asks for what is ``decided``; what nobody asks costs nothing. All
modifiers judge the whole when it ends: what was decided has the same verdict then, its explanation and score may have
changed. So any way of cutting a reply into chunks gives the same findings. The reply is kept, up to a bound; one that
goes on beyond it counts as cut short there.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import msgspec

from diagnostics.core import Finding, Instruction, ModifierFinding, RequestedModifier, Verdict
from diagnostics.text import Segmenter

from . import MODIFIERS
from .base import CUT_SHORT, Modifier, Outcome
from .reply import LIMIT, Reply

LONGEST_NAME = 40
"""Characters of an unknown modifier's name that are shown."""
_TOO_LONG = Outcome(Verdict.ABSTAIN, f"the reply is longer than {LIMIT} characters")


class ModifierCompliance:
    """The detector over a registry of modifiers; with a segmenter, words of scripts without blanks are counted too."""

    name = "modifiers"
    finding: type[Finding] = ModifierFinding

    def __init__(self, registry: Sequence[type[Modifier]] = MODIFIERS, segmenter: Segmenter | None = None) -> None:
        self._registry = _by_name(registry)
        self._segmenter = segmenter

    def observe(self, instruction: Instruction) -> ModifierObserver | None:
        """Watch a reply; None when nothing was asked of it.

        Raises:
            ValueError: the instruction holds a modifier that is unknown or has wrong arguments.
        """
        asked = [(each, _build(self._registry, each.name, each.arguments)) for each in instruction.modifiers]
        return ModifierObserver(asked, self._segmenter) if asked else None


class ModifierObserver:
    """One reply and what was asked of it."""

    def __init__(self, asked: Sequence[tuple[RequestedModifier, Modifier]], segmenter: Segmenter | None = None) -> None:
        self._asked = asked
        self._reply = Reply(limit=LIMIT, segmenter=segmenter)
        self._early: dict[int, ModifierFinding] = {}

    def feed(self, text: str) -> None:
        """Take the next piece, which costs next to nothing."""
        self._reply.feed(text)

    @property
    def decided(self) -> list[ModifierFinding]:
        """The findings that are there before the reply has ended, in the order of the demands. Their verdicts stay.

        Asked for often, it looks at the reply only when that has grown by a quarter.
        """
        if self._reply.look():
            for i, (asked, modifier) in enumerate(self._asked):
                if i not in self._early:
                    outcome = self._outcome(asked, modifier)
                    if outcome.verdict is not Verdict.ABSTAIN:
                        self._early[i] = self._finding(asked, modifier, outcome)
        return [self._early[i] for i in sorted(self._early)]

    def close(self, *, complete: bool) -> list[Finding]:
        """One finding for each modifier, in the order they were asked for."""
        self._reply.close(complete)
        return [self._finding(asked, modifier, self._outcome(asked, modifier)) for asked, modifier in self._asked]

    def _outcome(self, asked: RequestedModifier, modifier: Modifier) -> Outcome:
        if asked.overruled is not None:
            return Outcome(Verdict.NOT_APPLICABLE, asked.overruled)
        outcome = modifier.judge(self._reply)
        return _TOO_LONG if self._reply.too_long and outcome is CUT_SHORT else outcome

    def _finding(self, asked: RequestedModifier, modifier: Modifier, outcome: Outcome) -> ModifierFinding:
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
