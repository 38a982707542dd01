"""The library as somebody else's program uses it."""

from __future__ import annotations

import diagnostics


def test_the_example_of_the_docstring() -> None:
    code = "\n".join(line.strip() for line in (diagnostics.__doc__ or "").splitlines() if line.startswith("    "))
    names = {name: getattr(diagnostics, name) for name in diagnostics.__all__}
    exec(code, names)
    diagnosis = names["diagnosis"]
    assert diagnosis.language.verdict is diagnostics.Verdict.FAIL
    assert diagnosis.expected_language.tag == "de"


def test_all_names_are_there_and_sorted() -> None:
    assert diagnostics.__all__ == sorted(diagnostics.__all__)
    assert all(hasattr(diagnostics, name) for name in diagnostics.__all__)
