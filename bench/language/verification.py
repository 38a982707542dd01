"""Our verdicts on short text: is it in X, where X was wanted and English is the rival?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from diagnostics.core import Verdict

from .engines import Ours, same, stray
from .snippets import GROUPS, LENGTHS, OTHER, groups, snippets
from .tables import console, counted, percent, table
from .trials import Setup

OTHERS = 4000
"""Texts of each length put where a third language was wanted."""


def run(setup: Setup) -> None:
    """Print verdicts by length and script, the languages that false alarms are in, and what a third language gets."""
    by_group = groups(setup.data)
    unknown = sorted(tag for tag in by_group if not setup.identifier.knows(tag))
    known = [tag for tag in by_group if tag not in unknown and tag != "en"]
    console.print(f"languages that no engine of ours knows, left out below: {' '.join(unknown) or 'none'}")
    shown = table(
        f"our verdicts, % ({len(known)} languages): texts in X where X was wanted (strays: in other letters, or "
        "another language by all peers), then English where X was wanted",
        "length", "languages", "in X", "pass", "false mismatch", "without strays", "abstain",
        "English", "caught", "called X", "abstain",
        names=2,
    )  # fmt: skip
    alarms: dict[str, dict[str, list[Mismatch]]] = {}
    for length in LENGTHS:
        texts = snippets(setup.data, length)
        own = {tag: verdicts(setup.ours, texts[tag], tag) for tag in known}
        failed = {tag: false_mismatches(setup, texts[tag], tag, latin=by_group[tag] != OTHER) for tag in known}
        english = {tag: verdicts(setup.ours, texts["en"], tag) for tag in known}
        alarms[length] = failed
        for group in (*GROUPS, "all"):
            chosen = [tag for tag in known if group in (by_group[tag], "all")]
            mine, theirs = (sum((each[tag] for tag in chosen), Counter[Verdict]()) for each in (own, english))
            shown.add_row(
                length, group, str(mine.total()), *shares(mine, Verdict.PASS, Verdict.FAIL),
                percent(sum(not each.stray for tag in chosen for each in failed[tag]), mine.total(), 2),
                *shares(mine, Verdict.ABSTAIN),
                str(theirs.total()), *shares(theirs, Verdict.FAIL, Verdict.PASS, Verdict.ABSTAIN),
                end_section=group == "all",
            )  # fmt: skip
    console.print(shown)
    for length, failed in alarms.items():
        counts = {tag: len(each) for tag, each in failed.items()}
        console.print(f"false mismatches, {length}, of 300 in each language: {counted(counts)}")
        if setup.options.errors:
            for tag, each in failed.items():
                for one in each:
                    where = "clearly not in it" if one.stray else "in it"
                    console.print(f"  {length} {tag} text {one.number}: as {one.detected}, {where}")
    _print_others(setup, known)


class Mismatch(msgspec.Struct, frozen=True):
    """A text called wrong though it is filed under X; ``stray`` when it is clearly not in X indeed."""

    number: int
    detected: str | None
    stray: bool


def false_mismatches(setup: Setup, texts: Sequence[str], expected: str, *, latin: bool) -> list[Mismatch]:
    """The texts in the expected language that are called wrong, by their place in the data."""
    found = []
    for number, text in enumerate(texts):
        evidence = setup.identifier.verify(text, expected, ("en",))
        if evidence.verdict is Verdict.FAIL:
            found.append(Mismatch(number, evidence.detected, stray(setup.jury, text, expected, latin)))
    return found


def verdicts(ours: Ours, texts: Iterable[str], expected: str) -> Counter[Verdict]:
    """How many of the texts get which verdict."""
    return Counter(ours.verdict(text, expected) for text in texts)


def shares(counts: Counter[Verdict], *kinds: Verdict) -> list[str]:
    """Percentages of these verdicts."""
    return [percent(counts[kind], counts.total(), 2) for kind in kinds]


def _print_others(setup: Setup, known: list[str]) -> None:
    shown = table(
        f"a third language where X was wanted, English the only named rival, % ({OTHERS} of each length; the text, its "
        "language and X drawn at random); named right: of those caught",
        "length", "caught", "called X", "abstain", "named right",
    )  # fmt: skip
    draw = random.Random(1)
    for length in LENGTHS:
        texts = snippets(setup.data, length)
        counts: Counter[Verdict] = Counter()
        named = 0
        while counts.total() < OTHERS:
            language, wanted = draw.sample(known, 2)
            text = draw.choice(texts[language])
            if same(language, text) == same(wanted, text):
                continue
            found = setup.identifier.verify(text, wanted, ("en",))
            counts[found.verdict] += 1
            named += found.verdict is Verdict.FAIL and same(found.detected or "", text) == same(language, text)
        figures = shares(counts, Verdict.FAIL, Verdict.PASS, Verdict.ABSTAIN)
        shown.add_row(length, *figures, percent(named, counts[Verdict.FAIL]))
    console.print(shown)
