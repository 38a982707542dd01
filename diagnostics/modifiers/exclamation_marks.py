"""The reply has an exclamation between ¡ and !, as Spanish has it.

M-IFEval's punctuation:exclamation_marks (Spanish) is the same rule, yet content with a mark between the marks.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .inverted import between


class ExclamationMarks(Modifier, frozen=True):
    """ "Tu respuesta debe incluir una exclamación." """

    ifeval = "punctuation:exclamation_marks"

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass as soon as there is an exclamation; fail only at the end."""
        return between("¡", "!", reply, complete)

    examples: ClassVar = (
        Example("Escribe una frase con signos de exclamación de apertura y de cierre.", "¡Té!", Verdict.PASS, "es"),
        Example("", "¡Qué buen té! Sí.", Verdict.PASS, "es", form="bare"),
        Example("", "Qué buen té!", Verdict.FAIL, "es"),
        Example("", "¡! ¡…!", Verdict.FAIL, "es"),
        Example("", "!té¡", Verdict.FAIL, "gl"),
        Example("", "Tea!", Verdict.FAIL),
    )
