"""Writes ``diagnostics/language/names.json``: English names and aliases from CLDR, valid codes from langcodes.

    python -m bench.language_names

Needs Babel, which nothing else needs; run it when CLDR gains a language.
"""

from __future__ import annotations

import itertools
import json
import string
from pathlib import Path

import langcodes
from babel import Locale
from babel.core import get_global

OUT = Path(__file__).parents[1] / "diagnostics" / "language" / "names.json"


def main() -> None:
    names = {tag.replace("_", "-"): name for tag, name in Locale("en").languages.items()}
    aliases = {old: new.replace("_", "-") for old, new in get_global("language_aliases").items() if old.isalpha()}
    codes = ["".join(c) for n in (2, 3) for c in itertools.product(string.ascii_lowercase, repeat=n)]
    valid = " ".join(code for code in codes if langcodes.tag_is_valid(code))
    table = {"names": names, "aliases": aliases, "codes": valid}
    OUT.write_text(json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
