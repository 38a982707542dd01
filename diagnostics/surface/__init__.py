"""Surface signals of fluency: flaws that are seen without a model. One file each, registered here."""

from __future__ import annotations

from .base import Signal
from .empty import Empty
from .mixed_script import MixedScript
from .mojibake import Mojibake
from .refusal import Refusal
from .repetition import Repetition
from .template import Template

SIGNALS: tuple[type[Signal], ...] = (Empty, MixedScript, Mojibake, Refusal, Repetition, Template)
"""In the order of their names."""

__all__ = ["SIGNALS", "Signal"]
