"""Adds up what was found line by line into the verdict on the reply as a whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ..core import ExpectedLanguage, LanguageFinding, Lines, Origin, Verdict
from .identify import Evidence
from .tags import language_name

ALONE = 20.0
"""Letters that a line needs to be judged by itself (a CJK letter counts 2.5); shorter ones are judged together."""

POOL = 60.0
"""Letters of short or doubtful lines that are collected before they are judged together."""

NOTICEABLE = 0.1
"""Share of letters in another language from which a right reply counts as code-switching (score 1)."""

LEAD_IN = 120.0
"""Letters of the longest first line with a colon that may merely announce the answer."""

LEAST_JUDGED = 0.25
"""Share of a reply's letters that must have passed or failed; below it the reply as a whole is in doubt."""


UNKNOWN = "und"
"""BCP 47's tag for a language that was not determined."""


class Verifier(Protocol):
    """What is needed of the identifier."""

    def knows(self, tag: str) -> bool:
        """Can this language be told from others?"""

    def verify(
        self, text: str, expected: str, rivals: Collection[str] = (), letters: Mapping[str, float] | None = None
    ) -> Evidence:
        """Weigh masked prose, whose letters by script are ``letters``, as text in ``expected``."""


class Tally:
    """Letters and lines by verdict. Short and doubtful lines wait in a pool until they are enough to judge together."""

    def __init__(self, verifier: Verifier, expected: str, rivals: Sequence[str]) -> None:
        self._verifier = verifier
        self._expected = expected
        self._rivals = rivals
        self._letters: defaultdict[str, float] = defaultdict(float)  # by language, of what passed or failed
        self._confidence: defaultdict[Verdict, float] = defaultdict(float)  # summed over letters
        self._by_verdict: defaultdict[Verdict, float] = defaultdict(float)  # letters
        self._lines: Counter[Verdict] = Counter()
        self._line: defaultdict[Verdict, float] = defaultdict(float)  # letters of the line under way
        self._ends_with_colon = False
        self._lead_in = 0.0  # letters of a first line such as "Here is the summary in Turkish:"
        self._pool: list[str] = []
        self._pool_letters = 0.0
        self._pool_lines = 0
        self._waiting = False  # is the line under way in the pool?

    def add(self, prose: str, by_script: Mapping[str, float]) -> None:
        """Judge a piece of a line, or put it in the pool; ``by_script`` are its letters."""
        self._ends_with_colon = prose.rstrip(" *_").endswith((":", "："))
        letters = sum(by_script.values())
        if letters >= ALONE:
            evidence = self._verifier.verify(prose, self._expected, self._rivals, by_script)
            if evidence.verdict is not Verdict.ABSTAIN or letters >= POOL:
                self._count(evidence)
                self._line[evidence.verdict] += letters
                return
        if letters:
            self._pool.append(prose)
            self._pool_letters += letters
            self._waiting = True
            if self._pool_letters >= POOL:
                self._settle_pool()

    def end_line(self) -> None:
        """The line is complete: give it the verdict that most of its letters have."""
        if self._line:
            verdict = max(self._line, key=self._line.__getitem__)
            if verdict is Verdict.FAIL and self._ends_with_colon and self._seen() == sum(self._line.values()):
                self._lead_in = self._line[verdict] if self._line[verdict] <= LEAD_IN else 0.0
            self._lines[verdict] += 1
        elif self._waiting:
            self._pool_lines += 1
        self._line.clear()
        self._waiting = False

    def _seen(self) -> float:
        return sum(self._by_verdict.values())

    def _settle_pool(self) -> None:
        evidence = self._verifier.verify("\n".join(self._pool), self._expected, self._rivals)
        self._count(evidence)
        self._lines[evidence.verdict] += self._pool_lines
        if self._waiting:
            self._line[evidence.verdict] += 1
        self._pool.clear()
        self._pool_letters = 0.0
        self._pool_lines = 0
        self._waiting = False

    def _count(self, evidence: Evidence) -> None:
        self._by_verdict[evidence.verdict] += evidence.letters
        self._confidence[evidence.verdict] += evidence.letters * evidence.confidence
        if evidence.verdict is not Verdict.ABSTAIN:
            tag = self._expected if evidence.verdict is Verdict.PASS else evidence.detected or UNKNOWN
            self._letters[tag] += evidence.letters

    def finding(self, expected: ExpectedLanguage, *, complete: bool, cut_off: bool) -> LanguageFinding:
        """The verdict on the reply as a whole: wrong when most of the judged letters are."""
        if self._pool:
            self._settle_pool()
        passed, failed = self._by_verdict[Verdict.PASS], self._by_verdict[Verdict.FAIL]
        lines = Lines(self._lines[Verdict.PASS], self._lines[Verdict.FAIL], self._lines[Verdict.ABSTAIN])
        judged = passed + failed
        only_lead_in = not complete and failed > 0 and self._lead_in == judged
        if judged == 0 or judged < LEAST_JUDGED * self._seen() or only_lead_in:
            return self._doubt(lines, only_lead_in)
        # An English "Here is the recipe:" is no wrong answer when what it announces is right.
        lead_in = self._lead_in if passed else 0.0
        verdict = Verdict.FAIL if failed - lead_in > (judged - lead_in) / 2 else Verdict.PASS
        most_first = sorted(self._letters, key=self._letters.__getitem__, reverse=True)
        shares = {tag: round(self._letters[tag] / judged, 4) for tag in most_first}
        score = 0 if verdict is Verdict.FAIL else 1 if failed >= NOTICEABLE * judged else 2
        detected = expected.tag if verdict is Verdict.PASS else next(tag for tag in shares if tag != expected.tag)
        explanation = _explain(expected, score, shares) + (_CUT_OFF if cut_off else "")
        return LanguageFinding(
            verdict=verdict,
            score=score,
            detected=None if detected == UNKNOWN else detected,
            confidence=round(self._confidence[verdict] / self._by_verdict[verdict], 4),
            shares=shares,
            lines=lines,
            explanation=explanation,
        )

    def _doubt(self, lines: Lines, only_lead_in: bool) -> LanguageFinding:
        if only_lead_in:
            why = "the reply was cut short after its first line, which may only announce the answer"
        elif not self._verifier.knows(self._expected):
            why = f"{language_name(self._expected)} is a language that cannot be told from others here"
        elif self._seen() == 0:
            why = "no text to judge"
        else:
            why = "too little text that tells its language"
        return LanguageFinding(verdict=Verdict.ABSTAIN, lines=lines, explanation=why)


_CUT_OFF = "; only the beginning of the reply was judged"


def _explain(expected: ExpectedLanguage, score: int, shares: dict[str, float]) -> str:
    wanted = language_name(expected.tag)
    if score == 2:
        return f"answered in {wanted}"
    others = [_name(tag) for tag in shares if tag != expected.tag]
    if score == 1:
        return f"answered in {wanted}, with {1 - shares.get(expected.tag, 0.0):.0%} of the text in {_join(others)}"
    because = {
        Origin.DECLARED: f"{wanted} was declared",
        Origin.REQUESTED: f"{wanted} was asked for",
        Origin.INSTRUCTION: f"{wanted} is the language of the instruction",
    }
    return f"answered in {others[0]}; {because[expected.origin]}"


def _name(tag: str) -> str:
    return "another language or script" if tag == UNKNOWN else language_name(tag)


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and other languages"
