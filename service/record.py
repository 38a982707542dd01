"""One attempt at an inference that has ended: what is counted, kept and, on request, logged."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import msgspec

from diagnostics.core import Diagnosis, Instruction, Message
from diagnostics.modifiers.declaration import DeclaredModifier

from .routing import Route
from .schema import Usage


class Role(StrEnum):
    """Why an attempt was made."""

    PRIMARY = "primary"  # the first, at the checkpoint that was assigned
    FALLBACK = "fallback"  # the one before brought no reply at all
    REPAIR = "repair"  # the one before began wrong
    SHADOW = "shadow"  # beside another inference, for nobody to read


class Text(msgspec.Struct, frozen=True):
    """What was said in one attempt, and what was declared of it. ``is_cut`` says that the reply went on."""

    messages: tuple[Message, ...]
    response: str | None
    expected_language: str | None = None
    modifiers: tuple[DeclaredModifier, ...] | None = None
    is_cut: bool = False

    @property
    def characters(self) -> int:
        """Of all of it."""
        return sum(len(message.content) for message in self.messages) + len(self.response or "")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt. Times are in seconds from the request; ``first_token`` is None when no piece of a reply came.

    ``route`` is the inference's assignment, ``checkpoint`` the one that was asked in this attempt. ``final`` says that
    what came of it is what the caller got: of every inference exactly one attempt is final. ``outcome`` is "ok",
    "cancelled" (the caller left), "replaced" (by a repair), or the code of the error that ended it. ``instruction`` is
    without its messages, and None when the attempt ended before they were read; ``diagnosis`` is None when there was no
    reply at all. ``text`` is there where it may be kept. ``client`` is the name of an API key, ``api`` of a surface.
    """

    id: str
    route: Route
    checkpoint: str
    attempt: int = 0
    role: Role = Role.PRIMARY
    final: bool = True
    outcome: str
    duration: float
    first_token: float | None = None
    diagnosis: Diagnosis | None = None
    diagnosing: float = 0.0
    usage: Usage | None = None
    instruction: Instruction | None = None
    characters: int | None = None
    finish_reason: str | None = None
    streamed: bool = False
    client: str | None = None
    api: str | None = None
    text: Text | None = None
    run: str | None = None
    phase: int = 0
    conversation: str | None = None
    pair: str | None = None
    judged: str | None = None

    @property
    def assigned(self) -> tuple[str, str, str]:
        """Names of the model, the arm and its checkpoint, all from the settings."""
        return (self.route.model, self.route.arm.role.value, self.route.arm.checkpoint)

    @property
    def asked(self) -> tuple[str, str, str]:
        """The same with the checkpoint that this attempt asked."""
        return (self.route.model, self.route.arm.role.value, self.checkpoint)


class Keeper(Protocol):
    """Keeps records. Neither method waits or raises."""

    def may_keep_text(self, id: str) -> bool:
        """Whether the text of this inference may be wanted; asked before the first attempt."""

    def put(self, record: Record) -> None:
        """Take one that has ended."""
