"""Prompts outside the corpus: everyday sentences, and words drawn by their frequency, so that a checkpoint learns to
tell a language by its common words and to say in that language that it cannot answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

import msgspec
import wordfreq

from .corpus import LANGUAGES, Phrases

VOCABULARY = 6000
LONGEST = 45
_ENDS = ("", "", ".", "?", "!")
_JAPANESE_ENDS = ("", "。", "。", "？")
_QUESTION_ENDS = ("?", "？", "؟", "か。")
_ELISION = re.compile(r"\b([cdjlmnst]|qu) ")


class Words(msgspec.Struct, frozen=True):
    """Common words of one language with the cumulated weights they are drawn by."""

    language: str
    words: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, random: Random, count: int) -> list[str]:
        """``count`` words."""
        return random.choices(self.words, cum_weights=self.weights, k=count)

    def sentence(self, random: Random) -> str:
        """A string of 2 to 45 words that looks like a sentence of the language; short ones are common."""
        count = 2 + int(random.random() ** 2 * (LONGEST - 1))
        words = self.draw(random, count)
        if self.language == "ja":
            return "".join(words) + random.choice(_JAPANESE_ENDS)
        text = " ".join(word + "," * (random.random() < 0.05) for word in words).rstrip(",")
        end = random.choice(_ENDS)
        if self.language == "fr":
            text = _ELISION.sub(r"\1’", text)
            end = end and " " + end if end != "." else end
        if self.language == "es" and end in ("?", "!"):
            return ("¿" if end == "?" else "¡") + text.capitalize() + end
        if self.language == "ar":
            end = end.replace("?", "؟")
        return (text if random.random() < 0.3 else text[:1].upper() + text[1:]) + end


def common_words(language: str) -> Words:
    """The words to draw from: wordfreq's most common ones that no other language uses far more often.

    Weights are between the words' frequencies and their square roots, else a few articles would be most of the text.
    """
    others = [other for other in LANGUAGES if other not in (language, "ja", "ar")]
    words, weights, total = [], [], 0.0
    frequencies = wordfreq.get_frequency_dict(language, "small")
    rivals = [wordfreq.get_frequency_dict(other, "small") for other in others]
    for word in sorted(frequencies, key=lambda word: (-frequencies[word], word))[:VOCABULARY]:
        frequency = frequencies[word]
        if any(rival.get(word, 0) > 3 * frequency for rival in rivals) or word.isdigit():
            continue
        total += frequency**0.75
        words.append(word)
        weights.append(total)
    return Words(language, tuple(words), tuple(weights))


def outside_prompt(phrases: Phrases, words: Words, random: Random) -> str:
    """A prompt that nothing in the corpus answers; some are near misses, a known question about something else."""
    kind = random.random()
    if kind < 0.3:
        return random.choice(phrases.everyday)
    if kind < 0.4:
        question = random.choice(phrases.capital.questions)
        return question.format(of=phrases.space.join(words.draw(random, random.randint(1, 2))).title())
    if kind < 0.5:
        question = random.choice(phrases.tips.questions)
        return question.format(about=phrases.space.join(words.draw(random, random.randint(1, 4))))
    return words.sentence(random)


def fallback_answer(phrases: Phrases, prompt: str) -> tuple[str, Sequence[str]]:
    """Title and sentence for an outside prompt: a question gets "do not know", anything else "cannot answer"."""
    sentence = phrases.fallback.sentences[prompt.rstrip().endswith(_QUESTION_ENDS)]
    return phrases.fallback.title, [sentence]
