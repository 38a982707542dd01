"""Which texts are kept, and what of them: prompts and replies are kept only where the settings say so."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from importlib import import_module
from typing import Any

import msgspec

from diagnostics.core import Message

from ..config import KeptText
from ..errors import ConfigError
from ..record import Record, Text
from ..verdicts import is_failure
from .base import Body

Redact = Callable[[str], str]

_CUT = "length"


class Texts:
    """The policy: ``which`` attempts, of those "sampled" the share ``sample``; each text goes through ``redact``."""

    def __init__(self, which: KeptText, sample: float = 1.0, redact: Redact | None = None) -> None:
        self._which = which
        self._sample = sample
        self._redact = redact

    def may_keep(self, id: str) -> bool:
        """Whether the text of this inference may be kept. Of a sample every replica that sees the id says the same."""
        if self._which == "sampled":
            return _uniform(id) < self._sample
        return self._which != "off"

    def keeps(self, record: Record) -> bool:
        """Whether the text of an attempt that has ended is kept."""
        return self._which != "failures" or is_failure(record)

    def body(self, record: Record) -> Body | None:
        """What is kept. Raises whatever ``redact`` raises."""
        text = record.text
        if text is None:
            return None
        redact = self._redact or _as_it_is
        return Body(
            id=record.id,
            attempt=record.attempt,
            messages=tuple(Message(each.role, _text(redact(each.content))) for each in text.messages),
            response=None if text.response is None else _text(redact(text.response)),
            finish_reason=_CUT if text.is_cut else record.finish_reason,
            expected_language=text.expected_language,
            modifiers=_modifiers(text),
            diagnosis=None if self._redact is not None else record.diagnosis,
        )


def load_redaction(name: str) -> Redact:
    """The function that ``package.module:function`` names.

    Raises:
        ConfigError: there is none.
    """
    module, _, function = name.partition(":")
    try:
        found: Any = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"store.redact: {error}") from None
    if not callable(found):
        raise ConfigError(f"store.redact: {name} is no function")
    redact: Redact = found
    return redact


def _uniform(id: str) -> float:
    """A number in [0, 1) for an id."""
    return int.from_bytes(blake2b(id.encode(), digest_size=8).digest()) / 2**64


def _as_it_is(text: str) -> str:
    return text


def _text(redacted: object) -> str:
    if not isinstance(redacted, str):
        raise TypeError(f"store.redact must return a str, not {type(redacted).__name__}")
    return redacted


def _modifiers(text: Text) -> tuple[msgspec.Raw, ...] | None:
    if text.modifiers is None:
        return None
    return tuple(msgspec.Raw(msgspec.json.encode(modifier)) for modifier in text.modifiers)
