"""The reply speaks politely or plainly throughout: です・ます or だ・である in Japanese, 존댓말 or 반말 in Korean.

Judged by how the sentences end, quotations in 「」 and 『』 left out. One that ends with a noun shows nothing, unless a
Korean verb could end so (의자); neither does a sentence of another language. Nine in ten of the others must be of the
level. Honorific verbs inside a sentence are not looked at. IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from diagnostics.core import Verdict
from diagnostics.text import sentences

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply
from .sentence_ending import QUOTED, bare_end

_POLITE = re.compile(
    "(?:です|ます|でした|ました|ません|ませんでした|でしょう|ましょう|ください|下さい|くださいませ|ませ)[かねよわのが]{0,3}+$"
    "|(?:요|니다|니까|시오|죠|세용|니다만)$"
)
_PLAIN = re.compile(
    "[ぁ-ゖ]$|(?:다|냐|니|자|라|어|아|해|지|야|네|군|까|래|께|게|든|걸|음|함|임|셔|려|져|겨|켜|줘|봐|돼|워|와|써|커)$"
)
_LONGEST = 16
"""As much of a sentence, in characters, is looked at, from its end."""
_ENOUGH = 0.9


class SpeechLevel(Modifier, frozen=True):
    """ "敬語で答えてください。", "반말로 답해줘." """

    level: Literal["polite", "plain"]

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the sentences of the level."""
        if not reply.complete:
            return CUT_SHORT
        ends = [bare_end(sentence[-_LONGEST:]) for sentence in sentences(QUOTED.sub("", reply.text))]
        polite = sum(_POLITE.search(end) is not None for end in ends)
        plain = sum(_PLAIN.search(end) is not None and not _POLITE.search(end) for end in ends)
        if not polite + plain:
            return Outcome(Verdict.ABSTAIN, "no sentence whose end shows the level")
        share = (polite if self.level == "polite" else plain) / (polite + plain)
        said = f"{polite} polite sentences, {plain} plain ones"
        if share >= _ENOUGH:
            return Outcome(Verdict.PASS, said, "bare", round(share, 3))
        return Outcome(Verdict.FAIL, said, score=round(share, 3))

    examples: ClassVar = (
        Example("敬体で書いてください。", "お茶は熱いです。", Verdict.PASS, "ja", {"level": "polite"}),
        Example("", "お茶です。飲みますか？「飲む。」と言いました。", Verdict.PASS, "ja", {"level": "polite"}, "bare"),
        Example("", "お茶だ。飲むよ。", Verdict.FAIL, "ja", {"level": "polite"}),
        Example("", "お茶である。緑茶。", Verdict.PASS, "ja", {"level": "plain"}),
        Example("", "차입니다. 드세요!", Verdict.PASS, "ko", {"level": "polite"}, "bare"),
        Example("", "차야. 마셔요.", Verdict.FAIL, "ko", {"level": "plain"}),
        Example("", "Tea is hot.", Verdict.ABSTAIN, arguments={"level": "polite"}),
    )
