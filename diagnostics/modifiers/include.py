"""The reply holds every one of the keywords.

Judged: each keyword stands in the reply at least once, in any case, as words of its own where the script has spaces
(letters or digits may not touch it; a Korean particle may follow), anywhere where it has none. Marks of emphasis
inside a keyword of several words are peeled off. Inflected forms are not guessed.

IFEval's keywords:existence (google-research: instruction_following_eval/instructions.py) searches each keyword as a
regular expression, so "C++" is an error or a miss, "art" is found in "start", and composed and decomposed accents are
two things. Here it is plain text; what only a longer word holds does not count, on purpose.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrases, places, spelled
from .reply import Reply


class Include(Modifier, frozen=True):
    """ "Use the words tea and pot." """

    ifeval = "keywords:existence"

    keywords: Phrases
    """All of these, each at least once."""

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as all are there; what is missing fails only at the end. ``score`` is the share found."""
        missing = _missing(reply.spelled(reply.bare), self.keywords, reply.complete)
        form = "bare"
        if missing and ("*" in reply.text or "_" in reply.text):
            form = "unwrapped"
            missing = _missing(_undressed(reply.spelled(reply.bare)), missing, reply.complete)
        total = len(self.keywords)
        if not missing:
            return Outcome(Verdict.PASS, "the keyword is there" if total == 1 else "all keywords are there", form, 1.0)
        if not reply.complete:
            return CUT_SHORT
        found = total - len(missing)
        named = ", ".join(repr(keyword) for keyword in missing[:5])
        return Outcome(Verdict.FAIL, f"{found} of {total} keywords; missing: {named}", score=round(found / total, 3))

    examples: ClassVar = (
        Example(
            "Include the keywords 'tea' and 'milk'.",
            "Tea with milk.",
            Verdict.PASS,
            arguments={"keywords": ["tea", "milk"]},
        ),
        Example(
            "Verwende die Schlüsselwörter „Tee“ und „Milch“.",
            "Tee allein.",
            Verdict.FAIL,
            "de",
            {"keywords": ["Tee", "Milch"]},
        ),
        Example('What does the word "tea" mean?', "A drink."),
        Example("", "Put TEA in the pot.", Verdict.PASS, arguments={"keywords": ["tea", "pot"]}, form="bare"),
        Example("", "We start at noon.", Verdict.FAIL, arguments={"keywords": ["art"]}),
        Example("", "L’étoile brille.", Verdict.PASS, "fr", {"keywords": ["étoile"]}),
        Example("", "Il habite en ville.", Verdict.FAIL, "fr", {"keywords": ["villes"]}),
        Example("", "毎日お茶を飲みます。", Verdict.PASS, "ja", {"keywords": ["お茶", "飲み"]}),
        Example("", "학교에서 차를 마셨다.", Verdict.PASS, "ko", {"keywords": ["학교", "차"]}),
        Example("", "Use C, not Rust.", Verdict.FAIL, arguments={"keywords": ["C++"]}),
        Example("", "A **green** tea.", Verdict.PASS, arguments={"keywords": ["green tea"]}, form="unwrapped"),
    )


def _missing(text: str, keywords: tuple[str, ...], complete: bool) -> tuple[str, ...]:
    """The keywords that are not in ``text``; in one cut short, what stands at its end may be part of a longer word."""
    end = len(text) + 1 if complete else len(text)
    return tuple(keyword for keyword in keywords if not any(place[1] < end for place in places(text, spelled(keyword))))


def _undressed(text: str) -> str:
    """What is spelled, without the marks of emphasis."""
    return " ".join(text.replace("*", "").replace("_", "").split())
