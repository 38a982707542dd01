"""What a store keeps, and the one protocol that SQLite and PostgreSQL both speak.

A store is synchronous and is called from threads of its own: one that writes (``writer``), others that read. However
long a disk or a server takes, the event loop does not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol

import msgspec

from diagnostics.core import Diagnosis, Message

Role = Literal["primary", "fallback", "repair", "shadow"]


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding without the words of anybody: ``form`` and ``score`` are a modifier's or the language's."""

    name: str
    verdict: str
    score: float | None = None
    form: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt at an inference: a row of ``records``. There is no text of a caller or a model in it.

    ``time`` is that of the request in seconds since 1970; ``duration`` and ``first_token`` are in seconds from it.
    ``checkpoint`` is the one that was asked, ``assigned`` the one that ``arm`` stands for, drawn with ``probability``
    in weight phase ``phase`` of canary ``run`` (None: no run). ``conversation`` is a digest of what ties turns
    together, where arms are sticky. ``pair`` is the id of the inference that a shadow was made beside. ``outcome``,
    ``final`` and ``role`` are those of ``service.record.Record``; ``client`` is the name of an API key. ``language`` is
    that of the instruction. ``found`` holds every finding, the language's first; ``detected`` is what the reply is in.
    ``judged`` says why a judge was asked or was not, None where there is none.
    """

    id: str
    attempt: int
    time: float
    model: str
    checkpoint: str
    arm: str
    assigned: str
    run: str | None = None
    phase: int = 0
    probability: float = 1.0
    conversation: str | None = None
    role: str = "primary"
    pair: str | None = None
    final: bool = True
    outcome: str
    client: str | None = None
    api: str | None = None
    streamed: bool = False
    language: str | None = None
    expected_language: str | None = None
    expected_origin: str | None = None
    detected: str | None = None
    language_verdict: str | None = None
    found: tuple[Found, ...] = ()
    complete: bool = False
    version: str
    repair: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    characters: int | None = None
    duration: float
    first_token: float | None = None
    diagnosing: float = 0.0
    finish_reason: str | None = None
    judged: str | None = None


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """The text of one attempt, kept apart, compressed, for a shorter time, and only where the settings say so. As JSON
    it is a line that ``dragoman diagnose`` reads."""

    id: str
    attempt: int
    messages: tuple[Message, ...]
    response: str | None
    finish_reason: str | None = None
    expected_language: str | None = None
    modifiers: tuple[msgspec.Raw, ...] | None = None
    diagnosis: Diagnosis | None = None


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """To be added to a counter of a canary's run, in the transaction of the record that it is of.

    ``cohort`` is the second in which the request was admitted, 0 once it is so long ago that all of its time have ended
    (``Store.close_cohorts``).
    """

    model: str
    run: str
    phase: int
    arm: str
    language: str
    check: str
    outcome: str
    cohort: int = 0
    requests: int = 1


class Kept(msgspec.Struct, frozen=True):
    """What is kept of one attempt: its entry, its text where the settings say so, and what it adds to counters.

    ``counts`` are added once only, however often the attempt is written; and where the entry has a ``conversation``,
    for the first of that conversation in that run only.
    """

    entry: Entry
    body: Body | None = None
    counts: tuple[Count, ...] = ()


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of an inference.

    ``key`` makes it idempotent: a second one with the same key changes nothing. ``kind`` is boolean, rating, comment,
    demonstration or criteria. ``value`` is a boolean's (0 or 1) or a rating's number, ``text`` a comment's or a
    demonstration's, ``criteria`` the study's six at 0 to 2. ``author`` tells annotators apart.
    """

    key: str
    id: str
    time: float
    kind: str
    value: float | None = None
    text: str | None = None
    criteria: dict[str, int] | None = None
    author: str | None = None
    client: str | None = None


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a judge says of one attempt. ``status`` is "scored", or "error" with the reason in ``reason``; ``criteria``
    are the study's six at 0 to 2."""

    id: str
    attempt: int
    time: float
    judge: str
    status: str
    reason: str | None = None
    criteria: dict[str, int] | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Consistency(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the replies to one instruction in two languages agree: ``id`` is the inference's, ``language`` its
    instruction's, ``pivot`` the other. ``verdict`` is pass, fail, abstain or error; ``reasons`` names what differed
    (numbers, dates, names, judge)."""

    id: str
    time: float
    model: str
    checkpoint: str
    arm: str
    language: str
    pivot: str
    verdict: str
    reasons: tuple[str, ...] = ()


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """A decision or a change of a canary, with the evidence of its moment as JSON; ``actor`` is an API key's name or
    "policy"."""

    time: float
    model: str
    run: str
    action: str
    actor: str
    weight: float | None = None
    detail: msgspec.Raw = msgspec.Raw(b"null")


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which attempts; None is any. ``since`` and ``until`` are seconds since 1970, ``until`` exclusive: of the moment
    that is in an inference's id, to the millisecond. ``failed`` is
    the name of a check that failed ("language", a modifier, a surface signal). ``before`` is an id: only older ones, to
    go on where a page ended."""

    id: str | None = None
    since: float | None = None
    until: float | None = None
    model: str | None = None
    checkpoint: str | None = None
    arm: str | None = None
    language: str | None = None
    expected_language: str | None = None
    language_verdict: str | None = None
    failed: str | None = None
    role: str | None = None
    run: str | None = None
    with_text: bool = False
    before: str | None = None


class Store(Protocol):
    """Every method raises ``StoreError`` when the disk or the server does not do what it should."""

    def write(self, batch: Sequence[Kept]) -> None:
        """Write all of it in one transaction. Writing an attempt a second time changes nothing."""

    def attempts(self, id: str) -> Sequence[Entry]:
        """The attempts at one inference, in order; empty when there is none."""

    def body(self, id: str, attempt: int) -> Body | None:
        """The text of one attempt, where it is kept."""

    def entries(self, query: Query, *, limit: int | None = None, oldest_first: bool = False) -> Iterator[Entry]:
        """Attempts in the order of their ids, a page at a time from the database."""

    def bodies(self, ids: Iterable[tuple[str, int]]) -> Iterator[Body]:
        """The texts that there are of these attempts."""

    def counts(self, model: str, run: str) -> Sequence[Count]:
        """The counters of one run, of closed cohorts alone."""

    def close_cohorts(self, model: str, run: str, before: int) -> None:
        """Add the counters of the cohorts before this second to those of cohort 0, in one transaction."""

    def add_feedback(self, feedback: Feedback) -> bool:
        """False when there is one with that key already, which stays as it is.

        Raises:
            UnknownInference: there is no inference of that id.
        """

    def feedback(self, query: Query, kind: str | None = None) -> Iterator[tuple[Entry, Feedback]]:
        """Feedback on inferences, with the final attempt that it is about, oldest inference first."""

    def add_judgements(self, judgements: Sequence[Judgement]) -> None:
        """Keep what a judge said; a second time changes nothing."""

    def judgements(self, query: Query) -> Iterator[tuple[Entry, Judgement]]:
        """Judgements with the attempt that they are of, oldest inference first."""

    def add_consistency(self, found: Consistency) -> None:
        """Keep one comparison."""

    def consistency(self, query: Query) -> Iterator[Consistency]:
        """Comparisons of the replies that the query finds, oldest inference first."""

    def add_audit(self, audit: Audit) -> None:
        """Keep a decision or a change."""

    def audits(self, model: str, run: str | None = None, *, limit: int = 100) -> Sequence[Audit]:
        """The newest decisions and changes, newest first."""

    def put_state(self, name: str, state: bytes, *, expected: bytes | None) -> bool:
        """Keep a small value under a name: a canary's run, say. False, and nothing changes, when the one before is not
        as ``expected`` (None: there was none): somebody else has changed it meanwhile."""

    def state(self, name: str) -> bytes | None:
        """The value under a name."""

    def expire(self, *, records_before: float, bodies_before: float) -> int:
        """Forget the inferences that are older than these times, and all that is about them, in small steps; the number
        of rows that went. Where days are dropped as a whole, one goes when all of it is older."""

    def close(self) -> None:
        """Let go of connections. May be called twice."""
