import random

import pytest

from diagnostics.core import Instruction, Message, ModifierFinding, Origin, RequestedModifier, Verdict
from diagnostics.modifiers.compliance import LIMIT, ModifierCompliance, declared

JSON = RequestedModifier("json", span=(3, 7), message=0, confidence=0.9)
THREE = RequestedModifier("bullets", {"num_bullets": 3}, Origin.DECLARED)
HTML = RequestedModifier("html")


def findings(reply, *asked, complete=True, cuts=()):
    observer = ModifierCompliance().observe(Instruction((Message("user", "…"),), modifiers=asked))
    start = 0
    for end in (*cuts, len(reply)):
        observer.feed(reply[start:end])
        start = end
    return observer.close(complete=complete)


def test_nothing_to_watch():
    assert ModifierCompliance().observe(Instruction((Message("user", "Hello"),))) is None


def test_findings_say_what_was_asked_and_what_came():
    json, bullets = findings("- a\n- b", JSON, THREE)
    assert json == ModifierFinding(
        name="json",
        verdict=Verdict.FAIL,
        explanation="the reply is no JSON object or array",
        ifeval="detectable_format:json_format",
        span=(3, 7),
        message=0,
        score=0.0,
        confidence=0.9,
    )
    assert (bullets.verdict, bullets.arguments, bullets.origin) == (Verdict.FAIL, {"num_bullets": 3}, Origin.DECLARED)
    assert bullets.explanation == "2 bullet points, 3 asked for"


def test_a_reply_cut_short():
    json, bullets = findings('{"tea": [', JSON, THREE, complete=False)
    assert json.verdict is bullets.verdict is Verdict.ABSTAIN
    assert json.explanation == bullets.explanation == "the reply was cut short"
    (bullets,) = findings("- a\n" * 4, THREE, complete=False)
    assert bullets.verdict is Verdict.FAIL


def test_a_reply_too_long():
    (bullets,) = findings("- a\n" * LIMIT, THREE)
    assert bullets.verdict is Verdict.ABSTAIN
    assert str(LIMIT) in bullets.explanation
    (bullets,) = findings("x" * (LIMIT - 8) + "\n- a\n- b", THREE)
    assert bullets.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "reply",
    [
        '{"a": [1, 2]}',
        "Here:\n```json\n[1]\n```",
        "- a\n- b\n- c",
        "<p>a</p>\n<ul><li>b</ul>",
        "Fine.",
        "",
        "🍵\n• 茶\n• お",
    ],
)
@pytest.mark.parametrize("complete", [True, False])
def test_the_cutting_does_not_matter(reply, complete):
    whole = findings(reply, JSON, THREE, HTML, complete=complete)
    chance = random.Random(3)
    for _ in range(20):
        cuts = sorted(chance.choices(range(len(reply) + 1), k=5))
        assert findings(reply, JSON, THREE, HTML, complete=complete, cuts=cuts) == whole
    assert findings(reply, JSON, THREE, HTML, complete=complete, cuts=range(len(reply))) == whole


def test_declared():
    assert declared("bullets", {"num_bullets": 3}) == RequestedModifier("bullets", {"num_bullets": 3}, Origin.DECLARED)
    assert declared("bullets", {}).arguments == {}
    assert declared("json", {}) == RequestedModifier("json", {}, Origin.DECLARED)


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("rhyme", {}, "'rhyme'.*beginning, bullets"),
        ("bullets", {"num_bullets": "many"}, "num_bullets"),
        ("bullets", {"num_bullets": 0}, "num_bullets"),
        ("bullets", {"num_bullets": 10**9}, "num_bullets"),
        ("bullets", {"number": 3}, "number"),
        ("json", {"indent": 2}, "indent"),
    ],
)
def test_declared_wrongly(name, arguments, says):
    with pytest.raises(ValueError, match=says):
        declared(name, arguments)


def test_an_instruction_with_wrong_modifiers_cannot_be_watched():
    with pytest.raises(ValueError, match="rhyme"):
        ModifierCompliance().observe(Instruction((), modifiers=(RequestedModifier("rhyme"),)))
