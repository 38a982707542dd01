"""SGLang's router (Rust)."""

from __future__ import annotations

from pathlib import Path

from .base import Launch, pip
from .processes import free_port

VERSION = "0.3.2"


class SGLangRouter:
    """See ``Peer``."""

    name = "sglang-router"

    def install(self, folder: Path) -> str:
        """See ``Peer``."""
        pip(folder, f"sglang-router=={VERSION}")
        return VERSION

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """See ``Peer``. Its limit of requests at once is raised so that it does not refuse any."""
        command = [str(folder / "bin/python"), "-m", "sglang_router.launch_router", "--worker-urls", engine]
        command += ["--host", "127.0.0.1", "--port", str(port), "--prometheus-port", str(free_port())]
        return Launch([*command, "--max-concurrent-requests", "4096", "--log-level", "error"], ready="/readiness")
