"""Writes ``diagnostics/language/names.json``: what language tags are made of.

    python -m bench.language_names

English and native names, aliases, scripts, regions and likely scripts come from CLDR (through Babel), valid language
codes from langcodes, which nothing else needs; run it when CLDR gains a language.
"""

from __future__ import annotations

import itertools
import json
import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import langcodes
from babel import Locale, localedata
from babel.core import get_global

OUT = Path(__file__).parents[1] / "diagnostics" / "language" / "names.json"


def codes() -> Iterator[str]:
    """All valid base codes."""
    for length in (2, 3):
        for letters in itertools.product(string.ascii_lowercase, repeat=length):
            if langcodes.tag_is_valid("".join(letters)):
                yield "".join(letters)


def natives() -> dict[str, str]:
    """What languages call themselves -> tag; of several that use one name the shortest tag is meant."""
    table: dict[str, str] = {}
    for identifier in sorted(localedata.locale_identifiers(), key=lambda each: (len(each), each)):
        name = Locale.parse(identifier).languages.get(identifier)
        if name:
            table.setdefault(name.casefold(), identifier.replace("_", "-"))
    return table


def region_scripts() -> dict[str, str]:
    """``zh-TW`` -> ``Hant``: regions in which a language is written in another script than usual.

    Only regions that CLDR has a locale for. The usual script is left out, because both are in daily use in places such
    as Serbia and Uzbekistan; it is kept for Chinese, where either is the norm of its region.
    """
    likely: Mapping[str, str] = get_global("likely_subtags")
    table: dict[str, str] = {}
    for identifier in sorted(localedata.locale_identifiers()):
        language, _, rest = identifier.partition("_")
        script, _, region = rest.partition("_")
        if len(script) != 4 or len(region) != 2:
            continue
        usual = likely.get(language, f"{language}__").split("_")[1]
        expected = likely.get(f"{language}_{region}", likely.get(language, "__")).split("_")[1]
        if script == expected and (script != usual or usual.startswith("Han")):
            table[f"{language}-{region}"] = script
    return table


def region_languages(codes: Iterable[str]) -> dict[str, str]:
    """``jp`` -> ``ja``: regions whose code is no language's, and what is most likely spoken there."""
    likely: Mapping[str, str] = get_global("likely_subtags")
    regions = {each[4:].lower(): usual.split("_")[0] for each, usual in likely.items() if len(each) == 6}
    return {region: regions[region] for region in regions.keys() - set(codes) if f"und_{region.upper()}" in likely}


def main() -> None:
    """Write the table."""
    english, languages = Locale("en"), list(codes())
    regions: Mapping[str, list[str]] = get_global("territory_aliases")
    # Regions that fell apart stay valid, and none of their heirs is meant.
    former = [old for old, new in regions.items() if len(old) == 2 and len(new) > 1]
    table = {
        "names": {tag.replace("_", "-"): name for tag, name in english.languages.items()},
        "natives": natives(),
        "aliases": {old: new.replace("_", "-") for old, new in get_global("language_aliases").items() if old.isalpha()},
        "codes": " ".join(languages),
        "scripts": dict(english.scripts),
        "regions": " ".join([*english.territories, *former]),
        "variants": " ".join(english.variants).lower(),
        # Longer keys are parts of regions.
        "region_aliases": {old: new[0] for old, new in regions.items() if len(old) <= 3 and len(new) == 1},
        "region_scripts": region_scripts(),
        "region_languages": region_languages(languages),
    }
    OUT.write_text(json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
