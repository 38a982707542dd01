"""Totals on third-party prompts and replies, where they are at hand; ``bench/modifiers.py`` prints them in full."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not (DATA / "marco_prompts.jsonl.gz").exists(), reason="the shared data is not here")


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_modifiers", ROOT / "bench" / "modifiers.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_extraction(bench, reader):
    extraction, _ = bench.extract(DATA, reader)
    sums = extraction.sums()
    floors = {"language": (0.97, 0.98), "json": (0.98, 0.98), "bullets": (0.86, 0.96), "html": (1.0, 1.0)}
    for name, (precision, recall) in floors.items():
        tp, fp, fn = (sums[name].counts[kind] for kind in ("tp", "fp", "fn"))
        assert tp / (tp + fp) >= precision, name
        assert tp / (tp + fn) >= recall, name
    assert extraction.exact[True] / extraction.exact.total() >= 0.94
    assert extraction.plain[True] / extraction.plain.total() <= 0.015


def test_verdicts(bench):
    counts, _ = bench.agreement(DATA)
    for ifeval, floor in {"detectable_format:json_format": 0.98, "detectable_format:number_bullet_lists": 0.96}.items():
        tally = counts[ifeval]
        for kind in ("strict", "loose"):
            assert tally[f"{kind} same"] / (tally[f"{kind} same"] + tally[f"{kind} differs"]) >= floor, (ifeval, kind)
