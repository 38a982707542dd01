"""What is known of languages beforehand: their scripts, which count as one, and which are easily taken for another."""

from __future__ import annotations

from functools import lru_cache

from .tags import script_of_tag

ONE_LANGUAGE = {
    "Greek": "el", "Hebrew": "he", "Thai": "th", "Hangul": "ko", "Georgian": "ka", "Armenian": "hy", "Tamil": "ta",
    "Telugu": "te", "Kannada": "kn", "Gujarati": "gu", "Malayalam": "ml", "Gurmukhi": "pa", "Oriya": "or",
    "Khmer": "km", "Lao": "lo", "Myanmar": "my", "Sinhala": "si", "Ethiopic": "am", "Thaana": "dv",
}  # fmt: skip
"""Scripts that settle the language: in practice one living language is written in each of them."""

_SHARED: dict[str, tuple[str, ...]] = {
    "Cyrillic": ("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg", "tt", "ba"),
    "Arabic": ("ar", "fa", "ur", "ps", "ug", "sdh"),
    "Devanagari": ("hi", "mr", "ne", "sa", "gom"),
    "Bengali": ("bn", "as"),
}
_CJK = {"zh": ("Han", "Bopomofo"), "ja": ("Han", "Hiragana", "Katakana"), "ko": ("Hangul", "Han")}
_TWO_SCRIPTS = {"sr": ("Cyrillic", "Latin"), "hbs": ("Latin", "Cyrillic"), "ku": ("Latin", "Arabic")}
SCRIPTS: dict[str, tuple[str, ...]] = {
    **{language: (script,) for script, language in ONE_LANGUAGE.items()},
    **{language: (script,) for script, languages in _SHARED.items() for language in languages},
    **_CJK,
    **_TWO_SCRIPTS,
}
"""Scripts of a language; a language that is not here and that an engine knows is written in Latin letters."""

UNTOLD_SCRIPTS = {
    "az": ("Cyrillic", "Arabic"), "uz": ("Cyrillic", "Arabic"), "tk": ("Cyrillic",), "crh": ("Cyrillic",),
    "kk": ("Latin", "Arabic"), "ky": ("Latin", "Arabic"), "ms": ("Arabic",), "pa": ("Arabic",), "mn": ("Mongolian",),
    "tg": ("Latin", "Arabic"),
}  # fmt: skip
"""Scripts that a language is written in too, but in which no engine knows it."""

SCRIPT_SUBTAGS = {
    "Latn": ("Latin",), "Cyrl": ("Cyrillic",), "Arab": ("Arabic",), "Deva": ("Devanagari",), "Grek": ("Greek",),
    "Hans": ("Han",), "Hant": ("Han",), "Hani": ("Han",), "Jpan": _CJK["ja"], "Kore": _CJK["ko"], "Guru": ("Gurmukhi",),
}  # fmt: skip

CJK = frozenset({"Han", "Hiragana", "Katakana", "Hangul"})
"""Scripts whose letters carry about as much as 2.5 letters of an alphabet."""

SYLLABIC = frozenset(
    ("Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala",
     "Thai", "Lao", "Tibetan", "Myanmar", "Khmer")
)  # fmt: skip
"""Scripts whose vowels are marks on a letter, so that a letter carries about as much as 1.5 of an alphabet."""

FOLD = {
    "nb": "no", "nn": "no", "fil": "tl", "yue": "zh", "wuu": "zh", "cmn": "zh", "arz": "ar", "ary": "ar", "uzs": "uz",
    "hr": "hbs", "bs": "hbs", "sh": "hbs", "gug": "gn", "hbo": "he", "pcm": "en", "ckb": "ku", "sdh": "ku",
}  # fmt: skip
"""Varieties that no engine tells apart, or that stand for one language here (Serbian in Latin letters is hbs too)."""

_GROUPS = tuple(map(frozenset, (
    ("no", "da", "sv"), ("cs", "sk"), ("id", "ms"), ("gl", "pt", "es"), ("es", "ca"), ("af", "nl"), ("hi", "mr", "ne"),
    ("bg", "mk", "ru", "sr"), ("ru", "uk", "be"), ("hbs", "sl", "sr"), ("xh", "zu"), ("st", "nso", "tn"),
    ("kk", "ky", "tt", "ba"), ("az", "tr"), ("bn", "as"), ("de", "lb"), ("fa", "ur", "ps"), ("ca", "oc"), ("fo", "is"),
    ("ga", "gd"),
)))  # fmt: skip
NEIGHBOURS: dict[str, frozenset[str]] = {
    language: frozenset().union(*(group for group in _GROUPS if language in group)) - {language}
    for language in frozenset().union(*_GROUPS)
}
"""Languages that are easily taken for one another."""

SMALL = {
    "mr": ("gom", "sa"), "hi": ("sa",), "ne": ("sa",), "es": ("an", "ast", "ext", "oc"), "ca": ("an",),
    "pt": ("ext", "ast", "an"), "gl": ("ast", "ext"), "fr": ("oc", "wa"), "it": ("lij", "vec"), "id": ("jv", "ace"),
    "ms": ("ace",), "tl": ("bcl",), "tr": ("crh",), "az": ("crh",), "kk": ("ba",), "sw": ("rw",), "fa": ("sdh",),
}  # fmt: skip
"""Small languages that are easily taken for a large neighbour: no text in the large one is doubted for their sake,
unless they were asked about."""

HARD_PAIRS = {"no": "da", "da": "no", "id": "ms", "ms": "id"}
"""Neighbours that even word lists confuse in ten words: 3.3 and 7.5 % of the time."""

HARD_WORDS = {"no": 8, "da": 8, "id": 50, "ms": 50}
"""Words needed before text is called the other of such a pair."""

FOLDED: dict[str, tuple[str, ...]] = {
    language: (language, *(label for label, into in FOLD.items() if into == language)) for language in FOLD.values()
} | {"hbs": ("hr", "bs", "sr")}
"""The other way round: all labels that are judged as one language."""

UNLISTED_DOUBLES = frozenset({"no", "da", "id", "ms", "hbs", "nl", "tl"})
"""Listed languages with a double that has no word list, or that word lists confuse: common words do not settle them."""

NEEDS_NGRAMS = frozenset({"nl"})
"""Listed languages whose words do not settle it, because of a neighbour without a list (Afrikaans)."""


@lru_cache(maxsize=1024)
def fold(tag: str, script: str | None = None) -> str:
    """The language that stands for a tag here: ``nb`` -> ``no``, ``sr-Latn`` -> ``hbs``, ``zh-Hant`` -> ``zh``.

    ``script`` is that of the text, for a language written in two: Serbian in Latin letters is judged as hbs.
    """
    base, _, rest = tag.partition("-")
    if base == "sr" and (rest.startswith("Latn") or script == "Latin"):
        return "hbs"
    return FOLD.get(base, base)


@lru_cache(maxsize=1024)
def native_scripts(tag: str) -> frozenset[str]:
    """Scripts that text in a language is written in: those its subtag names, else all that it uses; Chinese, Japanese
    and Korean share theirs."""
    language = fold(tag)
    if language in _CJK:
        return CJK
    return frozenset(SCRIPT_SUBTAGS.get(script_of_tag(tag) or "") or SCRIPTS.get(language, ("Latin",)))
