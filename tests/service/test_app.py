from __future__ import annotations

from diagnostics.language.identify import Identifier
from service.metrics import LANGUAGES


def test_no_request_waits_for_a_word_list() -> None:
    identifier = Identifier()
    identifier.preload(sorted(LANGUAGES))
    lists = identifier.engines.lists
    assert len(lists._files) > 30
    assert set(lists._files) <= {language for language, loaded in lists._lists.items() if loaded is not None}
