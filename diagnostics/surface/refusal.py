"""A refusal or an apology in another language than the reply is to be in: "I'm sorry, but I can't assist with that".

Models that refuse fall back to the language they were taught to refuse in. What refusals begin with says, for each
language, ``refusals.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

from ..core import Finding, Instruction, SurfaceFinding, Verdict
from ..language.tags import SEVERAL, base_language, language_name
from .base import Example, Signal, said

_ONE_LANGUAGE = {"nb": "no", "nn": "no"}

BEGINNING = 400
"""Characters in which a refusal begins."""


class Refusal(Signal):
    """A refusal in another language than the expected one."""

    name = "refusal"
    examples = (
        Example("I'm sorry, but I can't assist with that.", flaw="I'm sorry, but I can't"),
        Example("I’m sorry, but I can’t assist with that.", flaw="I’m sorry, but I can’t", language="ja"),
        Example("抱歉，我无法回答这个问题。", flaw="抱歉，我无法", language="en"),
        Example("Es tut mir leid, aber ich kann dabei nicht helfen."),
        Example("Lo siento, pero no puedo ayudarte con eso.", flaw="Lo siento, pero no puedo", language="pt"),
        Example("Sie sagt: I'm sorry, but I can't.", prompt="Übersetze: I'm sorry, but I can't."),
        Example("Gern! " * 70 + "I'm sorry, but I can't assist with that."),
    )

    def __init__(self) -> None:
        text = (files(__package__) / "refusals.toml").read_text(encoding="utf-8")
        self._languages: dict[str, set[str]] = {}
        for language, phrases in tomllib.loads(text).items():
            for phrase in phrases:
                self._languages.setdefault(phrase, set()).add(language)
        self._phrases = list(self._languages)
        self._automaton = AhoCorasick(self._phrases, matchkind=MatchKind.LeftmostLongest)

    def observe(self, instruction: Instruction) -> RefusalObserver | None:
        """Start watching; None when no language is expected."""
        expected = instruction.expected_language
        if expected is None or expected.tag == SEVERAL:
            return None
        return RefusalObserver(self, instruction)

    def find(self, beginning: str, instruction: Instruction) -> SurfaceFinding | None:
        """The first refusal in the beginning of a reply, unless one of its language is the expected one's too."""
        assert instruction.expected_language is not None
        base = base_language(instruction.expected_language.tag)
        expected = _ONE_LANGUAGE.get(base, base)
        # Places must stay: "İ" alone becomes two characters in lower case, and surrogates have no UTF-8.
        text = beginning.replace("İ", "i").lower().replace("’", "'").encode("utf-8", "replace").decode()
        for phrase, start, end in self._automaton.find_matches_as_indexes(text):
            languages = self._languages[self._phrases[phrase]]
            if expected not in languages and not said(beginning[start:end], instruction):
                language = min(languages)
                return SurfaceFinding(
                    name=self.name,
                    verdict=Verdict.FAIL,
                    explanation=f"a refusal in {language_name(language)}: {beginning[start:end]!r}",
                    language=language,
                    span=(start, end),
                )
        return None


class RefusalObserver:
    """One reply, of which the beginning is kept."""

    __slots__ = ("_beginning", "_instruction", "_room", "_signal")

    def __init__(self, signal: Refusal, instruction: Instruction) -> None:
        self._signal = signal
        self._instruction = instruction
        self._beginning: list[str] = []
        self._room = BEGINNING

    def feed(self, text: str) -> None:
        """Take the next piece of the reply."""
        if self._room > 0:
            self._beginning.append(text[: self._room])
            self._room -= len(text)

    def close(self, *, complete: bool) -> Sequence[Finding]:
        """The refusal, where there is one."""
        found = self._signal.find("".join(self._beginning), self._instruction)
        return () if found is None else (found,)
