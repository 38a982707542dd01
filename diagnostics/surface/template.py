"""What belongs to a prompt's format and not to an answer: markers of chat templates, others' turns, blanks to fill in.

An English blank ("[Your Name]") is a flaw in a reply that is to be in another language only: elsewhere a template may
be what was wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core import Instruction
from .base import Example, Flaw, Signal, matches

_MARKER = re.compile(
    r"""<\|[a-z_0-9/]{2,40}\|>                               # ChatML, Llama 3, Phi, GLM: <|im_end|>
      | <[|｜][A-Za-z▁_ ]{2,40}[|｜]>                        # DeepSeek: <｜end▁of▁sentence｜>
      | \[/?INST\] | <</?SYS>> | </?(?:start|end)_of_turn> | <(?:bos|eos|pad|unk)>
      | \[UNUSED_TOKEN_\d{1,4}\] | \[PAD\d{0,6}\]
    """,
    re.VERBOSE,
)
_EDGE = re.compile("</?s>")
_HEADING = re.compile(r"\n### (?:Response|Instruction|Input|Human|Assistant|User|System):")
_TURN_HINTS = ("Assistant:", "ASSISTANT:")
_TURN = re.compile(r"\n(?:Human|User|USER|HUMAN): [^\n]{1,2000}+\n{1,3}+(?:Assistant|ASSISTANT):")
_BLANK = re.compile(
    r"\[(?:(?:your|insert|enter|fill in|company|(?:recipient|sender|employer|customer|hiring manager)(?:['’]s)?+) "
    r"[^\[\]\n]{1,60}+|address|(?:first|last|full|city|street|job|product|project|event|school) (?:name|title|address))"
    r"\](?!\()",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?<!\S)\{(\{ ?)?(?:(?:your|user|customer|client|recipient|sender|company|first|last|full|product|order)_)?"
    r"(?:name|address|email|phone|date|company|title|number)(?(1) ?\})\}(?=[\s,.;:!?]|\Z)"
)


class Template(Signal):
    """Markers of a chat template, turns that the model writes for others, English blanks."""

    name = "template"
    examples = (
        Example("Das war alles.<|im_end|>", flaw="<|im_end|>"),
        Example("Gern.<|eot_id|><|start_header_id|>user", flaw="<|eot_id|>"),
        Example("好的。<｜end▁of▁sentence｜>", flaw="<｜end▁of▁sentence｜>", language="zh"),
        Example("Das war alles.</s>", flaw="</s>"),
        Example("[INST] Und nun? [/INST] Gern.", flaw="[INST]"),
        Example("Ja.\n### Response: Nein.", flaw="\n### Response:"),
        Example("Ja.\n\nHuman: Und nun?\n\nAssistant: Nein.", flaw="\nHuman: Und nun?\n\nAssistant:"),
        Example("Viele Grüße\n[Your Name]", flaw="[Your Name]"),
        Example("Sehr geehrte {customer_name},", flaw="{customer_name}"),
        Example("Kind regards\n[Your Name]", language="en"),
        Example("Viele Grüße\n[Your Name]", prompt="Übersetze: Kind regards, [Your Name]"),
        Example("Llama endet mit `<|eot_id|>`.\n```\n<|im_end|>\n</s>\n```\n"),
        Example("Es endet mit <|im_end|>.", prompt="Was heißt <|im_end|>?"),
        Example("<s>10 €</s> 8 €, [Name](https://example.org), [Ihr Name], $x_{ab}$, \\frac{ab}{cd}, {a, b}"),
        Example("[Name], [Adresse], [Date], [Client]. Drücken Sie [Enter]. 57 -{km}-"),
        Example("{fan}: Tor! f'{name}: {title}'"),
        Example("Beste Grüße, {{ user_name }}", flaw="{{ user_name }}"),
        Example("- User: eine Person\n- Assistant: ein Programm"),
        Example("[お名前] 様", language="ja"),
    )

    def flaws(self, piece: str, instruction: Instruction) -> Iterator[Flaw]:
        """See the module."""
        if "<" in piece or "[" in piece:
            yield from matches(_MARKER, piece, "a marker of the chat template: {}")
        if "<" in piece and ("<s>" in piece) != ("</s>" in piece):  # both of them strike something out, in HTML
            yield from matches(_EDGE, piece, "a marker of the chat template: {}")
        if "#" in piece:
            yield from matches(_HEADING, piece, "a heading of the prompt's format: {}")
        if any(hint in piece for hint in _TURN_HINTS):
            yield from matches(_TURN, piece, "the model goes on with a turn of the user's: {}")
        if ("[" in piece or "{" in piece) and _is_foreign(instruction):
            yield from matches(_BLANK, piece, "an English blank that nobody filled in: {}")
            yield from matches(_FIELD, piece, "a field that nobody filled in: {}")


def _is_foreign(instruction: Instruction) -> bool:
    """Is the reply to be in another language than English, and were no blanks asked for?"""
    expected = instruction.expected_language
    if expected is None or expected.tag.partition("-")[0] == "en":
        return False
    return all(each.name != "placeholders" for each in instruction.modifiers)
