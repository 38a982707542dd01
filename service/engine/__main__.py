"""The engine process. It speaks ``protocol`` on stdin and stdout, and ends when stdin closes: the gateway is gone."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from ..errors import CheckpointError, MissingExtra
from .files import locate
from .protocol import Ask, Cancel, Failed, FromEngine, Generate, Load, Ready, Refused, Stats, Step, ToEngine

if TYPE_CHECKING:
    from .batch import Batch
    from .checkpoint import Checkpoint


class Engine:
    """Commands in, messages out; each checkpoint with work takes one step in turn."""

    def __init__(self, checkpoints: dict[str, Checkpoint], batches: dict[str, Batch], output: BinaryIO) -> None:
        self._checkpoints = checkpoints
        self._batches = batches
        self._output = output

    def serve(self, commands: SimpleQueue[ToEngine]) -> None:
        """Work for ever; sleep in the queue while there is none."""
        while True:
            busy = [batch for batch in self._batches.values() if batch.active or batch.waiting]
            for command in _drain(commands, wait=not busy):
                self._obey(command)
            for batch in busy:
                if pieces := batch.step():
                    send(self._output, Step(pieces))

    def _obey(self, command: ToEngine) -> None:
        match command:
            case Generate():
                self._admit(command)
            case Cancel(id):
                for batch in self._batches.values():
                    batch.cancel(id)
            case Ask():
                active = {name: batch.active for name, batch in self._batches.items()}
                send(self._output, Stats(active, {name: batch.waiting for name, batch in self._batches.items()}))

    def _admit(self, request: Generate) -> None:
        from .batch import Row
        from .checkpoint import ContextExceeded, TemplateRefused

        checkpoint = self._checkpoints[request.checkpoint]
        try:
            prompt = checkpoint.encode(request.turns)
        except ContextExceeded as error:
            send(self._output, Refused(request.id, "prompt_too_long", str(error)))
        except TemplateRefused as error:
            send(self._output, Refused(request.id, "template", str(error)))
        else:
            self._batches[request.checkpoint].add(Row(request, prompt, checkpoint))


def send(output: BinaryIO, message: FromEngine) -> None:
    """Write one line."""
    output.write(msgspec.json.encode(message) + b"\n")
    output.flush()


def main() -> None:
    """Load what the first line says, then serve until stdin closes."""
    source, output = _take_pipes()
    load = msgspec.json.decode(source.readline(), type=Load)
    commands: SimpleQueue[ToEngine] = SimpleQueue()
    Thread(target=_listen, args=(source, commands), daemon=True).start()
    try:
        engine = _load(load, output)
    except MissingExtra as error:
        send(output, Failed("missing_extra", str(error)))
        os._exit(2)
    except CheckpointError as error:
        send(output, Failed("checkpoint", str(error)))
        os._exit(2)
    engine.serve(commands)


def _load(load: Load, output: BinaryIO) -> Engine:
    for module in ("torch", "transformers"):
        if importlib.util.find_spec(module) is None:
            raise MissingExtra(f"the embedded engine needs {module}: pip install 'dragoman[embedded]'")
    directories = {name: locate(name, source) for name, source in load.checkpoints.items()}

    import torch

    from .batch import Batch
    from .checkpoint import Checkpoint

    torch.set_num_threads(load.threads)
    checkpoints = {name: Checkpoint(name, directory) for name, directory in directories.items()}
    send(output, Ready({name: checkpoint.info for name, checkpoint in checkpoints.items()}))
    return Engine(
        checkpoints, {name: Batch(checkpoint, load.slots) for name, checkpoint in checkpoints.items()}, output
    )


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes; what libraries print goes to stderr, and they read nothing."""
    source, output = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return source, output


def _listen(source: BinaryIO, commands: SimpleQueue[ToEngine]) -> None:
    decoder = msgspec.json.Decoder[ToEngine](ToEngine)
    try:
        for line in source:
            commands.put(decoder.decode(line))
    finally:
        # Not sys.exit: the main thread may be deep in a model, and nobody is left to read what it makes.
        os._exit(0)


def _drain(commands: SimpleQueue[ToEngine], *, wait: bool) -> Iterator[ToEngine]:
    """Every command that has come; at least one if ``wait``."""
    if wait:
        yield commands.get()
    while True:
        try:
            yield commands.get_nowait()
        except Empty:
            return


if __name__ == "__main__":
    main()
