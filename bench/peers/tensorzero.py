"""TensorZero's gateway (Rust; archived in June 2026).

Its Python package carries the whole gateway, which the client starts in the background of a process; here the process
does nothing else. Its observability needs ClickHouse and is off.
"""

from __future__ import annotations

from pathlib import Path

from .base import Launch, pip
from .engine import MODEL

VERSION = "2026.6.0"

SETTINGS = """
[gateway]
observability.enabled = false

[models.{model}]
routing = ["engine"]

[models.{model}.providers.engine]
type = "openai"
model_name = "{model}"
api_base = "{engine}/v1/"
api_key_location = "none"
"""

PROGRAM = """
import signal, sys
from tensorzero import _start_http_gateway

gateway = _start_http_gateway(
    config_file=sys.argv[1], clickhouse_url=None, postgres_url=None, valkey_url=None, async_setup=False
)
print("listens on", gateway.base_url, flush=True)
signal.pause()
"""


class TensorZero:
    """See ``Peer``."""

    name = "tensorzero"

    def install(self, folder: Path) -> str:
        """See ``Peer``."""
        pip(folder, f"tensorzero=={VERSION}")
        return VERSION

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """See ``Peer``. It takes a free port of its own."""
        settings, program = work / "tensorzero.toml", work / "tensorzero_gateway.py"
        settings.write_text(SETTINGS.format(model=MODEL, engine=engine), encoding="utf-8")
        program.write_text(PROGRAM, encoding="utf-8")
        return Launch(
            [str(folder / "bin/python"), str(program), str(settings)],
            path="/openai/v1/chat/completions",
            model=f"tensorzero::model_name::{MODEL}",
            announces="listens on ",
        )
