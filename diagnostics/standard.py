"""The reader and the detectors that the product uses, put together: the library's one composition root."""

from __future__ import annotations

from collections.abc import Iterable

from .core import Instruction, Message
from .language.expected import expected_language, instruction_language, normalise_tag
from .language.identify import Identifier
from .language.mismatch import LanguageMismatch
from .modifiers.compliance import ModifierCompliance, declared
from .modifiers.grammar import Reader
from .modifiers.lexicon import Lexicons, load_lexicons
from .runner import Declared, Diagnostics


def declare(language: str | None, modifiers: Iterable[tuple[str, dict[str, object]]]) -> Declared:
    """Check what a caller declares: a BCP 47 tag, and modifiers as (name, arguments).

    Raises:
        ValueError: the tag is none, the modifier is unknown, or an argument is wrong; says which and what there is.
    """
    try:
        tag = None if language is None else normalise_tag(language)
    except ValueError as error:
        raise ValueError(f"expected_language: {error}") from None
    try:
        return Declared(tag, tuple(declared(name, arguments) for name, arguments in modifiers))
    except ValueError as error:
        raise ValueError(f"modifiers: {error}") from None


def standard(identifier: Identifier | None = None, lexicons: Lexicons | None = None) -> Diagnostics:
    """The product's diagnostics. Both arguments load what they need when they first need it, which takes a tenth of a
    second a language; whoever cannot wait then calls ``preload()`` on them before."""
    identifier = identifier or Identifier()
    reader = Reader(lexicons or load_lexicons())

    def read(messages: tuple[Message, ...], declared: Declared) -> Instruction:
        language = instruction_language(messages, identifier.identify, reader.asked_in)
        demands = reader.read(messages, language)
        stated = {modifier.name for modifier in declared.modifiers}
        return Instruction(
            messages,
            language,
            expected_language(declared.expected_language, demands.language, messages, language, identifier.identify),
            declared.modifiers + tuple(each for each in demands.modifiers if each.name not in stated),
        )

    return Diagnostics(read, (LanguageMismatch(identifier), ModifierCompliance()))
