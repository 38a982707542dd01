import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.sections import Sections


@pytest.mark.parametrize(
    ("word", "reply"),
    [
        ("SECTION", "SECTION 1\na\nSECTION 2\nb"),
        ("Section", "Intro.\n\n### Section 1: a\n\n### Section 2: b"),
        ("Part", "**Part I**\n> Part II"),
        ("Part", '"Part 1:\n"**Part 2**"'),
        ("Part", "[Part 1]\n(Part 2)"),
        ("Day", "- **Day** 1\n- Day1\n- Day 2"),
        ("章", "第1章\n第十二章"),
        ("भाग", "भाग १\nभाग २"),
        ("a.b (c)", "a.b (c) 1\na.b (c) 2"),
    ],
)
def test_two(word, reply):
    assert Sections(word, 2).check(reply, True).verdict is Verdict.PASS
    assert Sections(word, 2).check(reply + "\n", False).verdict is Verdict.PASS
    assert Sections(word, 3).check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("word", "reply"),
    [
        ("Part", ""),
        ("Part", "Part one"),
        ("Part", "In Part 1"),
        ("PART", "Part 1"),
        ("Part", "Particle 1"),
        ("a.b", "axb 1"),
        ("Part", "Part\n1"),
        ("Part", "Part CIVIL"),
    ],
)
def test_none(word, reply):
    assert Sections(word, 2).check(reply, True).explanation == "no labelled sections, at least 2 asked for"


def test_a_label_that_comes_twice():
    assert Sections("Part", 2).check("Part 1\nPart 1", True).score == 0.5


@pytest.mark.parametrize("arguments", [{}, {"section_spliter": " "}, {"section_spliter": "a", "num_sections": 0}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError, match=r"section_spliter|num_sections"):
        msgspec.convert(arguments, Sections)


@given(st.text(st.sampled_from("Part *#1I\n第章\ud800"), max_size=60), st.text(min_size=1, max_size=5))
def test_any_text_is_judged(reply, word):
    assert Sections(f"{word}x", 2).check(reply, True).score is not None
    assert Sections("Part", 2).check(reply, False).verdict is not Verdict.FAIL


@pytest.mark.parametrize("reply", [" " * 200_000, "#" * 200_000, "Part " * 40_000, "> " * 100_000])
def test_hostile_replies_end(reply):
    assert Sections("Part", 2).check(reply, True).verdict is Verdict.FAIL
