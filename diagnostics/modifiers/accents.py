"""The reply writes given words with their accents.

Judged: wherever one of the words stands in the reply, in any case, with or without accents, it has the accents that
were given. Inflected forms are other words. Where none of them stands in the reply, nothing shows whether it writes
accents.

M-IFEval's special_character:accents (French) is the same rule, and passes a reply that has none of the words, though
the task is to write the prompt once more.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import words

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrase, spelled

_Words = Annotated[dict[Phrase, Phrase], msgspec.Meta(min_length=1, max_length=100)]


class Accents(Modifier, frozen=True):
    """ "Rewrite this text with its accents." """

    ifeval = "special_character:accents"

    word_to_accentuate: _Words
    """A word without accents -> the same word with them."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """A word without its accents fails at once. ``score`` is the share of the words' places that are right."""
        wanted = {_bare(spelled(bare)): spelled(accented) for bare, accented in self.word_to_accentuate.items()}
        text = spelled(reply)
        # In a reply that was cut short, the last word may go on.
        text = text if complete else text[: text.rfind(" ") + 1]
        found = [(word, right) for word in words(text) if (right := wanted.get(_bare(word)))]
        wrong = sorted({word for word, right in found if word != right})
        if wrong:
            share = sum(word == right for word, right in found) / len(found)
            explanation = f"not written as asked for: {', '.join(map(repr, wrong[:5]))}"
            return Outcome(Verdict.FAIL, explanation, score=round(share, 3))
        if not complete:
            return CUT_SHORT
        if not found:
            return Outcome(Verdict.ABSTAIN, "none of the words is in the reply")
        return Outcome(Verdict.PASS, "the words have their accents", "bare", 1.0)

    examples: ClassVar = (
        Example("", "Les méthodes.", Verdict.PASS, "fr", {"word_to_accentuate": {"methodes": "méthodes"}}, "bare"),
        Example("", "Une Me\u0301thode", Verdict.PASS, "fr", {"word_to_accentuate": {"methode": "méthode"}}),
        Example("", "Les methodes.", Verdict.FAIL, "fr", {"word_to_accentuate": {"methodes": "méthodes"}}),
        Example("", "Les mèthodes.", Verdict.FAIL, "fr", {"word_to_accentuate": {"methodes": "méthodes"}}),
        Example("", "Le thé.", Verdict.ABSTAIN, "fr", {"word_to_accentuate": {"methodes": "méthodes"}}),
        Example("", "El NIÑO", Verdict.PASS, "es", {"word_to_accentuate": {"nino": "niño"}}),
        Example("", "o cha", Verdict.FAIL, "pt", {"word_to_accentuate": {"cha": "chá"}}),
    )


def _bare(word: str) -> str:
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word[:100])
    return "".join(part for part in parts if not "\u0300" <= part <= "\u036f")
