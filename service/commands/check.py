"""``dragoman check``: would the gateway start, and could every engine answer?"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from ..app import admitting, opened
from ..config import Settings
from ..handlers.health import READY, readiness


async def check(settings: Settings, console: Console) -> int:
    """Start everything but the listener, ask every engine, print a table. Returns the exit status: 1 when one fails.

    Raises:
        SetupError: an engine cannot start like this, or the API keys cannot be read.
    """
    async with opened(settings) as gateway, admitting(settings, gateway.metrics):
        answer = await readiness(gateway.router)
    table = Table("checkpoint", "backend", "used by", "state", title="The settings are good")
    for name, state in answer.checkpoints.items():
        models = ", ".join(model for model, each in settings.models.items() if name in each.checkpoints)
        backend = type(settings.checkpoints[name]).__struct_config__.tag
        table.add_row(name, str(backend), models, state, style=None if state.startswith(READY) else "red")
    console.print(table)
    return 0 if answer.ready else 1
