"""The whole reply stands in one pair of quotation marks.

Judged: the first and the last character are a pair of double marks, straight or those of another language
("…" “…” „…“ ”…” «…» »…« 「…」 『…』 ＂…＂), something stands between, and the pair is one: a quotation that ends on
the way, followed by another one, is no quotation of the whole. A line that leads in, a fence or emphasis around it is
peeled off.

IFEval's startend:quotation (google-research: instruction_following_eval/instructions.py) looks at the first and the
last character only, and knows the straight mark only: ``"Yes" is not "no"`` passes, “…” fails. Here it is the other
way round, on purpose. Quoted paragraphs, each in its own straight marks, are not one quotation either.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_PAIRS = {
    '"': '"',
    "＂": "＂",
    "“": "”",
    "„": "“”",
    "”": "”",
    "«": "»",
    "»": "«»",
    "「": "」",
    "『": "』",
    "｢": "｣",
    "﹁": "﹂",
    "﹃": "﹄",
    "〝": "〞〟",
    "‟": "”",
}
_AFTER = frozenset(" \t\n\r\u00a0\u202f\u3000([{*_—–-")
"""What a mark that opens and looks like one that closes comes after."""


class Quotes(Modifier, frozen=True):
    """ "Wrap the whole reply in double quotation marks." """

    ifeval = "startend:quotation"

    def judge(self, reply: Reply) -> Outcome:
        """Fail as soon as the reply begins with no quotation mark; pass only at the end."""
        if not reply.complete:
            heads = [reply.text[view.start : view.start + 8].lstrip("*_ ")[:1] for view in reply.views]
            if reply.unsettled or any(head in _PAIRS or not head for head in heads):
                return CUT_SHORT
        for view in reply.views if reply.complete else ():
            if _quoted(reply.of(view)):
                return Outcome(Verdict.PASS, f"the whole reply is in quotation marks{view.note}", view.form, 1.0)
        text = reply.of(reply.bare)
        if not text or text[0] not in _PAIRS:
            return Outcome(Verdict.FAIL, "the reply does not begin with a quotation mark", score=0.0)
        if text[-1] not in _PAIRS[text[0]]:
            return Outcome(Verdict.FAIL, "the reply does not end with the quotation mark it began with", score=0.5)
        return Outcome(Verdict.FAIL, "the reply holds quotations, but is not one", score=0.5)

    examples: ClassVar = (
        Example("Wrap your entire response in double quotation marks.", '"Tea is hot."', Verdict.PASS),
        Example("Setze deine gesamte Antwort in doppelte Anführungszeichen.", "Tee.", Verdict.FAIL, "de"),
        Example("When do I use quotation marks?", "In speech."),
        Example("", '"Tea is hot."', Verdict.PASS, form="bare"),
        Example("", '"She said "no" to me."', Verdict.PASS, form="bare"),
        Example("", '"Tea" is not "coffee"', Verdict.FAIL),
        Example("", "« Le thé est chaud. »", Verdict.PASS, "fr"),
        Example("", "Il a dit « non ».", Verdict.FAIL, "fr"),
        Example("", "„Tee ist heiß.“", Verdict.PASS, "de"),
        Example("", "「お茶は熱い。」", Verdict.PASS, "ja"),
        Example("", "「はい」と「いいえ」", Verdict.FAIL, "ja"),
        Example("", "“茶很热。”", Verdict.PASS, "zh"),
        Example("", 'Вот:\n"Чай горячий."', Verdict.PASS, "ru", form="unwrapped"),
        Example("", "'Tea is hot.'", Verdict.FAIL),
    )


def _quoted(text: str) -> bool:
    """Is the text one quotation?"""
    if len(text) < 3 or text[-1] not in _PAIRS.get(text[0], ""):
        return False
    opening, closing = text[0], text[-1]
    depth = 1
    closed_before = False
    for mark in re.compile(f"[{opening}{closing}]").finditer(text, 1, len(text) - 1):
        place, char = mark.start(), mark[0]
        opens = text[place - 1] in _AFTER if opening == closing else char == opening
        depth += 1 if opens else -1
        closed_before |= depth == 0
    # A mark that closes nothing (5" for five inches) leaves the depth below one.
    return bool(text[1:-1].strip()) and not (closed_before and depth == 1)
