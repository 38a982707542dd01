"""Languages that are easily taken for one another: a forced choice between the two, and our verdicts."""

from __future__ import annotations

from collections import Counter

from diagnostics.core import Verdict

from .engines import FLOOR, Engine, same
from .snippets import TEN, snippets
from .tables import console, percent, table
from .trials import Setup

PAIRS = (
    ("nb", "da"), ("nb", "sv"), ("cs", "sk"), ("hr", "sl"), ("id", "ms"), ("es", "ca"), ("pt", "es"), ("it", "la"),
    ("af", "nl"), ("de", "nl"), ("et", "fi"), ("lt", "lv"), ("az", "tr"), ("xh", "zu"), ("st", "tn"), ("ru", "uk"),
    ("ru", "be"), ("ru", "bg"), ("bg", "mk"), ("sr", "mk"), ("kk", "mn"), ("hi", "mr"), ("ar", "fa"), ("fa", "ur"),
    ("zh", "ja"),
)  # fmt: skip
PER_LANGUAGE = 100


def run(setup: Setup) -> None:
    """Print the errors of a forced choice, then what we say when the other one was wanted."""
    texts = snippets(setup.data, TEN)
    shown = table(
        f"hard pairs, {TEN}: errors % of a forced choice between the two ({2 * PER_LANGUAGE} texts; no answer is an "
        "error), then our verdicts where the text's language was wanted and where the other one was",
        "pair", *(engine.name for engine in setup.jury), "ours",
        "own: pass", "own: fail", "other: caught", "other: pass",
    )  # fmt: skip
    for pair in PAIRS:
        sample = [(text, pair[at], pair[1 - at]) for at in (0, 1) for text in texts[pair[at]][:PER_LANGUAGE]]
        n = len(sample)
        errors = [percent(sum(not prefers(engine, *trial) for trial in sample), n) for engine in setup.jury]
        own, other = Counter[Verdict](), Counter[Verdict]()
        ours = 0
        for text, right, wrong in sample:
            found = setup.identifier.verify(text, right, (wrong,))
            ours += found.margin <= 0
            own[found.verdict] += 1
            other[setup.identifier.verify(text, wrong, (right,)).verdict] += 1
        figures = [own[Verdict.PASS], own[Verdict.FAIL], other[Verdict.FAIL], other[Verdict.PASS]]
        shown.add_row("-".join(pair), *errors, percent(ours, n), *(percent(each, n) for each in figures))
    console.print(shown)


def prefers(engine: Engine, text: str, right: str, wrong: str) -> bool | None:
    """Is the right language likelier than the wrong one? False too when the engine supports only one of them."""
    scores = engine.scores(text)
    return scores.get(same(right, text), FLOOR) > scores.get(same(wrong, text), FLOOR)
