"""Measures the language half of the library on the development data.

    python -m bench.language [DATA]

DATA is the folder with ``language_confusion.jsonl.gz``, ``lingua_lines.jsonl.gz`` and ``m_ifeval_responses.jsonl.gz``
(default: ``../shared/data`` beside the repository). Times are CPU times of one thread.
"""

from __future__ import annotations

import gzip
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from diagnostics.core import ExpectedLanguage, Instruction, LanguageFinding, Message, Origin, Verdict
from diagnostics.language.expected import instruction_language
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LanguageMismatch
from diagnostics.language.profiles import SCRIPTS, fold
from diagnostics.text import mask_code, scripts

DATA = Path(__file__).parents[2] / "shared" / "data"
OFFICIAL_LPR = {  # monolingual, crosslingual; the benchmark's own figures
    "gpt-3.5-turbo": (99.1, 89.8),
    "mistral-8x7b": (73.0, 69.0),
    "llama-2-instruct": (48.3, 38.4),
}
console = Console(width=150)


def rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(data / f"{name}.jsonl.gz", "rb") as lines:
        yield from map(msgspec.json.decode, lines)


def judge(
    detector: LanguageMismatch, reply: str, expected: str, instruction: str | None, *, complete: bool = True
) -> LanguageFinding:
    observer = detector.observe(Instruction((), instruction, ExpectedLanguage(expected, Origin.REQUESTED)))
    assert observer is not None
    observer.feed(reply)
    (finding,) = observer.close(complete=complete)
    assert isinstance(finding, LanguageFinding)
    return finding


def percent(part: float, whole: float, digits: int = 1) -> str:
    return f"{100 * part / whole:.{digits}f}" if whole else "-"


def table(title: str, *columns: str) -> Table:
    made = Table(*columns, title=title, title_justify="left")
    for column in made.columns[1:]:
        column.justify = "right"
    return made


# --- replies of models ------------------------------------------------------------------------------------------


def confusion(data: Path, detector: LanguageMismatch) -> dict[str, float]:
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    by_model: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    cells: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    rule: Counter[str] = Counter()
    for row in rows(data, "language_confusion"):
        expected, reply = row["expected_language"], (row["response"] or "").split("\nQ:")[0]
        asked_in = "en" if row["task"] == "crosslingual" else expected
        found = judge(detector, reply, expected, asked_in, complete=False)
        counts = by_language[expected]
        counts[found.verdict] += 1
        if found.verdict is Verdict.FAIL:
            counts[f"as {found.detected}"] += 1
        counts["code-switching"] += found.score == 1
        if found.lines and found.lines.passed + found.lines.failed and found.verdict is not Verdict.ABSTAIN:
            for cell in (by_model[row["model"], row["task"]], cells[row["model"], row["task"], expected]):
                cell["judged"] += 1
                cell["clean"] += found.lines.failed == 0
                cell["right"] += found.verdict is Verdict.PASS
        rule[_against_script_rule(reply, expected, found)] += 1
    shown = table(
        "replies by expected language, %", "", "replies", "pass", "fail", "abstain", "score 1", "fails are in"
    )
    for language, counts in sorted(by_language.items()):
        whole = counts[Verdict.PASS] + counts[Verdict.FAIL] + counts[Verdict.ABSTAIN]
        kinds = [percent(counts[kind], whole) for kind in (Verdict.PASS, Verdict.FAIL, Verdict.ABSTAIN)]
        wrong = Counter({key[3:]: n for key, n in counts.items() if key.startswith("as ")}).most_common(4)
        shown.add_row(
            language,
            str(whole),
            *kinds,
            percent(counts["code-switching"], whole),
            " ".join(f"{k} {n}" for k, n in wrong),
        )
    console.print(shown)
    shown = table(
        "line pass rate (mean over languages), %", "model", "task", "no failing line", "official", "document pass"
    )
    for (model, task), _ in sorted(by_model.items()):
        means = [
            [100 * c[key] / c["judged"] for (m, t, _), c in cells.items() if (m, t) == (model, task)]
            for key in ("clean", "right")
        ]
        official = OFFICIAL_LPR[model][task == "crosslingual"]
        shown.add_row(
            model, task, *(f"{x:.1f}" for x in (sum(means[0]) / len(means[0]), official, sum(means[1]) / len(means[1])))
        )
    console.print(shown)
    agree, differ = rule["agree"], rule["differ"]
    console.print(
        f"scripts other than Latin, script share rule: {agree} agree, {differ} differ "
        f"({percent(agree, agree + differ, 2)} %), {rule['abstain']} of ours abstain, {rule['mixed']} mixed scripts\n"
    )
    whole = sum(sum(c[v] for v in Verdict) for c in by_language.values())
    return {
        "agreement": agree / (agree + differ),
        "abstain": sum(c[Verdict.ABSTAIN] for c in by_language.values()) / whole,
        "replies": whole,
    }


def _against_script_rule(reply: str, expected: str, found: LanguageFinding) -> str:
    """Right when over 70 % of the letters are of the expected script, wrong under 10 %: knows no words at all."""
    native = SCRIPTS.get(expected, ("Latin",))
    letters = scripts(mask_code(reply))
    if "Latin" in native or letters.total() < 20:
        return "not applicable"
    share = sum(letters[each] for each in native) / letters.total()
    if 0.1 <= share <= 0.7:
        return "mixed"
    if found.verdict is Verdict.ABSTAIN:
        return "abstain"
    return "agree" if (found.verdict is Verdict.PASS) == (share > 0.7) else "differ"


# --- sentences --------------------------------------------------------------------------------------------------


def sentences(data: Path, identifier: Identifier) -> dict[str, float]:
    all_rows = list(rows(data, "lingua_lines"))
    english = {kind: [r["text"] for r in all_rows if r["language"] == "en" and r["kind"] == kind] for kind in KINDS}
    languages = sorted({row["language"] for row in all_rows} - {"en"})
    shown = table(
        "verification, % (text in X; English where X was wanted)",
        "text", "X: pass", "false alarm", "abstain", "as English", "English: caught", "called X", "abstain",
    )  # fmt: skip
    figures: dict[str, float] = {}
    worst: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for kind in KINDS:
        own: Counter[str] = Counter()
        other: Counter[str] = Counter()
        for row in all_rows:
            if row["kind"] != kind or row["language"] == "en":
                continue
            found = identifier.verify(row["text"], row["language"], ("en",))
            own[found.verdict] += 1
            if found.verdict is Verdict.FAIL:
                worst[kind][row["language"]] += 1
                own["english"] += found.detected == "en"
        for language in languages:
            for text in english[kind][:60]:
                other[identifier.verify(text, language, ("en",)).verdict] += 1
        n, m = sum(own[v] for v in Verdict), sum(other[v] for v in Verdict)
        shown.add_row(
            f"{kind} ({n})",
            percent(own[Verdict.PASS], n),
            percent(own[Verdict.FAIL], n, 2),
            percent(own[Verdict.ABSTAIN], n),
            percent(own["english"], n, 2),
            percent(other[Verdict.FAIL], m),
            percent(other[Verdict.PASS], m, 2),
            percent(other[Verdict.ABSTAIN], m),
        )
        figures[f"{kind} false alarms"] = own[Verdict.FAIL] / n
        figures[f"{kind} passed"] = own[Verdict.PASS] / n
        figures[f"{kind} English caught"] = other[Verdict.FAIL] / m
        figures[f"{kind} English passed"] = other[Verdict.PASS] / m
    console.print(shown)
    shown = table(
        "another language where X was wanted (X, the other and the text drawn at random), %",
        "text",
        "caught",
        "called X",
        "abstain",
        "named right",
    )
    draw = random.Random(1)
    for kind in KINDS:
        counts = Counter()
        pool = [row for row in all_rows if row["kind"] == kind and identifier.knows(row["language"])]
        for row in draw.sample(pool, 6000):
            wanted = draw.choice(languages)
            if fold(wanted, "Latin") == fold(row["language"], "Latin") or not identifier.knows(wanted):
                continue
            found = identifier.verify(row["text"], wanted, ("en",))
            counts[found.verdict] += 1
            counts["named"] += found.verdict is Verdict.FAIL and fold(found.detected or "", "Latin") == fold(
                row["language"], "Latin"
            )
        n = sum(counts[v] for v in Verdict)
        shown.add_row(
            kind,
            percent(counts[Verdict.FAIL], n),
            percent(counts[Verdict.PASS], n, 2),
            percent(counts[Verdict.ABSTAIN], n),
            percent(counts["named"], counts[Verdict.FAIL]),
        )
        figures[f"{kind} others caught"] = counts[Verdict.FAIL] / n
        figures[f"{kind} others passed"] = counts[Verdict.PASS] / n
    console.print(shown)
    for kind in KINDS:
        console.print(f"false alarms, {kind}: " + " ".join(f"{k} {n}" for k, n in worst[kind].most_common(12)))
    shown = table("identification, %", "text", "answered", "precision", "recall", "lowest recall")
    for kind in KINDS:
        counts: Counter[str] = Counter()
        missed: Counter[str] = Counter()
        for row in all_rows:
            if row["kind"] != kind:
                continue
            found_tag = identifier.identify(row["text"])
            right = found_tag is not None and fold(found_tag[0]) == fold(row["language"])
            counts["all"] += 1
            counts["answered"] += found_tag is not None
            counts["right"] += right
            missed[row["language"]] += not right
        figures[f"{kind} precision"] = counts["right"] / counts["answered"]
        figures[f"{kind} recall"] = counts["right"] / counts["all"]
        shown.add_row(
            kind,
            percent(counts["answered"], counts["all"]),
            percent(counts["right"], counts["answered"], 2),
            percent(counts["right"], counts["all"]),
            " ".join(f"{k} {100 - n / 3:.0f}" for k, n in missed.most_common(8)),
        )
    console.print(shown)
    return figures


KINDS = ("sentences", "word-pairs", "single-words")


# --- official verdicts ------------------------------------------------------------------------------------------


def official(data: Path, detector: LanguageMismatch, identifier: Identifier) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for row in rows(data, "m_ifeval_responses"):
        spoken = instruction_language((Message("user", row["prompt"]),), identifier.identify)
        counts["prompts"] += 1
        counts["prompts read right"] += spoken == row["language"]
        counts["prompts read wrong"] += spoken not in (None, row["language"])
        for instruction, kwargs, strict in zip(row["instruction_id_list"], row["kwargs"], row["strict"], strict=True):
            if not instruction.endswith("language:response_language"):
                continue
            found = judge(detector, row["response"] or "", kwargs["language"], row["language"])
            counts["replies"] += 1
            counts["agree"] += found.verdict is (Verdict.PASS if strict else Verdict.FAIL)
            counts["abstain"] += found.verdict is Verdict.ABSTAIN
    console.print(
        f"M-IFEval: official verdict on the reply's language: {counts['agree']} of {counts['replies']} agree, "
        f"{counts['abstain']} of ours abstain; instruction's language: {counts['prompts read right']} of "
        f"{counts['prompts']} read right, {counts['prompts read wrong']} wrong\n"
    )
    return {
        "official": counts["agree"] / counts["replies"],
        "prompts": counts["prompts read right"] / counts["prompts"],
    }


# --- prompts ----------------------------------------------------------------------------------------------------


def prompts(data: Path, identifier: Identifier) -> dict[str, float]:
    """The language of whole instructions, code, quotes and pasted passages included."""
    counts: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in rows(data, "marco_prompts"):
        tag, prompt = row["language"], row["prompt"]
        spoken = instruction_language((Message("user", prompt),), identifier.identify)
        right = spoken is not None and fold(spoken, "Latin") == fold(tag, "Latin")
        counts["right" if right else "doubt" if spoken is None else "wrong"] += 1
        missed[tag] += not right
    said = counts["right"] + counts["wrong"]
    console.print(
        f"prompts in {len(missed)} languages: precision {percent(counts['right'], said, 2)} %, recall "
        f"{percent(counts['right'], counts.total(), 2)} % of {counts.total()}; missed: "
        + " ".join(f"{tag} {n}" for tag, n in missed.most_common(6) if n)
        + "\n"
    )
    return {"precision": counts["right"] / said, "recall": counts["right"] / counts.total()}


# --- cost -------------------------------------------------------------------------------------------------------


def cost(data: Path, detector: LanguageMismatch, identifier: Identifier) -> None:
    replies: dict[str, list[str]] = defaultdict(list)
    for row in rows(data, "language_confusion"):
        if row["model"] == "gpt-3.5-turbo" and row["task"] == "monolingual":
            replies[row["expected_language"]].append(row["response"] or "")
    shown = table("CPU per reply, fed in pieces of 12 characters, µs", "characters", *sorted(replies), "mean")
    for size in (20, 100, 300, 500, 2000):
        times = {}
        for language, texts in replies.items():
            joined = "\n\n".join(texts)
            pieces = [joined[start : start + size] for start in range(0, min(len(joined), 40 * size) - size + 1, size)]
            times[language] = min(_time(pieces, detector, language) for _ in range(7))
        shown.add_row(str(size), *(f"{times[k]:.0f}" for k in sorted(times)), f"{sum(times.values()) / len(times):.0f}")
    console.print(shown)


def _time(pieces: list[str], detector: LanguageMismatch, language: str) -> float:
    start = time.thread_time()
    for text in pieces:
        instruction = Instruction((), "en", ExpectedLanguage(language, Origin.REQUESTED))
        observer = detector.observe(instruction)
        assert observer is not None
        for at in range(0, len(text), 12):
            observer.feed(text[at : at + 12])
        observer.close(complete=True)
    return (time.thread_time() - start) / len(pieces) * 1e6


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not (data / "language_confusion.jsonl.gz").exists():
        console.print(f"no data in {data}: give the folder of the development data as the argument")
        return
    identifier = Identifier()
    identifier.preload(("en", "ar", "de", "es", "fr", "hi", "id", "it", "ja", "ko", "pt", "ru", "tr", "vi", "zh"))
    detector = LanguageMismatch(identifier)
    confusion(data, detector)
    sentences(data, identifier)
    official(data, detector, identifier)
    prompts(data, identifier)
    cost(data, detector, identifier)


if __name__ == "__main__":
    main()
