"""The language of instructions, and the official verdicts of M-IFEval on the language of replies."""

from __future__ import annotations

from collections import Counter

from diagnostics.core import Message, Verdict
from diagnostics.language.expected import instruction_language

from . import data
from .data import Judged, Prompt
from .engines import same
from .tables import console, counted, percent
from .trials import Setup, judge


def run(setup: Setup) -> None:
    """Print precision and recall on whole instructions, and the agreement with the official verdicts."""
    _print_prompts(setup)
    _print_official(setup)


def _print_prompts(setup: Setup) -> None:
    counts: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in data.rows(setup.data, "marco_prompts", Prompt):
        spoken = instruction_language((Message("user", row.prompt),), setup.identifier.identify)
        right = spoken is not None and base(spoken, row.prompt) == base(row.language, row.prompt)
        counts["right" if right else "doubt" if spoken is None else "wrong"] += 1
        missed[row.language] += not right
    said = counts["right"] + counts["wrong"]
    console.print(
        f"language of {counts.total()} instructions in {len(missed)} languages: precision "
        f"{percent(counts['right'], said, 2)} %, recall {percent(counts['right'], counts.total(), 2)} %; "
        f"missed: {counted(missed, 8)}"
    )


def base(tag: str, text: str) -> str:
    """The language of a tag, without script and region."""
    return same(tag.partition("-")[0], text)


def _print_official(setup: Setup) -> None:
    counts: Counter[str] = Counter()
    for row in data.rows(setup.data, "m_ifeval_responses", Judged):
        spoken = instruction_language((Message("user", row.prompt),), setup.identifier.identify)
        counts["prompts"] += 1
        counts["prompts read right"] += spoken == row.language
        counts["prompts read wrong"] += spoken not in (None, row.language)
        for name, arguments, strict in zip(row.instruction_id_list, row.kwargs, row.strict, strict=True):
            if not name.endswith("language:response_language"):
                continue
            found = judge(setup.detector, row.response or "", str(arguments["language"]), row.language)
            counts["replies"] += 1
            counts["agree"] += found.verdict is (Verdict.PASS if strict else Verdict.FAIL)
            counts["abstain"] += found.verdict is Verdict.ABSTAIN
    console.print(
        f"M-IFEval: {counts['agree']} of {counts['replies']} official verdicts on the reply's language agree, "
        f"{counts['abstain']} of ours abstain; of {counts['prompts']} instructions {counts['prompts read right']} "
        f"read right, {counts['prompts read wrong']} wrong\n"
    )
