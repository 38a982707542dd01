"""The reply ends with a given phrase.

Judged: the last words of the reply are the phrase, in any case, whatever the spacing; closing quotation marks after it
do not count. Marks of emphasis, a fence or a rule that close after it are peeled off, and so is one full stop that the
phrase does not have. Nothing else may follow.

IFEval's startend:end_checker (google-research: instruction_following_eval/instructions.py) lower-cases, strips straight
quotation marks and compares the end, so "The weekend" ends with "end", and a curly apostrophe is another letter. Here
the phrase must begin at a word's border, on purpose.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrase, places, spelled
from .reply import Reply

_QUOTES = "\"'“”‘’«»‹›„「」『』＂ \u00a0\u202f\n"
_MARKS = _QUOTES + "*_`~-"
_STOPS = ".!。．।"


class Ending(Modifier, frozen=True):
    """ "End with the words: That is all." """

    ifeval = "startend:end_checker"

    end_phrase: Phrase
    """The words the reply ends with."""

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end only. ``score`` is 0.5 where the phrase is there, but not at the end."""
        if not reply.complete:
            return CUT_SHORT
        phrase, text = spelled(self.end_phrase), reply.spelled(reply.bare)
        if _ends(text, phrase) or _ends(text.rstrip(_QUOTES), phrase.rstrip(_QUOTES)):
            return Outcome(Verdict.PASS, "the reply ends with the phrase", "bare", 1.0)
        text, phrase = text.rstrip(_MARKS), phrase.rstrip(_MARKS)
        if _ends(text, phrase) or (text and text[-1] in _STOPS and _ends(text[:-1].rstrip(_MARKS), phrase)):
            return Outcome(Verdict.PASS, "the reply ends with the phrase, closing marks aside", "unwrapped", 1.0)
        found = list(places(text, phrase))
        if not found:
            return Outcome(Verdict.FAIL, "the phrase is not in the reply", score=0.0)
        after = len(text) - found[-1][1]
        return Outcome(Verdict.FAIL, f"{after} more characters follow the phrase", score=0.5)

    examples: ClassVar = (
        Example(
            'End your answer with the phrase "Is that all?"',
            "Tea. Is that all?",
            Verdict.PASS,
            arguments={"end_phrase": "Is that all?"},
        ),
        Example("Where does the Rhine end?", "In the sea."),
        Example("", "Tea is hot. The end.", Verdict.PASS, arguments={"end_phrase": "the end."}, form="bare"),
        Example("", "A long weekend", Verdict.FAIL, arguments={"end_phrase": "end"}),
        Example("", "Hot. The end. Enjoy!", Verdict.FAIL, arguments={"end_phrase": "The end."}),
        Example("", "Hot.\n\n**The end**", Verdict.PASS, arguments={"end_phrase": "The end"}, form="unwrapped"),
        Example("", "---\nHot. The end\n---", Verdict.PASS, arguments={"end_phrase": "The end"}, form="unwrapped"),
        Example("", "« Voilà l’été »", Verdict.PASS, "fr", {"end_phrase": "l'été"}, "bare"),
        Example("", "お茶は熱いです。以上", Verdict.PASS, "ja", {"end_phrase": "以上"}),
        Example("", "Конец близок.", Verdict.FAIL, "ru", {"end_phrase": "Конец."}),
    )


def _ends(text: str, phrase: str) -> bool:
    tail = text[-len(phrase) - 1 :]
    return bool(phrase) and text.endswith(phrase) and any(end == len(tail) for _, end in places(tail, phrase))
