"""Who asks, and what they may: API keys, as ``dragoman keys`` makes them and a running gateway looks them up.

A key is 256 random bits, so one SHA-256 of it is all that need be kept: slow and salted hashes protect secrets that can
be guessed, and these cannot be. The prefix makes a key that leaked into a repository or a log easy to find.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import secrets
import stat
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Annotated

import msgspec
from msgspec import Meta

from .config import AtLeastOne, Name, OnMismatch
from .errors import ConfigError, Forbidden, Headers, Unauthenticated

PREFIX = "dgm_"
LENGTH = len(PREFIX) + 43
"""Characters of a key: the prefix, and 32 bytes in base64."""

WATCH_SECONDS = 2.0
"""How soon, at the latest, a running gateway takes notice of a changed file."""

log = logging.getLogger(__name__)

# Of the digest, enough to tell keys apart.
_FINGERPRINT = 8


class Scope(StrEnum):
    """What a key may be used for: inferences and the list of models; judging replies from elsewhere; feedback; canaries
    and other settings; metrics and the state of each checkpoint."""

    INFER = "infer"
    DIAGNOSE = "diagnose"
    FEEDBACK = "feedback"
    ADMIN = "admin"
    METRICS = "metrics"


class Client(msgspec.Struct, frozen=True):
    """Who asks. ``models`` and the limits are None where there is none."""

    id: str
    name: str
    scopes: frozenset[Scope]
    models: frozenset[str] | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    on_mismatch: OnMismatch | None = None

    def require(self, scope: Scope) -> None:
        """Pass if the client may do this.

        Raises:
            Forbidden: it may not.
        """
        if scope not in self.scopes:
            raise Forbidden(f"this API key lacks the scope '{scope.value}'")

    def require_model(self, model: str) -> None:
        """Pass if the client may ask this model, whether or not there is one of that name.

        Raises:
            Forbidden: it may not; names those that it may ask.
        """
        if self.models is not None and model not in self.models:
            raise Forbidden(
                f"this API key may not use that model; it may use: {', '.join(sorted(self.models))}", param="model"
            )


ANYONE = Client(id="", name="anyone", scopes=frozenset(Scope))
"""Who asks where there are no keys."""

# The name is a metric's label.
KeyName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
Moment = Annotated[datetime, Meta(tz=True)]


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One entry of the keys file. ``hash`` is the SHA-256 of the key in hexadecimal. Keys may share a name, and do
    while one takes another's place."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{8}$")]
    name: KeyName
    hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1)]
    models: Annotated[tuple[Name, ...], Meta(min_length=1)] | None = None
    requests_per_minute: AtLeastOne | None = None
    tokens_per_minute: AtLeastOne | None = None
    on_mismatch: OnMismatch | None = None
    created: Moment
    expires: Moment | None = None
    disabled: bool = False

    @property
    def client(self) -> Client:
        """Who asks with this key."""
        return Client(
            id=self.id,
            name=self.name,
            scopes=frozenset(self.scopes),
            models=None if self.models is None else frozenset(self.models),
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
            on_mismatch=self.on_mismatch,
        )


class KeysFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file, in JSON."""

    keys: tuple[Key, ...] = ()

    def __post_init__(self) -> None:
        for what in ("id", "hash"):
            if len({getattr(key, what) for key in self.keys}) < len(self.keys):
                raise ValueError(f"two keys have the same {what}")


def new_key() -> str:
    """A key that nobody has yet."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(key: bytes) -> bytes:
    """What is kept of a key."""
    return sha256(key).digest()


def read_keys(path: Path) -> KeysFile:
    """The file at ``path``.

    Raises:
        ConfigError: it is not there, cannot be read, is no such file, or others than its owner may write it: who can
            write it can let anybody in. To read it is of no use without the keys themselves.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; `dragoman keys create NAME` makes one") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(f"{path}: others than its owner may write it; set its mode with: chmod 600 {path}")
    try:
        return msgspec.json.decode(content, type=KeysFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None


class _Known(msgspec.Struct, frozen=True):
    """A key as it is looked up; ``expires`` is in seconds since 1970."""

    digest: bytes
    client: Client
    expires: float | None
    disabled: bool


class Keyring:
    """The keys in the file at ``path``; what is asked at every request is in memory.

    Raises:
        ConfigError: see ``read_keys``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = self._look()
        self._known = _index(read_keys(path).keys)

    def client(self, headers: Headers) -> Client:
        """Who sends a request with these headers: ``Authorization: Bearer KEY``.

        Raises:
            Unauthenticated: nobody that is known.
        """
        sent = _bearer(headers)
        if sent is None:
            raise Unauthenticated("an API key is needed: send it as `Authorization: Bearer KEY`")
        if len(sent) != LENGTH:
            raise Unauthenticated("there is no such API key")
        found = digest(sent)
        known = self._known.get(found[:_FINGERPRINT])
        if known is None or not hmac.compare_digest(known.digest, found):
            raise Unauthenticated("there is no such API key")
        if known.disabled:
            raise Unauthenticated("this API key was revoked")
        if known.expires is not None and known.expires <= time():
            raise Unauthenticated("this API key has expired")
        return known.client

    async def watch(self) -> None:
        """Take over what changes in the file, until cancelled."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await asyncio.to_thread(self.refresh)

    def refresh(self) -> None:
        """Read the file again if it has changed; a broken one is logged once, and the keys stay what they were."""
        state = self._look()
        if state == self._state:
            return
        self._state = state
        try:
            keys = read_keys(self._path).keys
        except ConfigError as error:
            log.error("the API keys stay what they were: %s", error)
            return
        self._known = _index(keys)
        log.info("read %d API keys from %s", len(keys), self._path)

    def _look(self) -> tuple[int, ...] | None:
        """What changes when the file does."""
        try:
            state = self._path.stat()
        except OSError:
            return None
        return state.st_ino, state.st_mtime_ns, state.st_size, state.st_mode


def _index(keys: Iterable[Key]) -> dict[bytes, _Known]:
    index = {}
    for key in keys:
        expires = None if key.expires is None else key.expires.timestamp()
        known = _Known(bytes.fromhex(key.hash), key.client, expires, key.disabled)
        index[known.digest[:_FINGERPRINT]] = known
    return index


def _bearer(headers: Headers) -> bytes | None:
    for name, value in headers:
        if name == b"authorization":
            scheme, _, credentials = value.partition(b" ")
            return credentials.strip() if scheme.lower() == b"bearer" else None
    return None
