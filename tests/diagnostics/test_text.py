"""Lines, words, scripts, and the masks: what they hide, what they leave alone, and that they stay linear."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.text import (
    ELIDED,
    CodeMask,
    composed,
    count_cases,
    count_characters,
    count_sentences,
    count_words,
    is_capital,
    is_small,
    lines,
    mask_code,
    mask_glosses,
    mask_quotes,
    pasted_letters,
    script,
    scripts,
    sentences,
    stretches,
    word_spans,
    words,
)
from diagnostics.text.units import COUNTED

CODE = [
    ("Use `print(x)` here", "Use            here"),
    ("a\n```python\nimport os\n```\nb", "a\n         \n         \n   \nb"),
    ("a\n~~~\ncode\n~~~\nb", "a\n   \n    \n   \nb"),
    ("so:\n```\nnever closed", "so:\n   \n            "),
    ("a\n````\n```\ninner\n```\n````\nb", "a\n    \n   \n     \n   \n    \nb"),
    ("see https://example.org/a?b=c now", "see                           now"),
    ("mail a.b@example.org now", "mail                 now"),
    ("[the text](https://example.org/a_(b)) end", "[the text                             end"),
    ("a <b class='x'>bold</b> word", "a              bold     word"),
    ("fish &amp; chips &#233;", "fish       chips       "),
    ("<style>\nbody { color: red }\n</style>\nText", "       \n                   \n        \nText"),
    ("<!-- hidden\nwords --> seen", "           \n          seen"),
    ("by \\(a+b\\) and $x^2$", "by         and      "),
    ("$$\nx = y\n$$\nText", "  \n     \n  \nText"),
    ("call my_name and camelCase and os.path.join", "call         and           and             "),
    ("run f() on utf8 and /usr/bin/env", "run     on      and             "),
    ("a #tag and @user", "a      and      "),
    ('{"first name": "Anna Meier"}', '{              "Anna Meier"}'),
    ("a\u200bb\x07c", "a b c"),
]


@pytest.mark.parametrize(("text", "masked"), CODE)
def test_code_is_masked(text: str, masked: str) -> None:
    assert mask_code(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plain prose, with and/or, km/h, he/she.",
        "It costs $5 and $10 in all.",
        "In 50 words, the 10th time, 3 items.",
        "a < b and c > d",
        "<<A poem of joy>>",
        "_emphasis_ and **strong** and the blank ____",
        "person(s) may answer",
        "an unclosed ` tick",
        "می\u200cروم و می\u200cآیم",
        "क्\u200dष",
        "2023年の売上は100円です",
        "l'homme d'aujourd'hui",
        "# A heading\n## Another",
        "z.B. und d.h. sind Abkürzungen.",
    ],
)
def test_prose_is_left_alone(text: str) -> None:
    assert mask_code(text) == text


def test_a_fence_around_a_whole_answer_keeps_its_prose() -> None:
    assert mask_code("```html\n<h1>Hallo Welt</h1>\n```\nEnde") == "       \n    Hallo Welt     \n   \nEnde"
    assert "Bonjour" in mask_code("```markdown\nBonjour\n```python\nimport x\n```\nencore\n```")
    assert "import" not in mask_code("```markdown\nBonjour\n```python\nimport x\n```\nencore\n```")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('say "hello there" now', "say               now"),
        ("say “hello” now", "say         now"),
        ("dis «oui non» ici", "dis           ici"),
        ("sag „ja nein“ jetzt", "sag           jetzt"),
        ("säg ”ja nej” nu", "säg          nu"),
        ("「はい」と『いいえ』", "    と     "),
        ("dis «oui «non» oui» ici", "dis                 ici"),
        ('say "a", "b", " c" now', "say    ,    ,      now"),
        ('say “a" now', "say     now"),
        ("say ”a“ now", "say     now"),
        ('책 "The Secrets"라는 것', "책              라는 것"),
        ("> quoted\nnot quoted", "        \nnot quoted"),
        ("say 'hello there' now", "say               now"),
        ('"two\nlines" here', "    \n       here"),
    ],
)
def test_quotes_are_masked(text: str, masked: str) -> None:
    assert mask_quotes(text) == masked


LETTER = "Dear Ms Weber,\n\nplease answer in German.\n\nKind regards\nAnna"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Reply to this:\n\n{LETTER}", [LETTER]),
        (f"{LETTER}\n\nWhat does Anna want?", [LETTER]),
        (LETTER, []),
        ("Dear Ms Weber,\n\nplease answer in German.\n\nWhy not?", []),
        ("What is rain?\n\nAnswer in German.\n\nyes\nno", []),
    ],
)
def test_pasted_letters_are_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in pasted_letters(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "don't and won't",
        "the dogs' bowls",
        'an unclosed "quote',
        "l'ami et l'amie",
        'a 5" pipe and a 6" pipe',
        "5 > 3",
    ],
)
def test_apostrophes_and_unclosed_quotes_are_left_alone(text: str) -> None:
    assert mask_quotes(text) == text


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", {}),
        ("123 !? 😀", {}),
        ("Hello é", {"Latin": 6}),
        ("Привет world", {"Cyrillic": 6, "Latin": 5}),
        ("日本語 かな カナ", {"Han": 3, "Hiragana": 2, "Katakana": 2}),
        ("한국어", {"Hangul": 3}),
        ("नमस्ते", {"Devanagari": 4}),
        ("สวัสดี", {"Thai": 4}),
        ("שלום", {"Hebrew": 4}),
        ("سلام", {"Arabic": 4}),
        ("γειά", {"Greek": 4}),
        ("Բարեւ გამარჯობა", {"Armenian": 5, "Georgian": 9}),
        ("ＡＢ", {"Latin": 2}),
    ],
)
def test_letters_are_counted_by_script(text: str, counted: dict[str, int]) -> None:
    assert scripts(text) == counted


def test_marks_digits_and_symbols_are_of_no_script() -> None:
    assert [script(char) for char in "1_ \u0301्€"] == [""] * 6


def test_words_keep_their_marks_and_apostrophes() -> None:
    found = words("Don't, l’été: हिन्दी भाषा 42 می\u200cروم!")
    assert found == ["Don't", "l’été", "हिन्दी", "भाषा", "می\u200cروم"]


def test_lines_end_in_any_of_three_ways() -> None:
    assert lines("a\r\nb\rc\n\nd") == ["a", "b", "c", "", "d"]


def test_the_mask_can_be_fed_line_by_line() -> None:
    text = "a\n```\ncode\n```\n<!-- x\ny --> b `c`\n$$\nd"
    mask = CodeMask()
    assert "\n".join(mask.line(line) for line in text.split("\n")) == mask_code(text)


PIECES = (
    *(
        "`",
        "```",
        "~~~",
        "\n",
        "<",
        "<a",
        ">",
        "$",
        "$$",
        "\\",
        "\\(",
        "](",
        "(",
        ")",
        '"',
        "'",
        "a",
        "A",
        "_",
        ".",
        "@",
    ),
    *("/", "1", "«", "»", "„", "“", "”", "「", "」", "> ", "é", "日", "<!--", "<script", "-->", "&", ";", "#", ":"),
)
RUNS = ['a"', '"a', "a_", "_a", "a.", "a(", "/a", "](a", "x' ", "'a", '"a":', "__a", "aA", "<a ", "\n> ", "\u200c"]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_masks_keep_length_newlines_and_what_they_do_not_hide(text: str) -> None:
    for mask in (mask_code, mask_quotes):
        masked = mask(text)
        assert len(masked) == len(text)
        assert all(new in (old, " ") for old, new in zip(text, masked, strict=True))
        assert [i for i, c in enumerate(masked) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]


@pytest.mark.parametrize("piece", [*PIECES, *RUNS])
def test_hostile_text_is_masked_in_linear_time(piece: str) -> None:
    # Quadratic matching would take minutes on these, not the fraction of a second that the suite allows for.
    text = piece * (200_000 // len(piece))
    for function in (mask_code, mask_quotes, pasted_letters, words, scripts):
        function(text)


@pytest.mark.parametrize(
    "line",
    [
        "x = foo(a, b)", "total += price * 2;", "def add(first, second):", "    return first + second", "import os",
        "from x import y, z as w", "for i in range(10):", "let x = 5;", "function add(a, b) {", "if a == b:", "else:",
        "public static void main(String[] args) {", 'String s = "abc";', "while True:", "x: int = 3", "if (a > b) {",
        "class Foo(Bar):", "print('hello world')", "SELECT id FROM t WHERE a = 1;", "WHERE name LIKE 'a%';",
        "INSERT INTO t VALUES (1);", '#include <stdio.h>',
    ],
)  # fmt: skip
def test_a_line_of_code_in_no_fence_is_masked(line: str) -> None:
    assert mask_code(line) == " " * len(line)


@pytest.mark.parametrize(
    "line",
    [
        "a = 10, b = 30, এবং c = 20 হলে", "if you want it (really):", "from Berlin import goods to us", "WHERE is it?",
        "class struggle (of the poor)", "I like cats; you like dogs (or not);", "import duties are high",
        "select the best from the list", "for you in the future:", "let me explain it to you", "return the book to me",
        "public transport is good", "void where prohibited", "with (or without) you", "string theory is hard",
        "try it: you will like it", ],
)  # fmt: skip
def test_prose_that_begins_like_code_is_not(line: str) -> None:
    assert mask_code(line) == line


def test_a_tag_does_not_make_a_line_code() -> None:
    assert mask_code("if you want <b>bold</b> text, say so").split() == [
        "if",
        "you",
        "want",
        "bold",
        "text,",
        "say",
        "so",
    ]


def test_glosses_are_masked_and_their_length_stays() -> None:
    text = "Nachhaltigkeit (sustainability) und （持続可能性） [sic] (offen"
    masked = mask_glosses(text)
    assert len(masked) == len(text)
    assert masked.split() == ["Nachhaltigkeit", "und", "(offen"]


def test_stretches_of_foreign_letters() -> None:
    text = "これは very good です、OK"
    assert [text[a:b] for a, b in stretches(text, {"Latin"})] == ["very good", "OK"]
    assert stretches("", {"Latin"}) == []


def test_the_spans_of_words_are_cut_at_apostrophes() -> None:
    text = "l'été, don’t"
    assert [text[a:b] for a, b in word_spans(text)] == ["l", "été", "don", "t"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("  \n ", 0), ("One.", 1), ("One. Two! Three?", 3), ("Dr. Hall has 3.5 cups. Why?", 2), ("No end", 1),
        ("1. Boil water.\n2. Add tea.", 2), ("“Why?” she asked.", 1), ("お茶です。熱い！「本当？」と言った。", 3),
        ("चाय गर्म है। दूध ठंडा है।", 2), ("ما هذا؟ هذا شاي.", 2), ("Well ... no.", 1),
    ],
)  # fmt: skip
def test_sentences_end_at_the_marks_of_their_script(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "words_counted", "characters"),
    [
        ("", 0, 0),
        ("I don't", 2, 7),
        ("l'eau, 3.5", 3, 10),
        ("e\u0301te\u0301", 1, 3),
        ("किताब है", 2, 5),
    ],
)
def test_words_and_characters_as_a_person_counts_them(text: str, words_counted: int, characters: int) -> None:
    assert (count_words(text), count_characters(text)) == (words_counted, characters)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Τι είναι; Τσάι.", 2), ("Tea; milk.", 1), ("３．５杯です．はい．", 2), ("है।दूध", 2), ("«Да!» Нет.", 2),
        ("ሻይ ነው። እሺ።", 2),
        ("Was?\nnichts.", 2), ("ខ្ញុំ។ គេ។", 2), ("“Why?”\nshe asked.", 2), ("etc.\nand", 2),
    ],
)  # fmt: skip
def test_marks_of_other_scripts(text: str, count: int) -> None:
    assert len(sentences(text)) == count


SPOKEN = st.lists(
    st.sampled_from(["a", "Tea", ".", "?", "!", "。", "…", " ", "\n", '"', "」", "Dr", "3", "e.g", ";", "α", "#"])
).map("".join)


@given(SPOKEN)
def test_sentences_are_counted_as_they_are_cut(text: str) -> None:
    assert count_sentences(text).total == len(sentences(text))


@given(st.lists(SPOKEN, max_size=6))
def test_counts_of_lines_add_up(parts: list[str]) -> None:
    lines_of = [f"{part}\n" for part in parts]
    whole = "".join(lines_of)
    for count in (count_sentences, count_cases):
        total = count("")
        for line in lines_of:
            total = total + count(line)
        assert total == count(whole)


@given(st.text() | SPOKEN)
def test_characters_and_cases_are_counted_one_by_one(text: str) -> None:
    assert count_characters(text) == sum(unicodedata.category(char) not in {"Mn", "Mc", "Me", "Cf"} for char in text)
    assert count_cases(text) == (
        sum(map(is_small, text)),
        sum(is_capital(char) and not is_small(char) for char in text),
        sum(char.isalpha() and not is_small(char) and not is_capital(char) for char in text),
    )


def test_characters_that_need_no_look_are_no_marks() -> None:
    every = "".join(map(chr, range(0x10000)))
    assert count_characters(every) == sum(unicodedata.category(char) not in {"Mn", "Mc", "Me", "Cf"} for char in every)


COUNTABLE = ["don't", "l'eau", "3.5", "1,000", "a_b", "_", "a-b", ". ", ", ", " ", "\n", "é"]


@given(st.text() | st.lists(st.sampled_from(COUNTABLE)).map("".join))
def test_words_are_counted_as_the_pattern_finds_them(text: str) -> None:
    assert count_words(text) == len(COUNTED.findall(text)) + len(re.findall(ELIDED, text))


def test_composing_is_linear_and_changes_nothing_else() -> None:
    assert composed("e\u0301" * 1000) == "é" * 1000
    assert len(composed("\u0301\u0327" * 100_000)) == 200_000
