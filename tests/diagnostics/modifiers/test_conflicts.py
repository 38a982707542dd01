import itertools
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Origin, RequestedModifier, Verdict
from diagnostics.modifiers import BY_NAME, MODIFIERS, conflicts
from diagnostics.modifiers.conflicts import contradiction, settle


def demand(name: str, **arguments: object) -> RequestedModifier:
    return RequestedModifier(name, arguments)


def words(number: int, relation: str) -> RequestedModifier:
    return demand("words", num_words=number, relation=relation)


AT_ODDS = [
    (demand("uppercase"), demand("lowercase"), "the case is capital letters or small letters, not both"),
    (demand("title_case"), demand("uppercase"), "the case is Title Case or capital letters, not both"),
    (demand("json"), demand("html"), "the format is JSON or HTML, not both"),
    (demand("yaml"), demand("xml"), "the format is YAML or XML, not both"),
    (demand("csv"), demand("json"), "the format is CSV or JSON, not both"),
    (demand("plain"), demand("markdown"), "the format is plain text or Markdown, not both"),
    (demand("plain"), demand("highlight"), "no highlighted sections, but some highlighted sections"),
    (demand("plain"), demand("table"), "no Markdown tables, but some Markdown tables"),
    (demand("csv"), demand("csv", separator=";"), "the separator is ',' or ';', not both"),
    (demand("comma"), demand("csv"), "no commas, but some commas"),
    (demand("fence"), demand("code", language="python"), "no code fences, but some code fences"),
    (demand("digits"), demand("numbered", num_items=3), "no numbers in digits, but some numbers in digits"),
    (demand("emoji"), demand("emoji", num_emojis=3), "no emoji, but at least 3 emoji"),
    (demand("lowercase"), demand("capitals", capital_frequency=2), "but at least 2 words in capital letters"),
    (words(300, "at least"), words(100, "at most"), "at least 300 words, but at most 100 words"),
    (words(300, "at least"), words(300, "less than"), "at least 300 words, but at most 299 words"),
    (words(3, "exactly"), words(4, "exactly"), "exactly 3 words, but exactly 4 words"),
    (words(100, "about"), words(50, "at most"), "90 to 110 words, but at most 50 words"),
    (demand("emoji", num_emojis=0, relation="at least"), demand("emoji_only"), "no emoji, but some emoji"),
    (demand("katakana_only"), demand("no_katakana"), "some katakana, but no katakana"),
    (demand("hiragana_only"), demand("kanji", kanji_limit=3), "no Chinese characters, but at least 3"),
    (demand("kansuuji"), demand("numbered"), "no numbers in digits, but some"),
    (demand("no_accents"), demand("enie", let_frequency=2, relation="at least"), "no letters with an accent, but some"),
    (demand("forbidden_character", forbidden_char="É"), demand("letters", letter="é", let_frequency=2), "times 'é'"),
    (
        demand("script", script="Cyrl"),
        demand("script", script="Latn", use="only"),
        "the script is Cyrl or Latn, not both",
    ),
    (demand("script", script="Latn"), demand("script", script="Latn", use="none"), "some letters in Latn"),
    (demand("script", script="Hans"), demand("script", script="Hant"), "the Chinese script is Hans or Hant"),
    (demand("address", register="formal"), demand("address"), "the register is 'formal' or 'informal', not both"),
    (demand("tense", tense="past"), demand("tense", tense="future"), "the tense is 'past' or 'future', not both"),
    (demand("date_format", format="YYYY-MM-DD"), demand("date_format", format="DD.MM.YYYY"), "the format of dates is"),
    (demand("hashtags", num_hashtags=0, relation="exactly"), demand("hashtags", num_hashtags=3), "no hashtags, but at"),
    (demand("stanzas", num_stanzas=2), demand("stanzas", num_stanzas=3), "exactly 2 stanzas, but exactly 3 stanzas"),
    (demand("html", page=True), demand("html", page=False), "page is true or false, not both"),
    (demand("sentence_ending", ending="です"), demand("sentence_ending", ending="ます"), "the end of every sentence"),
    (
        demand("sentences", num_sentences=3, relation="at most"),
        demand("sentences", num_sentences=4),
        "at most 3 sentences, but exactly 4 sentences",
    ),
    (
        demand("paragraphs", num_paragraphs=2, separator="blank"),
        demand("paragraphs", num_paragraphs=3, separator="blank"),
        "exactly 2 paragraphs",
    ),
    (demand("bullets", num_bullets=3), demand("bullets", num_bullets=4), "exactly 3 bullet points"),
    (demand("lines", num_lines=3), demand("lines", num_lines=2, relation="at most"), "exactly 3 lines"),
    (
        demand("characters", num_characters=10, spaces=False),
        demand("characters", num_characters=11, spaces=False),
        "exactly 10 characters",
    ),
    (
        demand("letters", letter="Q", let_frequency=5),
        demand("letters", letter="q", let_frequency=2, let_relation="at most"),
        "at least 5 times 'q', but at most 2 times 'q'",
    ),
    (
        demand("keyword", keyword="Tea", frequency=2),
        demand("keyword", keyword="tea", frequency=1, relation="at most"),
        "at least 2 times 'tea'",
    ),
    (demand("include", keywords=["pot", "green Tea"]), demand("exclude", forbidden_words=["tea"]), "'green tea'"),
    (demand("keyword", keyword="tea", frequency=1), demand("exclude", forbidden_words=["TEA"]), "'tea' is wanted"),
    (demand("include", keywords=["tea"]), demand("keyword", keyword="tea", frequency=0, relation="exactly"), "'tea'"),
    (demand("ending", end_phrase="Bye, tea!"), demand("exclude", forbidden_words=["tea"]), "'tea' is not"),
    (demand("ending", end_phrase="The end."), demand("ending", end_phrase="Bye"), "the end of the reply is 'The end.'"),
    (demand("beginning", start_phrase="Dear Ann"), demand("beginning", start_phrase="Dear Bob"), "the beginning of"),
    (demand("beginning", start_phrase="Dear"), demand("repeat", prompt_to_repeat="Write to Ann."), "the beginning of"),
    (
        demand("paragraph", nth_paragraph=2, first_word="tea"),
        demand("paragraph", nth_paragraph=2, first_word="milk"),
        "the beginning of paragraph 2 is 'tea' or 'milk'",
    ),
]
"""Two demands, and some of the reason."""


@pytest.mark.parametrize(("first", "second", "reason"), AT_ODDS)
def test_demands_that_no_reply_can_meet_both(first, second, reason):
    assert reason in (contradiction(first, second) or "")
    assert contradiction(second, first)


TOGETHER = [
    (words(300, "at least"), words(300, "at most"), "tea " * 300),
    (words(2, "at least"), words(4, "less than"), "Tea is hot."),
    (demand("plain"), demand("bullets", num_bullets=2), "- tea\n- milk"),
    (demand("plain"), demand("title"), "<<Tea>>\n\nIt is hot."),
    (demand("comma"), demand("json"), '{"tea": 1}'),
    (demand("comma"), demand("csv", separator=";"), "tea;milk\n1;2"),
    (demand("include", keywords=["tea"]), demand("exclude", forbidden_words=["green tea", "te"]), "Black tea."),
    (demand("keyword", keyword="tea", frequency=1), demand("keyword", keyword="milk", frequency=0), "Tea."),
    (demand("keyword", keyword="tea", frequency=3, relation="at most"), demand("include", keywords=["tea"]), "Tea."),
    (demand("ending", end_phrase="The end."), demand("ending", end_phrase="end"), "It is hot. The end."),
    (demand("beginning", start_phrase="Dear"), demand("beginning", start_phrase='"Dear Ann'), '"Dear Ann, hello."'),
    (
        demand("paragraph", nth_paragraph=1, first_word="tea"),
        demand("paragraph", nth_paragraph=2, first_word="milk"),
        "Tea.\n\nMilk.",
    ),
    (
        demand("characters", num_characters=7),
        demand("characters", num_characters=6, spaces=False),
        "Hot tea",
    ),
    (
        demand("letters", letter="t", let_frequency=3),
        demand("letters", letter="e", let_frequency=1, let_relation="exactly"),
        "T t tea",
    ),
    (demand("bullets"), demand("bullets", num_bullets=3), "- a\n- b\n- c"),
    (demand("code", language="python"), demand("code", language="sql"), "```python\nx\n```\n```sql\ny\n```"),
    (demand("json"), demand("json"), "{}"),
    (words(20, "about"), words(21, "exactly"), "tea " * 21),
    (demand("script", script="Jpan"), demand("script", script="Hani", use="only"), "漢字"),
    (demand("script", script="Latn", use="none"), demand("script", script="Cyrl"), "Чай горячий."),
    (demand("html"), demand("html", page=True), "<!doctype html><html><body><p>Tea</p></body></html>"),
]
"""Two demands, and a reply that meets both."""


@pytest.mark.parametrize(("first", "second", "reply"), TOGETHER)
def test_demands_that_a_reply_meets_both(first, second, reply):
    for each in (first, second):
        assert msgspec.convert(each.arguments, BY_NAME[each.name]).check(reply, True).verdict is Verdict.PASS
    assert contradiction(first, second) is None
    assert contradiction(second, first) is None


def shown() -> Iterator[tuple[RequestedModifier, frozenset[str]]]:
    """Every demand that a modifier's examples show, and the replies of all examples that meet it as they stand."""
    replies = {example.reply for modifier in MODIFIERS for example in modifier.examples}
    for modifier in MODIFIERS:
        demands = {msgspec.json.encode(each.arguments) for each in modifier.examples if each.verdict is not None}
        for arguments in sorted(demands):
            value = msgspec.json.decode(arguments, type=modifier)
            outcomes = {reply: value.check(reply, True) for reply in replies}
            bare = (reply for reply, each in outcomes.items() if each.verdict is Verdict.PASS and each.form == "bare")
            yield RequestedModifier(modifier.name(), msgspec.json.decode(arguments)), frozenset(bare)


ONE_WISH = ({"csv", "html", "json", "markdown", "plain", "xml", "yaml"}, {"title_case", "uppercase"})
"""Who asks for one of these does not ask for another, though JSON is YAML too, and in capitals each word has one."""


def test_no_reply_of_any_example_meets_two_demands_that_contradict_each_other():
    found = 0
    for (one, met), (other, also_met) in itertools.combinations(shown(), 2):
        alike = any({one.name, other.name} <= names for names in ONE_WISH)
        if not alike and contradiction(one, other) is not None:
            found += 1
            assert not met & also_met, (one, other)
    assert found > 100


def test_every_modifier_that_claims_something_is_there():
    named = {*conflicts._ALWAYS, *conflicts._BY_ARGUMENTS, *conflicts._DOCUMENTS, *conflicts._PARTS}
    assert named <= set(BY_NAME)


def test_of_two_that_contradict_each_other_the_later_holds():
    long, short, html = words(300, "at least"), words(100, "at most"), demand("html")
    kept, overruled = settle([long, html, short])
    assert kept == [html, short]
    assert [(each.demand, each.by) for each in overruled] == [(long, short)]
    assert overruled[0].explanation == "overruled by 'words': at least 300 words, but at most 100 words"
    kept, overruled = settle([short, html, long])
    assert (kept, [each.demand for each in overruled]) == ([html, long], [short])


def test_what_was_overruled_overrules_nothing():
    json, html, plain = demand("json"), demand("html"), demand("plain")
    kept, overruled = settle([json, html, plain])
    assert kept == [plain]
    assert [(each.demand.name, each.by.name) for each in overruled] == [("json", "html"), ("html", "plain")]


def test_a_range_is_two_demands_that_both_hold():
    asked = [words(600, "at least"), words(700, "at most")]
    assert settle(asked) == (asked, [])


@pytest.mark.parametrize("turn", [1, -1])
def test_a_document_marks_its_parts_in_its_own_way(turn):
    html, bullets, short = demand("html"), demand("bullets", num_bullets=3), words(100, "at most")
    kept, overruled = settle([html, bullets, short][::turn])
    assert kept == [html, short][::turn]
    (only,) = overruled
    assert (only.demand, only.by) == (bullets, html)
    assert only.explanation == "overruled by 'html': HTML has its own way of marking them"


def test_a_part_that_is_declared_holds_unless_the_document_is_declared_too():
    html, bullets = demand("html"), msgspec.structs.replace(demand("bullets"), origin=Origin.DECLARED)
    assert settle([html, bullets]) == ([html, bullets], [])
    declared = msgspec.structs.replace(html, origin=Origin.DECLARED)
    assert settle([declared, bullets])[0] == [declared]


def test_a_request_to_repeat_may_name_the_words_that_its_answer_must_not_hold():
    request = "Write about tea. Do not use the word pot."
    assert contradiction(demand("repeat", prompt_to_repeat=request), demand("exclude", forbidden_words=["pot"])) is None


def test_markdown_marks_them_as_they_are_looked_for():
    asked = [demand("markdown"), demand("bullets", num_bullets=3), demand("table")]
    assert settle(asked) == (asked, [])


phrases = st.text(min_size=1, max_size=12).filter(str.strip)
demands = st.one_of(
    st.sampled_from([each for pair in AT_ODDS for each in pair[:2] if each.name in BY_NAME]),
    st.builds(lambda phrase: demand("ending", end_phrase=phrase), phrases),
    st.builds(lambda phrase: demand("beginning", start_phrase=phrase), phrases),
    st.builds(lambda some: demand("include", keywords=some), st.lists(phrases, min_size=1, max_size=3)),
    st.builds(lambda some: demand("exclude", forbidden_words=some), st.lists(phrases, min_size=1, max_size=3)),
)


@given(st.lists(demands, max_size=8))
def test_what_is_kept_does_not_contradict_itself_and_nothing_is_lost(asked):
    asked = [msgspec.structs.replace(each, message=i) for i, each in enumerate(asked)]
    kept, overruled = settle(asked)
    assert all(contradiction(one, other) is None for one, other in itertools.combinations(kept, 2))
    assert kept == [each for each in asked if each in kept]
    assert [each for each in asked if each not in kept] == sorted(
        (each.demand for each in overruled), key=lambda each: each.message
    )


@given(demands, demands)
def test_it_does_not_matter_which_comes_first(one, other):
    assert (contradiction(one, other) is None) == (contradiction(other, one) is None)
