"""Scripts of languages that are written in several."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from diagnostics.language.variants import chinese_script

DATA = Path(__file__).parents[4] / "shared" / "data"

SIMPLIFIED = "小镇的屋顶从清晨起就下着雨，没有人不带伞出门。直到傍晚，太阳才再次露面，将温暖的光洒在空荡荡的广场上。"
TRADITIONAL = "小鎮的屋頂從清晨起就下著雨，沒有人不帶傘出門。直到傍晚，太陽才再次露面，將溫暖的光灑在空蕩蕩的廣場上。"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (SIMPLIFIED, "Hans"),
        (TRADITIONAL, "Hant"),
        ("請解釋一下潮汐的成因。", "Hant"),
        ("请解释一下潮汐的成因。", "Hans"),
        (TRADITIONAL + "（着）", "Hant"),  # which Hong Kong writes, and Big5 lacks
        (SIMPLIFIED[:25] + TRADITIONAL[25:], None),
        ("你好", None),
        ("", None),
        ("plain ASCII", None),
        ("こんにちは、元気ですか", None),
        ("\ud800\U000e0001", None),
    ],
)
def test_chinese(text: str, script: str | None) -> None:
    assert chinese_script(text) == script


def texts() -> Iterator[str]:
    for name, field in (("lingua_lines", "text"), ("marco_prompts", "prompt")):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rb") as lines:
            rows = map(msgspec.json.decode, lines)
            yield from (
                row[field] for row in rows if row["language"] == "zh" and row.get("kind") in (None, "sentences")
            )


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data are not here")
def test_simplified_text_is_never_taken_for_traditional() -> None:
    found = Counter(map(chinese_script, texts()))
    assert found["Hant"] == 0
    assert found["Hans"] > 0.99 * found.total()
