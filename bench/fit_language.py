"""Fits the weights of the language score on the development data, and writes them where the library reads them.

    python -m bench.fit_language [DATA]

DATA is the folder with ``lingua_lines.jsonl.gz`` (default: ``../shared/data`` beside the repository). Trials are
snippets of two words, three to five words, ten words and whole sentences: text in X, and English text of the same
length, both weighed as X against English; for n-grams alone, text in X and in Y weighed as X against Y. Only Latin
scripts take part, for script settles the others. Each of the three logistics is fitted by Newton's method with both
classes weighing the same, and trimmed: the half percent of either class that fits worst is left out and the fit
repeated, because some rows are filed under the wrong language, or are English in a page of that language.

The threshold for two words is the one at which one right pair in two thousand of the raw rows would be called wrong;
from three words on it is where the logistic says 98 %.
"""

from __future__ import annotations

import gzip
import math
import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import msgspec
import numpy as np
from numpy.typing import NDArray

from diagnostics.language import weighing
from diagnostics.language.identify import count_letters
from diagnostics.language.profiles import NEIGHBOURS, SCRIPTS, fold
from diagnostics.language.weighing import Engines, Passage, Trial
from diagnostics.text import mask_code

DATA = Path(__file__).parents[2] / "shared" / "data"
WEIGHTS = Path(weighing.__file__).with_name("weights.json")
LENGTHS = (2, 4, 10, 99)
"""Words of a snippet; 4 stands for three to five, 99 for the whole sentence."""

TRIMMED = 0.002
PAIR_FALSE_ALARMS = 0.0005
SURE = -math.log(0.98 / 0.02)

Features = NDArray[np.float64]


class Example(msgspec.Struct, frozen=True):
    """One trial: its length, W, N, and whether the text is in the language on trial."""

    length: int
    words: float
    ngrams: float
    right: bool


def snippets(rows: Sequence[dict[str, Any]], language: str, length: int, draw: random.Random) -> Iterator[str]:
    kind = "word-pairs" if length == 2 else "sentences"
    for row in rows:
        if row["language"] == language and row["kind"] == kind:
            found = mask_code(row["text"]).split()
            size = draw.choice((3, 4, 5)) if length == 4 else length
            if length in (2, 99):
                yield " ".join(found)
            elif len(found) > size:
                start = draw.randrange(len(found) - size + 1)
                yield " ".join(found[start : start + size])


def example(engines: Engines, text: str, language: str, rival: str, length: int, right: bool) -> Example | None:
    letters = count_letters(text)
    if not letters or max(letters, key=letters.__getitem__) != "Latin":
        return None
    passage = Passage(text, letters, engines)
    words = Trial(engines, passage, language, "Latin").likelihood_ratio(rival) or 0.0
    return Example(length, words, passage.ranking.margin(language, rival, "Latin"), right)


def trials(rows: Sequence[dict[str, Any]], engines: Engines) -> dict[str, list[Example]]:
    draw = random.Random(7)
    languages = sorted({row["language"] for row in rows} - {"en"})
    latin = [x for x in languages if "Latin" in SCRIPTS.get(fold(x, "Latin"), ("Latin",))]
    known = [x for x in latin if engines.ngrams.knows(fold(x, "Latin"))]
    made: defaultdict[str, list[Example]] = defaultdict(list)
    for length in LENGTHS:
        english = list(snippets(rows, "en", length, draw))
        for tag in known:
            language = fold(tag, "Latin")
            kind = "unlisted" if engines.lists.of(language) is None else "listed"
            own = list(snippets(rows, tag, length, draw))
            for right, texts in ((True, own), (False, english)):
                made[kind] += filter(None, (example(engines, t, language, "en", length, right) for t in texts))
            other = fold(draw.choice(known), "Latin")
            if other != language and other not in NEIGHBOURS.get(language, ()):
                made["alone"] += filter(None, (example(engines, t, language, other, length, True) for t in own))
                made["alone"] += filter(None, (example(engines, t, other, language, length, False) for t in own))
    return made


def logistic(features: Features, right: NDArray[np.bool_]) -> Features:
    """Weights of the logistic, both classes weighing the same; a little ridge keeps it finite."""
    weight = np.where(right, 0.5 / right.sum(), 0.5 / (~right).sum()) * len(right)
    beta = np.zeros(features.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(features @ beta, -30, 30)))
        gradient = features.T @ (weight * (right - p)) - 0.1 * beta
        hessian = (features * (weight * p * (1 - p))[:, None]).T @ features + 0.1 * np.eye(len(beta))
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta


def fit(examples: Sequence[Example], *, words: bool) -> weighing.Weights:
    right = np.array([each.right for each in examples])
    features = np.array([[1.0, each.words if words else 0.0, each.ngrams] for each in examples])
    kept = np.ones(len(examples), dtype=bool)
    beta = np.zeros(3)
    for _ in range(4):
        beta = logistic(features[kept], right[kept])
        fitness = np.where(right, 1, -1) * (features @ beta)
        kept = np.where(right, fitness > np.quantile(fitness[right], TRIMMED), True)
        kept &= np.where(~right, fitness > np.quantile(fitness[~right], TRIMMED), True)
    return weighing.Weights(*(round(float(x), 3) for x in beta))


def report(name: str, weights: weighing.Weights, examples: Sequence[Example], pair: float) -> dict[str, str]:
    """Per length: how many right texts are called wrong and how many wrong ones are caught, in % of the raw rows."""
    found = {}
    for length in LENGTHS:
        z = {
            right: np.array([weights.z(e.words, e.ngrams) for e in examples if (e.length, e.right) == (length, right)])
            for right in (True, False)
        }
        threshold = pair if length == 2 else SURE
        false, caught = (100 * float(np.mean(z[right] < threshold)) for right in (True, False))
        label = {2: "2 words", 4: "3 to 5 words", 10: "10 words", 99: "sentences"}[length]
        found[label] = f"false alarm {false:.2f} of {len(z[True])}, caught {caught:.1f} of {len(z[False])}"
        print(f"{name:9} {label:13} {found[label]}")
    return found


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    with gzip.open(data / "lingua_lines.jsonl.gz", "rb") as lines:
        rows = [msgspec.json.decode(line) for line in lines]
    engines = Engines()
    engines.lists.preload(())
    engines.ngrams.load()
    made = trials(rows, engines)
    weights = {name: fit(examples, words=name != "alone") for name, examples in made.items()}
    pairs = [
        weights[name].z(e.words, e.ngrams)
        for name in ("listed", "unlisted")
        for e in made[name]
        if e.right and e.length == 2
    ]
    pair = round(min(SURE, float(np.quantile(pairs, PAIR_FALSE_ALARMS))), 2)
    fitted = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "data": f"{len(rows)} rows of lingua-py's test data (Leipzig corpora), {sum(map(len, made.values()))} trials",
        **{name: msgspec.to_builtins(each) for name, each in weights.items()},
        "mismatch": {"pair": pair, "longer": round(SURE, 2)},
        "figures, % of raw rows": {name: report(name, weights[name], made[name], pair) for name in weights},
    }
    WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=2) + b"\n")


if __name__ == "__main__":
    main()
