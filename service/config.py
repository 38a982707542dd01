"""``dragoman.toml`` as frozen structs that check themselves.

A value comes from the defaults, the file, the environment (``DRAGOMAN_SERVER__PORT=9000`` for ``server.port``) and
the command line (``--set server.port=9000``); the later wins. Every error names the key and where its value came from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from .checkpoints import SHIPPED
from .errors import ConfigError

ENV_PREFIX = "DRAGOMAN_"
ENV_FILE = "DRAGOMAN_CONFIG"

# Names travel in HTTP headers and metric labels.
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,127}$")]
Seconds = Annotated[float, Meta(gt=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=1, le=1000)]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s/@]+(/[^\s]*)?$")]


Port = Annotated[int, Meta(ge=0, le=65535)]
AtLeastOne = Annotated[int, Meta(ge=1)]
# "*" or what a browser sends as Origin: a scheme and a host, and no path.
Origin = Annotated[str, Meta(pattern=r"^(\*|https?://[^\s/*@]+)$")]


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[server]``: where the gateway listens. Port 0 takes a free one.

    ``default_model`` is asked by requests that name no model, as TGI's do; without a value the first one there is. With
    ``admin_port`` metrics and administration answer there alone, on the same host. ``cors_origins`` are those whose
    pages may call the API from a browser.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    admin_port: Port | None = None
    max_body_bytes: Annotated[int, Meta(ge=1024)] = 4 * 1024 * 1024
    shutdown_seconds: Annotated[int, Meta(ge=0)] = 10
    default_model: str = ""
    cors_origins: tuple[Origin, ...] = ()


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[auth]``: ``keys_file`` holds the API keys that ``dragoman keys`` makes. Without it everybody may ask for
    anything, which beyond loopback needs ``open``."""

    keys_file: Annotated[str, Meta(min_length=1)] | None = None
    open: bool = False

    def __post_init__(self) -> None:
        if self.open and self.keys_file is not None:
            raise ValueError("open lets everybody in, and keys_file only those who have a key: set one of the two")


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[limits]``: what the gateway takes on.

    ``max_in_flight`` requests are answered at once; ``max_waiting`` more wait for a place, first come first served, for
    ``max_wait_seconds`` at most; the rest are refused with 503. The others bound one request: its messages, how deep
    its JSON is nested, and its headers.
    """

    max_in_flight: AtLeastOne = 4096
    max_waiting: Annotated[int, Meta(ge=0)] = 256
    max_wait_seconds: Seconds = 5.0
    max_messages: AtLeastOne = 2048
    max_nesting: Annotated[int, Meta(ge=8, le=256)] = 64
    max_headers: AtLeastOne = 100
    max_header_bytes: Annotated[int, Meta(ge=1024)] = 32 * 1024


class RateLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[rate_limits]``: where it is counted what each API key has used; the limits themselves are the keys'.

    In this process, or with ``redis_url`` in Redis, for all replicas together. When Redis does not answer within
    ``timeout_seconds``, requests are let through (``open``) or refused with 503 (``shut``).
    """

    redis_url: Annotated[str, Meta(pattern=r"^(rediss?|unix)://")] | None = None
    timeout_seconds: Seconds = 0.05
    on_failure: Literal["open", "shut"] = "open"


LoggedVerdicts = Literal["off", "failures", "all"]


class Logging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[logging]``: ``verdicts`` says which finished inferences get a log line: none, those whose reply failed a
    check, or all."""

    verdicts: LoggedVerdicts = "off"


KeptText = Literal["off", "failures", "sampled", "all"]


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[store]``: where a record of every attempt is kept, for ``days``; without text of prompts and replies.

    ``url`` is ``sqlite:PATH``, ``postgresql://…`` or ``off``; without it a file with the user's state, without which
    the gateway can do. ``password_env`` names the environment variable that holds the database's password. Texts are
    kept for ``text_days``, where ``text`` says so: of replies that failed a check, of the share ``text_sample`` of all,
    or of all; ``redact``, a function "package.module:function" from text to text, is applied to each first. ``queue``
    records may wait to be written; more are dropped.
    """

    url: Annotated[str, Meta(pattern=r"^(off$|sqlite:.|postgres(ql)?://)")] | None = None
    password_env: str | None = None
    days: Annotated[float, Meta(gt=0)] = 30
    text: KeptText = "off"
    text_sample: Share = 0.01
    text_days: Annotated[float, Meta(gt=0)] = 7
    redact: Annotated[str, Meta(pattern=r"^[\w.]+:\w+$")] | None = None
    queue: AtLeastOne = 10_000


class Embedded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[embedded]``: the process that runs embedded checkpoints.

    ``threads`` is torch's; more than one slows small models down. ``max_batch`` replies of one checkpoint are generated
    together, ``max_waiting`` more wait for room, the rest are refused with 429.
    """

    threads: Annotated[int, Meta(ge=1)] = 1
    max_batch: Annotated[int, Meta(ge=1)] = 16
    max_waiting: Annotated[int, Meta(ge=0)] = 64
    start_seconds: Seconds = 300.0


class EmbeddedCheckpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="backend", tag="embedded"):
    """A causal language model with a chat template, run by transformers in a process of its own.

    ``path`` is a directory, a hub id, or the name of a shipped checkpoint; without it the checkpoint's own name.
    """

    path: str | None = None


class HealthChecks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[checkpoints.NAME.health]``: each endpoint is asked for its health every ``interval`` seconds: if there are
    ``several``, ``always`` or ``never``. So many bad answers running make it unhealthy, so many good ones healthy."""

    when: Literal["several", "always", "never"] = "several"
    interval: Seconds = 5.0
    unhealthy_after: Count = 3
    healthy_after: Count = 2


class CircuitBreaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[checkpoints.NAME.breaker]``: when an endpoint gets no requests for a while.

    It opens after ``consecutive_failures``, or when ``failure_rate`` (0: never) of the last ``window`` requests failed,
    for ``pause`` seconds, twice as long each time it opens again, up to ``max_pause``. An endpoint that fails but does
    answer is taken out only if no more than the share ``max_ejected`` of all is out then.
    """

    consecutive_failures: Count = 5
    failure_rate: Share = 0.5
    window: Annotated[int, Meta(ge=1, le=1000)] = 20
    pause: Seconds = 2.0
    max_pause: Seconds = 60.0
    max_ejected: Share = 0.5


class Retries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[checkpoints.NAME.retries]``: at most ``limit`` for a request that no engine has begun to answer.

    Over all requests they are at most the share ``budget`` of them, and ``budget_floor`` a second besides. Before the
    same endpoint is asked again there are about ``pause`` seconds, and more if the engine asks for it, up to
    ``max_pause``. ``hedge_after``, off without a value, starts a second try at another endpoint when the first has
    brought nothing for so many seconds.
    """

    limit: Annotated[int, Meta(ge=0, le=10)] = 2
    budget: Share = 0.2
    budget_floor: Annotated[float, Meta(ge=0)] = 1.0
    pause: Seconds = 0.1
    max_pause: Seconds = 2.0
    hedge_after: Seconds | None = None


class NetworkCheckpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint behind HTTP: one ``url``, or several ``urls`` of replicas.

    A URL is a server's root. With ``discovery = "dns"`` every address of the host in ``url`` is a replica, looked up
    anew every ``discovery_interval`` seconds. ``api_key_env`` names the environment variable that holds the key. The
    timeouts are in seconds; ``total_timeout`` is for all tries together.
    """

    url: Url | None = None
    urls: tuple[Url, ...] = ()
    discovery: Literal["dns"] | None = None
    discovery_interval: Seconds = 5.0
    api_key_env: str | None = None
    connect_timeout: Seconds = 5.0
    first_token_timeout: Seconds = 120.0
    between_tokens_timeout: Seconds = 60.0
    total_timeout: Seconds = 900.0
    health: HealthChecks = HealthChecks()
    breaker: CircuitBreaker = CircuitBreaker()
    retries: Retries = Retries()

    def __post_init__(self) -> None:
        if (self.url is None) == (not self.urls):
            raise ValueError("give either url or urls")
        if self.discovery is not None and self.url is None:
            raise ValueError("discovery looks up the host of one url, not of urls")
        if len({url.partition("://")[2].rstrip("/") for url in self.urls}) < len(self.urls):
            raise ValueError("urls names a server twice")


class OpenAICheckpoint(NetworkCheckpoint, frozen=True, forbid_unknown_fields=True, tag_field="backend", tag="openai"):
    """An engine that speaks OpenAI's chat completions: vLLM, SGLang, TGI, llama.cpp, hosted APIs.

    The URL comes without ``/v1``. ``model`` is the name the engine knows, by default the checkpoint's.
    """

    model: str | None = None


class TGICheckpoint(OpenAICheckpoint, frozen=True, forbid_unknown_fields=True, tag_field="backend", tag="tgi"):
    """Text Generation Inference: its own API, and OpenAI's, which it speaks too. ``model`` is a LoRA adapter of it."""


class ScriptedCheckpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="backend", tag="scripted"):
    """Says what it is told: for tests, demonstrations and fault injection.

    ``replies`` are given in turn, cut into pieces of ``piece`` characters, ``delay`` seconds apart. With ``fault`` the
    reply breaks off with that error after ``fault_after`` pieces.
    """

    replies: Annotated[tuple[str, ...], Meta(min_length=1)]
    piece: Annotated[int, Meta(ge=1)] = 4
    delay: Annotated[float, Meta(ge=0)] = 0.0
    fault: Literal["unavailable", "overloaded", "timeout", "broken", "rejected"] | None = None
    fault_after: Annotated[int, Meta(ge=0)] = 0


Checkpoint = EmbeddedCheckpoint | OpenAICheckpoint | TGICheckpoint | ScriptedCheckpoint


OnMismatch = Literal["observe", "retry", "fallback", "reject"]


class Repairing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[models.NAME.repair]``: what is done about a reply that begins in the wrong language.

    ``on_mismatch``: ``observe`` only says so; ``retry`` asks again with a reminder; ``fallback`` asks the first of the
    model's ``fallbacks``; ``reject`` answers with an error. A key or a request may say otherwise. The first
    ``hold_characters`` are held back until the language is decided, for ``hold_seconds`` at most. ``budget`` is how
    many repairs there may be to an inference, in the long run. With ``modifiers`` a demand on the form that these
    characters break is repaired too; all of them are then held back, unless every demand is decided before.
    """

    on_mismatch: OnMismatch = "observe"
    hold_characters: Annotated[int, Meta(ge=1, le=10_000)] = 160
    hold_seconds: Seconds = 2.0
    budget: Share = 0.1
    modifiers: bool = False


class Canary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The checkpoint on trial and the share of requests it gets."""

    checkpoint: Name
    weight: Share


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[models.NAME]``: what clients call by NAME: a stable checkpoint, and a canary if one is on trial.

    ``fallbacks`` are asked, one after the other, when a checkpoint brings no reply at all. ``max_in_flight`` requests
    for this model are answered at once; without it only the gateway's own limit counts.
    """

    stable: Name
    canary: Canary | None = None
    fallbacks: tuple[Name, ...] = ()
    repair: Repairing = Repairing()
    max_in_flight: AtLeastOne | None = None

    @property
    def checkpoints(self) -> tuple[str, ...]:
        """Names of the checkpoints this model uses."""
        arms = (self.stable,) if self.canary is None else (self.stable, self.canary.checkpoint)
        return (*arms, *self.fallbacks)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    server: Server = Server()
    auth: Auth = Auth()
    limits: Limits = Limits()
    rate_limits: RateLimits = RateLimits()
    logging: Logging = Logging()
    store: Store = Store()
    embedded: Embedded = Embedded()
    checkpoints: dict[Name, Checkpoint] = {}
    models: dict[Name, Model] = {}

    def __post_init__(self) -> None:
        if not self.models:
            raise ValueError("no models: add a table [models.NAME] with stable = CHECKPOINT")
        for name, model in self.models.items():
            for checkpoint in model.checkpoints:
                if checkpoint not in self.checkpoints:
                    there = ", ".join(sorted(self.checkpoints)) or "none"
                    raise ValueError(f"models.{name} names the checkpoint '{checkpoint}'; there are: {there}")
            if model.repair.on_mismatch == "fallback" and not model.fallbacks:
                raise ValueError(
                    f"models.{name}.repair.on_mismatch is 'fallback': name some in models.{name}.fallbacks"
                )
        if self.server.default_model and self.server.default_model not in self.models:
            there = ", ".join(sorted(self.models))
            raise ValueError(f"server.default_model names the model '{self.server.default_model}'; there are: {there}")

    @property
    def default_model(self) -> str:
        """The model of requests that name none."""
        return self.server.default_model or next(iter(self.models))


def defaults() -> dict[str, object]:
    """What is served without a file: the shipped checkpoints, each as a model of its own name, and ``demo``, which
    sends half of its requests to a canary that falls back to English."""
    demo = {"stable": "multilingual", "canary": {"checkpoint": "english", "weight": 0.5}}
    return {
        "checkpoints": {name: {"backend": "embedded"} for name in SHIPPED},
        "models": {"demo": demo, **{name: {"stable": name} for name in SHIPPED}},
    }


def one_model(source: str) -> dict[str, object]:
    """Serve the checkpoint at ``source`` (a directory or a hub id) alone, under its own last name."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(source).name).strip("-._") or "model"
    return {
        "checkpoints": {name: {"backend": "embedded", "path": source}},
        "models": {name: {"stable": name}},
    }


def load(
    path: Path | None,
    *,
    environment: Mapping[str, str],
    assignments: Iterable[str] = (),
    base: dict[str, object] | None = None,
) -> Settings:
    """Read the settings; ``base`` (by default ``defaults()``) stands in for the file when ``path`` is None.

    Raises:
        ConfigError: the file cannot be read or parsed, or a key is unknown or wrong; names key and source.
    """
    raw = (defaults() if base is None else base) if path is None else _read(path)
    sources: dict[str, str] = {}
    for variable, text in sorted(environment.items()):
        if variable.startswith(ENV_PREFIX) and variable != ENV_FILE:
            key = variable.removeprefix(ENV_PREFIX).lower().replace("__", ".")
            _assign(raw, key, text, sources, f"environment variable {variable}")
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise ConfigError(f"--set {assignment}: write KEY=VALUE, e.g. --set server.port=9000")
        _assign(raw, key.strip(), text.strip(), sources, f"--set {key.strip()}")
    try:
        return msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(str(error), sources, str(path) if path else "the settings")) from None


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _assign(raw: dict[str, object], key: str, text: str, sources: dict[str, str], source: str) -> None:
    *tables, last = key.split(".")
    table = raw
    for name in tables:
        below = table.setdefault(name, {})
        if not isinstance(below, dict):
            raise ConfigError(f"{source}: {name} is a value, not a table")
        table = below
    table[last] = _value(text)
    sources[key] = source


def _value(text: str) -> object:
    """Take ``text`` as TOML writes values; what is none (an unquoted word, a URL) is a string."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _explain(error: str, sources: Mapping[str, str], default: str) -> str:
    """msgspec's "... - at `$.server.port`" with the key in front and the place it was set."""
    problem, _, path = error.partition(" - at `$")
    key = re.sub(r"\[\.\.\.\]", ".*", path.rstrip("`")).lstrip(".")
    unknown = re.search(r"unknown field `(\w+)`", problem)
    full = ".".join(part for part in (key, unknown.group(1) if unknown else "") if part)
    source = next((where for name, where in sources.items() if _sets(name, full)), default)
    return f"{source}: {f'{full}: ' if full else ''}{problem}"


def _sets(name: str, key: str) -> bool:
    """Whether setting ``name`` sets ``key`` or something below it; a part of ``key`` that is "*" is any name."""
    parts, wanted = name.split("."), key.split(".")
    return len(parts) >= len(wanted) and all(b in ("*", a) for a, b in zip(parts, wanted, strict=False))
