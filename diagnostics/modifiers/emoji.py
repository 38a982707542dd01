"""The reply has no emoji, or so many.

An emoji is what a reader sees as one: with its skin tone, a family joined by zero-width joiners, a flag, a keycap. It
is a character that is shown in colour by default, a pictograph, or any character with the variation selector U+FE0F
after it (Unicode Technical Standard 51). ``:)`` and text signs such as ©, →, ✓ and ★ are none; neither is anything
before U+FE0E, which asks for the text form.

IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply, View

_SIGNS = (  # Emoji_Presentation of the Basic Multilingual Plane: emoji-data.txt
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be"
    "\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757"
    "\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
)
_PICTOGRAPHS = (  # blocks of pictographs, emoticons, transport, and their supplements
    "\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f21a\U0001f22f\U0001f232-\U0001f236"
    "\U0001f238-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f7f0"
    "\U0001f90c-\U0001f9ff\U0001fa70-\U0001faff"
)
_TONE = "[\U0001f3fb-\U0001f3ff]"
_ONE = (
    rf"(?:[^\s\w]\ufe0f|[\u00a9\u00ae\u2139\u24c2\u3297\u3299]\ufe0f|[{_SIGNS}{_PICTOGRAPHS}](?!\ufe0e)\ufe0f?){_TONE}?"
)
EMOJI = re.compile(
    rf"[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_ONE}[\U000e0020-\U000e007f]*+(?:\u200d{_ONE})*+"
)
_HINT = re.compile("[\u20e3\u2139\u231a-\u2b55\u3297\u3299\ufe0f\U0001f004-\U0001faff]")
"""One of these is in every emoji."""


class Emoji(Modifier, frozen=True):
    """ "Do not use emoji", "Use at least 3 emoji.", "One emoji at most." """

    num_emojis: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    """How many; 0 means none at all."""
    relation: Relation = "at least"

    def judge(self, reply: Reply) -> Outcome:
        """An emoji fails where none is allowed, once it clearly leads into nothing; too few at the end only."""

        def count(view: View) -> int:
            # The last two characters of what goes on may be half of a sequence, or take a text selector.
            end = view.end if reply.complete else max(view.start, view.end - 2)
            return reply.sum(_emoji, view._replace(end=end))

        relation: Relation = self.relation if self.num_emojis else "at most"
        return judge(reply, count, relation, self.num_emojis, "emoji/emoji")

    examples: ClassVar = (
        Example("Do not use emojis.", "Tea.", Verdict.PASS, arguments={"num_emojis": 0}),
        Example("What does this emoji mean: 🍵?", "Tea."),
        Example("", "Tea :) → ★ © ✓", Verdict.PASS, form="bare"),
        Example("", "お茶（緑）〜♪", Verdict.PASS, "ja", form="bare"),
        Example("", "Thé 🍵, famille 👨‍👩‍👧", Verdict.PASS, "fr", {"num_emojis": 2}, "bare"),
        Example("", "Чай ☕", Verdict.FAIL, "ru"),
        Example("", "1️⃣ Tee", Verdict.FAIL, "de"),
        Example("", "Ich ❤️ Tee, 👨‍👩‍👧", Verdict.FAIL, "de", {"num_emojis": 3}),
        Example("", "Tea ☎\ufe0e", Verdict.PASS, form="bare"),
    )


def _emoji(text: str) -> int:
    return 0 if text.isascii() or not _HINT.search(text) else len(EMOJI.findall(text))
