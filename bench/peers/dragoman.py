"""This gateway, with all diagnostics on."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

from .base import Launch
from .engine import MODEL


class Dragoman:
    """See ``Peer``."""

    name = "dragoman"

    def install(self, folder: Path) -> str:
        """See ``Peer``: it is the one that runs this."""
        return version("dragoman")

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """See ``Peer``."""
        settings = work / "dragoman.toml"
        settings.write_text(
            f'[server]\nport = {port}\n[store]\nurl = "off"\n'  # the others keep no records either
            f'[checkpoints.{MODEL}]\nbackend = "openai"\nurl = "{engine}"\n'
            f'[models.{MODEL}]\nstable = "{MODEL}"\n',
            encoding="utf-8",
        )
        return Launch([sys.executable, "-m", "service", "serve", "--config", str(settings)], ready="/ready")
