import random

import pytest

from diagnostics.core import Instruction, Message, ModifierFinding, Origin, RequestedModifier, Verdict
from diagnostics.modifiers.compliance import LIMIT, ModifierCompliance

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
    words = RequestedModifier("words", {"num_words": 10**6})
    many, bullets = findings("- a\n" * LIMIT, words, THREE)
    assert many.verdict is Verdict.ABSTAIN
    assert str(LIMIT) in many.explanation
    assert bullets.verdict is Verdict.FAIL, "what has failed stays failed"
    (bullets,) = findings("x" * (LIMIT - 8) + "\n- a\n- b", THREE)
    assert bullets.verdict is Verdict.FAIL
    long = "x" * (LIMIT - 8) + "\n- a\n- b and more"
    assert findings(long, words, THREE) == findings(long, words, THREE, cuts=range(0, len(long), 999))


def test_what_is_decided_early():
    at_most = RequestedModifier("words", {"num_words": 5, "relation": "at most"})
    observer = ModifierCompliance().observe(Instruction((), modifiers=(JSON, at_most, THREE)))
    observer.feed("Tea is hot.\n")
    assert observer.decided == []
    observer.feed("Milk is cold, and so is the water of the well.\n" * 2)
    (words,) = observer.decided
    assert (words.name, words.verdict, words.arguments) == ("words", Verdict.FAIL, at_most.arguments)
    observer.feed("- a\n" * 40)
    assert [(each.name, each.verdict) for each in observer.decided] == [
        ("words", Verdict.FAIL),
        ("bullets", Verdict.FAIL),
    ]
    verdicts = [each.verdict for each in observer.close(complete=False)]
    assert verdicts == [Verdict.ABSTAIN, Verdict.FAIL, Verdict.FAIL]


def test_a_demand_that_is_overruled_is_not_decided_against_the_reply():
    overruled = RequestedModifier("words", {"num_words": 5, "relation": "at most"}, overruled="a newer one says ten")
    observer = ModifierCompliance().observe(Instruction((), modifiers=(overruled,)))
    observer.feed("Milk is cold, and so is the water of the well.\n" * 2)
    assert [each.verdict for each in observer.decided] == [Verdict.NOT_APPLICABLE]
    assert [each.verdict for each in observer.close(complete=True)] == [Verdict.NOT_APPLICABLE]


def test_a_decision_comes_soon():
    """Within a quarter of what was needed, and a few words."""
    observer = ModifierCompliance().observe(Instruction((), modifiers=(RequestedModifier("comma"),)))
    reply = "Tea is hot.\n" * 100 + "Milk, too." + " and" * 500
    fed = 0
    while not observer.decided:
        observer.feed(reply[fed : fed + 4])
        fed += 4
    assert reply.index(",") < fed <= 1.25 * reply.index(",") + 40


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


def test_an_instruction_with_wrong_modifiers_cannot_be_watched():
    with pytest.raises(ValueError, match="limerick"):
        ModifierCompliance().observe(Instruction((), modifiers=(RequestedModifier("limerick"),)))
