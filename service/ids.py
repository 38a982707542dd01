"""UUIDv7 (RFC 9562, section 5.7): ids that sort by time."""

from __future__ import annotations

import os
import time


def uuid7() -> str:
    """A new UUIDv7: 48 bits of milliseconds since 1970, version and variant, 74 random bits."""
    bits = int.from_bytes(os.urandom(10)) | time.time_ns() // 1_000_000 << 80
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
