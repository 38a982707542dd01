from __future__ import annotations

from io import BytesIO, StringIO

import msgspec
from rich.console import Console

from diagnostics import jsonl
from diagnostics.core import Diagnosis, Finding, LanguageFinding, ModifierFinding, Verdict
from service.commands.differences import Difference, Differences

PASS, FAIL = Verdict.PASS, Verdict.FAIL


def diagnosis(id: str, language: Verdict, *bullets: Verdict, version: str = "2", surface: bool = False) -> Diagnosis:
    return Diagnosis(
        id=id,
        language=LanguageFinding(verdict=language),
        modifiers=tuple(ModifierFinding(name="bullets", verdict=each) for each in bullets),
        surface=(Finding(name="repetition", verdict=FAIL),) if surface else (),
        version=version,
    )


def old(*diagnoses: Diagnosis) -> list[bytes]:
    return [jsonl.write(each) for each in diagnoses]


def shown(differences: Differences) -> str:
    console = Console(file=StringIO(), width=110)
    differences.show(console)
    return console.file.getvalue()


def test_every_change_is_listed_with_both_versions() -> None:
    target = BytesIO()
    lines = old(diagnosis("a", FAIL, PASS, PASS, version="1"), diagnosis("b", PASS, version="1", surface=True))
    differences = Differences([*lines, b"\n"], target)
    differences.add(diagnosis("a", PASS, PASS, FAIL))
    differences.add(diagnosis("b", PASS))
    listed = [msgspec.json.decode(line, type=Difference) for line in target.getvalue().splitlines()]
    assert listed == [
        Difference("a", "bullets 2", "pass", "fail", "1", "2"),
        Difference("a", "language", "fail", "pass", "1", "2"),
        Difference("b", "repetition", "fail", "absent", "1", "2"),
    ]
    table = shown(differences)
    assert "language" in table
    assert "fail → pass 1" in table


def test_an_exchange_brings_its_diagnosis() -> None:
    exchange = {"prompt": "x", "response": "y", "diagnosis": diagnosis("a", FAIL)}
    without = b'{"prompt": "x"}', b'{"prompt": "x", "diagnosis": null}'
    differences = Differences([msgspec.json.encode(exchange), *without])
    differences.add(diagnosis("a", PASS))
    assert "fail → pass 1" in shown(differences)


def test_the_second_with_an_id_is_compared_with_the_second() -> None:
    differences = Differences(old(diagnosis("a", FAIL), diagnosis("a", PASS)))
    differences.add(diagnosis("a", FAIL))
    differences.add(diagnosis("a", PASS))
    assert "→" not in shown(differences)


def test_what_has_no_partner_is_counted_and_what_cannot_be_read_is_named() -> None:
    differences = Differences([*old(diagnosis("a", PASS)), b"no json", b'{"diagnosis": 3}', b"[" * 100_000])
    differences.add(diagnosis("b", PASS))
    text = shown(differences)
    assert "1 without an older diagnosis, 1 older ones without a new one." in text
    assert "3 older lines could not be read" in text


def test_few_examples_are_shown_and_all_are_counted() -> None:
    ids = [f"id-{number}" for number in range(10)]
    differences = Differences(old(*(diagnosis(id, FAIL) for id in ids)))
    for id in ids:
        differences.add(diagnosis(id, PASS))
    text = shown(differences)
    assert "fail → pass 10" in text
    assert "id-2" in text
    assert "id-3" not in text
