from __future__ import annotations

from collections.abc import Callable

import pytest

from diagnostics.core import ExpectedLanguage, Instruction, Message, Origin, SurfaceFinding
from diagnostics.surface import SIGNALS

Find = Callable[..., list[SurfaceFinding]]


@pytest.fixture
def find(request: pytest.FixtureRequest) -> Find:
    """What the signal that the test module is named after finds in one reply."""
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    signal = next(signal for signal in SIGNALS if signal.name == name)()

    def find(
        reply: str, *said: str, language: str | None = "de", complete: bool = True, role: str = "user"
    ) -> list[SurfaceFinding]:
        messages = tuple(Message(role, each) for each in said)
        expected = ExpectedLanguage(language, Origin.DECLARED) if language else None
        observer = signal.observe(Instruction(messages, language, expected))
        if observer is None:
            return []
        observer.feed(reply)
        found = observer.close(complete=complete)
        surface = [each for each in found if isinstance(each, SurfaceFinding)]
        assert len(surface) == len(found)
        return surface

    return find
