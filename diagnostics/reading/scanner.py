"""Scanning: one Aho-Corasick pass over folded text finds the sayings of a language, linear whatever the text holds.

A text is looked at in three spellings: *folded* (``fold``); *flat*, as long, in which whatever is no letter, mark or
digit is a space; and *spread*, in which every word has its own spaces. Sayings are looked for in spread text with the
space before and the space behind them, so that nothing inside a word is ever met.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from .fold import Spelling

OPEN = "*"
"""At the end of a form: the word may go on ("satz*")."""
_LONGEST_TAIL = 20
"""How many more characters such a word may have."""
_NON_LATIN = "\u0370"
"""Alphabets other than Latin begin here: a Latin word may touch them ("JSON으로")."""
_SEAM = " \0 "
_OTHER = re.compile("[\u0370-\U0010ffff]")
_UNSPACED_CHARS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0010ffff"
_RUN = (
    rf"(?:[!-\u036f]++|[{_UNSPACED_CHARS}]++"
    r"|[\u0370-\u0dff\u0f00-\u0fff\u10a0-\u177f\u1800-\u303f\u3100-\u33ff\ua000-\U0001ffff]++)"
)
"""Characters of flat text whose words may touch those of other runs: Latin ones and digits; those of ``unspaced``; and
all others."""
_TO_SEAM = re.compile(rf" *+(?:{_RUN}(?: ++|\Z))*+(?:{_RUN}|\Z)")
"""What stands before the next place where two runs touch, or before the end."""


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


class Spelled(NamedTuple):
    """A text in three spellings."""

    folded: str
    flat: str
    spread: str


def spelled(folded: str) -> Spelled:
    """All spellings of folded text."""
    flat = flatten(folded)
    return Spelled(folded, flat, spread(flat))


def _flat(char: str) -> str:
    return char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "


_flattening = Spelling(_flat, " 0-9")


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
    written: str | None = None
    """The form with its punctuation, which has to be there; None where it has none."""
    lead: int = 0
    """How many characters of punctuation the form begins with."""


class _Form(NamedTuple):
    """What a key of the automaton stands for."""

    lead: int
    """1 where the key begins with the space before its words, else 0."""
    length: int
    """How many characters the words are."""
    meanings: tuple[_Meaning, ...]
    opened: bool
    """The key ends inside a word that goes on."""
    plain: tuple[tuple[str, str], ...] | None
    """Concepts and values where a match at the beginning of a word is all that is to be seen; None where not."""


Pool = dict[tuple[object, ...], Any]
"""Equal parts of forms, kept once: most languages say the same things."""


def _form(lead: int, length: int, meanings: tuple[_Meaning, ...], opened: bool, pool: Pool) -> _Form:
    plain = None if opened else _plain(meanings)
    if plain is not None:
        plain = pool.setdefault(plain, plain)
    return _Form(lead, length, pool.setdefault(meanings, meanings), opened, plain)


def _plain(meanings: tuple[_Meaning, ...]) -> tuple[tuple[str, str], ...] | None:
    if any(each.written is not None for each in meanings):
        return None
    return tuple((each.concept, each.value) for each in meanings)


class Scanner:
    """The automaton over some sayings. One form may have several meanings; equal meanings are one.

    It runs over *spread* text, and its keys begin and end with the spaces around their words: what it finds is a saying
    that begins and ends with a word, and the longest one at that.
    """

    def __init__(self, sayings: Iterable[Sayings], *, prefixes: Iterable[str] = (), pool: Pool | None = None) -> None:
        """``prefixes``: what may be written on to the front of any word ("و"). Scanners that are made with one ``pool``
        share what they have in common."""
        self._prefixes = frozenset(prefixes)
        self._longest_prefix = max(map(len, self._prefixes), default=0)
        found: dict[str, _Form] = {}
        shared: Pool = {} if pool is None else pool
        for group in sayings:
            usual = _Meaning(group.concept, group.value)
            for form, flat in zip(group.forms, flattened(group.forms), strict=True):
                words = flat.strip(" ")
                if not words:
                    continue
                meaning = usual
                if words != form:
                    meaning = usual._replace(written=form, lead=len(flat) - len(flat.lstrip(" ")))
                lead = 0 if unspaced(words[0]) or (self._prefixes and words[0] >= _NON_LATIN) else 1
                key = spread(words)[1 - lead :]
                closed = not unspaced(words[-1])
                for opened in (False, True) if closed and group.opened else (False,):
                    if opened or not closed:
                        key = key[:-1]
                    known = found.get(key)
                    meanings: tuple[_Meaning, ...] = (meaning,)
                    if known is not None:
                        meanings = known.meanings if meaning in known.meanings else (*known.meanings, meaning)
                    parts = lead, len(words), meanings, opened
                    made = shared.get(parts)
                    if made is None:
                        made = shared[parts] = _form(*parts, shared)
                    found[key] = made
        self._forms = list(found.values())
        self._longest = max(map(len, found), default=0)
        self._automaton = AhoCorasick(list(found), matchkind=MatchKind.LeftmostLongest)

    def telling(self, concepts: Set[str]) -> bytes:
        """For ``scan``: which keys may mean one of these concepts."""
        return bytes(
            form.plain is None or not concepts.isdisjoint([concept for concept, _ in form.plain])
            for form in self._forms
        )

    def scan(self, spelled: Spelled, telling: bytes | None = None) -> list[Token]:
        """All sayings that are words of their own, leftmost and longest first; several of one place side by side.

        Of a text in which surely none of the concepts of ``telling`` is, none are looked for.
        """
        tokens: list[Token] = []
        folded, _, text = spelled
        matches = self._automaton.find_matches_as_indexes(text)
        if telling is not None and not self._may_tell(matches, text, telling):
            return tokens
        seams = "\0" in text
        prefixed = bool(self._prefixes)
        forms = self._forms
        free = last = 0
        added = 1  # so many characters more than ``flat`` has the spread text before ``last``
        for pattern, start, end in matches:
            if start < free:
                continue
            lead, length, _, _, plain = forms[pattern]
            begin = start + lead
            added += text.count("  ", last, begin)
            if seams:
                added += len(_SEAM) * text.count("\0", last, begin)
            last = begin
            if plain is None or (prefixed and text[begin - 1] != " "):
                if not self._accept(pattern, start, end, folded, text, (last, added), tokens):
                    free = self._inside(start, end, folded, text, (last, added), tokens)
                continue
            begin -= added
            for concept, value in plain:
                tokens.append(_token(Token, (begin, begin + length, concept, value)))
        return tokens

    def _may_tell(self, matches: list[tuple[int, int, int]], text: str, telling: bytes) -> bool:
        """A match may mean what is told, or hide what does: one that is no word of its own may."""
        if any(telling[pattern] for pattern, _, _ in matches):
            return True
        return bool(self._prefixes) and any(text[start] != " " != text[start - 1] for _, start, _ in matches)

    def _accept(
        self, pattern: int, start: int, end: int, folded: str, text: str, known: tuple[int, int], tokens: list[Token]
    ) -> bool:
        """Add what a match means, if it is a word of its own with its punctuation; or a word that goes on.

        ``known``: a place in the text where a word begins, and how much longer it is up to there than ``folded``.
        """
        form = self._forms[pattern]
        start += form.lead
        stop = text.find(" ", end, end + _LONGEST_TAIL + 1) if form.opened else end
        if stop < 0 or not (form.lead or self._starts(text, start)):
            return False
        at = start - known[1] - _added(text, known[0], start)
        upto = at + form.length + stop - end
        before = len(tokens)
        for concept, value, written, lead in form.meanings:
            if written is None:
                tokens.append(Token(at, upto, concept, value))
            elif at >= lead and folded.startswith(written, at - lead):
                tokens.append(Token(at - lead, max(upto, at - lead + len(written)), concept, value))
        tokens[before:] = dict.fromkeys(tokens[before:])  # "key-word" and "key word" may be one
        return len(tokens) > before

    def _inside(self, start: int, end: int, folded: str, text: str, known: tuple[int, int], tokens: list[Token]) -> int:
        """A longest saying that is none hid what it begins with, and what begins inside it: both are looked for.

        Returns where the last of them ends: what the automaton met before that is no saying.
        """
        begin, stop = start + 1, end
        while found := self._automaton.find_matches_as_indexes(text[start : stop - 1]):
            if found[0][1]:
                break
            stop = start + found[0][2]
            if self._accept(found[0][0], start, stop, folded, text, known, tokens):
                begin = stop
                break
        free = 0
        for other, at, upto in self._automaton.find_matches_as_indexes(text[begin : end + self._longest]):
            if at + begin >= end:
                break
            if self._accept(other, at + begin, upto + begin, folded, text, known, tokens):
                free = upto + begin
        return free

    def _starts(self, text: str, at: int) -> bool:
        """In spread text a word begins there, or goes on after a prefix; or it needs no beginning."""
        if text[at - 1] == " " or unspaced(text[at]):
            return True
        return text[text.rfind(" ", max(0, at - self._longest_prefix - 1), at) + 1 : at] in self._prefixes

    def begins(self, flat: str, at: int) -> bool:
        """A word begins at this place of flat text, or goes on after a prefix."""
        if at == 0 or not _joined(flat[at - 1], flat[at]):
            return True
        return bool(self._prefixes) and flat[flat.rfind(" ", 0, at) + 1 : at] in self._prefixes


def spread(flat: str) -> str:
    """Flat text with two spaces between words, so that either word has one; one before and after all.

    Where words of different scripts touch, ``_SEAM`` is put between them.
    """
    text = flat.replace(" ", "  ")
    if not text.isascii() and _OTHER.search(text):
        text = _SEAM.join(_TO_SEAM.findall(text)[:-1])  # the last, at the end, is empty
    return f" {text} "


def _added(text: str, start: int, end: int) -> int:
    """How many characters of a part of spread text are not in flat text; a word begins at either end."""
    return text.count("  ", start, end) + len(_SEAM) * text.count("\0", start, end)


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
