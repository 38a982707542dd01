"""The reader and the detectors that the product uses, put together: the library's one composition root."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from .core import Instruction, Message, Origin, RequestedModifier
from .language.expected import expected_language, instruction_language, normalise_tag
from .language.identify import Identifier
from .language.mismatch import LanguageMismatch
from .modifiers.compliance import ModifierCompliance
from .modifiers.conflicts import settle
from .modifiers.declaration import DeclarationError, declared_together
from .reading.loading import load_lexicons
from .reading.reader import Reader
from .reading.vocabulary import Lexicons
from .runner import Declared, Diagnostics
from .surface import SIGNALS
from .text import installed_segmenter


def declare(language: str | None, modifiers: Iterable[tuple[str, Mapping[str, object]]]) -> Declared:
    """Check what a caller declares: a BCP 47 tag, and modifiers as (name, arguments).

    Raises:
        DeclarationError: the tag is none, a modifier is unknown, an argument is unknown, missing or wrong, or two
            modifiers contradict each other; says where (``modifiers[1].arguments.num_words``) and what would be right.
    """
    try:
        tag = None if language is None else normalise_tag(language)
    except ValueError as error:
        raise DeclarationError("expected_language", str(error)) from None
    return Declared(tag, declared_together(modifiers))


def _settled(demands: Sequence[RequestedModifier]) -> tuple[RequestedModifier, ...]:
    """All demands, those that are declared first; what a later one contradicts says so."""
    kept, overruled = settle(demands) if len(demands) > 1 else (demands, ())
    lost = (msgspec.structs.replace(each.demand, overruled=each.explanation) for each in overruled)
    return tuple(sorted((*kept, *lost), key=lambda demand: demand.origin is not Origin.DECLARED))


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
            _settled([*(each for each in demands.modifiers if each.name not in stated), *declared.modifiers]),
        )

    signals = (signal() for signal in SIGNALS)
    compliance = ModifierCompliance(segmenter=installed_segmenter())
    return Diagnostics(read, (LanguageMismatch(identifier), compliance, *signals))
