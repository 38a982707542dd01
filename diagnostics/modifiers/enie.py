"""The reply has so many words with ñ.

M-IFEval's special_character:enie (Spanish) is the same rule with "exactly", over the words of a Spanish tokenizer.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import Relation
from .reply import Reply
from .spellings import words_with


class Enie(Modifier, frozen=True):
    """ "En tu respuesta, palabras con la letra ñ deben aparecer 3 veces." """

    ifeval = "special_character:enie"

    let_frequency: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    relation: Relation = "exactly"

    def judge(self, reply: Reply) -> Outcome:
        """Count the words. Too many fail at once, too few only at the end."""
        return words_with("ñ", reply, self.relation, self.let_frequency)

    examples: ClassVar = (
        Example(
            "Usa al menos 2 palabras con ñ.",
            "El niño y la niña.",
            Verdict.PASS,
            "es",
            {"let_frequency": 2, "relation": "at least"},
        ),
        Example("", "El NIÑO sueña; nin\u0303a.", Verdict.PASS, "es", {"let_frequency": 3}, "bare"),
        Example("", "Ñandú ñoño, ano.", Verdict.PASS, "es", {"let_frequency": 2}),
        Example("", "El té", Verdict.FAIL, "es", {"let_frequency": 1}),
        Example("", "mañana", Verdict.FAIL, "gl", {"let_frequency": 2, "relation": "at least"}),
        Example("", "Canyon", Verdict.PASS, arguments={"let_frequency": 0}),
    )
