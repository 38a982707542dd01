"""How soon English is called while it streams, how often a right reply is called wrong on its way, and how many of its
characters whoever may have to repair it holds back until it is clear.

The streams are paragraphs of four sentences, in every language that we know. The figures are characters of the reply;
they do not depend on how it is cut into chunks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from diagnostics.core import LanguageFinding
from diagnostics.language.early import LONGEST, EarlyTest

from .engines import Engine, agreement
from .snippets import GROUPS, groups, paragraphs
from .tables import console, counted, percent, quantile, table
from .trials import Setup, judge

OPENING = 40
"""Characters of a stream that the peers are shown at least: they need as much to agree."""


class Alarms(msgspec.Struct):
    """When streams were called wrong, in characters."""

    streams: int = 0
    undoubted: int = 0  # soft alarms on text that the peers do not all call English too
    soft: list[int] = []
    hard: list[int] = []

    def add(self, found: LanguageFinding, text: str, jury: Sequence[Engine]) -> None:
        """Count one stream; the peers see what there was when it was called, 40 characters at least."""
        self.streams += 1
        if found.soft_mismatch is not None:
            self.soft.append(found.soft_mismatch)
            self.undoubted += agreement(jury, text[: max(OPENING, found.soft_mismatch)]) != "en"
        if found.hard_mismatch is not None:
            self.hard.append(found.hard_mismatch)


def alarms(streams: Iterable[tuple[str, LanguageFinding]], jury: Sequence[Engine]) -> Alarms:
    """Collect what a set of streams led to."""
    done = Alarms()
    for text, found in streams:
        done.add(found, text, jury)
    return done


def when(characters: Sequence[int]) -> list[str]:
    """Median, 95th and 99th percentile."""
    return [f"{quantile(characters, share):.0f}" for share in (0.5, 0.95, 0.99)] if characters else ["-"] * 3


COLUMNS = ("right", "soft", "not English", "%", "hard", "English", "soft %", "median", "p95", "p99", "hard %", "median")


def row(right: Alarms, english: Alarms) -> list[str]:
    """Figures for right and for English streams."""
    hard = [percent(len(english.hard), english.streams), when(english.hard)[0]]
    return [
        str(right.streams), str(len(right.soft)), str(right.undoubted), percent(right.undoubted, right.streams, 2),
        str(len(right.hard)),
        str(english.streams), percent(len(english.soft), english.streams, 2), *when(english.soft), *hard,
    ]  # fmt: skip


def run(setup: Setup) -> None:
    """Print alarms on right and on English streams by script, and where the false ones are."""
    by_group = groups(setup.data)
    texts = paragraphs(setup.data)
    known = [tag for tag in by_group if tag != "en" and setup.identifier.knows(tag)]
    right = {tag: watched(setup, texts[tag], tag, setup.jury) for tag in known}
    english = {tag: watched(setup, texts["en"], tag, ()) for tag in known}
    shown = table(
        f"streams of four sentences ({len(known)} languages): alarms on right ones, those not on an opening that all "
        "peers call English; English where X was wanted: share called, characters seen by then",
        "group", *COLUMNS,
    )  # fmt: skip
    for group in (*GROUPS, "all"):
        chosen = [tag for tag in known if group in (by_group[tag], "all")]
        shown.add_row(group, *row(merged(right[tag] for tag in chosen), merged(english[tag] for tag in chosen)))
    console.print(shown)
    console.print(f"false soft alarms by language: {counted({tag: each.undoubted for tag, each in right.items()})}")
    late = {tag: each.streams - len(each.soft) for tag, each in english.items()}
    console.print(f"English streams never called, by wanted language: {counted(late)}")
    held = [clear(setup, text, tag) for tag in known for text in texts[tag]]
    seen = [characters for characters in held if characters is not None]
    never = percent(len(held) - len(seen), len(held), 2)
    console.print(f"right streams are clear after characters (median, p95, p99): {when(seen)}; never: {never} %")


def clear(setup: Setup, text: str, expected: str) -> int | None:
    """Characters of a right stream after which it may be let go; None if an alarm came first, or none did."""
    test = EarlyTest(setup.identifier, expected, expected)
    for at, char in enumerate(text[:LONGEST], 1):
        test.feed(char)
        if test.soft is not None:
            return None
        if test.is_clear:
            return at
    return None


def watched(setup: Setup, texts: Sequence[str], expected: str, jury: Sequence[Engine]) -> Alarms:
    """Streams that are all expected to be in one language."""
    return alarms(((text, judge(setup.detector, text, expected, expected)) for text in texts), jury)


def merged(parts: Iterable[Alarms]) -> Alarms:
    """All of them as one."""
    done = Alarms()
    for part in parts:
        done.streams += part.streams
        done.undoubted += part.undoubted
        done.soft += part.soft
        done.hard += part.hard
    return done
