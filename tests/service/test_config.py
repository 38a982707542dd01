from __future__ import annotations

from pathlib import Path

import pytest

from service.config import OpenAICheckpoint, Settings, defaults, load, one_model
from service.errors import ConfigError

MINIMAL = '[checkpoints.a]\nbackend = "scripted"\nreplies = ["x"]\n[models.m]\nstable = "a"\n'


def read(tmp_path: Path, text: str, *assignments: str, **environment: str) -> Settings:
    file = tmp_path / "dragoman.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environment=environment, assignments=assignments)


def problem(tmp_path: Path, text: str, *assignments: str, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, *assignments, **environment)
    return str(caught.value)


def test_the_defaults_serve_the_shipped_checkpoints_and_a_canary() -> None:
    settings = load(None, environment={})
    assert settings.models["demo"].checkpoints == ("multilingual", "english")
    assert set(settings.models) == {"demo", "multilingual", "english", "english-careful"}
    assert settings.server.host == "127.0.0.1"


def test_a_file_replaces_the_defaults(tmp_path: Path) -> None:
    assert set(read(tmp_path, MINIMAL).models) == {"m"}


def test_later_sources_win(tmp_path: Path) -> None:
    text = MINIMAL + "[server]\nport = 1\n"
    assert read(tmp_path, text).server.port == 1
    assert read(tmp_path, text, DRAGOMAN_SERVER__PORT="2").server.port == 2
    assert read(tmp_path, text, "server.port=3", DRAGOMAN_SERVER__PORT="2").server.port == 3


def test_values_are_read_as_toml_and_words_as_strings(tmp_path: Path) -> None:
    settings = read(
        tmp_path, MINIMAL, "server.host=::1", "checkpoints.b.backend=openai", "checkpoints.b.url=http://h:1"
    )
    assert settings.server.host == "::1"
    assert settings.checkpoints["b"] == OpenAICheckpoint("http://h:1")


def test_verdicts_are_logged_on_request_alone(tmp_path: Path) -> None:
    assert read(tmp_path, MINIMAL).logging.verdicts == "off"
    assert read(tmp_path, MINIMAL, DRAGOMAN_LOGGING__VERDICTS="failures").logging.verdicts == "failures"
    assert read(tmp_path, MINIMAL, "logging.verdicts=all").logging.verdicts == "all"


def test_the_file_s_own_variable_is_no_key(tmp_path: Path) -> None:
    assert read(tmp_path, MINIMAL, DRAGOMAN_CONFIG="elsewhere.toml").models


def test_a_model_of_its_own_is_named_after_its_directory() -> None:
    assert load(None, environment={}, base=one_model("some/dir/My Model")).models.keys() == {"My-Model"}
    assert load(None, environment={}, base=one_model("Qwen/Qwen3-0.6B")).models.keys() == {"Qwen3-0.6B"}


def test_defaults_are_made_anew_each_time() -> None:
    load(None, environment={"DRAGOMAN_SERVER__PORT": "5"})
    assert "server" not in defaults()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (MINIMAL + "[server]\nport = 'x'\n", ["dragoman.toml", "server.port", "int"]),
        (MINIMAL + "[server]\nport = 70000\n", ["server.port", "65535"]),
        (MINIMAL + "[server]\nprot = 1\n", ["server.prot", "unknown field"]),
        (MINIMAL + "[logging]\nverdicts = 'some'\n", ["dragoman.toml", "logging.verdicts", "some"]),
        (MINIMAL + "[sevrer]\n", ["sevrer", "unknown field"]),
        (MINIMAL.replace("scripted", "tgv"), ["checkpoints", "tgv"]),
        (MINIMAL.replace('"a"', '"b"'), ["models.m", "'b'", "there are: a"]),
        (MINIMAL + "[models.n]\nstable = 'a'\ncanary = {checkpoint = 'a', weight = 1.5}\n", ["canary.weight", "1"]),
        (MINIMAL + "[models.'bad name']\nstable = 'a'\n", ["models"]),
        ("", ["no models"]),
        ("[checkpoints", ["dragoman.toml", "not valid TOML"]),
        (
            MINIMAL + "[checkpoints.u]\nbackend = 'openai'\nurl = 'ftp://x'\n",
            ["checkpoints.*.url", "http"],
        ),
        (
            MINIMAL + "[checkpoints.u]\nbackend = 'openai'\nurl = 'http://user:secret@x'\n",
            ["checkpoints.*.url"],
        ),
        (MINIMAL + "[checkpoints.u]\nbackend = 'openai'\n", ["checkpoints.*", "either url or urls"]),
        (
            MINIMAL + "[checkpoints.u]\nbackend = 'openai'\nurl = 'http://a'\nurls = ['http://b']\n",
            ["checkpoints.*", "either url or urls"],
        ),
        (
            MINIMAL + "[checkpoints.u]\nbackend = 'openai'\nurls = ['http://a', 'http://b', 'https://a/']\n",
            ["checkpoints.*", "twice"],
        ),
        (
            MINIMAL + "[checkpoints.u]\nbackend = 'openai'\nurls = ['http://a']\ndiscovery = 'dns'\n",
            ["checkpoints.*", "one url"],
        ),
        (
            MINIMAL + "[checkpoints.u]\nbackend = 'openai'\nurl = 'http://a'\nretries = { limit = 99 }\n",
            ["checkpoints.*.retries.limit", "10"],
        ),
    ],
)
def test_errors_name_the_key(tmp_path: Path, text: str, parts: list[str]) -> None:
    message = problem(tmp_path, text)
    for part in parts:
        assert part in message
    assert "secret@" not in message


def test_errors_name_where_the_value_came_from(tmp_path: Path) -> None:
    assert "environment variable DRAGOMAN_SERVER__PORT" in problem(tmp_path, MINIMAL, DRAGOMAN_SERVER__PORT="x")
    assert "DRAGOMAN_SERVR__PORT" in problem(tmp_path, MINIMAL, DRAGOMAN_SERVR__PORT="1")
    assert "--set server.port" in problem(tmp_path, MINIMAL, "server.port=x")
    assert "KEY=VALUE" in problem(tmp_path, MINIMAL, "server.port")
    assert "is a value, not a table" in problem(tmp_path, MINIMAL + "[server]\nport = 1\n", "server.port.x=1")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: there is no such file"):
        load(tmp_path / "nowhere.toml", environment={})
