"""vLLM's router (Rust)."""

from __future__ import annotations

from pathlib import Path

from .base import Launch, pip
from .processes import free_port

VERSION = "0.1.17"


class VLLMRouter:
    """See ``Peer``."""

    name = "vllm-router"

    def install(self, folder: Path) -> str:
        """See ``Peer``."""
        pip(folder, f"vllm-router=={VERSION}")
        return VERSION

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """See ``Peer``. Its limit of requests at once is raised so that it does not refuse any."""
        command = [str(folder / "bin/vllm-router"), "--worker-urls", engine, "--host", "127.0.0.1"]
        command += ["--port", str(port), "--prometheus-port", str(free_port()), "--log-level", "error"]
        return Launch([*command, "--max-concurrent-requests", "4096"], ready="/readiness")
