"""Every sentence of the reply ends with the same words: です, 요, "of course".

Judged: what stands before the mark that ends a sentence, or before the end of the reply; quotations in 「」 and 『』
are left out. A heading, or an item of a list without such a mark, belongs to the sentence after it.

M-IFEval's startend:sentence_unified_end (Japanese) splits at 。！？ and compares what is left with its blanks, so that
a line break after the last 。 fails.
"""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

from diagnostics.core import Verdict
from diagnostics.text import sentences

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrase, spelled
from .reply import Reply

QUOTED = re.compile(r"「[^「」\n]*+」|『[^『』\n]*+』")
"""What others said, on one line."""
_MARKS_AT_THE_END = 40
"""Most marks and symbols behind the last word of a sentence that are looked past."""
_NO_WORDS = "PSZC"
"""Marks, symbols, blanks and controls: first letters of Unicode's categories."""


class SentenceEnding(Modifier, frozen=True):
    """ "End every sentence with です." """

    ifeval = "startend:sentence_unified_end"

    ending: Phrase
    """What every sentence ends with; marks at its own end do not count."""

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the sentences that end so."""
        if not reply.complete:
            return CUT_SHORT
        found = [(view, *self._otherwise(reply.of(view))) for view in reply.views]
        for view, otherwise, total in found:
            if total and not otherwise:
                return Outcome(Verdict.PASS, f"every sentence ends with it{view.note}", view.form, 1.0)
        _, otherwise, total = found[0]
        if not total:
            return Outcome(Verdict.FAIL, "the reply has no sentences", score=0.0)
        explanation = f"{otherwise} of {total} sentences end otherwise"
        return Outcome(Verdict.FAIL, explanation, score=round(1 - otherwise / total, 3))

    def _otherwise(self, text: str) -> tuple[int, int]:
        """How many sentences end otherwise, and how many there are."""
        wanted = bare_end(spelled(self.ending)) or spelled(self.ending)
        length = 2 * len(wanted) + _MARKS_AT_THE_END
        ends = [bare_end(spelled(sentence[-length:])) for sentence in sentences(QUOTED.sub("", text))]
        return sum(not end.endswith(wanted) for end in ends), len(ends)

    examples: ClassVar = (
        Example("", "お茶です。\n熱いです！\n", Verdict.PASS, "ja", {"ending": "です"}, "bare"),
        Example("", "彼は「飲む。」と言ったのです。", Verdict.PASS, "ja", {"ending": "です"}),
        Example("", "# お茶\n\n熱いです😊。", Verdict.PASS, "ja", {"ending": "です。"}),
        Example("", "お茶です。飲みます。", Verdict.FAIL, "ja", {"ending": "です"}),
        Example("", "お茶です。以上", Verdict.FAIL, "ja", {"ending": "です"}),
        Example("", "차예요. 좋아요!", Verdict.PASS, "ko", {"ending": "요"}),
        Example("", "Tea is hot, sir. Milk is not, SIR!", Verdict.PASS, arguments={"ending": "sir"}),
        Example("", "Tea is hot. Sir.", Verdict.FAIL, arguments={"ending": "sir"}),
    )


def bare_end(text: str) -> str:
    """The text without the marks, symbols and blanks at its end."""
    end = len(text)
    while end and unicodedata.category(text[end - 1])[0] in _NO_WORDS:
        end -= 1
    return text[:end]
