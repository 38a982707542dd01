"""What a test may need and a machine may lack."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The development data; a test that needs them is skipped where they are not."""
    if not SHARED.is_dir():
        pytest.skip("the development data are not here")
    return SHARED


@pytest.fixture
def tool() -> Callable[[str], str]:
    """Find a program that a test needs; without it the test is skipped, or fails where CI says that all are there."""

    def find(name: str) -> str:
        path = which(name)
        if path is None:
            reason = f"{name} is not installed (make test-tools)"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find
