"""The command line: ``dragoman serve | check | demo | diagnose | compare | export | modifiers | keys``."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from io import BufferedReader
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console

from . import config
from .auth import Scope
from .errors import SetupError

CONTEXT = {"help_option_names": ["-h", "--help"], "show_default": True}


def _settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options from which settings are made; the command gets ``settings``."""

    @click.option("--config", "path", type=click.Path(path_type=Path), help="dragoman.toml; also DRAGOMAN_CONFIG.")
    @click.option("--host", help="Address to listen on (server.host).")
    @click.option("--port", type=int, help="Port to listen on; 0 takes a free one (server.port).")
    @click.option("--model", "source", help="Serve this checkpoint alone: a directory or a hub id.")
    @click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Any setting; may be repeated.")
    @wraps(command)
    def wrapped(
        *,
        path: Path | None,
        host: str | None,
        port: int | None,
        source: str | None,
        assignments: tuple[str, ...],
        **rest: Any,
    ) -> Any:
        if path is None and os.environ.get(config.ENV_FILE):
            path = Path(os.environ[config.ENV_FILE])
        if path is not None and source is not None:
            raise click.UsageError("--model serves one checkpoint without a file: leave out --config")
        flags = [*assignments]
        if host is not None:
            flags.append(f"server.host={host!r}")
        if port is not None:
            flags.append(f"server.port={port}")
        base = config.one_model(source) if source is not None else None
        settings = config.load(path, environment=os.environ, assignments=flags, base=base)
        return command(settings=settings, **rest)

    return wrapped


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="dragoman", prog_name="dragoman")
def cli() -> None:
    """An LLM inference gateway that answers for the language of your models."""


@cli.command()
@_settings_options
def serve(settings: config.Settings) -> None:
    """Serve until Ctrl-C.

    Without --config the shipped checkpoints are served, each as a model of its own name, and the model "demo", which
    sends half of its requests to a canary.
    """
    import uvloop

    from .commands import serve as command

    listeners = command.listen_all(settings)
    url, *admin = (command.url(listener) for listener in listeners)

    def ready() -> None:
        models = ", ".join(settings.models)
        click.echo(f"Dragoman listens on {url} (models: {models}; API description at {url}/schema)")
        for address in admin:
            click.echo(f"Metrics and administration are at {address}")

    click.echo("Starting …")
    uvloop.run(command.serve(settings, listeners, ready))
    click.echo("Stopped.")


@cli.command()
@_settings_options
def check(settings: config.Settings) -> None:
    """Read the settings, start every engine, ask each whether it can answer, and say so.

    Ends with status 1 when one cannot, and with 2 when the settings are wrong.
    """
    from .commands.check import check as command

    sys.exit(asyncio.run(command(settings, _console())))


@cli.command()
@_settings_options
@click.option("--once", is_flag=True, help="End after the tables instead of serving on.")
@click.option("--rate", type=click.FloatRange(0.1, 1000), default=12.0, help="Instructions a second.")
@click.option("--requests", type=click.IntRange(8, 100_000), default=320, help="How many instructions to send.")
@click.option(
    "--replies",
    "recordings",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Also judge recorded replies (JSON lines with prompt, response, expected_language; also .gz); repeatable.",
)
def demo(settings: config.Settings, **options: Any) -> None:
    """Catch a checkpoint that answers in the wrong language, in front of you."""
    import uvloop

    from .demo import demo as command

    sys.exit(uvloop.run(command(settings, _console(), **options)))


@cli.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default="-",
    help="Where the diagnoses go, a line each. A file is replaced only when all is written.",
)
@click.option(
    "--against",
    type=click.File("rb"),
    help="Compare with older diagnoses of the same: lines that diagnose or export wrote (also gzipped).",
)
@click.option(
    "--differences",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --against: where every verdict that differs goes, a line each.",
)
def diagnose(file: BufferedReader, output: Path, against: BufferedReader | None, differences: Path | None) -> None:
    """Judge the replies in FILE (JSON lines, also gzipped; - reads standard input), with no model and no server.

    A line in: {"id", "messages" or "prompt", "response", "finish_reason", "expected_language", "modifiers"}.
    A line out: the same object as "diagnostics" in the API. A summary goes to standard error, and so does the number of
    each line that could not be judged, with the reason; the others are judged.

    \b
    Ends with status
      0  all lines were judged
      1  some could not be
      2  none could be, or FILE cannot be read, or the output cannot be written
    """
    from .commands.diagnose import diagnose as command

    if differences is not None and against is None:
        raise click.UsageError("--differences lists what --against finds: name that too")
    try:
        sys.exit(command(file, output, _console(stderr=True), against, differences))
    except KeyboardInterrupt:
        sys.exit(130)  # status 1, which click would end with, says that all was read


@cli.command()
@click.argument("stable", type=click.File("rb"))
@click.argument("canary", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON: the policy, the decision, all slices.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the evidence over time, as SVG.")
def compare(stable: BufferedReader, canary: BufferedReader, as_json: bool, plot: Path | None) -> None:
    """Say whether the replies in CANARY are worse than those in STABLE, by language and check.

    Both are JSON lines (also gzipped): exchanges, as diagnose reads them, or diagnoses, as it writes them. Replies to
    the same prompt (of diagnoses: with the same id) are compared with each other. The number of each line that could
    not be judged goes to standard error, with the reason; the others are compared.

    \b
    Ends with status
      0  no: promote, or continue where neither is shown yet
      1  yes: roll back
      2  a file cannot be read or has nothing to compare, or the picture cannot be written
    """
    from .commands.compare import compare as command

    if plot is not None and plot.suffix != ".svg":
        raise click.BadParameter("the picture is an SVG: name it FILE.svg", param_hint="--plot")
    try:
        sys.exit(command(stable, canary, _console(), _console(stderr=True), as_json=as_json, plot=plot))
    except KeyboardInterrupt:
        sys.exit(130)  # status 1, which click would end with, says that the canary is worse


_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@cli.command()
@click.argument("output", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "form", type=click.Choice(["jsonl", "parquet"]), default="jsonl", help="See above.")
@click.option("--since", type=_MOMENT, help="From when, UTC. Default: all that is kept.")
@click.option("--until", type=_MOMENT, help="Until before when, UTC.")
@click.option("--model", help="Of this model.")
@click.option("--checkpoint", help="Of this checkpoint.")
@click.option("--arm", type=click.Choice(["stable", "canary"]), help="Of this arm.")
@click.option("--language", help="With instructions in this language, a BCP 47 tag.")
@click.option("--failed", metavar="CHECK", help='Whose replies failed this check: "language", a modifier, …')
@click.option("--store", "url", help="The store, in place of store.url.")
@click.option("--config", "path", type=click.Path(path_type=Path), help="dragoman.toml; also DRAGOMAN_CONFIG.")
def export(
    output: Path,
    form: str,
    since: datetime | None,
    until: datetime | None,
    url: str | None,
    path: Path | None,
    **asked: Any,
) -> None:
    """Write records to OUTPUT, while the gateway runs or does not.

    As jsonl the texts that are kept, each with its diagnosis: lines that diagnose and compare read, so that other
    detectors can be tried on last week's traffic (diagnose --against). OUTPUT is a file, or - for standard output.

    As parquet all records, without texts: OUTPUT is a folder with one for each day (dt=2026-11-25).
    """
    from .commands.export import export as command
    from .store.base import Query

    if path is None and os.environ.get(config.ENV_FILE):
        path = Path(os.environ[config.ENV_FILE])
    if form == "parquet" and str(output) == "-":
        raise click.UsageError("parquet goes to a folder: name it")
    assignments = [] if url is None else [f"store.url={url}"]
    settings = config.load(path, environment=os.environ, assignments=assignments).store
    query = Query(since=_timestamp(since), until=_timestamp(until), **asked)
    try:
        sys.exit(command(settings, query, form, output, _console(stderr=True)))
    except KeyboardInterrupt:
        sys.exit(130)


def _timestamp(moment: datetime | None) -> float | None:
    return None if moment is None else moment.replace(tzinfo=UTC).timestamp()


@cli.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON: arguments, examples, languages.")
def modifiers(name: str | None, as_json: bool) -> None:
    """List what can be asked of the form of a reply, and the languages in which it is read from prompts.

    With NAME: all about one modifier, with its arguments and examples.
    """
    from diagnostics.modifiers.declaration import DeclarationError

    from .commands.modifiers import modifiers as command

    try:
        sys.exit(command(_console(), name, as_json=as_json))
    except DeclarationError as error:
        raise click.BadParameter(error.explanation, param_hint="NAME") from None


def _keys_file(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options from which the keys file is known; the command gets its ``path``."""

    @click.option("--config", "settings", type=click.Path(path_type=Path), help="dragoman.toml; also DRAGOMAN_CONFIG.")
    @click.option("--file", "path", type=click.Path(path_type=Path), help="The keys file, in place of auth.keys_file.")
    @wraps(command)
    def wrapped(*, settings: Path | None, path: Path | None, **rest: Any) -> Any:
        if path is None:
            if settings is None and os.environ.get(config.ENV_FILE):
                settings = Path(os.environ[config.ENV_FILE])
            named = config.load(settings, environment=os.environ).auth.keys_file
            if named is None:
                raise click.UsageError("which file? Name it with --file, or as auth.keys_file in the settings")
            path = Path(named)
        return command(path=path, **rest)

    return wrapped


@cli.group()
def keys() -> None:
    """Make, list and revoke API keys. A running gateway takes notice within seconds."""


@keys.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    default=("infer", "diagnose", "feedback"),
    help="What it may be used for; may be repeated.",
)
@click.option("--model", "models", multiple=True, help="A model it may ask; may be repeated. Default: all.")
@click.option("--rpm", "requests_per_minute", type=int, help="Requests a minute. Default: no limit.")
@click.option("--tpm", "tokens_per_minute", type=int, help="Tokens a minute. Default: no limit.")
@click.option(
    "--on-mismatch",
    type=click.Choice(get_args(config.OnMismatch)),
    help="What is done about replies in the wrong language. Default: the model's setting.",
)
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="When it ends, UTC. Default: never."
)
@_keys_file
def create_key(path: Path, name: str, models: tuple[str, ...], expires: datetime | None, **wishes: Any) -> None:
    """Make a key for NAME, and print it: the only time that it is shown.

    NAME is in small letters, digits, dots and dashes; metrics are counted by it. Two keys may share one, and do while
    the new one takes the old one's place.
    """
    from .commands.keys import create

    wishes["models"] = models or None
    wishes["expires"] = None if expires is None else expires.replace(tzinfo=UTC)
    made, key = create(path, name, wishes)
    click.echo(f"Key {made.id} for {name} is in {path}. This is the only time that it is shown:", err=True)
    click.echo(key)


@keys.command("list")
@_keys_file
def list_keys(path: Path) -> None:
    """Show all keys, but not the keys themselves."""
    from .commands.keys import show

    show(path, _console())


@keys.command("revoke")
@click.argument("id")
@_keys_file
def revoke_key(path: Path, id: str) -> None:
    """Let nobody in any more with the key ID."""
    from .commands.keys import revoke

    click.echo(f"Key {id} of {revoke(path, id).name} is revoked.")


def _console(*, stderr: bool = False) -> Console:
    """Where people read. Output that goes to a file or a pipe has no width: without COLUMNS, give it one that tables
    fit in."""
    console = Console(stderr=stderr)
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(stderr=stderr, width=110)


def main() -> None:
    """Run the command line; a user's mistake is one message and status 2, never a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("uvicorn.error", "httpx"):  # every start and stop, every request
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        cli()
    except SetupError as error:
        click.echo(f"dragoman: {error}", err=True)
        sys.exit(2)
    except ValueError as error:
        from diagnostics.reading.loading import LexiconError  # takes longer to load than --help may

        if not isinstance(error, LexiconError):
            raise
        click.echo(f"dragoman: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
