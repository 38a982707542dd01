"""See also the examples of the signal, which ``test_base`` tries."""

import pytest

from diagnostics.core import ExpectedLanguage, Instruction, Origin, RequestedModifier
from diagnostics.surface.template import Template

MARKERS = [
    *("<|im_end|>", "<|im_start|>", "<|endoftext|>", "<|eot_id|>", "<|start_header_id|>", "<|user|>", "<|end|>"),
    *(
        "<start_of_turn>",
        "<end_of_turn>",
        "[INST]",
        "[/INST]",
        "<<SYS>>",
        "<｜User｜>",
        "</s>",
        "<pad>",
        "<eos>",
        "<unk>",
    ),
]


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("language", ["en", "de", None])
def test_a_marker_is_found_in_every_language(find, marker, language):
    (found,) = find(f"Fertig.{marker}", language=language)
    assert found.span == (7, 7 + len(marker))
    assert marker in found.explanation


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_in_code_or_in_the_question_is_none(find, marker):
    assert find(f"Schreibe `{marker}` ans Ende:\n```\nx{marker}\n```\n") == []
    assert find(f"Schreibe {marker} ans Ende.", f"Wozu ist {marker} da?") == []


def test_code_goes_on_over_pieces(find):
    assert find("```\n" + "eine Zeile\n" * 500 + "<|im_end|>\n```\n") == []
    assert len(find("```\n" + "eine Zeile\n" * 500 + "```\n<|im_end|>")) == 1


def test_struck_out_text_is_html(find):
    assert find("Preis: <s>10 €</s> 8 €") == []


@pytest.mark.parametrize("blank", ["[Your Name]", "[your company's name]", "[Insert date here]", "[Address]", "{name}"])
def test_an_english_blank_is_a_flaw_where_another_language_is_wanted(find, blank):
    assert find(f"Liebe Grüße, {blank}")[0].span == (13, 13 + len(blank))
    assert find(f"Best regards, {blank}", language="en") == []
    assert find(f"Best regards, {blank}", language="en-GB") == []
    assert find(f"Best regards, {blank}", language=None) == []
    assert find(f"Liebe Grüße, {blank}", f"Ersetze {blank} nicht.") == []


def test_blanks_that_were_asked_for_are_none():
    asked = Instruction(
        (), "de", ExpectedLanguage("de", Origin.DECLARED), (RequestedModifier("placeholders", {"num_placeholders": 1}),)
    )
    observer = Template().observe(asked)
    assert observer is not None
    observer.feed("Liebe Grüße, [Your Name]")
    assert observer.close(complete=True) == ()


@pytest.mark.parametrize(
    "text",
    [
        "[Ihr Name]",
        "[Votre nom]",
        "[Your Name](https://a.example)",
        "\\text{name}",
        "x_{max}",
        "${name}",
        "{a}",
        "[1]",
        "{}",
    ],
)
def test_brackets_that_are_no_english_blanks(find, text):
    assert find(text) == []


def test_turns_that_the_model_goes_on_with(find):
    assert len(find("Ja.\nUser: Und wenn es regnet?\nAssistant: Dann nicht.")) == 1
    assert find("Assistant: Hallo!\nUser: Hallo!") == []
    assert find("Die Rollen:\nUser: wer fragt\nSystem: wer lenkt\n\nAssistant: wer antwortet") == []
