"""Reviewed exceptions: what a person read and found to be asked for, though no label says so.

``exceptions.toml`` holds three lists. ``unlabelled``: false positives of the labelled prompts that are real demands, by
the row's key and the modifier's type, with the words of the prompt that ask, by place ("marco/de", "marco/ar/mt").
``mislabelled``: labels whose arguments contradict the words of the prompt, with the arguments that the words ask for.
``plain``: false positives of prompts without labels, named by the first characters of the SHA-256 of the prompt.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

FILE = Path(__file__).with_name("exceptions.toml")


class Unlabelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand that the labels of one row lack, in the places (editions) where a person saw it: place -> phrase."""

    key: int
    type: str
    phrases: dict[str, str]
    why: str = ""


class Mislabelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Arguments that the words of one row ask for and its label contradicts, in the places (editions) where a person
    saw it: place -> phrase."""

    key: int
    type: str
    arguments: dict[str, Any]
    phrases: dict[str, str]
    why: str = ""


class Correction(NamedTuple):
    """What a label has to say where the prompt holds this phrase."""

    phrase: str
    arguments: dict[str, Any]


class Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand in an unlabelled prompt."""

    prompt: str
    type: str
    phrase: str


class Exceptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the file."""

    unlabelled: tuple[Unlabelled, ...] = ()
    mislabelled: tuple[Mislabelled, ...] = ()
    plain: tuple[Plain, ...] = ()

    def phrases(self) -> dict[tuple[str, int, str], str]:
        """Place, key and type -> the phrase that asks."""
        return {(place, each.key, each.type): said for each in self.unlabelled for place, said in each.phrases.items()}

    def corrections(self) -> dict[tuple[str, int, str], Correction]:
        """Place, key and type -> what the label has to say."""
        return {
            (place, each.key, each.type): Correction(phrase, each.arguments)
            for each in self.mislabelled
            for place, phrase in each.phrases.items()
        }

    def demands(self) -> set[tuple[str, str]]:
        """Prompt (as ``digest`` has it) and type of the demands that plain prompts hold."""
        return {(each.prompt, each.type) for each in self.plain}


def load(path: Path = FILE) -> Exceptions:
    """The exceptions; raises ``msgspec.ValidationError`` where the file is malformed."""
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Exceptions)


def digest(prompt: str) -> str:
    """A short name of a prompt that does not quote it."""
    return hashlib.sha256(prompt.encode()).hexdigest()[:12]
