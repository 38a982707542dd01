"""The reply has bullet points: as many as asked for, or at least two where no number was named.

A bullet is a line that starts with ``-``, ``*`` or ``+`` and a blank, or with ``•`` or ``・`` (``‣ ◦ ▪ ●`` too).

IFEval's detectable_format:number_bullet_lists (google-research: instruction_following_eval/instructions.py) counts
lines that match ``^\\s*\\*[^\\*]`` or ``^\\s*-``. So it also counts rules (``---``), negative numbers (``-5 °C``) and
emphasised lines (``*Note*``), and does not count ``•``. M-IFEval's Japanese edition counts ``・`` only.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply

_BULLET = re.compile(r"\n[ \t\u3000]*+(?:[-*+][ \t]++(?!(?:[-*_][ \t]*+)++$)\S|[•・‣◦▪●][ \t\u3000]*+\S)", re.MULTILINE)
"""Begins with a line end, which a search finds faster than the start of a line."""
_FEWEST = 2


class Bullets(Modifier, frozen=True):
    """ "Answer in 3 bullet points." """

    ifeval = "detectable_format:number_bullet_lists"

    num_bullets: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """Exactly how many; None when any list will do."""

    def judge(self, reply: Reply) -> Outcome:
        """Count the bullets, nested ones too, as IFEval does. Too many fail at once, too few only at the end."""
        relation: Relation = "at least" if self.num_bullets is None else "exactly"
        wanted = self.num_bullets or _FEWEST
        return judge(
            reply,
            lambda view: reply.sum(_count, view),
            relation,
            wanted,
            "bullet point/bullet points",
        )

    examples: ClassVar = (
        Example(
            "Give me 2 bullet points on tea.", "- It is hot.\n- It is old.", Verdict.PASS, arguments={"num_bullets": 2}
        ),
        Example("Answer in bullet points.", "* one\n* two\n* three", Verdict.PASS),
        Example("Список из трёх пунктов, пожалуйста.", "• раз\n• два", Verdict.FAIL, "ru", {"num_bullets": 3}),
        Example("箇条書きで答えてください。", "・ひとつ\n・ふたつ", Verdict.PASS, "ja"),
        Example("Responde en forma de lista con viñetas.", "Claro.\n---\n-5 grados", Verdict.FAIL, "es"),
        Example("Please explain the bullet points below.", "They are about tea."),
        Example("Answer without bullet points.", "Tea is hot."),
        Example("How fast is a bullet?", "Very."),
    )


def _count(lines: str) -> int:
    return len(_BULLET.findall("\n" + lines))
