"""What the reader of modifiers finds, and how the checks agree with the official verdicts.

    python bench/modifiers.py [DATA] [--errors N]

DATA (default ../shared/data) holds marco_prompts, m_ifeval_prompts and m_ifeval_responses as gzipped JSON lines.

Labels are used with care. Many Marco sets add an implicit response_language, the prompt's own, to rows that ask for
none: only requests for another language count (in the English set, explicit ones for English too), and what is read as
the prompt's own language is neither hit nor miss. Rows with a case type are labelled English, though few say so.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from diagnostics.core import Message
from diagnostics.language.tags import SEVERAL, UNDETERMINED
from diagnostics.modifiers import MODIFIERS, Modifier
from diagnostics.modifiers.grammar import Demands, Reader
from diagnostics.modifiers.lexicon import load_lexicons

NAMES = {"detectable_format:json_format": "json", "detectable_format:number_bullet_lists": "bullets"}
LANGUAGE = "language:response_language"
RELATIONS = {"au moins": "at least", "moins de": "less than"}
FRENCH: dict[str, dict[str, Any]] = {
    "detectable_format:title": {"opening": "##", "closing": "##"},
    "detectable_format:constrained_response": {"options": ["Oui.", "Non.", "Peut-être."]},
}
"""What M-IFEval's French edition asks for in its prompts and does not list among the arguments."""
SUBTAGS = {"zh-cn": "zh", "zh-tw": "zh", "zh-Hans": "zh", "zh-Hant": "zh", "nb": "no", "tl": "fil"}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of one gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def labels(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Instruction id -> its arguments, without the language prefix that M-IFEval adds."""
    ids = [":".join(each.split(":")[-2:]) for each in row["instruction_id_list"]]
    return dict(zip(ids, row["kwargs"], strict=False))  # a few rows hold one kwargs too many


class Tally:
    """True and false positives and negatives of one cell, and the errors themselves."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.errors: list[str] = []

    def add(self, found: bool, wanted: bool, error: str) -> None:
        """Count one row."""
        kind = ("tp" if wanted else "fp") if found else ("fn" if wanted else "tn")
        self.counts[kind] += 1
        if kind in ("fp", "fn"):
            self.errors.append(f"{kind} {error}")

    def __str__(self) -> str:
        tp, fp, fn = (self.counts[kind] for kind in ("tp", "fp", "fn"))
        precision = f"{tp / (tp + fp):.3f}" if tp + fp else "  -  "
        recall = f"{tp / (tp + fn):.3f}" if tp + fn else "  -  "
        return f"P {precision} R {recall} (tp {tp} fp {fp} fn {fn})"


class Extraction:
    """Extraction measured over rows of prompts."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], Tally] = {}
        self.exact: Counter[bool] = Counter()
        self.plain: Counter[bool] = Counter()

    def cell(self, language: str, name: str) -> Tally:
        """The tally of one language and modifier."""
        return self.cells.setdefault((language, name), Tally())

    def row(self, row: dict[str, Any], demands: Demands) -> None:
        """Compare what was read from one prompt with its labels."""
        wanted = labels(row)
        prompt = row["prompt"].replace("\n", "\\n")
        where = f"{row['set']} {row['language']} {row.get('variant', '')} {row['key']}"
        asked = self._language(row, demands, wanted, f"{where} | {prompt}")
        found = {each.name: each for each in demands.modifiers}
        for ifeval, name in NAMES.items():
            self.cell(row["language"], name).add(name in found, ifeval in wanted, f"{where} {name} | {prompt}")
            if name == "bullets" and name in found and ifeval in wanted:
                self.exact[found[name].arguments.get("num_bullets") == wanted[ifeval]["num_bullets"]] += 1
                if found[name].arguments.get("num_bullets") != wanted[ifeval]["num_bullets"]:
                    self.cell(row["language"], name).errors.append(
                        f"arg {where} {found[name].arguments} for {wanted[ifeval]} | {prompt}"
                    )
        self.cell(row["language"], "html").add("html" in found, "html" in prompt.lower(), f"{where} html | {prompt}")
        if not asked and not (wanted.keys() & NAMES.keys()) and "html" not in prompt.lower():
            own = demands.language is not None and demands.language.tag == row["language"]
            self.plain[bool(found) or (demands.language is not None and not own)] += 1

    def sums(self) -> dict[str, Tally]:
        """The tallies of all languages together."""
        sums: dict[str, Tally] = {}
        for (_, name), tally in sorted(self.cells.items()):
            sums.setdefault(name, Tally()).counts += tally.counts
        return sums

    def _language(self, row: dict[str, Any], demands: Demands, wanted: dict[str, Any], error: str) -> bool:
        own = row["language"]
        label = wanted.get(LANGUAGE, {}).get("language")
        label = SUBTAGS.get(label, label)
        found = demands.language.tag if demands.language else None
        found = None if found in (SEVERAL, UNDETERMINED) else found
        found = SUBTAGS.get(found, found) if found else None
        cased = any("english_" in each or "capital_word" in each for each in wanted)
        explicit = label is not None and (label != own or own == "en")
        if cased and label in (None, "en", own):
            # English is meant in any case: whether the prompt says so is not labelled.
            if found not in (None, "en", own):
                self.cell(own, "language").add(True, False, f"{found} {error}")
            return True
        if not explicit:
            if found != own:
                self.cell(own, "language").add(found is not None, False, f"{found} for none {error}")
            return False
        self.cell(own, "language").add(found == label, True, f"{found} for {label} {error}")
        if found not in (None, label):
            self.cell(own, "language").counts["fp"] += 1
        return True


def extract(data: Path, reader: Reader) -> tuple[Extraction, list[float]]:
    """What is read from all prompts in the lexicons' languages, and the seconds that each took."""
    extraction = Extraction()
    spent: list[float] = []
    for file in ("marco_prompts", "m_ifeval_prompts"):
        for row in rows(data / f"{file}.jsonl.gz"):
            if row["language"] in reader.languages:
                messages = (Message("user", row["prompt"]),)
                start = time.perf_counter()
                demands = reader.read(messages, row["language"])
                spent.append(time.perf_counter() - start)
                extraction.row(row, demands)
    return extraction, spent


def declared(modifier: type[Modifier], arguments: dict[str, Any]) -> Modifier:
    """The modifier with the arguments of an official row; its French relations are put into IFEval's words."""
    fields = modifier.__struct_fields__
    known = {name: RELATIONS.get(str(value), value) for name, value in arguments.items() if name in fields}
    return msgspec.convert({name: value for name, value in known.items() if value is not None}, modifier)


def agreement(data: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """Our verdicts beside the official ones: bare is strict (as is a fence, which is stripped there), any is loose."""
    checks = {modifier.ifeval: modifier for modifier in MODIFIERS if modifier.ifeval}
    counts: dict[str, Counter[str]] = {}
    differing: list[str] = []
    for row in rows(data / "m_ifeval_responses.jsonl.gz"):
        reply = row["response"] or ""
        # Not labels(): a prompt may ask for one type twice, "at least 3 and fewer than 5 sentences".
        for i, (label, arguments) in enumerate(zip(row["instruction_id_list"], row["kwargs"], strict=False)):
            ifeval = ":".join(label.split(":")[-2:])
            if ifeval not in checks:
                continue
            if row["language"] == "fr":
                arguments = arguments | FRENCH.get(ifeval, {})
            outcome = declared(checks[ifeval], arguments).check(reply, True)
            passed = outcome.verdict == "pass"
            tally = counts.setdefault(ifeval, Counter())
            for kind, ours in (
                ("strict", passed and (outcome.form == "bare" or reply.startswith("```"))),
                ("loose", passed),
            ):
                official = row[kind][i]
                tally[f"{kind} {'same' if ours == official else 'differs'}"] += 1
                if ours != official:
                    differing.append(
                        f"{kind} {row['language']} {row['model']} {row['key']} {ifeval}: "
                        f"{ours} for {official}: {outcome.explanation}"
                    )
    return counts, differing


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How well modifiers are read and checked.")
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--errors", type=int, default=0, help="how many errors to show for each language and modifier")
    options = parser.parse_args()
    extraction, spent = extract(options.data, Reader(load_lexicons()))
    report(extraction, spent, options.errors)
    counts, differing = agreement(options.data)
    for ifeval, tally in sorted(counts.items()):
        shown = []
        for kind in ("strict", "loose"):
            same, differs = tally[f"{kind} same"], tally[f"{kind} differs"]
            shown.append(f"{kind} {same} of {same + differs} ({same / (same + differs):.1%})")
        print(f"{ifeval:42} {', '.join(shown)}")
    print(*differing[: options.errors or None], sep="\n")


def report(extraction: Extraction, spent: list[float], errors: int) -> None:
    """Print the tallies, in sum and one by one."""
    for (language, name), tally in sorted(extraction.cells.items()):
        print(f"{language} {name:9} {tally}")
        for error in tally.errors[:errors]:
            print("   ", error)
    for name, tally in extraction.sums().items():
        print(f"all {name:9} {tally}")
    print("bullets, number exact:", dict(extraction.exact))
    print("rows that ask for none of these: false alarms", extraction.plain[True], "of", extraction.plain.total())
    spent.sort()
    print(f"read: p50 {spent[len(spent) // 2] * 1e6:.0f} µs, p95 {spent[len(spent) * 19 // 20] * 1e6:.0f} µs a prompt")


if __name__ == "__main__":
    main()
