"""Evidence over time as a picture: small panels side by side in one SVG, which needs no drawing library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import log
from typing import NamedTuple

COLUMNS = 3
WIDTH, HEIGHT = 300, 170
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 30, 34
HEAD = 64
LOWEST, HIGHEST = -2.0, 4.0
"""Powers of ten that are drawn; what lies beyond is drawn at the edge."""

WORSE, NO_WORSE, QUIET = "#c0392b", "#1f77b4", "#8a8a8a"


class Panel(NamedTuple):
    """Evidence (natural logarithms) after so many requests, and the thresholds it must reach; None where there is
    nothing to draw."""

    title: str
    requests: Sequence[int]
    worse: Sequence[float]
    no_worse: Sequence[float] | None
    worse_threshold: float
    no_worse_threshold: float | None


def draw(panels: Sequence[Panel], title: str, what: str) -> str:
    """The picture; ``what`` names the requests."""
    columns = min(COLUMNS, len(panels))
    width, height = columns * WIDTH, HEAD + -(-len(panels) // COLUMNS) * HEIGHT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="11" fill="#333333">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="16" font-weight="600">{escape(title)}</text>',
        *_legend(),
    ]
    for at, panel in enumerate(panels):
        lines.append(f'<g transform="translate({at % COLUMNS * WIDTH} {HEAD + at // COLUMNS * HEIGHT})">')
        lines += _panel(panel, what)
        lines.append("</g>")
    return "\n".join([*lines, "</svg>", ""])


def _legend() -> Iterator[str]:
    for x, colour, text in ((LEFT, WORSE, "worse"), (LEFT + 70, NO_WORSE, "no worse")):
        yield _line([(x, 42), (x + 18, 42)], colour)
        yield f'<text x="{x + 23}" y="46">{text}</text>'
    yield f'<text x="{LEFT + 160}" y="46" fill="{QUIET}">evidence as odds; dashed: enough</text>'


def _panel(panel: Panel, what: str) -> Iterator[str]:
    most = max(panel.requests, default=1) or 1
    yield f'<text x="{LEFT}" y="20" font-weight="600">{escape(panel.title)}</text>'
    for power, label in ((-2, "1:100"), (0, "1:1"), (2, "100:1"), (4, "10,000:1")):
        y = _y(power)
        yield _line([(LEFT, y), (WIDTH - RIGHT, y)], "#e4e4e4", width=1)
        yield f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end" font-size="10" fill="{QUIET}">{label}</text>'
    yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 18}" text-anchor="end" fill="{QUIET}">{most:,} {escape(what)}</text>'
    for threshold, colour in ((panel.worse_threshold, WORSE), (panel.no_worse_threshold, NO_WORSE)):
        if threshold is not None:
            y = _y(threshold / log(10))
            yield _line([(LEFT, y), (WIDTH - RIGHT, y)], colour, width=1, dashes="4 3")
    for evidence, colour in ((panel.no_worse, NO_WORSE), (panel.worse, WORSE)):
        if evidence is not None:
            room = WIDTH - LEFT - RIGHT
            points = [(LEFT + room * n / most, _y(e / log(10))) for n, e in zip(panel.requests, evidence, strict=True)]
            yield _line([(LEFT, _y(0)), *points], colour)


def _y(power: float) -> float:
    share = (min(max(power, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _line(points: Sequence[tuple[float, float]], colour: str, *, width: float = 1.8, dashes: str = "none") -> str:
    shape = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{shape}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-dasharray="{dashes}" stroke-linejoin="round"/>'
    )
