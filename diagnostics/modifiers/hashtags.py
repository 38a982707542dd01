"""The reply has so many hashtags, or none.

A hashtag is ``#`` or ``＃`` and a word with at least one letter; "#1", "# Heading", ``&#39;`` and the anchor of an
address (``page#part``) are none. IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text.units import MARKS

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply

_HASHTAG = re.compile(rf"(?<![\w&/#＃])[#＃]\d*+[^\W\d][\w{MARKS}]*+")


class Hashtags(Modifier, frozen=True):
    """ "Add 3 hashtags.", "No hashtags." """

    num_hashtags: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    """How many; 0 means none at all."""
    relation: Relation = "at least"

    def judge(self, reply: Reply) -> Outcome:
        """Count the hashtags. Too many fail at once, too few only at the end."""
        relation: Relation = self.relation if self.num_hashtags else "at most"
        count = self.num_hashtags
        return judge(reply, lambda view: reply.sum(_count, view), relation, count, "hashtag/hashtags")

    examples: ClassVar = (
        Example(
            "Add exactly 2 hashtags.", "#tea #milk", Verdict.PASS, arguments={"num_hashtags": 2, "relation": "exactly"}
        ),
        Example("Who invented the hashtag?", "Chris Messina."),
        Example("", "Tea! #tea #2hot", Verdict.PASS, arguments={"num_hashtags": 2}, form="bare"),
        Example("", "# Thé\n#1 &#39; a.org/#b c#d", Verdict.PASS, "fr", {"num_hashtags": 0}, "bare"),
        Example("", "お茶 #お茶 ＃緑茶", Verdict.PASS, "ja", {"num_hashtags": 2, "relation": "exactly"}),
        Example("", "चाय #गर्मचाय", Verdict.FAIL, "hi", {"num_hashtags": 0}),
        Example("", "Чай #чай", Verdict.FAIL, "ru", {"num_hashtags": 2}),
    )


def _count(text: str) -> int:
    return len(_HASHTAG.findall(text)) if "#" in text or "＃" in text else 0
