"""The Language Confusion Benchmark's folders and completions."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.core import Message
from service.errors import SetupError
from service.suites import open_suite
from service.suites.base import Refused, Row

CROSSLINGUAL = "prompt,location,phrasing,language,source\nReply in {}. What is tea?,Start,reply in,{},sharegpt\n"
COMPLETIONS = """id,model,completion,task,source,language
0,tea-1,"Tee ist
ein Getränk.",crosslingual,sharegpt,de
0,tea-1,"Le thé.
Q: And now?",crosslingual,sharegpt,fr
"""
"""The second model asks itself a question, which is cut off."""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def release(tmp_path: Path) -> Path:
    sets = tmp_path / "test_sets"
    for language, name in (("de", "German"), ("fr", "French")):
        write(sets / f"crosslingual/sharegpt/{language}.csv", CROSSLINGUAL.format(name, language))
    write(sets / "monolingual/dolly/fr.csv", 'prompt,source,language\n"Le thé,\nc\'est quoi ?",dolly_human_edited,fr\n')
    write(sets / "monolingual/native/ko.csv", "prompt,source,language\n차는 무엇입니까?,native_prompts,ko\n")
    return tmp_path


def read(where: Path) -> list[Row | Refused]:
    return list(open_suite(f"lcb:{where}"))


def test_prompts_of_a_folder(release: Path) -> None:
    german, french, dolly, native = (each for each in read(release) if isinstance(each, Row))
    assert german == Row(
        id="crosslingual/sharegpt/de/0",
        messages=(Message("user", "Reply in German. What is tea?"),),
        language="en",
        expected_language="de",
        type="crosslingual/sharegpt",
        parallel="crosslingual/sharegpt/0",
    )
    assert (french.language, french.expected_language, french.parallel) == ("en", "fr", german.parallel)
    assert (dolly.language, dolly.expected_language) == ("fr", "fr")
    assert dolly.messages[0].content == "Le thé,\nc'est quoi ?"
    assert (dolly.id, dolly.parallel) == ("monolingual/dolly_human_edited/fr/0", "monolingual/dolly_human_edited/0")
    assert native.parallel is None


def test_a_folder_without_test_sets(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no test_sets/TASK/SOURCE/LANG\.csv"):
        open_suite(f"lcb:{tmp_path}")


def completions(folder: Path, text: str) -> list[Row | Refused]:
    return read(write(folder / "outputs/tea-1.csv", text))


def test_completions_with_the_prompts_beside_them(release: Path) -> None:
    german, french = completions(release, COMPLETIONS)
    assert isinstance(german, Row)
    assert german.messages == (Message("user", "Reply in German. What is tea?"),)
    assert (german.response, german.finish_reason) == ("Tee ist\nein Getränk.", "length")
    assert (german.id, german.language, german.expected_language) == ("crosslingual/sharegpt/de/0", "en", "de")
    assert isinstance(french, Row)
    assert (french.messages[0].content, french.response) == ("Reply in French. What is tea?", "Le thé.")


def test_a_source_is_found_in_a_folder_of_a_shorter_name(release: Path) -> None:
    (row,) = completions(
        release, "id,completion,task,source,language\n0,Une boisson.,monolingual,dolly_human_edited,fr\n"
    )
    assert isinstance(row, Row)
    assert row.messages[0].content == "Le thé,\nc'est quoi ?"


@pytest.mark.parametrize("id", ["7", "", "-1", "x"])
def test_completions_whose_prompt_is_not_there(release: Path, id: str) -> None:
    (row,) = completions(release, f"id,completion,task,source,language\n{id},Tee.,crosslingual,sharegpt,de\n")
    assert isinstance(row, Row)
    assert (row.messages, row.response, row.expected_language) == ((), "Tee.", "de")


def test_completions_of_a_release_without_ids(tmp_path: Path) -> None:
    text = "model,completion,task,source,language\ntea-1,Tee.,crosslingual,okapi,de\ntea-1,Tee!,crosslingual,okapi,de\n"
    rows = [each for each in completions(tmp_path, text) if isinstance(each, Row)]
    assert [(row.id, row.messages) for row in rows] == [
        ("crosslingual/okapi/de/0", ()),
        ("crosslingual/okapi/de/1", ()),
    ]


def test_rows_that_cannot_be_read_are_refused(release: Path) -> None:
    write(release / "test_sets/monolingual/native/ko.csv", "prompt,source,language\n차?\n차는 무엇입니까?,native,ko\n")
    write(release / "test_sets/monolingual/native/german.csv", "prompt\nTee?\n")
    write(release / "test_sets/monolingual/native/ja.csv", "text\nお茶？\n")
    found = read(release)
    refused = [each for each in found if isinstance(each, Refused)]
    assert [each.place for each in refused] == [
        "monolingual/native/german.csv, line 2",
        "monolingual/native/ja.csv, line 1",
        "monolingual/native/ko.csv, line 2",
    ]
    assert "monolingual/native/ko/1" in [each.id for each in found if isinstance(each, Row)]
    (no_language,) = completions(release, "completion,task,source,language\nTee.,monolingual,okapi,Tea time\n")
    assert isinstance(no_language, Refused)
