"""The reply as a whole: right, wrong, mixed, led in by English, made of code, cut short, cut into chunks."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.core import (
    Alarm,
    ExpectedLanguage,
    Finding,
    ForeignRun,
    Instruction,
    LanguageFinding,
    LeadInFinding,
    Lines,
    Origin,
    Verdict,
)
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LONGEST_REPLY, LanguageMismatch

SENTENCES: dict[str, str] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))

DE, EN, FR, JA, RU = (SENTENCES[tag] for tag in ("de", "en", "fr", "ja", "ru"))


def findings(
    identifier: Identifier,
    reply: str,
    wanted: str = "de",
    *,
    chunks: list[str] | None = None,
    complete: bool = True,
    origin: Origin = Origin.REQUESTED,
) -> tuple[LanguageFinding, Finding | None]:
    """What is said of the language, and of a lead-in where there is one."""
    observer = LanguageMismatch(identifier).observe(Instruction((), "en", ExpectedLanguage(wanted, origin)))
    assert observer is not None
    for chunk in chunks or [reply]:
        observer.feed(chunk)
    language, *others = observer.close(complete=complete)
    assert isinstance(language, LanguageFinding)
    assert len(others) <= 1
    return language, others[0] if others else None


def judge(identifier: Identifier, reply: str, wanted: str = "de", **options: Any) -> LanguageFinding:
    return findings(identifier, reply, wanted, **options)[0]


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
    found = judge(identifier, f"{DE}\n{EN}\n{FR}\n{EN}\n{EN}")
    assert (found.verdict, found.score, found.detected) == (Verdict.FAIL, 0, "en")
    assert set(found.shares) == {"de", "en", "fr"}
    assert sum(found.shares.values()) == pytest.approx(1, abs=0.001)


def test_as_much_of_one_language_as_of_another_is_in_doubt(identifier: Identifier) -> None:
    found = judge(identifier, f"{DE}\n{EN}\n{EN[:90]}")
    assert (found.verdict, found.score, found.detected) == (Verdict.ABSTAIN, None, None)
    assert found.shares["en"] > 0.5
    assert found.explanation == f"a mixture: {found.shares['en']:.0%} English, {found.shares['de']:.0%} German"


def test_the_instructions_language_in_its_other_script_is_code_switching(identifier: Identifier) -> None:
    traditional = "昨天我妹妹去市場買了新鮮的麵包。晚上我們一起煮了湯。"
    asked = judge(identifier, traditional, "zh-Hans")
    assert (asked.verdict, asked.detected, asked.score) == (Verdict.FAIL, "zh-Hant", 0)
    assert asked.explanation == "answered in Traditional Chinese; Simplified Chinese was asked for"
    spoken = judge(identifier, traditional, "zh-Hans", origin=Origin.INSTRUCTION)
    assert (spoken.verdict, spoken.score, spoken.shares) == (Verdict.PASS, 1, {"zh-Hant": 1.0})


LEAD_IN = "Certainly! Here is the short text in German that you asked me for:"


def test_an_english_lead_in_is_a_finding_of_its_own_and_no_fail(identifier: Identifier) -> None:
    found, lead_in = findings(identifier, f"\n{LEAD_IN}\n\nGestern war ein schöner Tag am See.")
    assert (found.verdict, found.score) == (Verdict.PASS, 2)
    assert found.shares["en"] > 0.3
    assert found.lines == Lines(passed=1, failed=1)
    assert isinstance(lead_in, LeadInFinding)
    assert (lead_in.name, lead_in.verdict, lead_in.language) == ("lead_in", Verdict.FAIL, "en")
    assert lead_in.span == (1, 1 + len(LEAD_IN))
    assert lead_in.explanation == "the answer in German is announced in English"


@pytest.mark.parametrize(
    "lead_in", ["Sure, I would be happy to explain that in German!", "Here is the story that you asked for."]
)
def test_a_lead_in_needs_no_colon_where_the_answer_is_longer(identifier: Identifier, lead_in: str) -> None:
    found, announced = findings(identifier, f"{lead_in}\n\n{DE}\n{DE}")
    assert (found.verdict, found.score) == (Verdict.PASS, 2)
    assert isinstance(announced, LeadInFinding)


@pytest.mark.parametrize(
    "first", ["Machine learning for the people", "1. The things that you need for the soup are:", f"{EN} {EN} {EN}:"]
)
def test_a_heading_an_item_and_a_paragraph_announce_nothing(identifier: Identifier, first: str) -> None:
    found, lead_in = findings(identifier, f"{first}\n\n{DE}\n{DE}\n{DE}\n{DE}\n{DE}\n{DE}")
    assert found.verdict is Verdict.PASS
    assert lead_in is None


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


@pytest.mark.parametrize("wanted", ["de", "es", "fi", "sw", "ru", "ja", "ar"])
@pytest.mark.parametrize(
    "names",
    [
        "1. Angela Merkel\n2. Barack Obama\n3. Emmanuel Macron\n4. Tony Blair\n5. Nelson Mandela",
        "- London\n- New York\n- Paris\n- Chicago\n- Boston\n- Sydney\n- Melbourne\n- Toronto\n- Washington",
        "* The Matrix\n* Inception\n* Titanic\n* Avatar\n* Gladiator\n* Casablanca\n* Jaws\n* Rocky\n* Alien",
        "Microsoft\nApple\nGoogle\nAmazon\nFacebook\nNetflix\nTesla\nIntel\nOracle\nAdobe",
        "Smith\nJohnson\nWilliams\nBrown\nJones\nMiller\nDavis\nWilson\nAnderson",
        "Harry Potter\nGame of Thrones\nStar Wars\nLord of the Rings\nBreaking Bad\nFriends",
        "Pizza, Pasta, Sushi, Burger, Tacos, Curry, Ramen, Paella",
    ],
)
def test_names_and_titles_are_in_doubt(identifier: Identifier, names: str, wanted: str) -> None:
    found = judge(identifier, names, wanted)
    assert found.verdict is Verdict.ABSTAIN
    assert found.explanation == "too little text that tells its language"


@pytest.mark.parametrize("wanted", ["de", "sw", "ru", "ja"])
def test_headings_in_english_are_none(identifier: Identifier, wanted: str) -> None:
    found = judge(
        identifier, "Shopping List\nFresh Bread\nSkimmed Milk\nTwelve Eggs\nSalted Butter\nGreen Apples", wanted
    )
    assert (found.verdict, found.detected) == (Verdict.FAIL, "en")


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


def test_foreign_words_are_shown_where_they_are(identifier: Identifier) -> None:
    reply = f"# Titel\n\n{DE}\nDas Brot war frisch and everybody liked it very much, sagte sie danach."
    found = judge(identifier, reply)
    (run,) = found.foreign_words
    assert (run.language, run.words) == ("en", 6)
    assert reply[slice(*run.span)] == "and everybody liked it very much"
    assert (found.verdict, found.score) == (Verdict.PASS, 1)
    assert found.shares["en"] > 0.1


@pytest.mark.parametrize(
    "sentence",
    [
        "Wir verwenden machine learning für die Vorhersage der Preise.",
        "Die Nachhaltigkeit (a way of life that is good for the world) ist wichtig für uns alle.",
        "Der Roman „The Catcher in the Rye is a good book“ hat vielen Leuten gefallen.",
        "Das Update ist up-to-date, und das Team macht einen guten Job.",
        "Sie arbeitet am Massachusetts Institute of Technology in Boston als Professorin.",
    ],
)
def test_terms_glosses_titles_and_names_are_no_foreign_words(identifier: Identifier, sentence: str) -> None:
    found = judge(identifier, f"{DE}\n{sentence}")
    assert (found.verdict, found.score, found.foreign_words) == (Verdict.PASS, 2, ())


def test_only_so_many_runs_of_foreign_words_are_reported(identifier: Identifier) -> None:
    mixed = "Das Brot war frisch, but nobody wanted to eat it, sagte sie danach noch einmal zu uns allen."
    found = judge(identifier, "\n".join([mixed] * 80))
    assert len(found.foreign_words) == 50
    assert all(isinstance(run, ForeignRun) for run in found.foreign_words)
    assert found.score == 1


def test_alarms_are_raised_while_the_reply_streams(identifier: Identifier) -> None:
    observer = LanguageMismatch(identifier).observe(Instruction((), "de", ExpectedLanguage("de", Origin.INSTRUCTION)))
    assert observer is not None
    seen: list[Alarm] = []
    for at, char in enumerate(EN + " " + EN + " " + EN):
        observer.feed(char)
        if observer.alarm is not None and observer.alarm not in seen:
            seen.append(observer.alarm)
            assert observer.alarm.characters == at  # the word before this character told it
    soft, hard = seen
    assert (soft.hard, hard.hard) == (False, True)
    assert soft.characters < 60
    assert 200 <= hard.characters < 220
    (found,) = observer.close(complete=True)
    assert isinstance(found, LanguageFinding)
    assert (found.soft_mismatch, found.hard_mismatch) == (soft.characters, hard.characters)


REPLY = (
    f"{LEAD_IN}\r\n\r\n```python\nthe = 'code'\n```\n{DE}\n- eins\n- zwei und drei\n{EN}\n«{FR}»\n"
    f"{DE} {DE} {DE} {DE} {DE} {DE} {DE}\n{JA}\n{RU}\n<p>{DE}</p>\n> {EN}\n| a | b |\nEnde gut, alles gut"
)


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(0, len(REPLY)), max_size=40))
def test_any_way_of_cutting_the_reply_gives_the_same_finding(identifier: Identifier, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(REPLY)]
    chunks = [REPLY[a:b] for a, b in pairwise(edges)]
    assert findings(identifier, REPLY, chunks=chunks) == findings(identifier, REPLY)


def test_character_by_character_gives_the_same_finding(identifier: Identifier) -> None:
    reply = REPLY + (DE + "\n") * (LONGEST_REPLY // len(DE))
    assert findings(identifier, reply, chunks=list(reply)) == findings(identifier, reply)


@pytest.mark.parametrize("piece", ["a", "a ", "\n", "a\n", "`", "$$", '"', "日", "<a", "ab cd. ", "the und "])
def test_hostile_replies_are_judged(identifier: Identifier, piece: str) -> None:
    judge(identifier, piece * (200_000 // len(piece)))
