"""What the figures of the modifiers are made with: labels and demands in one form, cells, exceptions."""

from __future__ import annotations

import math

import msgspec
import pytest

from bench.modifiers import exceptions, extraction
from bench.modifiers.arguments import Form, compare, derivable, form, normal
from bench.modifiers.data import Prompt, bare, prompts, short
from bench.modifiers.exceptions import Exceptions, Mislabelled, Unlabelled
from bench.modifiers.extraction import Cell, Extraction, canonical
from diagnostics.core import ExpectedLanguage, Origin, RequestedModifier
from diagnostics.reading.reader import Demands


def row(prompt: str, *labels: tuple[str, dict[str, object]], language: str = "de", key: int = 7) -> Prompt:
    """A row of a labelled set."""
    return Prompt("marco", language, key, prompt, [each for each, _ in labels], [given for _, given in labels])


def demands(*modifiers: tuple[str, dict[str, object]], language: str | None = None) -> Demands:
    """What a reader might find."""
    wanted = ExpectedLanguage(language, Origin.REQUESTED, (0, 1), 0) if language else None
    return Demands(wanted, tuple(RequestedModifier(name, given, span=(0, 3)) for name, given in modifiers))


def judged(given: Prompt, found: Demands, reviewed: Exceptions | None = None) -> Extraction:
    """One row, measured."""
    made = Extraction(reviewed or Exceptions())
    made.row(given, found)
    return made


WORDS = "length_constraints:number_words"


@pytest.mark.parametrize(
    ("name", "gold", "found", "kind"),
    [
        ("words", [{"num_words": 300, "relation": "at least"}], [{"num_words": 300, "relation": "at least"}], "exact"),
        ("words", [{"num_words": 300, "relation": "less than"}], [{"num_words": 299, "relation": "at most"}], "exact"),
        ("words", [{"num_words": 300, "relation": "moins de"}], [{"num_words": 300, "relation": "less than"}], "exact"),
        ("words", [{"num_words": 300, "relation": "at least"}], [{"num_words": 301, "relation": "at least"}], "loose"),
        ("words", [{"num_words": 300, "relation": "less than"}], [{"num_words": 300, "relation": "at most"}], "loose"),
        ("words", [{"num_words": 300, "relation": "at least"}], [{"num_words": 299, "relation": "at least"}], "wrong"),
        ("words", [{"num_words": 300, "relation": "at least"}], [{"num_words": 300}], "relation"),
        ("words", [{"num_words": 300, "relation": "at least"}], [{"num_words": 200, "relation": "at least"}], "wrong"),
        (
            "sentences",
            [{"num_sentences": 20, "relation": "at least"}, {"num_sentences": 26, "relation": "less than"}],
            [{"num_sentences": 25, "relation": "at most"}, {"num_sentences": 20, "relation": "at least"}],
            "exact",
        ),
        (
            "sentences",
            [{"num_sentences": 20, "relation": "at least"}, {"num_sentences": 26, "relation": "less than"}],
            [{"num_sentences": 20, "relation": "at least"}],
            "wrong",
        ),
        ("bullets", [{"num_bullets": 3}], [{"num_bullets": 4}], "wrong"),
        ("bullets", [{"num_bullets": 3}], [{}], "wrong"),
        ("include", [{"keywords": ["Tee", "Milch"]}], [{"keywords": ("milch",)}, {"keywords": ("„tee“",)}], "exact"),
        ("include", [{"keywords": ["Tee", "Milch"]}], [{"keywords": ("Milch",)}], "wrong"),
        ("ending", [{"end_phrase": "Das war's."}], [{"end_phrase": "das  war’s"}], "exact"),
        ("postscript", [{"postscript_marker": "P.P.S"}], [{"postscript_marker": "P.P.S."}], "exact"),
        ("postscript", [{"postscript_marker": "P.P.S"}], [{"postscript_marker": "P.S."}], "wrong"),
        (
            "sections",
            [{"section_spliter": "SECTION", "num_sections": 3}],
            [{"section_spliter": "Section X", "num_sections": 3}],
            "exact",
        ),
        (
            "keyword",
            [{"keyword": "a", "frequency": 3}, {"keyword": "b", "frequency": 4}],
            [{"keyword": "a", "frequency": 4}, {"keyword": "b", "frequency": 3}],
            "wrong",
        ),
        (
            "paragraph",
            [{"num_paragraphs": 3, "nth_paragraph": 2, "first_word": "tee"}],
            [{"num_paragraphs": 3, "nth_paragraph": 1, "first_word": "Tee"}],
            "wrong",
        ),
        ("paragraphs", [{"num_paragraphs": 3}], [{"num_paragraphs": 3, "separator": "blank"}], "wrong"),
        ("letters", [{"letter": "#", "let_frequency": 4}], [{"letter": "!", "let_frequency": 4}], "wrong"),
    ],
)
def test_arguments_compare_by_what_they_mean(
    name: str, gold: list[dict[str, object]], found: list[dict[str, object]], kind: str
) -> None:
    assert compare(form(name, gold), form(name, found)) == kind


def test_labels_of_the_wrong_row_are_no_error() -> None:
    assert form("words", [{"num_bullets": 3}, {"num_words": "many"}, {"num_words": 3, "relation": "roughly"}]) == Form()


def test_a_label_whose_text_is_not_in_the_prompt_cannot_be_read() -> None:
    assert derivable(form("ending", [{"end_phrase": "Das war's."}]), "Ende mit „DAS WAR’S“!")
    assert not derivable(form("ending", [{"end_phrase": "That is all."}]), "Ende mit „Das war's“!")
    assert derivable(form("paragraphs", [{"num_paragraphs": 3}]), "drei Absätze")


def test_marks_alone_stay() -> None:
    assert [normal(each) for each in ("#", "!", " “Tea.” ", "P.S.")] == ["#", "!", "tea", "p.s"]


def test_a_keyword_once_is_to_be_included_and_never_is_excluded() -> None:
    def types(**arguments: object) -> list[str]:
        return [name for name, _ in canonical("keyword", arguments)]

    assert types(keyword="tea", frequency=1) == ["include"]
    assert types(keyword="tea", frequency=1, relation="less than") == ["exclude"]
    assert types(keyword="tea", frequency=1, relation="exactly") == ["include", "keyword"]
    assert types(keyword="tea", frequency=2) == ["keyword"]
    assert types(frequency=1) == ["keyword"]


def test_hits_misses_and_alarms() -> None:
    given = row("schreib 300 Wörter", (WORDS, {"num_words": 300, "relation": "at least"}), ("punctuation:no_comma", {}))
    made = judged(given, demands(("words", {"num_words": 300, "relation": "at least"}), ("json", {})))
    assert made.cells["words", "de"].counts == {"tp": 1}
    assert made.cells["words", "de"].arguments == {"exact": 1}
    assert made.cells["comma", "de"].counts == {"fn": 1}
    assert made.cells["json", "de"].counts == {"fp": 1}
    assert [error.kind for error in made.cells["json", "de"].errors] == ["fp"]


def test_two_demands_of_one_type_are_one_row() -> None:
    label = ("keywords:frequency", {"keyword": "tea", "frequency": 3, "relation": "at least"})
    other = ("keywords:frequency", {"keyword": "pot", "frequency": 2, "relation": "at least"})
    found = demands(("keyword", {"keyword": "tea", "frequency": 3}), ("keyword", {"keyword": "pot", "frequency": 2}))
    made = judged(row("tea pot", label, other), found)
    assert made.cells["keyword", "de"].counts == {"tp": 1}
    assert made.cells["keyword", "de"].arguments == {"exact": 1}


def test_an_excuse_holds_for_what_is_read_from_its_phrase() -> None:
    excuses = Exceptions(unlabelled=(Unlabelled(7, "words", {"marco/de": "300 Wörter"}),))
    found = demands(("words", {"num_words": 300}))  # read from the first three characters
    assert judged(row("300 Wörter"), found, excuses).cells["words", "de"].counts == {"excused": 1}
    assert judged(row("schreib 300 Wörter"), found, excuses).cells["words", "de"].counts == {"fp": 1}
    assert judged(row("schreib viel"), found, excuses).cells["words", "de"].counts == {"fp": 1}
    assert judged(row("300 Wörter", key=8), found, excuses).cells["words", "de"].counts == {"fp": 1}


MISLABELLED = Exceptions(mislabelled=(Mislabelled(7, "words", {"num_words": 400}, {"marco/de": "400 Wörter"}),))
"""The row's label says something else."""


@pytest.mark.parametrize(
    ("prompt", "read", "kind"),
    [
        ("400 Wörter", 400, "mislabelled"),
        ("400 Wörter", 300, "exact"),  # as labelled: no exception is needed
        ("400 Wörter", 500, "wrong"),  # against the label and against the words
        ("viele Wörter", 400, "wrong"),  # not the words that were reviewed
    ],
)
def test_a_label_against_its_prompt_excuses_what_the_prompt_says(prompt: str, read: int, kind: str) -> None:
    given = row(prompt, (WORDS, {"num_words": 300, "relation": "at least"}))
    found = demands(("words", {"num_words": read, "relation": "at least"}))
    assert judged(given, found, MISLABELLED).cells["words", "de"].arguments == {kind: 1}


def test_arguments_with_and_without_exceptions() -> None:
    cell = Cell()
    cell.arguments.update({"exact": 5, "loose": 1, "relation": 1, "wrong": 1, "mislabelled": 2, "absent": 9})
    assert cell.exact() == pytest.approx(6 / 8)
    assert cell.exact(excused=False) == pytest.approx(0.6)


def test_a_request_without_its_first_letter_cannot_be_read() -> None:
    label = ("combination:repeat_prompt", {"prompt_to_repeat": "rst der Tee."})
    found = demands(("repeat", {"prompt_to_repeat": "Erst der Tee."}))
    assert judged(row("Erst der Tee.\nWiederhole es.", label), found).cells["repeat", "de"].arguments == {"absent": 1}
    whole = ("combination:repeat_prompt", {"prompt_to_repeat": "Erst der Tee. Wiederhole es."})
    assert judged(row("Erst der Tee. Wiederhole es.", whole), found).cells["repeat", "de"].arguments == {"wrong": 1}


def test_rates_with_and_without_exceptions() -> None:
    cell = Cell()
    cell.counts.update({"tp": 6, "fp": 1, "excused": 3, "fn": 2})
    assert cell.precision() == pytest.approx(6 / 7)
    assert cell.precision(False) == pytest.approx(0.6)
    assert cell.recall == pytest.approx(0.75)
    assert cell.f1(False) == pytest.approx(2 * 0.6 * 0.75 / 1.35)
    assert (cell + cell).gold == 16


def test_demands_of_other_types_are_not_held_against_the_reader() -> None:
    made = judged(row("…"), demands(("bullets", {}), ("paragraphs", {"num_paragraphs": 2, "separator": "blank"})))
    assert {name for name, _ in made.cells} == {"language"}
    assert {name: [error.kind for error in errors] for name, errors in made.aside.items()} == {
        "bullets": ["beyond"],
        "paragraphs": ["beyond"],
    }
    assert judged(row("…"), demands(("html", {}))).aside["html"][0].kind == "unlabelled"
    labelled = row("…", ("detectable_format:number_bullet_lists", {"num_bullets": 3}))
    assert judged(labelled, demands(("bullets", {}))).cells["bullets", "de"].arguments == {"wrong": 1}


@pytest.mark.parametrize(
    ("label", "found", "own", "counts"),
    [
        ("fr", "fr", "de", {"tp": 1}),
        ("fr", None, "de", {"fn": 1}),
        ("fr", "es", "de", {"fn": 1, "fp": 1}),
        ("de", None, "de", {}),  # implicit
        ("de", "de", "de", {}),
        ("de", "fr", "de", {"fp": 1}),
        ("en", "en", "en", {"tp": 1}),  # explicit: English sets have no implicit ones
        (None, "fr", "de", {"fp": 1}),
        ("zh-cn", "zh-Hans", "de", {"tp": 1}),
    ],
)
def test_implicit_languages_are_neither_hit_nor_miss(
    label: str | None, found: str | None, own: str, counts: dict[str, int]
) -> None:
    labels = [(extraction.LANGUAGE, {"language": label})] if label else []
    made = judged(row("…", *labels, language=own), demands(language=found))
    assert made.cells["language", own].counts == counts


def test_rows_with_a_case_type_may_ask_for_english_or_not() -> None:
    label = ("change_case:english_lowercase", {})
    for found, counts in (("en", {}), (None, {}), ("fr", {"fp": 1})):
        given = judged(row("…", label), demands(("lowercase", {}), language=found))
        assert given.cells["language", "de"].counts == counts


def test_labels_lose_their_language_and_what_is_too_many() -> None:
    assert bare("fr:keywords:existence") == "keywords:existence"
    given = Prompt("m_ifeval", "fr", 1, "…", ["fr:keywords:existence"], [{"keywords": ["a"]}, {"num_words": 3}])
    assert given.labels == [("keywords:existence", {"keywords": ["a"]})]
    assert given.place == "m_ifeval/fr"


def test_all_of_ifevals_types_have_a_modifier() -> None:
    assert len(set(extraction.IFEVAL)) == 25
    assert set(extraction.IFEVAL) <= set(extraction.NAMES.values())


def test_long_prompts_are_shown_with_both_ends() -> None:
    assert short("a\nb") == "a\\nb"
    shown = short("x" * 600 + "y" * 600, 100)
    assert shown.startswith("x" * 50 + " ")
    assert shown.endswith(" " + "y" * 50)


def test_the_exceptions_file_is_well_formed() -> None:
    loaded = exceptions.load()
    assert all(each.phrases and all(each.phrases.values()) for each in loaded.unlabelled)
    assert {each.type for each in loaded.unlabelled} <= set(extraction.NAMES.values())
    places = [(place, each.key, each.type) for each in loaded.unlabelled for place in each.phrases]
    assert len(places) == len(set(places))
    corrected = [(place, each.key, each.type) for each in loaded.mislabelled for place in each.phrases]
    assert len(corrected) == len(set(corrected))
    assert all(each.arguments and each.why for each in loaded.mislabelled)


def test_exceptions_quote_prompts_whose_labels_lack_the_type(shared_data) -> None:
    there = {(row.place, row.key): row for row in prompts(shared_data)}
    for (place, key, name), phrase in exceptions.load().phrases().items():
        labelled = {extraction.NAMES.get(ifeval) for ifeval, _ in there[place, key].labels}
        assert phrase in there[place, key].prompt, (place, key, name)
        assert name == "language" or name not in labelled, (place, key, name)


def test_corrections_quote_prompts_whose_labels_say_something_else(shared_data) -> None:
    there = {(row.place, row.key): row for row in prompts(shared_data)}
    for (place, key, name), right in exceptions.load().corrections().items():
        labels = [canonical(extraction.NAMES[ifeval], label) for ifeval, label in there[place, key].labels]
        given = [arguments for pairs in labels for each, arguments in pairs if each == name]
        corrected = [arguments | right.arguments for arguments in given]
        assert right.phrase in there[place, key].prompt, (place, key, name)
        assert form(name, given) != form(name, corrected), (place, key, name)


def test_a_malformed_exception_names_its_place(tmp_path) -> None:
    file = tmp_path / "exceptions.toml"
    file.write_text("[[unlabelled]]\nkey = 1\ntype = 3\nphrases = {}\n")
    with pytest.raises(msgspec.ValidationError, match=r"unlabelled\[0\]\.type|unlabelled\[...\]\.type"):
        exceptions.load(file)


def test_a_count_without_bound_is_infinite() -> None:
    assert form("placeholders", [{"num_placeholders": 4}]).bounds == {"": (4, math.inf)}
