"""At least so many sentences of the reply end with a noun, as 体言止め has it.

Judged without a dictionary: a sentence that ends in kanji, katakana or a Latin letter ends with a noun, and so does one
that ends in こと, もの and their kind; one that ends in a hiragana that ends verbs, adjectives and particles does not.
The rest ("さくら。") is left open, and so is the verdict where it depends on it. Quotations in 「」 are left out. A
sentence needs its mark (。！？), as there.

M-IFEval's detectable_format:nominal_ending (Japanese) counts the marks that a noun stands before, by a morphological
analyser; stems of な adjectives and some adverbs are nouns to it.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .kanji import IDEOGRAPHS
from .relation import asked
from .sentence_ending import QUOTED

_END = re.compile('([^。！？!?\\s])[）)」』”"*_～~…・ 　]{0,8}+[。！？]')
_NOUN = re.compile(f"[{IDEOGRAPHS}々ァ-ヺーA-Za-zＡ-Ｚａ-ｚ0-9０-９%％]")
_BOUND_NOUNS = (
    "こと", "もの", "ところ", "とき", "ため", "わけ", "はず", "ほう", "つもり", "まま", "うち", "とおり", "ほど",
    "ひと", "あと", "まえ", "なか", "それぞれ", "すべて", "たち", "さん", "これ", "それ", "あれ", "ここ", "みんな",
)  # fmt: skip
_NO_NOUN = frozenset("うくぐすつぬぶむゆるいただてでねよかなわぞぜさをはがもへけせれろえ")
"""Hiragana that end verbs, adjectives, auxiliaries and particles far more often than nouns."""
_LONGEST_NOUN = 5


class NominalEnding(Modifier, frozen=True):
    """ "応答の中で体言止めを3回は使用してください。" """

    ifeval = "detectable_format:nominal_ending"

    count: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    """At least so many."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Pass as soon as there are enough; fail at the end, where those left open would not be enough either."""
        nouns, unsure = _count(reply if complete else reply[: reply.rfind("\n") + 1])
        explanation = f"{nouns} sentences end with a noun, {asked('at least', self.count)}"
        if nouns >= self.count:
            return Outcome(Verdict.PASS, explanation, "bare", 1.0)
        if not complete:
            return CUT_SHORT
        if nouns + unsure >= self.count:
            return Outcome(Verdict.ABSTAIN, f"{explanation}; {unsure} may or may not")
        return Outcome(Verdict.FAIL, explanation, score=round(nouns / self.count, 3))

    examples: ClassVar = (
        Example("体言止めで書いてください。", "熱いお茶。", Verdict.PASS, "ja", {"count": 1}),
        Example("", "熱いお茶。窓の外は雨！", Verdict.PASS, "ja", {"count": 2}, "bare"),
        Example("", "大切なこと。", Verdict.PASS, "ja", {"count": 1}),
        Example("", "冷たいコーヒー。", Verdict.PASS, "ja", {"count": 1}),
        Example("", "お茶です。飲みます。熱い。", Verdict.FAIL, "ja", {"count": 1}),
        Example("", "お茶は「緑茶。」と言った。", Verdict.FAIL, "ja", {"count": 1}),
        Example("", "満開のさくら。", Verdict.ABSTAIN, "ja", {"count": 1}),
        Example("", "お茶", Verdict.FAIL, "ja", {"count": 1}),
        Example("", "Tea.", Verdict.FAIL, arguments={"count": 1}),
        Example("", "Чай!", Verdict.FAIL, "ru", {"count": 1}),
    )


def _count(text: str) -> tuple[int, int]:
    """How many sentences end with a noun, and how many may or may not."""
    text = QUOTED.sub("", text)
    nouns = unsure = 0
    for match in _END.finditer(text):
        last, end = match[1], match.end(1)
        if _NOUN.match(last) or text[max(0, end - _LONGEST_NOUN) : end].endswith(_BOUND_NOUNS):
            nouns += 1
        elif "ぁ" <= last <= "ゖ" and last not in _NO_NOUN:
            unsure += 1
    return nouns, unsure
