from __future__ import annotations

import pytest

from diagnostics.language.identify import Identifier


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    """The real engines, loaded once."""
    return Identifier()
