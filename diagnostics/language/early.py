"""Is the reply in the wrong language, seen while its first words stream in?

A sequential test: every complete word adds how much likelier it is in the expected language than in a rival (log10),
and the sum, kept within bounds, raises a soft alarm when it falls below a threshold. A soft alarm is evidence: models
open right answers with "Here is the summary in Turkish:". A hard alarm is raised only once such an opening would be
over, and if the words since then are wrong too.

Every word is looked at once, and what comes after it is not, so the alarms do not depend on how the text is cut.
"""

from __future__ import annotations

import re

from ..core import Alarm
from ..text import script
from .identify import Identifier
from .profiles import CJK, ONE_LANGUAGE, SCRIPTS, fold, native_scripts
from .words import MOST, MOST_NAME, UNKNOWN, EnglishWords

LISTED, UNLISTED, FOREIGN = -5.5, -5.0, -2.0
"""Sums that raise a soft alarm: where both languages have a word list, where only English has one, and where words are
in a script that the expected language is not written in."""

FEWEST_WORDS = 2
"""Words that the last of these needs: one alone is a name or a term."""

CLEAR = 3.0
"""Sum, a thousand to one, at which whoever holds the reply back may let it go. The test goes on."""

RIGHT = 10.0
"""Sum at which the reply has begun in the right language beyond doubt, and the test is over."""

WRONG = -12.0
"""No sum falls further, so that right words soon outweigh an opening in English."""

HARD, HARD_CROSSLINGUAL = 200, 300
"""Characters from which an alarm may be hard; the second where the instruction is not known to be in the expected
language, for then models announce the reply in the language of the instruction."""

LONGEST = 600
"""Characters after which the test is over."""

LETTER = 0.6
"""What a letter counts in a script that is neither Latin nor the expected language's."""

_TOKEN = re.compile(
    r"(?P<fence>`{3,}+|~++)|(?P<tick>`++)|(?P<tag><[/!?A-Za-z])|(?P<address>(?:[A-Za-z]{2,10}+://|www\.)\S*+)"
    r"|(?P<word>[^\W\d_][^\W_]*+)|(?P<colon>:[ \t]*+\n)|(?P<stop>[\n.!?:;。！？：])|\\.|\S"
)
_CLOSERS = {"tick": re.compile(r"[`\n]"), "tag": re.compile(r"[>\n]")}
_LATIN = ("Latin",)
_HAN = {"Han": "zh", "Hiragana": "ja", "Katakana": "ja"}
_DEEPEST = 64
_ASIDES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "(": ")", "（": "）"}
_SENTENCE = frozenset(("fence", "tick", "stop", "colon", "tag"))


class _Json:
    """Tells the strings of JSON that are values from its keys, character by character."""

    def __init__(self) -> None:
        self._open: list[str] = []  # the brackets that we are in
        self._is_value = True
        self._in_string = False

    @property
    def speaks(self) -> bool:
        """Are we inside a value?"""
        return self._in_string and self._is_value

    def take(self, char: str) -> None:
        """The next character that is neither word nor space."""
        if char == '"':
            self._in_string = not self._in_string
        elif self._in_string or not char:
            return
        elif char in "{[" and len(self._open) < _DEEPEST:
            self._open.append(char)
            self._is_value = char == "["
        elif char in "}]" and self._open:
            self._open.pop()
        elif char == ":":
            self._is_value = True
        elif char == ",":
            self._is_value = self._open[-1:] == ["["]


class EarlyTest:
    """Watches the first words of one reply; ``soft`` and ``hard`` are the alarms it has raised."""

    def __init__(self, identifier: Identifier, expected: str, instruction: str | None) -> None:
        lists = identifier.engines.lists
        self._expected = fold(expected)
        self._native = native_scripts(expected)
        listed = fold(expected, "Latin" if "Latin" in self._native else None)
        self._own = own.frequencies if (own := lists.of(listed)) else None
        self._english = lists.english.ratios
        self._rivals: dict[str, dict[str, float]] = {}
        for rival in dict.fromkeys(("en", fold(instruction or "en"))):
            if rival != self._expected and (theirs := lists.of(rival)) is not None:
                self._rivals[rival] = theirs.frequencies
        self._sums = dict.fromkeys((*self._rivals, ""), 0.0)  # "": another script than either
        self._soft_at = LISTED if self._own else UNLISTED
        self._hard_at = HARD if instruction is not None and fold(instruction) == self._expected else HARD_CROSSLINGUAL
        self._text = ""
        self._position = 0
        self._closer: re.Pattern[str] | None = None  # what ends the code or the tag that we are in
        self._begins = True  # is the next word the first of its sentence?
        self._aside = ""  # what closes the quotation or the bracket that we are in: titles and glosses say little
        self._json: _Json | None = None
        self._words = 0  # Latin ones where none are expected
        self.soft: Alarm | None = None
        self.hard: Alarm | None = None
        self._is_clear = False
        self.is_over = not identifier.knows(expected)

    @property
    def is_clear(self) -> bool:
        """Has the reply begun in the right language, so far as one can tell?"""
        return self.soft is None and (self._is_clear or self.is_over)

    def feed(self, text: str) -> None:
        """Take the next piece of the reply."""
        if not self.is_over:
            self._text += text[: LONGEST + 1 - len(self._text)]
            self._read(len(self._text) > LONGEST)

    def close(self) -> None:
        """The reply has ended, and with it its last word."""
        if not self.is_over:
            self._read(True)
            self.is_over = True

    def _read(self, ends: bool) -> None:
        while not self.is_over:
            if self._closer is not None:
                close = self._closer.search(self._text, self._position)
                if close is None:
                    break
                self._position, self._closer = close.end(), None
            token = _TOKEN.search(self._text, self._position)
            if token is None or not (ends or self._is_whole(token)):
                break
            self._position = token.end()
            self._take(token)
        self.is_over = self.is_over or len(self._text) > LONGEST

    def _is_whole(self, token: re.Match[str]) -> bool:
        """Would the token be the same whatever came next? What touches the end may go on, a word may become an address,
        and a colon may end its line."""
        rest = self._text[token.end() : token.end() + 3]
        if not rest or (token["word"] and rest in (":", ":/")):
            return False
        return token[0] != ":" or bool(self._text[token.end() :].strip(" \t"))

    def _take(self, token: re.Match[str]) -> None:
        kind = token.lastgroup
        if self._json is not None:
            self._json.take(token[0].strip())
        elif token[0] in "{[" and not self._text[: token.start()].strip():
            self._json = _Json()
            self._json.take(token[0])
        elif token[0] in (self._aside, "\n"):
            self._aside = ""
        elif not self._aside:
            self._aside = _ASIDES.get(token[0], "")
        if kind == "word":
            if self._json is None or self._json.speaks:
                self._weigh(token["word"])
                self._judge(token.end())
            self._begins = False
        elif kind in _SENTENCE or token[0] == '"':
            self._begins = True
            if kind == "fence" and len(token[0]) > 2:
                self._closer = re.compile(re.escape(token["fence"]))
            elif kind == "colon" and self.soft is not None and self._json is None:
                self._announced(token.end())
            else:
                self._closer = _CLOSERS.get(kind or "")

    def _announced(self, characters: int) -> None:
        """An opening in the wrong language ends with a colon: what it announces may be right."""
        self._sums = dict.fromkeys(self._sums, 0.0)
        self._hard_at = max(self._hard_at, characters + HARD)

    def _weigh(self, word: str) -> None:
        is_name, lower = bool(self._aside) or (word[0].isupper() and not self._begins), word.lower()
        written = "Latin" if word[0].isascii() else script(word[0])
        sums = self._sums
        if written in self._native:
            most = MOST_NAME if is_name else MOST
            for rival in sums:
                gain = self._native_gain(lower, written, rival)
                sums[rival] += most if gain > most else -most if gain < -most else gain
            if written in CJK:  # a phrase, for there are no blanks
                for rival in sums:
                    sums[rival] += MOST * (len(word) // 2)
        elif written == "Latin":
            self._words += 1
            for rival, gain in self._latin_gains(lower, is_name).items():
                sums[rival] = max(WRONG, sums[rival] + gain)
            return
        else:
            sums[""] -= LETTER * len(word)
        for rival, total in sums.items():
            if total < WRONG:
                sums[rival] = WRONG

    def _native_gain(self, word: str, written: str, rival: str) -> float:
        """A word in a script of the expected language: by its frequencies, or for its script alone."""
        theirs = self._rivals.get(rival)
        if theirs is None or written not in SCRIPTS.get(rival, _LATIN):
            return MOST
        if self._own is not None:
            return self._own.get(word, UNKNOWN) - theirs.get(word, UNKNOWN)
        if rival == "en" and word[1:]:
            return -self._english.get(word, EnglishWords.UNLISTED)
        return 0.0

    def _latin_gains(self, word: str, is_name: bool) -> dict[str, float]:
        """A Latin word where none is expected: a rival's, or a name or a term."""
        gains = {}
        for rival, theirs in self._rivals.items():
            likeness = self._english.get(word, -0.3) if rival == "en" else (theirs.get(word, UNKNOWN) - UNKNOWN) / 2
            gains[rival] = -min(MOST_NAME if is_name else MOST, likeness)
        return gains

    def _judge(self, characters: int) -> None:
        rival = min(self._sums, key=self._sums.__getitem__)
        lowest = self._sums[rival]
        in_other_script = rival == "" or "Latin" not in self._native
        enough = rival == "" or "Latin" in self._native or self._words >= FEWEST_WORDS
        if lowest < (FOREIGN if in_other_script else self._soft_at) and enough:
            alarm = Alarm(rival or self._written(), characters)
            self.soft = self.soft or alarm
            if characters >= self._hard_at:
                self.hard = Alarm(alarm.language, characters, hard=True)
                self.is_over = True
        elif lowest > CLEAR:
            self._is_clear = True
            self.is_over = lowest > RIGHT

    def _written(self) -> str:
        """Language of text in a script that is foreign to all, where one letter settles it."""
        letter = next((name for char in self._text if (name := script(char)) not in ("", "Latin", *self._native)), "")
        return _HAN.get(letter) or ONE_LANGUAGE.get(letter, "und")
