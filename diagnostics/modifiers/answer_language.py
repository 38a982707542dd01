"""In which language the reply is asked for: the one rule that feeds ``ExpectedLanguage`` instead of a modifier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .sentence import Sentence

CONCEPTS = frozenset({"in", "in_adjective", "into", "name", "same_language"})


class LanguageRequest(NamedTuple):
    """Places in folded text; ``tag`` None asks for the instruction's own language.

    ``strength`` decides between requests in one message: 3 speaks of the answer, 2 stands for itself, 1 says what to
    write. ``lasting`` requests hold for later turns; a translation is a task of its own turn. ``unwanted`` takes back.
    """

    start: int
    end: int
    tag: str | None
    strength: int
    lasting: bool = True
    unwanted: bool = False


def requests(sentence: Sentence) -> Iterator[LanguageRequest]:
    """All requests for a language in one sentence, in order."""
    for i in sentence.find(*CONCEPTS):
        request = _request(sentence, i)
        if request is not None:
            yield request


def _request(sentence: Sentence, i: int) -> LanguageRequest | None:
    start, end, concept, tag = sentence.tokens[i]
    if sentence.conditional(i):
        return None
    verb = sentence.verb(i)
    if concept == "same_language":
        return LanguageRequest(start, end, None, 3) if verb and not sentence.negated(i) else None
    if sentence.negated(i):
        return LanguageRequest(start, end, tag, 1, unwanted=True) if verb and concept != "name" else None
    if concept != "into" and _demanded(sentence, i, verb):
        return LanguageRequest(start, end, tag, 3 if verb == "answer" else 2)
    if concept == "name":
        return None
    if concept == "into":
        return LanguageRequest(start, end, tag, 2, lasting=False) if verb == "translate" else None
    if concept == "in_adjective" and not sentence.linked(i) and sentence.beside(i)[0] != "answer":
        return None
    return _adverbial(sentence, i, verb)


def _adverbial(sentence: Sentence, i: int, verb: str | None) -> LanguageRequest | None:
    start, end, _, tag = sentence.tokens[i]
    if sentence.beside(i)[0] == "carrier" or any(sentence.tokens[k].concept == "say" for k in sentence.clause(i)):
        return None
    if sentence.beside(i)[0] in ("write", "tell", "translate") and not sentence.active(i - 1):
        return None  # "how to write in German"
    if verb == "answer":
        return LanguageRequest(start, end, tag, 3)
    if sentence.bare(i):
        return LanguageRequest(start, end, tag, 2)
    if verb is not None:
        return LanguageRequest(start, end, tag, 1, lasting=verb != "translate")
    return None


def _demanded(sentence: Sentence, i: int, verb: str | None) -> bool:
    """Words such as "use" or "switch to" stand right before the language, "only" on either side, "please" after it."""
    if not sentence.linked(i):
        return False
    before, after = sentence.beside(i)
    if before == "exclusive" or after == "exclusive_after":
        return True
    if "only" in (before, after):
        return verb is not None or sentence.bare(i)
    return before == "use" and sentence.opens(i - 1)
