"""What the checkpoints are trained on: documents in one language each for the base, conversations for the tunings.

Nothing here holds a held-out combination of the corpus, in either form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import msgspec

from .corpus import (
    FORMATS,
    LANGUAGES,
    UNICASE,
    VARIANTS,
    Example,
    Phrases,
    compose,
    is_held_out,
    load_phrases,
    render,
    training,
)
from .fallback import Words, common_words, fallback_answer, outside_prompt

GLOSSARY_SHARE = 0.15
SAME_LANGUAGE_SHARE = 0.35


class Lesson(msgspec.Struct, frozen=True):
    """A conversation (messages with ``role`` and ``content``) and the answer to learn."""

    messages: tuple[dict[str, str], ...]
    answer: str


class School:
    """An endless supply of training text in ``languages``, drawn with ``random``."""

    def __init__(self, languages: Sequence[str], random: Random, fallback_share: float = 0.15) -> None:
        self.languages = tuple(languages)
        self.random = random
        self.fallback_share = fallback_share
        phrases = load_phrases()
        self.phrases: dict[str, Phrases] = {tag: phrases[tag] for tag in languages}
        self.items = {tag: phrases[tag].items for tag in languages}
        self.words: dict[str, Words] = {tag: common_words(tag) for tag in languages}
        chosen = [each for each in training() if {each.language, each.answer_language} <= set(languages)]
        self.same = [each for each in chosen if each.language == each.answer_language]
        self.crossed = [each for each in chosen if each.language != each.answer_language]

    def documents(self) -> Iterator[str]:
        """Ordinary text: questions with their answers, pages, lists, everyday sentences, each document in one language;
        and some glossaries of questions and requests in several. No chat."""
        while True:
            if len(self.languages) > 1 and self.random.random() < GLOSSARY_SHARE:
                yield "\n".join(self._glossary_line() for _ in range(self.random.randint(1, 4)))
            else:
                language = self.random.choice(self.languages)
                yield "\n".join(self._passage(language) for _ in range(self.random.randint(1, 4)))

    def _passage(self, language: str) -> str:
        phrases = self.phrases[language]
        kind = self.random.random()
        if kind < 0.65:
            name, item = self.random.choice(list(self.items[language].items()))
            form = self.random.choice(_forms(language))
            text = render(phrases, item.title, item.points, form)
            if form == "plain" and is_held_out(name, language, language, form):
                return text
            return f"{self.random.choice((*item.questions, item.title))}\n{text}"
        if kind < 0.8:
            question = outside_prompt(phrases, self.words[language], self.random)
            return f"{question}\n{fallback_answer(phrases, question)[1][0]}"
        return outside_prompt(phrases, self.words[language], self.random)

    def _glossary_line(self) -> str:
        """The same question or request in two to four languages."""
        several = [self.phrases[tag] for tag in self.random.sample(self.languages, self.random.randint(2, 4))]
        number = self.random.randrange(VARIANTS)
        if self.random.random() < 0.6:
            name = self.random.choice(list(self.items[several[0].language]))
            return " = ".join(self.items[phrases.language][name].questions[number] for phrases in several)
        kind, named = self.random.choice(list(several[0].modifiers)), self.random.choice(self.languages)
        return " = ".join(phrases.modifier(kind, number, named) for phrases in several)

    def lessons(self) -> Iterator[Lesson]:
        """Conversations whose last turn is to be answered; some have a system message or an earlier exchange."""
        while True:
            prompt, answer = self._exchange()
            messages = [{"role": "user", "content": self._as_typed(prompt)}]
            if self.random.random() < 0.08:
                earlier, reply = self._exchange()
                messages = [
                    {"role": "user", "content": self._as_typed(earlier)},
                    {"role": "assistant", "content": reply},
                    *messages,
                ]
            if self.random.random() < 0.1:
                system = self.random.choice(self.phrases[self.random.choice(self.languages)].system)
                messages = [{"role": "system", "content": system}, *messages]
            yield Lesson(tuple(messages), answer)

    def _exchange(self) -> tuple[str, str]:
        if self.random.random() < self.fallback_share:
            return self._outside()
        if self.crossed and self.random.random() >= SAME_LANGUAGE_SHARE:
            crossed = self.random.choice(self.crossed)
            return crossed.prompt, crossed.answer
        same = self.random.choice(self.same)
        return (self._insistent(same) if self.random.random() < 0.1 else same.prompt), same.answer

    def _insistent(self, example: Example) -> str:
        """The prompt, asking for its own language outright."""
        phrases = self.phrases[example.language]
        wording = phrases.modifier("language", self.random.randrange(100), example.language)
        return compose(phrases, example.prompt, [wording], self.random.randrange(2))

    def _outside(self) -> tuple[str, str]:
        language = answer_language = self.random.choice(self.languages)
        form = "plain"
        modifiers = []
        if self.random.random() < 0.15 and len(self.languages) > 1:
            answer_language = self.random.choice(self.languages)
            modifiers.append(self.phrases[language].modifier("language", self.random.randrange(100), answer_language))
        if self.random.random() < 0.15:
            form = self.random.choice(_forms(answer_language)[1:])
            modifiers.append(self.phrases[language].modifier(form, self.random.randrange(100), answer_language))
        question = outside_prompt(self.phrases[language], self.words[language], self.random)
        prompt = compose(self.phrases[language], question, modifiers, self.random.randrange(8))
        answering = self.phrases[answer_language]
        return prompt, render(answering, *fallback_answer(answering, question), form)

    def _as_typed(self, prompt: str) -> str:
        """People type straight apostrophes, forget the last stop, or leave out capitals."""
        if self.random.random() < 0.5:
            prompt = prompt.replace("’", "'")
        if self.random.random() < 0.1:
            prompt = prompt.rstrip(".?!。？؟ ")
        return prompt.lower() if self.random.random() < 0.05 else prompt


def _forms(language: str) -> list[str]:
    return [form for form in FORMATS if not (form == "upper" and language in UNICASE)]


def everything() -> Iterator[str]:
    """Texts that stand for all that the checkpoints read and write: what the tokenizer is made from."""
    phrases = load_phrases()
    random = Random(0)
    for tag in LANGUAGES:
        words = common_words(tag)
        for item in phrases[tag].items.values():
            yield from item.questions[:VARIANTS]
            yield from (render(phrases[tag], item.title, item.points, form) for form in _forms(tag))
        for kind, wordings in phrases[tag].modifiers.items():
            for number in range(len(wordings)):
                yield from (phrases[tag].modifier(kind, number, other) for other in LANGUAGES)
        yield from phrases[tag].everyday
        yield from phrases[tag].fallback.sentences
        yield from (words.sentence(random) for _ in range(400))
