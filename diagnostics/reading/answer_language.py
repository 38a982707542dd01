"""In which language the reply is asked for: the one rule that feeds ``ExpectedLanguage`` instead of a modifier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diagnostics.language.tags import SEVERAL, UNDETERMINED, base_language, script_of_tag

from .sentence import Sentence

CONCEPTS = frozenset({"in", "in_adjective", "into", "name", "same_language"})


class LanguageRequest(NamedTuple):
    """Places in folded text; ``tag`` None asks for the instruction's own language.

    ``SEVERAL`` stands for a choice or a mixture of languages, ``UNDETERMINED`` for the language of a passage.
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
            yield _together(sentence, i, _in_script(sentence, i, request))


def _request(sentence: Sentence, i: int) -> LanguageRequest | None:
    start, end, concept, tag = sentence.tokens[i]
    if sentence.conditional(i) or sentence.is_gloss(i):
        return None
    verb = sentence.verb(i)
    if concept == "same_language":
        return _same_language(sentence, i) if verb and not sentence.negated(i) else None
    if sentence.negated(i):
        return LanguageRequest(start, end, tag, 1, unwanted=True) if verb and concept != "name" else None
    if concept != "into" and _demanded(sentence, i, verb):
        return LanguageRequest(start, end, tag, 3 if verb == "answer" else 2)
    if concept == "name":
        return _translation(sentence, i)
    if concept == "into":
        wanted = verb == "translate" or sentence.bare(i)
        return LanguageRequest(start, end, tag, 2, lasting=False) if wanted else _words_of(sentence, i, verb)
    if concept == "in_adjective" and not sentence.linked(i) and sentence.beside(i)[0] != "answer":
        return None
    return _adverbial(sentence, i, verb)


def _same_language(sentence: Sentence, i: int) -> LanguageRequest:
    """As the question is written in, or as a passage that is pointed to ("in the language of the article")."""
    token, pointed = sentence.tokens[i], sentence.pointed(i)
    if pointed is None:
        return LanguageRequest(token.start, token.end, None, 3)
    return LanguageRequest(token.start, pointed, UNDETERMINED, 3, lasting=False)


def _translation(sentence: Sentence, i: int) -> LanguageRequest | None:
    """ "Give me a French translation of …"; "sentences in German with English translations" are in both."""
    if sentence.beside(i)[1] != "translate":
        return None
    start, end, tag = sentence.tokens[i].start, sentence.tokens[i + 1].end, sentence.tokens[i].value
    if any(k < i for k in sentence.find("in", "in_adjective")):
        return LanguageRequest(start, end, SEVERAL, 1, lasting=False)
    return LanguageRequest(start, end, tag, 2, lasting=False) if sentence.is_output(i) else None


def _adverbial(sentence: Sentence, i: int, verb: str | None) -> LanguageRequest | None:
    start, end, _, tag = sentence.tokens[i]
    if sentence.beside(i)[0] == "carrier":
        return None
    if words := _words_of(sentence, i, verb):
        return words
    if sentence.beside(i)[0] in ("write", "tell", "translate") and not sentence.active(i - 1):
        return None  # "how to write in German"
    if verb == "answer":
        return LanguageRequest(start, end, tag, 3)
    if sentence.bare(i):
        return LanguageRequest(start, end, tag, 2)
    if verb is not None and (sentence.led(i) or base_language(tag) == sentence.language):
        return LanguageRequest(start, end, tag, 1, lasting=verb != "translate")
    return None


def _words_of(sentence: Sentence, i: int, verb: str | None) -> LanguageRequest | None:
    """ "How do you say … in German" is answered with German words, and a sentence around them or none."""
    start, end, _, tag = sentence.tokens[i]
    says = [k for k in sentence.clause(i) if sentence.tokens[k].concept == "say"]
    if not says or (verb is not None and says[0] > i) or base_language(tag) == sentence.language:
        return None
    return LanguageRequest(start, end, SEVERAL, 1, lasting=False)


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


def _in_script(sentence: Sentence, i: int, request: LanguageRequest) -> LanguageRequest:
    """ "in Serbian (Latin script)": the script right after the language belongs to its tag."""
    tag, script = request.tag, sentence.script(i)
    if script is None or tag in (None, SEVERAL, UNDETERMINED) or script_of_tag(tag):
        return request
    if script.value.startswith("Han") and base_language(tag) != "zh":
        return request
    return request._replace(tag=f"{tag}-{script.value}", end=script.end)


def _together(sentence: Sentence, i: int, request: LanguageRequest) -> LanguageRequest:
    """ "in German or French", "in English and in German": no single language is asked for."""
    joined = sentence.joined(i)
    if request.unwanted or len({sentence.tokens[k].value for k in joined}) < 2:
        return request
    first, last = sentence.tokens[joined[0]], sentence.tokens[joined[-1]]
    return request._replace(tag=SEVERAL, start=min(first.start, request.start), end=max(last.end, request.end))
