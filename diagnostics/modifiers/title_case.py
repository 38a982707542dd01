"""Every word of the reply begins with a capital letter; nine in ten are enough.

Judged: words whose first letter has a case, small words ("of", "the") like all others, as "capitalise each word" says.
A word with hyphens is one; code, addresses and what follows a digit ("3rd") are left out. A text in capitals throughout
is none in title case. In Japanese, Arabic, Hindi or Georgian the demand means nothing. What leads in is peeled off.

IFEval has no such type; IFBench's format:title_case asks for ``istitle()`` of every word, so that "McDonald" fails.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict
from diagnostics.text import is_capital, is_cased, is_small
from diagnostics.text.units import MARKS

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import outside
from .reply import Reply
from .uppercase import caseless

_WORD = re.compile(rf"(?<![\w{MARKS}])[^\W\d_][\w{MARKS}]*+(?:['’ʼ‐-][\w{MARKS}]++)*+")
_NO_PROSE = re.compile(r"://|www\.|[@`]")
_ENOUGH = 0.9
"""Share of the words that is enough: a name that is written small, or a slip, does no harm."""


class TitleCase(Modifier, frozen=True):
    """ "Capitalise Each Word Of Your Answer." """

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the words that begin with a capital."""
        if not reply.complete:
            return CUT_SHORT
        if caseless(reply):
            return Outcome(Verdict.NOT_APPLICABLE, "most letters have no case")
        shares = []
        for view in reply.views:
            words = _words(reply.of(view))
            first = {word[0] for word in words}
            cased, tiny = set(filter(is_cased, first)), set(filter(is_small, first))
            words = [word for word in words if word[0] in cased]
            small = [word for word in words if word[0] in tiny]
            if words and (small or not _shouted(words)):
                share = 1 - len(small) / len(words)
                shares.append((share, small))
                if share >= _ENOUGH:
                    said = f"{share:.0%} of the words begin with a capital{view.note}"
                    return Outcome(Verdict.PASS, said, view.form, round(share, 3))
        if not shares:
            return Outcome(Verdict.FAIL, "no words but such as are in capitals throughout", score=0.0)
        share, small = max(shares, key=lambda each: each[0])
        explanation = f"{share:.0%} of the words begin with a capital; these do not: {', '.join(small[:5])}"
        return Outcome(Verdict.FAIL, explanation, score=round(share, 3))

    examples: ClassVar = (
        Example("Capitalize each word in your answer.", "Tea Is Hot.", Verdict.PASS),
        Example("What is a title?", "A name."),
        Example("", "Tea Is Hot. The 3rd McTea's Well-known.", Verdict.PASS, form="bare"),
        Example("", "Here it is:\n\nTea Is Hot.", Verdict.PASS, form="unwrapped"),
        Example("", "Tea is Hot.", Verdict.FAIL),
        Example("", "TEA IS HOT.", Verdict.FAIL),
        Example("", "Le Thé Est L'ami De L’été.", Verdict.PASS, "fr", form="bare"),
        Example("", "Горячий чай с молоком.", Verdict.FAIL, "ru"),
        Example("", "お茶は熱いです。", Verdict.NOT_APPLICABLE, "ja"),
        Example("", "95 %", Verdict.FAIL, "de"),
    )


def _words(text: str) -> list[str]:
    prose = outside(text) or text
    if _NO_PROSE.search(prose):
        prose = " ".join(chunk for chunk in prose.split() if not _NO_PROSE.search(chunk))
    return _WORD.findall(prose)


def _shouted(words: list[str]) -> bool:
    """Whether all letters of words that have more than one are capitals."""
    longer = [word for word in words if len(word) > 1]
    return len(longer) > 1 and not any(is_small(char) for word in longer for char in word if not is_capital(char))
