from importlib.resources import files
from typing import get_args

import pytest

from diagnostics.reading.fold import fold
from diagnostics.reading.lexicon import Audience, Style, alternatives
from diagnostics.reading.loading import LexiconError, load_lexicons, parse
from diagnostics.reading.scanner import bounded, spelled
from diagnostics.reading.vocabulary import Lexicons, Vocabulary

TARGETS = (
    *("en", "fr", "pt", "ru", "de", "es", "ja", "ar", "zh", "it", "nl", "pl", "tr", "ko", "hi", "uk", "sv", "da"),
    *("no", "fi", "el", "he", "cs", "hu", "ro", "th", "vi", "id", "bn", "fa", "ur"),
)


OPTIONAL = {"how", "say", "lacking", "not", "if", "unless", "and", "carrier", "use", "exclusive_after", "only"}
"""Languages do without these: what follows a verb or is written on to it, say."""
MOST_FORMS = 9_000
"""Each costs time when lexicons are built, and memory."""


def small(body: str = "", names: dict[str, str] | None = None):
    return parse("xx.toml", f'language = "xx"\n{body}', names or {})


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    return load_lexicons()


def test_every_file_is_loaded_under_its_name(lexicons):
    stems = [file.name[:-5] for file in (files("diagnostics") / "lexicons").iterdir() if file.name.endswith(".toml")]
    assert sorted(stems) == sorted(lexicons.languages)


def test_every_language_can_name_every_target(lexicons):
    for language in lexicons.languages:
        lexicon = lexicons.lexicon(language)
        for target in TARGETS:
            assert lexicon.requests(target), (language, target)


def test_every_language_covers_the_rules(lexicons):
    """Whatever English has words for every language has, or the table below says why not."""
    english = lexicons.lexicon("en")
    for language in lexicons.languages:
        lexicon = lexicons.lexicon(language)
        assert set(english.concepts) - OPTIONAL <= set(lexicon.concepts), language
        assert {"not", "not_before"} & set(lexicon.concepts), language
        assert {"if", "if_before"} & set(lexicon.concepts), language
        assert {"in", "name"} <= set(lexicon.frames), language
        assert set(english.demands) <= set(lexicon.demands), (language, set(english.demands) - set(lexicon.demands))
        assert set(get_args(Style)) <= set(lexicon.styles), language
        assert set(get_args(Audience)) <= set(lexicon.audiences), language
        assert {"link", "filler", "join", "passage"} <= set(lexicon.words), language
        assert set(range(11)) <= set((lexicon.numbers | lexicon.articles).values()), language
        assert set(range(1, 11)) <= set(lexicon.ordinals.values()), language


def test_no_language_has_more_forms_than_it_may(lexicons):
    for language in lexicons.languages:
        lexicon = lexicons.lexicon(language)
        forms = sum(len(group.forms) for group in (*lexicon.spoken, *lexicon.demanded))
        assert forms <= MOST_FORMS, (language, forms)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("language = ", r"xx\.toml: .*at end of document"),
        ("[concepts]\nanwser = ['a']", r"xx\.toml, line 3: concepts\.anwser: no such key; did you mean 'answer'\?"),
        ("[words]\nlinks = ['a']", r"xx\.toml, line 3: words\.links: no such key; did you mean 'link'\?"),
        ("[frames]\non = ['on {name}']", r"xx\.toml, line 3: frames\.on: no such key"),
        ("[demands]\n\nwrod = ['a']", r"xx\.toml, line 4: demands\.wrod: no such key; did you mean 'word'\?"),
        ("[styles]\nodd = ['a']", r"xx\.toml, line 3: styles\.odd: no such key"),
        ("[sayings]\na = 1", r"xx\.toml: .*sayings"),
        ("demands = 3", r"xx\.toml, line 2: demands must be a table"),
        ("[concepts]\nanswer = 'a'", r"xx\.toml, line 3: concepts\.answer: must be a list of strings"),
        ("[numbers]\none = 'a'", r"xx\.toml: .*numbers"),
        ("[frames]\nin = ['in German']", r"xx\.toml, line 3: frames\.in: 'in German' needs one slot"),
        ("[frames]\nin = ['in {dative}']", r"xx\.toml, line 3: frames\.in: 'in {dative}' needs"),
        ("[concepts]\nanswer = ['say']\ntell = ['say']", r"line 4: concepts\.tell: 'say' is in concepts\.answer too"),
        ("[concepts]\nanswer = ['(|a)']", r"xx\.toml, line 3: concepts\.answer: .* can be empty"),
        ("[concepts]\nanswer = ['(a|(b|c))']", r"xx\.toml, line 3: concepts\.answer: .* has brackets"),
        (f"[concepts]\nanswer = ['{'(a|b)' * 11}']", r"xx\.toml, line 3: concepts\.answer: .* more than 1024"),
    ],
)
def test_a_wrong_file_is_named_with_line_and_key(body, says):
    with pytest.raises(LexiconError, match=says):
        small(body)


def test_alternatives():
    assert alternatives("in (|only )x(|y)") == ["in x", "in xy", "in only x", "in only xy"]
    assert alternatives("plain") == ["plain"]


def spoken(text, body, names=None):
    """What the rule for the answer's language hears in a text."""
    folded = fold(text)
    tokens = Vocabulary([small(body, names)]).spoken(spelled(folded))
    return [(folded[token.start : token.end], token.concept, token.value) for token in tokens]


def demanded(text, body):
    """What the other rules hear in a text."""
    folded = fold(text)
    tokens = Vocabulary([small(body)]).demanded(spelled(folded))
    return [(folded[token.start : token.end], token.concept, token.value) for token in tokens]


def test_forms_change_endings_and_beginnings():
    body = '[forms]\na = {"ий" = "ом"}\nb = {"ал-" = ""}\n[frames]\nin = ["на {a}", "л{b}"]'
    names = {"de": "немецкий", "hi": "алхинди"}
    assert spoken("на немецком, лхинди", body, names) == [
        (fold("на немецком"), "in", "de"),
        (fold("лхинди"), "in", "hi"),
    ]
    assert spoken("немецкий", body, names) == []


def test_what_is_written_on_to_a_name_belongs_to_the_frame():
    names = {"fr": "الفرنسية"}
    assert spoken("أجب بالفرنسية", '[frames]\nin = ["ب{name}"]', names) == [(fold("بالفرنسية"), "in", "fr")]
    assert spoken("한국어로 써", '[frames]\nin = ["{name}로"]', {"ko": "한국어"}) == [("한국어로", "in", "ko")]


def test_prefixes_stand_before_any_word():
    body = 'prefixes = ["و"]\n[demands]\nword = ["كلمة"]'
    found = [form for form, _, _ in demanded("كلمة وكلمة سكلمة", body)]
    assert found == [fold("كلمة"), fold("كلمة")]


def test_the_longest_frame_wins_and_a_concept_is_not_hidden():
    body = "[frames]\nin = ['in {name}', 'in plain {name}']\n[concepts]\nsay = ['english word']"
    assert spoken("in plain English", body, {"en": "English"}) == [("in plain english", "in", "en")]
    assert [found[1] for found in spoken("in English word", body, {"en": "English"})] == []


def test_a_script_does_not_hide_a_name():
    body = "[frames]\nin = ['in {name}']\n[scripts]\nCyrl = ['in Cyrillic']"
    names = {"sr-Cyrl": "Cyrillic Serbian", "sr": "Serbian"}
    assert spoken("in Cyrillic Serbian", body, names) == [("in cyrillic serbian", "in", "sr-Cyrl")]


def test_scripts_are_found_with_the_brackets_around_them():
    body = '[frames]\nin = ["in {name}"]\n[scripts]\nLatn = ["（(|in )Latin）", "Latin script"]'
    found = spoken("in Serbian (in Latin) y Latin script", body, {"sr": "Serbian"})
    assert found[1:] == [("(in latin)", "script", "Latn"), ("latin script", "script", "Latn")]


def test_tables_of_kinds_and_numbers():
    body = (
        "[styles]\nformal = ['formal*']\n[units]\nhashtags = ['hashtag']\n[wholes]\nurls = ['no links']\n"
        "[numbers]\ntwo = 2\n[ordinals]\nfirst = 1\n[audiences]\nchildren = ['for kids']"
    )
    found = demanded("formally, no links: the first two hashtag for kids", body)
    assert [each[1:] for each in found] == [
        ("style", "formal"),
        ("whole_demand", "urls"),
        ("ordinal", "1"),
        ("number", "2"),
        ("unit", "hashtags"),
        ("audience", "children"),
    ]


def test_what_an_earlier_lexicon_says_means_nothing_else_in_a_later_one():
    first = small("[concepts]\nuse = ['die']\n[frames]\nin = ['in {name}']", {"de": "Deutsch"})
    second = small("[concepts]\ntell = ['die', 'say']")
    tokens = Vocabulary([first, second]).spoken(spelled("die say in deutsch"))
    assert [token.concept for token in tokens] == ["use", "tell", "in"]


def test_bounded():
    assert bounded("in german ", 3, 9)
    assert not bounded("in germany", 3, 9)
    assert bounded("ドイツ語で", 0, 4)
    assert bounded("json形式", 0, 4)
    assert not bounded("हिन्दी", 0, 1)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Responde en alemán, por favor.", "es"),
        ("Antworte auf Englisch.", "de"),
        ("Отвечай по-французски.", "ru"),
        ("英語で答えてください。", "ja"),
        ("أجب باللغة الفرنسية", "ar"),
        ("Please answer in French.", "en"),
        ("", "en"),
        ("12345", "en"),
    ],
)
def test_guess(lexicons, text, language):
    assert lexicons.guess(fold(text)) == language


def test_preloading_changes_nothing():
    lexicons = load_lexicons()
    lexicons.preload()
    before = lexicons.vocabulary("de")
    assert lexicons.guess(fold("Antworte auf Englisch.")) == "de"
    assert lexicons.vocabulary("de") is before
    assert "de" in lexicons.languages


def test_preloading_lets_go_of_the_lexicons():
    lexicons = load_lexicons()
    lexicons.preload()
    with pytest.raises(KeyError):
        lexicons.lexicon("de")


def test_other_languages_ask_for_themselves(lexicons):
    folded = fold("What is rain? Responde en español.")
    found = {(token.concept, token.value) for token in lexicons.abroad(spelled(folded), "en")}
    assert ("in", "es") in found
    folded = fold("ドイツ語は？日本語で答えて")
    assert any(token.value == "ja" for token in lexicons.abroad(spelled(folded), "de"))


def test_a_saying_belongs_to_one_script_or_concept():
    with pytest.raises(LexiconError, match=r"scripts\.Cyrl: 'a' is in scripts\.Latn too"):
        small('[scripts]\nLatn = ["a"]\nCyrl = ["a"]')
    with pytest.raises(LexiconError, match=r"scripts\.Latn: 'a' is in concepts\.if too"):
        small('[concepts]\nif = ["a"]\n[scripts]\nLatn = ["a"]')


def test_leaders(lexicons):
    assert lexicons.leaders(fold("Übersetze")) == ("de",)
    assert lexicons.leaders("12345") == ()
