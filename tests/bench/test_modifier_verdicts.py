"""The official rules as they are, and why ours differ."""

from __future__ import annotations

import pytest

from bench.modifiers import official, plain, verdicts
from bench.modifiers.verdicts import Agreement, Case, Response, declared, explain
from diagnostics.core import ExpectedLanguage, Origin, RequestedModifier
from diagnostics.modifiers import MODIFIERS
from diagnostics.reading.reader import Demands

WORDS = {"num_words": 2, "relation": "at least"}
LETTER = {"let_frequency": 2, "let_relation": "at least"}


@pytest.mark.parametrize(
    ("ifeval", "reply", "arguments", "passes"),
    [
        ("length_constraints:number_words", "don't", WORDS, True),
        ("length_constraints:number_words", "tea", WORDS, False),
        ("length_constraints:number_words", "tea pot", {"num_words": 2, "relation": "less than"}, False),
        ("length_constraints:number_words", "thé", {"num_words": 2, "relation": "moins de"}, True),
        ("length_constraints:number_paragraphs", "***\nTea.\n***\nMilk.\n***", {"num_paragraphs": 2}, True),
        ("length_constraints:number_paragraphs", "Tea.\n***\n***\nMilk.", {"num_paragraphs": 2}, False),
        ("length_constraints:number_paragraphs", "***", {"num_paragraphs": 0}, True),
        (
            "length_constraints:nth_paragraph_first_word", "Hot.\n\nTea is old.",
            {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Tea"}, True,
        ),
        (  # one blank line too many shifts it
            "length_constraints:nth_paragraph_first_word", "Hot.\n\n\n\nTea is old.",
            {"num_paragraphs": 2, "nth_paragraph": 2, "first_word": "tea"}, False,
        ),
        ("detectable_content:number_placeholders", "[1] [name]", {"num_placeholders": 2}, True),
        ("detectable_content:postscript", "Follow the steps.", {"postscript_marker": "PS"}, True),
        ("detectable_content:postscript", "P. P. S. Tea", {"postscript_marker": "P.P.S"}, True),
        ("detectable_content:postscript", "P.S Tea", {"postscript_marker": "P.S."}, False),
        ("detectable_format:number_bullet_lists", "* a\n---\n• b\n1. c\n**d**", {"num_bullets": 2}, True),
        ("detectable_format:number_highlighted_sections", "*a* **b**", {"num_highlights": 2}, True),
        ("detectable_format:number_highlighted_sections", "* * ****", {"num_highlights": 1}, False),
        ("detectable_format:multiple_sections", "Day 1, Day 1", {"section_spliter": "Day", "num_sections": 2}, True),
        ("detectable_format:multiple_sections", "Day I", {"section_spliter": "Day", "num_sections": 1}, False),
        ("detectable_format:json_format", "```json\n3\n```", {}, True),
        ("detectable_format:json_format", "Here: {}", {}, False),
        ("detectable_format:title", "<<a title>>", {}, True),
        ("detectable_format:title", "<< >>", {}, False),
        ("keywords:existence", "start", {"keywords": ["art"]}, True),
        ("keywords:existence", "(tea", {"keywords": ["(tea"]}, None),
        ("keywords:frequency", "War, warm", {"keyword": "war", "frequency": 2, "relation": "at least"}, True),
        ("keywords:forbidden_words", "warm", {"forbidden_words": ["war"]}, True),
        ("keywords:letter_frequency", "Tea, tee", LETTER | {"letter": "T"}, True),
        ("keywords:letter_frequency", "##", LETTER | {"letter": "#"}, None),
        ("combination:two_responses", "tea\n******\nmilk", {}, True),
        ("combination:two_responses", "tea\n*******\nmilk", {}, True),
        ("combination:two_responses", "tea\n******\ntea", {}, False),
        ("combination:two_responses", "tea\n************\nmilk", {}, False),
        ("combination:repeat_prompt", "What is TEA? Hot.", {"prompt_to_repeat": "What is tea?"}, True),
        ("startend:end_checker", 'A long weekend"', {"end_phrase": "End"}, True),
        ("startend:quotation", '"a" b "c"', {}, True),
        ("startend:quotation", "“a”", {}, False),
        ("punctuation:no_comma", "a，b", {}, True),
        ("detectable_format:constrained_response", "My answer is yes. My answer is no.", {}, True),
        ("detectable_content:no_digits", "３", {}, False),
        ("special_character:no_accents", "été", {}, False),
        ("special_character:ethel_or_cedilla", "Ça", {"forbidden_char": "ç"}, True),
        ("punctuation:no_comma", " \n", {}, False),
        ("no:such_rule", "tea", {}, None),
    ],
)  # fmt: skip
def test_official_rules_keep_their_defects(
    ifeval: str, reply: str, arguments: dict[str, object], passes: bool | None
) -> None:
    assert official.strict(ifeval, reply, arguments, "en") is passes


def test_the_loose_verdict_names_the_text_that_passes() -> None:
    def loose(reply: str) -> tuple[bool | None, str]:
        return official.loose("punctuation:no_comma", reply, {}, "en")

    assert loose("tea") == (True, "as is")
    assert loose("Sure, tea:\ntea") == (True, "no first line")
    assert loose("tea\nThat, is all") == (True, "no last line")
    assert loose("Sure, tea:\ntea\nThat, is all") == (True, "no first and last line")
    assert loose("a, b\nc, d\ne, f") == (False, "")
    assert list(official.variants("*a*\nb").values())[4:6] == ["a\nb", "b"]


def test_french_has_its_own_marks() -> None:
    assert official.strict("detectable_format:title", "##thé##", {}, "fr")
    assert official.strict("startend:quotation", "«thé»", {}, "fr")
    assert not official.strict("detectable_format:constrained_response", "oui.", {}, "fr")


@pytest.mark.skipif(not official.installed("punkt"), reason="Punkt is not installed")
def test_punkt_parts_off_list_numbers() -> None:
    assert official.punkt("Tea.\n2. Milk is cold.", "en") == ["Tea.", "2.", "Milk is cold."]


def case(
    name: str,
    reply: str,
    ours: bool,
    arguments: dict[str, object] | None = None,
    kind: str = "strict",
    explanation: str = "",
    prompt: str = "…",
) -> Case:
    """A difference: the official verdict is what the rule gives."""
    ifeval = next(ifeval for ifeval, known in verdicts.NAMES.items() if known == name)
    given = arguments or {}
    rule = official.strict(ifeval, reply, given, "en")
    if kind == "loose":
        rule = official.loose(ifeval, reply, given, "en")[0]
    row = Response("m", "en", 1, prompt, [ifeval], [given], model="x", response=reply, strict=[], loose=[])
    assert rule is None or rule is not ours
    return Case(name, kind, row, ifeval, given, ours, not ours, rule, explanation)


@pytest.mark.parametrize(
    ("made", "blame", "name"),
    [
        (case("words", "don't", False, WORDS), "official", r"\w+ cuts"),
        (case("words", "tea pot", False, WORDS), "ours", "unexplained"),
        (case("include", "start", False, {"keywords": ["art"]}), "official", "longer word"),
        (case("include", "my art", False, {"keywords": ["art"]}), "ours", "unexplained"),
        (case("bullets", "- a\n---", False, {"num_bullets": 2}), "official", "a rule"),
        (case("bullets", "- a\n- b", False, {"num_bullets": 2}), "ours", "unexplained"),
        (case("comma", "a, b\nc", False, kind="loose"), "official", "blindly"),
        (case("comma", "Yes, here:\nc", False, kind="loose"), "ours", "not peeled"),
        (case("comma", "c\n**, **\n---", True), "ours", "unexplained"),
        (case("comma", "Say a, b.\nc", False, kind="loose", prompt="Say a, b. Repeat."), "ambiguous", "repeated"),
        (case("comma", "So, here:\nc\n\nI hope, it helps.", False, kind="loose"), "ambiguous", "closing remark"),
        (case("bullets", "x\n*a*\n- b\ny", False, {"num_bullets": 1}, kind="loose"), "official", "asterisks"),
        (case("letters", "##", True, LETTER | {"letter": "#"}), "official", "random"),
        (
            case("sections", "PART I\nPART II", True, {"section_spliter": "PART", "num_sections": 2}),
            "official", "Roman",
        ),
        (
            case("sections", "(Verse - PART 1)", False, {"section_spliter": "PART", "num_sections": 1}),
            "ambiguous", "inside a line",
        ),
        (case("responses", "a\n*******************\nb", True), "ambiguous", "six asterisks"),
        (case("paragraphs", "a\n***\nb\n******", True, {"num_paragraphs": 2}), "official", "parted at three"),
        (case("paragraphs", "a. *** b", False, {"num_paragraphs": 2}), "ambiguous", "inside a line"),
        (case("highlight", "a * b*", False, {"num_highlights": 1}), "official", "blank inside"),
        (case("placeholders", "[1] [name]", False, {"num_placeholders": 2}), "official", "reference"),
        (case("ending", "“the end”", True, {"end_phrase": "the end"}), "official", "curly"),
        (case("postscript", "steps", False, {"postscript_marker": "PS"}), "official", "inside a word"),
        (case("options", "my answer is yes.", True), "official", "another case"),
        (case("comma", " ", True), "official", "empty"),
    ],
)  # fmt: skip
def test_differences_are_explained_only_by_what_mends_them(made: Case, blame: str, name: str) -> None:
    found = explain(made)
    assert found[0] == blame
    assert name in found[1]


def test_agreement_sets_defects_apart_and_counts_no_verdict_as_none() -> None:
    tally = Agreement()
    tally.add(case("words", "don't", False, WORDS))
    tally.add(case("words", "tea pot", False, WORDS))
    same = case("words", "tea pot", False, WORDS)._replace(ours=True)
    for _ in range(2):
        tally.add(same)
    tally.add(same._replace(ours=None))
    assert tally.counts["none"] == 1
    assert tally.raw == pytest.approx(2 / 4)
    assert tally.apart == pytest.approx(2 / 3)
    assert tally.rule == 1.0


def test_official_arguments_become_ours() -> None:
    known = {modifier.name(): modifier for modifier in MODIFIERS}
    words = declared(known["words"], {"num_words": 3, "relation": "au moins", "letter": None, "other": 1}, "fr")
    assert words.check("un deux trois", True).verdict == "pass"
    assert declared(known["title"], {}, "fr").check("##thé##", True).verdict == "pass"
    assert declared(known["title"], {}, "en").check("##tea##", True).verdict == "fail"


class Heard:
    """A reader that reads the same from every text."""

    def __init__(self, demands: Demands) -> None:
        self._demands = demands

    def read(self, messages: object, language: object) -> Demands:
        return self._demands


@pytest.mark.parametrize(("tag", "found"), [("fr", ["language"]), ("de", []), ("de-AT", []), ("mul", [])])
def test_a_language_is_an_alarm_unless_it_is_the_texts_own(tag: str, found: list[str]) -> None:
    text = plain.Text("prompts", "de", "auf Französisch")
    demands = Demands(ExpectedLanguage(tag, Origin.REQUESTED, (4, 15), 0))
    assert [alarm.name for alarm in plain.alarms(text, Heard(demands))] == found  # type: ignore[arg-type]  # reads as a Reader does


def test_an_alarm_quotes_what_it_was_read_from() -> None:
    text = plain.Text("prompts", "en", "List 3 items")
    demands = Demands(None, (RequestedModifier("bullets", {"num_bullets": 3}, span=(5, 12)),))
    (alarm,) = plain.alarms(text, Heard(demands))  # type: ignore[arg-type]  # reads as a Reader does
    assert (alarm.phrase, alarm.family) == ("3 items", "lists")


def test_families_name_modifiers_that_there_are_and_each_once() -> None:
    names = [name for names in plain.FAMILIES.values() for name in names]
    assert len(names) == len(set(names))
