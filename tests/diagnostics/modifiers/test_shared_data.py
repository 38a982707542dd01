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


FLOORS = {  # strict, loose: below what bench/modifiers.py measures
    "change_case:english_capital": (0.98, 0.95), "change_case:english_lowercase": (0.97, 0.92),
    "combination:repeat_prompt": (0.98, 0.97), "combination:two_responses": (0.96, 0.95),
    "detectable_content:no_digits": (0.98, 0.95), "detectable_content:number_placeholders": (0.98, 0.98),
    "detectable_content:postscript": (0.95, 0.95), "detectable_format:json_format": (0.98, 0.98),
    "detectable_format:multiple_sections": (0.93, 0.93), "detectable_format:number_bullet_lists": (0.96, 0.95),
    "detectable_format:number_highlighted_sections": (0.98, 0.98), "detectable_format:title": (0.98, 0.98),
    "keywords:forbidden_words": (0.98, 0.91), "keywords:letter_frequency": (0.98, 0.96),
    "length_constraints:nth_paragraph_first_word": (0.98, 0.83), "length_constraints:number_paragraphs": (0.96, 0.93),
    "length_constraints:number_sentences": (0.96, 0.92), "length_constraints:number_words": (0.96, 0.91),
    "punctuation:no_comma": (0.98, 0.93), "startend:end_checker": (0.98, 0.96), "startend:quotation": (0.98, 0.92),
}  # fmt: skip


def test_verdicts(bench):
    counts, _ = bench.agreement(DATA)
    for ifeval, floors in FLOORS.items():
        tally = counts[ifeval]
        for kind, floor in zip(("strict", "loose"), floors, strict=True):
            same, differs = tally[f"{kind} same"], tally[f"{kind} differs"]
            assert same / (same + differs) >= floor, (ifeval, kind, same, differs)
