"""The gateway beside its peers, in one run on one machine.

    python -m bench.peers [--only NAME ...] [--rounds 3] [--seconds 4] [--json FILE]
    python -m bench.peers streams [--streams 2000] [--pace 0.1] [--seconds 20]

The work is a short chat request and a reply of some 300 characters: as one body, as 64 events at once, or as 64 events
10 ms apart. The engine is scripted (``engine``), the client is one of its own (``load``), both on other cores than the
gateway, which has one to itself. Every round starts every gateway anew, in another order, warms it up, and takes it
through all phases (``measure``): one client; eight clients; streams at once and paced; open loop at fixed rates. CPU
is what the kernel accounts to the gateway's processes. Latency is what is added to that of the engine asked directly in
the same round. A reply that is not as it should be is an error; a phase with more than one in a hundred has no figure.

Peers are installed on first use into a folder of their own, in fixed versions; one that cannot be is named with the
reason. ``streams`` keeps many paced streams open at once and says by how much the gaps between chunks grow, and what
memory each stream takes.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.console import Console

from .base import NotInstallable, Peer, cache
from .dragoman import Dragoman
from .litellm import LiteLLM
from .measure import DIRECT, Bench, Round, client, cores, engine
from .nginx import Nginx
from .portkey import Portkey
from .processes import DidNotStart
from .report import Comparison, machine, row, tables
from .sglang_router import SGLangRouter
from .streams import Streams, compare_streams, table
from .tensorzero import TensorZero
from .vllm_router import VLLMRouter

PEERS: tuple[Peer, ...] = (Dragoman(), Nginx(), VLLMRouter(), SGLangRouter(), TensorZero(), Portkey(), LiteLLM())


def main() -> None:
    """Measure, print tables, write JSON."""
    names = [peer.name for peer in PEERS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("peers", "streams"), default="peers")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, help="of a phase: by default 4, of streams 20")
    parser.add_argument("--streams", type=int, default=2000, help="at once")
    parser.add_argument("--pace", type=float, default=0.1, help="seconds between the chunks of one of many streams")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    allow_files()
    found = (many_streams if options.what == "streams" else all_phases)(options, Console())
    if options.json is not None:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1))


def all_phases(options: argparse.Namespace, console: Console) -> Comparison:
    """Measure all gateways that are wanted, and print tables."""
    with bench(options.seconds or 4.0) as at:
        found = compare(at, chosen(options.only), options.rounds, console)
    console.print(*tables(found))
    for name, reason in found.left_out.items():
        console.print(f"{name} is left out: {reason}")
    return found


def many_streams(options: argparse.Namespace, console: Console) -> Streams:
    """Measure many streams at once, and print a table."""
    with bench(options.seconds or 20.0) as at:
        found = compare_streams(at, chosen(options.only or ["dragoman"]), options.rounds, options.streams, options.pace)
    console.print(table(found))
    return found


def chosen(names: Sequence[str] | None) -> list[Peer]:
    """The peers of these names; without any, all."""
    return [peer for peer in PEERS if names is None or peer.name in names]


@contextmanager
def bench(seconds: float) -> Iterator[Bench]:
    """An engine and a client, ready."""
    where = cores()
    with (
        tempfile.TemporaryDirectory() as folder,
        engine(where.others, Path(folder) / "log") as script,
        client(where.others) as asking,
    ):
        yield Bench(script, asking, where, seconds)


def compare(at: Bench, peers: Sequence[Peer], rounds: int, console: Console) -> Comparison:
    """Measure all peers that can be, round by round."""
    found = Comparison(machine(), versions={DIRECT: ""}, rounds={DIRECT: []})
    there = install(peers, found, console)
    for number in range(rounds):
        with at.direct() as target:
            found.rounds[DIRECT].append(at.turn(target))
        for peer in rotated(there, number):
            if peer.name in found.left_out:
                continue
            console.print(f"round {number + 1} of {rounds}: {peer.name}")
            try:
                found.rounds.setdefault(peer.name, []).append(turn(at, peer))
            except DidNotStart as error:
                found.left_out[peer.name] = str(error)
    for name in found.left_out:
        found.rounds.pop(name, None)
    found.rows = {name: row(name, found) for name in found.rounds}
    found.load_after = os.getloadavg()
    return found


def install(peers: Sequence[Peer], found: Comparison, console: Console) -> list[Peer]:
    """Those of ``peers`` that are installed now; the others are noted with the reason."""
    there = []
    for peer in peers:
        console.print(f"installing {peer.name}, unless it is there")
        try:
            found.versions[peer.name] = peer.install(cache() / peer.name)
        except NotInstallable as error:
            found.left_out[peer.name] = str(error)
        else:
            there.append(peer)
    return there


def turn(at: Bench, peer: Peer) -> Round:
    """One peer's turn in a round."""
    with at.started(peer, cache() / peer.name) as target:
        return at.turn(target)


def rotated(peers: Sequence[Peer], by: int) -> list[Peer]:
    """The same, begun elsewhere, so that none always comes after the same or at the same time of a round."""
    start = by % len(peers) if peers else 0
    return [*peers[start:], *peers[:start]]


def allow_files() -> None:
    """Let this process and all it starts open as many connections as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main()
