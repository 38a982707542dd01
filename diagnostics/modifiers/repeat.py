"""The reply begins by repeating a given text, word for word.

Judged: the reply begins with the text, whatever the case and the spacing, up to a word's border. A line that leads
in, a fence, quotation marks, and marks of emphasis before it are peeled off. What follows is not judged, nor is whether
anything does.

IFEval's combination:repeat_prompt (google-research: instruction_following_eval/instructions.py) lower-cases and strips
both, and compares the start: a curly apostrophe or two blanks are a change there, and none here, on purpose.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .beginning import starts
from .phrase import spelled
from .reply import Reply


class Repeat(Modifier, frozen=True):
    """ "First repeat the request word for word, then answer." """

    ifeval = "combination:repeat_prompt"

    prompt_to_repeat: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000, pattern=r"\S")]
    """What is to be repeated."""

    def judge(self, reply: Reply) -> Outcome:
        """Decided as soon as enough of the reply is there. ``score`` is the share repeated before the first change."""
        found, undecided = starts(reply, self.prompt_to_repeat)
        if found is None and undecided:
            return CUT_SHORT
        wanted, text = spelled(self.prompt_to_repeat), reply.spelled(reply.bare)
        if found is not None:
            form = found if text.startswith(wanted) else "unwrapped"
            return Outcome(Verdict.PASS, "the reply begins with the text to repeat", form, 1.0)
        same = _same(wanted, text)
        said = f"the reply repeats {same} of {len(wanted)} characters before it differs"
        return Outcome(Verdict.FAIL, said, score=round(min(same / len(wanted), 0.99), 3))

    examples: ClassVar = (
        Example(
            "What is tea?\nFirst repeat the request above, then give your answer.",
            "What is tea? A drink.",
            Verdict.PASS,
            arguments={"prompt_to_repeat": "What is tea?"},
        ),
        Example("Why does history repeat itself?", "Does it?"),
        Example(
            "", "What is  TEA?\n\nA drink.", Verdict.PASS, arguments={"prompt_to_repeat": "What is tea?"}, form="bare"
        ),
        Example(
            "", '"What is tea?"\n\nA drink.', Verdict.PASS, "en", {"prompt_to_repeat": "What is tea?"}, "unwrapped"
        ),
        Example("", "Tea is a drink.", Verdict.FAIL, arguments={"prompt_to_repeat": "What is tea?"}),
        Example("", "What is a tea?\n\nA drink.", Verdict.FAIL, arguments={"prompt_to_repeat": "What is tea?"}),
        Example("", "Décris l’été.\n\nChaud.", Verdict.PASS, "fr", {"prompt_to_repeat": "Décris l'été."}, "bare"),
        Example("", "Чаепитие — это отдых.", Verdict.FAIL, "ru", {"prompt_to_repeat": "Чае"}),
        Example("", "お茶とは？飲み物です。", Verdict.PASS, "ja", {"prompt_to_repeat": "お茶とは？"}, "bare"),
    )


def _same(wanted: str, text: str) -> int:
    """How many characters are the same from the start."""
    pairs = enumerate(zip(wanted, text, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(wanted), len(text)))
