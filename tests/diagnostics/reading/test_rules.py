"""The rules over whole prompts: what is asked for, and what only looks like it. One line a case; English shows the
rule, other languages that it is none of English alone."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from diagnostics.language.tags import base_language
from diagnostics.reading.lexicon import SHARED, Concept, Demand
from diagnostics.reading.marks import marks
from diagnostics.reading.reader import Demands, Reader
from diagnostics.reading.rules import RULES

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
    # a number that is said twice, or is none
    ("Write at least three (3) sentences.", [("sentences", {"num_sentences": 3, "relation": "at least"})]),
    ("Praise the Roomba 3A in at least 40 words.", [("words", {"num_words": 40, "relation": "at least"})]),
    (
        "It is 30 °C. Highlight at least 2 sections with markdown, i.e. *this*.",
        [("highlight", {"num_highlights": 2})],
    ),
    ("Have at least 3 italic sections, e.g. *italic text 1*.", [("highlight", {"num_highlights": 3})]),
    (
        "Answer in less than 3 sentences (1 or 2 words).",
        [
            ("sentences", {"num_sentences": 3, "relation": "less than"}),
            ("words", {"num_words": 1, "relation": "at least"}),
            ("words", {"num_words": 2, "relation": "at most"}),
        ],
    ),
    ("Jawab dalam 10 perkataan sahaja.", [("words", {"num_words": 10, "relation": "at most"})], "ms"),
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
    (
        'Rewrite this in 3 paragraphs: "I like tea." Paragraph 1 must start with the word green.',
        [
            ("paragraphs", {"num_paragraphs": 3, "separator": "blank"}),
            ("paragraph", {"nth_paragraph": 1, "first_word": "green", "num_paragraphs": 3}),
        ],
    ),
    (
        "Only the first 4 steps, and separate them with ***.",
        [("paragraphs", {"num_paragraphs": 4, "separator": "***"})],
    ),
    (
        "Explique les 4 premières étapes. Sépare-les par ***.",
        [("paragraphs", {"num_paragraphs": 4, "separator": "***"})],
        "fr",
    ),
    (
        "Andika hivi:\nSehemu ya 1: chai\n***\nSehemu ya 2: maziwa\n***\nSehemu ya 3: sukari",
        [("paragraphs", {"num_paragraphs": 3, "separator": "***"})],
        "sw",
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
    (
        "The letter n should appear no more than six.",
        [("letters", {"letter": "n", "let_frequency": 6, "let_relation": "at most"})],
    ),
    (
        "Use 6 exclamation marks '!' or more.",
        [("letters", {"letter": "!", "let_frequency": 6, "let_relation": "at least"})],
    ),
    (
        "Nepoužívejte písmeno i více než třikrát.",
        [("letters", {"letter": "i", "let_frequency": 3, "let_relation": "at most"})],
        "cs",
    ),
    (
        "回答に 文字 茶 を 3 回以上使ってください。",
        [("letters", {"letter": "茶", "let_frequency": 3, "let_relation": "at least"})],
        "ja",
    ),
    (
        "문자 가는 최소 3번 나와야 합니다.",
        [("letters", {"letter": "가", "let_frequency": 3, "let_relation": "at least"})],
        "ko",
    ),
    (
        "n이 최대 7번 나와야 합니다.",
        [("letters", {"letter": "n", "let_frequency": 7, "let_relation": "at most"})],
        "ko",
    ),
    (
        "Mention the name Ann only once.",
        [("keyword", {"keyword": "Ann", "frequency": 1, "relation": "exactly"})],
    ),
    ("Mention the name of the firm at least five times.", []),
    # names of several words, and lists of them
    (
        "Dùng từ trà xanh ít nhất 3 lần.",
        [("keyword", {"keyword": "trà xanh", "frequency": 3, "relation": "at least"})],
        "vi",
    ),
    (
        "Bao gồm các từ khóa trà xanh và sữa tươi trong bài viết.",
        [("include", {"keywords": ("trà xanh", "sữa tươi")})],
        "vi",
    ),
    (
        "Cevabınızda yeşil çay kelimesi en az 3 kez geçmelidir.",
        [("keyword", {"keyword": "yeşil çay", "frequency": 3, "relation": "at least"})],
        "tr",
    ),
    (
        "لفظ چائے کم از کم 3 بار استعمال کریں۔",
        [("keyword", {"keyword": "چائے", "frequency": 3, "relation": "at least"})],
        "ur",
    ),
    (
        "ใส่คำว่ามะม่วงอย่างน้อย 3 ครั้ง",
        [("keyword", {"keyword": "มะม่วง", "frequency": 3, "relation": "at least"})],
        "th",
    ),
    ("อย่าใส่คำว่าแมว หมา หรือนกในคำตอบ", [("exclude", {"forbidden_words": ("แมว", "หมา", "นก")})], "th"),
    ("답변에 녹차와 우유라는 단어를 포함하세요.", [("include", {"keywords": ("녹차", "우유")})], "ko"),
    ("回答に紅茶と牛乳という言葉を含めてください。", [("include", {"keywords": ("紅茶", "牛乳")})], "ja"),
    ("请包含关键词tea和milk。", [("include", {"keywords": ("tea", "milk")})], "zh"),
    ("Használd a tea és a kávé szavakat.", [("include", {"keywords": ("tea", "kávé")})], "hu"),
    (
        "لا تستخدم الكلمات التالية: شاي، وردة، حليب، وسكر.",
        [("exclude", {"forbidden_words": ("شاي", "وردة", "حليب", "سكر")})],
        "ar",
    ),
    ("Ne használja a tea, kávé vagy tej szavakat.", [("exclude", {"forbidden_words": ("tea", "kávé", "tej")})], "hu"),
    ("답변에 키워드 녹차와 우유를 포함하세요.", [("include", {"keywords": ("녹차", "우유")})], "ko"),
    ("Yazıda çay kelimesini kullanın ve kahveden kaçının.", [("include", {"keywords": ("çay",)})], "tr"),
    (
        "Gebruik de woorden thee en melk niet in het antwoord.",
        [("exclude", {"forbidden_words": ("thee", "melk")})],
        "nl",
    ),
    ("Use these keywords: black tea, milk, green tea", [("include", {"keywords": ("black tea", "milk", "green tea")})]),
    ("Use the words: tea (a drink), milk and sugar.", [("include", {"keywords": ("tea", "milk", "sugar")})]),
    ("Use the words 'tea' (a drink) and 'milk'.", [("include", {"keywords": ("tea", "milk")})]),
    ('Do not use the words "tea", "milk", " salt".', [("exclude", {"forbidden_words": ("tea", "milk", "salt")})]),
    # beginning and end
    ('Finish your reply with this exact phrase: "Is that all?"', [("ending", {"end_phrase": "Is that all?"})]),
    ('Praise tea. End with "Is that all?"', [("ending", {"end_phrase": "Is that all?"})]),
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
    (
        "Use some words in capital letters, but fewer than 5 words.",
        [
            ("capitals", {"capital_frequency": 1, "capital_relation": "at least"}),
            ("capitals", {"capital_frequency": 5, "capital_relation": "less than"}),
        ],
    ),
    ("Capitalize each word in your answer.", [("title_case", {})]),
    # marks
    ("Refrain from using any commas.", [("comma", {})]),
    ("Commas are not allowed.", [("comma", {})]),
    ("Wrap your entire response in double quotation marks.", [("quotes", {})]),
    ("Put the title in double angular brackets, i.e. <<title>>.", [("title", {})]),
    ("Use at least 12 placeholders in square brackets, such as [name].", [("placeholders", {"num_placeholders": 12})]),
    ("Use at least 4 items in square brackets, such as [name].", [("placeholders", {"num_placeholders": 4})]),
    (
        "Ajoutez un titre entre doubles dièses, tel que ##mon thé##.",
        [("title", {"opening": "##", "closing": "##"})],
        "fr",
    ),
    ("Highlight at least 3 sections with markdown, i.e. *like this*.", [("highlight", {"num_highlights": 3})]),
    (
        "Write 4 sections, each marked with SECTION X.",
        [("sections", {"section_spliter": "SECTION", "num_sections": 4})],
    ),
    (
        "Írj 4 részt, mindegyiket X FEJEZET jelölje.",
        [("sections", {"section_spliter": "FEJEZET", "num_sections": 4})],
        "hu",
    ),
    (
        "Mark the two advertisements, each with Customer 1 and Customer 2.",
        [("sections", {"section_spliter": "Customer", "num_sections": 2})],
    ),
    ("Give two poems, separated by ******.", [("responses", {})]),
    ("Begin each point with the sign -->", [("marker", {"marker": "-->"})]),
    # formats
    ("Write an HTML page about tea.", [("html", {})]),
    ("List three primes as JSON.", [("json", {}), ("items", {"num_items": 3})]),
    ("Answer in XML, without backticks.", [("xml", {}), ("fence", {})]),
    ("Put the data in a table.", [("table", {})]),
    ("Answer with exactly 3 bullet points.", [("bullets", {"num_bullets": 3})]),
    ("List exactly 10 cities. Put them in bullet points.", [("bullets", {"num_bullets": 10})]),
    (
        "Write in exactly 3 paragraphs. Use bullet points.",
        [("paragraphs", {"num_paragraphs": 3, "separator": "blank"}), ("bullets", {})],
    ),
    # left to a judge
    ("Explain it in simple words.", [("style", {"style": "simple"})]),
    ("Write in a scientific style.", [("style", {"style": "scientific"})]),
    ("Answer briefly.", [("length_hint", {"length": "short"})]),
    ("Explain briefly how tides work.", [("length_hint", {"length": "short"})]),
    (
        "Write a short and friendly letter to Ann.",
        [("length_hint", {"length": "short"}), ("tone", {"tone": "friendly"})],
    ),
    ("Write a professional reply to Ann.", [("tone", {"tone": "professional"})]),
    ("Write a summary for children.", [("audience", {"audience": "children"})]),
    ("What is rain? Keep it short.", [("length_hint", {"length": "short"})]),
    ("Escribe un texto detallado sobre el mar.", [("length_hint", {"length": "long"})], "es"),
    ("潮の満ち引きを簡潔に説明してください。", [("length_hint", {"length": "short"})], "ja"),
    # questions that hold a demand all the same
    ("How do whales sleep, in at most 50 words?", [("words", {"num_words": 50, "relation": "at most"})]),
    ("Why is the sky blue? Write in capital letters only.", [("uppercase", {})]),
    ("Explain how tides work in all caps.", [("uppercase", {})]),
]

PLAIN: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("plain_prompts.toml").read_text("utf-8"))
"""What people ask without a word on how to answer, by language."""

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
    'Which of these letters ends with "Yours, Ann"?',
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


@pytest.mark.parametrize(
    ("language", "prompt"), [(language, prompt) for language, prompts in PLAIN.items() for prompt in prompts]
)
def test_plain_prompts_ask_for_nothing(language: str, prompt: str, read: Read) -> None:
    demands = read(prompt, language)
    assert demands.modifiers == ()
    assert demands.language is None or base_language(demands.language.tag) == language


def test_plain_prompts_are_in_every_language(reader: Reader) -> None:
    assert PLAIN.keys() == set(reader.languages)


def test_every_concept_of_the_table_is_one_that_a_prompt_can_hold():
    signs = {token.concept for token in marks("3. a, b: *** ##h## <<c>> [d] ``` --> p.s.")}
    kinds = {"style", "audience", "whole_demand", "unit", "number", "article", "ordinal", "quote"}
    there = {*get_args(Demand), *get_args(Concept), *SHARED, *signs, *kinds}
    for entry in RULES:
        assert there.issuperset(entry.concepts), entry.modifier
        assert all(group and there.issuperset(group) for group in entry.needs), entry.modifier
