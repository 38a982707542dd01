"""The reply is in capital letters.

No letter may be small that has a capital; "ß" may stand as it is, digits, marks and letters without case do not
matter. What most of the first letters decide is whether the demand means anything: in Japanese, Arabic, Hindi or
Georgian it does not. The language is not judged here.

IFEval's change_case:english_capital (google-research: instruction_following_eval/instructions.py), M-IFEval's
french_capital: ``isupper()``, and langdetect must name the language, or fail to: it is unseeded and was not made for
capitals, so that replies in faultless capitals fail at random. ``isupper()`` fails on "ß" and on all of Georgian.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .relation import may_be_led_in, unwrapped

_HEAD = 400
"""The script is read from so many characters: enough to tell, and the same however much follows."""
_CASELESS = Outcome(Verdict.NOT_APPLICABLE, "most letters have no case")
_NO_LETTERS = Outcome(Verdict.FAIL, "the reply has no letters", score=0.0)


class Uppercase(Modifier, frozen=True):
    """ "Answer in capital letters." """

    ifeval = "change_case:english_capital"
    concepts: ClassVar = ()

    def check(self, reply: str, complete: bool) -> Outcome:
        """Count the small letters. One is enough to fail, once it is clear that it leads into nothing."""
        return judge_case(reply, complete, is_small, "small letter/small letters")

    examples: ClassVar = (
        Example("", "TEA IS HOT: 95 °.", Verdict.PASS, form="bare"),
        Example("", "Here it is:\n\nTEA IS HOT.", Verdict.PASS, form="unwrapped"),
        Example("", "TEA is HOT.", Verdict.FAIL),
        Example("", "LE THÉ EST CHAUD.", Verdict.PASS, "fr"),
        Example("", "Чай горячий.", Verdict.FAIL, "ru"),
        Example("", "DIE STRAßE IST LANG.", Verdict.PASS, "de"),
        Example("", "お茶は熱いです。AI", Verdict.NOT_APPLICABLE, "ja"),
        Example("", "ჩაი ცხელია.", Verdict.NOT_APPLICABLE, "ka"),
    )


def judge_case(reply: str, complete: bool, wrong: Callable[[str], bool], unit: str) -> Outcome:
    """Pass when no letter of the reply, or of what is in its wrapping, is ``wrong``; ``unit`` is "one/many" of them."""
    head = reply.lstrip()[:_HEAD]
    if not complete and len(head) < _HEAD:
        return CUT_SHORT
    if mostly_caseless(head):
        return _CASELESS if complete else CUT_SHORT
    found = [(_count(chars, wrong), _count(chars, is_cased)) for chars in map(Counter, unwrapped(reply, complete))]
    if not complete:
        if may_be_led_in(reply) or not all(bad for bad, _ in found):
            return CUT_SHORT
    elif not found[0][1]:
        return _NO_LETTERS
    for form, (bad, cased) in zip(("bare", "unwrapped", "unwrapped"), found, strict=False):
        if cased and not bad:
            return Outcome(Verdict.PASS, f"no {unit.partition('/')[2]}", form, 1.0)
    bad, cased = min(found, key=lambda each: each[0] / max(each[1], 1))
    one, _, many = unit.partition("/")
    return Outcome(Verdict.FAIL, f"{bad} {one if bad == 1 else many}", score=round(1 - bad / max(cased, 1), 3))


def mostly_caseless(text: str) -> bool:
    """Whether fewer than half of the letters have a case."""
    chars = Counter(text)
    return 2 * _count(chars, is_cased) < _count(chars, str.isalpha)


def is_cased(char: str) -> bool:
    """Whether a character has a small and a capital form."""
    return is_small(char) or is_capital(char)


def is_small(char: str) -> bool:
    """Whether a character is small and has one capital; Georgian, whose capitals nobody asks for, has none."""
    capital = char.upper()
    return capital != char and len(capital) == 1 and not "\u10d0" <= char <= "\u10ff"


def is_capital(char: str) -> bool:
    """Whether a character is a capital."""
    return char.lower() != char and not "\u1c90" <= char <= "\u1cbf"


def _count(chars: Counter[str], kind: Callable[[str], bool]) -> int:
    return sum(number for char, number in chars.items() if kind(char))
