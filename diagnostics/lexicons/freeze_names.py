"""Freeze the names of languages from CLDR: ``python diagnostics/lexicons/freeze_names.py`` (needs Babel).

Writes ``names/XX.toml`` for every ``XX.toml`` beside this file: tag -> what the language is called in XX. At run time
neither Babel nor CLDR is needed. What CLDR lacks is written by hand, in the ``[names]`` table of ``XX.toml``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from babel import Locale

HERE = Path(__file__).parent

_TAGS = """
af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id
ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my ne nl no nn nb pa pl
ps pt ro ru sd si sk sl so sq sr su sv sw ta te tg th tl tr uk ur uz vi xh yi yo zh zh_Hans zh_Hant
zu en_GB en_US es_419 es_ES es_MX fr_CA pt_BR pt_PT
"""
TAGS = _TAGS.split()
"""Target languages: what a prompt may ask for."""

_QUALIFIER = re.compile(r"\s*[(（].*")


def names(language: str) -> dict[str, str]:
    """Tag -> name of the language in ``language``, without qualifiers in brackets; every name belongs to one tag."""
    called = Locale.parse(language).languages
    table: dict[str, str] = {}
    for tag in TAGS:
        name = _QUALIFIER.sub("", str(called.get(tag) or ""))
        if name and name not in table.values():
            table[tag.replace("_", "-")] = name
    return table


def main() -> None:
    """Write one table for every lexicon."""
    for path in sorted(HERE.glob("*.toml")):
        rows = "".join(f"{tag} = {json.dumps(name, ensure_ascii=False)}\n" for tag, name in names(path.stem).items())
        (HERE / "names" / path.name).write_text(f"# CLDR, written by freeze_names.py: do not edit.\n{rows}", "utf-8")


if __name__ == "__main__":
    main()
