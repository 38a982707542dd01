"""A sentence as the grammar sees it: tokens, the clauses that commas make, and the questions that rules ask of it.

Nothing here knows a language. Places are in folded text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from diagnostics.language.tags import base_language

from .marks import WORD
from .scanner import Token, unspaced
from .vocabulary import Vocabulary

_BOUNDS = frozenset({"comma", "colon"})
_VERBS = frozenset({"answer", "write", "tell", "translate", "use"})
_LANGUAGES = frozenset({"in", "in_adjective", "into", "name"})
_OUTPUT = frozenset({"answer", "write", "translate", "use"})
_JOINING = frozenset({"/", "&", "+"})
_LONGEST_LIST = 8
_TOUCHING = 2
_LACKING_REACH = 2
MOST_TOKENS = 50
_GLOSSES = 120
"""How many characters before a name are looked at for an open bracket."""
_REACH = 40
"""How many characters around a token are looked at for the words beside it."""


class Sentence:
    """One sentence of a prompt. ``language`` is the prompt's own, which conditions are held against."""

    __slots__ = ("end", "language", "scanner", "start", "text", "tokens")

    def __init__(
        self, text: str, start: int, end: int, tokens: Sequence[Token], scanner: Vocabulary, language: str | None
    ) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.tokens = tokens
        self.scanner = scanner
        self.language = language

    def find(self, *concepts: str) -> Iterator[int]:
        """Places of the tokens with one of these concepts."""
        return (i for i, token in enumerate(self.tokens) if token.concept in concepts)

    def clause(self, i: int) -> range:
        """The tokens around token ``i`` up to the next commas or colons."""
        first = i
        while first > 0 and self.tokens[first - 1].concept not in _BOUNDS:
            first -= 1
        last = i + 1
        while last < len(self.tokens) and self.tokens[last].concept not in _BOUNDS:
            last += 1
        return range(first, last)

    def clause_span(self, i: int) -> tuple[int, int]:
        """Where the clause of token ``i`` starts and ends."""
        clause = self.clause(i)
        start = self.tokens[clause.start - 1].end if clause.start else self.start
        end = self.tokens[clause.stop].start if clause.stop < len(self.tokens) else self.end
        return start, end

    def words(self, kind: str) -> frozenset[str]:
        """The lexicon's words of one kind."""
        return self.scanner.words[kind]

    def before(self, i: int, count: int = 3) -> list[str]:
        """Up to ``count`` words before token ``i`` in its clause, nearest first."""
        start, _ = self.clause_span(i)
        at = self.tokens[i].start
        return WORD.findall(self.text, max(start, at - _REACH), at)[: -count - 1 : -1]

    def after(self, i: int, count: int = 3) -> list[str]:
        """Up to ``count`` words after token ``i`` in its clause, nearest first."""
        _, end = self.clause_span(i)
        at = self.tokens[i].end
        return WORD.findall(self.text, at, min(end, at + _REACH))[:count]

    def follows(self, i: int, kind: str) -> bool:
        """Token ``i`` is followed at once by one of the lexicon's words of a kind (for scripts that join them)."""
        at = self.tokens[i].end
        rest = self.text[at : min(self.end, at + _REACH)].lstrip(" -")
        return any(rest.startswith(word) for word in self.words(kind))

    def beside(self, i: int) -> tuple[str, str]:
        """The concepts of the tokens right before and right after token ``i``; "" where other words stand."""
        token, last = self.tokens[i], len(self.tokens) - 1
        before = self.tokens[i - 1] if i and token.start - self.tokens[i - 1].end <= _TOUCHING else None
        after = self.tokens[i + 1] if i < last and self.tokens[i + 1].start - token.end <= _TOUCHING else None
        return before.concept if before else "", after.concept if after else ""

    def linked(self, i: int) -> bool:
        """What follows token ``i`` is no noun that it could belong to: an end, a mark, or a linking word."""
        at = self.tokens[i].end
        if at >= self.end or not (rest := self.text[at : min(self.end, at + _REACH)].strip()):
            return True
        if rest[0] == "-":
            return not rest[1:2].isalnum()
        if not rest[0].isalnum() or unspaced(rest[0]):
            return True
        if rest[0].isdigit() or (i + 1 < len(self.tokens) and self.tokens[i + 1].start - at <= 1):
            return True
        match = WORD.match(rest)
        return match is None or match[0] in self.words("link") or match[0] in self.words("filler")

    def bare(self, i: int) -> bool:
        """The clause holds nothing else, fillers aside: "…, in German please"."""
        start, end = self.clause_span(i)
        token = self.tokens[i]
        others = WORD.findall(self.text, start, token.start) + WORD.findall(self.text, token.end, end)
        return len(others) <= 4 and all(word in self.words("filler") for word in others)

    def is_gloss(self, i: int) -> bool:
        """Token ``i`` says in brackets what something is called: "Rome (in Italian: Roma)"."""
        token = self.tokens[i]
        before = self.text[max(0, token.start - _GLOSSES) : token.start]
        return before.rfind("(") > before.rfind(")") and self.text[token.end : token.end + 2].strip()[:1] == ":"

    def led(self, i: int) -> bool:
        """What is to be done is said before token ``i``, or in its clause; where verbs stand last, anywhere."""
        clause, traits = self.clause(i), self.scanner.traits
        return traits.verb_final or any(
            j < i or j in clause or self.tokens[j].concept in ("answer", "use") for j in self.find(*_VERBS)
        )

    def verb(self, i: int) -> str | None:
        """What is to be done in the sentence of token ``i``: "answer" outranks the rest; None if nothing is.

        "How do I write …" and "how to write …" ask for no writing.
        """
        best: str | None = None
        for j in self.find(*_VERBS):
            concept = self.tokens[j].concept
            if concept == "answer":
                return concept
            if self.active(j) and (best is None or concept == "translate"):
                best = concept
        return best

    def active(self, j: int) -> bool:
        """The verb at ``j`` is told to the model, not spoken of."""
        return not self._inquires() and not any(self.tokens[k].concept == "how" for k in self.clause(j) if k < j)

    def _inquires(self) -> bool:
        """The sentence is a question of how or who: see ``Statement.inquires``."""
        words = list(self.find("question", "how"))
        if not words:
            return False
        asks = self.text[self.end : self.end + 1] in ("?", "؟")
        if self.scanner.traits.verb_final:
            return asks and not any(j > words[-1] and self._words_between(words[-1], j) for j in self.find(*_VERBS))
        opens = self.tokens[words[0]].start - self.start <= _TOUCHING
        return opens and (asks or (self.scanner.traits.spaced and next(self.find(*_BOUNDS), None) is None))

    def negated(self, i: int) -> bool:
        """Something in the clause of token ``i`` says no to it."""
        clause = self.clause(i)
        for k in range(i - 1, clause.start - 1, -1):
            concept = self.tokens[k].concept
            if concept == "not" or (concept == "lacking" and self._words_between(k, i) <= _LACKING_REACH):
                return True
            if concept == "and":
                break
        for k in range(i + 1, clause.stop):
            if self.tokens[k].concept in ("and", "not_before"):
                return self.tokens[k].concept == "not_before"
        return False

    def _words_between(self, k: int, i: int) -> int:
        return len(WORD.findall(self.text, self.tokens[k].end, self.tokens[i].start))

    def conditional(self, i: int) -> bool:
        """Token ``i`` hangs on a condition that does not hold, or that cannot be told to hold.

        The one condition that can be told is the language of the prompt: "if I write in German, …".
        """
        for j in self.find("if", "if_before", "unless"):
            condition, concept = self._condition(j), self.tokens[j].concept
            tags = {base_language(self.tokens[k].value) for k in condition if self.tokens[k].concept in _LANGUAGES}
            if i in condition:
                return True
            if tags:
                if (self.language in tags) == (concept == "unless"):
                    return True
            elif concept != "unless" and i > j and (concept == "if_before" or self.opens(j, 2)):
                return True
        return False

    def _condition(self, j: int) -> range:
        clause = self.clause(j)
        return range(clause.start, j) if self.tokens[j].concept == "if_before" else range(j, clause.stop)

    def joined(self, i: int) -> list[int]:
        """Token ``i`` and the languages that it is put together with: "in English, French or German"."""
        chain = [i]
        said = False
        for step in (-1, 1):
            k = i
            while len(chain) < _LONGEST_LIST and (other := self._next_language(k, step)) is not None:
                gap = self.text[self.tokens[min(k, other)].end : self.tokens[max(k, other)].start]
                words = WORD.findall(gap)
                link = bool(words) or gap.strip() in _JOINING
                if not (link or gap.strip() == ",") or not self.words("join").issuperset(words):
                    break
                said = said or link
                chain.append(other)
                k = other
        return sorted(chain) if said else [i]

    def _next_language(self, k: int, step: int) -> int | None:
        """The nearest token for a language on one side of token ``k``; commas and conjunctions may be between."""
        k += step
        for _ in range(2):
            if 0 <= k < len(self.tokens) and self.tokens[k].concept in ("comma", "and", "question"):
                k += step
        return k if 0 <= k < len(self.tokens) and self.tokens[k].concept in _LANGUAGES else None

    def script(self, i: int) -> Token | None:
        """The script named right after token ``i``, be it in brackets: its token, ending after the closing one."""
        end = self.tokens[i].end
        for token in self.tokens[i + 1 : i + 4]:
            if token.concept == "script" and not WORD.search(self.text, end, token.start):
                closes = "(" in self.text[end : token.start] and self.text[token.end : token.end + 1] == ")"
                return token._replace(end=token.end + closes)
        return None

    def pointed(self, i: int) -> int | None:
        """Where the word for a passage ends with which token ``i`` ends or which follows: "… as the article"."""
        token = self.tokens[i]
        last = WORD.findall(self.text, token.start, token.end)[-1:]
        if any(word in self.words("passage") for word in last):
            return token.end
        _, end = self.clause_span(i)
        for match in islice(WORD.finditer(self.text, token.end, min(end, token.end + _REACH)), 3):
            if match[0].rpartition("'")[2] in self.words("passage"):
                return match.end()
        return None

    def opens(self, j: int, words: int = 1) -> bool:
        """Token ``j`` begins its clause: at most ``words`` words stand before it."""
        start, _ = self.clause_span(j)
        return len(WORD.findall(self.text, start, self.tokens[j].start)) <= words

    def is_output(self, i: int) -> bool:
        """A verb of output stands right before token ``i``, with at most two words between.

        Where verbs stand last, it follows what comes after token ``i``: "a French translation do".
        """
        if self.scanner.traits.verb_final and i + 2 < len(self.tokens):
            verb = self.tokens[i + 2]
            if verb.concept in _OUTPUT and verb.start - self.tokens[i + 1].end <= _TOUCHING and self.active(i + 2):
                return True
        j = i - 1
        while j > 0 and self.tokens[j].concept == "only":
            j -= 1
        if j < 0 or self.tokens[j].concept not in _OUTPUT:
            return False
        between = self.text[self.tokens[j].end : self.tokens[i].start]
        return len(between) <= 24 and len(WORD.findall(between)) <= 2 and self.active(j)


def sentences(
    text: str, tokens: Sequence[Token], scanner: Vocabulary, language: str | None, wanted: frozenset[str]
) -> Iterator[Sentence]:
    """The sentences that hold a token with one of the ``wanted`` concepts.

    One with more than ``MOST_TOKENS`` is cut: rules look at every token from every other.
    """
    first = start = 0
    for i, token in enumerate(tokens):
        if token.concept == "stop" or i - first == MOST_TOKENS:
            if any(t.concept in wanted for t in tokens[first:i]):
                yield Sentence(text, start, token.start, tokens[first:i], scanner, language)
            first, start = (i + 1, token.end) if token.concept == "stop" else (i, token.start)
    if any(t.concept in wanted for t in tokens[first:]):
        yield Sentence(text, start, len(text), tokens[first:], scanner, language)
