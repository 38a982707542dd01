"""Freeze names of languages and number words: ``python diagnostics/lexicons/freeze.py`` (needs Babel and PyICU).

Writes ``names/XX.toml`` (tag -> what the language is called in XX; CLDR, through Babel) and ``numbers/XX.toml`` for
every language of ``LANGUAGES``. A file of numbers has three tables, word or words -> value, in lower case and NFC:

* ``numbers``: ``VALUES``, inflected as the language inflects them;
* ``articles``: words that are a number only beside what they count ("ein", "un", "一"): elsewhere they say something
  else, so whoever reads them must look at what follows;
* ``ordinals``: first to twelfth, in the genders and cases there are.

Number words come from ICU's spell-out rules (Unicode licence). PyICU is built against libicu-dev; both are needed here
alone, never at run time, and are no dependency of the project. What ICU lacks or spells otherwise than people do is
corrected by ``by_hand/XX.toml``:

* ``also``: pairs (pattern, replacement), each adding a spelling to every word in which its pattern is found;
* ``drop``: patterns; words in which one is found are then left out;
* ``numbers``, ``articles``, ``ordinals``: more words. Brackets hold alternatives: "tří(|ch)" is "tří" and "třích".

The same releases of Babel and ICU give the same files.
"""

from __future__ import annotations

import itertools
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import babel
import icu
import msgspec
from babel import Locale

HERE = Path(__file__).parent

_LANGUAGES = """
ar bg bn ca cs da de el en es et fa fi fil fr gu he hi hr hu id it ja kk kn ko lt lv ml mr ms ne nl no pa pl pt ro ru
sk sl sr sv sw ta te th tr uk ur vi yo zh
"""
LANGUAGES = _LANGUAGES.split()
"""Languages in which prompts may be written: those with a lexicon, and some that may get one."""

_TAGS = """
af ak am ar as ay az ba be bg bho bn bo br bs ca ceb ckb cs cv cy da de doi dv dz el en eo es et eu fa ff fi fil fo fr
fy ga gd gl gn gu ha haw he hi hr ht hu hy id ig is it ja jv ka kk km kn ko kok ku ky la lb lg ln lo lt lv mai mg mi mk
ml mn mni mr ms mt my ne nl no nn nb ny oc om or os pa pl ps pt qu ro ru rw sa sat sc sd si sk sl sn so sq sr st su sv
sw ta te tg th ti tk tl tn tr ts tt ug uk ur uz vi wo xh yi yo yue zh zh_Hans zh_Hant zu en_GB en_US es_419 es_ES es_MX
fr_CA pt_BR pt_PT
"""
TAGS = _TAGS.split()
"""Target languages: what a prompt may ask for."""

VALUES = (*range(101), *range(150, 500, 100), *range(200, 1001, 100), 1500, 2000, 3000, 5000, 10000)
"""Cardinals that get words: those that lengths and counts are asked in."""
SIMPLE = {*range(21), *range(30, 101, 10), *range(200, 1001, 100)}
"""Values written with one word in most languages: given in all cases. The others only in the commonest."""
ORDINALS = range(1, 13)

_VARIANTS = {
    "fr": ["fr", "fr_BE", "fr_CH"],
    "no": ["nb", "nn"],
    "pt": ["pt", "pt_PT"],
    "sr": ["sr", "sr_Latn"],
    "zh": ["zh", "zh_Hant"],
}
"""Locales whose words count as one language's."""

_QUALIFIER = re.compile(r"\s*[(（,].*")
_UNUSED = re.compile("financial|days|year|plural")
_RARE = re.compile("dative|accusative|locative|ablative|instrumental|essive|translative|elative|illative|allative")
_INVISIBLE = dict.fromkeys(map(ord, "\xad\u200b"))
_GROUP = re.compile(r"\(([^()]*)\)")

Table = dict[str, int]


class ByHand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people know better than ICU: see above."""

    drop: list[str] = []
    also: list[tuple[str, str]] = []
    numbers: Table = {}
    articles: Table = {}
    ordinals: Table = {}


def names(language: str) -> dict[str, str]:
    """Tag -> name of the language in ``language``, without qualifiers in brackets; every name belongs to one tag."""
    called = {tag: str(Locale.parse(language).languages.get(tag) or "") for tag in TAGS}
    owners: dict[str, str] = {}
    # "Kurdish" is Kurdish's, whatever comes before it in brackets: "Kurdish (Sorani)".
    for tag in sorted(TAGS, key=lambda tag: bool(_QUALIFIER.search(called[tag]))):
        if called[tag]:
            owners.setdefault(_QUALIFIER.sub("", called[tag]), tag)
    return {tag.replace("_", "-"): name for name, tag in sorted(owners.items(), key=lambda item: TAGS.index(item[1]))}


def numbers(language: str, by_hand: ByHand) -> dict[str, Table]:
    """The three tables of number words of a language.

    Raises:
        ValueError: a word has two values.
    """
    articles = _table(_expanded(by_hand.articles))
    spelled = ((word, value) for word, value in _cardinals(language, by_hand) if word not in articles)
    return {
        "numbers": _table(itertools.chain(spelled, _expanded(by_hand.numbers))),
        "articles": articles,
        "ordinals": _table(itertools.chain(_ordinals(language, by_hand), _expanded(by_hand.ordinals))),
    }


def _cardinals(language: str, by_hand: ByHand) -> Iterator[tuple[str, int]]:
    for rules, name in _rule_sets(language):
        if "ordinal" not in name and not _UNUSED.search(name):
            for value in VALUES:
                if value in SIMPLE or not _RARE.search(name):
                    yield from ((word, value) for word in _spellings(rules.format(value, name), by_hand))


def _ordinals(language: str, by_hand: ByHand) -> Iterator[tuple[str, int]]:
    for rules, name in _rule_sets(language):
        if "ordinal" in name:
            for value in ORDINALS:
                yield from ((word, value) for word in _spellings(rules.format(value, name), by_hand))


def _rule_sets(language: str) -> Iterator[tuple[icu.RuleBasedNumberFormat, str]]:
    """ICU's public sets of spell-out rules; none where it would answer in English for want of rules."""
    for locale in _VARIANTS.get(language, [language]):
        rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(locale))
        found = rules.getLocale(icu.ULocDataLocaleType.ACTUAL_LOCALE).getLanguage()
        if found != "root" and (found == "en") == (language == "en"):
            yield from ((rules, rules.getRuleSetName(place)) for place in range(rules.getNumberOfRuleSetNames()))


def _spellings(word: str, by_hand: ByHand) -> list[str]:
    word = unicodedata.normalize("NFC", word.translate(_INVISIBLE)).lower()
    spellings = [word]
    for pattern, replacement in by_hand.also:
        spellings += [re.sub(pattern, replacement, each) for each in spellings if re.search(pattern, each)]
    return [each for each in spellings if not any(re.search(pattern, each) for pattern in by_hand.drop)]


def _expanded(table: Table) -> Iterator[tuple[str, int]]:
    for form, value in table.items():
        parts = _GROUP.split(form)
        choices = [part.split("|") if odd % 2 else [part] for odd, part in enumerate(parts)]
        yield from ((unicodedata.normalize("NFC", "".join(choice)), value) for choice in itertools.product(*choices))


def _table(words: Iterable[tuple[str, int]]) -> Table:
    """By value, then by word."""
    table: Table = {}
    for word, value in words:
        if table.setdefault(word, value) != value:
            raise ValueError(f"{word!r} is {table[word]} and {value}")
    return {word: value for value, word in sorted((value, word) for word, value in table.items())}


def _quoted(text: str) -> str:
    """A TOML string: literal where it can be, because that is read faster."""
    return json.dumps(text, ensure_ascii=False) if "'" in text else f"'{text}'"


def main() -> None:
    """Write all tables."""
    for language in LANGUAGES:
        rows = "".join(f"{tag} = {json.dumps(name, ensure_ascii=False)}\n" for tag, name in names(language).items())
        _write("names", language, f"CLDR through Babel {babel.__version__}", rows)
        path = HERE / "by_hand" / f"{language}.toml"
        by_hand = msgspec.convert(tomllib.loads(path.read_text("utf-8")), ByHand)
        _write("numbers", language, f"ICU {icu.ICU_VERSION} and by_hand", _tables(numbers(language, by_hand)))


def _tables(tables: dict[str, Table]) -> str:
    return "".join(
        f"\n[{title}]\n" + "".join(f"{_quoted(word)} = {value}\n" for word, value in table.items())
        for title, table in tables.items()
    )


def _write(folder: str, language: str, source: str, rows: str) -> None:
    text = f"# {source}, written by freeze.py: do not edit.\n{rows}"
    (HERE / folder / f"{language}.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
