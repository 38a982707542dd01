"""Memory of the gateway's diagnostics by stage of loading: ``python -m bench.memory`` (Linux).

The stages are those of a start: the program, the lexicons' files, the n-gram model, the word lists, the vocabularies.
Printed is what is resident after each, what it has added (little where it fills the room that garbage of an earlier one
has left), the most that was resident so far, and the CPU time of the stage. What serving adds is in ``bench.peers``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import process_time


def main() -> None:
    """Load everything in this process, and print a line a stage."""
    print(f"{'stage':14}{'MiB':>6}{'added':>7}{'peak':>6}{'CPU s':>7}")
    before, start = 0.0, 0.0
    for stage in loading():
        seconds, resident = process_time() - start, _mebibytes("VmRSS")
        print(f"{stage:14}{resident:6.0f}{resident - before:7.0f}{_mebibytes('VmHWM'):6.0f}{seconds:7.2f}")
        before, start = resident, process_time()


def loading() -> Iterator[str]:
    """What is loaded, stage by stage; nothing of it before."""
    yield "interpreter"
    from diagnostics.language.identify import Identifier
    from diagnostics.reading.loading import load_lexicons
    from service.app import LANGUAGES

    yield "program"
    identifier, lexicons = Identifier(), load_lexicons()
    yield "lexicons"
    identifier.engines.ngrams.load()
    yield "n-grams"
    identifier.preload(sorted(LANGUAGES))
    yield "word lists"
    lexicons.preload()
    yield "vocabularies"


def _mebibytes(field: str) -> float:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return int(status[field].split()[0]) / 1024


if __name__ == "__main__":
    main()
