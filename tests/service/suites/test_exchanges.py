"""Lines of ``dragoman diagnose`` as a suite."""

from __future__ import annotations

import json
from pathlib import Path

from diagnostics.core import Message
from diagnostics.modifiers.declaration import DeclaredModifier
from service.suites import open_suite
from service.suites.base import Refused, Row

LINES = [
    json.dumps({"id": 7, "prompt": "Nenne drei Flüsse.", "expected_language": "DE_de"}),
    "",
    json.dumps(
        {
            "messages": [{"role": "system", "content": "Sei höflich."}, {"role": "user", "content": "Wie geht es?"}],
            "response": "Gut.",
            "finish_reason": "length",
            "modifiers": [{"name": "words", "arguments": {"num_words": 3}}],
        }
    ),
    "{broken",
    json.dumps({"prompt": "x", "modifiers": [{"name": "wordz"}]}),
    json.dumps({"prompt": "x", "expected_language": "Klingon!"}),
    json.dumps({"response": "no prompt"}),
    json.dumps({"prompt": "x\0y"}),
]


def read(tmp_path: Path, text: str) -> list[Row | Refused]:
    file = tmp_path / "exchanges.jsonl"
    file.write_text(text, encoding="utf-8")
    return list(open_suite(f"exchanges:{file}"))


def test_rows_with_and_without_replies_and_those_that_are_none(tmp_path: Path) -> None:
    asked, answered, *refused, odd = read(tmp_path, "\n".join(LINES))
    assert asked == Row(id="7", messages=(Message("user", "Nenne drei Flüsse."),), expected_language="de-DE")
    assert isinstance(answered, Row)
    assert (answered.id, len(answered.messages)) == ("3", 2)
    assert (answered.response, answered.finish_reason) == ("Gut.", "length")
    assert answered.modifiers == (DeclaredModifier("words", {"num_words": 3}),)
    assert [each.place for each in refused if isinstance(each, Refused)] == [
        f"exchanges.jsonl, line {number}" for number in (4, 5, 6, 7)
    ]
    reasons = [each.reason for each in refused if isinstance(each, Refused)]
    assert ["not valid JSON" in reasons[0], "words" in reasons[1], "expected_language" in reasons[2]] == [True] * 3
    assert isinstance(odd, Row)
    assert odd.messages[0].content == "x\0y"


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "") == []
