"""The reply is nothing but emoji, with blanks between them as may be.

An emoji is what ``emoji`` counts as one. A line that leads in, or what surrounds a code fence, is peeled off. IFEval
has no such type.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .emoji import EMOJI
from .reply import Reply


class EmojiOnly(Modifier, frozen=True):
    """ "Answer in emoji only." """

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the characters that are emoji."""
        if not reply.complete:
            return CUT_SHORT
        for view in reply.views:
            text = reply.of(view)
            if text and not _rest(text):
                return Outcome(Verdict.PASS, f"nothing but emoji{view.note}", view.form, 1.0)
        rest, size = _rest(reply.text), len("".join(reply.text.split()))
        if not size:
            return Outcome(Verdict.FAIL, "the reply is empty", score=0.0)
        return Outcome(
            Verdict.FAIL, f"{len(rest)} characters are no emoji: {rest[:20]!r}", score=round(1 - len(rest) / size, 3)
        )

    examples: ClassVar = (
        Example("Answer with nothing but emojis.", "🍵", Verdict.PASS),
        Example("", "🍵 👨‍👩‍👧\n❤️", Verdict.PASS, form="bare"),
        Example("", "Voilà :\n🍵", Verdict.PASS, "fr", form="unwrapped"),
        Example("", "🍵!", Verdict.FAIL),
        Example("", "Чай 🍵", Verdict.FAIL, "ru"),
        Example("", "★ ✓ :)", Verdict.FAIL),
    )


def _rest(text: str) -> str:
    """What is neither emoji nor blank."""
    return "".join((text if text.isascii() else EMOJI.sub("", text)).split())
