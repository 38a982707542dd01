"""The folder of modifiers agrees with itself: files, names, registry, tests, examples."""

import importlib
import pkgutil
from pathlib import Path

import msgspec
import pytest

from diagnostics import modifiers
from diagnostics.core import Verdict
from diagnostics.modifiers import MODIFIERS
from diagnostics.modifiers.base import Modifier
from diagnostics.reading.rules import RULES

READ = {entry.modifier for entry in RULES}
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


def test_every_rule_reads_a_modifier_that_there_is():
    assert {modifier.name() for modifier in MODIFIERS} >= READ


@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda modifier: modifier.name())
def test_examples_show_every_outcome(modifier):
    verdicts = {example.verdict for example in modifier.examples} - {None}
    assert ({Verdict.ABSTAIN} if modifier.judged else {Verdict.PASS, Verdict.FAIL}) <= verdicts
    assert any(example.prompt and example.verdict for example in modifier.examples) == (modifier.name() in READ)
    assert not modifier.judged or Verdict.PASS not in verdicts
    assert len({example.language for example in modifier.examples}) > 2


@pytest.mark.parametrize(("modifier", "example"), EXAMPLES)
def test_example(modifier, example, read):
    if example.prompt:
        found = {each.name: each.arguments for each in read(example.prompt, example.language).modifiers}
        asked = {} if example.verdict is None else {modifier.name(): example.arguments}
        assert found.keys() == asked.keys()
        for arguments, others in zip(found.values(), asked.values(), strict=True):
            assert msgspec.convert(arguments, modifier) == msgspec.convert(others, modifier)
    else:
        assert example.verdict is not None, "neither asked for nor declared"
    if example.verdict is not None:
        outcome = msgspec.convert(example.arguments, modifier).check(example.reply, True)
        assert outcome.verdict is example.verdict
        assert example.form in (None, outcome.form)
        assert outcome.explanation
