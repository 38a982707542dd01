"""How peers are installed, and what they are told."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bench.peers.__main__ import PEERS, rotated
from bench.peers.base import NotInstallable, Peer, debian, npm, pip
from service.config import OpenAICheckpoint, load

ENGINE = "http://127.0.0.1:7001"


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_every_peer_is_told_its_port_and_the_engine(peer: Peer, tmp_path: Path) -> None:
    launch = peer.launch(Path("/where/it/is"), tmp_path, 7002, ENGINE)
    written = [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()]
    said = "\n".join([*launch.command, *launch.headers.values(), *written])
    assert ENGINE.removeprefix("http://") in said
    assert (launch.announces is None) == ("7002" in said) == (launch.ready is not None)
    assert "{" not in said.replace("{ ", "").replace(" {\n", "").replace("{launch", "")
    assert launch.path.startswith("/")


def test_ours_is_told_what_it_understands(tmp_path: Path) -> None:
    PEERS[0].launch(tmp_path, tmp_path, 7002, ENGINE)
    settings = load(tmp_path / "dragoman.toml", environment={})
    assert settings.server.port == 7002
    assert settings.checkpoints == {"bench": OpenAICheckpoint(url=ENGINE)}


def test_names_are_unique() -> None:
    assert len({peer.name for peer in PEERS}) == len(PEERS)


def test_each_peer_has_every_place_once() -> None:
    orders = [rotated(PEERS, number) for number in range(len(PEERS))]
    for places in zip(*orders, strict=True):
        assert {peer.name for peer in places} == {peer.name for peer in PEERS}
    assert rotated([], 3) == []


def test_without_the_package_manager_a_peer_is_not_installable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotInstallable, match="apt-get is not there"):
        debian(tmp_path / "nginx", "nginx")
    with pytest.raises(NotInstallable, match="npm is not there"):
        npm(tmp_path / "portkey", "portkey", "1", {})


def test_what_pip_says_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(NotInstallable, match="no-such-thing"):
        pip(tmp_path / "peer", "no-such-thing==1")
    assert not (tmp_path / "peer" / "installed").exists()


def test_what_is_there_is_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "installed").write_text("a@1\nb@2")
    npm(tmp_path, "a", "1", {"b": "2"})
    with pytest.raises(NotInstallable):
        npm(tmp_path, "a", "1", {"b": "3"})
    assert msgspec.json.decode((tmp_path / "package.json").read_bytes())["overrides"] == {"b": "3"}
