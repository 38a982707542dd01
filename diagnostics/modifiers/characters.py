"""The reply has so many characters.

Characters are counted as a person counts them: blanks and line ends are characters, those around the reply are not;
a mark that sits on a letter and an invisible control are none. ``spaces`` false leaves blanks and line ends out, as
字数 does in Chinese and Japanese.

M-IFEval's Japanese length_constraints:number_letters takes Python's ``len`` of the whole reply: line ends and
decomposed accents count, so that "が" is one character or two.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import count_characters

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply


class Characters(Modifier, frozen=True):
    """ "Answer in at most 280 characters." """

    ifeval = "ja:length_constraints:number_letters"

    num_characters: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    relation: Relation = "exactly"
    spaces: bool = True
    """Whether blanks and line ends count."""

    def judge(self, reply: Reply) -> Outcome:
        """Count the characters. Too many fail at once, too few only at the end."""
        count = count_characters if self.spaces else _without_blanks
        return judge(
            reply, lambda view: reply.sum(count, view), self.relation, self.num_characters, "character/characters"
        )

    examples: ClassVar = (
        Example(
            "Describe tea in at most 20 characters.",
            "Tea is hot.",
            Verdict.PASS,
            arguments={"num_characters": 20, "relation": "at most"},
        ),
        Example("Describe the three main characters of the play.", "A, B and C."),
        Example("", " Tea, hot.\n", Verdict.PASS, arguments={"num_characters": 9}, form="bare"),
        Example("", "the\u0301", Verdict.PASS, "fr", {"num_characters": 3}),
        Example("", "お茶は\n熱い。", Verdict.PASS, "ja", {"num_characters": 6, "spaces": False}),
        Example("", "お茶は\n熱い。", Verdict.FAIL, "ja", {"num_characters": 7, "relation": "less than"}),
        Example("", "श्री", Verdict.PASS, "hi", {"num_characters": 3, "relation": "at most"}),
        Example("", "Чай", Verdict.FAIL, "ru", {"num_characters": 4, "relation": "at least"}),
        Example(
            "", "```\nTea\n```", Verdict.PASS, arguments={"num_characters": 3, "relation": "at most"}, form="unwrapped"
        ),
    )


def _without_blanks(text: str) -> int:
    return count_characters("".join(text.split()))
