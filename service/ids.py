"""UUIDv7 (RFC 9562, section 5.7): ids that sort by time."""

from __future__ import annotations

import os
import time
from uuid import UUID


def uuid7() -> str:
    """A new UUIDv7: 48 bits of milliseconds since 1970, version and variant, 74 random bits."""
    return _written(int.from_bytes(os.urandom(10)) | time.time_ns() // 1_000_000 << 80)


def first_id(moment: float) -> str:
    """The smallest UUIDv7 of a millisecond, in seconds since 1970: ids of earlier ones are smaller, others are not."""
    return _written(max(0, int(round(moment * 1000, 3))) << 80)


def time_of(id: str) -> float:
    """When a UUIDv7 was made, in seconds since 1970, to the millisecond.

    Raises:
        ValueError: it is no UUID.
    """
    return (UUID(id).int >> 80) / 1000


def is_id(text: str) -> bool:
    """Whether this is a UUID as it is written here."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _written(bits: int) -> str:
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
