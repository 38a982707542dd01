"""Draws the README's picture: the demonstration, run for real, its terminal saved as ``bench/demo.svg``.

``python -m bench.picture``
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from service.config import load
from service.demo import demo

PICTURE = Path(__file__).with_name("demo.svg")


def main() -> None:
    """Run the demonstration once and save what it showed."""
    console = Console(record=True, width=100)
    settings = load(None, environment={}, assignments=["server.port=0"])
    status = asyncio.run(demo(settings, console, once=True, rate=12.0, requests=320, recordings=()))
    if status:
        raise SystemExit(status)
    PICTURE.write_text(console.export_svg(title="make demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
