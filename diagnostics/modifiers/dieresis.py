"""The reply has so many words with ü.

M-IFEval's special_character:dieresis (Spanish) is the same rule with "exactly", over the words of a Spanish tokenizer.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import Relation
from .reply import Reply
from .spellings import words_with


class Dieresis(Modifier, frozen=True):
    """ "En tu respuesta, palabras con la letra ü deben aparecer 3 veces." """

    ifeval = "special_character:dieresis"

    let_frequency: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    relation: Relation = "exactly"

    def judge(self, reply: Reply) -> Outcome:
        """Count the words. Too many fail at once, too few only at the end."""
        return words_with("ü", reply, self.relation, self.let_frequency)

    examples: ClassVar = (
        Example(
            "Usa exactamente 1 palabra con diéresis.",
            "El pingüino.",
            Verdict.PASS,
            "es",
            {"let_frequency": 1, "relation": "exactly"},
        ),
        Example("", "El PINGÜINO y la cigu\u0308en\u0303a.", Verdict.PASS, "es", {"let_frequency": 2}, "bare"),
        Example("", "El guiso", Verdict.FAIL, "es", {"let_frequency": 1}),
        Example("", "Müde Kühe", Verdict.FAIL, "de", {"let_frequency": 1}),
        Example("", "l'ambigüitat", Verdict.PASS, "ca", {"let_frequency": 1, "relation": "at least"}),
    )
