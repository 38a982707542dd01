"""One attempt at an inference that has ended: what is counted and, on request, logged."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from diagnostics.core import Diagnosis

from .routing import Route
from .schema import Usage


class Role(StrEnum):
    """Why an attempt was made."""

    PRIMARY = "primary"  # the first, at the checkpoint that was assigned
    FALLBACK = "fallback"  # the one before brought no reply at all
    REPAIR = "repair"  # the one before began wrong


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt. Times are in seconds from the request; ``first_token`` is None when no piece of a reply came.

    ``route`` is the inference's assignment, ``checkpoint`` the one that was asked in this attempt. ``final`` says that
    what came of it is what the caller got: of every inference exactly one attempt is final. ``outcome`` is "ok",
    "cancelled" (the caller left), "replaced" (by a repair), or the code of the error that ended it. ``diagnosis`` is
    None when there was no reply at all.
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

    @property
    def assigned(self) -> tuple[str, str, str]:
        """Names of the model, the arm and its checkpoint, all from the settings."""
        return (self.route.model, self.route.arm.role.value, self.route.arm.checkpoint)

    @property
    def asked(self) -> tuple[str, str, str]:
        """The same with the checkpoint that this attempt asked."""
        return (self.route.model, self.route.arm.role.value, self.checkpoint)
