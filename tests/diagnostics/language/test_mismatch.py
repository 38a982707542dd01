"""The reply as a whole: right, wrong, mixed, led in by English, made of code, cut short, cut into chunks."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.core import ExpectedLanguage, Instruction, LanguageFinding, Lines, Origin, Verdict
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LONGEST_REPLY, LanguageMismatch

SENTENCES: dict[str, str] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))

DE, EN, FR, JA, RU = (SENTENCES[tag] for tag in ("de", "en", "fr", "ja", "ru"))


def judge(
    identifier: Identifier,
    reply: str,
    wanted: str = "de",
    *,
    chunks: list[str] | None = None,
    complete: bool = True,
    origin: Origin = Origin.REQUESTED,
) -> LanguageFinding:
    observer = LanguageMismatch(identifier).observe(Instruction((), "en", ExpectedLanguage(wanted, origin)))
    assert observer is not None
    for chunk in chunks or [reply]:
        observer.feed(chunk)
    (finding,) = observer.close(complete=complete)
    assert isinstance(finding, LanguageFinding)
    return finding


def test_nothing_is_expected_nothing_is_checked(identifier: Identifier) -> None:
    assert LanguageMismatch(identifier).observe(Instruction(())) is None


@pytest.mark.parametrize("tag", SENTENCES)
def test_right(identifier: Identifier, tag: str) -> None:
    found = judge(identifier, SENTENCES[tag], tag)
    assert (found.verdict, found.score, found.detected, found.shares) == (Verdict.PASS, 2, tag, {tag: 1.0})
    assert found.lines == Lines(passed=1)


@pytest.mark.parametrize("tag", [tag for tag in SENTENCES if tag != "en"])
def test_wrong(identifier: Identifier, tag: str) -> None:
    found = judge(identifier, EN, tag)
    assert (found.verdict, found.score, found.detected, found.shares) == (Verdict.FAIL, 0, "en", {"en": 1.0})
    assert found.lines == Lines(failed=1)


@pytest.mark.parametrize(
    ("origin", "explanation"),
    [
        (Origin.DECLARED, "answered in English; German was declared"),
        (Origin.REQUESTED, "answered in English; German was asked for"),
        (Origin.INSTRUCTION, "answered in English; German is the language of the instruction"),
    ],
)
def test_the_explanation_says_why(identifier: Identifier, origin: Origin, explanation: str) -> None:
    assert judge(identifier, EN, origin=origin).explanation == explanation


def test_code_switching_is_a_pass_with_score_1(identifier: Identifier) -> None:
    found = judge(identifier, f"{DE}\n{DE}\n{EN}")
    assert (found.verdict, found.score, found.detected) == (Verdict.PASS, 1, "de")
    assert found.lines == Lines(passed=2, failed=1)
    assert found.explanation == f"answered in German, with {found.shares['en']:.0%} of the text in English"


def test_mostly_wrong_is_a_fail(identifier: Identifier) -> None:
    found = judge(identifier, f"{DE}\n{EN}\n{FR}\n{EN}")
    assert (found.verdict, found.score, found.detected) == (Verdict.FAIL, 0, "en")
    assert set(found.shares) == {"de", "en", "fr"}
    assert sum(found.shares.values()) == pytest.approx(1, abs=0.001)


LEAD_IN = "Certainly! Here is the short text in German that you asked me for:"


def test_an_english_lead_in_is_no_fail(identifier: Identifier) -> None:
    found = judge(identifier, f"{LEAD_IN}\n\nGestern war ein schöner Tag am See.")
    assert (found.verdict, found.score) == (Verdict.PASS, 1)


def test_a_lead_in_to_more_english_is_a_fail(identifier: Identifier) -> None:
    assert judge(identifier, f"{LEAD_IN}\n\n{EN}").verdict is Verdict.FAIL


def test_a_lead_in_alone_is_in_doubt_only_when_cut_short(identifier: Identifier) -> None:
    assert judge(identifier, LEAD_IN, complete=False).verdict is Verdict.ABSTAIN
    assert judge(identifier, LEAD_IN).verdict is Verdict.FAIL


def test_a_reply_cut_short_is_judged_on_what_there_is(identifier: Identifier) -> None:
    assert judge(identifier, EN[:60], complete=False).verdict is Verdict.FAIL
    assert judge(identifier, DE[:60], complete=False).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "\n\n",
        "42",
        "😀 🎉",
        "```python\nfor each in the_list: print('this is the first one')\n```",
        "```\nthe rest of this is all code and it was never closed",
        "<div class='the one'><br/></div>",
        "https://example.org/this/is/the/page",
        '{"first_name": 1, "last_name": 2}',
        "$$ x = y + the $$",
        "SELECT_ALL my_table.the_column",
    ],
)
@pytest.mark.parametrize("wanted", ["de", "ru", "ja", "en"])
def test_nothing_to_judge(identifier: Identifier, reply: str, wanted: str) -> None:
    found = judge(identifier, reply, wanted)
    assert (found.verdict, found.score, found.detected) == (Verdict.ABSTAIN, None, None)
    assert found.explanation


@pytest.mark.parametrize(
    "reply",
    [
        f"```python\nprint('this is the first one of them')\n```\n{DE}",
        f"<html><body class='the main one'><p>{DE}</p></body></html>",
        f'{{"the first key": "{DE}", "the second key": "{DE}"}}',
        f"# Überschrift\n\n- Brot\n- Milch\n- Eier\n\n{DE}",
        f"{DE} Der Film hieß „The Lord of the Rings: The Return of the King“ und war sehr lang.",
        f"{DE}\n\n(Quelle: https://www.example.org/the/english/words/in/a/link)",
        DE.upper(),
        f"{DE} (machine learning)",
        "1. Zwiebeln schneiden\n2. Butter erhitzen\n3. Alles gut umrühren\n4. Mit Salz würzen und servieren",
    ],
)
def test_what_is_no_prose_is_no_mismatch(identifier: Identifier, reply: str) -> None:
    found = judge(identifier, reply)
    assert (found.verdict, found.score) == (Verdict.PASS, 2)


def test_short_lines_are_judged_together(identifier: Identifier) -> None:
    found = judge(identifier, "- the bread\n- the milk\n- some eggs\n- a bag of flour\n- salt and pepper\n- the wine")
    assert (found.verdict, found.detected) == (Verdict.FAIL, "en")
    assert found.lines == Lines(failed=6)


def test_names_and_titles_are_in_doubt(identifier: Identifier) -> None:
    found = judge(identifier, "1. Angela Merkel\n2. Barack Obama\n3. Emmanuel Macron\n4. Tony Blair")
    assert found.verdict is Verdict.ABSTAIN
    assert found.explanation == "too little text that tells its language"


def test_a_language_that_cannot_be_told(identifier: Identifier) -> None:
    found = judge(identifier, EN, "mi")
    assert found.verdict is Verdict.ABSTAIN
    assert "Māori" in found.explanation or "Maori" in found.explanation


def test_no_text_of_the_reply_is_in_the_explanation(identifier: Identifier) -> None:
    found = judge(identifier, f"{EN} Zanzibar4711")
    assert "Zanzibar" not in found.explanation
    assert "market" not in found.explanation


def test_only_the_beginning_of_an_endless_reply_is_judged(identifier: Identifier) -> None:
    found = judge(identifier, (DE + "\n") * (LONGEST_REPLY // len(DE) + 1) + EN * 2_000)
    assert (found.verdict, found.shares) == (Verdict.PASS, {"de": 1.0})
    assert found.explanation.endswith("; only the beginning of the reply was judged")


def test_a_long_line_is_judged_in_pieces(identifier: Identifier) -> None:
    found = judge(identifier, " ".join([DE] * 30 + [EN] * 8))
    assert (found.verdict, found.score) == (Verdict.PASS, 1)
    assert found.lines == Lines(passed=1)
    assert 0.1 < found.shares["en"] < 0.3


REPLY = (
    f"{LEAD_IN}\r\n\r\n```python\nthe = 'code'\n```\n{DE}\n- eins\n- zwei und drei\n{EN}\n«{FR}»\n"
    f"{DE} {DE} {DE} {DE} {DE} {DE} {DE}\n{JA}\n{RU}\n<p>{DE}</p>\n> {EN}\n| a | b |\nEnde gut, alles gut"
)


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(0, len(REPLY)), max_size=40))
def test_any_way_of_cutting_the_reply_gives_the_same_finding(identifier: Identifier, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(REPLY)]
    chunks = [REPLY[a:b] for a, b in pairwise(edges)]
    assert judge(identifier, REPLY, chunks=chunks) == judge(identifier, REPLY)


def test_character_by_character_gives_the_same_finding(identifier: Identifier) -> None:
    reply = REPLY + (DE + "\n") * (LONGEST_REPLY // len(DE))
    assert judge(identifier, reply, chunks=list(reply)) == judge(identifier, reply)


@pytest.mark.parametrize("piece", ["a", "a ", "\n", "a\n", "`", "$$", '"', "日", "<a", "ab cd. ", "the und "])
def test_hostile_replies_are_judged(identifier: Identifier, piece: str) -> None:
    judge(identifier, piece * (200_000 // len(piece)))
