"""The rules: what a sentence of a prompt has to hold for a modifier to be asked for. No rule knows a language.

A rule is called for each token of its modifier's concepts and yields what is asked for there, mostly nothing. It looks
at which other words stand in the sentence, at how near, and at what says no to them; order matters only where every
language agrees on it.
"""

from __future__ import annotations

from .base import Rule
from .formats import formatted, markdown, marked, plain, unfenced
from .keywords import frequency, letters, named
from .layout import (
    UNITS_OF_PARTS,
    characters,
    first_word,
    highlights,
    lines,
    paragraphs,
    placeholders,
    postscripts,
    responses,
    sections,
    sentences,
    titles,
    words,
)
from .lists import bullets, items, numbered
from .phrases import beginnings, choices, endings, repeats
from .sayings import hints, manner, said, unit, whole
from .signs import capitals, commas, digits, emojis, lowercase, quotations, title_case, uppercase

_STYLES = {
    **{kind: kind for kind in ("scientific", "simple", "formal", "informal", "poetic", "persuasive")},
    "dramatic": "other",
    "creative": "other",
}


_TONES = {kind: kind for kind in ("professional", "humorous", "friendly", "serious", "sarcastic")}


_AUDIENCES = {
    **{kind: kind for kind in ("children", "teenagers", "beginners", "experts")},
    "adults": "other",
    "elderly": "other",
}


_NOTHING: dict[str, object] = {}


_PLAIN_WHOLES = (
    "emoji_only urls whitespace alphabetical question_marks exclamation_marks no_accents furigana hiragana_only "
    "katakana_only no_hiragana no_katakana kansuuji period danda"
)


RULES: tuple[tuple[str, tuple[str, ...], Rule], ...] = (
    ("words", ("word",), words),
    ("sentences", ("sentence",), sentences),
    ("paragraphs", ("paragraph", "stars"), paragraphs),
    ("paragraph", ("paragraph",), first_word),
    ("lines", ("line",), lines),
    ("characters", ("character",), characters),
    ("bullets", ("bullet",), bullets),
    ("numbered", ("numbered",), numbered),
    ("items", ("item", "list"), items),
    ("sections", (*UNITS_OF_PARTS, "begin", "each"), sections),
    ("placeholders", ("placeholder", "square_brackets"), placeholders),
    ("highlight", ("highlight",), highlights),
    ("title", ("angles", "angle_brackets", "hashes"), titles),
    ("postscript", ("postscript",), postscripts),
    ("comma", ("commas",), commas),
    ("digits", ("digits",), digits),
    ("emoji", ("emoji",), emojis),
    ("quotes", ("quote_marks",), quotations),
    ("uppercase", ("capitals", "lowercase"), uppercase),
    ("lowercase", ("capitals", "lowercase"), lowercase),
    ("capitals", ("capitals",), capitals),
    ("title_case", ("title_case",), title_case),
    ("include", ("keyword", "word", "phrase", "include", "use"), named("keywords", barred=False)),
    ("exclude", ("keyword", "word", "phrase", "include", "use", "exclude"), named("forbidden_words", barred=True)),
    ("keyword", ("times", "once", "twice", "thrice"), frequency),
    ("letters", ("letter", "times", "once", "twice", "thrice"), letters),
    ("ending", ("end",), endings),
    ("beginning", ("begin",), beginnings),
    ("repeat", ("repeat",), repeats),
    ("responses", ("stars",), responses),
    ("options", ("choose", "or"), choices),
    ("html", ("html",), formatted),
    ("json", ("json",), formatted),
    ("xml", ("xml",), formatted),
    ("yaml", ("yaml",), formatted),
    ("csv", ("csv",), formatted),
    ("markdown", ("markdown",), markdown),
    ("table", ("table",), formatted),
    ("code", ("code",), formatted),
    ("fence", ("fence", "ticks"), unfenced),
    ("plain", ("plain_text", "markdown"), plain),
    ("marker", ("arrow",), marked),
    ("only_output", ("only_output",), said),
    ("style", ("style",), manner("style", _STYLES)),
    ("tone", ("style",), manner("tone", _TONES)),
    ("audience", ("audience",), manner("audience", _AUDIENCES)),
    ("length_hint", ("short", "long"), hints),
    ("second_task", ("second_task",), said),
    *((name, ("whole_demand",), whole({name: _NOTHING})) for name in _PLAIN_WHOLES.split()),
    ("nominal_ending", ("whole_demand",), whole({"nominal_ending": {"count": 1}})),
    (
        "address",
        ("whole_demand",),
        whole(
            {
                "formal_address": {"register": "formal", "language": ...},
                "informal_address": {"register": "informal", "language": ...},
            }
        ),
    ),
    (
        "speech_level",
        ("whole_demand",),
        whole({"polite_endings": {"level": "polite"}, "plain_endings": {"level": "plain"}}),
    ),
    ("kanji", ("unit",), unit("kanji", "kanji_limit")),
    ("enie", ("unit",), unit("enie", "let_frequency")),
    ("dieresis", ("unit",), unit("dieresis", "let_frequency")),
    ("tildes", ("unit",), unit("tildes", "num_words")),
    ("hashtags", ("unit",), unit("hashtags", "num_hashtags")),
    ("unique_words", ("unit",), unit("unique_words", "num_words")),
    ("sub_bullets", ("unit",), unit("sub_bullets", "num_sub_bullets", None)),
    ("stanzas", ("unit",), unit("stanzas", "num_stanzas", None)),
)
