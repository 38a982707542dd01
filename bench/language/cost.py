"""CPU time of one thread per reply beside the peers', memory and start of a fresh process, and linearity."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from rich.table import Table

from diagnostics.core import Instruction
from diagnostics.runner import Diagnostics

from . import data
from .tables import console, table
from .trials import Setup, instruction

PIECE = 5
"""Characters of a streamed piece: about a token."""

SIZES = (300, 2000)
IN_USE = ("en", "fr", "de", "es", "pt", "ru", "ar", "hi", "id", "tr")
"""Languages in use at once where memory is measured."""

ROUNDS, REPLIES = 7, 8


def run(setup: Setup) -> None:
    """Print all three."""
    texts = by_language(setup)
    _print_cpu(setup, texts)
    _print_process(setup, texts)
    _print_linearity(setup)


def by_language(setup: Setup) -> dict[str, str]:
    """All right replies of one model, joined, by language."""
    texts: dict[str, list[str]] = {}
    for reply in data.replies(setup.data):
        if reply.model == "gpt-3.5-turbo" and reply.task == "monolingual":
            texts.setdefault(reply.expected_language, []).append(reply.text)
    return {language: "\n\n".join(each) for language, each in sorted(texts.items())}


def diagnostics(setup: Setup) -> Diagnostics:
    """The product's diagnosis with the language detector alone."""
    return Diagnostics(lambda messages, declared: Instruction(messages), (setup.detector,))


def stream(watched: Diagnostics, language: str, text: str, piece: int = PIECE) -> None:
    """One reply through the diagnosis, piece by piece."""
    watch = watched.watch("", instruction(language, "en"))
    for at in range(0, len(text), piece):
        watch.feed(text[at : at + piece])
    watch.close(complete=True)


def microseconds(call: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU time of a call, the median over texts of each one's best of several rounds."""
    return statistics.median(min(_once(call, text) for _ in range(ROUNDS)) for text in texts) * 1e6


def _once(call: Callable[[str], object], text: str) -> float:
    start = time.thread_time()
    call(text)
    return time.thread_time() - start


def _print_cpu(setup: Setup, texts: dict[str, str]) -> None:
    watched = diagnostics(setup)
    for size in SIZES:
        shown = table(
            f"CPU per reply of {size} characters, µs (median of {REPLIES} replies): ours fed in pieces of {PIECE} "
            "characters, verdicts and alarms included; peers called once on the whole",
            "engine", *texts, "mean",
        )  # fmt: skip
        ours = [
            microseconds(partial(stream, watched, language), pieces(text, size)) for language, text in texts.items()
        ]
        _add_times(shown, "ours", ours)
        for engine in setup.peers:
            _add_times(shown, engine.name, [microseconds(engine.best, pieces(text, size)) for text in texts.values()])
        console.print(shown)


def _add_times(shown: Table, name: str, times: Sequence[float]) -> None:
    shown.add_row(name, *(f"{each:.0f}" for each in times), f"{statistics.mean(times):.0f}")


def pieces(text: str, size: int) -> list[str]:
    """Texts of this size from all over a longer one."""
    step = max(size, len(text) // REPLIES)
    return [text[at : at + size] for at in range(0, len(text) - size + 1, step)][:REPLIES]


_FRESH = """
import json, os, sys, time
os.environ["OPENBLAS_NUM_THREADS"] = "1"
texts = json.load(sys.stdin)
def memory():
    lines = open("/proc/self/status").read().split("\\n")
    return {line[:5]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("VmRSS", "VmHWM"))}
before, start = memory(), time.process_time()
from bench.language.cost import stream
from diagnostics.core import Instruction
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LanguageMismatch
from diagnostics.runner import Diagnostics
identifier = Identifier()
identifier.preload(texts)
ready = time.process_time() - start
watched = Diagnostics(lambda messages, declared: Instruction(messages), (LanguageMismatch(identifier),))
for language, text in texts.items():
    stream(watched, language, text)
    identifier.identify(text[:300])
print(json.dumps({"before": before["VmRSS"], "after": memory()["VmRSS"], "peak": memory()["VmHWM"], "ready": ready}))
"""


def _print_process(setup: Setup, texts: dict[str, str]) -> None:
    given = json.dumps({language: texts[language][:2000] for language in IN_USE if language in texts})
    done = subprocess.run([sys.executable, "-c", _FRESH], input=given, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    console.print(
        f"a fresh process with {len(IN_USE)} languages in use ({' '.join(IN_USE)}), each judged once: resident memory "
        f"{found['after']:.0f} MB (peak {found['peak']:.0f}, {found['before']:.0f} before anything was imported); "
        f"ready after {found['ready']:.2f} s of CPU\n"
    )


def _print_linearity(setup: Setup) -> None:
    text = by_language(setup)["fr"]
    normal = (text * (1_000_000 // len(text) + 1))[:1_000_000]
    floods = {
        "ordinary French, 1 MB": normal,
        "ordinary French, 60,000 characters": normal[:60_000],
        "a line without a space, 1 MB": "".join(filter(str.isalpha, normal)) + "a" * 100_000,
        "one letter, 1 MB": "a" * 1_000_000,
        "emoji, 10 MB": "😀🎉" * 1_250_000,
        "combining marks, 1 MB": "e" + "\u0301" * 500_000,
        "right-to-left marks": "\u200f\u202e" * 250_000,
        "NULs": "\0" * 1_000_000,
        "lone surrogates": "\ud800" * 1_000_000,
        "backticks": "`" * 1_000_000,
        "opened quotes": '"a ' * 300_000,
        "dots and letters": "a." * 500_000,
        "one Han character": "東" * 300_000,
    }
    watched = diagnostics(setup)
    shown = table(
        f"hostile text: CPU per character, ns, fed in pieces of {PIECE} characters and at once (what is judged of a "
        "reply is bounded)",
        "text", "characters", f"pieces of {PIECE}", "at once",
    )  # fmt: skip
    for name, flood in floods.items():
        times = [_once(partial(stream, watched, "fr", piece=piece), flood) for piece in (PIECE, len(flood))]
        shown.add_row(name, f"{len(flood):,}", *(f"{each / len(flood) * 1e9:.0f}" for each in times))
    console.print(shown)
