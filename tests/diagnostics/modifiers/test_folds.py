"""Every modifier is a fold: the cutting does not matter, and what is said early holds however the reply goes on."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.core import RequestedModifier, Verdict
from diagnostics.modifiers import MODIFIERS, Modifier, Outcome
from diagnostics.modifiers.compliance import ModifierObserver

DEMANDS = sorted(
    {(modifier, msgspec.json.encode(example.arguments)) for modifier in MODIFIERS for example in modifier.examples
     if example.verdict is not None},
    key=lambda pair: (pair[0].name(), pair[1]),
)  # fmt: skip
PIECES = [
    *("\n", "\n\n", ":\n", "Here:\n", "```", "```\n", "```py\n", "~~~\n", "**", "*", "_", '"', "«", "»", "「", "」"),
    *("- ", "1. ", "***", "******", "# ", "> ", "| a |", "|---|", "<p>", "</p>", "[a]", "{", "}", "[", "]", "(", ","),
    *(
        ".",
        "? ",
        "!",
        "; ",
        "a",
        "Tea ",
        "TEA",
        "l'",
        "é",
        "e\u0301",
        "ß",
        "İ",
        "茶",
        "です。",
        "ชา",
        "ا",
        "क",
        "ა",
        "1",
    ),
    *(
        "3.5 ",
        "👨\u200d👩\u200d👧",
        "☕",
        "\ufe0e",
        " ",
        "\t",
        "\r\n",
        "\u200b",
        "\u3000",
        "\ud800",
        "\x00",
        "word " * 12,
    ),
    "x" * 40,
]


WRAPPINGS = [
    ("", ""),
    ("```\n", "\n```"),
    ("```py\n", "\n```\nBye."),
    ("**", "**"),
    ("*", "*"),
    ('"', '"'),
    ("« ", " »"),
]


@st.composite
def replies(draw: st.DrawFn, modifier: type[Modifier]) -> str:
    """Any text, or text of the signs that matter, of the modifier's own examples and of its arguments; wrapped or not.

    The line that leads in may itself be what the demand forbids.
    """
    examples = [example.reply for example in modifier.examples if example.reply] or ["Tea."]
    shown = "".join(example.reply + str(example.arguments) for example in modifier.examples)
    pieces = st.sampled_from([*PIECES, *shown, *shown.split(), *examples])
    body = draw(st.text(max_size=60) | st.lists(pieces, max_size=40).map("".join) | st.sampled_from(examples))
    leads = [f"{line}:\n" for example in examples for line in example.split("\n") if line]
    lead = draw(st.sampled_from(["", "", "", "Here:\n", *leads]))
    before, after = draw(st.sampled_from(WRAPPINGS))
    return f"{lead}{before}{body * draw(st.integers(1, 6))}{after}"


def fold(demand: Modifier, reply: str, cuts: list[int]) -> tuple[list[Verdict], ModifierObserver]:
    """Feed a reply cut at these places; what was decided early, and the observer, which is still open."""
    observer = ModifierObserver([(RequestedModifier(demand.name()), demand)])
    early = []
    for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True):
        observer.feed(reply[start:end])
        early += [finding.verdict for finding in observer.decided]
    return early, observer


@pytest.mark.parametrize(("modifier", "arguments"), DEMANDS, ids=lambda each: getattr(each, "__name__", None))
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_any_cutting_gives_the_same_and_early_is_final(modifier: type[Modifier], arguments: bytes, data) -> None:
    demand = msgspec.json.decode(arguments, type=modifier)
    reply = data.draw(replies(modifier))
    complete = data.draw(st.booleans())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=12)))
    whole = demand.check(reply, complete)
    assert whole.explanation
    assert whole.score is None or 0 <= whole.score <= 1
    assert whole.form in (None, "bare", "unwrapped")
    early, observer = fold(demand, reply, cuts)
    (finding,) = observer.close(complete=complete)
    assert Outcome(finding.verdict, finding.explanation, finding.form, finding.score) == whole
    assert {*early} <= {whole.verdict}, (reply, cuts)


@pytest.mark.parametrize(("modifier", "arguments"), DEMANDS, ids=lambda each: getattr(each, "__name__", None))
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_decided_on_a_part_holds_for_all_continuations(modifier, arguments, data) -> None:
    demand = msgspec.json.decode(arguments, type=modifier)
    reply = data.draw(replies(modifier))
    part = reply[: data.draw(st.integers(0, len(reply)))]
    early = demand.check(part, False)
    if early.verdict is not Verdict.ABSTAIN:
        for whole in (part, reply):
            assert demand.check(whole, True).verdict is early.verdict, (part, reply)
            assert demand.check(whole, False).verdict is early.verdict, (part, reply)


@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda modifier: modifier.name())
def test_a_modifier_judges_in_one_way(modifier: type[Modifier]) -> None:
    assert ("judge" in vars(modifier)) != ("check" in vars(modifier))
