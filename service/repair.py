"""What happens when a reply begins wrong: in another language than was wanted, or against a demand on its form.

The first characters are held back until the reply is clear or wrong, or has had its chance. A wrong one can be asked
for again with a reminder, asked of another checkpoint, or refused. Whatever is done, the reply that went wrong counts
against its checkpoint, and a budget keeps a checkpoint that is always wrong from being asked twice for everything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from math import inf

import msgspec

from diagnostics.core import Diagnosis, Instruction, LanguageFinding, ModifierFinding, Repair, Verdict
from diagnostics.language.tags import language_name

from .backends.base import Request
from .config import OnMismatch, Repairing
from .schema import ChatMessage, ChatRequest, ContentPart
from .tap import Tap

SURE = 0.9
"""Confidence from which a demand that was read from the messages is worth a second reply."""

LONGEST_DEMAND = 200
"""Characters of a demand that a reminder repeats."""

_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_messages = msgspec.json.Decoder(list[dict[str, msgspec.Raw]]).decode


class Breach(msgspec.Struct, frozen=True):
    """What is wrong with a reply: the check that says so, how it puts it, and after how many characters. ``language``
    is the one the reply is in, ``demand`` the words of the instruction that it goes against."""

    check: str
    explanation: str
    characters: int
    language: str | None = None
    demand: str | None = None


class Budget:
    """How many repairs a model may have: each inference adds ``share`` of one, and no more than ``BURST`` are saved."""

    BURST = 10.0

    def __init__(self, share: float) -> None:
        self._share = share
        self._saved = self.BURST if share else 0.0

    def earn(self) -> None:
        """An inference has begun."""
        self._saved = min(self.BURST, self._saved + self._share)

    def spend(self) -> bool:
        """Whether there may be a repair now, which then is paid for."""
        if self._saved < 1:
            return False
        self._saved -= 1
        return True


class Policy(msgspec.Struct, frozen=True):
    """What is done about a breach in one inference."""

    action: OnMismatch
    settings: Repairing
    budget: Budget

    async def breach(self, tap: Tap, instruction: Instruction, *, streams: bool) -> Breach | None:
        """Hold a reply back until it is clear or wrong; what is wrong with it. One that does not stream is here as a
        whole before anything is given out, so it is judged as a whole."""
        demands = len(instruction.modifiers) if self.settings.modifiers else 0

        def is_decided() -> bool:
            if tap.watch.alarm is not None:
                return True
            decided = tap.watch.decided if demands else ()
            broken = any(found.verdict is Verdict.FAIL for found in decided)
            return broken or (tap.watch.is_clear and len(decided) == demands)

        if streams:
            await tap.hold(is_decided, self.settings.hold_characters, self.settings.hold_seconds)
        else:
            await tap.hold(lambda: False, inf, None)
        broken = _broken(tap, instruction) if demands else None
        return _mismatch(tap, instruction) or broken

    def note(self, breach: Breach, outcome: str, checkpoint: str, seconds: float = 0.0) -> Repair:
        """What was done, for the diagnosis; an empty ``outcome`` is yet to be seen."""
        return Repair(
            check=breach.check,
            explanation=breach.explanation,
            characters=breach.characters,
            action=self.action,
            outcome=outcome,
            checkpoint=checkpoint,
            seconds=round(seconds, 6),
        )


def _mismatch(tap: Tap, instruction: Instruction) -> Breach | None:
    """The reply is in the wrong language: so says the whole, if it is there, else the first words."""
    alarm = tap.watch.alarm
    if tap.is_over:
        diagnosis = tap.conclude()
        found = diagnosis.language if diagnosis is not None else None
        if found is None or found.verdict is not Verdict.FAIL:
            return None
        return Breach("language", found.explanation, tap.held_characters, found.detected)
    expected = instruction.expected_language
    if alarm is None or expected is None:
        return None
    explanation = f"began in {language_name(alarm.language)}; {language_name(expected.tag)} was asked for"
    return Breach("language", explanation, alarm.characters, alarm.language)


def _broken(tap: Tap, instruction: Instruction) -> Breach | None:
    """The first demand on the form that the reply goes against: in what is there of it, or as a whole."""
    diagnosis = tap.conclude() if tap.is_over else None
    for found in tap.watch.decided if diagnosis is None else diagnosis.modifiers:
        if isinstance(found, ModifierFinding) and found.verdict is Verdict.FAIL and found.confidence >= SURE:
            return Breach(found.name, found.explanation, tap.held_characters, demand=_words(found, instruction))
    return None


def _words(found: ModifierFinding, instruction: Instruction) -> str | None:
    """The words of the instruction that ask for it; None where it was declared."""
    if found.span is None or found.message is None:
        return None
    start, end = found.span
    return " ".join(instruction.messages[found.message].content[start:end].split())[:LONGEST_DEMAND]


def convicted(diagnosis: Diagnosis, breach: Breach) -> Diagnosis:
    """The diagnosis of a reply that was stopped for ``breach``: its language is wrong, though so few words alone could
    leave the verdict open. What the demands are worth was decided already."""
    found = diagnosis.language
    if breach.check != "language" or found is None or found.verdict is Verdict.FAIL:
        return diagnosis
    wrong = msgspec.structs.replace(
        found, verdict=Verdict.FAIL, score=0, detected=breach.language, explanation=breach.explanation
    )
    return msgspec.structs.replace(diagnosis, language=wrong)


def noted(diagnosis: Diagnosis, repair: Repair) -> Diagnosis:
    """The diagnosis with what was done; a second reply's own verdict says what came of it."""
    if not repair.outcome:
        outcome = "repaired" if _passes(diagnosis, repair.check) else "not_repaired"
        repair = msgspec.structs.replace(repair, outcome=outcome)
    return msgspec.structs.replace(diagnosis, repair=repair)


def _passes(diagnosis: Diagnosis, check: str) -> bool:
    findings: tuple[LanguageFinding | ModifierFinding | None, ...] = (diagnosis.language, *diagnosis.modifiers)
    return any(found is not None and found.name == check and found.verdict is Verdict.PASS for found in findings)


class Reminder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In one language: "answer in this language", and "keep to this: {demand}"."""

    language: str
    demand: str


class Reminders:
    """What is added to an instruction that is sent again, in the expected language."""

    def __init__(self, texts: Mapping[str, Reminder]) -> None:
        self._texts = texts

    def text(self, breach: Breach, expected: str | None) -> str | None:
        """The reminder about ``breach`` in the language ``expected`` (BCP 47), in English where there is no text in it;
        None for a demand that has no words."""
        tag = expected or "en"
        parts = tag.split("-")
        longest_first = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
        own = next((self._texts[each] for each in longest_first if each in self._texts), None)
        if breach.check == "language":
            return own.language if own is not None else f"Answer in {language_name(tag)}."
        if breach.demand is None:
            return None
        return (own or self._texts["en"]).demand.replace("{demand}", breach.demand)


def load_reminders() -> Reminders:
    """The texts that come with the gateway."""
    raw = tomllib.loads(files("service").joinpath("reminders.toml").read_text(encoding="utf-8"))
    return Reminders(msgspec.convert(raw, dict[str, Reminder]))


def reminded(request: Request, body: bytes, reminder: str) -> tuple[Request, bytes] | None:
    """The request with ``reminder`` after the newest user message, as understood and as sent on; None where there is no
    such message, and for a bare prompt, in which nobody knows where the user's words end. Nothing else of ``body``
    changes."""
    if not isinstance(request, ChatRequest):
        return None
    at = max((at for at, message in enumerate(request.messages) if message.role == "user"), default=None)
    if at is None:
        return None
    messages = list(request.messages)
    content = _extended(messages[at].content, reminder)
    messages[at] = ChatMessage(messages[at].role, content)
    fields = _decode_fields(body)
    sent = _decode_messages(fields["messages"])
    sent[at]["content"] = msgspec.Raw(_extend_raw(sent[at]["content"], reminder))
    fields["messages"] = msgspec.Raw(msgspec.json.encode(sent))
    return msgspec.structs.replace(request, messages=messages), msgspec.json.encode(fields)


def _extended(content: str | list[ContentPart] | None, reminder: str) -> str | list[ContentPart]:
    if isinstance(content, list):
        return [*content, ContentPart("text", reminder)]
    return f"{content or ''}\n\n{reminder}"


def _extend_raw(content: msgspec.Raw, reminder: str) -> bytes:
    value = msgspec.json.decode(content)
    if isinstance(value, list):
        return msgspec.json.encode([*value, {"type": "text", "text": reminder}])
    return msgspec.json.encode(f"{value or ''}\n\n{reminder}")
