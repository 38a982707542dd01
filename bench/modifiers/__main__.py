"""Everything that is claimed of the modifiers, measured.

    python -m bench.modifiers [PART] [DATA] [options]

Without a part, all of them. DATA is the folder of the development data (default: ``../shared/data`` beside the
repository). Times are CPU times of one thread.
"""

from __future__ import annotations

import argparse
from types import ModuleType

from . import checks, cost, extraction, plain, verdicts

PARTS: dict[str, ModuleType] = {
    "extraction": extraction,
    "plain": plain,
    "verdicts": verdicts,
    "cost": cost,
    "checks": checks,
}
"""Each has ``HELP``, ``arguments(parser)`` and ``run(options)``."""


def main() -> None:
    """Measure the chosen part, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", metavar="PART")
    for name, module in PARTS.items():
        module.arguments(parts.add_parser(name, help=module.HELP, description=module.__doc__))
    chosen = parser.parse_args().part
    for name in [chosen] if chosen else PARTS:
        PARTS[name].run(parser.parse_args() if chosen else parser.parse_args([name]))


if __name__ == "__main__":
    main()
