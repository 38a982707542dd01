"""The scanner: words of their own, the longest first, and nothing lost behind a longest one that is none."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.reading.fold import fold
from diagnostics.reading.scanner import Pool, Sayings, Scanner, Token, flatten, flattened, free_of, spelled, spread


def scan(text: str, *sayings: tuple[str, str], prefixes: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    groups = [Sayings([fold(form.removesuffix("*"))], concept, "", form.endswith("*")) for form, concept in sayings]
    folded = fold(text)
    tokens = Scanner(groups, prefixes=prefixes).scan(spelled(folded))
    return [(folded[token.start : token.end], token.concept) for token in tokens]


def test_the_longest_wins():
    assert scan("no more than no", ("no", "not"), ("no more than", "inert")) == [
        ("no more than", "inert"),
        ("no", "not"),
    ]


def test_one_pool_for_several():
    pool: Pool = {}
    groups = [[Sayings(["json", "no-use", "no"], concept)] for concept in ("use", "use", "not")]
    text = spelled(fold("No JSON, no-use."))
    apart = [Scanner(group).scan(text) for group in groups]
    assert apart[0] != apart[2]
    assert [Scanner(group, pool=pool).scan(text) for group in groups] == apart
    known = len(pool)
    Scanner(groups[0], pool=pool)
    assert len(pool) == known


def test_only_words_of_their_own():
    assert scan("nose nouse no-use casino use2", ("no", "not"), ("use", "use")) == [("no", "not"), ("use", "use")]


def test_what_a_longest_hides_that_is_none():
    assert scan("latin english", ("in english", "use"), ("english", "tell")) == [("english", "tell")]
    assert scan("no morel", ("no more", "inert"), ("no", "not")) == [("no", "not")]
    assert scan("no more thank", ("no more than", "a"), ("no more", "b"), ("than", "c")) == [("no more", "b")]


def test_open_words_go_on():
    assert scan("kelimeler kelime keli", ("kelime*", "word")) == [("kelimeler", "word"), ("kelime", "word")]
    assert scan("satzungen", ("satz*", "sentence"), ("satzung", "law")) == [("satzungen", "sentence")]
    assert scan("kelime" + "x" * 30, ("kelime*", "word")) == []


def test_several_meanings_stand_side_by_side():
    assert scan("letter", ("letter", "mail"), ("letter", "sign")) == [("letter", "mail"), ("letter", "sign")]


def test_punctuation_of_a_form_has_to_be_there():
    assert scan("language: x, language x", ("language:", "label")) == [("language:", "label")]
    assert scan("(latin) latin", ("(latin)", "script")) == [("(latin)", "script")]
    assert scan("don't, don t", ("don't", "not")) == [("don't", "not")]


def test_scripts_without_spaces():
    assert scan("答えをJSONで書いて", ("書いて", "write"), ("json", "json")) == [
        ("json", "json"),
        ("書いて", "write"),
    ]
    assert scan("jsonx", ("json", "json")) == []


def test_latin_words_may_touch_other_scripts():
    assert scan("JSON으로", ("json", "json")) == [("json", "json")]


def test_places_behind_words_of_two_scripts():
    text = "3字 ab字cd,  JSON으로 과json, json"
    assert scan(text, ("json", "json"), ("字", "character")) == [
        ("字", "character"),
        ("字", "character"),
        ("json", "json"),
        ("json", "json"),
        ("json", "json"),
    ]


def test_spread():
    assert spread("no more") == " no  more "
    assert spread(flatten("a, 3字으로")) == " a    3 \0 字 \0 으로 "
    assert spread("") == "  "


def test_forms_with_punctuation_end_with_a_word_too():
    assert scan("e-mailbe", ("e-mail", "response")) == []
    assert scan("e-mailbe", ("e-mail*", "response")) == [("e-mailbe", "response")]


def test_prefixes():
    assert scan("وكلمة سكلمة", ("كلمة", "word"), prefixes=("و",)) == [(fold("كلمة"), "word")]


def test_flattened_is_flatten_of_each():
    forms = ["a-b", " c", "d.e ", ""]
    assert flattened(forms) == [flatten(form) for form in forms]


def test_free_of():
    tokens = [Token(0, 2, "a", ""), Token(3, 5, "b", ""), Token(6, 9, "c", "")]
    assert free_of(tokens, [(1, 4), (9, 12)]) == [tokens[2]]
    assert free_of(tokens, []) == tokens


WORDS = [
    "no",
    "more",
    "than",
    "no more",
    "no more than",
    "in",
    "in english",
    "english*",
    "JSON",
    "do:",
    "書いて",
    "كلمة",
    "d'un",
]


@given(
    text=st.lists(st.sampled_from([*WORDS, " ", "x", ",", "\u0301", "\n"]) | st.text(max_size=3), max_size=20).map(
        "".join
    )
)
@settings(max_examples=200, deadline=None)
def test_tokens_are_forms_in_order_inside_the_text(text):
    folded = fold(text)
    forms = [fold(word.removesuffix("*")) for word in WORDS]
    tokens = Scanner([Sayings([form], form, "", True) for form in forms]).scan(spelled(folded))
    for token in tokens:
        assert 0 <= token.start < token.end <= len(folded)
        # Other marks may stand between words than a form has: "no more, than".
        assert flatten(folded[token.start : token.end]).startswith(flatten(fold(token.concept)).strip())
    starts = [token.start for token in tokens]
    assert starts == sorted(starts)
