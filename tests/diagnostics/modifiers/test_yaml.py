import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.yaml import Yaml


@pytest.mark.parametrize(
    "reply",
    ["a: 1", "- a\n- b", '{"a": [1]}', "---\na: 1\n---\n- b\n", "# tea\na: |\n  b\n  c", "a: &x [1]\nb: *x", "é: ü"],
)
def test_bare(reply):
    assert Yaml().check(reply, True).form == "bare"
    assert Yaml().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply", ["```yaml\na: 1\n```", "Here:\n\n```yml\na: 1\n```", "Here, as asked: the YAML:\na: 1"]
)
def test_unwrapped(reply):
    assert Yaml().check(reply, True).form == "unwrapped"


@pytest.mark.parametrize(
    ("reply", "explanation"),
    [
        ("", "no YAML"),
        ("Tea.", "a lone value; YAML here is a mapping or a sequence"),
        ("---\na: 1\n---\nb\n", "a lone value; YAML here is a mapping or a sequence"),
        ("[" * 101 + "]" * 101, "nested deeper than 100 levels"),
        ("a: \x00", "the reply has characters that YAML does not allow"),
        ("a: \ud800", "the reply has characters that YAML does not allow"),
    ],
)
def test_fails(reply, explanation):
    outcome = Yaml().check(reply, True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, explanation)


@pytest.mark.parametrize(
    "reply", ["a: [1", "a: b: c", "a: 1\nb", "```yaml\na: [\n```", "Tea is hot, so:\n```yaml\na: 1\n```\nAnd so on."]
)
def test_invalid(reply):
    assert Yaml().check(reply, True).verdict is Verdict.FAIL


def test_a_tag_is_not_obeyed():
    assert Yaml().check("a: !!python/object/apply:os.abort []", True).verdict is Verdict.PASS


@given(st.text(st.sampled_from("a:-[]{}&*!|>'\"#?%@` \n\t\x00\ud800"), max_size=60))
def test_any_text_is_judged(reply):
    assert Yaml().check(reply, True).explanation
    assert Yaml().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["[" * 60_000, "- " * 30_000, "? " * 30_000, "{a: " * 15_000, "a" * 64_001])
def test_hostile_replies_end(reply):
    assert Yaml().check(reply, True).verdict in (Verdict.FAIL, Verdict.ABSTAIN)
