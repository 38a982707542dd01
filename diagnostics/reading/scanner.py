"""Scanning: one Aho-Corasick pass over folded text finds the sayings of a language, linear whatever the text holds.

A text is looked at in two spellings of the same length: *folded* (``fold``), and *flat*, in which whatever is no letter,
mark or digit is a space. Sayings of languages that write spaces are looked for in the flat text with the space before
them, so that nothing inside a word is ever met; where one ends inside a word is seen at the next character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from .fold import Spelling

OPEN = "*"
"""At the end of a form: the word may go on ("satz*")."""
_LONGEST_TAIL = 20
"""How many more characters such a word may have."""
_NON_LATIN = "\u0370"
"""Alphabets other than Latin begin here: a Latin word may touch them ("JSON으로")."""
_SPACE = re.compile(" ")


class Token(NamedTuple):
    """A saying that was found: places in the folded text, what it means, and which language, script or number it is."""

    start: int
    end: int
    concept: str
    value: str


_token = tuple.__new__
"""Makes a ``Token`` of its four parts in half the time that its name takes: this is where reading spends it."""


class Sayings(NamedTuple):
    """Forms with one meaning, as ``fold`` spells them. ``opened``: the word may go on."""

    forms: list[str]
    concept: str
    value: str = ""
    opened: bool = False


def _flat(char: str) -> str:
    return char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "


_flattening = Spelling(_flat)


def flatten(folded: str) -> str:
    """Folded text with a space for whatever is no letter, mark or digit; as long as ``folded``."""
    return folded.translate(_ASCII) if folded.isascii() else _flattening(folded)


def flattened(forms: list[str]) -> list[str]:
    """``flatten`` of many short texts at once, none of which holds a NUL."""
    joined = flatten("\0".join(forms))
    found: list[str] = []
    start = 0
    for form in forms:
        end = start + len(form)
        found.append(joined[start:end])
        start = end + 1
    return found


_ASCII = str.maketrans({chr(code): _flat(chr(code)) for code in range(128)})


class _Meaning(NamedTuple):
    concept: str
    value: str
    opened: bool
    written: str | None = None
    """The form with its punctuation, which has to be there; None where it has none."""
    lead: int = 0
    """How many characters of punctuation the form begins with."""


class Scanner:
    """The automaton over some sayings. One form may have several meanings; equal meanings are one."""

    def __init__(self, sayings: Iterable[Sayings], *, spaced: bool, prefixes: Iterable[str] = ()) -> None:
        """``prefixes``: what may be written on to the front of any word ("و")."""
        self._prefixes = frozenset(prefixes)
        spaced = spaced and not self._prefixes
        found: dict[str, tuple[_Meaning, ...]] = {}
        for group in sayings:
            usual = (_Meaning(group.concept, group.value, group.opened),)
            for form, flat in zip(group.forms, flattened(group.forms), strict=True):
                words = flat.strip(" ")
                if not words:
                    continue
                if words == form:
                    meant = usual
                else:
                    lead = len(flat) - len(flat.lstrip(" "))
                    meant = (usual[0]._replace(written=form, lead=lead),)
                key = " " + words if spaced and not unspaced(words[0]) else words
                known = found.get(key)
                if known is None:
                    found[key] = meant
                elif meant[0] not in known:
                    found[key] = (*known, *meant)
        keys = list(found)
        plain = {meanings: _plain(meanings) for meanings in set(found.values())}
        self._meanings = list(found.values())
        self._plain = [plain[found[key]] if key[0] == " " else None for key in keys]
        """What a form means that is a word of its own wherever a space follows it; None where there is more to see."""
        self._places = {key: i for i, key in enumerate(keys)}
        opened = {key: kept for key, all_ in found.items() if (kept := tuple(each for each in all_ if each.opened))}
        self._within = [_longest_beginning(key, opened) for key in keys]
        """What a form means whose last word goes on: it may, or a shorter form may."""
        self._longest = max(map(len, keys), default=0)
        self._automaton = AhoCorasick(keys, matchkind=MatchKind.LeftmostLongest)

    def scan(self, folded: str, flat: str) -> list[Token]:
        """All sayings that are words of their own, leftmost and longest first; several of one place side by side."""
        tokens: list[Token] = []
        # One character ahead of ``flat``: what begins with the space before it begins there in ``flat``.
        text = f" {flat} "
        free = 0
        for pattern, start, end in self._automaton.find_matches_as_indexes(text):
            if start < free:
                continue
            plain = self._plain[pattern]
            if plain is not None and text[end] == " ":
                for concept, value in plain:
                    tokens.append(_token(Token, (start, end - 1, concept, value)))
            elif not self._accept(pattern, start, end, folded, text, tokens):
                free = self._inside(pattern, start, end, folded, text, tokens)
        return tokens

    def _accept(self, pattern: int, start: int, end: int, folded: str, text: str, tokens: list[Token]) -> bool:
        """Add what a match means, if it is a word of its own; or what it means as a word that goes on."""
        first = start if text[start] == " " else start - 1
        before = len(tokens)
        if first >= start or self.begins(text, start):
            bounded = not _joined(text[end - 1], text[end])
            for meaning in self._meanings[pattern]:
                if meaning.written is not None:
                    at = first - meaning.lead
                    if at >= 0 and folded.startswith(meaning.written, at):
                        tokens.append(Token(at, at + len(meaning.written), meaning.concept, meaning.value))
                elif bounded:
                    tokens.append(Token(first, end - 1, meaning.concept, meaning.value))
            tokens[before:] = dict.fromkeys(tokens[before:])  # "key-word" and "key word" may be one
            if len(tokens) == before and (stop := _tail(text, end)):
                tokens += [Token(first, stop - 1, each.concept, each.value) for each in self._within[pattern]]
        return len(tokens) > before

    def _inside(self, pattern: int, start: int, end: int, folded: str, text: str, tokens: list[Token]) -> int:
        """A longest saying that is none hid what it begins with, and what begins inside it: both are looked for.

        Returns where the last of them ends: what the automaton met before that is no saying.
        """
        spaces = [match.start() for match in _SPACE.finditer(text, start + 1, end)]
        stop = next(
            (
                stop
                for stop in reversed(spaces)
                if (place := self._places.get(text[start:stop])) is not None
                and self._accept(place, start, stop, folded, text, tokens)
            ),
            spaces[0] if spaces else end,
        )
        free = 0
        for other, at, upto in self._automaton.find_matches_as_indexes(text[stop : end + self._longest]):
            if at + stop >= end:
                break
            if self._accept(other, at + stop, upto + stop, folded, text, tokens):
                free = upto + stop
        return free

    def begins(self, flat: str, at: int) -> bool:
        """A word begins at this place of flat text, or goes on after a prefix."""
        if at == 0 or not _joined(flat[at - 1], flat[at]):
            return True
        return bool(self._prefixes) and flat[flat.rfind(" ", 0, at) + 1 : at] in self._prefixes


def _plain(meanings: tuple[_Meaning, ...]) -> tuple[tuple[str, str], ...] | None:
    if any(each.written is not None for each in meanings):
        return None
    return tuple((each.concept, each.value) for each in meanings)


def _longest_beginning(key: str, opened: Mapping[str, tuple[_Meaning, ...]]) -> tuple[_Meaning, ...]:
    ends = range(len(key), key.rfind(" ") + 1, -1)
    return next((opened[key[:end]] for end in ends if key[:end] in opened), ())


def bounded(flat: str, start: int, end: int) -> bool:
    """No word goes on over either end. In scripts without spaces a word may end anywhere."""
    return not (_inside(flat, start) or _inside(flat, end))


def _inside(flat: str, at: int) -> bool:
    return 0 < at < len(flat) and _joined(flat[at - 1], flat[at])


def _tail(text: str, end: int) -> int | None:
    """Where the word that goes on at ``end`` ends; None where that is too far."""
    stop = text.find(" ", end, end + _LONGEST_TAIL + 1)
    return stop if stop >= 0 else None


def _joined(left: str, right: str) -> bool:
    """The two characters of flat text, side by side, are in one word."""
    if left == " " or right == " ":
        return False
    if right < _NON_LATIN and left < _NON_LATIN:
        return True
    return not ((left < _NON_LATIN) != (right < _NON_LATIN) or unspaced(left) or unspaced(right))


def unspaced(char: str) -> bool:
    """The character is of a script that puts no space between words."""
    return char >= "\u0e00" and (
        char <= "\u0eff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
        or "\u3040" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or char >= "\U00020000"
    )


def free_of(tokens: list[Token], taken: list[tuple[int, int]]) -> list[Token]:
    """The tokens that lie in none of the sorted, disjoint ranges; both in order."""
    if not taken:
        return tokens
    kept: list[Token] = []
    at, last = 0, len(taken)
    for token in tokens:
        while at < last and taken[at][1] <= token[0]:
            at += 1
        if at == last or token[1] <= taken[at][0]:
            kept.append(token)
    return kept
