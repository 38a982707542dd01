"""The reply has so many words with an acute accent on a vowel: á, é, í, ó, ú.

M-IFEval's special_character:tildes (Spanish) is the same rule, over the words of a Spanish tokenizer; its relations
are "al menos" and "como máximo", both with the number itself.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import Relation
from .reply import Reply
from .spellings import words_with


class Tildes(Modifier, frozen=True):
    """ "Responde con al menos 5 palabras con tilde." """

    ifeval = "special_character:tildes"

    num_words: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    relation: Relation = "at least"

    def judge(self, reply: Reply) -> Outcome:
        """Count the words. Too many fail at once, too few only at the end."""
        return words_with("áéíóú", reply, self.relation, self.num_words)

    examples: ClassVar = (
        Example(
            "Usa al menos 2 palabras con tilde.",
            "El té está caliente.",
            Verdict.PASS,
            "es",
            {"num_words": 2, "relation": "at least"},
        ),
        Example("", "ÉL bebió te\u0301.", Verdict.PASS, "es", {"num_words": 3}, "bare"),
        Example("", "El niño, la cigüeña, à, ô.", Verdict.FAIL, "es", {"num_words": 1}),
        Example("", "Él tomó té.", Verdict.FAIL, "es", {"num_words": 2, "relation": "at most"}),
        Example("", "um chá, já", Verdict.PASS, "pt", {"num_words": 2, "relation": "at most"}),
        Example("", "été", Verdict.FAIL, "fr", {"num_words": 2, "relation": "exactly"}),
    )
