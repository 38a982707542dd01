"""The reply has a question between ¿ and ?, as Spanish has it.

M-IFEval's punctuation:question_marks (Spanish) is the same rule, yet content with a mark between the marks.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .inverted import between


class QuestionMarks(Modifier, frozen=True):
    """ "Tu respuesta debe incluir una pregunta." """

    ifeval = "punctuation:question_marks"

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass as soon as there is a question; fail only at the end."""
        return between("¿", "?", reply, complete)

    examples: ClassVar = (
        Example(
            "Escribe una pregunta con signos de interrogación de apertura y de cierre.", "¿Té?", Verdict.PASS, "es"
        ),
        Example("", "Hola. ¿Quieres té?", Verdict.PASS, "es", form="bare"),
        Example("", "¿¡Té!?", Verdict.PASS, "es", form="bare"),
        Example("", "Quieres té?", Verdict.FAIL, "es"),
        Example("", "¿? ¿…?", Verdict.FAIL, "es"),
        Example("", "?té¿", Verdict.FAIL, "gl"),
        Example("", "Tea?", Verdict.FAIL),
    )
