"""What judging costs: CPU of each check and of all together on a reply of 2,000 characters, whole and in pieces; growth
with the reply, plain and hostile.

A check is asked for with the arguments of its first example. "All" is every registered modifier on one reply, which no
prompt asks for; what labelled prompts do ask for is measured on the replies to them.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import msgspec

from bench.language.data import DATA
from diagnostics.core import RequestedModifier
from diagnostics.modifiers import MODIFIERS, Modifier
from diagnostics.modifiers import compliance as observed

from .data import RESPONSES, Prompt, read

HELP = "CPU of judging"

LENGTH = 2_000
PIECE = 5
ROUNDS = 7
SIZES = (10_000, 100_000, 1_000_000)
NO_BOUND = 1 << 40
ENGLISH = """Tea is hot, and Dr. Hall drinks 3.5 cups a day. "Why?" she asked. It's a long story.

- **Green** tea is light.
"""
HOSTILE = {
    "plain": ENGLISH,
    "brackets": "[",
    "nested brackets": "[{(<",
    "closed brackets": "[]",
    "tags": "<a>",
    "void tags": "<br/>",
    "JSON": '{"a":[',
    "fences": "```\n",
    "fences in fences": "````\n```\n",
    "tildes": "~",
    "asterisks": "*",
    "emphasis": "*a* **b** ",
    "rows of a table": "|a|b|\n|-|-|\n",
    "bullets": "- a\n",
    "rules": "- - -\n",
    "blank lines": "\n",
    "blanks": " ",
    "no line end": "word ",
    "one letter": "a",
    "stops": ". ",
    "commas": ",",
    "quotation marks": '"',
    "keys": "a: b\n",
    "lead-ins": "Here:\n",
    "combining marks": "e\u0301\u0301\u0301",
    "marks only": "\u0301\u0327",
    "joiners": "\u200d",
    "family": "👨\u200d",
    "regional indicators": "🇫",
    "one Han character": "字",
    "ligatures": "ﷺ",
    "dotted capital i": "İ",
    "lone surrogates": "\ud800",
    "NULs": "\0",
}


class Answered(Prompt, frozen=True, kw_only=True):
    """A labelled prompt with a reply to it."""

    response: str | None


class Spoken(msgspec.Struct, frozen=True):
    """A reply and the language it was to be in."""

    expected_language: str
    response: str | None


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="folder of the development data")


def run(options: argparse.Namespace) -> None:
    """Measure and print all of it."""
    demands = [shown(modifier) for modifier in MODIFIERS]
    texts = by_language(options.data)
    print_each(demands, texts)
    print_asked(options.data)
    print_growth(demands)


def shown(modifier: type[Modifier]) -> Modifier:
    """The modifier with the arguments of its first example that has a reply."""
    example = next(each for each in modifier.examples if each.verdict is not None)
    return msgspec.convert(example.arguments, modifier)


def by_language(folder: Path) -> dict[str, str]:
    """Replies in several languages, joined and cut to the length."""
    texts: dict[str, str] = {}
    decoder = msgspec.json.Decoder(Spoken)
    with gzip.open(folder / "language_confusion.jsonl.gz", "rb") as file:
        rows = list(map(decoder.decode, file))
    for row in rows:
        joined = texts.get(row.expected_language, "")
        if len(joined) < LENGTH:
            texts[row.expected_language] = f"{joined}{row.response or ''}\n\n"[:LENGTH]
    return {language: text for language, text in sorted(texts.items()) if len(text) == LENGTH}


def spent(demands: Sequence[Modifier], reply: str, piece: int) -> float:
    """CPU seconds of judging a reply; one in pieces is asked after each of them what is decided."""
    asked = [(RequestedModifier(demand.name()), demand) for demand in demands]
    pieces = [reply[at : at + piece] for at in range(0, len(reply), piece)]
    start = time.thread_time()
    observer = observed.ModifierObserver(asked)
    for text in pieces:
        observer.feed(text)
        if len(pieces) > 1:
            _ = observer.decided
    observer.close(complete=True)
    return time.thread_time() - start


def best(call: Callable[[], float], rounds: int = ROUNDS) -> float:
    """The least of several rounds, in µs."""
    return min(call() for _ in range(rounds)) * 1e6


def print_each(demands: Sequence[Modifier], texts: dict[str, str]) -> None:
    """Each check alone, then all together: whole, and in pieces."""
    print(f"CPU of a reply of {LENGTH:,} characters, µs, best of {ROUNDS}: whole / in pieces of {PIECE}")
    print(f"{'':20}" + "".join(f"{language:>12}" for language in texts))
    rows = [(demand.name(), [demand]) for demand in demands] + [("all", list(demands))]
    for name, some in rows:
        cells = [
            f"{best(lambda: spent(some, text, LENGTH)):5.0f}/{best(lambda: spent(some, text, PIECE)):5.0f}"  # noqa: B023
            for text in texts.values()
        ]
        print(f"{name:20}" + "".join(f"{cell:>12}" for cell in cells))


def print_asked(folder: Path) -> None:
    """What labelled prompts ask for, all of it, on the replies to them."""
    by_ifeval = {modifier.ifeval: modifier for modifier in MODIFIERS if modifier.ifeval}
    whole: dict[int, list[float]] = {}
    pieces: list[float] = []
    for row in read(folder / f"{RESPONSES}.jsonl.gz", Answered):
        reply = row.response or ""
        if not 0.75 * LENGTH <= len(reply) <= 1.25 * LENGTH:
            continue
        demands = [shown(by_ifeval[ifeval]) for ifeval, _ in row.labels if ifeval in by_ifeval]
        if demands:
            whole.setdefault(len(demands), []).append(best(lambda: spent(demands, reply, len(reply)), 3))  # noqa: B023
            pieces.append(best(lambda: spent(demands, reply, PIECE), 3))  # noqa: B023
    print(f"\nCPU of what a prompt asks for, on replies of about {LENGTH:,} characters, µs")
    for count, times in sorted(whole.items()):
        print(f"{count} demands: median {statistics.median(times):4.0f}, most {max(times):4.0f} ({len(times)} replies)")
    print(f"in pieces of {PIECE}: median {statistics.median(pieces):4.0f}, most {max(pieces):4.0f}")


def print_growth(demands: Sequence[Modifier]) -> None:
    """CPU a character at 10, 100 and 1,000 kB, of all checks together and of the one that grows most."""
    print("\nCPU a character by size, ns, without the bound: all checks, and the one that grows most")
    sizes = ", ".join(f"{size // 1000:,} kB" for size in SIZES)
    print(f"{'':20} whole at {sizes}; the same in pieces of 500; the steepest check at the first and the last size")
    with patch.object(observed, "LIMIT", NO_BOUND):
        for name, unit in HOSTILE.items():
            texts = [(unit * (size // len(unit) + 1))[:size] for size in SIZES]
            single = [[spent([demand], text, len(text)) / len(text) for text in texts] for demand in demands]
            streamed = [spent(demands, text, 500) / len(text) * 1e9 for text in texts]
            total = [sum(each) * 1e9 for each in zip(*single, strict=True)]
            first, last, steepest = max(
                (
                    (times[0] * 1e9, times[-1] * 1e9, demand.name())
                    for times, demand in zip(single, demands, strict=True)
                ),
                key=lambda each: each[1] / max(each[0], 5.0),
            )
            cells = "".join(f"{each:8.0f}" for each in (*total, *streamed))
            print(f"{name:20}{cells}   {steepest}: {first:.0f}, {last:.0f}")
