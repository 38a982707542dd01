"""The only home of lines, words, scripts, and of masking what is not prose.

A mask has the length of its text: what is masked becomes spaces and newlines stay, so offsets into the mask are
offsets into the text. Texts are hostile: every pattern below is linear, because its repeats are possessive or stop at
the character that could start the next match, and because a look-behind keeps it from starting twice in one run.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Container

from .core import Span

# --- lines and words --------------------------------------------------------------------------------------------

_MARKS = (  # vowel signs and other marks that are part of a word, which ``\w`` leaves out
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06ed\u0900-\u0963\u0971-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ece\u0f18-\u0f39"
    "\u0f71-\u0fbc\u102b-\u109d\u135d-\u135f\u17b4-\u17d3\u17dd\u200c\u200d"
)
_WORD = re.compile(rf"[^\W\d_][\w{_MARKS}]*+(?:['’ʼ][^\W\d_][\w{_MARKS}]*+)*+")


def lines(text: str) -> list[str]:
    r"""The lines of a text without their ends; ``\r\n`` and a lone ``\r`` are one end each."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def words(text: str) -> list[str]:
    """Runs of letters with their marks and inner apostrophes ("don't"); without spaces, a phrase is one run."""
    return _WORD.findall(text)


def word_spans(text: str) -> list[Span]:
    """Where the words of a text are, one cut at its apostrophes."""
    return [match.span() for match in _PART.finditer(text)]


_PART = re.compile(rf"[^\W\d_][\w{_MARKS}]*+")


ELIDED = r"(?<![\w'’])(?i:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|dell|dall|nell|sull|all|un)['’](?=[^\W\d_])"
"""An article, a pronoun or a conjunction that French, Italian or Catalan joins to the next word: l'eau, qu'il."""
_ELIDED = re.compile(ELIDED)
_COUNTED = re.compile(rf"[^\W_][\w{_MARKS}]*+(?:['’ʼ][^\W_][\w{_MARKS}]*+|(?<=\d)[.,]\d[\w{_MARKS}]*+)*+")
_COUNTED_ASCII = re.compile(r"[^\W_]\w*+(?:'[^\W_]\w*+|(?<=\d)[.,]\d\w*+)*+", re.ASCII)


def count_words(text: str) -> int:
    """How many words a person would count: numbers are words, 3.5 and "don't" are one each, "l'eau" is two."""
    found = (_COUNTED_ASCII if text.isascii() else _COUNTED).findall(text)
    return len(found) + (len(_ELIDED.findall(text)) if "'" in text or "’" in text else 0)


def count_characters(text: str) -> int:
    """How many characters a person would count: marks on a letter and invisible controls are none, blanks are some."""
    if text.isascii():
        return len(text)
    return sum(n for char, n in Counter(text).items() if unicodedata.category(char) not in _NO_CHARACTERS)


_NO_CHARACTERS = frozenset({"Mn", "Me", "Cf"})


# --- sentences --------------------------------------------------------------------------------------------------

_MARKS_OF_SENTENCES = ".!?…।॥۔؟։።။។‼⁇⁈⁉"
_CLOSERS_OF_SENTENCES = "\"'”’»›)\\]）」』】》*_~"
_OPENERS_OF_SENTENCES = "\"'“„‘«‹(\\[（「『【《*_~¿¡"
_SENTENCE_END = re.compile(
    # These end a sentence unless a quotation that they close goes on: 「本当？」と言った. The marks of other scripts
    # end one only before a blank or the end.
    rf"(?<![。！？｡])(?P<full>[。！？｡]++)(?![{_CLOSERS_OF_SENTENCES}]++[^\W_])[{_CLOSERS_OF_SENTENCES}]*+"
    rf"|(?<![{_MARKS_OF_SENTENCES}])(?P<mark>[{_MARKS_OF_SENTENCES}]++)[{_CLOSERS_OF_SENTENCES}]*+(?=\s|$)"
)
_NEXT = re.compile(rf"[\s{_OPENERS_OF_SENTENCES}–—-]*+(.)", re.DOTALL)
_LAST_WORD = re.compile(r"[^\s\"'“„‘«(\[*_/]*+$")
_LIST_NUMBER = re.compile(r"\n[ \t>#*_-]*+(?:\d{1,3}|[^\W\d_])$")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*$")
_ABBREVIATIONS = """
mr mrs ms dr prof st sr jr vs no fig vol pp gen col sgt capt lt rev hon sen rep gov mt ft approx dept eq ph
mme mlle cf chap av bd env nr hr vgl bzw ca str abs art bsp sra srta dra ud uds pág núm sig dott
ул им см стр рис проф гг тыс руб обл dhr mevr nl bl tzv
"""
_ABBREVIATED = frozenset(_ABBREVIATIONS.split())
"""A capital letter or a number follows these."""
_LATE_ABBREVIATIONS = """
etc al inc ltd co corp incl ed eds est enz evtl ggf inkl usw esim ecc bzgl jan feb mar apr jun jul aug sep sept
oct nov dec млн млрд
"""
_ABBREVIATED_INSIDE = frozenset(_LATE_ABBREVIATIONS.split())
"""These may end a sentence as well, but not before a small letter."""
_SHORTENED = re.compile(r"(?![a-zß-ɏ]*[aeiouyà-æè-öø-ýÿ])[^\W\d_]{1,3}|\S*\.\S*|\d*")
"""Before a small letter a word of up to three letters without a vowel, or a number ("am 3. mai"), is cut short."""
_SENTENCE_LOOK = 24
"""Longest look back, in characters, for an abbreviation or the number of a list item."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, stripped: what stands between two marks that end one, and has a letter or a digit.

    A full stop ends none after an abbreviation, an initial or the number of a list item, or in a number; before a
    small letter, "..." ends none, nor does a full stop after what looks cut short. Line breaks end none, so that a
    heading belongs to the sentence after it. Thai and Lao have no such mark: a text in them is one sentence. The
    abbreviations are those of a few European languages. More text never makes fewer sentences.
    """
    found: list[str] = []
    start = 0
    for mark in _SENTENCE_END.finditer(text):
        if mark["full"] or _ends(text, mark):
            found.append(text[start : mark.end()].strip())
            start = mark.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if _COUNTED.search(sentence)]


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark that may end a sentence does."""
    signs = mark["mark"]
    following = _NEXT.match(text, mark.end())
    small = following is not None and following[1].islower()
    if signs.strip(".…"):
        return not (small and mark.end() > mark.end("mark"))  # "Why?" she asked
    if signs != ".":
        return not small
    before = text[max(0, mark.start() - _SENTENCE_LOOK) : mark.start()]
    if mark.start() < _SENTENCE_LOOK:
        before = "\n" + before
    word = _LAST_WORD.search(before)
    last = word[0].lower() if word else ""
    if _LIST_NUMBER.search(before) or last in _ABBREVIATED or _INITIALS.fullmatch(last):
        return False
    return not small or not (last in _ABBREVIATED_INSIDE or _SHORTENED.fullmatch(last))


# --- scripts ----------------------------------------------------------------------------------------------------

# First code point of a run of blocks -> script, from Unicode's Blocks.txt and Scripts.txt; "" is no script of its own.
_BLOCKS: tuple[tuple[int, str], ...] = (
    (0x0000, "Latin"), (0x02B0, ""), (0x0370, "Greek"), (0x0400, "Cyrillic"), (0x0530, "Armenian"), (0x0590, "Hebrew"),
    (0x0600, "Arabic"), (0x0700, "Syriac"), (0x0750, "Arabic"), (0x0780, "Thaana"), (0x07C0, "Nko"), (0x0800, "Other"),
    (0x0870, "Arabic"), (0x0900, "Devanagari"), (0x0980, "Bengali"), (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"),
    (0x0B00, "Oriya"), (0x0B80, "Tamil"), (0x0C00, "Telugu"), (0x0C80, "Kannada"), (0x0D00, "Malayalam"),
    (0x0D80, "Sinhala"), (0x0E00, "Thai"), (0x0E80, "Lao"), (0x0F00, "Tibetan"), (0x1000, "Myanmar"),
    (0x10A0, "Georgian"), (0x1100, "Hangul"), (0x1200, "Ethiopic"), (0x13A0, "Cherokee"), (0x1400, "Canadian"),
    (0x1680, "Other"), (0x1780, "Khmer"), (0x1800, "Mongolian"), (0x18B0, "Canadian"), (0x1900, "Other"),
    (0x19E0, "Khmer"), (0x1A00, "Other"), (0x1C80, "Cyrillic"), (0x1C90, "Georgian"), (0x1CC0, "Other"),
    (0x1D00, "Latin"), (0x1E00, "Latin"), (0x1F00, "Greek"), (0x2000, ""), (0x2C00, "Other"), (0x2C60, "Latin"),
    (0x2C80, "Other"), (0x2D00, "Georgian"), (0x2D30, "Tifinagh"), (0x2D80, "Ethiopic"), (0x2DE0, "Cyrillic"),
    (0x2E00, "Other"), (0x2E80, "Han"), (0x3040, "Hiragana"), (0x30A0, "Katakana"), (0x3100, "Bopomofo"),
    (0x3130, "Hangul"), (0x3190, ""), (0x31A0, "Bopomofo"), (0x31C0, "Han"), (0x31F0, "Katakana"), (0x3200, ""),
    (0x3400, "Han"), (0xA000, "Other"), (0xA640, "Cyrillic"), (0xA6A0, "Other"), (0xA720, "Latin"), (0xA800, "Other"),
    (0xA8E0, "Devanagari"), (0xA900, "Other"), (0xA960, "Hangul"), (0xA980, "Other"), (0xA9E0, "Myanmar"),
    (0xAA00, "Other"), (0xAA60, "Myanmar"), (0xAA80, "Other"), (0xAB00, "Ethiopic"), (0xAB30, "Latin"),
    (0xAB70, "Cherokee"), (0xABC0, "Other"), (0xAC00, "Hangul"), (0xD800, ""), (0xF900, "Han"), (0xFB00, "Latin"),
    (0xFB13, "Armenian"), (0xFB1D, "Hebrew"), (0xFB50, "Arabic"), (0xFE00, ""), (0xFE70, "Arabic"), (0xFF00, ""),
    (0xFF21, "Latin"), (0xFF5B, ""), (0xFF66, "Katakana"), (0xFFA0, "Hangul"), (0xFFE0, ""), (0x10000, "Other"),
    (0x1B000, "Hiragana"), (0x1B170, "Other"), (0x1D400, "Latin"), (0x1D6A8, "Greek"), (0x1D7CC, ""),
    (0x1D800, "Other"), (0x1F000, ""), (0x20000, "Han"), (0x323B0, "Other"),
)  # fmt: skip
_STARTS = [start for start, _ in _BLOCKS]
_NO_ASCII_LETTERS = bytes(byte for byte in range(256) if byte > 127 or not chr(byte).isalpha())
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")


def script(char: str) -> str:
    """Script of one letter ("Latin", "Han", …), "" for anything that is no letter or belongs to no script."""
    if not unicodedata.category(char).startswith("L"):
        return ""
    return _BLOCKS[bisect_right(_STARTS, ord(char)) - 1][1]


class _Known(dict[str, str]):
    """Scripts of the letters met so far: a lookup takes a tenth of the time of ``script``. Bounded."""

    def __missing__(self, char: str) -> str:
        if len(self) >= 8192:
            self.clear()
        self[char] = script(char)
        return self[char]


_known = _Known()


def scripts(text: str) -> Counter[str]:
    """How many letters of each script; digits, marks, punctuation and symbols are no letters."""
    # The letters of ASCII are counted as bytes, ten times faster than one by one.
    latin = len(text.encode("utf-8", "replace").translate(None, _NO_ASCII_LETTERS))
    if text.isascii():
        return Counter({"Latin": latin}) if latin else Counter()
    found = Counter(map(_known.__getitem__, "".join(_NON_ASCII.findall(text))))
    found.pop("", None)
    if latin:
        found["Latin"] += latin
    return found


def stretches(text: str, foreign: Container[str]) -> list[Span]:
    """Where letters of these scripts stand together, with what is between them but no letter of another script."""
    kinds = "".join(["F" if kind in foreign else "N" if kind else " " for kind in map(_known.__getitem__, text)])
    return [match.span() for match in _STRETCH.finditer(kinds)]


_STRETCH = re.compile("F(?: *+F++)*+")


# --- what is not prose ------------------------------------------------------------------------------------------

_PROSE_FENCES = frozenset({"text", "txt", "plain", "plaintext", "markdown", "md", "html", "xml", "json"})
"""Info strings of fences that models wrap a whole answer in: the fence is masked, its contents are read as usual."""

_REGION_HINT = re.compile(r"[`~<$\\]")
_REGION = re.compile(
    r"(?P<code>(?<!`)`++[^`\n]++`++)"
    r"|(?P<fence>(?<!`)`{3,}+|^\s*+~{3,}+)(?P<info>[\w+#.-]*+)"
    r"|(?P<open><!--|<script\b|<style\b|\$\$|\\\[)",
    re.IGNORECASE,
)
_CLOSERS = {"<!--": "-->", "<script": "</script>", "<style": "</style>", "$$": "$$", "\\[": "\\]"}

# (a character that must be there, else the pattern is not tried; the pattern), in the order of application
_INLINE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("$", re.compile(r"\$(?![\s$])[^$\n]{1,200}+(?<!\s)\$(?!\d)")),
    ("\\(", re.compile(r"\\\((?:[^\\\n]|\\(?![()])){0,200}+\\\)")),
    ("\\", re.compile(r"\\(?:begin|end|label|c?ref|cite)\{[^{}\n]{0,80}+\}|\\[A-Za-z]++")),
    ("](", re.compile(r"\]\((?:[^()\n]++|\([^()\n]*+\))*+\)")),
    ("://", re.compile(r"(?<![A-Za-z])[A-Za-z]{2,10}+://[^\s<>\"'）」』。、，]++")),
    ("www.", re.compile(r"(?<![A-Za-z])www\.[^\s<>\"'）」』。、，]++")),
    ("@", re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]*+@[A-Za-z0-9_.-]++")),
    ("<", re.compile(r"(?<!<)<[/!?]?[A-Za-z][^<>\n]*+>")),
    ("&", re.compile(r"&(?:[A-Za-z]{2,10}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")),
    ('"', re.compile(r'"[\w .$@/-]{1,64}+"\s{0,4}+:(?:\s{0,4}+"[A-Za-z0-9_.:/+-]*+"(?=\s*+(?:[,}\]]|$)))?')),
    ("#", re.compile(r"(?<=\s)#[^\W\d]\w*+")),
    ("/", re.compile(r"(?<![^\s\"'(=])(?:~|\.{1,2}+|[A-Za-z0-9_-]++)?+(?:/[A-Za-z0-9_.-]++){2,}+/?")),
)
# Begins with what is rare in prose, so that a search passes over the rest at full speed.
_IDENTIFIER_HINT = re.compile(r"[0-9_(A-Z.](?:(?<=[0-9_(])|(?<=[a-z][A-Z])|(?<=[a-z]\.)(?=[a-z]))")
_IDENTIFIER = re.compile(
    r"""(?<![A-Za-z0-9_])(?:
        [A-Za-z]++(?:_++[A-Za-z0-9]|[0-9])[A-Za-z0-9_]*+            # snake_case, utf8
      | [0-9]++[A-Za-z]++[0-9][A-Za-z0-9]*+                         # 1a2b: hashes
      | __[A-Za-z0-9]++(?:_[A-Za-z0-9]++)*+__                       # __init__
    )(?:\([\x21-\x27*-\x7e]{0,40}+\))?
      | (?<![A-Za-z])[A-Z]?+[a-z]++[A-Z][A-Za-z]*+(?:\([\x21-\x27*-\x7e]{0,40}+\))?       # camelCase
      | (?<![A-Za-z0-9_.])[A-Za-z0-9_]++(?:\.[a-z][A-Za-z0-9_]++)++(?:\([\x21-\x27*-\x7e]{0,40}+\))?   # os.path
      | (?<![A-Za-z0-9_.])[A-Za-z]++\(\)                            # f(), but not "person(s)"
    """,
    re.VERBOSE,
)
# Lines of code that stand in no fence: each form needs signs that prose does not put there.
_CODE_HINT = re.compile(r"[=({;*:]|^\s*+(?:(?:import|from|return) |#)|TABLE|FROM|INTO")
_CODE_LINE = re.compile(
    r"""\s*+(?:
        (?:async[ ])?(?:def|fn|func|function)[ ]++\w++[ ]?+[(<]                              # def f(
      | (?:class|struct|enum|interface)[ ]++\w++[ ]?+(?:[({:<].*)?[:{]$                      # class A(B):
      | import[ ]++[\w.]++(?:[ ]as[ ]\w++)?+;?$                                             # import os
      | from[ ]++[\w.]++[ ]import[ ](?:\w++(?:[ ]as[ ]\w++)?+(?:,[ ]?+)?+|\*|\()++$          # from a import b, c
      | \#include[ ]?+["<]
      | (?:const|let|var|val|auto|int|float|double|char|bool|string|public|private|protected|static|final|void)\b.*[;{]$
      | (?:for|if|while|switch|catch|elif|with)[ ]?+\(.*[{;:]$                               # if (a) {
      | (?:async[ ])?for[ ]\w++(?:,[ ]?+\w++)*+[ ]in[ ]\w++[(\[.].*:$                        # for i in f(x):
      | (?:if|while|elif|assert|return)\b(?=[^=<>!]*+(?:[=!<>]=|[<>]))                      # if a == b
      | (?:else|try|finally|do|while[ ]True)[ ]?+[:{]$
      | return[ ]++[\w.()\[\]]++(?:[ ]?+[-+*/%][ ]?+[\w.()\[\]]++)*+;?$                      # return a + b
      | [^=]++=.*;$                                                                         # String a = f(x);
      | [\w.\[\]"']++(?::[ ]?+\w++)?+[ ]?+[-+*/|&:]?=[=>]?[ ]?+[^\s,;=]++(?:[ ]?+[-+*/%|&,<>]++[ ]?+[^\s,;]++)*+[;,]?$
      | [A-Za-z_][\w.]*+\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)[ ]?+[;:{]?+$                       # f(x, g(y))
      | SELECT\b.*\bFROM\b | INSERT[ ]INTO\b | UPDATE\b.*\bSET\b | DELETE[ ]FROM\b | (?:CREATE|ALTER|DROP)[ ]TABLE\b
      | (?:FROM|WHERE|JOIN|LEFT[ ]JOIN|INNER[ ]JOIN|GROUP[ ]BY|ORDER[ ]BY|VALUES)\b[^=(;*]*+[=(;*]
    )""",
    re.VERBOSE,
)
# Joiners are kept after a letter of the scripts whose spelling needs them (Arabic and Indic).
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]|(?<![\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff])[\u200c\u200d]"
)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


class CodeMask:
    """``mask_code`` line by line, for text that arrives as a stream; remembers what a line left open."""

    def __init__(self) -> None:
        self._closer = ""  # what ends the region that we are in
        self._prose_fence = ""  # the fence around an answer that is read as prose

    def line(self, line: str) -> str:
        """The mask of the next line, which is given without its newline."""
        if not line.isprintable():
            line = _INVISIBLE.sub(_blank, line)
        if self._closer or self._prose_fence or _REGION_HINT.search(line):
            line = self._regions(line)
        if _CODE_HINT.search(line) and _CODE_LINE.match(line):
            return " " * len(line)
        for needle, pattern in _INLINE:
            if needle in line:
                line = pattern.sub(_blank, line)
        if _IDENTIFIER_HINT.search(line):
            line = _IDENTIFIER.sub(_blank, line)
        return line

    def _regions(self, line: str) -> str:
        kept: list[str] = []
        position = 0
        if self._prose_fence and not self._closer and line.strip() == self._prose_fence:
            self._prose_fence = ""
            return " " * len(line)
        while position < len(line):
            if self._closer:
                end = self._close(line, position)
                kept.append(" " * (end - position))
                position = end
                continue
            match = _REGION.search(line, position)
            if match is None:
                kept.append(line[position:])
                break
            kept.append(line[position : match.start()] + _blank(match))
            position = match.end()
            self._open(match)
        return "".join(kept)

    def _open(self, match: re.Match[str]) -> None:
        if fence := match["fence"]:
            if match["info"].lower() in _PROSE_FENCES and not self._prose_fence:
                self._prose_fence = fence.strip()
            else:
                self._closer = fence.strip()
        elif opener := match["open"]:
            self._closer = _CLOSERS[opener.lower()]

    def _close(self, line: str, position: int) -> int:
        start = line.find(self._closer, position)
        if start < 0 and self._closer[0] == "<":
            start = line.lower().find(self._closer, position)
        if start < 0:
            return len(line)
        end = start + len(self._closer)
        if self._closer[0] in "`~":
            while end < len(line) and line[end] == self._closer[0]:
                end += 1
        self._closer = ""
        return end


def mask_code(text: str) -> str:
    """Mask all that is not prose: code, LaTeX, URLs, e-mails, link targets, tags, entities, JSON keys, identifiers.

    An unclosed fence masks the rest. Plain numbers stay. Fences that models wrap whole answers in (text, Markdown,
    HTML, JSON) lose the fence and keep their prose.
    """
    mask = CodeMask()
    return "\n".join(map(mask.line, text.split("\n")))


_BLOCK_QUOTE = re.compile(r"^[ \t]{0,3}+>[^\n]*+", re.MULTILINE)
_LIMIT = 5000
"""Longest quoted passage, in characters: a bound on what one stray quotation mark can hide."""

# What a quotation mark does not follow or precede. Korean, Japanese and Chinese words touch it: "제목"이라는.
_ALNUM = "[0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u0590-\u06ff]"

_QUOTES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("«", re.compile(rf"«[^«»]{{1,{_LIMIT}}}+»")),
    ("»", re.compile(rf"»[^«»\n]{{1,{_LIMIT}}}+«")),
    ("„", re.compile(rf"„[^„“”\"]{{1,{_LIMIT}}}+[“”\"]")),
    ("“", re.compile(rf"“[^“”]{{1,{_LIMIT}}}+”")),
    ("”", re.compile(rf"(?<!{_ALNUM})”[^“”\n]{{1,{_LIMIT}}}+”(?!{_ALNUM})")),
    ("「", re.compile(rf"「[^「」]{{1,{_LIMIT}}}+」")),
    ("『", re.compile(rf"『[^『』]{{1,{_LIMIT}}}+』")),
    ('"', re.compile(rf'(?<!{_ALNUM})(?<!")"(?!\s)(?:[^"\n]|\n(?!\s*\n)){{1,{_LIMIT}}}+"(?!{_ALNUM})')),
    ("‘", re.compile(rf"(?<!{_ALNUM})‘(?!\s)[^‘’\n]{{1,300}}+’(?!{_ALNUM})")),
    ("'", re.compile(rf"(?<!{_ALNUM})'(?!\s)[^'\n]{{1,300}}+'(?!{_ALNUM})")),
)


def _blank_lines(match: re.Match[str]) -> str:
    return "\n".join(" " * len(part) for part in match[0].split("\n"))


def mask_quotes(text: str) -> str:
    """Mask quoted passages and block quotes; an apostrophe in a word is no quote, an unclosed quote masks nothing."""
    if ">" in text:
        text = _BLOCK_QUOTE.sub(_blank, text)
    for needle, pattern in _QUOTES:
        if needle in text:
            text = pattern.sub(_blank_lines, text)
    return text


_GLOSS = re.compile(r"\([^()\n]{1,200}+\)|（[^（）\n]{1,200}+）|\[[^\[\]\n]{1,200}+\]|【[^【】\n]{1,200}+】")


def mask_glosses(text: str) -> str:
    """Mask what stands in brackets: translations of a term, original titles, remarks."""
    return _GLOSS.sub(_blank, text) if "(" in text or "[" in text or "（" in text or "【" in text else text
