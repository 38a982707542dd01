"""The product's diagnostics as a whole: what they read, and that the cutting of a reply does not matter."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.core import Diagnosis, Message, Origin, Verdict
from diagnostics.language.identify import Identifier
from diagnostics.runner import Diagnostics
from diagnostics.standard import declare, standard

EXCHANGES = {
    "wrong language": ("Was ist Regen?", "Rain is water.\nIt falls from the clouds, mostly on weekends."),
    "right language": ("Was ist Regen?", "Regen ist Wasser.\n\nEs fällt aus den Wolken, meist am Wochenende."),
    "mixed": ("Was ist Regen?", "Here is the answer:\nRegen ist Wasser, das aus den Wolken fällt.\n```py\nx = 1\n```"),
    "page": (
        "Answer in German as an HTML page: rain?",
        "<html><body><h1>Regen</h1><p>Regen ist Wasser.</p></body></html>",
    ),
    "fenced": ("Name two colours in JSON format.", 'Here you are:\n```json\n{"a": "red", "b": ["blue"]}\n```\nEnjoy!'),
    "bullets": ("List 3 colours as bullet points.", "- red\n- green\r\n* blue\r- 5\n---\n• schwarz"),
    "japanese": ("雨とは何ですか。箇条書きで答えてください。", "- 雨は空から降る水です。\n- 雲から落ちます。"),
    "hostile": ("Was?", "`" * 40 + "<" * 40 + "\n> \u2028\u200b\ud83d" + "«„“" * 10 + "\x00"),
    "empty": ("Was ist Regen?", ""),
}


@cache
def diagnostics() -> Diagnostics:
    return standard(Identifier())


def said(diagnosis: Diagnosis) -> bytes:
    return msgspec.json.encode(diagnosis)


@pytest.mark.parametrize("name", EXCHANGES)
@given(data=st.data(), complete=st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_way_of_cutting_a_reply_gives_the_same_diagnosis(name: str, data: st.DataObject, complete: bool) -> None:
    prompt, reply = EXCHANGES[name]
    instruction = diagnostics().read((Message("user", prompt),))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(reply)), max_size=len(reply))))
    watch = diagnostics().watch("1", instruction)
    for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True):
        watch.feed(reply[start:end])
    whole = diagnostics().diagnose("1", instruction, reply, complete=complete)
    assert said(watch.close(complete=complete)) == said(whole)


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_character_at_a_time_gives_the_same_diagnosis(name: str) -> None:
    prompt, reply = EXCHANGES[name]
    instruction = diagnostics().read((Message("user", prompt),))
    watch = diagnostics().watch("1", instruction)
    for character in reply:
        watch.feed(character)
    assert said(watch.close(complete=True)) == said(diagnostics().diagnose("1", instruction, reply))


@pytest.mark.parametrize("name", EXCHANGES)
def test_nothing_breaks(name: str) -> None:
    prompt, reply = EXCHANGES[name]
    diagnosis = diagnostics().diagnose("1", diagnostics().read((Message("user", prompt),)), reply)
    findings = [diagnosis.language, *diagnosis.modifiers, *diagnosis.surface]
    assert all(finding is None or finding.verdict is not Verdict.ERROR for finding in findings)


def test_declared_wins_over_requested_and_requested_over_the_instruction() -> None:
    messages = (Message("user", "Was ist Regen? Antworte auf Französisch."),)
    declared = diagnostics().read(messages, declare("ja", [])).expected_language
    requested = diagnostics().read(messages).expected_language
    own = diagnostics().read((Message("user", "Was ist eigentlich Regen und woher kommt er?"),)).expected_language
    assert [(each.tag, each.origin) for each in (declared, requested, own) if each] == [
        ("ja", Origin.DECLARED),
        ("fr", Origin.REQUESTED),
        ("de", Origin.INSTRUCTION),
    ]


def test_a_declared_modifier_replaces_the_one_that_is_read() -> None:
    messages = (Message("user", "List colours as 3 bullet points, in JSON format."),)
    instruction = diagnostics().read(messages, declare(None, [("bullets", {"num_bullets": 5})]))
    found = {modifier.name: (modifier.origin, modifier.arguments) for modifier in instruction.modifiers}
    assert found["bullets"] == (Origin.DECLARED, {"num_bullets": 5})
    assert found["json"][0] is Origin.REQUESTED


def test_the_language_is_no_modifier() -> None:
    instruction = diagnostics().read((Message("user", "What is rain? Answer in German."),))
    assert instruction.modifiers == ()
    assert instruction.expected_language
    assert instruction.expected_language.tag == "de"
    assert instruction.language == "en"


@pytest.mark.parametrize(
    ("language", "modifiers", "words"),
    [
        ("German", [], "expected_language: "),
        ("", [], "expected_language: "),
        (None, [("htm", {})], r"^modifiers\[0\]\.name: .*did you mean 'html'"),
        (None, [("json", {}), ("bullets", {"number": 3})], r"^modifiers\[1\]\.arguments\.number: "),
        (None, [("json", {}), ("html", {})], r"^modifiers\[1\]: contradicts modifiers\[0\]: "),
    ],
)
def test_what_is_declared_wrongly_is_refused(
    language: str | None, modifiers: list[tuple[str, dict[str, object]]], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        declare(language, modifiers)
