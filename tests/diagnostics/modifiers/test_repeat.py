import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.repeat import Repeat

PROMPT = "Write about tea. Use no commas."


@pytest.mark.parametrize(
    ("reply", "form"),
    [
        (PROMPT, "bare"),
        (f" {PROMPT}\n\nTea is hot.", "bare"),
        (f"{PROMPT.upper()} Tea is hot.", "bare"),
        ("Write about tea.\nUse no  commas. Tea.", "bare"),
        (f'"{PROMPT}"\n\nTea is hot.', "unwrapped"),
        (f"**{PROMPT}**\n\nTea is hot.", "unwrapped"),
        (f"Your request:\n\n> {PROMPT}\n\nTea is hot.", "unwrapped"),
    ],
)
def test_passes(reply, form):
    outcome = Repeat(PROMPT).check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, form, 1.0)


@pytest.mark.parametrize(
    "reply",
    ["", "Tea is hot.", "Write about tea.", "Write about the tea. Use no commas.", f"Sure! {PROMPT}", PROMPT[:-1]],
)
def test_fails(reply):
    assert Repeat(PROMPT).check(reply, True).verdict is Verdict.FAIL


def test_explains():
    outcome = Repeat("abcd efghi").check("abcd x", True)
    assert (outcome.explanation, outcome.score) == ("the reply repeats 5 of 10 characters before it differs", 0.5)


def test_cut_short():
    assert Repeat(PROMPT).check(PROMPT[:9], False).verdict is Verdict.ABSTAIN
    assert Repeat(PROMPT).check(PROMPT + " Tea", False).verdict is Verdict.PASS
    assert Repeat(PROMPT).check("Tea is hot.\n" * 9, False).verdict is Verdict.FAIL


@pytest.mark.parametrize("prompt", ["", " ", 3, "a" * 20_001])
def test_wrong_arguments(prompt):
    with pytest.raises(msgspec.ValidationError, match="prompt_to_repeat"):
        msgspec.convert({"prompt_to_repeat": prompt}, Repeat)
