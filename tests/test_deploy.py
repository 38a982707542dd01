"""What is deployed is what the code understands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from service import config

ANNOTATED = Path(__file__).parents[1] / "deploy" / "dragoman.toml"


def test_the_annotated_settings_load() -> None:
    settings = config.load(ANNOTATED, environment={})
    assert set(settings.models) == {"demo", "llama", "llama-tgi", "parrot"}


TABLES = {"health": config.HealthChecks, "breaker": config.CircuitBreaker, "retries": config.Retries}


@pytest.mark.parametrize("name", TABLES)
def test_the_annotated_settings_show_every_key_of_a_table_of_a_checkpoint(name: str) -> None:
    shown = tomllib.loads(ANNOTATED.read_text(encoding="utf-8"))["checkpoints"]["llama-multi"][name]
    defaults = msgspec.to_builtins(TABLES[name]())
    assert shown == {key: value for key, value in defaults.items() if value is not None}
    for key in defaults.keys() - shown.keys():
        assert f"\n# {key} = " in ANNOTATED.read_text(encoding="utf-8")


SECTIONS = [config.Server, config.Auth, config.Limits, config.RateLimits, config.Logging, config.Store, config.Embedded]


@pytest.mark.parametrize("table", SECTIONS)
def test_the_annotated_settings_show_every_key_with_its_default(table: type[msgspec.Struct]) -> None:
    text = ANNOTATED.read_text(encoding="utf-8")
    (name,) = (field.name for field in msgspec.structs.fields(config.Settings) if field.type is table)
    defaults = msgspec.json.decode(msgspec.json.encode(table()))
    assert tomllib.loads(text)[name] == {key: value for key, value in defaults.items() if value is not None}
    for key in (key for key, value in defaults.items() if value is None):
        assert f"\n# {key} = " in text, key  # TOML has no word for nothing


@pytest.mark.parametrize("kind", [config.EmbeddedCheckpoint, config.OpenAICheckpoint, config.ScriptedCheckpoint])
def test_the_annotated_settings_show_every_key_of_a_checkpoint(kind: type[msgspec.Struct]) -> None:
    text = ANNOTATED.read_text(encoding="utf-8")
    for field in set(kind.__struct_fields__) - set(TABLES):
        assert f"\n{field} = " in text or f"\n# {field} = " in text, field
