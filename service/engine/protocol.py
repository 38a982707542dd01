"""What the gateway and the engine process say to each other: newline-delimited JSON, one tagged struct a line.

The gateway writes ``Load`` first and gets ``Ready`` or ``Failed``. Then ``Generate`` is answered by ``Refused``, or by
pieces in any number of ``Step`` messages, the last with a finish reason; soon after ``Cancel`` nothing more comes for
that id. A ``Step`` carries the pieces of every reply in a batch, so that it costs the gateway one wake-up.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Turn(msgspec.Struct, frozen=True):
    """One message as a chat template takes it."""

    role: str
    content: str


class Load(msgspec.Struct, frozen=True, tag=True):
    """Load these checkpoints: name -> directory or hub id. ``slots`` replies at once each, torch on ``threads``."""

    checkpoints: dict[str, str]
    slots: int
    threads: int


class Generate(msgspec.Struct, frozen=True, tag=True):
    """Answer ``turns``; a text, which ``Checkpoint.encode`` takes for one turn or for a prompt as it is, may stand in
    for them. What is None is the checkpoint's own choice; ``stream`` False sends the text in one piece."""

    id: int
    checkpoint: str
    turns: list[Turn] | str
    stream: bool = True
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    stop: list[str] = []


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Stop this reply and give its slot away."""

    id: int


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Answered by ``Stats`` before the next step."""


class CheckpointInfo(msgspec.Struct, frozen=True):
    """What was loaded. ``context`` is in tokens, prompt and reply together."""

    context: int
    parameters: int
    dtype: str
    device: str


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Every checkpoint is loaded and has generated a token."""

    checkpoints: dict[str, CheckpointInfo]


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The engine cannot start; the process ends."""

    kind: Literal["missing_extra", "checkpoint"]
    message: str


class Refused(msgspec.Struct, frozen=True, tag=True):
    """This request cannot be answered by its checkpoint."""

    id: int
    kind: Literal["prompt_too_long", "template"]
    message: str


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """What a step adds to a reply. Token counts are set with the last piece."""

    id: int
    text: str
    finish_reason: Literal["stop", "length"] | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Step(msgspec.Struct, frozen=True, tag=True):
    """The pieces of one step of one checkpoint."""

    pieces: list[Piece]


class Stats(msgspec.Struct, frozen=True, tag=True):
    """Replies per checkpoint: those in the batch, and those that wait for a slot."""

    active: dict[str, int]
    waiting: dict[str, int]


ToEngine = Load | Generate | Cancel | Ask
FromEngine = Ready | Failed | Refused | Step | Stats
