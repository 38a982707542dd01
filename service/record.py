"""One finished inference: what is counted and, on request, logged."""

from __future__ import annotations

import msgspec

from diagnostics.core import Diagnosis

from .routing import Route
from .schema import Usage


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One finished inference. Times are in seconds; ``first_token`` is None when no piece of a reply came.

    ``outcome`` is "ok", "cancelled" (the caller left), or the code of the error that ended it. ``diagnosis`` is None
    when there was no reply at all.
    """

    id: str
    route: Route
    outcome: str
    duration: float
    first_token: float | None = None
    diagnosis: Diagnosis | None = None
    diagnosing: float = 0.0
    usage: Usage | None = None

    @property
    def arm(self) -> tuple[str, str, str]:
        """Names of the model, the arm and the checkpoint, all from the settings."""
        return (self.route.model, self.route.arm.role.value, self.route.arm.checkpoint)
