"""Portkey's open-source gateway (TypeScript, on Node)."""

from __future__ import annotations

from pathlib import Path

from .base import Launch, npm

PACKAGE, VERSION = "@portkey-ai/gateway", "1.15.2"
# With the newer ones that it would allow, every streamed reply is a 500 (headers of a response that are immutable).
OVERRIDES = {"@hono/node-server": "1.13.8"}


class Portkey:
    """See ``Peer``."""

    name = "portkey"

    def install(self, folder: Path) -> str:
        """See ``Peer``."""
        npm(folder, PACKAGE, VERSION, OVERRIDES)
        return VERSION

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """See ``Peer``. The provider goes with every request; loopback has to be allowed as one."""
        program = folder / "node_modules" / PACKAGE / "build/start-server.js"
        return Launch(
            ["node", str(program), f"--port={port}", "--headless"],
            ready="/",
            environment={"TRUSTED_CUSTOM_HOSTS": "127.0.0.1", "NODE_ENV": "production"},
            headers={
                "x-portkey-provider": "openai",
                "x-portkey-custom-host": f"{engine}/v1",
                "authorization": "Bearer none",
            },
        )
