"""The folder of modifiers agrees with itself: files, names, registry, tests, examples."""

import importlib
import pkgutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics import modifiers
from diagnostics.core import Verdict
from diagnostics.modifiers import MODIFIERS
from diagnostics.modifiers.base import Modifier

EXAMPLES = [(modifier, example) for modifier in MODIFIERS for example in modifier.examples]


def defined() -> set[type[Modifier]]:
    """Every modifier that any module of the folder defines."""
    found = set()
    for module in pkgutil.iter_modules(modifiers.__path__):
        namespace = vars(importlib.import_module(f"diagnostics.modifiers.{module.name}"))
        found |= {
            each
            for each in namespace.values()
            if isinstance(each, type) and issubclass(each, Modifier) and each is not Modifier
        }
    return found


def test_every_modifier_is_registered_under_its_file_name():
    assert set(MODIFIERS) == defined()
    names = [modifier.name() for modifier in MODIFIERS]
    assert names == sorted(set(names))
    for modifier in MODIFIERS:
        assert modifier.__name__.lower() == modifier.name().replace("_", "")


def test_every_modifier_has_a_test_file():
    here = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert {f"test_{modifier.name()}" for modifier in MODIFIERS} <= here


def test_no_two_modifiers_are_read_from_one_concept():
    concepts = [concept for modifier in MODIFIERS for concept in modifier.concepts]
    assert len(concepts) == len(set(concepts))


@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda modifier: modifier.name())
def test_examples_show_every_outcome(modifier):
    verdicts = {example.verdict for example in modifier.examples}
    asked = {None} if modifier.concepts else set()  # None: nothing is asked, which only a prompt can show
    assert {Verdict.PASS, Verdict.FAIL} | asked <= verdicts
    assert len({example.language for example in modifier.examples}) > 2


@pytest.mark.parametrize(("modifier", "example"), EXAMPLES)
def test_example(modifier, example, read):
    if modifier.concepts:
        found = {each.name: each.arguments for each in read(example.prompt, example.language).modifiers}
        assert found == ({} if example.verdict is None else {modifier.name(): example.arguments})
    else:
        assert not example.prompt, "declared only: no prompt is read"
    if example.verdict is not None:
        outcome = msgspec.convert(example.arguments, modifier).check(example.reply, True)
        assert outcome.verdict is example.verdict
        assert example.form in (None, outcome.form)
        assert outcome.explanation


DEMANDED = sorted({(modifier, msgspec.json.encode(example.arguments)) for modifier, example in EXAMPLES
                   if example.verdict is not None}, key=lambda pair: (pair[0].name(), pair[1]))  # fmt: skip


def texts(modifier: type[Modifier]) -> st.SearchStrategy[str]:
    """Any text, and text made of what the modifier's examples are made of: signs, words and lines."""
    shown = "".join(example.reply + str(example.arguments) for example in modifier.examples)
    pieces = [*shown, *shown.split(), "\n", "\n\n", ":\n", "```", "**", "\ud800"]
    return st.text(max_size=80) | st.lists(st.sampled_from(pieces), max_size=60).map("".join)


@pytest.mark.parametrize(("modifier", "arguments"), DEMANDED, ids=lambda each: getattr(each, "__name__", None))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_text_is_judged_and_what_has_failed_stays_failed(modifier, arguments, data):
    demand = msgspec.json.decode(arguments, type=modifier)
    reply = data.draw(texts(modifier)) * data.draw(st.integers(1, 12))
    part = reply[: data.draw(st.integers(0, len(reply)))]
    whole = demand.check(reply, True)
    assert whole.explanation
    assert whole.score is None or 0 <= whole.score <= 1
    early = demand.check(part, False)
    assert early.verdict is not Verdict.FAIL or whole.verdict is Verdict.FAIL, (part, reply)
