"""The pure library stays pure, and nothing happens at import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = sorted((ROOT / "diagnostics").rglob("*.py"))
ALLOWED = {
    "ahocorasick_rs",
    "diagnostics",
    "icu4py",
    "jsonschema_rs",
    "msgspec",
    "numpy",
    "py3langid",
    "selectolax",
    "yaml",
}
BY_HAND = {"freeze.py": {"babel", "icu"}}  # run by a developer, never imported


def imported(path: Path) -> set[str]:
    """Top-level names of what a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_library_imports_text_tools_only(path: Path) -> None:
    foreign = {name for name in imported(path) if name not in sys.stdlib_module_names}
    assert foreign <= ALLOWED | BY_HAND.get(path.name, set())
    assert not imported(path) & {"asyncio", "http", "socket", "sqlite3", "ssl", "urllib"}


def test_importing_the_gateway_loads_no_model_and_no_word_list() -> None:
    heavy = "{'torch', 'transformers', 'wordfreq', 'py3langid', 'numpy'}"
    code = f"import sys, service.app, service.__main__; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "[]"
