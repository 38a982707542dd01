"""Every engine on the same texts of every length: open identification, and verification against English."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .engines import Engine, Lingua, difference, same, stray
from .snippets import GROUPS, LENGTHS, OTHER, groups, snippets
from .tables import console, percent, table
from .trials import Setup

PER_LANGUAGE = 100
"""Texts of each language and length: with 30 languages in a group, 0.1 % of the trials are three."""

RATES = (0.001, 0.01)
"""Rates of false alarms at which power is given."""


class Trials(msgspec.Struct):
    """What one engine said of one group's texts of one length."""

    texts: int = 0
    right: int = 0
    answered: int = 0
    own: list[float] = []  # margins of texts in the expected language, those that are clearly not in it left out
    english: list[float] = []  # margins of English where that language was expected


def power(own: Sequence[float], english: Sequence[float], false_alarms: float) -> float:
    """Share of the English texts below the highest threshold that at most this share of the others is below."""
    threshold = sorted(own)[int(false_alarms * len(own))]
    return sum(margin < threshold for margin in english) / len(english)


def margins(engine: Engine, texts: Sequence[str], languages: Sequence[str]) -> list[float]:
    """Margins of English texts for every language that might have been expected instead."""
    if engine.name == Lingua.name or engine.name == "ours":
        return [engine.margin(text, language) for language in languages for text in texts]
    scores = [engine.scores(text) for text in texts]
    return [difference(each, same(language, "a")) for each in scores for language in languages]


def strays(setup: Setup, texts: dict[str, list[str]], languages: Sequence[str], latin: bool) -> set[str]:
    """Texts that are clearly not in the language they are filed under."""
    return {
        text
        for language in languages
        for text in texts[language][:PER_LANGUAGE]
        if stray(setup.jury, text, language, latin)
    }


def trials(
    engine: Engine, texts: dict[str, list[str]], languages: Sequence[str], left_out: set[str], *, open_choice: bool
) -> Trials:
    """Ask one engine about one group's texts, in languages that it supports."""
    done = Trials()
    for language in languages:
        for text in texts[language][:PER_LANGUAGE]:
            if text not in left_out:
                done.own.append(engine.margin(text, language))
            if open_choice:
                best = engine.best(text)
                done.texts += 1
                done.answered += best is not None
                done.right += best == same(language, text)
    done.english = margins(engine, texts["en"][:PER_LANGUAGE], languages)
    return done


def run(setup: Setup) -> None:
    """Two tables for each group of languages: accuracy by length, power by length."""
    by_group = groups(setup.data)
    texts = {length: snippets(setup.data, length) for length in LENGTHS}
    for group in GROUPS:
        languages = sorted(tag for tag, its in by_group.items() if its == group and tag != "en")
        _print_group(setup, group, languages, texts)


def _print_group(setup: Setup, group: str, languages: list[str], texts: dict[str, dict[str, list[str]]]) -> None:
    left_out = {length: strays(setup, texts[length], languages, group != OTHER) for length in LENGTHS}
    accuracy = table(
        f"identification, {group}: % of texts whose language is the engine's first of all, over the languages it "
        f"supports (of {len(languages)}; {PER_LANGUAGE} texts of each, by length); in brackets: % of its answers",
        "engine", "languages", *LENGTHS,
    )  # fmt: skip
    caught = table(
        f"verification, {group}: % of English texts caught at 0.1 / 1 % false alarms on texts in the expected "
        f"language, by the engine's own score ({sum(map(len, left_out.values()))} clearly in another one left out)",
        "engine", "languages", *LENGTHS,
    )  # fmt: skip
    engines: list[Engine] = [setup.ours, *setup.peers]
    for engine in engines:
        open_choice = engine.name != Lingua.name
        known = [tag for tag in languages if same(tag, texts[LENGTHS[0]][tag][0]) in engine.languages]
        done = [trials(engine, texts[length], known, left_out[length], open_choice=open_choice) for length in LENGTHS]
        if open_choice:
            shares = [f"{percent(each.right, each.texts)} ({percent(each.right, each.answered)})" for each in done]
            accuracy.add_row(engine.name, str(len(known)), *shares)
        rates = [" / ".join(percent(power(each.own, each.english, rate), 1) for rate in RATES) for each in done]
        caught.add_row(engine.name, str(len(known)), *rates)
    console.print(accuracy)
    console.print(caught)
