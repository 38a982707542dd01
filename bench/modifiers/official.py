"""The official rules of IFEval and M-IFEval (English, French), defects and all: what published verdicts are made with.

Only the bench has them; what is checked in a reply is what a person would call obeyed. Sources: google-research,
instruction_following_eval/instructions.py, and lightblue-tech/M-IFEval. The rules of sentences, words in capitals,
languages and replies in one case are here only with their tools: Punkt's models, NLTK and langdetect
(``pip install '.[bench]'``).
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

Arguments = dict[str, Any]
Rule = Callable[[str, Arguments, str], bool]
"""Reply, arguments, language of the edition -> obeyed. ``re.error`` where an unescaped keyword is no pattern."""

FRENCH_OPTIONS = ("Oui.", "Non.", "Peut-être.")
"""What the French edition offers in its prompts."""
ENGLISH_OPTIONS = ("My answer is yes.", "My answer is no.", "My answer is maybe.")
VARIANTS = ("as is", "no first line", "no last line", "no first and last line")
"""The texts whose verdicts are joined by OR to the loose one, each with its asterisks and without."""
_FENCES = ("```json", "```Json", "```JSON", "```")
_PUNKT = {"en": "english", "fr": "french"}


def installed(module: str) -> bool:
    """Whether a tool of the official rules can be imported."""
    return importlib.util.find_spec(module) is not None


def strict(ifeval: str, reply: str, arguments: Arguments, language: str) -> bool | None:
    """The strict verdict; None where its rule is not here, or draws a letter at random."""
    rule = RULES.get(ifeval)
    if rule is None or (ifeval == "keywords:letter_frequency" and not re.fullmatch("[A-Za-z]", arguments["letter"])):
        return None
    try:
        return bool(reply.strip()) and rule(reply, arguments, language)
    except (re.error, ModuleNotFoundError):
        return None


def variants(reply: str) -> dict[str, str]:
    """The eight texts of the loose verdict by name, "no first line, no asterisks" the sixth."""
    lines = reply.split("\n")
    cut = (lines, lines[1:], lines[:-1], lines[1:-1])
    texts = {
        name: "\n".join(each).strip() if name != VARIANTS[0] else reply
        for name, each in zip(VARIANTS, cut, strict=True)
    }
    return texts | {f"{name}, no asterisks": text.replace("*", "") for name, text in texts.items()}


def loose(ifeval: str, reply: str, arguments: Arguments, language: str) -> tuple[bool | None, str]:
    """The loose verdict, and the first of its texts that passes."""
    found: list[bool | None] = []
    for name, text in variants(reply).items():
        verdict = strict(ifeval, text, arguments, language)
        if verdict:
            return True, name
        found.append(verdict)
    return (None if None in found else False), ""


def _compare(count: int, relation: str, wanted: int) -> bool:
    return count < wanted if relation in ("less than", "moins de") else count >= wanted


def words(reply: str, arguments: Arguments, language: str) -> bool:
    """Runs of ``\\w``: "don't" is two."""
    return _compare(len(re.findall(r"\w+", reply)), arguments["relation"], arguments["num_words"])


def sentences(reply: str, arguments: Arguments, language: str) -> bool:
    """Punkt's, as trained on newspapers."""
    return _compare(len(punkt(reply, language)), arguments["relation"], arguments["num_sentences"])


def punkt(reply: str, language: str) -> list[str]:
    """The sentences of a text as Punkt has them."""
    return [str(each) for each in _tokenizer(language).tokenize(reply)]


@cache
def _tokenizer(language: str) -> Any:
    tool = importlib.import_module("punkt")
    model = tool.load_model(_PUNKT[language])
    return tool.PunktSentenceTokenizer(model)


def paragraphs(reply: str, arguments: Arguments, language: str) -> bool:
    """Parted by ``***``; a blank one is none at the start and the end, and fails inside."""
    parts = re.split(r"\s?\*\*\*\s?", reply)
    if any(not part.strip() for part in parts[1:-1]):
        return False
    blank = sum(1 for place in {0, len(parts) - 1} if not parts[place].strip())
    return bool(len(parts) - blank == arguments["num_paragraphs"])


def paragraph(reply: str, arguments: Arguments, language: str) -> bool:
    """Counts those that are not blank, and takes the n-th of all."""
    parts = reply.split("\n\n")
    count = sum(1 for part in parts if part.strip())
    if arguments["nth_paragraph"] > count:
        return False
    part = parts[arguments["nth_paragraph"] - 1].strip()
    if not part:
        return False
    word = part.split()[0].lstrip("'").lstrip('"').lower()
    first = re.split(r"[.,?!'\"]", word)[0]
    return bool(count == arguments["num_paragraphs"] and first == arguments["first_word"].lower())


def placeholders(reply: str, arguments: Arguments, language: str) -> bool:
    """Square brackets on one line, whatever is in them."""
    return len(re.findall(r"\[.*?\]", reply)) >= int(arguments["num_placeholders"])


def postscript(reply: str, arguments: Arguments, language: str) -> bool:
    """The marker anywhere, in a word too."""
    marker = arguments["postscript_marker"]
    pattern = {"P.P.S": r"p\.\s?p\.\s?s", "P.S.": r"p\.\s?s\."}.get(marker, marker.lower())
    return re.search(pattern, reply.lower()) is not None


def bullets(reply: str, arguments: Arguments, language: str) -> bool:
    """Lines that begin with one asterisk or a hyphen: ``---`` too."""
    stars = re.findall(r"^\s*\*[^\*].*$", reply, re.MULTILINE)
    hyphens = re.findall(r"^\s*-.*$", reply, re.MULTILINE)
    return bool(len(stars) + len(hyphens) == arguments["num_bullets"])


def options(reply: str, arguments: Arguments, language: str) -> bool:
    """Any of three sentences, anywhere."""
    return any(option in reply for option in (FRENCH_OPTIONS if language == "fr" else ENGLISH_OPTIONS))


def highlight(reply: str, arguments: Arguments, language: str) -> bool:
    """``*…*`` and ``**…**``, the second counted apart from the first."""
    found = sum(1 for each in re.findall(r"\*[^\n\*]*\*", reply) if each.strip("*").strip())
    found += sum(
        1 for each in re.findall(r"\*\*[^\n\*]*\*\*", reply) if each.removeprefix("**").removesuffix("**").strip()
    )
    return found >= int(arguments["num_highlights"])


def sections(reply: str, arguments: Arguments, language: str) -> bool:
    """The word and a number anywhere."""
    parts = re.split(rf"\s?{arguments['section_spliter']}\s?\d+\s?", reply)
    return len(parts) - 1 >= int(arguments["num_sections"])


def json_format(reply: str, arguments: Arguments, language: str) -> bool:
    """Any JSON value, in a fence or not."""
    text = reply.strip()
    for fence in _FENCES:
        text = text.removeprefix(fence)
    try:
        json.loads(text.removesuffix("```").strip())
    except (ValueError, RecursionError):
        return False
    return True


def title(reply: str, arguments: Arguments, language: str) -> bool:
    """``<<…>>`` on one line, in French ``##…##``."""
    pattern, marks = (r"##[^\n]+##", "#") if language == "fr" else (r"<<[^\n]+>>", "<>")
    return any(each.strip(marks).strip() for each in re.findall(pattern, reply))


def include(reply: str, arguments: Arguments, language: str) -> bool:
    """Each keyword is a pattern, found in words too."""
    return all(re.search(each, reply, re.IGNORECASE) for each in arguments["keywords"])


def keyword(reply: str, arguments: Arguments, language: str) -> bool:
    """Likewise."""
    count = len(re.findall(arguments["keyword"], reply, re.IGNORECASE))
    return _compare(count, arguments["relation"], arguments["frequency"])


def exclude(reply: str, arguments: Arguments, language: str) -> bool:
    """Here words are bounded by ``\\b``."""
    return not any(re.search(rf"\b{each}\b", reply, re.IGNORECASE) for each in arguments["forbidden_words"])


def letters(reply: str, arguments: Arguments, language: str) -> bool:
    """Of the reply in lower case."""
    count = reply.lower().count(arguments["letter"].lower())
    return _compare(count, arguments["let_relation"], arguments["let_frequency"])


def responses(reply: str, arguments: Arguments, language: str) -> bool:
    """Two that are not blank and not the same, parted by ``******``."""
    parts = reply.split("******")
    if any(not part.strip() for part in parts[1:-1]):
        return False
    found = [part.strip() for part in parts if part.strip()]
    return len(found) == 2 and found[0] != found[1]


def repeat(reply: str, arguments: Arguments, language: str) -> bool:
    """In lower case, to the letter."""
    return reply.strip().lower().startswith(arguments["prompt_to_repeat"].strip().lower())


def ending(reply: str, arguments: Arguments, language: str) -> bool:
    """In lower case, straight quotation marks aside."""
    return reply.strip().strip('"').lower().endswith(arguments["end_phrase"].strip().lower())


def quotes(reply: str, arguments: Arguments, language: str) -> bool:
    """Straight double ones; in French any of three pairs."""
    text = reply.strip()
    pairs = ('""', "''", "«»") if language == "fr" else ('""',)
    return len(text) > 1 and text[0] + text[-1] in pairs


def capitals(reply: str, arguments: Arguments, language: str) -> bool:
    """NLTK's words that are upper case."""
    tool = importlib.import_module("nltk.tokenize").NLTKWordTokenizer()
    count = sum(word.isupper() for sentence in punkt(reply, language) for word in tool.tokenize(sentence))
    return _compare(count, arguments["capital_relation"], arguments["capital_frequency"])


def uppercase(reply: str, arguments: Arguments, language: str) -> bool:
    """And in English, as langdetect has it; the French edition does not ask."""
    return reply.isupper() and (language != "en" or _detected(reply) in ("en", None))


def lowercase(reply: str, arguments: Arguments, language: str) -> bool:
    """And in the edition's language, as langdetect has it."""
    return reply.islower() and _detected(reply) in (language, None)


def response_language(reply: str, arguments: Arguments, language: str) -> bool:
    """As langdetect has it, which draws lots: one of several verdicts."""
    return _detected(reply) in (arguments["language"], None)


def _detected(reply: str) -> str | None:
    """langdetect's tag; what it cannot tell (None) counts as right."""
    tool = importlib.import_module("langdetect")
    tool.DetectorFactory.seed = 0
    try:
        return str(tool.detect(reply))
    except tool.LangDetectException:
        return None


def accents(reply: str, arguments: Arguments, language: str) -> bool:
    """None of the words of a table without their accents."""
    return not any(each in reply for each in arguments["word_to_accentuate"])


def no_accents(reply: str, arguments: Arguments, language: str) -> bool:
    """No letter that falls apart into a letter and a mark."""
    return not any(map(unicodedata.combining, unicodedata.normalize("NFKD", reply)))


def forbidden_character(reply: str, arguments: Arguments, language: str) -> bool:
    """As it is given: a capital is another."""
    return arguments["forbidden_char"] not in reply


def comma(reply: str, arguments: Arguments, language: str) -> bool:
    """The ASCII one."""
    return "," not in reply


def digits(reply: str, arguments: Arguments, language: str) -> bool:
    """Arabic ones."""
    return re.search(r"\d", reply) is None


RULES: dict[str, Rule] = {
    "change_case:capital_word_frequency": capitals,
    "change_case:english_capital": uppercase,
    "change_case:english_lowercase": lowercase,
    "change_case:french_capital": uppercase,
    "change_case:french_lowercase": lowercase,
    "combination:repeat_prompt": repeat,
    "combination:two_responses": responses,
    "detectable_content:no_digits": digits,
    "detectable_content:number_placeholders": placeholders,
    "detectable_content:postscript": postscript,
    "detectable_format:constrained_response": options,
    "detectable_format:json_format": json_format,
    "detectable_format:multiple_sections": sections,
    "detectable_format:number_bullet_lists": bullets,
    "detectable_format:number_highlighted_sections": highlight,
    "detectable_format:title": title,
    "keywords:existence": include,
    "keywords:forbidden_words": exclude,
    "keywords:frequency": keyword,
    "keywords:letter_frequency": letters,
    "language:response_language": response_language,
    "length_constraints:nth_paragraph_first_word": paragraph,
    "length_constraints:number_paragraphs": paragraphs,
    "length_constraints:number_sentences": sentences,
    "length_constraints:number_words": words,
    "punctuation:no_comma": comma,
    "special_character:accents": accents,
    "special_character:ethel_or_cedilla": forbidden_character,
    "special_character:no_accents": no_accents,
    "startend:end_checker": ending,
    "startend:quotation": quotes,
}
"""Instruction id, without a language before it -> its rule."""
