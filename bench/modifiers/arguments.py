"""Are the arguments that were read those of the label? Both are put into one form: what is counted with its least and
its most, and the texts that are named.

"less than 5" is "at most 4", "from 20 to 25" is two labels or two demands. Texts are compared without case, outer
quotes and closing marks.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

Bounds = tuple[float, float]
Arguments = dict[str, Any]

_RELATIONS = {
    "at least": "at least", "au moins": "at least", "al menos": "at least",
    "at most": "at most", "como máximo": "at most",
    "less than": "less than", "moins de": "less than", "menos de": "less than",
    "more than": "more than",
    "exactly": "exactly",
    "about": "about",
}  # fmt: skip
"""Relations as IFEval, M-IFEval's editions and we write them."""

_COUNTS = {
    "bullets": ("num_bullets", "exactly"),
    "capitals": ("capital_frequency", "at least"),
    "highlight": ("num_highlights", "at least"),
    "keyword": ("frequency", "at least"),
    "letters": ("let_frequency", "at least"),
    "paragraph": ("num_paragraphs", "exactly"),
    "paragraphs": ("num_paragraphs", "exactly"),
    "placeholders": ("num_placeholders", "at least"),
    "sections": ("num_sections", "at least"),
    "sentences": ("num_sentences", "exactly"),
    "words": ("num_words", "exactly"),
}
"""Modifier -> the argument that is a number, and how it is meant where no relation is given."""

_TEXTS = {
    "ending": "end_phrase",
    "exclude": "forbidden_words",
    "include": "keywords",
    "keyword": "keyword",
    "letters": "letter",
    "paragraph": "first_word",
    "postscript": "postscript_marker",
    "repeat": "prompt_to_repeat",
    "sections": "section_spliter",
}
"""Modifier -> the argument that is a text or several."""

_COUNTED_TEXTS = ("keyword", "letters")
"""Here every text has a count of its own."""

HAVE_ARGUMENTS = frozenset(_COUNTS) | frozenset(_TEXTS)
"""The modifiers whose arguments are compared."""

_MARKS = "\"'“”‘’«»‹›„‚「」『』《》〈〉()[]{}<>*_`.,;:!?…。．、，！？；：؟،؛।॥৷۔·•-–— \t\n\u00a0\u202f\u3000"
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


class Form(msgspec.Struct, frozen=True):
    """The demands of one type in a prompt: bounds by what is counted ("" where the type says it), and texts."""

    bounds: dict[str, Bounds] = {}
    texts: frozenset[str] = frozenset()


def form(name: str, demands: Sequence[Arguments]) -> Form:
    """The demands of one modifier as one. What is missing or of a wrong type is left out: labels have errors."""
    bounds: dict[str, Bounds] = {}
    texts: set[str] = set()
    for arguments in demands:
        named = _named(name, arguments)
        subject = next(iter(named), "") if name in _COUNTED_TEXTS else ""
        found = _bounds(name, arguments)
        if found is not None:
            low, high = bounds.get(subject, (0, math.inf))
            bounds[subject] = max(low, found[0]), min(high, found[1])
        texts |= named
        if name == "paragraph":
            texts.add(f"paragraph {arguments.get('nth_paragraph')}")
        if name == "paragraphs":
            texts.add(arguments.get("separator") or "***")
    return Form(bounds, frozenset(texts))


def compare(gold: Form, found: Form) -> str:
    """ "exact", "loose" ("more than 300" labelled "at least 300", "at most 300" labelled "less than 300"), "relation"
    (the numbers are right, how they bound is not), "wrong"."""
    if gold == found:
        return "exact"
    if gold.texts != found.texts or gold.bounds.keys() != found.bounds.keys():
        return "wrong"
    pairs = [(gold.bounds[subject], found.bounds[subject]) for subject in gold.bounds]
    if all(_loose(one, other) for one, other in pairs):
        return "loose"
    if all(_said(one) & _said(other) for one, other in pairs):
        return "relation"
    return "wrong"


def derivable(gold: Form, prompt: str) -> bool:
    """Do the texts of a label stand in the prompt? Those of adapted prompts were often left as they were."""
    text = normal(prompt)
    marks = {"***"}
    return all(each in text for each in gold.texts - marks if not each.startswith("paragraph "))


def cut(gold: Form, prompt: str) -> bool:
    """Do the texts of a label stand in the prompt only from inside a word on? They lost their first letters."""
    text = normal(prompt)
    starts = [place for each in gold.texts if (place := text.find(each)) > 0]
    return any(text[place - 1].isalnum() for place in starts)


def normal(text: str) -> str:
    """A text without what does not matter: case, spacing, outer quotes and closing marks; "#" stays "#"."""
    text = unicodedata.normalize("NFC", text).replace("İ", "i").casefold()
    text = unicodedata.normalize("NFC", text).translate(_ALIKE)
    text = " ".join(text.split())
    return text.strip(_MARKS) or text


def _named(name: str, arguments: Arguments) -> set[str]:
    given = arguments.get(_TEXTS.get(name, ""))
    texts: list[object] = [given] if isinstance(given, str) else list(given or ())
    named = {normal(text) for text in texts if isinstance(text, str) and text.strip()}
    return {text.removesuffix(" x") for text in named} if name == "sections" else named


def _bounds(name: str, arguments: Arguments) -> Bounds | None:
    field, usual = _COUNTS.get(name, ("", ""))
    number = arguments.get(field)
    if not isinstance(number, int | float):
        return None
    relation = next((value for key, value in arguments.items() if key.endswith("relation") and value), usual)
    bounds = {
        "at least": (number, math.inf),
        "more than": (number + 1, math.inf),
        "at most": (0, number),
        "less than": (0, number - 1),
        "exactly": (number, number),
        "about": (number, number),
    }
    return bounds.get(_RELATIONS.get(relation, ""))


def _loose(gold: Bounds, found: Bounds) -> bool:
    return gold[0] != gold[1] and all(
        right == left or right == left + 1 for left, right in zip(gold, found, strict=True)
    )


def _said(bounds: Bounds) -> set[float]:
    """The number that may have been said, "at most 4" being "less than 5"; none where there were two."""
    low, high = bounds
    if math.isinf(high) or low == high:
        return {low}
    return set() if low else {high, high + 1}
