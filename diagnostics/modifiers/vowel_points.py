"""The words of the reply have their vowel points, or none has: tashkeel in Arabic, niqqud in Hebrew.

Judged: words of at least two letters of the script. With ``use`` "full", four in five must have a point, since names
and particles often go without; "none" allows none. IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .absence import absent, each
from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_POINTS = {"Arab": "\u064b-\u0652\u0670", "Hebr": "\u05b0-\u05bc\u05c1\u05c2\u05c7"}
_LETTERS = {"Arab": "\u0620-\u064a\u0671-\u06d3", "Hebr": "\u05d0-\u05ea"}
_ENOUGH = 0.8


class VowelPoints(Modifier, frozen=True):
    """ "Write with tashkeel.", "Without niqqud." """

    script: Literal["Arab", "Hebr"]
    use: Literal["full", "none"] = "full"

    def judge(self, reply: Reply) -> Outcome:
        """A point that must not be there fails at once; the rest is judged at the end."""
        points = _POINTS[self.script]
        if self.use == "none":
            return absent(reply, each(_is_arabic if self.script == "Arab" else _is_hebrew), "vowel point/vowel points")
        if not reply.complete:
            return CUT_SHORT
        letters = _LETTERS[self.script]
        words = re.findall(rf"[{letters}][{points}]*+[{letters}][{letters}{points}]*+", reply.text)
        if not words:
            return Outcome(Verdict.ABSTAIN, "the reply has no words of the script")
        pointed = re.compile(f"[{points}]")
        share = sum(pointed.search(word) is not None for word in words) / len(words)
        said = f"{share:.0%} of the words have vowel points"
        if share >= _ENOUGH:
            return Outcome(Verdict.PASS, said, "bare", round(share, 3))
        return Outcome(Verdict.FAIL, said, score=round(share, 3))

    examples: ClassVar = (
        Example("", "الشَّايُ سَاخِنٌ", Verdict.PASS, "ar", {"script": "Arab"}, "bare"),
        Example("", "الشاي ساخن", Verdict.FAIL, "ar", {"script": "Arab"}),
        Example("", "الشاي ساخن", Verdict.PASS, "ar", {"script": "Arab", "use": "none"}, "bare"),
        Example("", "שָׁלוֹם", Verdict.FAIL, "he", {"script": "Hebr", "use": "none"}),
        Example("", "שלום", Verdict.FAIL, "he", {"script": "Hebr"}),
        Example("", "Tea", Verdict.ABSTAIN, arguments={"script": "Hebr"}),
    )


def _is_arabic(char: str) -> bool:
    return "\u064b" <= char <= "\u0652" or char == "\u0670"


def _is_hebrew(char: str) -> bool:
    return "\u05b0" <= char <= "\u05bc" or char in "\u05c1\u05c2\u05c7"
