"""What an answer of a checkpoint is: its language, and whether it has the format that was asked for.

The corpus is closed, so this is mostly a look-up. It shares no code with ``diagnostics``, which it is a yardstick for.
"""

from __future__ import annotations

import json
import re

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from selectolax.lexbor import LexborHTMLParser

from .corpus import LANGUAGES, known_sentences, load_phrases

_TAG = re.compile(r"<[^<>]*>")
_BLOCKS = "h1, h2, p, ul, ol, table, div"


class Grader:
    """Tells the language of an answer: by the known sentences that make up most of it, else by py3langid restricted
    to the corpus's languages."""

    def __init__(self) -> None:
        phrases = load_phrases()
        self.known = known_sentences(phrases)
        self.fallbacks = [text.lower() for each in phrases.values() for text in each.fallback.sentences]
        self.identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
        self.identifier.set_languages(list(LANGUAGES))

    def language(self, answer: str) -> str | None:
        """Tag of the answer's language; None for an answer without letters."""
        text = _TAG.sub(" ", answer).lower()
        if not any(letter.isalpha() for letter in text):
            return None
        covered = dict.fromkeys(LANGUAGES, 0)
        for sentence, tag in self.known.items():
            if sentence in text:
                covered[tag] += len(sentence)
        best = max(covered, key=lambda tag: covered[tag])
        if 2 * covered[best] >= len(text.strip()):
            return best
        return str(self.identifier.classify(text)[0])

    def is_fallback(self, answer: str) -> bool:
        """Whether the answer says, in any language, that there is none."""
        return any(sentence in answer.lower() for sentence in self.fallbacks)


def complies(answer: str, form: str) -> bool:
    """Whether ``answer`` has the format ``form`` with nothing around it."""
    match form:
        case "html":
            page = answer.strip()
            closed = page.startswith("<") and page.endswith("</html>")
            return closed and LexborHTMLParser(page).css_first(_BLOCKS) is not None
        case "json":
            try:
                return isinstance(json.loads(answer), dict | list)
            except json.JSONDecodeError:
                return False
        case "bullets":
            return all(line.startswith("- ") for line in answer.splitlines()) and bool(answer)
        case "upper":
            return answer.isupper()
        case _:
            return bool(answer) and answer[0] not in "<{[-" and not answer.isupper()
