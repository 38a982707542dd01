"""Language tags: BCP 47 in, BCP 47 out, their English names, and the scripts that they ask for.

The tables are frozen from CLDR and the IANA registry by ``bench/language_names.py``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

import msgspec

SEVERAL = "mul"
"""ISO 639's code for several languages: what a request for German or French, or for both, asks for."""

UNDETERMINED = "und"
"""ISO 639's code for a language that is not known yet: that of a passage which a request points to."""

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)(?P<rest>(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)"
)
_LONGEST = 35  # RFC 5646, section 4.4.1: what an implementation should at least take
_NO_LANGUAGES = frozenset({SEVERAL, UNDETERMINED, "mis", "zxx"})
_ADVISED = 3  # tags named at most
_ALIKE, _SPREAD = 0.6, 0.1  # likeness of a subtag or name that may have been meant, and how far below the best


class _Tables(msgspec.Struct, frozen=True):
    names: dict[str, str]  # tag -> English name
    natives: dict[str, str]  # what a language calls itself, in lower case -> tag
    aliases: dict[str, str]  # deprecated or three-letter code -> tag
    codes: str  # every valid base code, separated by spaces
    scripts: dict[str, str]  # code -> English name
    regions: str  # every valid code, separated by spaces, as are variants
    variants: str
    region_aliases: dict[str, str]  # deprecated, three-letter or numeric code -> code
    region_scripts: dict[str, str]  # language and region -> script
    region_languages: dict[str, str]  # region whose code is no language's -> its language


@cache
def _tables() -> _Tables:
    return msgspec.json.decode(resources.files(__package__).joinpath("names.json").read_bytes(), type=_Tables)


@cache
def _languages() -> frozenset[str]:
    return frozenset(_tables().codes.split()) | _tables().aliases.keys()


@cache
def _scripts() -> dict[str, str]:
    return {code.lower(): code for code in _tables().scripts}


@cache
def _regions() -> dict[str, str]:
    return {code.lower(): code for code in _tables().regions.split()} | {
        alias.lower(): code for alias, code in _tables().region_aliases.items()
    }


@cache
def _variants() -> dict[str, str]:
    return {code: code for code in _tables().variants.split()}


def normalise_tag(tag: str) -> str:
    """The tag in its usual form: ``EN_us`` -> ``en-US``, ``deu`` -> ``de``, ``iw`` -> ``he``.

    Raises:
        ValueError: it is no BCP 47 tag of a known language, script and region; names it and the nearest valid ones.
    """
    usual = _usual(tag.strip().replace("_", "-").lower()) if len(tag) <= _LONGEST else None
    if usual is None:
        raise ValueError(_advice(tag))
    return usual


def _usual(tag: str) -> str | None:
    match = _TAG.fullmatch(tag)
    if match is None or match["language"] not in _languages():
        return None
    language, script, region = match["language"], match["script"], match["region"]
    language, _, implied = _tables().aliases.get(language, language).partition("-")
    parts = [language, _scripts().get(script) if script else implied, _regions().get(region) if region else ""]
    if None in parts or not set(match["variants"].split("-")[1:]) <= _variants().keys():
        return None
    return "-".join(filter(None, parts)) + match["variants"] + match["rest"]


def _advice(tag: str) -> str:
    shown = repr(tag[:_LONGEST]) + ("…" if len(tag) > _LONGEST else "")
    near = [f"{each} ({language_name(each)})" for each in _nearest(tag.strip()[:_LONGEST].lower().replace("_", "-"))]
    if not near:
        return f"{shown} is no language tag: use a BCP 47 tag such as de, pt-BR or zh-Hant"
    return f"{shown} is no language tag: use a BCP 47 tag such as {' or '.join(near)}"


def _nearest(tag: str) -> list[str]:
    """Valid tags that may have been meant: by a language's name, or by the first subtag that is wrong."""
    first, *rest = tag.split("-")
    if first not in _languages():
        by_region = _tables().region_languages.get(first)
        found = [by_region] if by_region else _alike(tag, _named()) or _alike(first, _named())
        return [_usual("-".join((each.lower(), *rest))) or each for each in found]
    for count in range(1, len(rest) + 1):
        if _usual("-".join((first, *rest[:count]))) is None:
            kept = "-".join((first, *rest[: count - 1]))
            near = [f"{kept}-{subtag}".lower() for subtag in _alike(rest[count - 1], _subtags(rest[count - 1]))]
            return list(filter(None, map(_usual, near))) or [_usual(kept) or kept]
    return []


@cache
def _named() -> dict[str, str]:
    """Whatever a caller may write for a language -> its tag."""
    tables = _tables()
    named = {tag: name for tag, name in tables.names.items() if tag not in _NO_LANGUAGES}
    codes = {code: code for code in named if len(code) <= 3}
    aliases = {alias: tag for alias, tag in tables.aliases.items() if tag in named}
    return aliases | codes | tables.natives | {name.lower(): tag for tag, name in named.items()}


def _subtags(wrong: str) -> Mapping[str, str]:
    """What may have been meant by a wrong subtag after the language."""
    if len(wrong) < 4:
        return _regions()
    names = {name.lower(): code for code, name in _tables().scripts.items()}
    return _scripts() | names if len(wrong) == 4 else _scripts() | _variants() | names


def _alike(word: str, meanings: Mapping[str, str]) -> list[str]:
    """Meanings of the keys most like ``word``, best first; of the key itself only its own.

    Letters that changed places ("Hnat") count half.
    """
    if word in meanings:
        return [meanings[word]]
    letters = "".join(sorted(word))
    likeness: dict[str, float] = {}
    for key in difflib.get_close_matches(word, meanings, n=4 * _ADVISED, cutoff=_ALIKE if len(word) > 2 else 0.5):
        in_order = difflib.SequenceMatcher(None, key, word).ratio()
        likeness[key] = (in_order + difflib.SequenceMatcher(None, "".join(sorted(key)), letters).ratio()) / 2
    best = sorted(likeness, key=likeness.__getitem__, reverse=True)
    near = [meanings[key] for key in best if likeness[key] >= likeness[best[0]] - _SPREAD]
    return list(dict.fromkeys(near))[:_ADVISED]


@lru_cache(maxsize=1024)
def base_language(tag: str) -> str:
    """``zh-Hant`` -> ``zh``."""
    return tag.partition("-")[0]


@lru_cache(maxsize=1024)
def script_of_tag(tag: str) -> str | None:
    """The script subtag: ``zh-Hant`` -> ``Hant``; None where there is none."""
    return next((part for part in tag.split("-")[1:2] if len(part) == 4 and part.isalpha()), None)


@lru_cache(maxsize=1024)
def script_wanted(tag: str) -> str | None:
    """The ISO 15924 script that text in ``tag`` has to be in, where its language is written in several.

    The script subtag says it, or the region does (``zh-TW`` -> ``Hant``); a plain ``zh`` or ``sr`` wants none. Regions
    count where CLDR's likely subtags name another script than usual, and in Chinese always.
    """
    if script := script_of_tag(tag):
        return script
    language, *rest = tag.split("-")
    region = next((part for part in rest[:1] if len(part) == 2), "")
    return _tables().region_scripts.get(f"{language}-{region}")


def language_name(tag: str) -> str:
    """English name of a language ("German", "Serbian (Latin)"); the tag itself when it has none."""
    names, base, script = _tables().names, base_language(tag), script_of_tag(tag)
    if tag in names or base not in names:
        return names.get(tag, tag)
    if script is None:
        return names[base]
    return names.get(f"{base}-{script}") or f"{names[base]} ({_tables().scripts[script]})"
