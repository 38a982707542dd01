"""What a modifier is: a demand on the form of a reply that can be read from a prompt and checked in the reply.

Each modifier is one file; the file's name is the modifier's name everywhere. Its fields are the demand's arguments
(IFEval's names where IFEval has it), ``judge`` or ``check`` judges it, ``examples`` show what asks for it, what does
not, and what comes of replies: they are its first tests. How it is read from prompts says ``reading/rules/``.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from diagnostics.core import Verdict

from .reply import Reply


class Outcome(msgspec.Struct, frozen=True):
    """The verdict on one reply. ``form`` and ``score`` are those of ``ModifierFinding``."""

    verdict: Verdict
    explanation: str
    form: str | None = None
    score: float | None = None


class Example(msgspec.Struct, frozen=True):
    """A prompt, a reply, and what must come of them; ``verdict`` None says that nothing is asked of the reply.

    The prompt is empty where the modifier is declared.
    """

    prompt: str
    reply: str = ""
    verdict: Verdict | None = None
    language: str = "en"
    arguments: dict[str, object] = {}
    form: str | None = None


class Modifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand with its arguments. Subclasses add fields, and ``judge`` or ``check``."""

    ifeval: ClassVar[str | None] = None
    """IFEval's instruction id, where there is one."""
    judged: ClassVar[bool] = False
    """Whether it is left to a judge: what no rule can tell abstains, at most a plain breach of it fails."""
    examples: ClassVar[tuple[Example, ...]] = ()

    @classmethod
    def name(cls) -> str:
        """The modifier's public name: its file's."""
        return cls.__module__.rpartition(".")[2]

    def judge(self, reply: Reply) -> Outcome:
        """Judge what has come of a reply, which is asked again and again while it streams.

        A verdict other than ``abstain`` on a part is the verdict on the whole, however it goes on. A modifier defines
        either this, with counts that ``Reply`` carries on from line to line, or ``check``, which is then asked anew
        whenever the reply has doubled.
        """
        return self.check(reply.text, reply.complete) if reply.doubled else CUT_SHORT

    def check(self, reply: str, complete: bool) -> Outcome:
        """Judge a text; ``complete`` is False when it was cut short."""
        return self.judge(Reply(reply, complete))


CUT_SHORT = Outcome(Verdict.ABSTAIN, "the reply was cut short")
