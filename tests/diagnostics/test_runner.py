from __future__ import annotations

from collections.abc import Sequence

import pytest

from diagnostics.core import (
    Alarm,
    Finding,
    Instruction,
    LanguageFinding,
    Message,
    ModifierFinding,
    RequestedModifier,
    Verdict,
)
from diagnostics.runner import BATCH, FIRST_WORDS, Declared, Diagnostics

MESSAGES = (Message("user", "Hallo"),)


def read(messages: tuple[Message, ...], declared: Declared) -> Instruction:
    return Instruction(messages, "de", None, (RequestedModifier("html"),))


class Counting:
    """Counts characters; breaks where it is told."""

    def __init__(self, broken: str = "", finding: type[Finding] = Finding) -> None:
        self.name = "counting"
        self.finding = finding
        self._broken = broken

    def observe(self, instruction: Instruction) -> CountingObserver | None:
        if self._broken == "observe":
            raise RuntimeError("secret reply text")
        return None if self._broken == "nothing" else CountingObserver(self._broken)


class CountingObserver:
    def __init__(self, broken: str) -> None:
        self._broken = broken
        self._count = 0

    def feed(self, text: str) -> None:
        if self._broken == "feed":
            raise RuntimeError("secret reply text")
        self._count += len(text)

    def close(self, *, complete: bool) -> Sequence[Finding]:
        if self._broken == "close":
            raise RuntimeError("secret reply text")
        return [Finding(name="counting", verdict=Verdict.PASS, explanation=f"{self._count} {complete}")]


def test_all_detectors_see_every_chunk_and_the_end() -> None:
    watch = Diagnostics(read, [Counting(), Counting()]).watch("1", read(MESSAGES, Declared()))
    watch.feed("ab")
    watch.feed("cde")
    diagnosis = watch.close(complete=False)
    assert [finding.explanation for finding in diagnosis.surface] == ["5 False", "5 False"]
    assert (diagnosis.id, diagnosis.instruction_language, diagnosis.complete) == ("1", "de", False)


def test_observers_see_long_replies_while_they_come() -> None:
    watch = Diagnostics(read, [Counting("feed")]).watch("1", read(MESSAGES, Declared()))
    watch.feed("x" * (BATCH - 1))
    assert not watch._findings
    watch.feed("x")
    assert [finding.verdict for finding in watch._findings] == [Verdict.ERROR]


@pytest.mark.parametrize("where", ["observe", "feed", "close"])
def test_a_broken_detector_is_a_finding_and_the_others_go_on(where: str, caplog: pytest.LogCaptureFixture) -> None:
    diagnostics = Diagnostics(read, [Counting(where), Counting()])
    watch = diagnostics.watch("1", read(MESSAGES, Declared()))
    watch.feed("a")
    watch.feed("b")
    diagnostics.diagnose("2", read(MESSAGES, Declared()), "x")
    verdicts = sorted(finding.verdict for finding in watch.close(complete=True).surface)
    assert verdicts == [Verdict.ERROR, Verdict.PASS]
    assert [record.args[:2] for record in caplog.records if record.args] == [("counting", "RuntimeError")]
    assert "test_runner.py" in caplog.text
    assert "reply text" not in caplog.text.replace('raise RuntimeError("secret reply text")', "")


@pytest.mark.parametrize(
    ("kind", "place"), [(LanguageFinding, "language"), (ModifierFinding, "modifiers"), (Finding, "surface")]
)
def test_an_error_stands_where_its_verdict_would(kind: type[Finding], place: str) -> None:
    diagnosis = Diagnostics(read, [Counting("close", kind)]).diagnose("1", read(MESSAGES, Declared()), "x")
    found = getattr(diagnosis, place)
    finding = found[0] if isinstance(found, tuple) else found
    assert finding.verdict is Verdict.ERROR


def test_a_detector_with_nothing_to_check_says_nothing() -> None:
    assert Diagnostics(read, [Counting("nothing")]).diagnose("1", read(MESSAGES, Declared()), "x").surface == ()


def test_a_reader_that_breaks_leaves_an_instruction_without_demands() -> None:
    def broken(messages: tuple[Message, ...], declared: Declared) -> Instruction:
        raise RuntimeError("secret")

    diagnostics = Diagnostics(broken, [Counting()])
    diagnosis = diagnostics.diagnose("1", diagnostics.read(MESSAGES), "x")
    assert [(finding.name, finding.verdict) for finding in diagnosis.surface] == [
        ("instruction", Verdict.ERROR),
        ("counting", Verdict.PASS),
    ]
    assert diagnosis.expected_language is None


def test_without_a_reply_only_what_was_asked_is_reported() -> None:
    diagnosis = Diagnostics(read, [Counting()]).asked("1", read(MESSAGES, Declared()))
    assert diagnosis.language is None
    assert [(each.name, each.verdict) for each in diagnosis.modifiers] == [("html", Verdict.NOT_APPLICABLE)]
    assert diagnosis.surface == ()


class Alarming(Counting):
    """Raises an alarm once it has seen so many characters."""

    def __init__(self, after: int, *, hard: bool = False) -> None:
        super().__init__()
        self._after = after
        self._hard = hard
        self.fed: list[int] = []

    def observe(self, instruction: Instruction) -> AlarmingObserver:
        return AlarmingObserver(self.fed, self._after, self._hard)


class AlarmingObserver:
    def __init__(self, fed: list[int], after: int, hard: bool) -> None:
        self._fed = fed
        self._after = after
        self._hard = hard

    @property
    def alarm(self) -> Alarm | None:
        return Alarm("en", self._after, self._hard) if sum(self._fed) >= self._after else None

    def feed(self, text: str) -> None:
        self._fed.append(len(text))

    def close(self, *, complete: bool) -> Sequence[Finding]:
        return ()


def test_an_alarm_is_seen_as_soon_as_it_is_raised_and_the_hard_before_the_soft() -> None:
    detectors = [Counting(), Alarming(3), Alarming(5, hard=True)]
    watch = Diagnostics(read, detectors).watch("1", read(MESSAGES, Declared()), early=True)
    seen = []
    for char in "abcdef":
        watch.feed(char)
        seen.append(watch.alarm)
    soft, hard = Alarm("en", 3), Alarm("en", 5, hard=True)
    assert seen == [None, None, soft, soft, hard, hard]


def test_only_who_waits_for_an_alarm_has_the_first_words_looked_at_one_by_one() -> None:
    reply = "x" * (FIRST_WORDS + 2 * BATCH)
    for early, begins in [(True, [1] * FIRST_WORDS), (False, [])]:
        detector = Alarming(1)
        watch = Diagnostics(read, [detector]).watch("1", read(MESSAGES, Declared()), early=early)
        for char in reply:
            watch.feed(char)
        watch.close(complete=True)
        assert sum(detector.fed) == len(reply)
        assert detector.fed[: len(begins)] == begins
        assert max(detector.fed[len(begins) : -1]) == min(detector.fed[len(begins) : -1]) == BATCH


def test_a_detector_that_broke_raises_no_alarm() -> None:
    class Breaking(AlarmingObserver):
        def feed(self, text: str) -> None:
            super().feed(text)
            raise RuntimeError

    class Detector(Alarming):
        def observe(self, instruction: Instruction) -> AlarmingObserver:
            return Breaking(self.fed, 1, True)

    watch = Diagnostics(read, [Detector(1)]).watch("1", read(MESSAGES, Declared()), early=True)
    watch.feed("abc")
    assert watch.alarm is None
    assert [finding.verdict for finding in watch.close(complete=True).surface] == [Verdict.ERROR]


def test_no_detector_no_alarm() -> None:
    assert Diagnostics(read, []).watch("1", read(MESSAGES, Declared()), early=True).alarm is None


class Clearing(AlarmingObserver):
    """Is clear after so many characters, and has decided something."""

    @property
    def is_clear(self) -> bool:
        return sum(self._fed) >= self._after

    @property
    def decided(self) -> list[Finding]:
        return [Finding(name="x", verdict=Verdict.PASS)] if self.is_clear else []


class ClearingDetector(Alarming):
    def observe(self, instruction: Instruction) -> AlarmingObserver:
        return Clearing(self.fed, self._after, False)


def test_a_reply_is_clear_once_all_say_so_that_can() -> None:
    watch = Diagnostics(read, [Counting(), ClearingDetector(2), ClearingDetector(3)]).watch(
        "1", read(MESSAGES, Declared()), early=True
    )
    seen = []
    for char in "abc":
        watch.feed(char)
        seen.append((watch.is_clear, len(watch.decided)))
    assert seen == [(False, 0), (False, 1), (True, 2)]
    assert Diagnostics(read, [Counting()]).watch("1", read(MESSAGES, Declared())).is_clear
