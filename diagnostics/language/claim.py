"""Is this text in the language that was wanted?

Verification, not identification: a claim weighs the expected language against its rivals, which is far surer on short
text than asking for the best of a hundred. Three engines, the cheap ones first: the script of the letters, word
frequencies, character n-grams. The last is asked only where the first two leave doubt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

import msgspec

from ..core import Verdict
from .profiles import CJK, ONE_LANGUAGE, SCRIPT_SUBTAGS, UNTOLD_SCRIPTS, fold, native_scripts
from .tags import base_language, script_wanted
from .variants import chinese_script, is_not_japanese
from .weighing import MATCH, OPEN_LETTERS, Engines, Passage, Trial

CLAIM_LETTERS = 4.0
"""Letters needed to say anything; one of a CJK script counts 2.5."""

ENGLISH, ENGLISH_PAIR = 1.5, 3.5
"""How English (log10) three words or more, or two, must be to be called wrong where another script was expected: 90 to
95 % of snippets of three to five English words are, and 51 % of pairs; names and single terms are not."""

UNTOLD_LETTERS = 60.0
"""Letters of the wrong script, in no language that can be told but not mostly names, that are called wrong."""

HAN_ALONE, HAN_FOR_JAPANESE = 10.0, 50.0
"""Letters of Han without kana (4 and 20 characters) that are Chinese: when asked openly, and in a Japanese reply, where
a date or a heading may well have no kana."""

NATIVE, FOREIGN = 0.4, 0.15
"""Shares of letters in the expected language's scripts: from the first it is judged by its words, below the second it
is in another script; between them lies doubt."""

AGAIN = 3
"""Pieces in a row in one language of a foreign script, after which the next is taken to be in it too."""

Identify = Callable[[Passage], tuple[str, float] | None]
"""Tag and probability of the language of a passage, None when unsure."""


class Evidence(msgspec.Struct, frozen=True):
    """How a text stands to an expected language.

    ``margin`` is z: positive for the expected language. ``confidence`` is the probability of the verdict, 0 when it
    is abstain. ``detected`` is the tag of the language that the text seems to be in, None when that is open.
    ``letters`` counts a letter of a CJK script as 2.5.
    """

    verdict: Verdict
    letters: float
    detected: str | None = None
    margin: float = 0.0
    confidence: float = 0.0


class Claim:
    """That text is in the expected language rather than in one of its rivals."""

    def __init__(
        self, engines: Engines, identify: Identify, expected: str, rivals: Collection[str], *, is_known: bool
    ) -> None:
        self.is_known = is_known
        """Can any engine tell the expected language?"""
        self._engines = engines
        self._identify = identify
        self._expected = expected
        self._rivals = tuple(rivals)
        self._language = fold(expected)
        self._wanted = script_wanted(expected)
        self._untold = UNTOLD_SCRIPTS.get(self._language, ())
        self._native = native_scripts(expected)
        self._folded: dict[str, tuple[str, list[str]]] = {}  # by script: the expected language and its rivals
        self._told: dict[str, tuple[str, int]] = {}  # by script: the last language told, how often in a row

    def weigh(self, passage: Passage, *, likely: bool = False) -> Evidence:
        """Is the passage in the expected language? ``likely``: the text before it was, beyond doubt, so that common
        words suffice."""
        total, letters = passage.letters, passage.by_script
        if total < CLAIM_LETTERS:
            return Evidence(Verdict.ABSTAIN, total)
        if not self.is_known:
            return Evidence(Verdict.ABSTAIN, total, self._tag(passage))
        if passage.script in self._untold:
            return self._untold_script(passage)
        share = sum([count for script, count in letters.items() if script in self._native]) / total
        if share < FOREIGN:
            return self._foreign_script(passage)
        if share < NATIVE:
            return Evidence(Verdict.ABSTAIN, total)
        if self._native is CJK:
            return self._cjk(passage)
        script = max(self._native, key=lambda each: letters.get(each, 0.0))
        if script in ONE_LANGUAGE:
            right = ONE_LANGUAGE[script] == self._language
            return (
                _settled(Verdict.PASS, self._expected, letters[script]) if right else Evidence(Verdict.ABSTAIN, total)
            )
        return self._shared_script(passage, script, likely)

    def _shared_script(self, passage: Passage, script: str, likely: bool) -> Evidence:
        """In a script that many languages share, words and n-grams decide."""
        if script not in self._folded:
            self._folded[script] = fold(self._expected, script), [fold(rival, script) for rival in self._rivals]
        language, rivals = self._folded[script]
        trial = Trial(self._engines, passage, language, script)
        if likely and trial.is_as_before(rivals):
            return _settled(Verdict.PASS, self._expected, passage.letters)
        outcome = trial.weigh(rivals)
        if outcome is None:
            return Evidence(Verdict.ABSTAIN, passage.letters)
        if outcome.winner == language:
            return Evidence(Verdict.PASS, passage.letters, self._expected, outcome.z, logistic(outcome.z))
        if outcome.winner is None:
            return Evidence(Verdict.ABSTAIN, passage.letters, _reported(outcome.likeliest), outcome.z)
        return Evidence(Verdict.FAIL, passage.letters, _reported(outcome.winner), outcome.z, logistic(-outcome.z))

    def _cjk(self, passage: Passage) -> Evidence:
        letters = passage.by_script
        needs_more = self._language == "ja" and not is_not_japanese(passage.text)
        found = identify_cjk(letters, HAN_FOR_JAPANESE if needs_more else HAN_ALONE)
        if found is None:
            # Few Han characters are Chinese where Chinese was expected, and no proof of anything where Japanese was.
            han = letters.get("Han", 0.0)
            chinese = self._language == "zh" and han >= CLAIM_LETTERS
            return (
                _settled(Verdict.PASS, self._expected, han) if chinese else Evidence(Verdict.ABSTAIN, passage.letters)
            )
        if found[0] != self._language:
            return _settled(Verdict.FAIL, found[0], passage.letters)
        written = chinese_script(passage.text) if self._wanted and self._language == "zh" else None
        if written is not None and written != self._wanted:
            return _settled(Verdict.FAIL, f"zh-{written}", passage.letters)
        return _settled(Verdict.PASS, self._expected, passage.letters)

    def _untold_script(self, passage: Passage) -> Evidence:
        """In a script in which the expected language would not be recognised only a known rival is called."""
        detected = self._tag(passage)
        if passage.letters >= OPEN_LETTERS and detected is not None and fold(detected) in map(fold, self._rivals):
            return _settled(Verdict.FAIL, detected, passage.letters)
        if passage.script == "Latin" and _is_english(passage, 2 * ENGLISH):
            return _settled(Verdict.FAIL, "en", passage.letters)
        return Evidence(Verdict.ABSTAIN, passage.letters, detected)

    def _foreign_script(self, passage: Passage) -> Evidence:
        """In a script that the expected language is not written in: is it a language, or just names?"""
        total, script = passage.letters, passage.script
        if script == "Latin" and _is_english(passage):
            return _settled(Verdict.FAIL, "en", total)
        detected = self._tag_again(passage)
        if detected is not None and base_language(detected) == base_language(self._expected):
            return self._other_script(passage)
        if detected is not None and fold(detected, script) == fold(self._expected, script):
            return Evidence(Verdict.ABSTAIN, total, detected)  # a mixture, or romanised
        if script != "Latin":
            enough = total >= 2 * CLAIM_LETTERS
        elif detected is not None:
            enough = total >= OPEN_LETTERS and not passage.wording.is_title()
        else:
            found = passage.wording.tokens
            enough = total >= UNTOLD_LETTERS and found.plain > len(found.names) and not passage.wording.is_title()
        return _settled(Verdict.FAIL, detected, total) if enough else Evidence(Verdict.ABSTAIN, total, detected)

    def _other_script(self, passage: Passage) -> Evidence:
        """In the expected language, but not in the script that was named."""
        subtag = next((tag for tag, scripts in SCRIPT_SUBTAGS.items() if scripts == (passage.script,)), None)
        base = base_language(self._expected)
        if self._wanted is None or subtag in (None, self._wanted) or passage.letters < 2 * CLAIM_LETTERS:
            return Evidence(Verdict.ABSTAIN, passage.letters, base)
        return _settled(Verdict.FAIL, f"{base}-{subtag}", passage.letters)

    def _tag_again(self, passage: Passage) -> str | None:
        """The language of a piece in a foreign script: after so many in one language only every eighth is asked."""
        last, count = self._told.get(passage.script, ("", 0))
        if count >= AGAIN and count % 8:
            found: str | None = last
        else:
            found = self._tag(passage)
        self._told[passage.script] = (found or "", count + 1 if found and found == last else 0)
        return found

    def _tag(self, passage: Passage) -> str | None:
        found = self._identify(passage)
        return found[0] if found else None


def _is_english(passage: Passage, least: float = ENGLISH) -> bool:
    """Are these Latin words, in a place where none were expected, English rather than names and terms?"""
    words = len(passage.wording.tokens)
    needed = least if words > 2 else ENGLISH_PAIR if words == 2 else math.inf
    is_much = passage.letters >= 2 * CLAIM_LETTERS and sum(passage.wording.english) >= needed
    return is_much and not passage.wording.is_title()


def _reported(language: str) -> str:
    return "hr" if language == "hbs" else language


def identify_cjk(letters: Mapping[str, float], least_han: float) -> tuple[str, float] | None:
    """Chinese, Japanese or Korean, by letters; Han without kana is Chinese from ``least_han`` letters on."""
    kana = letters.get("Hiragana", 0.0) + letters.get("Katakana", 0.0)
    han, hangul = letters.get("Han", 0.0), letters.get("Hangul", 0.0)
    if hangul > han + kana:
        return "ko", 0.999
    if kana >= 2 * 2.5 and kana >= 0.1 * (han + kana):
        return "ja", 0.999
    return ("zh", 0.99) if han >= least_han else None


def _settled(verdict: Verdict, detected: str | None, letters: float) -> Evidence:
    """The script has settled it: every letter counts half a unit of z, as far as 9."""
    z = max(MATCH, min(9.0, letters / 2))
    return Evidence(verdict, letters, detected, z if verdict is Verdict.PASS else -z, logistic(z))


def logistic(z: float) -> float:
    """Probability that belongs to a score, at most 0.999."""
    return min(0.999, 1.0 / (1.0 + math.exp(-min(z, 30.0))))
