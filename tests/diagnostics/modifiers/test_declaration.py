import json
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Origin, RequestedModifier
from diagnostics.modifiers import BY_NAME, MODIFIERS
from diagnostics.modifiers.declaration import (
    LONGEST,
    MOST,
    DeclarationError,
    arguments,
    by_name,
    declared,
    declared_together,
)

EXAMPLES = [(modifier, example) for modifier in MODIFIERS for example in modifier.examples if example.verdict]
"""An example with a verdict states its demand in full; one without asks for nothing."""


def test_what_is_declared_is_the_value_that_is_read_from_messages():
    assert declared("bullets", {"num_bullets": 3}) == RequestedModifier("bullets", {"num_bullets": 3}, Origin.DECLARED)
    assert declared("bullets", {}).arguments == {}
    assert declared("words", {"num_words": 3}).arguments == {"num_words": 3, "relation": "exactly"}


@pytest.mark.parametrize(("modifier", "example"), EXAMPLES)
def test_all_that_examples_show_can_be_declared_as_json(modifier, example):
    given = json.loads(msgspec.json.encode(example.arguments))
    found = declared(modifier.name(), given)
    assert msgspec.convert(found.arguments, modifier) == msgspec.convert(example.arguments, modifier)


RELATION = "expected one of 'about', 'at least', 'at most', 'exactly', 'less than'; got 'atleast'"
PHRASE = "expected a text of 1 to 500 characters, not only blanks"
WRONG = [
    ("htm", {}, "name", "there is no modifier 'htm'; did you mean 'html'?"),
    ("Bullet points", {}, "name", "there is no modifier 'Bullet points'; did you mean 'bullets'?"),
    ("length_constraints:number_words", {}, "name", "did you mean 'words'?"),
    ("qq", {}, "name", f"there is no modifier 'qq'; there are: {', '.join(BY_NAME)}"),
    ("q" * 99, {}, "name", f"there is no modifier '{'q' * 40}'… (99 characters); there are: "),
    ("words", {}, "arguments.num_words", "is missing; words needs a whole number from 1 to 1,000,000"),
    ("words", {"num_words": 0}, "arguments.num_words", "expected a whole number from 1 to 1,000,000; got 0"),
    ("words", {"num_words": "3"}, "arguments.num_words", "expected a whole number from 1 to 1,000,000; got '3'"),
    ("words", {"num_words": 2.5}, "arguments.num_words", "got 2.5"),
    ("words", {"num_words": True}, "arguments.num_words", "got true"),
    ("words", {"num_words": None}, "arguments.num_words", "got null"),
    ("words", {"num_words": [3]}, "arguments.num_words", "got a list of 1"),
    ("words", {"num_words": {"n": 3}}, "arguments.num_words", "got an object"),
    ("words", {"num_words": 10**5000}, "arguments.num_words", "got so large a number"),
    ("words", {"num_words": 3, "relation": "atleast"}, "arguments.relation", RELATION),
    (
        "words",
        {"num_word": 3},
        "arguments.num_word",
        "there is no such argument; did you mean num_words? words takes num_words and relation",
    ),
    ("bullets", {"marks": 3}, "arguments.marks", "there is no such argument; bullets takes num_bullets"),
    ("comma", {"a b": 2}, "arguments['a b']", "there is no such argument; comma takes none"),
    ("bullets", {"num_bullets": 10**9}, "arguments.num_bullets", "expected a whole number from 1 to 1,000; got 1000"),
    ("characters", {"num_characters": 1, "spaces": "no"}, "arguments.spaces", "expected true or false; got 'no'"),
    ("include", {"keywords": "tea"}, "arguments.keywords", "expected a list of 1 to 100, each a text of 1 to 500"),
    ("include", {"keywords": []}, "arguments.keywords", "got a list of 0"),
    ("include", {"keywords": ["a", 5]}, "arguments.keywords[1]", f"{PHRASE}; got 5"),
    ("include", {"keywords": ["a", " "]}, "arguments.keywords[1]", f"{PHRASE}; got ' '"),
    ("ending", {"end_phrase": "x" * 501}, "arguments.end_phrase", f"{PHRASE}; got '{'x' * 40}'… (501 characters)"),
    ("title", {"opening": "< <"}, "arguments.opening", "expected a text of 1 to 8 characters without blanks"),
    ("csv", {"separator": "ab"}, "arguments.separator", "expected one character matching"),
    ("accents", {"word_to_accentuate": {}}, "arguments.word_to_accentuate", "expected an object of 1 to 100 fields"),
    ("accents", {"word_to_accentuate": {"a": 5}}, "arguments.word_to_accentuate[...]", "got `int`"),
    ("json", {"schema": 5}, "arguments.schema", "expected an object; got 5"),
    ("json", {"schema": {"type": 5}}, "arguments.schema.type", "invalid JSON Schema"),
    (
        "paragraph",
        {"nth_paragraph": 5, "first_word": "tea", "num_paragraphs": 2},
        "arguments",
        "nth_paragraph is 5, more than num_paragraphs 2",
    ),
]


@pytest.mark.parametrize(("name", "given", "path", "problem"), WRONG)
def test_an_error_names_its_place_and_what_would_be_right(name, given, path, problem):
    with pytest.raises(DeclarationError) as caught:
        declared(name, given)
    assert caught.value.path == path
    assert problem in caught.value.problem
    assert str(caught.value) == f"{path}: {caught.value.problem}"


def test_of_several_it_says_which():
    with pytest.raises(DeclarationError) as caught:
        declared_together([("json", {}), ("words", {"num_words": 0})])
    assert caught.value.path == "modifiers[1].arguments.num_words"
    assert caught.value.within("[3]").path == "[3].modifiers[1].arguments.num_words"
    assert caught.value.within("") is caught.value


def test_two_that_contradict_each_other_are_both_named():
    with pytest.raises(DeclarationError) as caught:
        declared_together([("comma", {}), ("uppercase", {}), ("json", {}), ("lowercase", {})])
    assert caught.value.path == "modifiers[3]"
    why = "the case is capital letters or small letters, not both; leave one out"
    assert str(caught.value) == f"modifiers[3]: contradicts modifiers[1]: {why}"
    assert str(caught.value.within("dragoman")) == f"dragoman.modifiers[3]: contradicts dragoman.modifiers[1]: {why}"


def test_a_range_can_be_declared():
    pair = [("words", {"num_words": 9, "relation": "at least"}), ("words", {"num_words": 12, "relation": "at most"})]
    assert [each.arguments["num_words"] for each in declared_together(pair)] == [9, 12]


def test_there_is_a_bound_to_what_is_held_against_each_other():
    assert len(declared_together([("json", {})] * MOST)) == MOST
    with pytest.raises(DeclarationError, match=f"^modifiers: there are more than {MOST}"):
        declared_together([("json", {})] * (MOST + 1))
    words = {"keywords": ["x" * 500] * 100}
    with pytest.raises(DeclarationError, match=rf"^modifiers: .* longer than {LONGEST:,} characters together"):
        declared_together([("include", words)] * 2)


@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda modifier: modifier.name())
def test_every_argument_says_what_it_takes(modifier):
    described = arguments(modifier)
    assert [each.name for each in described] == list(modifier.__struct_fields__)
    for each in described:
        assert re.match(r"a |an |one |true or false$", each.wanted), each
        assert not each.required or each.default is None


def test_a_modifier_by_its_name():
    assert by_name("bullets") is BY_NAME["bullets"]
    with pytest.raises(DeclarationError, match="did you mean 'bullets'"):
        by_name("bulets")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
def test_whatever_is_declared_is_taken_or_refused_with_its_place(data):
    modifier = data.draw(st.sampled_from(MODIFIERS))
    keys = st.sampled_from(modifier.__struct_fields__) | st.text() if modifier.__struct_fields__ else st.text()
    given = data.draw(st.dictionaries(keys, anything, max_size=4))
    assert taken_or_refused(modifier.name(), given).startswith((modifier.name(), "arguments"))


def taken_or_refused(name: str, given: dict[str, object]) -> str:
    try:
        return declared(name, given).name
    except DeclarationError as error:
        return str(error)
