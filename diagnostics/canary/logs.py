"""Evidence from two logs of replies that were made before: paired by prompt or id where they can be.

Pairs are compared with each other. Other logs are compared language by language with the shares of replies that there
are in place of a weight (``unpaired`` says why): evidence that holds for logs that are complete, looked at once.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from ..core import Diagnosis
from ..jsonl import Exchange, diagnose
from ..runner import Diagnostics
from .evidence import PASS, Arm, Count, Evidence, PairCount, Phase
from .outcomes import outcomes
from .policy import Policy

UNKNOWN = "none"
"""In place of the language of an instruction that has none, a number say."""

PAIRED = 0.5
"""Share of the shorter log's replies that must have a partner, for logs to be called paired."""


class Reply(NamedTuple):
    """What counts of one reply: ``prompt`` is a digest of what was asked, None in a log of diagnoses; ``asked`` are the
    languages that the prompt is in and wants."""

    id: str | None
    prompt: bytes | None
    asked: tuple[str, str]
    outcomes: dict[str, str]

    @property
    def language(self) -> str:
        """That of the instruction."""
        return self.asked[0]


class Pair(NamedTuple):
    """Two replies to the same prompt."""

    stable: Reply
    canary: Reply


def reply(diagnostics: Diagnostics, line: Exchange | Diagnosis) -> Reply:
    """Judge one exchange, or take a diagnosis as it is.

    Raises:
        DeclarationError: what the exchange declares is wrong; says where.
    """
    if isinstance(line, Diagnosis):
        missing = line.language is None and line.expected_language is not None
        return _reply(line.id, None, line, "error" if missing else PASS)
    found = diagnose(diagnostics, line, "")
    came = "error" if line.response is None else PASS if line.response.strip() else "empty"
    return _reply(None if line.id is None else str(line.id), _digest(line), found, came)


def _reply(id: str | None, prompt: bytes | None, diagnosis: Diagnosis, came: str) -> Reply:
    expected = diagnosis.expected_language
    asked = (diagnosis.instruction_language or UNKNOWN, expected.tag if expected else UNKNOWN)
    return Reply(id, prompt, asked, outcomes(diagnosis, came))


def _digest(exchange: Exchange) -> bytes:
    asked = (exchange.messages, exchange.prompt, exchange.expected_language, exchange.modifiers)
    return hashlib.blake2b(msgspec.msgpack.encode(asked), digest_size=16).digest()


def pair(stable: Sequence[Reply], canary: Sequence[Reply]) -> list[Pair]:
    """Replies to the same prompt, in the canary's order; none where they cannot be told.

    By prompt where both logs have it, the k-th reply to one with the other's k-th; else by id, if the diagnoses of all
    that have the same one agree on what was asked: ids may be numbers of lines that have nothing to do with each other.
    """
    by_prompt = all(each.prompt is not None for each in (*stable, *canary))
    first = dict(_numbered(stable, by_prompt))
    pairs = [Pair(first[key], each) for key, each in _numbered(canary, by_prompt) if key in first]
    agreed = by_prompt or all(one.asked == other.asked for one, other in pairs)
    return pairs if agreed and len(pairs) >= PAIRED * min(len(stable), len(canary)) else []


def _numbered(replies: Iterable[Reply], by_prompt: bool) -> Iterator[tuple[tuple[bytes | str, int], Reply]]:
    seen: Counter[bytes | str] = Counter()
    for each in replies:
        key = each.prompt if by_prompt else each.id
        if key is not None:
            yield (key, seen[key]), each
            seen[key] += 1


def paired_evidence(pairs: Iterable[Pair]) -> Evidence:
    """Pairs counted, of checks that both diagnoses made."""
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for stable, canary in pairs:
        for check in stable.outcomes.keys() & canary.outcomes.keys():
            counted[stable.language, check, stable.outcomes[check], canary.outcomes[check]] += 1
    return Evidence(pairs=tuple(PairCount(*key, pairs) for key, pairs in sorted(counted.items())))


class Unpaired:
    """Two logs whose prompts differ. The canary's share of the replies in each language and check stands for a weight;
    it stays that of all replies when evidence of the first of them is asked for."""

    def __init__(self, stable: Sequence[Reply], canary: Sequence[Reply]) -> None:
        self._logs = {Arm.STABLE: stable, Arm.CANARY: canary}
        totals = {arm: Counter(place for each in log for place in _places(each)) for arm, log in self._logs.items()}
        self._phases = {
            place: (at, totals[Arm.CANARY][place] / (totals[Arm.STABLE][place] + totals[Arm.CANARY][place]))
            for at, place in enumerate(sorted(totals[Arm.STABLE] | totals[Arm.CANARY]))
        }

    def evidence(self, share: float = 1.0) -> Evidence:
        """Of the first replies in each log, so great a share of them."""
        counted: Counter[tuple[int, Arm, str, str, str]] = Counter()
        for arm, log in self._logs.items():
            for each in log[: round(share * len(log))]:
                for check, outcome in each.outcomes.items():
                    counted[self._phases[each.language, check][0], arm, each.language, check, outcome] += 1
        phases = tuple(Phase(weight) for _, weight in self._phases.values())
        return Evidence(phases=phases, counts=tuple(Count(*key, requests) for key, requests in sorted(counted.items())))


def _places(reply: Reply) -> Iterator[tuple[str, str]]:
    return ((reply.language, check) for check in reply.outcomes)


def policy(replies: Iterable[Reply]) -> Policy:
    """The default policy, providing for the languages and checks of these prompts and no more."""
    checks: defaultdict[str, set[str]] = defaultdict(set)
    for each in replies:
        for check in each.outcomes:
            checks[check].add(each.language)
    default = Policy()
    others = len(checks.keys() - default.rules.keys())
    languages = max(map(len, checks.values()), default=1)
    return msgspec.structs.replace(default, languages=languages, others=others)
