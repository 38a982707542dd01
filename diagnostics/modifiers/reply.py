"""What has come of a reply so far, shared by all that judge it: its text, its wrappings peeled by name, and its counts.

A model wraps what was asked for: a line that leads in ("Here is the poem:"), a code fence, emphasis or quotation marks
around it all. Each ``View`` is the reply with such a wrapping peeled off, the first is the reply as it stands. IFEval's
loose verdict deletes the first and the last line blindly; here only what can be named is peeled off.

Every count goes on where it stopped, at the last line end, however the reply is cut into pieces: looked at again and
again while it streams, a reply is counted once.

What is said of views makes early verdicts safe. Unless the reply is ``unsettled``, each view that the whole reply will
have begins where one begins that it has now, and reaches at least as far: what no view fulfils because it holds too
much, none will.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from diagnostics.text import Segmenter

from .payload import LEAD_IN, Block, code_blocks
from .phrase import spelled_lines

LIMIT = 256_000
"""Longest reply that is judged, in characters."""
_FIRST_LOOK = 32
_GROWTH = 4
"""A reply is looked at again when it has grown by this part of itself."""

_LONGEST_LEAD_IN = 304
_FENCE = re.compile(r"(`{3,16}+|~{3,16}+)[^\n`]{0,40}+\n")
_LONGEST_FENCE = 64
_MOSTLY = 0.5
"""A fence with less than this part of the text, itself aside, is part of the reply and does not wrap it."""
_LED_IN = "the line that leads in"
_EMPHASIS = re.compile(r"\*{1,3}+|_{1,3}+")
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "＂": "＂"}

Sum = TypeVar("Sum")
"""What counts of lines are: an int, a str or anything else that can be added up."""


class View(NamedTuple):
    """``text[start:end]`` of a reply; ``peeled`` names what was taken off, "" where nothing was."""

    start: int
    end: int
    peeled: str = ""

    @property
    def lasting(self) -> bool:
        """Whether it stays however the reply goes on: a fence or a mark may turn out not to wrap it all."""
        return self.peeled in ("", _LED_IN)

    @property
    def form(self) -> str:
        """ "bare" or "unwrapped"."""
        return "unwrapped" if self.peeled else "bare"

    @property
    def note(self) -> str:
        """What an explanation adds."""
        return f" (without {self.peeled})" if self.peeled else ""


class Reply:
    """One reply, at whatever point it has come to.

    ``text`` is what has come, up to the last look; ``complete`` says that it has ended as it should. ``limit`` bounds
    what is kept of it. ``doubled`` says that there is twice as much as when it last said so: the time to judge anew
    what cannot be judged piece by piece.
    """

    def __init__(
        self, text: str = "", complete: bool = False, *, limit: int | None = None, segmenter: Segmenter | None = None
    ) -> None:
        self.text = text
        self.complete = complete
        self.segmenter = segmenter
        self.too_long = False
        self.doubled = True
        self._limit = limit
        self._pending: list[str] = []
        self._length = len(text)
        self._next = len(text) + _FIRST_LOOK
        self._doubled_at = 0
        self._views: tuple[View, ...] | None = None
        self._blocks: list[Block] | None = None
        self._unsettled: bool | None = None
        self._running: dict[object, tuple[int, Any]] = {}

    def feed(self, text: str) -> None:
        """Take the next piece."""
        room = len(text) if self._limit is None else self._limit - self._length
        if len(text) > room:
            self.too_long = True
            text = text[:room]
        if text:
            self._pending.append(text)
            self._length += len(text)

    def look(self) -> bool:
        """Bring ``text`` up to date where enough has come since the last look; whether it was."""
        if self._length < self._next:
            return False
        self._join()
        self._next = self._length + self._length // _GROWTH + _FIRST_LOOK
        self.doubled = self._length >= 2 * self._doubled_at
        if self.doubled:
            self._doubled_at = self._length
        return True

    def close(self, complete: bool) -> None:
        """The reply has ended; ``complete`` is False when it was cut short."""
        self._join()
        self.complete = complete and not self.too_long
        self.doubled = True

    def _join(self) -> None:
        self.text = "".join((self.text, *self._pending))
        self._pending.clear()
        self._views = self._blocks = self._unsettled = None

    @property
    def views(self) -> tuple[View, ...]:
        """The reply as it stands, stripped; without its wrappings, each, in the order in which they are tried."""
        if self._views is None:
            self._views = tuple(_views(self.text, self.complete))
        return self._views

    @property
    def bare(self) -> View:
        """The reply as it stands."""
        return self.views[0]

    @property
    def unsettled(self) -> bool:
        """May what has come turn out to be a line that leads in, or the start of a fence?"""
        if self._unsettled is None:
            self._unsettled = not self.complete and _unsettled(self.text)
        return self._unsettled

    @property
    def blocks(self) -> list[Block]:
        """The fenced code blocks; of the whole lines only, if the reply is not complete."""
        if self._blocks is None:
            self._blocks = code_blocks(self.settled)
        return self._blocks

    @property
    def settled(self) -> str:
        """The reply without the line that is still being written: what it says may yet change."""
        return self.text if self.complete else self.text[: self.text.rfind("\n") + 1]

    @property
    def prose(self) -> str:
        """``settled`` without the code blocks."""
        parts, start = [], 0
        text = self.settled
        for block in self.blocks:
            parts.append(text[start : block.outer[0]])
            start = block.outer[1]
        return "".join([*parts, text[start:]]) if parts else text

    def of(self, view: View, *, whole_lines: bool = False, whole_words: bool = False) -> str:
        """The text of a view; without the line, or the word, that is still being written."""
        return self.text[view.start : self._end(view, whole_lines, whole_words)]

    def sum(
        self, count: Callable[[str], Sum], view: View, *, whole_lines: bool = False, whole_words: bool = False
    ) -> Sum:
        """``count`` of a view, which must be the sum of the counts of its lines; equal ``count``s share their work.

        With ``whole_lines`` the line that is still being written is left out, with ``whole_words`` the word.
        """
        text, end = self.text, self._end(view, whole_lines, whole_words)
        place, found = self._running.get((count, view.start), (view.start, None))
        if found is None or place > end:
            place, found = view.start, count("")
        cut = end if self.complete else max(text.rfind("\n", place, end) + 1, place)
        if cut > place:
            found = found + count(text[place:cut])
            self._running[count, view.start] = (cut, found)
        total: Sum = found if cut == end else found + count(text[cut:end])
        return total

    def _end(self, view: View, whole_lines: bool, whole_words: bool) -> int:
        if self.complete or not (whole_lines or whole_words) or self.text.find("\n", view.end) >= 0:
            return view.end
        end = self.text.rfind("\n", view.start, view.end) + 1
        if whole_words:
            ended = self.text[view.end : view.end + 1] == " "
            end = view.end if ended else max(end, self.text.rfind(" ", view.start, view.end) + 1)
        return max(end, view.start)

    def spelled(self, view: View) -> str:
        """A view as ``phrase.spelled`` gives it."""
        return self.sum(spelled_lines, view).rstrip(" ")


def _views(text: str, complete: bool) -> list[View]:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if not complete:
        end = _before_half_fence(text, end)
    end = max(start, end)
    views = [View(start, end)]
    lead = LEAD_IN.match(text)
    if lead is not None and (lead.end() < end or not complete):
        views.append(View(lead.end(), max(lead.end(), end), _LED_IN))
    for view in views[:2]:
        fenced = _fenced(text, view)
        if fenced is not None and (fenced.end > fenced.start or not complete):
            views.append(fenced)
    return views + [inner for view in views if (inner := _marked(text, view, complete)) is not None]


def _before_half_fence(text: str, end: int) -> int:
    """The end, before a last line that may become the end of a fence."""
    line = text.rfind("\n", 0, end) + 1
    if not line or text.find("\n", end) >= 0 or text[line:end].lstrip(" \t")[:1] not in ("`", "~"):
        return end
    return len(text[:line].rstrip())


def _fenced(text: str, view: View) -> View | None:
    """What a fence holds that opens where the view begins."""
    opened = _FENCE.match(text, view.start)
    if opened is None:
        return None
    start = opened.end()
    closing = re.compile(rf"^[ \t]{{0,3}}+{opened[1]}[`~]*+[ \t]*+$", re.MULTILINE)
    closed = closing.search(text, start, view.end)
    if closed is None:
        return View(start, max(start, view.end), "the code fence")
    end = max(start, start + len(text[start : closed.start()].rstrip()))
    after = len(text[closed.end() : view.end].strip())
    return View(start, end, "the code fence") if end - start >= _MOSTLY * (end - start + after) else None


def _marked(text: str, view: View, complete: bool) -> View | None:
    """What stands in one pair of marks of emphasis, or of quotation marks, which is the whole view."""
    first = text[view.start : min(view.end, view.start + 1)]
    if not first or (first not in "*_" and first not in _QUOTES):
        return None
    emphasis = _EMPHASIS.match(text, view.start, view.end)
    opening, closing = (emphasis[0], first) if emphasis else (first, _QUOTES[first])
    inner = text[view.start + len(opening) : view.end].rstrip(closing)
    start, end = view.start + len(opening), view.start + len(opening) + len(inner)
    if any(mark in inner for mark in {first, *closing}):
        return None
    if complete and (not inner.strip() or view.end - end != len(opening)):
        return None
    stripped = inner.strip()
    start += inner.find(stripped) if stripped else len(inner)
    return View(start, start + len(stripped), "the emphasis" if emphasis else "the quotation marks")


def _unsettled(text: str) -> bool:
    lead = LEAD_IN.match(text)
    start = lead.end() if lead else len(text) - len(text.lstrip())
    if text.find("\n", start) >= 0:
        return False
    head = text[start:].rstrip()
    if head[:1] in ("`", "~") and len(head) <= _LONGEST_FENCE:
        return True
    return not head if lead else len(head) <= _LONGEST_LEAD_IN
