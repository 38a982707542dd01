from collections.abc import Callable

import pytest

from diagnostics.core import Message
from diagnostics.reading.loading import load_lexicons
from diagnostics.reading.reader import Demands, Reader

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
