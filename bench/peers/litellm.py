"""LiteLLM's proxy (Python, FastAPI)."""

from __future__ import annotations

from pathlib import Path

from .base import Launch, pip
from .engine import MODEL

VERSION = "1.106.2"
KEY = "sk-0123456789abcdef0123456789abcdef"  # it does not start with a short one

SETTINGS = """
model_list:
  - model_name: {model}
    litellm_params:
      model: openai/{model}
      api_base: {engine}/v1
      api_key: none
general_settings:
  master_key: {key}
"""


class LiteLLM:
    """See ``Peer``."""

    name = "litellm"

    def install(self, folder: Path) -> str:
        """See ``Peer``."""
        pip(folder, f"litellm[proxy]=={VERSION}")
        return VERSION

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """See ``Peer``."""
        settings = work / "litellm.yaml"
        settings.write_text(SETTINGS.format(model=MODEL, engine=engine, key=KEY), encoding="utf-8")
        command = [str(folder / "bin/litellm"), "--config", str(settings), "--host", "127.0.0.1", "--port", str(port)]
        return Launch(
            command,
            ready="/health/readiness",
            environment={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"},
            headers={"authorization": f"Bearer {KEY}"},
        )
