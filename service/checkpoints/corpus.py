"""The closed world of the project's checkpoints: questions, modifiers and answers in eight languages.

``corpus/*.toml`` holds the wording, one file a language; this module only combines it. A combination is an item (what
is asked), the prompt's language, the answer's language and the answer's format. About 15 % of the combinations are held
out of all training, so that a checkpoint can be measured, and the demo run, on prompts it has never seen.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import product
from pathlib import Path

import msgspec

LANGUAGES = ("en", "fr", "pt", "ru", "de", "es", "ja", "ar")
"""BCP 47 tags of the languages of the corpus."""

FORMATS = ("plain", "html", "json", "bullets", "upper")
"""Forms of an answer; all but ``plain`` are asked for by a modifier."""

VARIANTS = 3
"""Wordings of each combination."""

UNICASE = frozenset({"ja", "ar"})
"""Languages written without capital letters."""

HELD_OUT_PERCENT = 15


class Example(msgspec.Struct, frozen=True):
    """One prompt and the one right answer to it.

    ``language`` is the prompt's and ``answer_language`` the answer's; where they differ, the prompt asks for it.
    ``item`` is what is asked, e.g. ``capital.japan``. ``held_out`` examples are never trained on.
    """

    id: str
    prompt: str
    answer: str
    language: str
    answer_language: str
    format: str
    held_out: bool
    item: str


class Item(msgspec.Struct, frozen=True):
    """One thing that can be asked, in one language: ``VARIANTS`` questions, and the sentences that answer it."""

    questions: tuple[str, ...]
    title: str
    points: tuple[str, ...]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Items that share their wording: templates with ``{fields}``, and the fields' values for each item."""

    questions: tuple[str, ...]
    title: str
    items: dict[str, dict[str, str | tuple[str, ...]]]
    points: tuple[str, ...] = ()

    def item(self, name: str) -> Item:
        """The item ``name`` with all templates filled in."""
        values = self.items[name]
        points = values.get("points", self.points)
        return Item(
            questions=tuple(question.format_map(values) for question in self.questions),
            title=self.title.format_map(values),
            points=tuple(point.format_map(values) for point in points),
        )


class Fallback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a checkpoint says to anything outside the corpus."""

    title: str
    sentences: tuple[str, ...]


class Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language file.

    ``names`` are the languages' names as ``modifiers["language"]`` needs them, ``adverbs`` likewise ("по-немецки").
    ``keys`` are the two keys of a JSON answer. ``everyday`` are sentences and questions outside the corpus.
    """

    language: str
    space: str
    keys: tuple[str, str]
    system: tuple[str, ...]
    everyday: tuple[str, ...]
    names: dict[str, str]
    modifiers: dict[str, tuple[str, ...]]
    fallback: Fallback
    tips: Family
    capital: Family
    why: Family
    adverbs: dict[str, str] = {}

    @property
    def items(self) -> dict[str, Item]:
        """All items by name, families in the order tips, capital, why."""
        families = {"tips": self.tips, "capital": self.capital, "why": self.why}
        return {f"{kind}.{name}": family.item(name) for kind, family in families.items() for name in family.items}

    def modifier(self, kind: str, number: int, answer_language: str) -> str:
        """Wording ``number`` (modulo their count) of the modifier ``kind``: "language" or a format."""
        wordings = self.modifiers[kind]
        wording = wordings[number % len(wordings)]
        return wording.format(name=self.names[answer_language], adverb=self.adverbs.get(answer_language, ""))


def load_phrases() -> dict[str, Phrases]:
    """Read the language files, by language tag."""
    folder = Path(__file__).with_suffix("")
    return {tag: msgspec.toml.decode((folder / f"{tag}.toml").read_bytes(), type=Phrases) for tag in LANGUAGES}


def render(phrases: Phrases, title: str, points: Sequence[str], form: str) -> str:
    """Write an answer in the language of ``phrases`` and the format ``form``."""
    text = phrases.space.join(points)
    match form:
        case "html":
            return _page(phrases.language, title, points)
        case "json":
            return json.dumps(dict(zip(phrases.keys, (title, list(points)), strict=True)), ensure_ascii=False, indent=2)
        case "bullets":
            return "\n".join(f"- {point}" for point in points)
        case "upper":
            return text.upper()
        case _:
            return text


def _page(language: str, title: str, points: Sequence[str]) -> str:
    direction = ' dir="rtl"' if language == "ar" else ""
    heading = html.escape(title, quote=False)
    paragraphs = "\n".join(f"<p>{html.escape(point, quote=False)}</p>" for point in points)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"{direction}>\n<head>\n<meta charset="utf-8">\n'
        f"<title>{heading}</title>\n</head>\n<body>\n<h1>{heading}</h1>\n{paragraphs}\n</body>\n</html>"
    )


def number(*parts: object) -> int:
    """A number that depends on ``parts`` alone, on every machine: the corpus's only source of variety."""
    return int.from_bytes(blake2b("/".join(map(str, parts)).encode(), digest_size=6).digest(), "big")


def is_held_out(item: str, language: str, answer_language: str, form: str) -> bool:
    """Whether this combination is kept out of training."""
    return number("held out", item, language, answer_language, form) % 100 < HELD_OUT_PERCENT


def compose(phrases: Phrases, question: str, modifiers: Sequence[str], order: int) -> str:
    """Put modifiers after the question, before it, or on both sides of it, as ``order`` says."""
    question_at = (0, len(modifiers), 0, 1)[order % 4]
    if order & 4:
        modifiers = modifiers[::-1]
    parts = [*modifiers[:question_at], question, *modifiers[question_at:]]
    return phrases.space.join(parts)


def examples() -> Iterator[Example]:
    """All examples, always the same, in the same order."""
    phrases = load_phrases()
    items = {tag: phrases[tag].items for tag in LANGUAGES}
    for item, language, answer_language, form in product(items["en"], LANGUAGES, LANGUAGES, FORMATS):
        if form == "upper" and answer_language in UNICASE:
            continue
        subject = items[answer_language][item]
        answer = render(phrases[answer_language], subject.title, subject.points, form)
        for variant in range(VARIANTS):
            yield Example(
                id=f"{item}.{language}.{answer_language}.{form}.{variant}",
                prompt=_prompt(phrases[language], items[language][item], answer_language, form, variant),
                answer=answer,
                language=language,
                answer_language=answer_language,
                format=form,
                held_out=is_held_out(item, language, answer_language, form),
                item=item,
            )


def _prompt(phrases: Phrases, item: Item, answer_language: str, form: str, variant: int) -> str:
    kinds = [kind for kind in ("language", form) if kind in phrases.modifiers]
    if answer_language == phrases.language:
        kinds.remove("language")
    key = (item.title, phrases.language, answer_language, form, variant)
    modifiers = [phrases.modifier(kind, number(kind, *key), answer_language) for kind in kinds]
    return compose(phrases, item.questions[variant], modifiers, number("order", *key))


def held_out() -> Iterator[Example]:
    """The examples that no checkpoint was trained on."""
    return (example for example in examples() if example.held_out)


def training() -> Iterator[Example]:
    """The examples to train on."""
    return (example for example in examples() if not example.held_out)


def known_sentences(phrases: Mapping[str, Phrases]) -> dict[str, str]:
    """Language of every sentence that a right answer may hold, lower case: title, point or fallback sentence."""
    known: dict[str, str] = {}
    for tag, language in phrases.items():
        for item in language.items.values():
            known |= dict.fromkeys((text.lower() for text in (item.title, *item.points)), tag)
        known |= dict.fromkeys((text.lower() for text in (language.fallback.title, *language.fallback.sentences)), tag)
    return known
