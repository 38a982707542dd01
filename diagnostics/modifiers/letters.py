"""The reply has a letter, or any other character, so many times.

Small and capital letters count alike, as do hiragana and katakana (の and ノ) and the two small sigmas; letters with a
mark are letters of their own: "é" is no "e".

IFEval's keywords:letter_frequency (google-research: instruction_following_eval/instructions.py) counts in the reply in
lower case, and replaces a letter that is not one of a to z by one drawn at random: its verdicts on "!" or "#" say
nothing. M-IFEval counts the katakana twin too.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import composed

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply

_KATAKANA = 0x60
"""How far katakana stand behind their hiragana."""


class Letters(Modifier, frozen=True):
    """ "Use the letter q at least 5 times." """

    ifeval = "keywords:letter_frequency"

    letter: Annotated[str, msgspec.Meta(min_length=1, max_length=2, pattern=r"^\S[\u0300-\u036f\u3099\u309a]?\Z")]
    """One character; the second is for a mark on it."""
    let_frequency: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    let_relation: Relation = "at least"

    def judge(self, reply: Reply) -> Outcome:
        """Count the letter. Too many fail at once, too few only at the end."""
        letter = unicodedata.normalize("NFC", self.letter)
        count = _Letter(frozenset(_forms(letter)))
        return judge(
            reply,
            # A mark may follow on the last letter that has come.
            lambda view: reply.sum(count, view, whole_words=True),
            self.let_relation,
            self.let_frequency,
            "time/times",
        )

    examples: ClassVar = (
        Example(
            "The letter q should appear less than 2 times.",
            "A quick quiz.",
            Verdict.FAIL,
            arguments={"letter": "q", "let_frequency": 2, "let_relation": "less than"},
        ),
        Example("Write a letter to a friend.", "Dear Ann"),
        Example("", "Tea, tea!", Verdict.PASS, arguments={"letter": "t", "let_frequency": 2}, form="bare"),
        Example("", "Tea.", Verdict.FAIL, arguments={"letter": "q", "let_frequency": 1}),
        Example("", "Hot! Hot!", Verdict.PASS, arguments={"letter": "!", "let_frequency": 2}),
        Example(
            "", "Été", Verdict.PASS, "fr", {"letter": "e", "let_frequency": 1, "let_relation": "less than"}, "bare"
        ),
        Example("", "Чай, час", Verdict.FAIL, "ru", {"letter": "ч", "let_frequency": 2, "let_relation": "less than"}),
        Example("", "のノ", Verdict.PASS, "ja", {"letter": "の", "let_frequency": 2, "let_relation": "exactly"}),
        Example("", "ΣΟΦΟΣ σοφός", Verdict.PASS, "el", {"letter": "σ", "let_frequency": 4}),
    )


def _forms(letter: str) -> set[str]:
    """The characters that are the same letter."""
    forms = {letter, letter.lower(), letter.upper()}
    if "Σ" in forms:
        forms |= {"σ", "ς"}
    if len(letter) == 1 and "ぁ" <= letter <= "ゖ":
        forms.add(chr(ord(letter) + _KATAKANA))
    elif len(letter) == 1 and "ァ" <= letter <= "ヶ":
        forms.add(chr(ord(letter) - _KATAKANA))
    return {form for form in forms if len(form) == len(letter)}


class _Letter(msgspec.Struct, frozen=True):
    """Counts a letter in whole lines."""

    forms: frozenset[str]

    def __call__(self, text: str) -> int:
        return sum(map(composed(text).count, self.forms))
