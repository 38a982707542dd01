"""What a test may need and a machine may lack."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which

import pytest

from tests.lacking import lack

SHARED = Path(__file__).parents[2] / "shared" / "data"
TEXT_GENERATION = "text-generation==0.7.0"


@pytest.fixture(scope="session", autouse=True)
def _away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test keeps records unless it says where, and none finds the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("DRAGOMAN_STORE__URL", "off")
        yield


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
            lack(f"{name} is not installed (make test-tools)")
        return path

    return find


@pytest.fixture(scope="session")
def text_generation(request: pytest.FixtureRequest) -> Path:
    """A Python that has the old ``text-generation`` package, which cannot live beside transformers: it holds the hub's
    client back. Made once (some ten seconds and 60 MB) and kept in pytest's cache."""
    cache: pytest.Cache = request.config.cache
    folder = cache.mkdir(f"{TEXT_GENERATION}-{sys.version_info.major}.{sys.version_info.minor}")
    python, made = folder / "bin" / "python", folder / "made"
    if not made.exists():
        venv.create(folder, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TEXT_GENERATION]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if run.returncode:
            lack(f"{TEXT_GENERATION} cannot be installed: {run.stderr.strip()[-300:]}")
        made.touch()
    return python
