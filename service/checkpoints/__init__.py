"""The project's own tiny checkpoints: three real language models small enough to travel in the package.

``multilingual`` answers in the language it is asked in; ``english`` and ``english-careful`` come from the same base but
were tuned on English alone, fast and slowly, and show what English-only tuning does to other languages. Each directory
holds a model card with its measured figures.
"""

from __future__ import annotations

from pathlib import Path

SHIPPED = ("multilingual", "english", "english-careful")
"""Names of the checkpoints in the package."""


def path(name: str) -> Path:
    """Directory of the shipped checkpoint ``name``, in the layout that transformers, vLLM and others load.

    Raises:
        KeyError: no checkpoint of this name is shipped.
    """
    if name not in SHIPPED:
        raise KeyError(name)
    return Path(__file__).parent / name
