"""Characters that were broken on their way: U+FFFD, bytes written out, UTF-8 that was read in another encoding.

The bytes of one character in UTF-8 (RFC 3629), read as Latin-1 or Windows-1252, are a letter from "Â" to "ô" and one to
three characters that are a sign, a control character or a quotation mark; read as Windows-1251, "Р" or "С" and one
other. Few such pairs can stand in a text that is as it should be ("MANHÃ…", "café»"): those need a second one beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core import Instruction
from .base import Example, Flaw, Signal, matches

_SIGNS = "\x80-\xbf€‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›"
_CONTINUATION = f"{_SIGNS}ŠŒŽšœžŸ"
_NEVER_BEHIND_A_LETTER = "\x80-\x9f¡¢£¤¥¦§¨©¬¯±²³´¶¸¹¼½¾¿ƒ„†‡ˆ‰‹˜šŠŒŽœžŸ€"
_HINT = re.compile(f"[Â-ô][{_CONTINUATION}]")
_LATIN = re.compile(
    f"""[ÂÃ][{_NEVER_BEHIND_A_LETTER}]        # "Ã©": é
      | (?<=[a-z])[Â-Å][{_CONTINUATION}]      # "voilÃ ", "deÄŸil": no capital letter follows a small one
      | [à-ï][{_SIGNS}]{{2}}(?=[a-z])           # "Viá»‡t"
      | [Â-ô][\\x80-\\x9f]                      # a control character
      | â€[{_CONTINUATION}] | ðŸ[{_CONTINUATION}] | ï¿½ | ï»¿
      | (?:[Â-ß][{_CONTINUATION}] | [à-ï][{_CONTINUATION}]{{2}}){{2,1000}}+
    """,
    re.VERBOSE,
)
_CYRILLIC_HINTS = ("°", "µ", "ѕ")  # behind "Р" they are "а", "е" and "о": single ones are found ten times as fast
_CYRILLIC = re.compile("(?:[РС][ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџ\xa0ЎўЈ¤Ґ¦§Ё©Є«¬\xad®Ї°±Ііґµ¶·ё№є»јЅѕї\x98]){3,1000}+")
_BYTE = re.compile("(?:<0x[0-9A-F]{2}>){1,1000}+")


class Mojibake(Signal):
    """U+FFFD, bytes written out, UTF-8 that was read in another encoding."""

    name = "mojibake"
    examples = (
        Example("Das ist ein Caf\ufffd.", flaw="\ufffd"),
        Example("Das ist ein Caf\ufffd", complete=False),
        Example("Das ist \ufffd\ufffd\ufffd\ufffd", flaw="\ufffd" * 4, complete=False),
        Example("Das ist ein CafÃ© am See.", flaw="Ã©", language="de"),
        Example("Itâ€™s late.", flaw="â€™", language="en"),
        Example("Oui, voilÃ\xa0!", flaw="Ã\xa0", language="fr"),
        Example("Tiáº¿ng Viá»‡t", flaw="áº¿", language="vi"),
        Example("Bu doÄŸru deÄŸil.", flaw="ÄŸ", language="tr"),
        Example("Ð¿Ñ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€", flaw="Ð¿Ñ€Ð¸Ð²ÐµÑ‚", language="ru"),
        Example("РїСЂРёРІРµС‚, РјРёСЂ", flaw="РїСЂРёРІРµС‚", language="ru"),
        Example("cafÃƒÂ©", flaw="Ãƒ", language="fr"),
        Example("ä½\xa0å¥½", flaw="ä½\xa0å¥½", language="zh"),
        Example("Viel Spaß <0xF0><0x9F><0x8E><0x89>!", flaw="<0xF0><0x9F><0x8E><0x89>"),
        Example("锟斤拷 locked", flaw="锟斤拷", language="zh"),
        Example("Aus „Ã©“ wird wieder „é“.", prompt="Warum steht da Ã©?"),
        Example("O SÃO JOÃO É AMANHÃ… “A MANHÃ” e «MAÇÃ».", language="pt"),
        Example("Ăn cơm chưa? Ừ, ÂM NHẠC và CÂU “Ô”.", language="vi"),
        Example("Il a dit « à » puis “café”… C’est où\xa0? 20 °C, £5, 3 m².", language="fr"),
        Example("РІСЄ: СІРІ РЄ", language="uk"),
        Example("Ñandú, ÑOÑO, Ð og ð, Ø­, 2×3, ÷"),
    )

    def flaws(self, piece: str, instruction: Instruction) -> Iterator[Flaw]:
        """See the module."""
        if "<0x" in piece:
            yield from matches(_BYTE, piece, "bytes are written out: {}")
        if piece.isascii():
            return
        if "\ufffd" in piece:
            yield from matches(_REPLACEMENT, piece, "{} stands for a character that was lost")
        if "锟" in piece:
            yield from matches(_LOCKED, piece, "UTF-8 was read in another encoding: {}")
        if _HINT.search(piece):
            yield from matches(_LATIN, piece, "UTF-8 was read in another encoding: {}")
        if any(hint in piece for hint in _CYRILLIC_HINTS):
            yield from matches(_CYRILLIC, piece, "UTF-8 was read in another encoding: {}")


_REPLACEMENT = re.compile("\ufffd{1,1000}+")
_LOCKED = re.compile("锟斤拷")  # U+FFFD twice, read as GBK
