"""Vocabularies: what is heard in prompts of one language, put together from lexicons as automata."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import get_args

from ahocorasick_rs import AhoCorasick, MatchKind

from diagnostics.language.tags import base_language

from .fold import fold, folded
from .lexicon import SHARED, Frames, Lexicon, Words
from .scanner import Pool, Sayings, Scanner, Spelled, Token, bounded, flatten, spelled, unspaced
from .statement import Traits

_LONGEST_NAME = 40


class Vocabulary:
    """What is heard in prompts of one language: its own lexicon, then English; where both claim a name, the former."""

    def __init__(self, lexicons: Sequence[Lexicon], pool: Pool | None = None) -> None:
        """``pool``: see ``Scanner``."""
        own = lexicons[0]
        noun_final = own.verb_final if own.noun_final is None else own.noun_final
        edges = folded(own.words.get("edge", []))
        self.traits = Traits(
            own.language,
            own.spaced,
            own.verb_final,
            noun_final,
            own.adjective_final,
            own.number_final,
            tuple(sorted(folded(own.suffixes), key=len, reverse=True)),
            fold(own.conjunction),
            tuple(sorted(folded(own.joiners), key=len, reverse=True)),
            tuple(sorted(folded(own.particles), key=len, reverse=True)),
            frozenset(edge for edge in edges if edge[0] != "-"),
            tuple(edge[1:] for edge in edges if edge[0] == "-"),
        )
        self.words = {
            kind: frozenset(fold(word) for lexicon in lexicons for word in lexicon.words.get(kind, ()))
            for kind in get_args(Words)
        }
        prefixes = folded(own.prefixes)
        shared = [Sayings(list(forms), concept) for concept, forms in SHARED.items()]
        said = own.demanded
        taken = {form for group in said for form in group.forms}
        demanded = itertools.chain(said, *(_abroad(each.demanded, taken) for each in lexicons[1:]))
        self._demanded = Scanner(itertools.chain(demanded, shared), prefixes=prefixes, pool=pool)
        self._framing = {
            slot.key: Frames.of(frames) for lexicon in lexicons for slot, frames in lexicon.framing.items()
        }
        self._spoken = Scanner(_first(lexicon.spoken for lexicon in lexicons), prefixes=prefixes, pool=pool)
        self._asking = {*self._framing, "same_language"}
        self._telling = self._spoken.telling(self._asking)

    def spoken(self, text: Spelled, *, named: bool = False) -> list[Token]:
        """The words of the rule for the answer's language, names with the frames around them.

        None where no language is named, be it by words of another language (``named``).
        """
        scanned = self._spoken.scan(text, None if named else self._telling)
        if not named and all(token[2] not in self._asking for token in scanned):
            return []
        tokens: list[Token] = []
        for start, group in itertools.groupby(scanned, key=itemgetter(0)):
            meant = list(group)
            if len(meant) > 1 or meant[0][2] in self._framing or meant[0][2] == "script":
                self._name(text, meant, tokens)
            elif not (tokens and start < tokens[-1][1]):
                tokens += meant
        return tokens

    def _name(self, text: Spelled, meant: Iterable[Token], tokens: list[Token]) -> None:
        """Add what stands at one place: the name with the longest frame, which may cover tokens before it."""
        plain: list[Token] = []
        framed: list[Token] = []
        for token in meant:
            frames = self._framing.get(token.concept)
            if frames is None:
                plain += self._renamed(text, token) if token.concept == "script" else (token,)
            else:
                framed += self._framed(text, token, frames, tokens)
        longest = max(framed, key=lambda token: token.end - token.start, default=None)
        if longest is not None and not (plain and plain[0][:2] == longest[:2]):
            while tokens and tokens[-1].start >= longest.start:
                tokens.pop()
            tokens.append(longest)
        elif plain and not (tokens and plain[0].start < tokens[-1].end):
            tokens.append(plain[0])

    def _renamed(self, text: Spelled, script: Token) -> list[Token]:
        """A script's saying may hide a name: "in Cyrillic Serbian"."""
        inner = text.folded.find(" ", script.start, script.end) + 1
        if not inner:
            return [script]
        end = script.end + _LONGEST_NAME
        found: list[Token] = []
        for token in self._spoken.scan(spelled(text.folded[inner:end])):
            if token.start == 0 and token.end + inner > script.end:
                name = token._replace(start=inner, end=token.end + inner)
                if frames := self._framing.get(token.concept):
                    found += self._framed(text, name, frames, [])
        return found or [script]

    def _framed(self, text: Spelled, name: Token, frames: Frames, before: list[Token]) -> Iterator[Token]:
        """The longest frame around a name; it may cover tokens that stand before, but not begin inside one."""
        for start, end, frame in frames.around(text.folded, name.start, name.end):
            if (
                self._spoken.begins(text.flat, start)
                and bounded(text.flat, end, end)
                and not any(token.start < start < token.end for token in before[-3:])
            ):
                yield Token(start, end, frame, name.value)
                return

    def demanded(self, text: Spelled) -> list[Token]:
        """The words of all other rules."""
        return self._demanded.scan(text)


def _abroad(sayings: Iterable[Sayings], taken: set[str]) -> Iterator[Sayings]:
    """English sayings for prompts in another language: not what means something else there, nor short words, which are
    mostly other words there ("min", "over", "a")."""
    for group in sayings:
        if group.concept != "article":
            forms = [form for form in group.forms if len(form) > _SHORT_WORD and form not in taken]
            yield group._replace(forms=forms)


_SHORT_WORD = 4


def _first(lexicons: Iterable[list[Sayings]]) -> Iterator[Sayings]:
    """All sayings; a form that an earlier lexicon has means nothing else in a later one, but a name may be both."""
    taken: dict[str, bool] = {}
    for sayings in lexicons:
        news: dict[str, bool] = {}
        for group in sayings:
            named = ":" in group.concept
            forms = [form for form in group.forms if form not in taken or (named and taken[form])]
            yield group._replace(forms=forms)
            news |= dict.fromkeys(forms, named)
        taken |= news


_SHORT = 5


_ASKED_FOR = ("en", "fr", "de", "es")
"""Requests for these tell languages apart that share their verbs."""


class Lexicons:
    """All lexicons there are. Automata are built when their language is first met, and kept: one a language at most."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._lexicons = {lexicon.language: lexicon for lexicon in lexicons}
        self.languages = tuple(self._lexicons)
        """Tags of the languages there are."""
        self._vocabularies: dict[str, Vocabulary] = {}
        self._abroad: list[tuple[Scanner, bytes]] | None = None
        self._voters: tuple[AhoCorasick, list[tuple[str, ...]]] | None = None

    def lexicon(self, language: str) -> Lexicon:
        """The lexicon of one of ``languages``; none is kept after ``preload``."""
        return self._lexicons[language]

    def vocabulary(self, language: str) -> Vocabulary:
        """What is heard in prompts in ``language`` (one of ``languages``): its lexicon, then English."""
        if language not in self._vocabularies:
            self._vocabularies[language] = self._vocabulary(language)
        return self._vocabularies[language]

    def _vocabulary(self, language: str, pool: Pool | None = None) -> Vocabulary:
        tags = dict.fromkeys((language, "en"))
        return Vocabulary([self._lexicons[tag] for tag in tags if tag in self._lexicons], pool)

    def preload(self) -> None:
        """Build everything now rather than when a prompt needs it (some 80 ms a language), and let go of the lexicons,
        which nothing needs then."""
        self.guess("")
        self.abroad(spelled(""), "en")
        pool: Pool = {}
        # What a lexicon leaves is room for the next vocabulary; English, which is in all of them, goes last.
        for language in sorted(self._lexicons, key="en".__eq__):
            if language not in self._vocabularies:
                self._vocabularies[language] = self._vocabulary(language, pool)
            del self._lexicons[language]

    def abroad(self, text: Spelled, language: str) -> list[Token]:
        """Every other language's request for itself in a prompt: "What is rain? Responde en español."; and the words
        for answering beside it. None where no language is asked for."""
        if self._abroad is None:
            self._abroad = self._foreign()
        found: list[Token] = []
        for scanner, telling in self._abroad[: 1 if text.flat.isascii() else 2]:
            scanned = scanner.scan(text, telling)
            heard = [token for token in scanned if base_language(token.value) not in (language, "en")]
            for token, following in zip(heard, [*heard[1:], None], strict=False):
                # A short word for answering could be any word, unless the request follows at once: "Svara på svenska".
                if (
                    token.concept == "in"
                    or len(text.folded[token.start : token.end].encode()) > _SHORT
                    or (
                        following and base_language(following.value) == token.value and following.start - token.end <= 1
                    )
                ):
                    found.append(token if token.concept == "in" else token._replace(value=""))
        return found

    def _foreign(self) -> list[tuple[Scanner, bytes]]:
        """The scanner of languages that write spaces, and of those that do not; and what in them asks for one."""
        scanners = (
            Scanner(
                each for lexicon in self._lexicons.values() if lexicon.spaced == writes_spaces for each in lexicon.own
            )
            for writes_spaces in (True, False)
        )
        return [(scanner, scanner.telling({"in"})) for scanner in scanners]

    def guess(self, text: str) -> str:
        """The language whose sayings cover most of folded text; English when none does."""
        votes = self._votes(text)
        winner = max(votes, key=votes.__getitem__, default="en")
        return winner if votes.get(winner) and votes[winner] > votes.get("en", 0) else "en"

    def leaders(self, text: str) -> tuple[str, ...]:
        """The languages whose sayings cover most of folded text; none where no saying is in it."""
        votes = self._votes(text)
        most = max(votes.values(), default=0)
        return tuple(tag for tag, count in votes.items() if count == most) if most else ()

    def _votes(self, text: str) -> dict[str, int]:
        """Characters of folded text that each language's sayings cover."""
        if self._voters is None:
            self._voters = self._ballot()
        automaton, claims = self._voters
        votes = dict.fromkeys(self.languages, 0)
        flat = flatten(text)
        for pattern, start, end in automaton.find_matches_as_indexes(text):
            if bounded(flat, start, end):
                for tag in claims[pattern]:
                    votes[tag] += end - start
        return votes

    def _ballot(self) -> tuple[AhoCorasick, list[tuple[str, ...]]]:
        claims: dict[str, tuple[str, ...]] = {}
        for tag, lexicon in self._lexicons.items():
            targets = dict.fromkeys((*_ASKED_FOR, tag))
            asking = [form for target in targets for form in lexicon.requests(target, whole=False)]
            asking += folded([word for word in lexicon.words.get("link", []) if len(word) > 1])
            # Names of languages that few ask for would make it three times as large.
            said = (each for each in lexicon.spoken if ":" not in each.concept or each.value in self._lexicons)
            for form in _beginnings({*asking, *(form for group in said for form in group.forms)}):
                claims[form] = (*claims.get(form, ()), tag)
        # What most of them say ("JSON") tells none apart.
        claims = {form: tags for form, tags in claims.items() if len(tags) <= max(1, len(self._lexicons) // 2)}
        shared = {each: each for each in claims.values()}
        return AhoCorasick(list(claims), matchkind=MatchKind.LeftmostLongest), [
            shared[each] for each in claims.values()
        ]


def _beginnings(forms: set[str]) -> Iterator[str]:
    """The forms that begin with no other: what follows it tells little more of the language."""
    last = ""
    for form in sorted(forms):
        if not (last and form.startswith(last) and (form[len(last)] == " " or unspaced(last[-1]))):
            yield form
            last = form
