"""The n-th paragraph of the reply begins with a given word, and there are so many paragraphs.

Judged: paragraphs are parted by blank lines; one without a letter or a digit (a rule) is none. The paragraph begins
with the word, in any case, up to a word's border; quotation marks, brackets and marks of emphasis, heading or list
before it do not count. A line that leads in, or a fence, is peeled off where that makes the paragraphs right.

IFEval's length_constraints:nth_paragraph_first_word (google-research: instruction_following_eval/instructions.py)
splits at ``\\n\\n``, counts the parts that are not blank, yet picks the n-th of all parts, so that one blank line too
many shifts it; it takes what precedes the first blank for the word, so that none is found in scripts without blanks,
and "**Tea**" is not "tea".
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrase, places, spelled
from .reply import Reply

_MARKS = "*_#>`~-+•([{\"'“”‘’«»„「」『』¿¡ \t\n\u00a0\u202f\u3000"


class Paragraph(Modifier, frozen=True):
    """ "Write 4 paragraphs, and start the second one with the word tea." """

    ifeval = "length_constraints:nth_paragraph_first_word"

    nth_paragraph: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    """Which paragraph, from 1."""
    first_word: Phrase
    """What it begins with."""
    num_paragraphs: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """How many paragraphs there are; None where that is not asked for."""

    def __post_init__(self) -> None:
        if self.num_paragraphs is not None and self.nth_paragraph > self.num_paragraphs:
            raise ValueError(f"nth_paragraph is {self.nth_paragraph}, more than num_paragraphs {self.num_paragraphs}")

    def judge(self, reply: Reply) -> Outcome:
        """Too many paragraphs and a wrong word fail at once; the rest is decided at the end."""
        if not reply.doubled:
            return CUT_SHORT
        found = [(view, _paragraphs(reply.of(view))) for view in reply.views]
        if not reply.complete and (reply.unsettled or not all(self._hopeless(each) for _, each in found)):
            return CUT_SHORT
        for view, paragraphs in found if reply.complete else ():
            if self._wrong(paragraphs) is None:
                return Outcome(Verdict.PASS, f"the paragraph begins with the word{view.note}", view.form, 1.0)
        paragraphs = found[0][1]
        right = len(paragraphs) >= self.nth_paragraph and self._begins(paragraphs[self.nth_paragraph - 1])
        return Outcome(Verdict.FAIL, self._wrong(paragraphs) or "", score=0.5 if right else 0.0)

    def _wrong(self, paragraphs: list[str]) -> str | None:
        """What is wrong with the paragraphs; None where they are as asked for."""
        count = len(paragraphs)
        said = "1 paragraph" if count == 1 else f"{count} paragraphs"
        if self.num_paragraphs not in (None, count):
            return f"{said}, {self.num_paragraphs} asked for"
        if count < self.nth_paragraph:
            return f"{said}, and paragraph {self.nth_paragraph} is asked for"
        if not self._begins(paragraphs[self.nth_paragraph - 1]):
            return f"paragraph {self.nth_paragraph} does not begin with the word"
        return None

    def _begins(self, paragraph: str) -> bool:
        wanted = spelled(self.first_word)
        return any(start == 0 for start, _ in places(_head(paragraph, len(wanted) + 1), wanted))

    def _hopeless(self, paragraphs: list[str]) -> bool:
        """Can no more text make the paragraphs right?"""
        if self.num_paragraphs is not None and len(paragraphs) > self.num_paragraphs:
            return True
        if len(paragraphs) < self.nth_paragraph:
            return False
        paragraph = paragraphs[self.nth_paragraph - 1]
        longer = len(spelled(self.first_word)) + 2
        return len(_head(paragraph, longer)) == longer and not self._begins(paragraph)

    examples: ClassVar = (
        Example(
            "The second paragraph of your answer must start with the word milk.",
            "Tea.\n\nMilk is white.",
            Verdict.PASS,
            arguments={"nth_paragraph": 2, "first_word": "milk"},
        ),
        Example("Which word does the first paragraph of the novel start with?", "Call."),
        Example("", "Hot.\n\nTea is old.", Verdict.PASS, "en", {"nth_paragraph": 2, "first_word": "tea"}, "bare"),
        Example("", "Hot.\n\n\n\n**Tea** is old.", Verdict.PASS, "en", {"nth_paragraph": 2, "first_word": "tea"}),
        Example("", "Hot.\n\nTeapots are old.", Verdict.FAIL, "en", {"nth_paragraph": 2, "first_word": "tea"}),
        Example("", "Hot.\nTea is old.", Verdict.FAIL, "en", {"nth_paragraph": 2, "first_word": "tea"}),
        Example(
            "",
            "Chaud.\n\nThé.\n\nFin.",
            Verdict.FAIL,
            "fr",
            {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "thé"},
        ),
        Example(
            "",
            "Вот:\n\nЧай.\n\n***\n\nКонец.",
            Verdict.PASS,
            "ru",
            {"num_paragraphs": 2, "nth_paragraph": 1, "first_word": "чай"},
            "unwrapped",
        ),
        Example("", "はい。\n\nお茶は熱い。", Verdict.PASS, "ja", {"nth_paragraph": 2, "first_word": "お茶"}),
    )


def _paragraphs(text: str) -> list[str]:
    """The paragraphs without the marks before their first word."""
    blocks: list[list[str]] = [[]]
    for line in lines(text):
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    joined = ("\n".join(block) for block in blocks)
    return [block.lstrip(_MARKS) for block in joined if any(map(str.isalnum, block))]


def _head(text: str, length: int) -> str:
    """So many characters of the spelling of a text; fewer where there are no more."""
    taken = 2 * length
    while True:
        head = spelled(text[:taken])
        if len(head) >= length or taken >= len(text):
            return head[:length]
        taken *= 2
