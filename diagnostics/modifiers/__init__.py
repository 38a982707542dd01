"""Modifiers: what an instruction adds on how to answer. One file each, registered here."""

from __future__ import annotations

from .base import Example, Modifier, Outcome
from .bullets import Bullets
from .html import Html
from .json import Json

__all__ = ["MODIFIERS", "Example", "Modifier", "Outcome"]

MODIFIERS: tuple[type[Modifier], ...] = (Bullets, Html, Json)
"""Every modifier that can be asked for, by name."""
