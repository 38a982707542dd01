from __future__ import annotations

import msgspec
import pytest

from diagnostics import jsonl
from diagnostics.core import Diagnosis, Message
from diagnostics.modifiers.declaration import DeclaredModifier
from service.config import KeptText
from service.errors import ConfigError
from service.ids import uuid7
from service.record import Text
from service.store.texts import Texts, load_redaction
from tests.stores import record

SAID = Text((Message("user", "Meine Nummer ist 12345."),), "Danke, 12345.", "de", (DeclaredModifier("html"),))


def hidden(text: str) -> str:
    return text.replace("12345", "#")


def broken(text: str) -> str:
    raise RuntimeError(text)


@pytest.mark.parametrize(
    ("which", "begins", "of_a_failure", "of_another"),
    [("off", False, True, True), ("all", True, True, True), ("failures", True, True, False)],
)
def test_which_texts_are_kept(which: KeptText, begins: bool, of_a_failure: bool, of_another: bool) -> None:
    texts = Texts(which)
    assert texts.may_keep(uuid7()) is begins
    assert texts.keeps(record()) is of_a_failure
    assert texts.keeps(record(diagnosis=Diagnosis(id="1"))) is of_another
    assert texts.keeps(record(diagnosis=None)) is of_another


def test_a_sample_is_of_the_size_that_was_asked_for_and_the_same_everywhere() -> None:
    ids = [uuid7() for _ in range(20_000)]
    one, other = Texts("sampled", 0.1), Texts("sampled", 0.1)
    kept = [id for id in ids if one.may_keep(id)]
    assert kept == [id for id in ids if other.may_keep(id)]
    assert 0.09 < len(kept) / len(ids) < 0.11
    assert not any(Texts("sampled", 0.0).may_keep(id) for id in ids)
    assert all(Texts("sampled", 1.0).may_keep(id) for id in ids)


def test_a_body_is_a_line_that_diagnose_reads() -> None:
    body = Texts("all").body(record(text=SAID))
    assert body is not None
    exchange = jsonl.parse(msgspec.json.encode(body))
    assert (exchange.id, exchange.messages, exchange.response) == (body.id, SAID.messages, SAID.response)
    assert (exchange.finish_reason, exchange.expected_language) == ("stop", "de")
    assert exchange.modifiers == SAID.modifiers
    assert body.diagnosis == record(body.id).diagnosis
    assert Texts("all").body(record()) is None


def test_a_reply_that_was_cut_is_not_taken_for_a_whole_one() -> None:
    body = Texts("all").body(record(text=msgspec.structs.replace(SAID, is_cut=True)))
    assert body is not None
    assert not jsonl.parse(msgspec.json.encode(body)).complete


def test_every_text_is_redacted() -> None:
    body = Texts("all", redact=hidden).body(record(text=SAID))
    assert body is not None
    assert b"12345" not in msgspec.json.encode(body)
    assert body.response == "Danke, #."
    assert body.diagnosis is None  # its explanations may quote the reply


@pytest.mark.parametrize("redact", [broken, lambda text: None])
def test_a_redaction_that_breaks_lets_no_text_through(redact: object) -> None:
    with pytest.raises((RuntimeError, TypeError)):
        Texts("all", redact=redact).body(record(text=SAID))


def test_a_redaction_is_found_by_its_name() -> None:
    assert load_redaction("html:escape")("<") == "&lt;"
    for name, problem in (("nowhere:f", "nowhere"), ("html:nothing", "nothing"), ("html:entities", "no function")):
        with pytest.raises(ConfigError, match=problem):
            load_redaction(name)
