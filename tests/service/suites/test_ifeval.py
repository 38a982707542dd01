"""Prompts with IFEval's instruction ids, as the editions write them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.modifiers.data import RESPONSES
from bench.modifiers.data import read as read_responses
from bench.modifiers.verdicts import Response
from diagnostics.core import Message, Verdict
from diagnostics.modifiers import BY_NAME
from diagnostics.modifiers.declaration import DeclaredModifier, declared_together
from service.suites import open_suite
from service.suites.base import Refused, Row
from service.suites.ifeval import NAMES, SEVERAL


def given(*demands: tuple[str, dict[str, Any]], **fields: Any) -> dict[str, Any]:
    ids, kwargs = [id for id, _ in demands], [arguments for _, arguments in demands]
    return {"key": 1, "prompt": "Tea?", "instruction_id_list": ids, "kwargs": kwargs, **fields}


def read(tmp_path: Path, *lines: dict[str, Any] | str) -> list[Row | Refused]:
    file = tmp_path / "input_data.jsonl"
    texts = (each if isinstance(each, str) else json.dumps(each) for each in lines)
    file.write_text("\n".join(texts), encoding="utf-8")
    return list(open_suite(f"ifeval:{file}"))


def only(tmp_path: Path, line: dict[str, Any]) -> Row:
    (row,) = read(tmp_path, line)
    assert isinstance(row, Row)
    return row


def test_ids_become_modifiers_and_the_language_is_expected(tmp_path: Path) -> None:
    line = given(
        ("length_constraints:number_words", {"relation": "less than", "num_words": 50}),
        ("language:response_language", {"language": "zh-cn"}),
        key=12,
    )
    assert only(tmp_path, line) == Row(
        id="12",
        messages=(Message("user", "Tea?"),),
        expected_language="zh-CN",
        modifiers=(DeclaredModifier("words", {"relation": "less than", "num_words": 50}),),
        type="length_constraints:number_words",
    )


def test_a_row_is_called_by_its_id_or_by_several(tmp_path: Path) -> None:
    language = ("language:response_language", {"language": "de"})
    comma, digits = ("punctuation:no_comma", {}), ("fr:detectable_content:no_digits", {})
    types = [only(tmp_path, given(*demands)).type for demands in ([language], [language, comma], [comma, digits], [])]
    assert types == ["language:response_language", "punctuation:no_comma", SEVERAL, ""]


@pytest.mark.parametrize(
    ("id", "kwargs", "language", "modifier"),
    [
        (
            "fr:keywords:frequency",
            {"keyword": "thé", "frequency": 2, "relation": "moins de"},
            "fr",
            DeclaredModifier("keyword", {"keyword": "thé", "frequency": 2, "relation": "less than"}),
        ),
        ("fr:change_case:french_capital", {}, "fr", DeclaredModifier("uppercase")),
        ("es:change_case:spanish_lowercase", {}, "es", DeclaredModifier("lowercase")),
        (
            "es:special_character:tildes",
            {"num_words": 3, "relation": "como máximo"},
            "es",
            DeclaredModifier("tildes", {"num_words": 3, "relation": "at most"}),
        ),
        (
            "ja:length_constraints:number_letters",
            {"num_characters": 200, "relation": "以上"},
            "ja",
            DeclaredModifier("characters", {"num_characters": 200, "relation": "at least"}),
        ),
        (
            "ja:detectable_format:number_numbered_lists",
            {"num_items": 3},
            "ja",
            DeclaredModifier("numbered", {"num_items": 3}),
        ),
        ("fr:detectable_format:title", {}, "fr", DeclaredModifier("title", {"opening": "##", "closing": "##"})),
        (
            "fr:detectable_format:constrained_response",
            {},
            "fr",
            DeclaredModifier("options", {"options": ["Oui.", "Non.", "Peut-être."]}),
        ),
        ("en:detectable_format:title", {}, "en", DeclaredModifier("title")),
    ],
)
def test_editions_in_other_languages(
    tmp_path: Path, id: str, kwargs: dict[str, Any], language: str, modifier: DeclaredModifier
) -> None:
    row = only(tmp_path, given((id, kwargs)))
    assert (row.language, row.modifiers) == (language, (modifier,))


def test_arguments_that_are_null_or_whole_numbers_written_as_fractions(tmp_path: Path) -> None:
    line = given(
        ("length_constraints:number_words", {"num_words": 300.0, "relation": "at least", "num_bullets": None}),
        ("punctuation:no_comma", {"num_words": None}),
    )
    words, comma = only(tmp_path, line).modifiers
    assert words == DeclaredModifier("words", {"num_words": 300, "relation": "at least"})
    assert comma == DeclaredModifier("comma")


def test_an_id_that_is_not_known_is_said_once_and_its_rows_are_kept(tmp_path: Path) -> None:
    line = given(("count:pronouns", {"N": 3}), ("punctuation:no_comma", {}))
    refused, first, second = read(tmp_path, line, line)
    assert refused == Refused(
        "input_data.jsonl, line 1",
        "the instruction id count:pronouns is not known; this row, and all others that have it, are run without it",
        left_out=False,
    )
    assert [each.modifiers for each in (first, second) if isinstance(each, Row)] == [(DeclaredModifier("comma"),)] * 2


@pytest.mark.parametrize(
    ("demands", "reason"),
    [
        ([("keywords:existence", {})], "keywords:existence: arguments.keywords: is missing"),
        ([("keywords:existence", {"keywords": ["tea"], "N": 2})], "arguments.N: there is no such argument"),
        ([("length_constraints:number_words", {"num_words": "many"})], "arguments.num_words: expected a whole number"),
        ([("language:response_language", {"language": "English"})], "language:response_language: "),
        ([("language:response_language", {})], "language:response_language: "),
        (
            [("change_case:english_capital", {}), ("change_case:english_lowercase", {})],
            "change_case:english_lowercase: it: contradicts",
        ),
    ],
)
def test_a_demand_that_cannot_be_is_left_out_alone(tmp_path: Path, demands: Any, reason: str) -> None:
    refused, row = read(tmp_path, given(*demands))
    assert isinstance(refused, Refused)
    assert reason in refused.reason
    assert not refused.left_out
    assert isinstance(row, Row)
    assert len(row.modifiers) == len(demands) - 1


def test_lines_that_are_no_rows(tmp_path: Path) -> None:
    lines = ["{broken", '{"key": 1}', given(("punctuation:no_comma", {})) | {"kwargs": []}, given() | {"prompt": 3}]
    *refused, row = read(tmp_path, *lines, "", given(key="last", response="Tea."))
    assert [each.place for each in refused if isinstance(each, Refused) and each.left_out] == [
        f"input_data.jsonl, line {number}" for number in (1, 2, 3, 4)
    ]
    assert isinstance(row, Row)
    assert (row.id, row.response) == ("last", "Tea.")


def test_every_id_stands_for_a_modifier() -> None:
    assert set(NAMES.values()) <= BY_NAME.keys()


def test_recorded_replies_are_judged_as_officially(shared_data: Path) -> None:
    """As often as ``bench.modifiers`` says that ours agree with the published verdicts, strict and loose."""
    file = shared_data / f"{RESPONSES}.jsonl.gz"
    suite = [each for each in open_suite(f"ifeval:{file}") if isinstance(each, Row)]
    counts: Counter[tuple[str, bool]] = Counter()
    for row, labelled in zip(suite, read_responses(file, Response), strict=True):
        places = [at for at, (id, _) in enumerate(labelled.labels) if id in NAMES]
        demands = declared_together((each.name, each.arguments) for each in row.modifiers)
        for at, demand in zip(places, demands, strict=True):
            modifier = msgspec.convert(demand.arguments, BY_NAME[demand.name])
            reply = row.response or ""
            outcome = modifier.check(reply, True)
            if outcome.verdict not in (Verdict.PASS, Verdict.FAIL):
                continue
            passed = outcome.verdict is Verdict.PASS
            if demand.name == "json" and outcome.form == "unwrapped":  # a fence is no wrapping there
                outcome = modifier.check(re.sub(r"\A\s*```\w*|```\s*\Z", "", reply), True)
            counts["strict", (passed and outcome.form == "bare") == labelled.strict[at]] += 1
            counts["loose", passed == labelled.loose[at]] += 1
    agreement = {kind: counts[kind, True] / (counts[kind, True] + counts[kind, False]) for kind in ("strict", "loose")}
    assert agreement["strict"] >= 0.977
    assert agreement["loose"] >= 0.952
