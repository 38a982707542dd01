"""The words of the library: what goes in, what comes out, and the two protocols between.

Everything here is a frozen value or a protocol. Text goes in as ``Message``; an ``Instruction`` says what the
messages ask for; a ``Detector`` looks at one reply through an ``Observer`` and answers with ``Finding``s; a
``Diagnosis`` is all findings on one reply and is, field by field, the JSON that callers see.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec
from msgspec import UNSET, UnsetType

VERSION = "0.1.0"
"""Version of the detectors, in every diagnosis: findings of different versions are not comparable."""

Span = tuple[int, int]
"""Half-open range of characters (code points) in a message or a reply."""


class Verdict(StrEnum):
    """What a check says. Doubt is never folded into pass or fail."""

    PASS = "pass"
    FAIL = "fail"
    ABSTAIN = "abstain"  # looked, not enough evidence
    NOT_APPLICABLE = "not_applicable"  # means nothing here, e.g. upper case in Japanese
    ERROR = "error"  # the check itself broke


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation: ``role`` is system, user, assistant or tool; ``content`` its plain text."""

    role: str
    content: str


class Origin(StrEnum):
    """Where a demand comes from, strongest first."""

    DECLARED = "declared"  # a field of the request
    REQUESTED = "requested"  # read from the messages
    INSTRUCTION = "instruction"  # the language the instruction is written in


class ExpectedLanguage(msgspec.Struct, frozen=True):
    """The language the reply should be in.

    ``tag`` is BCP 47. ``message`` is the index of the message it was read from and ``span`` the characters in
    it; both are absent when the language was declared.
    """

    tag: str
    origin: Origin
    span: Span | None = None
    message: int | None = None


class RequestedModifier(msgspec.Struct, frozen=True):
    """One demand on the form of the reply: ``name`` is a registered modifier, ``arguments`` are its fields.

    ``overruled`` says why it does not hold, where a newer or a declared demand contradicts it.
    """

    name: str
    arguments: dict[str, object] = {}
    origin: Origin = Origin.REQUESTED
    span: Span | None = None
    message: int | None = None
    confidence: float = 1.0
    overruled: str | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One check's verdict on one reply, with an explanation that a person understands."""

    name: str
    verdict: Verdict
    explanation: str = ""


class Instruction(msgspec.Struct, frozen=True):
    """What the messages ask for, worked out once per inference.

    ``language`` is the BCP 47 tag of the newest user message, or None when it cannot be told.
    ``errors`` are findings with verdict error, when the reading itself broke.
    """

    messages: tuple[Message, ...]
    language: str | None = None
    expected_language: ExpectedLanguage | None = None
    modifiers: tuple[RequestedModifier, ...] = ()
    errors: tuple[Finding, ...] = ()


class Lines(msgspec.Struct, frozen=True, rename={"passed": "pass", "failed": "fail", "abstained": "abstain"}):
    """How many lines of the reply got which verdict; lines with nothing to judge are not counted."""

    passed: int = 0
    failed: int = 0
    abstained: int = 0


class ForeignRun(msgspec.Struct, frozen=True):
    """Consecutive words of another language inside a reply: its tag (``und`` where that is open), the characters of the
    reply, and how many words they are (of a script without spaces: how many characters)."""

    language: str
    span: Span
    words: int


class Alarm(msgspec.Struct, frozen=True):
    """A reply looks wrong while it still streams: ``language`` is what it is in instead, ``characters`` how much of the
    reply it took. Soft: evidence, good enough to try again; hard: beyond reasonable doubt."""

    language: str
    characters: int
    hard: bool = False


class LanguageFinding(Finding, frozen=True, kw_only=True):
    """Is the reply in the expected language?

    ``score`` is the study's human scale (2 right language, 1 right with code-switching, 0 wrong), None when the
    verdict is neither pass nor fail. ``detected`` is the tag of the language that most of the reply is in.
    ``confidence`` is in [0, 1]. ``shares`` maps a tag to its share of the judged letters, summing to 1.
    ``foreign_words`` are runs of three words or more in another language, the first fifty of them. ``soft_mismatch``
    and ``hard_mismatch`` are the characters of the reply after which it was first called wrong while it streamed, None
    where it never was; the verdict on the whole may differ, after an English first line say.
    """

    name: str = "language"
    score: int | None = None
    detected: str | None = None
    confidence: float | None = None
    shares: dict[str, float] = {}
    lines: Lines | None = None
    foreign_words: tuple[ForeignRun, ...] = ()
    soft_mismatch: int | None = None
    hard_mismatch: int | None = None


class LeadInFinding(Finding, frozen=True, kw_only=True):
    """The reply opens with a line in another language, and then answers in the right one: "Here is the summary in
    Turkish:". A flaw of its own, and no wrong answer. ``span`` is the line's characters in the reply."""

    name: str = "lead_in"
    language: str
    span: Span


class SurfaceFinding(Finding, frozen=True, kw_only=True):
    """The surface of the reply is flawed: a loop, broken characters, a marker of the prompt's format, a refusal in the
    wrong language. ``span`` is the characters of the reply that show it, None where there are none to show;
    ``language`` the tag of the language that they are in, where that is the flaw."""

    language: str | None = None
    span: Span | None = None


class ModifierFinding(Finding, frozen=True, kw_only=True):
    """Did the reply do what one modifier asked?

    ``ifeval`` is the IFEval instruction id where there is one; the argument names are then IFEval's. ``form`` is
    "bare" when the reply passes as it stands and "unwrapped" when a fence, a lead-in line or quotes had to be
    peeled off first (IFEval's strict and loose). ``score`` is in [0, 1].
    """

    ifeval: str | None = None
    arguments: dict[str, object] = {}
    origin: Origin = Origin.REQUESTED
    span: Span | None = None
    message: int | None = None
    form: str | None = None
    score: float | None = None
    confidence: float = 1.0


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway did about a reply that began wrong; nobody else sets it.

    ``check`` is what failed: "language" or a modifier's name; ``explanation`` says how, and ``characters`` after how
    many. ``action`` is what the policy asks for (retry, fallback, reject), ``outcome`` what came of it: "repaired", the
    check passes now; "not_repaired", it does not, or that is in doubt; "failed", no second reply came; "budget", it was
    not tried, since too many were; "impossible", it cannot be tried with such a request; "rejected". ``checkpoint`` is
    the one whose reply the diagnosis is of. ``seconds`` is by how much the caller waited longer for the first words.
    """

    check: str
    explanation: str
    characters: int
    action: str
    outcome: str
    checkpoint: str
    seconds: float


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """All findings on one reply: the object that is ``diagnostics`` in the API and a line of ``dragoman diagnose``.

    ``surface`` holds flaws only: what is not in it was looked for and not found, or could not be told of a reply that
    was cut short.
    """

    id: str
    instruction_language: str | None = None
    expected_language: ExpectedLanguage | None = None
    language: LanguageFinding | None = None
    modifiers: tuple[ModifierFinding, ...] = ()
    surface: tuple[Finding, ...] = ()
    complete: bool = True
    version: str = VERSION
    repair: Repair | UnsetType = UNSET


class Observer(Protocol):
    """One detector watching one reply: a fold over the text, however it is cut into chunks.

    One that can tell early has properties: ``alarm``, the strongest ``Alarm`` raised so far or None; ``is_clear``,
    whether the reply has begun well and none is to be expected; ``decided``, the findings whose verdicts will stay.
    """

    def feed(self, text: str) -> None:
        """Take the next piece of the reply."""

    def close(self, *, complete: bool) -> Sequence[Finding]:
        """Say what was found. ``complete`` is False when the reply was cut short."""


class Detector(Protocol):
    """One kind of check. Holds no state of any reply, so one detector serves all.

    ``finding`` is the kind of finding it makes: what it is turned into when it breaks.
    """

    name: str
    finding: type[Finding]

    def observe(self, instruction: Instruction) -> Observer | None:
        """Start watching a reply to ``instruction``; None when there is nothing to check."""
