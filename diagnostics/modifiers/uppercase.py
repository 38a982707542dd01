"""The reply is in capital letters.

No letter may be small that has a capital; "ß" may stand as it is, digits, marks and letters without case do not
matter. What most of the first letters decide is whether the demand means anything: in Japanese, Arabic, Hindi or
Georgian it does not. The language is not judged here.

IFEval's change_case:english_capital (google-research: instruction_following_eval/instructions.py), M-IFEval's
french_capital: ``isupper()``, and langdetect must name the language, or fail to: it is unseeded and was not made for
capitals, so that replies in faultless capitals fail at random. ``isupper()`` fails on "ß" and on all of Georgian.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from diagnostics.core import Verdict
from diagnostics.text import count_cases

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_HEAD = 400
"""The script is read from so many characters: enough to tell, and the same however much follows."""
_SHOWN = 40
_CASELESS = Outcome(Verdict.NOT_APPLICABLE, "most letters have no case")
_NO_LETTERS = Outcome(Verdict.FAIL, "the reply has no letters", score=0.0)


class Uppercase(Modifier, frozen=True):
    """ "Answer in capital letters." """

    ifeval = "change_case:english_capital"

    def judge(self, reply: Reply) -> Outcome:
        """Count the small letters. One is enough to fail, once it is clear that it leads into nothing."""
        return judge_case(reply, "small", "small letter/small letters")

    examples: ClassVar = (
        Example("Answer in capital letters only.", "TEA IS HOT.", Verdict.PASS),
        Example("Antworte nur in Großbuchstaben.", "Tee.", Verdict.FAIL, "de"),
        Example("What is the capital of France?", "Paris."),
        Example("", "TEA IS HOT: 95 °.", Verdict.PASS, form="bare"),
        Example("", "Here it is:\n\nTEA IS HOT.", Verdict.PASS, form="unwrapped"),
        Example("", "TEA is HOT.", Verdict.FAIL),
        Example("", "LE THÉ EST CHAUD.", Verdict.PASS, "fr"),
        Example("", "Чай горячий.", Verdict.FAIL, "ru"),
        Example("", "DIE STRAßE IST LANG.", Verdict.PASS, "de"),
        Example("", "お茶は熱いです。AI", Verdict.NOT_APPLICABLE, "ja"),
        Example("", "ჩაი ცხელია.", Verdict.NOT_APPLICABLE, "ka"),
    )


def judge_case(reply: Reply, wrong: Literal["small", "capital"], unit: str) -> Outcome:
    """Pass when no letter of the reply, or of what is in its wrapping, is ``wrong``; ``unit`` is "one/many" of them."""
    no_case = caseless(reply)
    if no_case or no_case is None:
        return _CASELESS if no_case else CUT_SHORT
    found = [(view, reply.sum(count_cases, view)) for view in reply.views]
    if not reply.complete:
        if reply.unsettled or not all(getattr(cases, wrong) for _, cases in found):
            return CUT_SHORT
    elif not found[0][1].cased:
        return _NO_LETTERS
    for view, cases in found if reply.complete else ():
        if cases.cased and not getattr(cases, wrong):
            return Outcome(Verdict.PASS, f"no {unit.partition('/')[2]}{view.note}", view.form, 1.0)
    view, cases = min(found, key=lambda each: getattr(each[1], wrong) / max(each[1].cased, 1))
    bad = getattr(cases, wrong)
    one, _, many = unit.partition("/")
    said = f"{bad} of {cases.cased} letters {'is a' if bad == 1 else 'are'} {one if bad == 1 else many}{view.note}"
    said += f"; the first is in {_first(reply.of(view), wrong)!r}"
    return Outcome(Verdict.FAIL, said, score=round(1 - bad / max(cases.cased, 1), 3))


def _first(text: str, wrong: Literal["small", "capital"]) -> str:
    """The first word with a letter that is wrong, cut to a length that can be shown."""
    as_asked = str.upper if wrong == "small" else str.lower
    words = (word for word in text.split() if as_asked(word) != word and getattr(count_cases(word), wrong))
    return next(words, "")[:_SHOWN]


def caseless(reply: Reply) -> bool | None:
    """Whether most letters at the head of the reply have no case; None where that is not clear yet."""
    head = reply.text.lstrip()[:_HEAD]
    cases = count_cases(head)
    to_come = 0 if reply.complete else _HEAD - len(head)
    if cases.cased >= cases.caseless + to_come:
        return False
    return None if to_come else True
