"""A picture: share of English texts caught against characters seen, at a fixed rate of false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .engines import Engine, same, stray
from .lengths import margins, power
from .snippets import LISTED, OTHER, UNLISTED, groups, paragraphs
from .tables import console, percent, table
from .trials import Setup

SEEN = (8, 12, 16, 24, 32, 48, 64, 96, 128)
FALSE_ALARMS = 0.001
PER_LANGUAGE = 60
"""Streams of each language; with 30 languages 0.1 % of them is one or two."""

OPENING = 48
"""Characters in which a stream must not clearly be in another language."""

PANELS = {"Latin scripts": (LISTED, UNLISTED), "other scripts": (OTHER,)}
# Okabe and Ito's palette, told apart with any colour vision; every line has a marker of its own too.
STYLES = (("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"), ("#CC79A7", "D"), ("#56B4E9", "v"), ("#E69F00", "P"))


def curve(engine: Engine, texts: dict[str, list[str]], languages: Sequence[str]) -> list[float]:
    """Share of English prefixes caught, by the characters seen."""
    shares = []
    for seen in SEEN:
        own = [engine.margin(text[:seen], tag) for tag in languages for text in texts[tag]]
        english = margins(engine, [text[:seen] for text in texts["en"]], languages)
        shares.append(power(own, english, FALSE_ALARMS))
    return shares


def run(setup: Setup) -> None:
    """Print the curves; draw them where a file is given."""
    by_group, texts = groups(setup.data), paragraphs(setup.data)
    engines = setup.everyone
    curves: dict[str, dict[str, list[float]]] = {}
    counts: dict[str, int] = {}
    for panel, its in PANELS.items():
        languages = [
            tag
            for tag, group in sorted(by_group.items())
            if group in its and tag != "en" and all(same(tag, texts[tag][0]) in engine.languages for engine in engines)
        ]
        counts[panel] = len(languages)
        chosen = {"en": texts["en"]}
        for tag in languages:
            kept = [text for text in texts[tag] if not stray(setup.jury, text[:OPENING], tag, latin=its != (OTHER,))]
            chosen[tag] = kept[:PER_LANGUAGE]
        curves[panel] = {engine.name: curve(engine, chosen, languages) for engine in engines}
        shown = table(
            f"English caught, %, by characters seen, at {FALSE_ALARMS:.1%} false alarms; {panel}, {len(languages)} "
            f"languages that all engines support, {PER_LANGUAGE} streams of each",
            "engine", *map(str, SEEN),
        )  # fmt: skip
        for name, shares in curves[panel].items():
            shown.add_row(name, *(percent(share, 1) for share in shares))
        console.print(shown)
    if setup.options.plot:
        draw(curves, counts, setup.options.plot)


def draw(curves: dict[str, dict[str, list[float]]], counts: dict[str, int], path: Path) -> None:
    """Two panels, one legend, as SVG."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"font.size": 11, "svg.hashsalt": "dragoman", "svg.fonttype": "none"})
    figure, axes = pyplot.subplots(1, len(curves), figsize=(11, 4.6), sharey=True, layout="constrained")
    for axis, (panel, lines) in zip(axes, curves.items(), strict=True):
        for (name, shares), (colour, marker) in zip(lines.items(), STYLES, strict=False):
            width = 2.6 if name == "ours" else 1.4
            axis.plot(
                SEEN, [100 * s for s in shares], color=colour, marker=marker, linewidth=width, label=name, zorder=width
            )
        axis.set_title(f"{panel} ({counts[panel]} languages)")
        axis.set_xlabel("characters of the reply seen")
        axis.set_xscale("log", base=2)
        axis.set_xticks(SEEN, map(str, SEEN), minor=False)
        axis.set_xticks([], minor=True)
        axis.set_ylim(-2, 102)
        axis.grid(color="#dddddd", linewidth=0.7)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("English replies called wrong, %")
    axes[-1].legend(loc="lower right", frameon=False)
    figure.suptitle(f"Power against characters seen, at {FALSE_ALARMS:.1%} false alarms on right replies")
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
    console.print(f"drawn: {path}")
