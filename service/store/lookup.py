"""Looking up one inference while its caller may be asking already."""

from __future__ import annotations

from collections.abc import Sequence
from time import sleep, time

from ..errors import UnknownInference
from ..ids import is_id, time_of
from .base import Entry, Store

WRITTEN_WITHIN = 0.25
"""Seconds after which a record is there, as long as the store is up."""

_RECENT = 3600.0  # a reply may have streamed for so long


def attempts(store: Store, id: str) -> Sequence[Entry]:
    """The attempts at one inference; of one that may just have ended they are waited for. Call it in a thread.

    Raises:
        UnknownInference: there is none.
        StoreError: see ``Store``.
    """
    found = store.attempts(id)
    if not found and is_id(id) and abs(time() - time_of(id)) < _RECENT:
        sleep(WRITTEN_WITHIN)
        found = store.attempts(id)
    if not found:
        raise UnknownInference(id)
    return found
