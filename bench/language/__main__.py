"""Everything that is claimed of the language half, measured by one command beside its peers.

    python -m bench.language [DATA] [--part NAME ...] [--plot FILE.svg]

DATA is the folder of the development data (default: ``../shared/data`` beside the repository). Peers come with
``pip install '.[bench]'``; what is not installed is named and left out. Times are CPU times of one thread.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

# More threads make a call on a small matrix nine times slower; numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LanguageMismatch

from . import cost, data, instructions, junk, lengths, mixing, official, pairs, power, replies, streaming, verification
from .engines import JURY, PEERS, Ours, installed, missing
from .tables import console
from .trials import Options, Setup

PARTS: dict[str, Callable[[Setup], None]] = {
    "lengths": lengths.run,
    "verification": verification.run,
    "pairs": pairs.run,
    "junk": junk.run,
    "streaming": streaming.run,
    "mixing": mixing.run,
    "replies": replies.run,
    "official": official.run,
    "instructions": instructions.run,
    "power": power.run,
    "cost": cost.run,
}


def main() -> None:
    """Measure the chosen parts and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=data.DATA, help="folder of the development data")
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), metavar="NAME", help=", ".join(PARTS))
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the part power")
    parser.add_argument("--errors", action="store_true", help="list the keys of what went wrong")
    parser.add_argument(
        "--official-rules",
        action="store_true",
        help="list the cells by the product's pass rates, not by its verdicts on lines",
    )
    parser.add_argument("--heavy", action="store_true", help="ask lingua too, where it is installed: slow")
    given = parser.parse_args()
    if not (given.data / "language_confusion.jsonl.gz").exists():
        parser.error(f"no data in {given.data}: give the folder of the development data")
    if given.plot and importlib.util.find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install '.[bench]'")
    options = Options(given.plot, given.errors, given.official_rules, given.heavy)
    setup = prepare(given.data, options)
    for name in missing(PEERS if options.heavy else JURY):
        console.print(f"{name}: not installed")
    for part in given.part:
        PARTS[part](setup)


def prepare(folder: Path, options: Options) -> Setup:
    """Load the engines, ours and the peers'."""
    identifier = Identifier()
    identifier.preload()
    tags = data.lines(folder, "single-words")
    peers = installed(PEERS if options.heavy else JURY)
    return Setup(folder, identifier, LanguageMismatch(identifier), Ours(identifier, tags), peers, options)


if __name__ == "__main__":
    main()
