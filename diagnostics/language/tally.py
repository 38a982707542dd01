"""Adds up what was found line by line into the verdict on the reply as a whole."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from ..core import ExpectedLanguage, ForeignRun, LanguageFinding, LeadInFinding, Lines, Origin, Span, Verdict
from .claim import Evidence
from .identify import Identifier
from .mixing import Mixing, Run
from .tags import base_language, language_name
from .weighing import Passage

ALONE = 20.0
"""Letters that a line needs to be judged by itself (a CJK letter counts 2.5); shorter ones are judged together."""

POOL = 60.0
"""Letters of short or doubtful lines that are collected before they are judged together."""

LONGEST_POOL = 512
"""Characters of the same, letters or not."""

NOTICEABLE = 0.1
"""Share of letters in another language from which a right reply counts as code-switching (score 1), as a run of three
foreign words does."""

LIKELY = 150.0
"""Letters in the right language, and five times as many as in others, after which common words suffice."""

WRONG = 2 / 3
"""Share of letters in other languages from which a reply is wrong; from half of them on it is mixed, and in doubt."""

LEAD_IN = 160.0
"""Letters of the longest first line that may merely announce the answer."""

LEAST_JUDGED = 0.25
"""Share of a reply's letters that must have passed or failed; below it the reply as a whole is in doubt."""

MOST_RUNS = 50
"""Runs of foreign words that are reported."""

UNKNOWN = "und"
"""BCP 47's tag for a language that was not determined."""

_ITEM = re.compile(r"\s*+(?:\d|[-*•#>|])")  # a list or a table announces nothing
_ANNOUNCES = (":", "：")
_SENTENCE_ENDS = (*_ANNOUNCES, ".", "!", "。", "！")


class _LeadIn(msgspec.Struct, frozen=True):
    """A first line in the wrong language, which may merely announce an answer in the right one."""

    language: str
    span: Span
    letters: float
    announces: bool  # it ends with a colon


class Tally:
    """Letters and lines by verdict. Short and doubtful lines wait in a pool until they are enough to judge together."""

    def __init__(self, identifier: Identifier, expected: ExpectedLanguage, rivals: Sequence[str]) -> None:
        self._identifier = identifier
        self._expected = expected
        self._tag = expected.tag
        self._claim = identifier.claim(expected.tag, rivals)
        self._mixing = Mixing(identifier, expected.tag, rivals) if self._claim.is_known else None
        self._letters: defaultdict[str, float] = defaultdict(float)  # by language, of what passed or failed
        self._confidence: defaultdict[Verdict, float] = defaultdict(float)  # summed over letters
        self._by_verdict: defaultdict[Verdict, float] = defaultdict(float)  # letters
        self._lines: Counter[Verdict] = Counter()
        self._line: defaultdict[Verdict, float] = defaultdict(float)  # letters of the line under way
        self._line_start: int | None = None
        self._line_text = ""  # the last piece of it
        self._detected = UNKNOWN
        self._runs: list[ForeignRun] = []
        self._lead_in: _LeadIn | None = None
        self._pool: list[str] = []
        self._pool_letters = 0.0
        self._pool_lines = 0
        self._waiting = False  # is the line under way in the pool?

    # --- taking text ---

    def add(self, passage: Passage, start: int) -> None:
        """Judge a piece of a line, which begins at that character of the reply, or put it in the pool."""
        self._line_text = passage.text
        if self._line_start is None:
            self._line_start = start
        if passage.letters >= ALONE:
            evidence = self._claim.weigh(passage, likely=self._is_likely)
            runs = self._runs_in(passage, evidence)
            if runs or evidence.verdict is not Verdict.ABSTAIN or passage.letters >= POOL:
                self._judge(passage, evidence, runs, start)
                return
        if passage.letters:
            self._pool.append(" ".join(passage.text.split()))  # what was masked is much space
            self._pool_letters += passage.letters
            self._waiting = True
            if self._pool_letters >= POOL or sum(map(len, self._pool)) > LONGEST_POOL:
                self._settle_pool()

    def end_line(self) -> None:
        """The line is complete: give it the verdict that most of its letters have."""
        if self._line:
            verdict = max(self._line, key=self._line.__getitem__)
            if verdict is Verdict.FAIL and self._seen() == sum(self._line.values()) <= LEAD_IN:
                self._note_lead_in()
            self._lines[verdict] += 1
        elif self._waiting:
            self._pool_lines += 1
        self._line.clear()
        self._line_start = None
        self._waiting = False

    @property
    def _is_likely(self) -> bool:
        passed = self._by_verdict[Verdict.PASS]
        return passed >= LIKELY and passed >= 5 * self._by_verdict[Verdict.FAIL]

    def _seen(self) -> float:
        return sum(self._by_verdict.values())

    def _runs_in(self, passage: Passage, evidence: Evidence) -> Sequence[Run]:
        """Runs of another language, but in a piece that is all in another script."""
        is_native = self._mixing is not None and passage.script in self._mixing.native
        if self._mixing is None or (evidence.verdict is Verdict.FAIL and not is_native):
            return ()
        return self._mixing.runs(passage)

    def _judge(self, passage: Passage, evidence: Evidence, runs: Sequence[Run], start: int) -> None:
        """Count a piece. Runs of another language in it count as that language, what is left of it as it is; of a wrong
        piece that is done only if what is left is right."""
        if runs and evidence.verdict is not Verdict.PASS:
            rest = self._claim.weigh(self._identifier.passage(_without(passage.text, runs)))
            if evidence.verdict is Verdict.FAIL and rest.verdict is not Verdict.PASS:
                runs = ()
            else:
                evidence = rest
        elsewhere = min(sum(run.letters for run in runs), passage.letters)
        self._count(evidence, passage.letters - elsewhere)
        for run in runs:
            self._count(Evidence(Verdict.FAIL, run.letters, run.language, confidence=0.99), run.letters)
            if len(self._runs) < MOST_RUNS:
                self._runs.append(ForeignRun(run.language, (start + run.start, start + run.end), run.words))

    def _count(self, evidence: Evidence, letters: float) -> None:
        verdict = evidence.verdict
        if verdict is Verdict.FAIL and self._is_tolerated(evidence.detected):
            verdict = Verdict.PASS
        self._line[verdict] += letters
        self._by_verdict[verdict] += letters
        self._confidence[verdict] += letters * evidence.confidence
        if evidence.verdict is not Verdict.ABSTAIN:
            self._detected = self._tag if evidence.verdict is Verdict.PASS else evidence.detected or UNKNOWN
            self._letters[self._detected] += letters

    def _is_tolerated(self, detected: str | None) -> bool:
        """The instruction's own language in its other script is code-switching: nobody asked for the script."""
        is_implied = self._expected.origin is Origin.INSTRUCTION
        return is_implied and detected is not None and base_language(detected) == base_language(self._tag)

    def _settle_pool(self) -> None:
        evidence = self._claim.weigh(self._identifier.passage("\n".join(self._pool)), likely=self._is_likely)
        before = dict(self._line)
        self._count(evidence, evidence.letters)
        self._lines[evidence.verdict] += self._pool_lines
        self._line.clear()
        self._line.update(before)
        if self._waiting:
            self._line[evidence.verdict] += 1
        self._pool.clear()
        self._pool_letters = 0.0
        self._pool_lines = 0
        self._waiting = False

    def _note_lead_in(self) -> None:
        text = self._line_text.rstrip(" *_")
        if text.endswith(_SENTENCE_ENDS) and self._line_start is not None and not _ITEM.match(text):
            span = (self._line_start, self._line_start + len(text))
            self._lead_in = _LeadIn(self._detected, span, self._line[Verdict.FAIL], text.endswith(_ANNOUNCES))

    # --- the verdict ---

    def finding(self, *, complete: bool, cut_off: bool) -> LanguageFinding:
        """The verdict on the reply as a whole: wrong when most of the judged letters are."""
        if self._pool:
            self._settle_pool()
        passed, failed = self._by_verdict[Verdict.PASS], self._by_verdict[Verdict.FAIL]
        lines = Lines(self._lines[Verdict.PASS], self._lines[Verdict.FAIL], self._lines[Verdict.ABSTAIN])
        judged = passed + failed
        lead_in = self._lead_in
        only_lead_in = not complete and lead_in is not None and lead_in.announces and self._is_all(lead_in)
        if judged == 0 or judged < LEAST_JUDGED * self._seen() or only_lead_in:
            return self._doubt(lines, only_lead_in)
        # An English "Here is the recipe:" is no wrong answer when what it announces is right.
        announced = lead_in.letters if lead_in is not None and self._is_answered(lead_in) else 0.0
        rest, wrong = judged - announced, failed - announced
        if rest / 2 < wrong < WRONG * rest:
            return self._mixed(lines)
        verdict = Verdict.FAIL if wrong >= WRONG * rest and wrong else Verdict.PASS
        shares = _shares(self._letters)
        mixed = wrong >= NOTICEABLE * rest or bool(self._runs) or self._letters[self._tag] < (1 - NOTICEABLE) * passed
        score = 0 if verdict is Verdict.FAIL else 1 if mixed else 2
        detected = self._tag if verdict is Verdict.PASS else next(tag for tag in shares if tag != self._tag)
        return LanguageFinding(
            verdict=verdict,
            score=score,
            detected=None if detected == UNKNOWN else detected,
            confidence=round(self._confidence[verdict] / self._by_verdict[verdict], 4),
            shares=shares,
            lines=lines,
            foreign_words=tuple(self._runs),
            explanation=_explain(self._expected, score, shares, wrong / rest) + (_CUT_OFF if cut_off else ""),
        )

    def lead_in(self) -> LeadInFinding | None:
        """The opening in another language before a right answer, where there is one; ask after ``finding``."""
        found = self._lead_in
        if found is None or not self._is_answered(found):
            return None
        name, wanted = _name(found.language), language_name(self._tag)
        return LeadInFinding(
            verdict=Verdict.FAIL,
            language=found.language,
            span=found.span,
            explanation=f"the answer in {wanted} is announced in {name}",
        )

    def _is_all(self, lead_in: _LeadIn) -> bool:
        """Is the opening all that there is to judge, and hardly anything that was left in doubt came after it?"""
        judged = self._by_verdict[Verdict.PASS] + self._by_verdict[Verdict.FAIL]
        return lead_in.letters == judged and self._seen() - judged < ALONE

    def _is_answered(self, lead_in: _LeadIn) -> bool:
        """Is what follows the opening right, and more of it than of anything else?"""
        passed, failed = self._by_verdict[Verdict.PASS], self._by_verdict[Verdict.FAIL]
        return passed > (0.0 if lead_in.announces else lead_in.letters) and passed > failed - lead_in.letters

    def _mixed(self, lines: Lines) -> LanguageFinding:
        """As much of one language as of another: neither the right answer nor the wrong one."""
        shares = _shares(self._letters)
        parts = [f"{share:.0%} {_name(tag)}" for tag, share in shares.items()]
        return LanguageFinding(
            verdict=Verdict.ABSTAIN,
            shares=shares,
            lines=lines,
            foreign_words=tuple(self._runs),
            explanation=f"a mixture: {', '.join(parts)}",
        )

    def _doubt(self, lines: Lines, only_lead_in: bool) -> LanguageFinding:
        if only_lead_in:
            why = "the reply was cut short after its first line, which may only announce the answer"
        elif not self._claim.is_known:
            why = f"{language_name(self._tag)} is a language that cannot be told from others here"
        elif self._seen() == 0:
            why = "no text to judge"
        else:
            why = "too little text that tells its language"
        return LanguageFinding(verdict=Verdict.ABSTAIN, lines=lines, explanation=why)


_CUT_OFF = "; only the beginning of the reply was judged"


def _without(text: str, runs: Sequence[Run]) -> str:
    for run in runs:
        text = text[: run.start] + " " * (run.end - run.start) + text[run.end :]
    return text


def _shares(letters: Mapping[str, float]) -> dict[str, float]:
    """Share of each language, most first."""
    whole = sum(letters.values())
    most_first = sorted(letters, key=letters.__getitem__, reverse=True)
    return {tag: round(letters[tag] / whole, 4) for tag in most_first if letters[tag]}


def _explain(expected: ExpectedLanguage, score: int, shares: Mapping[str, float], elsewhere: float) -> str:
    wanted = language_name(expected.tag)
    if score == 2:
        return f"answered in {wanted}"
    others = [_name(tag) for tag in shares if tag != expected.tag]
    if score == 1:
        share = elsewhere or 1 - shares.get(expected.tag, 0.0)  # the second where it is in another script
        much = f"{share:.0%} of the text" if share >= 0.01 else "a few words"
        return f"answered in {wanted}, with {much} in {_join(others)}"
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
