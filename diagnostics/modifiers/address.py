"""The reply addresses the reader informally (tu, du, ты), or formally (vous, Sie, вы).

Judged: the pronouns and possessives of the language that is named, those that can be mistaken left out (German "Sie"
at the head of a sentence, Spanish "su"). The register that has more of them is the reply's; where there are none, as in
imperatives alone, nothing shows which it is. The plural of one register may look like the other ("vous", "вы"), which
is why a few of the other kind do not fail.

M-IFEval's detectable_content:informal_address (French) passes as soon as there is one "tu, te, t', toi, ton, ta, tes",
and fails where there is none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar, Literal

from diagnostics.core import Verdict
from diagnostics.text.units import MARKS

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

Register = Literal["informal", "formal"]
Language = Literal[
    "ca", "cs", "de", "el", "es", "fa", "fi", "fr", "hi", "hu", "id", "it", "nl", "pl", "pt", "ro", "ru",
    "tr", "uk", "zh",
]  # fmt: skip

_FORMS: dict[Language, tuple[str, str]] = {
    "ca": ("tu|teus?|teva|teves", "vostès?"),
    "cs": ("tě|tebe|tobě|tebou|tv(?:ůj|oj[ei]|ého|ému|ým|ém|é|á|ou|ých|ými)", "vy|vás|vám|vámi|vaš\\w{1,4}|váš"),
    "de": ("du|dich|dir|dein(?:e[mnrs]?)?", "(?<=[\\w,;–-] )(?-i:Sie|Ihnen|Ihr(?:e[mnrs]?)?)"),
    "el": ("εσύ|εσένα|σου", "εσείς|εσάς|σας"),
    "es": ("tú|te|ti|contigo|tus?|tuy[oa]s?|vos", "usted(?:es)?"),
    "fa": ("تو", "شما"),
    "fi": ("sinä|sinua|sinun|sinulle|sinut|sinulla", "te|teidän|teitä|teille"),
    "fr": ("tu|te|toi|ton|ta|tes|t['’](?=\\w)|tien(?:ne)?s?", "vous|votre|vos|vôtres?"),
    "hi": ("तू|तुम|तुझे|तुझको|तुम्हें|तुम्हार[ाीे]|तेर[ाीे]", "आप|आपको|आपक[ाीे]|आपसे|आपने"),
    "hu": ("te|téged|neked|veled|tőled|tied", "önt?|önnek|önnel|önök\\w{0,4}|magának|magát"),
    "id": ("kamu|kau|engkau|kalian", "anda"),
    "it": ("tu|te|ti|tuo|tua|tuoi|tue|t['’](?=\\w)", "(?<=[\\w,;–-] )(?-i:Lei|Suo|Sua|Suoi|Sue)|voi|vostr[oaie]"),
    "nl": ("jij|je|jou|jouw|jullie", "u|uw"),
    "pl": ("ty|cię|ciebie|tobie|tobą|tw(?:ój|oj\\w{1,4})", "(?-i:Pan\\w{0,4}|Państw\\w{1,3})|wy|was|wam|wami"),
    "pt": ("tu|te|ti|contigo|teus?|tuas?|você|vocês", "(?:o senhor|a senhora|os senhores|as senhoras)"),
    "ro": ("tu|te|tine|ție|îți|ta|tău|tale|tăi", "dumneavoastră|dvs"),
    "ru": ("ты|тебя|тебе|тобой|тобою|тво(?:й|его|ему|им|ём|ем|я|ей|ю|ё|е|и|их|ими)", "вы|вас|вам|вами|ваш\\w{0,3}"),
    "tr": ("sen|seni|sana|sende|senden|senin|seninle", "siz|sizi|size|sizde|sizden|sizin|sizinle"),
    "uk": ("ти|тебе|тобі|тобою|тв(?:ій|ого|оєму|оїм|оя|оєї|ою|оє|ої|оїх|оїми)", "ви|вас|вам|вами|ваш\\w{0,3}"),
    "zh": ("你", "您"),
}  # fmt: skip
"""The words of the informal and of the formal register, as regular expressions."""


class Address(Modifier, frozen=True):
    """ "Tutoie-moi.", "Sieze mich." """

    ifeval = "detectable_content:informal_address"

    register: Register = "informal"
    language: Language = "fr"
    """The language of the reply."""

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the words of address that are of the register."""
        if not reply.complete:
            return CUT_SHORT
        wanted, other = (sum(1 for _ in pattern.finditer(reply.text)) for pattern in self._patterns())
        if not wanted + other:
            return Outcome(Verdict.ABSTAIN, "no word of address that tells")
        unwanted = "informal" if self.register == "formal" else "formal"
        explanation = f"{wanted} {self.register} words of address, {other} {unwanted} ones"
        if wanted > other:
            return Outcome(Verdict.PASS, explanation, "bare", round(wanted / (wanted + other), 3))
        return Outcome(Verdict.FAIL, explanation, score=round(wanted / (wanted + other), 3))

    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        informal, formal = _patterns(self.language)
        return (informal, formal) if self.register == "informal" else (formal, informal)

    examples: ClassVar = (
        Example(
            "Tutoie-moi dans ta réponse.",
            "Tu bois du thé.",
            Verdict.PASS,
            "fr",
            {"register": "informal", "language": "fr"},
        ),
        Example("", "Tu aimes le thé ?", Verdict.PASS, "fr", form="bare"),
        Example("", "J’espère que le thé t’a plu.", Verdict.PASS, "fr"),
        Example("", "Aimez-vous votre thé ?", Verdict.FAIL, "fr"),
        Example("", "Le thé est chaud, la tutelle aussi.", Verdict.ABSTAIN, "fr"),
        Example("", "Trink deinen Tee.", Verdict.FAIL, "de", {"register": "formal", "language": "de"}),
        Example("", "Trinken Sie Ihren Tee.", Verdict.PASS, "de", {"register": "formal", "language": "de"}),
        Example("", "Sie trinkt Tee.", Verdict.ABSTAIN, "de", {"register": "formal", "language": "de"}),
        Example("", "Ваш чай, а вы?", Verdict.FAIL, "ru", {"register": "informal", "language": "ru"}),
        Example("", "¿Quiere usted té?", Verdict.PASS, "es", {"register": "formal", "language": "es"}),
    )


@cache
def _patterns(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The patterns of a language, each word on its own; compiled when first asked for."""
    # Chinese writes no blanks, so that its words have no borders.
    begin, end = ("", "") if language == "zh" else (rf"(?<![\w{MARKS}])", rf"(?:(?<=['’])|(?![\w{MARKS}]))")
    informal, formal = (re.compile(f"{begin}(?:{words}){end}", re.IGNORECASE) for words in _FORMS[language])
    return informal, formal
