"""The reply has bullet points: as many as asked for, or at least two where no number was named.

A bullet is a line that starts with ``-``, ``*`` or ``+`` and a blank, or with ``•`` or ``・`` (``‣ ◦ ▪ ●`` too).

IFEval's detectable_format:number_bullet_lists (google-research: instruction_following_eval/instructions.py) counts
lines that match ``^\\s*\\*[^\\*]`` or ``^\\s*-``. So it also counts rules (``---``), negative numbers (``-5 °C``) and
emphasised lines (``*Note*``), and does not count ``•``. M-IFEval's Japanese edition counts ``・`` only.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .sentence import Request, Sentence

_BULLET = re.compile(r"^[ \t\u3000]*+(?:[-*+][ \t]++(?!(?:[-*_][ \t]*+)++$)\S|[•・‣◦▪●][ \t\u3000]*+\S)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d{1,4}")
_SHOWN = re.compile(r"^[ \t]*+[*•-][ \t]", re.MULTILINE)
_LABEL = re.compile(r"[ \t]*+\d{1,3}\b[ \t]*+(?:[^\w\s]|です|$)")
"""What makes "* Bullet point 1" an example of a bullet and no request."""
_RANGE = 8
"""Two numbers within so many characters are a range ("3 to 5")."""
_NEAR = 32
_FEWEST = 2


class Bullets(Modifier, frozen=True):
    """ "Answer in 3 bullet points." """

    ifeval = "detectable_format:number_bullet_lists"
    concepts = ("bullets", "items")

    num_bullets: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """Exactly how many; None when any list will do."""

    @classmethod
    def requested(cls, sentence: Sentence, i: int) -> Request | None:
        """Bullets that are to be used, given or written, and their number."""
        return requested(sentence, i)

    def check(self, reply: str, complete: bool) -> Outcome:
        """Count the bullets, nested ones too, as IFEval does. Too many fail at once, too few only at the end."""
        count = len(_BULLET.findall(reply))
        if self.num_bullets is None:
            return self._any(count, complete)
        if count <= self.num_bullets and not complete:
            return CUT_SHORT
        explanation = f"{_points(count)}, {self.num_bullets} asked for"
        if count == self.num_bullets:
            return Outcome(Verdict.PASS, explanation, "bare", 1.0)
        score = max(0.0, 1 - abs(count - self.num_bullets) / self.num_bullets)
        return Outcome(Verdict.FAIL, explanation, score=round(score, 3))

    def _any(self, count: int, complete: bool) -> Outcome:
        if count >= _FEWEST:
            return Outcome(Verdict.PASS, _points(count), "bare", 1.0)
        if not complete:
            return CUT_SHORT
        return Outcome(Verdict.FAIL, f"{_points(count)}; a list has at least {_FEWEST}", score=count / _FEWEST)

    examples: ClassVar = (
        Example(
            "Give me 2 bullet points on tea.", "- It is hot.\n- It is old.", Verdict.PASS, arguments={"num_bullets": 2}
        ),
        Example("Answer in bullet points.", "* one\n* two\n* three", Verdict.PASS),
        Example("Список из трёх пунктов, пожалуйста.", "• раз\n• два", Verdict.FAIL, "ru", {"num_bullets": 3}),
        Example("箇条書きで答えてください。", "・ひとつ\n・ふたつ", Verdict.PASS, "ja"),
        Example("Responde en forma de lista con viñetas.", "Claro.\n---\n-5 grados", Verdict.FAIL, "es"),
        Example("Please explain the bullet points below.", "They are about tea."),
        Example("Answer without bullet points.", "Tea is hot."),
        Example("How fast is a bullet?", "Very."),
    )


def requested(sentence: Sentence, i: int) -> Request | None:
    """The rule; a number that is "at least", a range, or "for each" is no exact number and is left out."""
    token = sentence.tokens[i]
    if sentence.conditional(i):
        return None
    if sentence.negated(i):
        return Request(token.start, token.end, 0.9, None)
    before = sentence.before(i, 4)
    if any(word in sentence.words("about") for word in before[:3]):
        return None
    if _LABEL.match(sentence.text, token.end, sentence.end):
        return None
    number, start = _number(sentence, i)
    said = sentence.text[token.start : token.end].split()
    role = said[0] in sentence.words("as") or sentence.as_format(i, before)
    verb = sentence.verb(i)
    if token.concept == "items" and not (_listed(sentence, i, before) and (number or role)):
        return None
    if verb is None and number is None and not (role and sentence.bare(i)):
        return None
    if verb == "tell" and not role and number is None:
        return None
    return Request(start, token.end, 0.97 if number or role else 0.9, {} if number is None else {"num_bullets": number})


def _listed(sentence: Sentence, i: int, before: list[str]) -> bool:
    """A list is spoken of beside token ``i``, or the prompt shows what a bullet looks like."""
    words = before + sentence.after(i, 4)
    return any(word in sentence.words("list") for word in words) or _SHOWN.search(sentence.text) is not None


def _number(sentence: Sentence, i: int) -> tuple[int | None, int]:
    """The exact number of bullets, None if there is none, and where the request starts."""
    token = sentence.tokens[i]
    start, end = sentence.clause_span(i)
    near = max([start, token.start - _NEAR, *(t.end for t in sentence.tokens[:i] if t.concept == "and")])
    # A number may be part of the word itself: Arabic has a dual.
    numbers = _numbers(sentence, near, token.end) or _numbers(sentence, token.end, min(end, token.end + _NEAR // 2))
    if not numbers:
        return None, token.start
    value, place = numbers[-1]
    ranged = len(numbers) > 1 and place - numbers[-2][1] <= _RANGE
    beside = _WORD.findall(sentence.text, near, place)[-2:] + _WORD.findall(sentence.text, place, token.start)
    inexact = not sentence.words("inexact").isdisjoint(beside + sentence.after(i, 2))
    inexact |= not sentence.words("each").isdisjoint(_WORD.findall(sentence.text, start, end))
    return (None if ranged or inexact or not 1 <= value <= 1000 else value), min(place, token.start)


def _numbers(sentence: Sentence, start: int, end: int) -> list[tuple[int, int]]:
    found = [(int(match[0]), match.start()) for match in _NUMBER.finditer(sentence.text, start, end)]
    return found or sentence.scanner.number_words(sentence.text, start, end)


def _points(count: int) -> str:
    return "1 bullet point" if count == 1 else f"{count or 'no'} bullet points"
