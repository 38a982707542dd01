"""The reply has no links: no web addresses, and none behind the text of a Markdown link.

An address begins with ``http://``, ``https://``, ``ftp://`` or ``www.``; a bare name of a site ("tea.org") may be a
file or an abbreviation, and is none. A line that leads in, or what surrounds a code fence, is peeled off. IFEval has no
such type.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import ClassVar

from diagnostics.core import Verdict

from .absence import absent
from .base import Example, Modifier, Outcome
from .reply import Reply

_URL = re.compile(
    r"(?<![a-z0-9])(?:https?|ftp)://[^\s<>()\"']{1,200}+|(?<![\w.@-])www\.[^\s<>()\"']{1,200}+", re.IGNORECASE
)
_SHOWN = 60


class Urls(Modifier, frozen=True):
    """ "Do not include any links." """

    def judge(self, reply: Reply) -> Outcome:
        """A link fails at once."""
        return absent(reply, _urls, "link/links")

    examples: ClassVar = (
        Example("Recommend a book without links.", "Leaves.", Verdict.PASS),
        Example("What links tea and sugar?", "Trade."),
        Example("", "Tea: see tea.org, [1], a@www.tea", Verdict.PASS, form="bare"),
        Example("", "Voir https://the.fr :\nLe thé.", Verdict.PASS, "fr", form="unwrapped"),
        Example("", "[Tee](https://tee.de)", Verdict.FAIL, "de"),
        Example("", "См. www.чай.рф", Verdict.FAIL, "ru"),
        Example("", "お茶はhttp://ocha.jp", Verdict.FAIL, "ja"),
    )


def _urls(text: str) -> Counter[str]:
    hinted = "://" in text or "www." in text.lower()
    return Counter(url[:_SHOWN] for url in _URL.findall(text)) if hinted else Counter()
