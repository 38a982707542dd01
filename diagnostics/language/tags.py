"""Language tags: BCP 47 in, BCP 47 out, and their English names.

The tables are frozen from CLDR and the IANA registry by ``bench/language_names.py``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import msgspec

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)"
)
_LONGEST = 35  # RFC 5646, section 4.4.1: what an implementation should at least take


class _Tables(msgspec.Struct, frozen=True):
    names: dict[str, str]  # tag -> English name
    aliases: dict[str, str]  # deprecated or three-letter code -> tag
    codes: str  # every valid base code, separated by spaces


@cache
def _tables() -> _Tables:
    return msgspec.json.decode(resources.files(__package__).joinpath("names.json").read_bytes(), type=_Tables)


@cache
def _codes() -> frozenset[str]:
    return frozenset(_tables().codes.split())


def normalise_tag(tag: str) -> str:
    """The tag in its usual form: ``EN_us`` -> ``en-US``, ``deu`` -> ``de``, ``iw`` -> ``he``.

    Raises:
        ValueError: it is no BCP 47 tag of a known language; the text says what to write instead where that is clear.
    """
    match = _TAG.fullmatch(tag.strip().replace("_", "-").lower()) if len(tag) <= _LONGEST else None
    if match is None or match["language"] not in _codes() | _tables().aliases.keys():
        raise ValueError(f"no language tag{_advice(tag)}")
    base, script, region, rest = match["language"], match["script"], match["region"], match["rest"]
    base, _, implied = _tables().aliases.get(base, base).partition("-")
    script = script.title() if script else implied
    return "-".join(filter(None, (base, script, region and region.upper()))) + rest


def _advice(tag: str) -> str:
    wanted = tag.strip().casefold()
    for code, name in _tables().names.items():
        if name.casefold() == wanted:
            return f": use a BCP 47 tag such as {code}"
    return ": use a BCP 47 tag such as de, pt-BR or zh-Hant"


def base_language(tag: str) -> str:
    """``zh-Hant`` -> ``zh``."""
    return tag.partition("-")[0]


def script_of_tag(tag: str) -> str | None:
    """The script subtag: ``zh-Hant`` -> ``Hant``; None where there is none."""
    return next((part for part in tag.split("-")[1:2] if len(part) == 4 and part.isalpha()), None)


def language_name(tag: str) -> str:
    """English name of a language ("German"); the tag itself when it has none."""
    names = _tables().names
    return names.get(tag) or names.get(base_language(tag)) or tag
