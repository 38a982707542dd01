"""The rules over whole prompts: what is asked for, and what only looks like it. One line a case; English shows the
rule, other languages that it is none of English alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diagnostics.reading.reader import Demands

Read = Callable[..., Demands]

ASKED = [
    # numbers and how they are meant
    ("Write at least 300 words.", [("words", {"num_words": 300, "relation": "at least"})]),
    ("Keep it to 50 words or less.", [("words", {"num_words": 50, "relation": "at most"})]),
    ("Answer with more than 800 words.", [("words", {"num_words": 801, "relation": "at least"})]),
    ("Write a 200 word essay on rain.", [("words", {"num_words": 200, "relation": "about"})]),
    (
        "Answer in 600 to 700 words.",
        [("words", {"num_words": 600, "relation": "at least"}), ("words", {"num_words": 700, "relation": "at most"})],
    ),
    ("Give me a 300+ word story.", [("words", {"num_words": 300, "relation": "at least"})]),
    (
        "Use at least 60 sentences, but less than 600 words.",
        [
            ("sentences", {"num_sentences": 60, "relation": "at least"}),
            ("words", {"num_words": 600, "relation": "less than"}),
        ],
    ),
    (
        "The number of sentences should be in the range of 40 to 60.",
        [
            ("sentences", {"num_sentences": 40, "relation": "at least"}),
            ("sentences", {"num_sentences": 60, "relation": "at most"}),
        ],
    ),
    ("Answer in exactly 3 sentences.", [("sentences", {"num_sentences": 3, "relation": "exactly"})]),
    ("Schreibe mindestens 300 Wörter.", [("words", {"num_words": 300, "relation": "at least"})], "de"),
    ("Напиши не более пяти предложений.", [("sentences", {"num_sentences": 5, "relation": "at most"})], "ru"),
    ("300字以上で書いてください。", [("characters", {"num_characters": 300, "relation": "at least"})], "ja"),
    # paragraphs and their divider
    (
        "Write exactly 4 paragraphs. Separate them with the markdown divider: ***.",
        [("paragraphs", {"num_paragraphs": 4, "separator": "***"})],
    ),
    ("Write exactly 4 paragraphs.", [("paragraphs", {"num_paragraphs": 4, "separator": "blank"})]),
    ("Give two versions of the text, parted by ***.", [("paragraphs", {"num_paragraphs": 2, "separator": "***"})]),
    (
        "Write 3 paragraphs. The second paragraph must start with the word tea.",
        [
            ("paragraphs", {"num_paragraphs": 3, "separator": "blank"}),
            ("paragraph", {"nth_paragraph": 2, "first_word": "tea", "num_paragraphs": 3}),
        ],
    ),
    # keywords
    ('Include the keywords "tea" and "milk".', [("include", {"keywords": ("tea", "milk")})]),
    ("Include the keywords tea, milk and sugar.", [("include", {"keywords": ("tea", "milk", "sugar")})]),
    ("Do not use the words 'tea' or 'milk'.", [("exclude", {"forbidden_words": ("tea", "milk")})]),
    ("Avoid the following keywords: tea, milk", [("exclude", {"forbidden_words": ("tea", "milk")})]),
    ('The word "tea" should not appear in your reply.', [("exclude", {"forbidden_words": ("tea",)})]),
    ("Use the word tea at least 3 times.", [("keyword", {"keyword": "tea", "frequency": 3, "relation": "at least"})]),
    (
        "Use the word war at least 8 times, and the word peace at least 10 times.",
        [
            ("keyword", {"keyword": "war", "frequency": 8, "relation": "at least"}),
            ("keyword", {"keyword": "peace", "frequency": 10, "relation": "at least"}),
        ],
    ),
    (
        "The letter q should appear less than 4 times.",
        [("letters", {"letter": "q", "let_frequency": 4, "let_relation": "less than"})],
    ),
    (
        "Write it without using the letter e.",
        [("letters", {"letter": "e", "let_frequency": 1, "let_relation": "less than"})],
    ),
    # beginning and end
    ('Finish your reply with this exact phrase: "Is that all?"', [("ending", {"end_phrase": "Is that all?"})]),
    ("Write a poem. End it with:\n\nPeace!", [("ending", {"end_phrase": "Peace!"})]),
    ('Start your reply with "Dear Ann".', [("beginning", {"start_phrase": "Dear Ann"})]),
    ("Add a postscript starting with P.P.S at the end.", [("postscript", {"postscript_marker": "P.P.S"})]),
    # case
    ("Answer in all lowercase letters.", [("lowercase", {})]),
    ("No capital letters are allowed.", [("lowercase", {})]),
    ("Write in capital letters only.", [("uppercase", {})]),
    (
        "Use at least 5 words in all capital letters.",
        [("capitals", {"capital_frequency": 5, "capital_relation": "at least"})],
    ),
    ("Capitalize each word in your answer.", [("title_case", {})]),
    # marks
    ("Refrain from using any commas.", [("comma", {})]),
    ("Commas are not allowed.", [("comma", {})]),
    ("Wrap your entire response in double quotation marks.", [("quotes", {})]),
    ("Put the title in double angular brackets, i.e. <<title>>.", [("title", {})]),
    ("Use at least 12 placeholders in square brackets, such as [name].", [("placeholders", {"num_placeholders": 12})]),
    ("Highlight at least 3 sections with markdown, i.e. *like this*.", [("highlight", {"num_highlights": 3})]),
    (
        "Write 4 sections, each marked with SECTION X.",
        [("sections", {"section_spliter": "SECTION", "num_sections": 4})],
    ),
    ("Give two poems, separated by ******.", [("responses", {})]),
    ("Begin each point with the sign -->", [("marker", {"marker": "-->"})]),
    # formats
    ("Write an HTML page about tea.", [("html", {})]),
    ("List three primes as JSON.", [("json", {}), ("items", {"num_items": 3})]),
    ("Answer in XML, without backticks.", [("xml", {}), ("fence", {})]),
    ("Put the data in a table.", [("table", {})]),
    ("Answer with exactly 3 bullet points.", [("bullets", {"num_bullets": 3})]),
    # left to a judge
    ("Explain it in simple words.", [("style", {"style": "simple"})]),
    ("Write in a scientific style.", [("style", {"style": "scientific"})]),
    ("Answer briefly.", [("length_hint", {"length": "short"})]),
]

NOT_ASKED = [
    "What is a word?",
    "Explain the difference between HTML and JavaScript.",
    "Write an essay about the history of JSON.",
    "How many sentences are there in this book?",
    "Write a Python function that parses JSON.",
    "Who invented the comma?",
    "In other words, what is love?",
    "How fast is a bullet train?",
    "Why do they end the school year in June?",
    "Is the letter 'a' a vowel?",
    "If the user asks for JSON, say that you cannot.",
    "The capital of Australia is Canberra, is it not?",
]


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case[0][:50])
def test_asked(case: tuple[str, list[tuple[str, dict[str, object]]], str], read: Read) -> None:
    prompt, asked, *language = case
    found = [(each.name, each.arguments) for each in read(prompt, *language).modifiers]
    assert sorted(map(str, found)) == sorted(map(str, asked))


@pytest.mark.parametrize("prompt", NOT_ASKED)
def test_not_asked(prompt: str, read: Read) -> None:
    assert read(prompt).modifiers == ()
