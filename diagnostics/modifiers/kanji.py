"""The reply has so many Chinese characters: kanji, hanzi, hanja.

Each counts, as often as it is written; the iteration mark 々 and the zero 〇 are none.

M-IFEval's letters:kanji (Japanese) is the same rule, without the rare characters beyond U+9FAF.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply

IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""The characters, as a range of a regular expression."""
_KANJI = re.compile(f"[{IDEOGRAPHS}]")


class Kanji(Modifier, frozen=True):
    """ "漢字を30文字以上用いて答えてください。" """

    ifeval = "letters:kanji"

    kanji_limit: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    relation: Relation = "at least"

    def judge(self, reply: Reply) -> Outcome:
        """Count the characters. Too many fail at once, too few only at the end."""
        return judge(reply, lambda view: reply.sum(_count, view), self.relation, self.kanji_limit, "kanji/kanji")

    examples: ClassVar = (
        Example(
            "漢字を3つ以上使ってください。", "緑茶熱", Verdict.PASS, "ja", {"kanji_limit": 3, "relation": "at least"}
        ),
        Example("", "緑茶は熱い。", Verdict.PASS, "ja", {"kanji_limit": 3}, "bare"),
        Example("", "人々、〇、おちゃ", Verdict.FAIL, "ja", {"kanji_limit": 2}),
        Example("", "茶很热。", Verdict.FAIL, "zh", {"kanji_limit": 3, "relation": "less than"}),
        Example("", "漢字：\n茶", Verdict.PASS, "ja", {"kanji_limit": 1, "relation": "exactly"}, "unwrapped"),
        Example("", "Tea", Verdict.FAIL, arguments={"kanji_limit": 1}),
    )


def _count(text: str) -> int:
    return 0 if text.isascii() else len(_KANJI.findall(text))
