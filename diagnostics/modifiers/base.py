"""What a modifier is: a demand on the form of a reply that can be read from a prompt and checked in the reply.

Each modifier is one file; the file's name is the modifier's name everywhere. Its fields are the demand's arguments
(IFEval's names where IFEval has it), ``requested`` reads it, ``check`` judges it, ``examples`` show both and are the
first tests.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from diagnostics.core import Verdict

from .sentence import Request, Sentence


class Outcome(msgspec.Struct, frozen=True):
    """The verdict on one reply. ``form`` and ``score`` are those of ``ModifierFinding``."""

    verdict: Verdict
    explanation: str
    form: str | None = None
    score: float | None = None


class Example(msgspec.Struct, frozen=True):
    """A prompt, a reply, and what must come of them; ``verdict`` None says that nothing is asked of the reply.

    The prompt is empty where a modifier is declared only.
    """

    prompt: str
    reply: str = ""
    verdict: Verdict | None = None
    language: str = "en"
    arguments: dict[str, object] = {}
    form: str | None = None


class Modifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand with its arguments. Subclasses add fields, ``requested`` and ``check``."""

    ifeval: ClassVar[str | None] = None
    """IFEval's instruction id, where there is one."""
    concepts: ClassVar[tuple[str, ...]]
    """The tokens that ``requested`` is called for; none where the modifier is not read from prompts, only declared."""
    examples: ClassVar[tuple[Example, ...]] = ()

    @classmethod
    def name(cls) -> str:
        """The modifier's public name: its file's."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def requested(cls, sentence: Sentence, i: int) -> Request | None:
        """Is the modifier asked for at token ``i`` of ``sentence``?"""
        raise NotImplementedError

    def check(self, reply: str, complete: bool) -> Outcome:
        """Judge a reply; ``complete`` is False when it was cut short."""
        raise NotImplementedError


CUT_SHORT = Outcome(Verdict.ABSTAIN, "the reply was cut short")
