"""Recorded replies of other models, through ``POST /v1/diagnose``, held against what is known of them."""

from __future__ import annotations

import gzip
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import msgspec
from rich.table import Table

from diagnostics.core import Diagnosis, Verdict
from diagnostics.modifiers import MODIFIERS
from diagnostics.reading.rules import RULES

from ..errors import SetupError

BATCH = 100
PER_GROUP = 6


class Recorded(msgspec.Struct, frozen=True):
    """A line of a recording. ``instruction_id_list``, ``strict`` and ``loose`` are IFEval's: the official verdicts on
    each id; the loose one forgives what stands around the answer, as an unwrapped pass of ours does."""

    response: str | None = None
    prompt: str | None = None
    model: str = "unnamed"
    expected_language: str | None = None
    language: str | None = None
    instruction_id_list: tuple[str, ...] = ()
    strict: tuple[bool, ...] = ()
    loose: tuple[bool, ...] = ()

    @property
    def official(self) -> dict[str, tuple[bool, bool]]:
        """Strict and loose verdict by IFEval id, without the language that some recordings put before it."""
        verdicts = zip(self.instruction_id_list, self.strict, self.loose, strict=False)
        return {_ifeval(id): (strict, loose) for id, strict, loose in verdicts}

    def exchange(self) -> dict[str, object]:
        """The body for ``POST /v1/diagnose``."""
        known = {"expected_language": self.expected_language} if self.expected_language else {}
        return {"prompt": self.prompt or "", "response": self.response, **known}


def read(path: Path) -> list[Recorded]:
    """The replies of a file, plain or gzip; lines without one are left out.

    Raises:
        SetupError: the file is not what it should be.
    """
    decoder = msgspec.json.Decoder(Recorded)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            recorded = [decoder.decode(line) for line in lines if line.strip()]
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise SetupError(f"{path}: {error}") from None
    return [reply for reply in recorded if reply.response]


def choose(recorded: Sequence[Recorded], seed: int = 1) -> list[Recorded]:
    """``PER_GROUP`` replies of each model and language, so that right and wrong ones are among them.

    Of replies with official verdicts those are taken that have one on a modifier that Dragoman knows.
    """
    groups: dict[tuple[str, str | None], list[Recorded]] = defaultdict(list)
    read = {entry.modifier for entry in RULES}
    known = {modifier.ifeval for modifier in MODIFIERS if modifier.name() in read}
    draw = random.Random(seed)
    for reply in draw.sample(recorded, len(recorded)):
        if reply.instruction_id_list and known.isdisjoint(reply.official):
            continue
        group = groups[reply.model, reply.expected_language or reply.language]
        if len(group) < PER_GROUP:
            group.append(reply)
    return [reply for group in groups.values() for reply in group]


async def judge(client: httpx.AsyncClient, recorded: Sequence[Recorded]) -> list[Diagnosis]:
    """Have them diagnosed, ``BATCH`` at a time."""
    diagnoses: list[Diagnosis] = []
    for start in range(0, len(recorded), BATCH):
        body = [reply.exchange() for reply in recorded[start : start + BATCH]]
        response = await client.post("/v1/diagnose", json=body, timeout=120)
        response.raise_for_status()
        diagnoses += msgspec.json.decode(response.content, type=list[Diagnosis])
    return diagnoses


def agreements(recorded: Sequence[Recorded], diagnoses: Sequence[Diagnosis]) -> Iterator[tuple[str, bool, bool]]:
    """For each official verdict on a modifier that the gateway found too: its name, whether ours and whether the
    official one is a pass: the loose one where ours is unwrapped, else the strict one."""
    for reply, diagnosis in zip(recorded, diagnoses, strict=True):
        for modifier in diagnosis.modifiers:
            if modifier.ifeval in reply.official:
                strict, loose = reply.official[modifier.ifeval]
                official = loose if modifier.form == "unwrapped" else strict
                yield modifier.name, modifier.verdict is Verdict.PASS, official


def _ifeval(id: str) -> str:
    return ":".join(id.split(":")[-2:])


def table(recorded: Sequence[Recorded], diagnoses: Sequence[Diagnosis]) -> Table:
    """Language verdicts by model, and the language that wrong replies are in."""
    verdicts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    instead: dict[str, Counter[str]] = defaultdict(Counter)
    for reply, diagnosis in zip(recorded, diagnoses, strict=True):
        finding = diagnosis.language
        if finding is not None:
            verdicts[reply.model][finding.verdict] += 1
            if finding.verdict is Verdict.FAIL:
                instead[reply.model][finding.detected or "unclear"] += 1
    shown = (Verdict.PASS, Verdict.FAIL, Verdict.ABSTAIN)
    result = Table("model", title="Recorded replies of other models: in the wanted language?", title_justify="left")
    for verdict in shown:
        result.add_column(verdict.value, justify="right")
    result.add_column("instead in", style="dim")
    for model, counts in sorted(verdicts.items()):
        wrong = ", ".join(f"{tag} {count}" for tag, count in instead[model].most_common(3))
        result.add_row(model, *(str(counts[verdict]) for verdict in shown), wrong)
    return result
