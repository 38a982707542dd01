"""The reply has at least so many sections, each with a label of its own: "SECTION 1", "SECTION 2".

A label is the given word and a number (digits of any script, Roman numerals up to XXXIX, or a Chinese numeral: 第二章
where the word is 章) at the start of a line, headings, emphasis, brackets and quotation marks aside. A number counts
once, however often it is named.

IFEval's detectable_format:multiple_sections (google-research: instruction_following_eval/instructions.py) splits the
reply at ``\\s?WORD\\s?\\d+\\s?`` anywhere. So it also counts "see SECTION 1" in a sentence and a label that comes
twice, does not escape the word, and has no Roman numerals. The case of the word is IFEval's, and ours: it is to be as
given.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import judge
from .reply import Reply

_DRESS = r"\n[ \t\u3000>]*+(?:#{1,6}+[ \t]*+)?(?:[-*+][ \t]++)?[*_\[(<【《「\"“«]{0,5}+[ \t]*+"
_NUMBER = r"(\d{1,4}+|(?=[IVX])X{0,3}+(?:IX|IV|V?I{0,3}+)\b)"
_CHINESE = r"([\d一二三四五六七八九十百]{1,5}+)"


class Sections(Modifier, frozen=True):
    """ "Write 3 sections, and mark the beginning of each with SECTION X." """

    ifeval = "detectable_format:multiple_sections"

    section_spliter: Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\S")]
    """The word of the labels."""
    num_sections: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    """At least so many."""

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as there are enough; too few fail at the end only."""
        labels = _Labels(self.section_spliter.strip())
        return judge(
            reply,
            lambda view: len(set(reply.sum(labels, view, whole_words=True).split())),
            "at least",
            self.num_sections,
            "labelled section/labelled sections",
        )

    examples: ClassVar = (
        Example(
            "Write 2 sections about tea. Mark the beginning of each section with SECTION X.",
            "SECTION 1\nHot.\nSECTION 2\nOld.",
            Verdict.PASS,
            arguments={"section_spliter": "SECTION", "num_sections": 2},
        ),
        Example("What are the sections of a newspaper?", "News, sport."),
        Example(
            "", "SECTION 1\nTea.\n\nSECTION 2\nMilk.", Verdict.PASS, "en",
            {"section_spliter": "SECTION", "num_sections": 2},
        ),
        Example(
            "", "## **Partie I**\nThé.\n## **Partie II**\nLait.", Verdict.PASS, "fr",
            {"section_spliter": "Partie", "num_sections": 2}, "bare",
        ),
        Example("", "第一章\n茶\n第二章\n奶", Verdict.PASS, "zh", {"section_spliter": "章", "num_sections": 2}),
        Example("", "Section 1\nTee.", Verdict.FAIL, "de", {"section_spliter": "SECTION", "num_sections": 1}),
        Example(
            "", "Глава 1\nЧай: см. Глава 2.", Verdict.FAIL, "ru", {"section_spliter": "Глава", "num_sections": 2}
        ),
        Example("", "Day 1\nTea.\nDay 1\nMilk.", Verdict.FAIL, "en", {"section_spliter": "Day", "num_sections": 2}),
        Example("", "The section\nThe part", Verdict.FAIL, "en", {"section_spliter": "section", "num_sections": 1}),
    )  # fmt: skip


class _Labels(msgspec.Struct, frozen=True):
    """The numbers of the labels in whole lines, with a blank after each."""

    word: str

    def __call__(self, text: str) -> str:
        if self.word not in text:
            return ""
        word = re.escape(self.word)
        label = re.compile(rf"{_DRESS}(?:{word}[ \t\u3000]?[*_]{{0,3}}{_NUMBER}|第{_CHINESE}{word})")
        return "".join(f"{match[1] or match[2]} " for match in label.finditer("\n" + text))
