"""Exchanges and diagnoses to and from JSON lines: what ``dragoman diagnose`` reads and writes."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from io import BufferedIOBase
from typing import TypeVar

import msgspec

from .core import Diagnosis, Message
from .modifiers.declaration import DeclaredModifier
from .runner import Declared, Diagnostics
from .standard import declare

MAX_LINE_BYTES = 16 * 1024 * 1024


class Exchange(msgspec.Struct, frozen=True):
    """One instruction and its reply. Fields that are not listed here are ignored.

    Give ``messages`` or ``prompt``. Without ``response`` only what was asked is reported. ``finish_reason`` is
    OpenAI's; anything but "stop" (or nothing) means that the reply was cut short.
    """

    id: str | int | None = None
    messages: tuple[Message, ...] | None = None
    prompt: str | None = None
    response: str | None = None
    finish_reason: str | None = None
    expected_language: str | None = None
    modifiers: tuple[DeclaredModifier, ...] | None = None

    def __post_init__(self) -> None:
        if (self.messages is None) == (self.prompt is None):
            raise ValueError("give either `messages` or `prompt`")
        if self.messages == ():
            raise ValueError("`messages` is empty")

    @property
    def complete(self) -> bool:
        """Whether the reply ended by itself."""
        return self.finish_reason in (None, "stop")

    @property
    def cut_off(self) -> bool:
        """Whether the engine's limit on tokens ended the reply."""
        return self.finish_reason == "length"


class _Kind(msgspec.Struct, frozen=True):
    """Enough of a line to tell an exchange from a diagnosis."""

    messages: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    prompt: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    version: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_diagnosis(self) -> bool:
        return self.messages is msgspec.UNSET is self.prompt and self.version is not msgspec.UNSET


class _Holder(msgspec.Struct, frozen=True):
    """A line that holds a diagnosis beside the exchange that it is of."""

    diagnosis: Diagnosis | None = None


_decoder = msgspec.json.Decoder(Exchange)
_holder_decoder = msgspec.json.Decoder(_Holder)
_diagnosis_decoder = msgspec.json.Decoder(Diagnosis)
_kind_decoder = msgspec.json.Decoder(_Kind)

Line = TypeVar("Line")


def declared(exchange: Exchange) -> Declared:
    """What the exchange declares, checked.

    Raises:
        DeclarationError: it is wrong; says where in the exchange.
    """
    return declare(exchange.expected_language, ((each.name, each.arguments) for each in exchange.modifiers or ()))


def diagnose(diagnostics: Diagnostics, exchange: Exchange, default_id: str) -> Diagnosis:
    """Diagnose one exchange; without a response only what was asked is reported.

    Raises:
        DeclarationError: what the exchange declares is wrong; says where.
    """
    messages = exchange.messages or (Message("user", exchange.prompt or ""),)
    instruction = diagnostics.read(messages, declared(exchange))
    id = default_id if exchange.id is None else str(exchange.id)
    if exchange.response is None:
        return diagnostics.asked(id, instruction)
    return diagnostics.diagnose(
        id, instruction, exchange.response, complete=exchange.complete, cut_off=exchange.cut_off
    )


def lines(stream: BufferedIOBase) -> Iterator[bytes]:
    """The lines of a stream, one after the other. Of one that is too long there is only as much as shows that it is:
    it must not fill the memory."""
    first = True
    while line := stream.readline(MAX_LINE_BYTES + 1):
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES + 1)
        yield line.removeprefix(BOM_UTF8) if first else line
        first = False


def parse(line: bytes) -> Exchange:
    """Read one line.

    Raises:
        ValueError: it is no exchange; says which field is wrong.
    """
    return decode(_decoder, line)


def parse_either(line: bytes) -> Exchange | Diagnosis:
    """Read one line that is an exchange or, as ``write`` writes it, a diagnosis.

    Raises:
        ValueError: it is neither; says which field is wrong.
    """
    if decode(_kind_decoder, line).is_diagnosis:
        return decode(_diagnosis_decoder, line)
    return parse(line)


def parse_diagnosis(line: bytes) -> Diagnosis | None:
    """The diagnosis that a line is, or that an exchange holds as ``diagnosis``; None where it holds none.

    Raises:
        ValueError: the line is neither; says which field is wrong.
    """
    if decode(_kind_decoder, line).is_diagnosis:
        return decode(_diagnosis_decoder, line)
    return decode(_holder_decoder, line).diagnosis


def decode(decoder: msgspec.json.Decoder[Line], line: bytes) -> Line:
    """Read one line of whatever kind.

    Raises:
        ValueError: it is too long, no JSON, or of another kind; says which field is wrong.
    """
    if len(line) > MAX_LINE_BYTES:
        raise ValueError(f"longer than {MAX_LINE_BYTES} bytes")
    try:
        return decoder.decode(line)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).partition(" - at `$")
        path = place.strip(".`")
        raise ValueError(f"{path}: {problem}" if path else problem) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not valid JSON: {error}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def write(diagnosis: Diagnosis) -> bytes:
    """One line of output, with its line end."""
    return msgspec.json.encode(diagnosis) + b"\n"
