"""How figures are shown: tables whose titles say how many were measured and what the columns mean."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

console = Console(width=160, highlight=False)


def table(title: str, *columns: str, names: int = 1) -> Table:
    """An empty table; the first ``names`` columns are names, the others figures."""
    made = Table(*columns, title=title, title_justify="left", title_style="bold")
    for column in made.columns[names:]:
        column.justify = "right"
    return made


def percent(part: float, whole: float, digits: int = 1) -> str:
    """A share in percent, "-" of nothing."""
    return f"{100 * part / whole:.{digits}f}" if whole else "-"


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def counted(counts: dict[str, int], most: int = 40) -> str:
    """Names with their counts, largest first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return " ".join(f"{name} {count}" for name, count in ordered[:most] if count) or "none"
