"""What a peer is, and the ways to install one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import msgspec

from .engine import MODEL

TIMEOUT = 1200  # seconds for one command of an installation


class NotInstallable(Exception):
    """The peer cannot be installed here; the message is the reason."""


class Launch(msgspec.Struct, frozen=True):
    """How a peer is started and asked.

    ``ready`` is a path that answers 200 once requests are. A peer that chooses its own port, and has no such path, says
    when it is ready: ``announces`` is what comes before its URL in its output. ``headers`` go with every request.
    """

    command: list[str]
    ready: str | None = None
    environment: dict[str, str] = {}
    path: str = "/v1/chat/completions"
    model: str = MODEL
    headers: dict[str, str] = {}
    announces: str | None = None


class Peer(Protocol):
    """A gateway that can be measured."""

    name: str

    def install(self, folder: Path) -> str:
        """Install into ``folder``, unless it is there, and say which version it is.

        Raises:
            NotInstallable: with the reason.
        """

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """Write what settings it needs into ``work``; it is to listen on ``port`` and to ask ``engine``, a URL."""


def pip(folder: Path, *requirements: str) -> None:
    """Install Python packages into a virtual environment of their own."""
    if _is_there(folder, *requirements):
        return
    _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    _run([str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements])
    _note(folder, *requirements)


def npm(folder: Path, package: str, version: str, overrides: dict[str, str]) -> None:
    """Install a Node package; ``overrides`` fix versions of what it depends on."""
    pins = [f"{name}@{pin}" for name, pin in {package: version, **overrides}.items()]
    if _is_there(folder, *pins):
        return
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"dependencies": {package: version}, "overrides": overrides}
    (folder / "package.json").write_bytes(msgspec.json.encode(manifest))
    _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)])
    _note(folder, *pins)


def debian(folder: Path, *packages: str) -> None:
    """Unpack Debian packages, without installing them."""
    if _is_there(folder, *packages):
        return
    folder.mkdir(parents=True, exist_ok=True)
    _run(["apt-get", "download", *packages], folder)
    for archive in folder.glob("*.deb"):
        _run(["dpkg", "--extract", str(archive), str(folder)])
    _note(folder, *packages)


def cache() -> Path:
    """Where peers are installed."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dragoman" / "peers"


def _is_there(folder: Path, *pins: str) -> bool:
    note = folder / "installed"
    return note.exists() and note.read_text(encoding="utf-8").split() == list(pins)


def _note(folder: Path, *pins: str) -> None:
    (folder / "installed").write_text("\n".join(pins), encoding="utf-8")


def _run(command: list[str], folder: Path | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT)
    except FileNotFoundError:
        raise NotInstallable(f"{command[0]} is not there") from None
    except subprocess.TimeoutExpired:
        raise NotInstallable(f"{command[0]} took longer than {TIMEOUT} s") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise NotInstallable(f"{Path(command[0]).name}: {said}")
