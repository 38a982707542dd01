"""The built-in suite is parallel, and our own reader reads every demand back in all of its languages."""

from __future__ import annotations

import pytest

from diagnostics.runner import Diagnostics
from diagnostics.standard import standard
from service.errors import SetupError
from service.suites import open_suite
from service.suites.base import Row

LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "pt", "ru", "zh")

DEMANDS: dict[str, tuple[str, dict[str, object]]] = {
    "short": ("length_hint", {"length": "short"}),
    "long": ("length_hint", {"length": "long"}),
    "markdown": ("markdown", {}),
    "html": ("html", {}),
    "arrow": ("marker", {"marker": "-->"}),
    "capitals": ("title_case", {}),
    "scientific": ("style", {"style": "scientific"}),
    "second": ("second_task", {}),
    "items/plants": ("items", {"num_items": 5}),
    "items/gift": ("items", {"num_items": 4}),
    "items/moving": ("items", {"num_items": 6}),
    "items/water": ("items", {"num_items": 3}),
    "simple/rain": ("audience", {"audience": "children"}),
    "simple/moon": ("audience", {"audience": "children"}),
    "simple/bread": ("style", {"style": "simple"}),
    "simple/water": ("style", {"style": "simple"}),
}
"""What a type demands, or a row of it."""

TARGETS = {
    "soup": ("fr", "it"), "rain": ("de", "fr"), "bicycle": ("en", "de"), "gift": ("es", "pt"), "city": ("ja", "ko"),
    "bread": ("pl",), "dog": ("ar", "hi"), "moon": ("ru", "tr"),
}  # fmt: skip
"""The language that a row asks for: the first that is not its own."""


def suite(where: str = "") -> list[Row]:
    return [each for each in open_suite(f"modifiers{where}") if isinstance(each, Row)]


def in_language(language: str) -> list[Row]:
    return suite(f":{language}")


@pytest.fixture(scope="module")
def diagnostics() -> Diagnostics:
    return standard()


def test_eleven_languages_of_sixty_rows() -> None:
    rows = suite()
    assert {row.language for row in rows} == set(LANGUAGES)
    assert len({row.id for row in rows}) == len(rows) == 60 * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_parallel(language: str) -> None:
    assert [(row.parallel, row.type) for row in in_language(language)] == [
        (row.parallel, row.type) for row in in_language("en")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prompt_occurs_twice_nor_does_the_wording_of_a_demand(language: str) -> None:
    prompts = {str(row.parallel): row.messages[0].content for row in in_language(language)}
    assert len(set(prompts.values())) == len(prompts)
    added = [
        (each.partition("/")[0], prompt.removeprefix(prompts[f"base/{each.partition('/')[2]}"]).strip())
        for each, prompt in prompts.items()
        if not each.startswith("base/")
    ]
    assert len(set(added)) == len(added)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_demanded_is_read_back(language: str, diagnostics: Diagnostics) -> None:
    for row in in_language(language):
        own = str(row.parallel)
        type, _, name = own.partition("/")
        asked = diagnostics.read(row.messages)
        assert asked.language == language, own
        assert asked.expected_language is not None, own
        target = next(each for each in TARGETS[name] if each != language) if type == "language" else language
        assert asked.expected_language.tag == target, own
        wanted = DEMANDS.get(own) or DEMANDS.get(type)
        assert [(each.name, each.arguments) for each in asked.modifiers] == ([wanted] if wanted else []), own


def test_each_of_the_eleven_types_has_four_rows_at_least() -> None:
    types = [row.type for row in in_language("en")]
    assert {type: types.count(type) for type in types} == {
        "base": 12, "short": 4, "long": 4, "items": 4, "language": 8, "markdown": 4, "html": 4, "arrow": 4,
        "capitals": 4, "scientific": 4, "simple": 4, "second": 4,
    }  # fmt: skip


def test_languages_can_be_chosen() -> None:
    assert [row.language for row in suite(":fr, de,fr")] == ["fr"] * 60 + ["de"] * 60


def test_a_language_that_it_is_not_in() -> None:
    with pytest.raises(SetupError, match=r"not in 'eo'; it is in ar, de, en"):
        open_suite("modifiers:fr,eo")
