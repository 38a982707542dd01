"""The reply highlights at least so many sections in Markdown: ``*so*``, ``**so**`` or ``***so***``.

A highlight lies within one line and starts right after its asterisks; where it ends with a blank, no word may follow.
One may stand within another ("*so **much** more*").

IFEval's detectable_format:number_highlighted_sections (google-research: instruction_following_eval/instructions.py)
counts ``\\*[^\\n\\*]*\\*`` and ``\\*\\*[^\\n\\*]*\\*\\*``. So it also counts what stands between a bullet ``*`` and
the next asterisk ("* Tea is *hot*" has one, "Tea is", which takes the real one's place), or between the signs of
``2 * 3 * 4``, and the parts of a highlight around one within it; these are none here.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import judge
from .reply import Reply

_HIGHLIGHTS = tuple(
    re.compile(rf"(?<![*\\0-9]){mark}(?=[^\s*])([^*\n]++)(?:(?<=\S){mark}|{mark}(?!\w))(?!\*)")
    for mark in (r"\*\*\*", r"\*\*", r"\*")
)


class Highlight(Modifier, frozen=True):
    """ "Highlight at least 3 sections in Markdown, i.e. *highlighted section*." """

    ifeval = "detectable_format:number_highlighted_sections"

    num_highlights: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    """At least so many."""

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as there are enough; too few fail at the end only."""
        return judge(
            reply,
            lambda view: reply.sum(_count, view, whole_words=True),
            "at least",
            self.num_highlights,
            "highlighted section/highlighted sections",
        )

    examples: ClassVar = (
        Example(
            "Highlight at least 2 parts of your answer with markdown, i.e. *like this*.",
            "*Tea* is *hot*.",
            Verdict.PASS,
            arguments={"num_highlights": 2},
        ),
        Example("What was the highlight of the show?", "The end."),
        Example("", "*Tea* is **hot**.", Verdict.PASS, arguments={"num_highlights": 2}, form="bare"),
        Example("", "これは**重要**です。", Verdict.PASS, "ja", {"num_highlights": 1}, "bare"),
        Example("", "* **Thé** : chaud\n* ***Lait*** : froid", Verdict.PASS, "fr", {"num_highlights": 2}, "bare"),
        Example("", "* Tee\n* Milch", Verdict.FAIL, "de", {"num_highlights": 1}),
        Example("", "2 * 3 * 4 and 2*3*4", Verdict.FAIL, arguments={"num_highlights": 1}),
        Example("", "* Чай *горячий*", Verdict.FAIL, "ru", {"num_highlights": 2}),
        Example("", "<b>Tea</b>, _hot_", Verdict.FAIL, arguments={"num_highlights": 1}),
    )


def _count(text: str) -> int:
    """How many highlights; the inner ones are counted first, and their asterisks taken away."""
    if "*" not in text:
        return 0
    total = 0
    for pattern in _HIGHLIGHTS:
        text, count = pattern.subn(r"\1", text)
        total += count
    return total
