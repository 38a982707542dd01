"""The reply is what was asked for and nothing else: no lead-in, no label, no remarks, no offer of more help.

What surrounds the thing asked for can only be told where it names itself, in the languages below: a first line such as
"Sure! Here is the translation:", a label on it ("Translation: …"), a paragraph that begins "Note:" or "Explanation:",
a last one that speaks to the user ("Let me know if you would like changes"). Those fail. Where there is none, only a
judge can say whether all of it was asked for. IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .opinion import for_a_judge
from .reply import Reply

_OPENERS = (
    "sure", "certainly", "of course", "absolutely", "here is", "here's", "here’s", "here are", "below is",
    "voici", "voilà", "bien sûr", "certainement", "hier ist", "hier sind", "natürlich", "gerne",
    "selbstverständlich", "aquí está", "aquí tienes", "aquí tiene", "por supuesto", "claro", "ecco", "certo",
    "certamente", "aqui está", "aqui estão", "com certeza", "hier is", "hier zijn", "natuurlijk", "oto",
    "oczywiście", "jasne", "zde je", "jistě", "вот", "конечно", "звичайно", "ось", "işte", "tabii", "elbette",
    "dưới đây", "đây là", "berikut", "tentu", "إليك", "بالتأكيد", "بالطبع", "הנה", "בטח", "यहाँ", "यहां",
    "ज़रूर", "নিশ্চয়ই", "以下", "はい", "もちろん", "承知", "当然", "好的", "当然可以", "다음은", "여기", "물론",
    "네,", "ต่อไปนี้", "นี่คือ", "แน่นอน",
)  # fmt: skip
"""How a line begins that leads in, case-folded."""
_LABELS = (
    "translation", "answer", "output", "result", "response", "traduction", "réponse", "résultat", "übersetzung",
    "antwort", "ergebnis", "traducción", "respuesta", "resultado", "traduzione", "risposta", "tradução",
    "resposta", "vertaling", "antwoord", "tłumaczenie", "odpowiedź", "překlad", "odpověď", "перевод", "ответ",
    "переклад", "відповідь", "çeviri", "cevap", "yanıt", "bản dịch", "terjemahan", "jawaban", "الترجمة",
    "الإجابة", "תרגום", "अनुवाद", "উত্তর", "翻訳", "訳", "回答", "答え", "翻译", "译文", "答案", "번역", "답변",
    "คำแปล",
)  # fmt: skip
_REMARKS = (
    "note", "explanation", "please note", "remarque", "explication", "hinweis", "anmerkung", "erklärung",
    "erläuterung", "nota", "explicación", "spiegazione", "explicação", "opmerking", "uitleg", "uwaga",
    "wyjaśnienie", "poznámka", "vysvětlení", "примечание", "пояснение", "объяснение", "примітка", "пояснення",
    "açıklama", "lưu ý", "giải thích", "catatan", "penjelasan", "ملاحظة", "شرح", "הערה", "הסבר", "नोट",
    "टिप्पणी", "व्याख्या", "注", "注意", "補足", "解説", "説明", "说明", "解释", "참고", "설명", "หมายเหตุ",
    "คำอธิบาย",
)  # fmt: skip
_OFFERS = (
    "let me know if you'd like me to", "let me know if you would like me to",
    "let me know if you need any changes", "let me know if you'd like any", "let me know if you would like any",
    "hope this helps", "hope that helps", "would you like me to", "is there anything else", "feel free to ask",
    "j'espère que cela vous aide", "j'espère que cela t'aide", "souhaitez-vous que je", "veux-tu que je",
    "n'hésitez pas à me demander", "lassen sie mich wissen, wenn ich", "lass mich wissen, wenn ich",
    "ich hoffe, das hilft", "soll ich ", "espero que te sirva", "espero que esto ayude", "espero que le sirva",
    "¿quieres que ", "¿desea que ", "spero che ti sia utile", "fammi sapere se vuoi che", "espero que ajude",
    "espero ter ajudado", "laat het me weten als ik", "mam nadzieję, że to pomoże", "дайте знать, если нужно",
    "надеюсь, это поможет", "если нужно, могу", "дай знать, если нужно", "umarım yardımcı",
    "hy vọng điều này giúp", "semoga membantu", "آمل أن يكون هذا", "お役に立て", "お気軽にお申し付け",
    "お気軽にご質問", "希望这对", "希望這對", "如果您需要我", "如果你需要我", "도움이 되", "필요하시면",
)  # fmt: skip

_ALIKE = str.maketrans({"’": "'"})
_DRESS = '*_#>-– \t"“«(（【'
_INTERJECTION = re.compile(r"[^\n]{1,40}[!.！。]\s*+\Z")
_LABEL = re.compile(r"[*_]{0,3}+[ \t]?[:：]")
_LONGEST_LINE = 301
_SPLIT = re.compile(r"\n[ \t\r]*+\n\s*+")


class OnlyOutput(Modifier, frozen=True):
    """ "Give only the translation, no explanation." """

    judged = True

    def judge(self, reply: Reply) -> Outcome:
        """A line that leads in and a label fail at once, the rest at the end."""
        text = reply.text.strip()
        first, newline, rest = text.partition("\n")
        if not newline and not reply.complete:
            return CUT_SHORT
        if rest.strip() and _leads_in(first):
            return _fail("a line that leads in", first)
        if _labelled(first, _LABELS):
            return _fail("a label", first)
        if not reply.complete:
            return CUT_SHORT
        paragraphs = _SPLIT.split(text)[1:]
        for paragraph in paragraphs:
            if _labelled(paragraph, _REMARKS):
                return _fail("a remark", paragraph)
        if paragraphs and _offers(paragraphs[-1]):
            return _fail("an offer", paragraphs[-1])
        return for_a_judge("there is nothing but what was asked for; no lead-in, label, remark or offer was seen")

    examples: ClassVar = (
        Example("What is 2 + 2? No explanation.", "4", Verdict.ABSTAIN),
        Example("He gave no reason.", "Sorry."),
        Example("", "Der Tee ist heiß.", Verdict.ABSTAIN, "de"),
        Example("", "Sure! Here is the translation:\n\nDer Tee ist heiß.", Verdict.FAIL),
        Example("", "Bien sûr !\n\nLe thé est chaud.", Verdict.FAIL, "fr"),
        Example("", "**Traducción:** El té está caliente.", Verdict.FAIL, "es"),
        Example("", "茶很热。\n\n（注：口语）", Verdict.FAIL, "zh"),
        Example("", "Чай горячий.\n\nДайте знать, если нужно иначе.", Verdict.FAIL, "ru"),
        Example("", "Dear Ann:\n\nTea is hot. Let me know if you come.\n\nBob", Verdict.ABSTAIN),
        Example("", "Notebooks\n\nNotes on tea", Verdict.ABSTAIN),
        Example("", "はい、以下です：\nお茶", Verdict.FAIL, "ja"),
    )


def _fail(what: str, text: str) -> Outcome:
    return Outcome(Verdict.FAIL, f"{what} beside the output: {text[:60]!r}", score=0.0)


def _said(text: str) -> str:
    return text[:_LONGEST_LINE].casefold().translate(_ALIKE).lstrip(_DRESS)


def _leads_in(line: str) -> bool:
    """Whether a first line speaks of what follows: it begins as such lines do and ends in a colon, or is "Sure!"."""
    if len(line) > _LONGEST_LINE:
        return False
    said = _said(line)
    if not said.startswith(_OPENERS) or not any(_begins(said, opener) for opener in _OPENERS):
        return False
    return line.rstrip(" \t\r*_").endswith((":", "：")) or _INTERJECTION.match(line) is not None


def _labelled(text: str, labels: tuple[str, ...]) -> bool:
    """Whether a text begins with one of the labels and a colon."""
    said = _said(text)
    return said.startswith(labels) and any(
        said.startswith(label) and _LABEL.match(said, len(label)) for label in labels
    )


def _offers(paragraph: str) -> bool:
    said = paragraph[:2000].casefold().translate(_ALIKE)
    return any(offer in said for offer in _OFFERS)


def _begins(said: str, opener: str) -> bool:
    """Whether a text begins with a word, and not with a longer one, where the script has borders of words."""
    if not said.startswith(opener):
        return False
    following = said[len(opener) : len(opener) + 1]
    return not (following.isalpha() and following < "\u0e00")
