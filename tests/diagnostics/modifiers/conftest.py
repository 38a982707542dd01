from collections.abc import Callable

import pytest

from diagnostics.core import Message
from diagnostics.modifiers.grammar import Demands, Reader
from diagnostics.modifiers.lexicon import load_lexicons

Read = Callable[..., Demands]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(load_lexicons())


@pytest.fixture
def read(reader: Reader) -> Read:
    """Read one user message."""

    def read_one(prompt: str, language: str | None = "en") -> Demands:
        return reader.read((Message("user", prompt),), language)

    return read_one
