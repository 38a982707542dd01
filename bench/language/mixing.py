"""Runs of English words inside sentences of other languages: are they found, and is pure text left alone?"""

from __future__ import annotations

import random
import re

from diagnostics.core import LanguageFinding

from . import data
from .engines import agreement
from .snippets import LISTED, OTHER, UNLISTED, groups
from .tables import console, counted, percent, table
from .trials import Setup, judge

LENGTHS = (1, 2, 3, 5, 8)
SPLICED = 100
"""Sentences of each language into which words are put, for each length."""

LEAST_WORDS = 8
"""Words of a sentence that is worth putting words into."""


_PLAIN = re.compile(r"[a-z]+(?:['’-][a-z]+)*,?")


def plain_runs(sentence: str, count: int) -> list[list[str]]:
    """So many words in a row, all of them in small letters: names, numbers and addresses are no words of a language."""
    words = sentence.split()
    runs = [words[at : at + count] for at in range(len(words) - count + 1)]
    return [run for run in runs if all(map(_PLAIN.fullmatch, run))]


def splice(sentence: str, words: list[str], draw: random.Random) -> tuple[str, tuple[int, int]]:
    """The sentence with the words at a random boundary, and the characters that they are."""
    units = sentence.split()
    at = draw.randrange(1, len(units))
    before = " ".join(units[:at]) + " "
    added = " ".join(words)
    return before + added + " " + " ".join(units[at:]), (len(before), len(before) + len(added))


def finds(found: LanguageFinding, span: tuple[int, int]) -> bool:
    """Does a run of English cover half of these characters or more?"""
    covered = [
        min(run.span[1], span[1]) - max(run.span[0], span[0]) for run in found.foreign_words if run.language == "en"
    ]
    return bool(covered) and 2 * max(covered) >= span[1] - span[0]


def run(setup: Setup) -> None:
    """Print what is found in Latin letters with a word list, and false alarms on pure sentences of all groups."""
    by_group = groups(setup.data)
    texts = data.lines(setup.data, "sentences")
    english = {count: [run for text in texts["en"] for run in plain_runs(text, count)] for count in LENGTHS}
    listed = sorted(tag for tag, group in by_group.items() if group == LISTED and tag != "en")
    draw = random.Random(1)
    found = {tag: [recall(setup, texts[tag], tag, english[count], draw) for count in LENGTHS] for tag in listed}
    shown = table(
        f"English words in small letters put into sentences ({SPLICED} for each of {len(listed)} languages with a word "
        "list and each length): % found",
        "language", *(f"{count} words" for count in LENGTHS),
    )  # fmt: skip
    for tag, hits in found.items():
        shown.add_row(tag, *(percent(hit, SPLICED) for hit in hits))
    shown.add_section()
    total = SPLICED * len(listed)
    shown.add_row("all", *(percent(sum(hits[at] for hits in found.values()), total, 2) for at in range(len(LENGTHS))))
    console.print(shown)
    _print_pure(setup, by_group, texts)


def recall(setup: Setup, sentences: list[str], tag: str, runs: list[list[str]], draw: random.Random) -> int:
    """In how many sentences the words are found."""
    chosen = [text for text in sentences if len(text.split()) >= LEAST_WORDS]
    hits = 0
    for _ in range(SPLICED):
        mixed, span = splice(draw.choice(chosen), draw.choice(runs), draw)
        hits += finds(judge(setup.detector, mixed, tag, tag), span)
    return hits


def _print_pure(setup: Setup, by_group: dict[str, str], texts: dict[str, list[str]]) -> None:
    shown = table(
        "sentences as they are (300 a language): share in which a run of foreign words is reported, and those whose "
        "run not all peers call English, %",
        "group", "sentences", "any", "not English", "languages with alarms that are not",
    )  # fmt: skip
    for group in (LISTED, UNLISTED, OTHER):
        tags = [tag for tag, its in by_group.items() if its == group and tag != "en" and setup.identifier.knows(tag)]
        runs = {tag: [runs_in(setup, text, tag) for text in texts[tag]] for tag in tags}
        n = sum(map(len, runs.values()))
        reported = sum(bool(found) for each in runs.values() for found in each)
        false = {
            tag: sum(any(agreement(setup.jury, run) != "en" for run in found) for found in each)
            for tag, each in runs.items()
        }
        shown.add_row(group, str(n), percent(reported, n, 2), percent(sum(false.values()), n, 2), counted(false, 12))
    console.print(shown)


def runs_in(setup: Setup, text: str, tag: str) -> list[str]:
    """The foreign words that are reported of a sentence."""
    return [text[slice(*run.span)] for run in judge(setup.detector, text, tag, tag).foreign_words]
