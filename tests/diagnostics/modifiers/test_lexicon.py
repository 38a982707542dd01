from importlib.resources import files

import pytest

from diagnostics.modifiers.fold import fold
from diagnostics.modifiers.lexicon import LexiconError, Lexicons, Scanner, alternatives, bounded, load_lexicons, parse

TARGETS = (
    *("en", "fr", "pt", "ru", "de", "es", "ja", "ar", "zh", "it", "nl", "pl", "tr", "ko", "hi", "uk", "sv", "da"),
    *("no", "fi", "el", "he", "cs", "hu", "ro", "th", "vi", "id", "bn", "fa", "ur"),
)


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
        named = {
            value for _, concept, value in lexicons.lexicon(language).surfaces if concept in ("in", "in_adjective")
        }
        assert set(TARGETS) - named == set(), language


def test_every_language_covers_the_grammar(lexicons):
    needed = set(lexicons.lexicon("en").concepts) - {
        "how",
        "say",
        "lacking",
        "not",
        "if",
        "unless",
        "and",
        "carrier",
        "use",
        "exclusive_after",
    }
    for language in lexicons.languages:
        lexicon = lexicons.lexicon(language)
        assert needed - set(lexicon.concepts) == set(), language
        assert {"not", "not_before"} & set(lexicon.concepts), language
        assert {"if", "if_before"} & set(lexicon.concepts), language
        assert {"in", "into", "name"} <= set(lexicon.frames), language
        assert lexicon.numbers, language


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("language = ", r"xx\.toml: .*"),
        ("[concepts]\nanwser = ['a']", r"xx\.toml: .*'anwser'.*concepts"),
        ("[words]\nlinks = ['a']", r"xx\.toml: .*'links'.*words"),
        ("[frames]\non = ['on {name}']", r"xx\.toml: .*'on'.*frames"),
        ("[sayings]\na = 1", r"xx\.toml: .*sayings"),
        ("[concepts]\nanswer = 'a'", r"xx\.toml: .*concepts"),
        ("[numbers]\none = 'a'", r"xx\.toml: .*numbers"),
        ("[frames]\nin = ['in German']", r"xx\.toml: frames\.in: 'in German'"),
        ("[frames]\nin = ['in {dative}']", r"xx\.toml: frames\.in: 'in {dative}'"),
        ("[concepts]\nanswer = ['say']\ntell = ['Say']", r"xx\.toml: concepts\.tell: 'say' is in concepts\.answer"),
        ("[concepts]\nanswer = ['(|a)']", r"xx\.toml: concepts\.answer: .* can be empty"),
        ("[concepts]\nanswer = ['(a|(b|c))']", r"xx\.toml: concepts\.answer: brackets"),
        (f"[concepts]\nanswer = ['{'(a|b)' * 11}']", r"xx\.toml: concepts\.answer: more than"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(body, says):
    with pytest.raises(LexiconError, match=says):
        small(body)


def test_alternatives():
    assert alternatives("in (|only )x(|y)") == ["in x", "in xy", "in only x", "in only xy"]
    assert alternatives("plain") == ["plain"]


def test_forms_change_endings_and_beginnings():
    lexicon = small(
        '[forms]\na = {"ий" = "ом"}\nb = {"ал-" = ""}\n[frames]\nin = ["на {a}", "л{b}"]',
        {"de": "немецкий", "hi": "алхинди"},
    )
    found = {(form, value) for form, _, value in lexicon.surfaces}
    assert found == {
        (fold("на немецком"), "de"),
        (fold("лнемецкий"), "de"),
        (fold("на алхинди"), "hi"),
        (fold("лхинди"), "hi"),
    }


def test_prefixes():
    lexicon = small('prefixes = ["و"]\n[concepts]\nanswer = ["أجب"]')
    assert [form for form, _, _ in lexicon.surfaces] == [fold("أجب"), fold("وأجب")]


def scan(text, body):
    return [(text[t.start : t.end], t.concept) for t in Scanner([small(body)]).scan(text) if t.concept != "comma"]


def test_scan_takes_the_longest():
    body = "[concepts]\nnot = ['no']\ninert = ['no more than']"
    assert scan("no more than no", body) == [("no more than", "inert"), ("no", "not")]


def test_scan_keeps_to_words():
    body = "[concepts]\nnot = ['no']\nuse = ['use']"
    assert scan("nose nouse no-use casino use2", body) == [("no", "not"), ("use", "use")]


def test_scan_finds_what_a_false_match_hid():
    assert scan("latin english", "[concepts]\nuse = ['in english']\ntell = ['english']") == [("english", "tell")]


def test_full_stops_end_sentences_and_not_numbers():
    assert scan("3.5 a.b. c", "") == [(".", "stop")]


def test_bounded():
    assert bounded("in german.", 3, 9)
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
    before = lexicons.scanner("de")
    assert lexicons.guess(fold("Antworte auf Englisch.")) == "de"
    assert lexicons.scanner("de") is before


def test_scripts_are_found_with_the_brackets_around_them():
    lexicon = small('[scripts]\nLatn = ["（(|in )Latin）", "Latin script"]')
    scanner = Scanner([lexicon])
    found = [(token.start, token.end, token.value) for token in scanner.scan("x (in latin) y latin script")]
    assert found == [(2, 12, "Latn"), (15, 27, "Latn")]


def test_a_saying_belongs_to_one_script_or_concept():
    with pytest.raises(LexiconError, match=r"scripts\.Cyrl: 'a' is in scripts\.Latn too"):
        small('[scripts]\nLatn = ["a"]\nCyrl = ["A"]')
    with pytest.raises(LexiconError, match=r"scripts\.Latn: 'a' is in concepts\.if too"):
        small('[concepts]\nif = ["a"]\n[scripts]\nLatn = ["a"]')
    with pytest.raises(LexiconError, match=r"scripts\.Latn: brackets"):
        small('[scripts]\nLatn = ["(a"]')


def test_leaders(lexicons):
    assert lexicons.leaders(fold("Übersetze")) == ("de",)
    assert lexicons.leaders("12345") == ()
