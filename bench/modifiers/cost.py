"""What reading costs: CPU of a prompt of 1,000 characters, growth with the input, hostile input, loading.

The reader looks at a bounded part of a message; growth is measured with and without that bound.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.language.data import DATA
from diagnostics.core import Message
from diagnostics.reading import reader as grammar
from diagnostics.reading.loading import load_lexicons
from diagnostics.reading.reader import Reader

from .data import prompts

HELP = "CPU and memory of reading"

LENGTH = 1_000
ROUNDS = 5
DENSE = 20
"""So many texts of joined prompts are taken for a language."""
SIZES = (10_000, 100_000, 1_000_000)
NO_BOUND = 1 << 40
TOO_LONG = 0.5
"""After a text that took so many seconds no longer one is read."""

_FRESH = """
import json, time, tracemalloc
def memory():
    lines = open("/proc/self/status").read().split("\\n")
    return {line[:5]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("VmRSS", "VmHWM"))}
from diagnostics.reading import loading, reader as grammar
before, start = memory()["VmRSS"], time.process_time()
if TRACED:
    tracemalloc.start()
reader = grammar.Reader(loading.load_lexicons())
loaded = {"seconds": time.process_time() - start, "rss": memory()["VmRSS"] - before}
for language in reader.languages:
    reader.read((grammar.Message("user", "1 2 3"),), language)
seconds = time.process_time() - start
traced = [each / 1048576 for each in tracemalloc.get_traced_memory()]
after, languages = memory(), len(reader.languages)
print(json.dumps({"seconds": seconds, "rss": after["VmRSS"] - before, "peak": after["VmHWM"] - before,
                  "traced": traced, "languages": languages, "loaded": loaded}))
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="folder of the development data")


def run(options: argparse.Namespace) -> None:
    """Measure and print all of it."""
    reader = Reader(load_lexicons())
    texts = by_language(options.data, reader)
    print_usual(reader, texts)
    print_growth(reader, texts)
    print_hostile(reader)
    print_loading()


def by_language(folder: Path, reader: Reader) -> dict[str, list[str]]:
    """The labelled prompts of every language that is read."""
    texts: dict[str, list[str]] = {}
    for row in prompts(folder):
        if row.language in reader.languages:
            texts.setdefault(row.language, []).append(row.prompt)
    return dict(sorted(texts.items()))


def once(reader: Reader, text: str, language: str | None) -> float:
    """CPU seconds of reading a message."""
    messages = (Message("user", text),)
    start = time.thread_time()
    reader.read(messages, language)
    return time.thread_time() - start


def best(reader: Reader, text: str, language: str | None) -> float:
    """The best of several rounds."""
    return min(once(reader, text, language) for _ in range(ROUNDS))


def dense(texts: list[str]) -> Iterator[str]:
    """Labelled prompts joined and cut to the length: some five times the demands that a prompt of its length has."""
    joined = "\n\n".join(texts)
    step = max(LENGTH, len(joined) // DENSE)
    return (joined[at : at + LENGTH] for at in range(0, len(joined) - LENGTH + 1, step))


def print_usual(reader: Reader, texts: dict[str, list[str]]) -> None:
    """CPU of one message by language."""
    print(f"CPU of one message, µs, median of texts, best of {ROUNDS} rounds each")
    print("language   labelled prompts of 800 to 1,250 characters   prompts joined to 1,000 characters")
    real: list[float] = []
    joined: list[float] = []
    for language, some in texts.items():
        long = [best(reader, text, language) for text in some if 800 <= len(text) <= 1250]
        cut = [best(reader, text, language) for text in dense(some)]
        print(f"{language:8}   {_micro(long)} ({len(long)})   {_micro(cut)} ({len(cut)})")
        real += long
        joined += cut
    print(f"all        {_micro(real)} ({len(real)})   {_micro(joined)} ({len(joined)})")


def _micro(times: list[float]) -> str:
    return f"{statistics.median(times) * 1e6:6.0f}" if times else "     -"


def print_growth(reader: Reader, texts: dict[str, list[str]]) -> None:
    """CPU by size of a message, as it is bounded and without the bound."""
    print(f"\nCPU of one message by its size, ms (the reader looks at {grammar.HEAD + grammar.TAIL:,} characters)")
    print(
        "language   " + "   ".join(f"{size:>9,}" for size in SIZES) + "   without the bound: the same; ns a character"
    )
    for language in [each for each in ("en", "de", "ru", "ar", "hi", "th", "ja", "zh") if each in texts]:
        joined = "\n\n".join(texts[language])
        sized = [(joined * (size // len(joined) + 1))[:size] for size in SIZES]
        bounded = [once(reader, text, language) for text in sized]
        free = unbounded(reader, sized, language)
        shown = "   ".join(f"{spent * 1e3:9.2f}" for spent in bounded)
        whole = "   ".join(f"{spent * 1e3:9.2f}" for spent in free)
        per = "   ".join(f"{spent / len(text) * 1e9:5.0f}" for spent, text in zip(free, sized, strict=False))
        print(f"{language:8}   {shown}   {whole}   {per}")


def unbounded(reader: Reader, texts: list[str], language: str | None) -> list[float]:
    """CPU of each text with nothing left out, up to the first that takes too long."""
    spent: list[float] = []
    with patch.multiple(grammar, HEAD=NO_BOUND, ROOM=NO_BOUND):
        for text in texts:
            if not spent or spent[-1] < TOO_LONG:
                spent.append(once(reader, text, language))
    return spent


HOSTILE = {
    "brackets": "[",
    "nested quotes": "\"'“‘«",
    "opened quotes": '"a ',
    "numbers": "12 ",
    "one number": "9",
    "at least": "at least ",
    "at least 3 words": "at least 3 words ",
    "between 3 and": "between 3 and ",
    "not not": "not ",
    "if if": "if ",
    "keywords": "include the word 'tea' ",
    "answer in German": "answer in German. ",
    "JSON": "JSON ",
    "asterisks": "*",
    "three asterisks": "*** ",
    "backticks": "`",
    "colons": "the following text: ",
    "stops": ". ",
    "line breaks": "\n",
    "commas": ", ",
    "one letter": "a",
    "combining marks": "e\u0301\u0301\u0301",
    "right-to-left marks": "\u200f\u202e",
    "NULs": "\0",
    "lone surrogates": "\ud800",
    "one Han character": "字",
    "sharp s": "ß",
    "ligatures": "ﷺ",
    "dotted capital i": "İ",
}


def print_hostile(reader: Reader) -> None:
    """What is repeated to 10,000, 100,000 and 1,000,000 characters, without the bound: CPU a character."""
    print("\nhostile messages without the bound: CPU a character, ns, at " + ", ".join(f"{size:,}" for size in SIZES))
    for name, unit in HOSTILE.items():
        texts = [(unit * (size // len(unit) + 1))[:size] for size in SIZES]
        free = unbounded(reader, texts, "en")
        per = "  ".join(f"{spent / len(text) * 1e9:7.0f}" for spent, text in zip(free, texts, strict=False))
        print(f"{name:22} {per}  as bounded, ms: {once(reader, texts[-1], 'en') * 1e3:6.2f}")


def print_loading() -> None:
    """Time and memory of loading all lexicons in a fresh process, every language read once."""
    plain, traced = (_fresh(traced) for traced in (False, True))
    loaded = plain["loaded"]
    print(
        f"\na fresh process, {plain['languages']} lexicons: loaded in {loaded['seconds'] * 1e3:.0f} ms of CPU, "
        f"{loaded['rss']:.0f} MB more resident; each used once besides: {plain['seconds'] * 1e3:.0f} ms, "
        f"{plain['rss']:.0f} MB (peak {plain['peak']:.0f}); Python's own allocations {traced['traced'][0]:.0f} MB "
        f"(peak {traced['traced'][1]:.0f})"
    )


def _fresh(traced: bool) -> dict[str, Any]:
    script = _FRESH.replace("TRACED", str(traced))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
