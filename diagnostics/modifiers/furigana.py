"""Every run of kanji in the reply has its reading in kana behind it, in brackets: 漢字（かんじ）.

Kana that are written on may stand between: 食べる（たべる）. Round brackets of both widths count, the marks of Aozora
Bunko, 漢字《かんじ》, and HTML's ``<rt>``. A reply without kanji has nothing to be read.

M-IFEval's letters:furigana (Japanese) wants full-width brackets right behind the kanji and hiragana in them, so that
食べる（たべる） fails there.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .kanji import IDEOGRAPHS
from .reply import Reply

_RUN = re.compile(f"[{IDEOGRAPHS}々〆ヶ]++")
_READ = re.compile(
    r"[ぁ-ゖ]{0,8}+(?:(?:[（(]|《|(?:<rp>[（(]</rp>)?<rt>)[ぁ-ゖァ-ヺー・ 　]{1,40}+(?:[）)]|》|</rt>))", re.IGNORECASE
)


class Furigana(Modifier, frozen=True):
    """ "全ての漢字にふりがなをつけてください。" """

    ifeval = "letters:furigana"

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the runs that have a reading."""
        if not reply.complete:
            return CUT_SHORT
        count = len(_RUN.findall(reply.text))
        said = "all kanji have a reading" if count else "no kanji to be read"
        found = [(view, _unread(reply.of(view))) for view in reply.views]
        for view, unread in found:
            if not unread:
                return Outcome(Verdict.PASS, said + view.note, view.form, 1.0)
        unread = found[0][1]
        named = "、".join(unread[:5])
        explanation = f"{len(unread)} of {count} runs of kanji without a reading: {named}"
        return Outcome(Verdict.FAIL, explanation, score=round(1 - len(unread) / count, 3))

    examples: ClassVar = (
        Example("漢字にはふりがなを付けてください。", "お茶（ちゃ）", Verdict.PASS, "ja"),
        Example("", "お茶（ちゃ）は熱（あつ）いです。", Verdict.PASS, "ja", form="bare"),
        Example("", "食べる(たべる)、日本《にほん》", Verdict.PASS, "ja", form="bare"),
        Example("", "漢字：\nお茶（ちゃ）", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "おちゃ", Verdict.PASS, "ja", form="bare"),
        Example("", "お茶（ちゃ）は熱い。", Verdict.FAIL, "ja"),
        Example("", "お茶（tea）", Verdict.FAIL, "ja"),
        Example("", "茶很热。", Verdict.FAIL, "zh"),
        Example("", "Tea", Verdict.PASS, form="bare"),
    )


def _unread(text: str) -> list[str]:
    """The runs of kanji without a reading, cut to what an explanation can hold."""
    if text.isascii():
        return []
    return [run[0][:20] for run in _RUN.finditer(text) if not _READ.match(text, run.end())]
