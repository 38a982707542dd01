"""What is kept, as tables: a column for each field of a struct. What is neither a number nor a text is JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from .base import Audit, Consistency, Count, Entry, Feedback, Judgement

Kind = TypeVar("Kind", bound=msgspec.Struct)

Row = Sequence[Any]
"""Values as a database driver gives and takes them."""

_PLAIN = {str, int, float, str | None, int | None, float | None}


class Table(Generic[Kind]):
    """The table ``name``, whose rows are structs of one ``kind``; ``columns`` is their list in SQL."""

    def __init__(self, name: str, kind: type[Kind]) -> None:
        fields = msgspec.structs.fields(kind)
        self.name = name
        self.kind = kind
        self.columns = ", ".join(f'"{field.name}"' for field in fields)
        self.insert = f"INSERT INTO {name} ({self.columns}) VALUES ({', '.join('?' for _ in fields)})"
        """A statement that takes a ``row``."""
        self._fields = kind.__struct_fields__
        self._texts = [at for at, field in enumerate(fields) if field.type in (str, str | None)]
        self._encoded = [at for at, field in enumerate(fields) if field.type not in _PLAIN and field.type is not bool]
        self._decoders: list[tuple[int, Callable[[Any], Any]]] = [
            (at, bool if field.type is bool else msgspec.json.Decoder(field.type).decode)
            for at, field in enumerate(fields)
            if field.type not in _PLAIN
        ]

    def qualified(self, alias: str) -> str:
        """The columns, of a table that a statement calls ``alias``."""
        return ", ".join(f'{alias}."{name}"' for name in self._fields)

    def row(self, value: Kind) -> list[Any]:
        """A struct as a row."""
        row = list(msgspec.structs.astuple(value))
        for at in self._encoded:
            if row[at] is not None:
                row[at] = msgspec.json.encode(row[at]).decode()
        for at in self._texts:
            text = row[at]
            if text is not None and not text.isascii():
                row[at] = text.encode("utf-8", "replace").decode()  # a lone surrogate is no text to a database
            if text is not None and "\0" in text:
                row[at] = row[at].replace("\0", "\N{REPLACEMENT CHARACTER}")  # nor is this, to PostgreSQL
        return row

    def read(self, row: Row) -> Kind:
        """A row as a struct."""
        values = list(row)
        for at, decode in self._decoders:
            if values[at] is not None:
                values[at] = decode(values[at])
        return self.kind(**dict(zip(self._fields, values, strict=True)))


RECORDS = Table("records", Entry)
COUNTS = Table("counts", Count)
FEEDBACK = Table("feedback", Feedback)
JUDGEMENTS = Table("judgements", Judgement)
CONSISTENCY = Table("consistency", Consistency)
AUDITS = Table("audits", Audit)
