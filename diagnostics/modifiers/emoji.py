"""The reply has no emoji, or at least so many.

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

from .base import CUT_SHORT, Example, Modifier, Outcome

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
_EMOJI = re.compile(
    rf"[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_ONE}[\U000e0020-\U000e007f]*+(?:\u200d{_ONE})*+"
)
_HINT = re.compile(rf"[\u20e3\ufe0f\U0001f1e6-\U0001f1ff{_SIGNS}{_PICTOGRAPHS}]")
"""A character that every emoji has."""


class Emoji(Modifier, frozen=True):
    """ "Do not use emoji", "Use at least 3 emoji." """

    concepts: ClassVar = ()

    num_emojis: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    """At least so many; 0 means none at all."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """An emoji fails at once where none is allowed; too few fail at the end only."""
        # The last two characters of a reply that was cut short may be half of a sequence, or take a text selector.
        text = reply if complete else reply[:-2]
        count = sum(1 for _ in _EMOJI.finditer(text)) if _HINT.search(text) else 0
        asked = f"at least {self.num_emojis} asked for" if self.num_emojis else "none allowed"
        explanation = f"{count or 'no'} emoji, {asked}"
        if not self.num_emojis and count:
            return Outcome(Verdict.FAIL, explanation, score=0.0)
        if count >= self.num_emojis and (complete or self.num_emojis):
            return Outcome(Verdict.PASS, explanation, "bare", 1.0)
        if not complete:
            return CUT_SHORT
        return Outcome(Verdict.FAIL, explanation, score=round(count / self.num_emojis, 3))

    examples: ClassVar = (
        Example("", "Tea :) → ★ © ✓", Verdict.PASS, form="bare"),
        Example("", "お茶（緑）〜♪", Verdict.PASS, "ja", form="bare"),
        Example("", "Thé 🍵, famille 👨‍👩‍👧", Verdict.PASS, "fr", {"num_emojis": 2}, "bare"),
        Example("", "Чай ☕", Verdict.FAIL, "ru"),
        Example("", "1️⃣ Tee", Verdict.FAIL, "de"),
        Example("", "Ich ❤️ Tee, 👨‍👩‍👧", Verdict.FAIL, "de", {"num_emojis": 3}),
        Example("", "Tea ☎\ufe0e", Verdict.PASS, form="bare"),
    )
