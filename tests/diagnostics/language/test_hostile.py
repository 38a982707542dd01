"""Replies made to break or to stall: always a finding, the same however they are cut, and no more work than text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.core import (
    ExpectedLanguage,
    Finding,
    Instruction,
    LanguageFinding,
    LeadInFinding,
    Message,
    Origin,
    RequestedModifier,
    Verdict,
)
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LONGEST_REPLY, UNIT, LanguageMismatch
from diagnostics.language.tally import POOL
from diagnostics.language.weighing import Passage
from diagnostics.runner import Declared, Diagnostics
from diagnostics.standard import standard

MB = 1_000_000

PIECES = {
    "lone surrogates": "ab\ud800 \udc00",
    "NULs": "the\0dog\0",
    "right-to-left marks": "\u202eabc\u202c\u200f אב ",
    "a base and 100,000 marks": "a" + "\u0301" * 100_000,
    "a vowel sign without end": "क" + "ि" * 100_000,
    "a mark on every letter": "a\u0301\u0323",
    "joiners": "क\u200d",
    "emoji": "😀",
    "joined emoji": "👩\u200d👩\u200d👧",
    "Latin without a space": "abcdefgh",
    "Han without a space": "日本国人",
    "Arabic without a space": "السلام",
    "Latin and Cyrillic by turns": "aб",
    "Latin, Han and Cyrillic by turns": "a日б ",
    "letters that grow in lower case": "İẞǅ ",
    "<": "<",
    "<a": "<a",
    "<!--": "<!--",
    "`": "`",
    "```": "```\n",
    "(": "(",
    "()": "()",
    "$": "$",
    "$a": "$a",
    '"': '"',
    'opening "': ' "a',
    "'": " 'a",
    "«": "«",
    "[[[[": "[[[[",
    "[a](": "[a](",
    "a_": "a_",
    "aB": "aB",
    "a.": "a.",
    "a(": "a(",
    "://": "://",
    "ab://": "ab://",
    "www.": "www.",
    "@": "a@",
    "/": "a/",
    "\\": "\\",
    "\\begin{": "\\begin{",
    "&": "&am",
    "~": "~",
    "tilde fences": "~~~\nthe dog\n~~~ and the ",
    "addresses": "see http://a.b and www.c.d or ",
    "mixed brackets": "([{<«",
    "JSON": '{"a":',
    "JSON arrays": "[",
    "empty lines": "\n",
    "carriage returns": "\r",
    "block quotes": "\n> a",
    "openings": "Here is the answer: \n",
    "English and German by turns": "and then we went und dann gingen wir ",
    "names": "Anna Meier ",
}
EXPECTED = ("de", "ru", "ja", "zh-Hant", "sr-Latn", "mi")


@pytest.fixture(scope="module")
def diagnostics(identifier: Identifier) -> Diagnostics:
    """All checks of the product."""
    return standard(identifier)


def repeated(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def judge(identifier: Identifier, chunks: Iterable[str], tag: str = "de", *, complete: bool = True) -> list[Finding]:
    instruction = Instruction((), "en", ExpectedLanguage(tag, Origin.REQUESTED))
    observer = LanguageMismatch(identifier).observe(instruction)
    assert observer is not None
    for chunk in chunks:
        observer.feed(chunk)
    return list(observer.close(complete=complete))


def check(found: Sequence[Finding], reply: str) -> None:
    """What is true of the findings on any reply."""
    language, *lead_ins = found
    assert isinstance(language, LanguageFinding)
    assert language.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.ABSTAIN)
    assert language.explanation
    assert (language.score is None) is (language.verdict is Verdict.ABSTAIN)
    assert language.score in {Verdict.PASS: (1, 2), Verdict.FAIL: (0,), Verdict.ABSTAIN: (None,)}[language.verdict]
    assert not language.shares or sum(language.shares.values()) == pytest.approx(1, abs=0.005)
    assert language.shares or language.verdict is Verdict.ABSTAIN
    for each in [*language.foreign_words, *lead_ins]:
        start, end = each.span
        assert 0 <= start < end <= len(reply)
        assert reply[start:end].strip()
    assert all(run.words >= 1 for run in language.foreign_words)
    assert [isinstance(each, LeadInFinding) for each in lead_ins] in ([], [True])
    soft, hard = language.soft_mismatch, language.hard_mismatch
    assert soft is None or 0 < soft <= len(reply)
    assert hard is None or (soft is not None and soft <= hard <= len(reply))


@pytest.mark.parametrize("kind", PIECES)
def test_a_megabyte_is_judged(identifier: Identifier, kind: str) -> None:
    reply = repeated(PIECES[kind], MB)
    check(judge(identifier, [reply]), reply)


def test_ten_megabytes_of_emoji_are_judged(identifier: Identifier) -> None:
    reply = "😀" * (10 * MB // 4)
    check(judge(identifier, [reply]), reply)


@pytest.mark.parametrize("kind", PIECES)
def test_a_long_reply_in_small_pieces_is_judged_the_same(identifier: Identifier, kind: str) -> None:
    reply = repeated(PIECES[kind], 100_000)
    assert judge(identifier, pieces(reply, 5)) == judge(identifier, [reply])


@pytest.mark.parametrize("kind", PIECES)
@pytest.mark.parametrize("tag", EXPECTED)
def test_a_reply_character_by_character_is_judged_the_same(identifier: Identifier, kind: str, tag: str) -> None:
    reply = repeated(PIECES[kind], 10_000 if tag == "de" else 1_500)
    whole = judge(identifier, [reply], tag)
    check(whole, reply)
    assert judge(identifier, reply, tag) == whole


def test_brackets_and_json_nested_100_000_deep(identifier: Identifier) -> None:
    for opening, closing in [('{"a":', "}"), ("[", "]"), ("(", ")"), ("<b>", "</b>"), ("{[(", ")]}")]:
        reply = opening * 100_000 + "Das ist ein Satz." + closing * 100_000
        check(judge(identifier, [reply]), reply)
        assert judge(identifier, pieces(reply, 997)) == judge(identifier, [reply])


@pytest.mark.parametrize("kind", PIECES)
def test_no_check_of_the_product_breaks(diagnostics: Diagnostics, kind: str) -> None:
    reply = repeated(PIECES[kind], 100_000)
    asked = Declared("de", tuple(map(RequestedModifier, ("html", "json", "bullets"))))
    instruction = diagnostics.read((Message("user", reply),), asked)
    diagnosis = diagnostics.diagnose("1", instruction, reply)
    verdicts = {each.name: each.verdict for each in (*diagnosis.modifiers, *diagnosis.surface)}
    assert diagnosis.language is not None
    assert diagnosis.language.verdict is not Verdict.ERROR
    assert set(verdicts) >= {"html", "json", "bullets"}
    assert Verdict.ERROR not in verdicts.values()


# --- work, counted: the clock would not say the same twice ---


class Counting(Identifier):
    """Notes how many characters it is asked about at a time."""

    def __init__(self, loaded: Identifier) -> None:
        self.engines = loaded.engines
        self.asked: list[int] = []

    def passage(self, text: str, letters: Mapping[str, float] | None = None) -> Passage:
        self.asked.append(len(text))
        return super().passage(text, letters)


def work(identifier: Identifier, reply: str, size: int) -> list[int]:
    counting = Counting(identifier)
    judge(counting, pieces(reply, size))
    return counting.asked


MOST_PASSES = 4
"""How often a character is looked at: in its line, with other short lines, and where the line may be a mixture."""


@pytest.mark.parametrize("kind", PIECES)
def test_every_character_is_looked_at_a_few_times_in_pieces_of_bounded_size(identifier: Identifier, kind: str) -> None:
    reply = repeated(PIECES[kind], LONGEST_REPLY)
    asked = work(identifier, reply, 4096)
    assert sum(asked) <= MOST_PASSES * len(reply)
    # Short lines are judged together once they have enough letters, however little else of them is masked.
    assert max(asked, default=0) <= POOL * (UNIT + 1)
    # Eight times the text is no more than nine times the work: it does not grow faster than the text.
    eighth = work(identifier, reply[: LONGEST_REPLY // 8], 4096)
    assert sum(asked) <= 9 * sum(eighth) + POOL * UNIT


@pytest.mark.parametrize("kind", ["Latin without a space", "names", "empty lines", "Latin and Cyrillic by turns"])
def test_small_pieces_are_no_more_work_than_large_ones(identifier: Identifier, kind: str) -> None:
    reply = repeated(PIECES[kind], 20_000)
    assert work(identifier, reply, 5) == work(identifier, reply, len(reply))


def test_what_follows_the_longest_reply_is_no_work(identifier: Identifier) -> None:
    reply = repeated(PIECES["names"], MB)
    assert work(identifier, reply, 4096) == work(identifier, reply[:LONGEST_REPLY], 4096)


# --- anything at all ---

WORDS = (
    "the ", "and we went to the lake ", "und ", "wir gingen an den See ", "Gestern war ein schöner Tag am See. ",
    "Then we had dinner in the garden. ", "Here is the text in German:", "日本語です。", "это русский текст ", "مرحبا ",
    ":", " ", "\n", "\r\n", "\t", "://", "http://a.b/c ", "www.", "`", "``", "```", "~~~", "~", "```json\n", "$", "$$",
    "\\(", "\\)", "<", "<b>", "</b>", "<!--", "-->", "{", "}", "[", "]", "(", ")", '"', "'", "«", "»", "„", "“", ",",
    ".", "!", "@", "&amp;", "\\", "a_b", "aB", "a.b", "1", "- ", "> ", "|", "\u200d", "\u0301", "\u202e", "\0",
    "\ud800", "😀", "I've ", "Anna Meier ", "…", "\u2028",
)  # fmt: skip
ANYTHING = st.text(st.characters(), max_size=60)
REPLIES = st.lists(st.one_of(st.sampled_from(WORDS), ANYTHING), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    reply=REPLIES,
    tag=st.sampled_from(EXPECTED),
    complete=st.booleans(),
    cuts=st.lists(st.floats(0, 1), max_size=20),
)
def test_any_text_and_any_cut(identifier: Identifier, reply: str, tag: str, complete: bool, cuts: list[float]) -> None:
    whole = judge(identifier, [reply], tag, complete=complete)
    check(whole, reply)
    edges = [0, *sorted(int(cut * len(reply)) for cut in cuts), len(reply)]
    assert judge(identifier, [reply[a:b] for a, b in pairwise(edges)], tag, complete=complete) == whole
    assert judge(identifier, reply, tag, complete=complete) == whole
