"""The reply has a postscript that begins with a given marker.

Judged: the marker, in any case and with or without spaces between its letters ("P. S."), opens a line or follows the
end of a sentence, and something comes after it. Marks of emphasis, headings and list items, brackets and quotation
marks before it do not count.

IFEval's detectable_content:postscript (google-research: instruction_following_eval/instructions.py) searches ``P.S.``
and ``P.P.S`` with optional spaces, and any other marker anywhere, even in a word: "PS" is found in "steps", and
"P.S." in "P.P.S.". Here neither is, nor a marker that nothing follows, on purpose.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import places, spelled
from .reply import Reply

_SPACED = re.compile(r"(?<=\b\w[.-]) (?=\w\b)")
_MARKS = "*_#>~`([\"'“«「„"
_BEFORE = '.!?…。！？।؟*_)]"”»」'
"""What stands, before a blank, at the end of a sentence."""
_BACK = 64
"""So many characters before the marker are looked at, so that a line full of markers takes no longer."""


class Postscript(Modifier, frozen=True):
    """ "Add a postscript that starts with P.S." """

    ifeval = "detectable_content:postscript"

    postscript_marker: Annotated[str, msgspec.Meta(min_length=1, max_length=50, pattern=r"\S")] = "P.S."
    """What the postscript begins with."""

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as there is one; fail only at the end."""
        marker = _close(self.postscript_marker)
        alone = False
        if reply.doubled and _squeezed(marker) in _squeezed(reply.spelled(reply.bare)):
            for line in map(_close, lines(reply.of(reply.bare, whole_words=True))):
                opened = _after(line, marker)
                if any(map(str.isalnum, opened if opened is not None else line if alone else "")):
                    return Outcome(Verdict.PASS, "there is a postscript", "bare", 1.0)
                alone |= opened is not None
        if not reply.complete:
            return CUT_SHORT
        if alone:
            return Outcome(Verdict.FAIL, f"nothing follows {self.postscript_marker.strip()}", score=0.5)
        said = f"no line or sentence begins with {self.postscript_marker.strip()}"
        return Outcome(Verdict.FAIL, said, score=0.0)

    examples: ClassVar = (
        Example(
            "Add a postscript starting with P.S. at the end.",
            "Tea.\n\nP.S. It is hot.",
            Verdict.PASS,
            arguments={"postscript_marker": "P.S."},
        ),
        Example("Why do people write so few letters these days?", "Phones."),
        Example("", "Tea is hot.\n\nP.S. Bring a pot.", Verdict.PASS, form="bare"),
        Example("", "Tea is hot.\n\n**P. S.** Bring a pot.", Verdict.PASS),
        Example("", "Follow the steps.", Verdict.FAIL, arguments={"postscript_marker": "PS"}),
        Example("", "I sold my PS 5.", Verdict.FAIL, arguments={"postscript_marker": "PS"}),
        Example("", "Tea is hot.\nP.P.S. Bring a pot.", Verdict.FAIL),
        Example("", "Le thé est chaud.\np.-s. : apporte du lait.", Verdict.PASS, "fr", {"postscript_marker": "P.-S."}),
        Example("", "Чай горячий.\nP.S.", Verdict.FAIL, "ru"),
        Example("", "お茶は熱い。\n追伸：急須も。", Verdict.PASS, "ja", {"postscript_marker": "追伸"}),
    )


def _close(text: str) -> str:
    return _SPACED.sub("", spelled(text))


def _squeezed(text: str) -> str:
    return text.replace(" ", "")


def _after(line: str, marker: str) -> str | None:
    """What follows the first marker that opens the line or a sentence in it."""
    return next((line[end:] for start, end in places(line, marker) if _opens(line, start)), None)


def _opens(line: str, start: int) -> bool:
    """Does a line or a sentence begin at ``start``?"""
    before = line[max(0, start - _BACK) : start].rstrip(_MARKS)
    if not before.strip(_MARKS + "-+• "):
        return True
    return before[-1].isspace() and before.rstrip()[-1] in _BEFORE
