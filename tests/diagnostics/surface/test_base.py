"""The folder of signals agrees with itself: files, names, registry, tests, examples; and every signal is a fold."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics import surface
from diagnostics.core import ExpectedLanguage, Finding, Instruction, Message, Origin, SurfaceFinding, Verdict
from diagnostics.surface import SIGNALS
from diagnostics.surface.base import PIECE, Example, Signal

EXAMPLES = [(signal, example) for signal in SIGNALS for example in signal.examples]
MADE = [signal() for signal in SIGNALS]


def instruction(prompt: str = "", language: str = "de") -> Instruction:
    return Instruction((Message("user", prompt),), language, ExpectedLanguage(language, Origin.DECLARED))


def observe(signal: Signal, asked: Instruction, chunks: Sequence[str], complete: bool = True) -> Sequence[Finding]:
    observer = signal.observe(asked)
    assert observer is not None
    for chunk in chunks:
        observer.feed(chunk)
    return observer.close(complete=complete)


def defined() -> set[type[Signal]]:
    """Every signal that any module of the folder defines."""
    found = set()
    for module in pkgutil.iter_modules(surface.__path__):
        namespace = vars(importlib.import_module(f"diagnostics.surface.{module.name}"))
        found |= {each for each in namespace.values() if isinstance(each, type) and issubclass(each, Signal)}
    return found - {Signal}


def test_every_signal_is_registered_under_its_file_name() -> None:
    assert set(SIGNALS) == defined()
    names = [signal.name for signal in SIGNALS]
    assert names == sorted(set(names))
    for signal in SIGNALS:
        assert signal.name == signal.__module__.rpartition(".")[2]
        assert signal.__name__.lower() == signal.name.replace("_", "")


def test_every_file_has_a_test_file() -> None:
    here = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert {f"test_{module.name}" for module in pkgutil.iter_modules(surface.__path__)} <= here


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_examples_show_flaws_and_what_is_none(signal: type[Signal]) -> None:
    assert {example.flaw is None for example in signal.examples} == {True, False}


@pytest.mark.parametrize(("signal", "example"), EXAMPLES)
def test_example(signal: type[Signal], example: Example) -> None:
    asked = instruction(example.prompt, example.language)
    found = observe(signal(), asked, [example.reply], example.complete)
    shown = []
    for each in found:
        assert isinstance(each, SurfaceFinding)
        assert (each.name, each.verdict) == (signal.name, Verdict.FAIL)
        assert each.explanation
        shown.append(example.reply[slice(*each.span)] if each.span else "")
    assert shown == ([] if example.flaw is None else [example.flaw])


@pytest.mark.parametrize(("signal", "example"), EXAMPLES)
def test_no_other_signal_is_given_by_a_flaw(signal: type[Signal], example: Example) -> None:
    others = [each for each in MADE if each.name != signal.name]
    asked = instruction(example.prompt, example.language)
    assert [found for other in others for found in observe(other, asked, [example.reply], example.complete)] == []


PIECES = [
    *(example.reply for _, example in EXAMPLES),
    *(example.flaw for _, example in EXAMPLES if example.flaw),
    *("\n", " ", "```\n", "`", "- ", "Guten Tag. ", "приvет", "\ufffd", "\ud800", "\x00", "1. ", "x" * 700),
    *("Ein langer Satz steht hier. " * 60, "茶" * 300, "ab " * 800, "<|im_end|>", "[Your Name]"),
]  # fmt: skip


@pytest.mark.parametrize("signal", MADE, ids=lambda signal: signal.name)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_cutting_gives_the_same(signal: Signal, data: st.DataObject) -> None:
    pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12)
    reply = "".join(data.draw(pieces))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=12)))
    asked = instruction(data.draw(st.sampled_from(["", "приvет <|im_end|>"])), data.draw(st.sampled_from(["de", "zh"])))
    complete = data.draw(st.booleans())
    whole = observe(signal, asked, [reply], complete)
    chunks = [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    assert observe(signal, asked, chunks, complete) == whole
    assert observe(signal, asked, list(reply), complete) == whole
    for each in whole:
        assert isinstance(each, SurfaceFinding)
        if each.span is not None:
            assert 0 <= each.span[0] < each.span[1] <= len(reply)


HOSTILE = [
    *("a", " ", "\n", "`", "```", "<", "[", "{", "<|", "<0xE2>", "Ã", "Ã©", "é”", "РС", "Р°", "\ufffd", "aа", "аa"),
    *("1. ", "1. a\n", "[Your ", "[Your Name] ", "{a_", "\nHuman: ", "\nAssistant:", "\n### ", "INST]", "[INST]"),
    *("a" * 33 + "b", "ab" * 40 + "c", "https://", "$", "приvет ", "a茶a", "я茶", "i'm sorry", "ä" * 30 + "茶"),
]  # fmt: skip


@pytest.mark.parametrize("signal", MADE, ids=lambda signal: signal.name)
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_time_in_proportion(signal: Signal, unit: str) -> None:
    asked = instruction("приvет")

    def seconds(size: int) -> float:
        reply = (unit * (size // len(unit) + 1))[:size]
        begun = time.thread_time()
        observe(signal, asked, [reply[at : at + 256] for at in range(0, size, 256)])
        return time.thread_time() - begun

    assert min(seconds(80_000) for _ in range(3)) < 16 * min(seconds(10_000) for _ in range(3)) + 0.005


@pytest.mark.parametrize("signal", MADE, ids=lambda signal: signal.name)
@pytest.mark.parametrize(
    "strange", ["\ud800", "\udfff\ud800", "\x00", "İ", "\u0130\u0307", "\U0010ffff", "a\u0300" * 50]
)
def test_strange_characters_break_nothing(signal: Signal, strange: str) -> None:
    for reply in (strange, f"é{strange}я", strange * 3000, f"I'm sorry, {strange} but"):
        for found in observe(signal, instruction(strange), [reply]):
            assert found.verdict is Verdict.FAIL


def test_state_is_bounded_by_a_piece() -> None:
    for signal in MADE:
        observer = signal.observe(instruction())
        assert observer is not None
        for number in range(400):
            observer.feed(f"Satz {number} steht hier in einer langen Antwort. " * 20)
        held = sum(len(each) for name in ("_chunks", "_beginning", "_before") for each in getattr(observer, name, []))
        assert held <= 4 * PIECE
