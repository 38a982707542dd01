"""The reply is written in a given script, or has none of its letters.

Judged: the letters of the reply, code, addresses and identifiers left out. By default nine in ten must be of the
script, so that a name or a term in another one does no harm; with ``use`` "only", all of them; with "none", none of
them. Of Chinese characters, Simplified and Traditional are told apart by those that only one of the two has, unless
they are too few. Digits and marks have no script.

IFEval has no such type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import ClassVar, Literal

from diagnostics.core import Verdict
from diagnostics.language.variants import chinese_script
from diagnostics.text import mask_code, scripts
from diagnostics.text import script as script_of

from .absence import absent, each, only
from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

Code = Literal[
    "Arab", "Armn", "Beng", "Cyrl", "Deva", "Ethi", "Geor", "Grek", "Gujr", "Guru", "Hang", "Hani", "Hans", "Hant",
    "Hebr", "Hira", "Jpan", "Kana", "Khmr", "Knda", "Kore", "Laoo", "Latn", "Mlym", "Mong", "Mymr", "Orya", "Sinh",
    "Taml", "Telu", "Thaa", "Thai", "Tibt",
]  # fmt: skip
"""Codes of ISO 15924. Jpan is kanji and kana, Kore is Hangul and hanja."""

_SCRIPTS: dict[str, tuple[str, ...]] = {
    "Arab": ("Arabic",), "Armn": ("Armenian",), "Beng": ("Bengali",), "Cyrl": ("Cyrillic",), "Deva": ("Devanagari",),
    "Ethi": ("Ethiopic",), "Geor": ("Georgian",), "Grek": ("Greek",), "Gujr": ("Gujarati",), "Guru": ("Gurmukhi",),
    "Hang": ("Hangul",), "Hani": ("Han",), "Hans": ("Han",), "Hant": ("Han",), "Hebr": ("Hebrew",),
    "Hira": ("Hiragana",), "Jpan": ("Han", "Hiragana", "Katakana"), "Kana": ("Katakana",), "Khmr": ("Khmer",),
    "Knda": ("Kannada",), "Kore": ("Hangul", "Han"), "Laoo": ("Lao",), "Latn": ("Latin",), "Mlym": ("Malayalam",),
    "Mong": ("Mongolian",), "Mymr": ("Myanmar",), "Orya": ("Oriya",), "Sinh": ("Sinhala",), "Taml": ("Tamil",),
    "Telu": ("Telugu",), "Thaa": ("Thaana",), "Thai": ("Thai",), "Tibt": ("Tibetan",),
}  # fmt: skip
"""The scripts of a code, by the names that ``text.scripts`` gives them."""
_ENOUGH = 0.9


class Script(Modifier, frozen=True):
    """ "Answer in Serbian, in Cyrillic script.", "No Latin letters." """

    script: Code
    use: Literal["mostly", "only", "none"] = "mostly"

    def judge(self, reply: Reply) -> Outcome:
        """A letter that must not be there fails at once; the rest is judged at the end."""
        outcome = self._letters(reply)
        if outcome.verdict is not Verdict.PASS or self.use == "none" or self.script not in ("Hans", "Hant"):
            return outcome
        found = chinese_script(reply.text)
        if found is None:
            return Outcome(Verdict.ABSTAIN, "too few characters tell Simplified from Traditional Chinese")
        named = "Simplified" if found == "Hans" else "Traditional"
        if found == self.script:
            return Outcome(Verdict.PASS, f"{outcome.explanation}, {named}", outcome.form, outcome.score)
        return Outcome(Verdict.FAIL, f"the Chinese characters are {named}", score=0.0)

    def _letters(self, reply: Reply) -> Outcome:
        wanted = _SCRIPTS[self.script]
        right = _in(wanted)
        if self.use == "none":
            return absent(reply, each(right), f"{wanted[0]} letter/{wanted[0]} letters")
        if self.use == "only":
            return only(reply, right, "ーｰ", "letter of another script/letters of other scripts")
        if not reply.complete:
            return CUT_SHORT
        return _mostly(reply, wanted)

    examples: ClassVar = (
        Example("", "Чај је врућ. Tea!", Verdict.FAIL, "sr", {"script": "Cyrl"}),
        Example("", "Чај је врућ, и јак, и добар, и скуп, каже IBM.", Verdict.PASS, "sr", {"script": "Cyrl"}, "bare"),
        Example("", "Čaj je vruć.", Verdict.FAIL, "sr", {"script": "Cyrl"}),
        Example("", "Čaj je vruć, 95 °.", Verdict.PASS, "sr", {"script": "Latn", "use": "only"}, "bare"),
        Example("", "الشاي ساخن، IBM", Verdict.FAIL, "ar", {"script": "Latn", "use": "none"}),
        Example("", "차는 뜨겁다.", Verdict.PASS, "ko", {"script": "Hang", "use": "only"}, "bare"),
        Example("", "這個國家的茶葉", Verdict.PASS, "zh", {"script": "Hant"}, "bare"),
        Example("", "这个国家的茶叶", Verdict.FAIL, "zh", {"script": "Hant"}),
        Example("", "茶", Verdict.ABSTAIN, "zh", {"script": "Hans"}),
        Example("", "95", Verdict.ABSTAIN, arguments={"script": "Latn"}),
    )


@cache
def _in(wanted: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda char: script_of(char) in wanted


def _mostly(reply: Reply, wanted: tuple[str, ...]) -> Outcome:
    """The verdict on the letters of a reply, or of what is in its wrapping."""
    best = 0.0
    found = [(view, scripts(reply.of(view))) for view in reply.views]
    # What is no prose is masked only where it matters: that takes longer than all the rest.
    if not any(_share(letters, wanted) >= _ENOUGH for _, letters in found):
        found = [(view, scripts(mask_code(reply.of(view)))) for view in reply.views]
    for view, letters in found:
        share = _share(letters, wanted)
        best = max(best, share)
        if share >= _ENOUGH:
            said = f"{share:.0%} of the letters are {' or '.join(wanted)}{view.note}"
            return Outcome(Verdict.PASS, said, view.form, round(share, 3))
    if not any(letters for _, letters in found):
        return Outcome(Verdict.ABSTAIN, "the reply has no letters")
    most = max(found[0][1], key=found[0][1].__getitem__, default="of none")
    explanation = f"{best:.0%} of the letters are {' or '.join(wanted)}; most are {most}"
    return Outcome(Verdict.FAIL, explanation, score=round(best, 3))


def _share(letters: Counter[str], wanted: tuple[str, ...]) -> float:
    return sum(letters[name] for name in wanted) / max(letters.total(), 1)
