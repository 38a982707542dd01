"""The rules: what a sentence of a prompt has to hold for a modifier to be asked for. No rule knows a language.

A rule is called for each token of its modifier's concepts, where the sentence also holds what the rule cannot do
without, and yields what is asked for there, mostly nothing. It looks at which other words stand in the sentence, at how
near, and at what says no to them; order matters only where every language agrees on it.
"""

from __future__ import annotations

from .base import ACTS, NEGATIONS, NUMBERS, TIMES, Entry
from .formats import formatted, markdown, marked, plain, unfenced
from .keywords import exclude, frequency, include, letters
from .layout import (
    UNITS_OF_PARTS,
    characters,
    divided,
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


NAMED = ("quote", "keyword", "word")
GIVEN = ("quote", "colon", "phrase")
ROLES = ("as", "format", "write", "answer", "use", "wrap", "translate", *NEGATIONS)


RULES: tuple[Entry, ...] = (
    Entry("words", ("word",), words, (NUMBERS,)),
    Entry("sentences", ("sentence",), sentences, (NUMBERS,)),
    Entry("paragraphs", ("paragraph",), paragraphs, (NUMBERS,)),
    Entry("paragraphs", ("stars",), divided),
    Entry("paragraph", ("paragraph",), first_word, (("begin",),)),
    Entry("lines", ("line",), lines, (NUMBERS,)),
    Entry("characters", ("character",), characters, (NUMBERS,)),
    Entry("bullets", ("bullet",), bullets, ((*NEGATIONS, *ACTS, "as", "format"),)),
    Entry("numbered", ("numbered",), numbered),
    Entry("items", ("item",), items, (NUMBERS, ("list",))),
    Entry("items", ("list",), items, (NUMBERS,)),
    Entry("sections", (*UNITS_OF_PARTS, "begin", "each"), sections),
    Entry("placeholders", ("placeholder", "square_brackets"), placeholders),
    Entry("highlight", ("highlight",), highlights),
    Entry("title", ("angles", "angle_brackets", "hashes"), titles),
    Entry("postscript", ("postscript",), postscripts),
    Entry("comma", ("commas",), commas, (NEGATIONS,)),
    Entry("digits", ("digits",), digits, (NEGATIONS,)),
    Entry("emoji", ("emoji",), emojis, ((*NEGATIONS, "include", "use", "write", "answer"),)),
    Entry("quotes", ("quote_marks",), quotations, (("wrap", "whole"),)),
    Entry("uppercase", ("capitals", "lowercase"), uppercase),
    Entry("lowercase", ("capitals", "lowercase"), lowercase),
    Entry("capitals", ("capitals",), capitals, ((*NUMBERS, *TIMES, "some"),)),
    Entry("title_case", ("title_case",), title_case),
    Entry("include", ("keyword", "word", "phrase"), include, (NAMED,)),
    Entry("include", ("include", "use"), include, (("quote",),)),
    Entry("exclude", ("keyword", "word", "phrase"), exclude, (NAMED, (*NEGATIONS, "exclude"))),
    Entry("exclude", ("include", "use", "exclude"), exclude, (("quote",), (*NEGATIONS, "exclude"))),
    Entry("keyword", ("times", "once", "twice", "thrice"), frequency, ((*NAMED, "phrase", "name"),)),
    Entry("letters", ("letter", "times", "once", "twice", "thrice"), letters),
    Entry("ending", ("end",), endings, (GIVEN,)),
    Entry("beginning", ("begin",), beginnings, (GIVEN,)),
    Entry("repeat", ("repeat",), repeats, (("request", "quote"),)),
    Entry("responses", ("stars",), responses),
    Entry("options", ("choose",), choices),
    Entry("options", ("or",), choices, (("quote",), ("answer", "response", "only"))),
    Entry("html", ("html",), formatted, (ROLES,)),
    Entry("json", ("json",), formatted, (ROLES,)),
    Entry("xml", ("xml",), formatted, (ROLES,)),
    Entry("yaml", ("yaml",), formatted, (ROLES,)),
    Entry("csv", ("csv",), formatted, (ROLES,)),
    Entry("markdown", ("markdown",), markdown, (ROLES,)),
    Entry("table", ("table",), formatted, (ROLES,)),
    Entry("code", ("code",), formatted, (ROLES,)),
    Entry("fence", ("fence", "ticks"), unfenced, (NEGATIONS,)),
    Entry("plain", ("plain_text", "markdown"), plain),
    Entry("marker", ("arrow",), marked, (("begin", "bullet", "item", "each", "line"),)),
    Entry("only_output", ("only_output",), said),
    Entry("style", ("style",), manner("style", _STYLES)),
    Entry("tone", ("style",), manner("tone", _TONES)),
    Entry("audience", ("audience",), manner("audience", _AUDIENCES)),
    Entry("length_hint", ("short", "long"), hints),
    Entry("second_task", ("second_task",), said),
    *(Entry(name, ("whole_demand",), whole({name: _NOTHING})) for name in _PLAIN_WHOLES.split()),
    Entry("nominal_ending", ("whole_demand",), whole({"nominal_ending": {"count": 1}})),
    Entry(
        "address",
        ("whole_demand",),
        whole(
            {
                "formal_address": {"register": "formal", "language": ...},
                "informal_address": {"register": "informal", "language": ...},
            }
        ),
    ),
    Entry(
        "speech_level",
        ("whole_demand",),
        whole({"polite_endings": {"level": "polite"}, "plain_endings": {"level": "plain"}}),
    ),
    Entry("kanji", ("unit",), unit("kanji", "kanji_limit"), (NUMBERS,)),
    Entry("enie", ("unit",), unit("enie", "let_frequency"), (NUMBERS,)),
    Entry("dieresis", ("unit",), unit("dieresis", "let_frequency"), (NUMBERS,)),
    Entry("tildes", ("unit",), unit("tildes", "num_words"), (NUMBERS,)),
    Entry("hashtags", ("unit",), unit("hashtags", "num_hashtags"), (NUMBERS,)),
    Entry("unique_words", ("unit",), unit("unique_words", "num_words"), (NUMBERS,)),
    Entry("sub_bullets", ("unit",), unit("sub_bullets", "num_sub_bullets", None), (NUMBERS,)),
    Entry("stanzas", ("unit",), unit("stanzas", "num_stanzas", None), (NUMBERS,)),
)
