"""Real replies whose language is beyond doubt: is ours ever wrong about them?

Beyond doubt is a reply of at least 20 letters on which all installed peers agree. One of them, py3langid, is also one
of our engines; the others are not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from diagnostics.core import LanguageFinding, Verdict

from . import data
from .data import Reply
from .engines import agreement, same
from .streaming import COLUMNS, alarms, row
from .tables import console, counted, percent, table
from .trials import Setup, judge

LATIN = ("de", "en", "es", "fr", "id", "it", "pt", "tr", "vi")
OTHER = ("ar", "hi", "ja", "ko", "ru", "zh")
LEAST_LETTERS = 20
ENOUGH_LETTERS = 50
"""Letters from which abstaining is a weakness."""


class Outcome(msgspec.Struct, frozen=True):
    """One reply: what the peers agree on (None when they do not) and what we found."""

    reply: Reply
    letters: int
    agreed: str | None
    found: LanguageFinding

    @property
    def right(self) -> bool:
        """Do the peers agree that it is in the expected language?"""
        return self.agreed == same(self.reply.expected_language)

    @property
    def english(self) -> bool:
        """Do the peers agree that it is in English, where another language was wanted?"""
        return self.agreed == "en" and not self.right


def outcomes(setup: Setup) -> list[Outcome]:
    """All recorded replies, judged by the peers and by us."""
    judged = []
    for reply in data.replies(setup.data):
        letters = sum(map(str.isalpha, reply.text))
        agreed = agreement(setup.jury, reply.text) if letters >= LEAST_LETTERS else None
        found = judge(setup.detector, reply.text, reply.expected_language, reply.asked_in, complete=False)
        judged.append(Outcome(reply, letters, agreed, found))
    return judged


def run(setup: Setup) -> None:
    """Print how often we are wrong or silent where the peers are sure, by expected language."""
    judged = outcomes(setup)
    jury = ", ".join(engine.name for engine in setup.jury) or "none"
    _print_jury(judged, jury)
    _print_languages(judged)
    _print_alarms(setup, judged)
    wrong = [each for each in judged if each.right and each.found.verdict is Verdict.FAIL]
    missed = [each for each in judged if each.english and each.found.verdict is not Verdict.FAIL]
    if setup.options.errors:
        _print_errors("called wrong, right by all peers", wrong)
        _print_errors("English by all peers, not called wrong", missed)
        early = [each for each in judged if each.right and each.found.soft_mismatch is not None]
        _print_errors("called wrong on their way, right by all peers", early)
        _print_errors("abstained, over 50 letters", [each for each in judged if _silent(each)])


def _right(each: Outcome) -> bool:
    return each.right


def _english(each: Outcome) -> bool:
    return each.english


def _silent(each: Outcome) -> bool:
    return each.letters > ENOUGH_LETTERS and each.found.verdict is Verdict.ABSTAIN


def _print_jury(judged: Sequence[Outcome], jury: str) -> None:
    shown = table(
        f"replies whose language is beyond doubt ({len(judged)} replies; {LEAST_LETTERS} letters, unanimous: {jury})",
        "task", "right", "called wrong", "per 10,000", "English for X", "caught %", "called right", "abstain",
        "all > 50 letters", "abstain %",
    )  # fmt: skip
    for task in ("monolingual", "crosslingual", "both"):
        chosen = [each for each in judged if task in (each.reply.task, "both")]
        right = Counter(each.found.verdict for each in chosen if each.right)
        english = Counter(each.found.verdict for each in chosen if each.english)
        long = [each for each in chosen if each.letters > ENOUGH_LETTERS]
        shown.add_row(
            task, str(right.total()), str(right[Verdict.FAIL]), percent(100 * right[Verdict.FAIL], right.total(), 2),
            str(english.total()), percent(english[Verdict.FAIL], english.total(), 2), str(english[Verdict.PASS]),
            str(english[Verdict.ABSTAIN]), str(len(long)), percent(sum(map(_silent, long)), len(long), 2),
        )  # fmt: skip
    console.print(shown)


def _print_alarms(setup: Setup, judged: Sequence[Outcome]) -> None:
    shown = table(
        "alarms while these replies streamed: right ones called wrong on their way (not on an "
        "opening that all peers call English); English ones called, characters seen by then",
        "task", "script", *COLUMNS, names=2,
    )  # fmt: skip
    for task in ("monolingual", "crosslingual"):
        for script, languages in (("Latin", LATIN), ("other", OTHER)):
            chosen = [e for e in judged if e.reply.task == task and e.reply.expected_language in languages]
            right, english = ([(e.reply.text, e.found) for e in chosen if kind(e)] for kind in (_right, _english))
            shown.add_row(task, script, *row(alarms(right, setup.jury), alarms(english, ())))
    console.print(shown)


def _print_languages(judged: Iterable[Outcome]) -> None:
    cells: defaultdict[str, Counter[str]] = defaultdict(Counter)
    others: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in judged:
        language, verdict = each.reply.expected_language, each.found.verdict
        cells[language][verdict] += 1
        cells[language]["mixed"] += each.found.score == 1
        if verdict is Verdict.FAIL:
            others[language][each.found.detected or "unknown"] += 1
    shown = table(
        "our verdicts on all replies, % by expected language; score 1: right with code-switching",
        "expected", "replies", "pass", "fail", "abstain", "score 1", "fails are in",
    )  # fmt: skip
    for language, counts in sorted(cells.items()):
        n = sum(counts[verdict] for verdict in Verdict)
        shares = [percent(counts[v], n) for v in (Verdict.PASS, Verdict.FAIL, Verdict.ABSTAIN)]
        shown.add_row(language, str(n), *shares, percent(counts["mixed"], n), counted(others[language], 4))
    console.print(shown)


def _print_errors(title: str, errors: Sequence[Outcome]) -> None:
    console.print(f"{title}: {len(errors)}")
    for each in errors:
        console.print(f"  {each.reply.key}: {each.found.verdict}, {each.found.explanation} {each.found.shares}")
