"""Surface signals: false alarms on correct answers, flaws found of those put in, and CPU per reply.

    python -m bench.surface [DATA] [--alarms]

DATA is the folder of the development data (default: ``../shared/data`` beside the repository). Read are
``language_confusion`` (replies that pass the benchmark's own rule, which needs ``pip install '.[bench]'``),
``m_ifeval_responses`` (all, with their prompts) and the sentences of ``lingua_lines``, alone and twenty together.
``--alarms`` shows each alarm, to be read by hand: the texts are as they were found, and some are flawed. Times are CPU
times of one thread.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path

import msgspec

from diagnostics.core import ExpectedLanguage, Instruction, Message, Origin, SurfaceFinding
from diagnostics.runner import Diagnostics
from diagnostics.standard import standard
from diagnostics.surface import SIGNALS

from .language import data
from .language.cost import microseconds
from .language.engines import FastText
from .language.official import counted_lines, fasttext_passes, tokenizer
from .language.tables import console, percent, table

LONG = 200
"""Characters of an answer that is long."""

FLAWED = 1000
"""Replies into which each flaw is put."""

SIZES = (300, 2000)
PIECE = 5  # characters of a streamed piece: about a token
REPLIES = 6


class Answer(msgspec.Struct, frozen=True):
    """A text, what it answers, and a name that does not quote it."""

    key: str
    text: str
    instruction: Instruction
    complete: bool = True

    @property
    def language(self) -> str:
        """The expected one."""
        expected = self.instruction.expected_language
        return expected.tag if expected else ""


def wanting(language: str, prompt: str = "") -> Instruction:
    """An instruction that is known to want a language."""
    return Instruction((Message("user", prompt),), language, ExpectedLanguage(language, Origin.DECLARED))


class Asked(data.Reply, frozen=True):
    """A reply of the Language Confusion Benchmark with its prompt, where that is given."""

    prompt: str | None


DIAGNOSTICS = Diagnostics(lambda messages, declared: Instruction(messages), [signal() for signal in SIGNALS])
NONE = Diagnostics(lambda messages, declared: Instruction(messages), ())


def main() -> None:
    """Print all three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=data.DATA, help="folder of the development data")
    parser.add_argument("--alarms", action="store_true", help="show each alarm")
    given = parser.parse_args()
    if not (given.data / "language_confusion.jsonl.gz").exists():
        parser.error(f"no data in {given.data}: give the folder of the development data")
    replies = confused(given.data)
    _print_alarms({**replies, **instructed(given.data), **sentences(given.data)}, show=given.alarms)
    _print_found([each for each in replies["benchmark replies, right"] if not found(each)])
    _print_refusals(given.data)
    _print_cost(given.data)


def found(answer: Answer) -> list[SurfaceFinding]:
    """The flaws of one answer."""
    diagnosis = DIAGNOSTICS.diagnose("", answer.instruction, answer.text, complete=answer.complete)
    return [each for each in diagnosis.surface if isinstance(each, SurfaceFinding)]


def confused(folder: Path) -> dict[str, list[Answer]]:
    """Replies all of whose lines are in the expected language by the benchmark's rule."""
    passes = fasttext_passes(FastText())
    right = []
    for row in data.rows(folder, "language_confusion", Asked):
        tokens = tokenizer(row.expected_language)
        lines = counted_lines(row.text, tokens) if tokens else []
        if lines and all(passes(line, row.expected_language) for line in lines):
            right.append(Answer(row.key, row.text, wanting(row.expected_language, row.prompt or ""), complete=False))
    return {"benchmark replies, right": right}


def instructed(folder: Path) -> dict[str, list[Answer]]:
    """Replies to instructions in English and French, where they hold what was asked for and where not."""
    diagnostics = standard()
    read = cache(lambda prompt: diagnostics.read((Message("user", prompt),)))
    answers: dict[str, list[Answer]] = {"m-ifeval, all done": [], "m-ifeval, others": []}
    for number, row in enumerate(data.rows(folder, "m_ifeval_responses", data.Judged)):
        kind = "m-ifeval, all done" if all(row.strict) else "m-ifeval, others"
        answers[kind].append(Answer(f"m-ifeval/{number}", row.response or "", read(row.prompt)))
    return answers


def sentences(folder: Path) -> dict[str, list[Answer]]:
    """Sentences of newspapers and web pages, alone and twenty in a row."""
    single, joined = [], []
    for language, texts in data.lines(folder, "sentences").items():
        single += [Answer(f"{language}/{at}", text, wanting(language)) for at, text in enumerate(texts)]
        rows = (" ".join(texts[at : at + 20]) for at in range(0, len(texts), 20))
        joined += [Answer(f"{language}/{at}+", text, wanting(language)) for at, text in enumerate(rows)]
    return {"sentences": single, "twenty sentences": joined}


def _print_alarms(sets: dict[str, list[Answer]], *, show: bool) -> None:
    names = [signal.name for signal in SIGNALS]
    shown = table(f"alarms (long: {LONG} characters)", "texts", "number", "long", *names, "in long ones")
    for title, answers in sets.items():
        alarms = [(answer, flaw) for answer in answers for flaw in found(answer)]
        counts = Counter(flaw.name for _, flaw in alarms)
        long = sum(len(answer.text) >= LONG for answer in answers)
        in_long = len({answer.key for answer, _ in alarms if len(answer.text) >= LONG})
        shown.add_row(title, str(len(answers)), str(long), *(str(counts[name]) for name in names), str(in_long))
        for answer, flaw in alarms if show else ():
            start, end = flaw.span or (0, 0)
            around = answer.text[max(0, start - 40) : min(end, start + 80) + 40]
            console.print(f"{flaw.name} {answer.key}: {around!r}", markup=False, soft_wrap=True)
    console.print(shown)


Spoil = Callable[[Answer, random.Random], str | None]
"""Puts a flaw into a text; None where it has no place for it."""


def loop(answer: Answer, draw: random.Random, *, words: int, times: int) -> str | None:
    """The reply stops where its last words come again and again."""
    units = answer.text.split(" ")
    if len(units) < words + 5:
        return None
    end = draw.randrange(words + 4, len(units))
    return " ".join(units[:end]) + (" " + " ".join(units[end - words : end])) * times


def numbered_loop(answer: Answer, draw: random.Random) -> str | None:
    """A list whose items are all the same from one on."""
    item = " ".join(answer.text.split()[:8])
    return f"{answer.text}\n" + "".join(f"{number}. {item}\n" for number in range(1, draw.randrange(10, 30)))


LATIN = ("de", "es", "fr", "it", "pt", "tr", "vi")


def misread(
    answer: Answer, draw: random.Random, *, encoding: str, only_one: bool = False, languages: Sequence[str] = ()
) -> str | None:
    """The reply, or one character of it, as UTF-8 read in another encoding."""
    foreign = [at for at, char in enumerate(answer.text) if char.isalpha() and not char.isascii()]
    if not foreign or (languages and answer.language not in languages):
        return None
    at = draw.choice(foreign)
    start, end = (at, at + 1) if only_one else (0, len(answer.text))
    wrong = answer.text[start:end].encode()
    # What the code page leaves open is a control character, as browsers have it.
    read = (bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in wrong)
    return answer.text[:start] + "".join(read) + answer.text[end:]


def lost(answer: Answer, draw: random.Random) -> str | None:
    """One character is U+FFFD."""
    at = draw.randrange(len(answer.text) - 5)
    return answer.text[:at] + "\ufffd" + answer.text[at + 1 :]


_LOOK_ALIKE = dict(zip("aceopx", "асеорх", strict=True))


def look_alike(answer: Answer, draw: random.Random) -> str | None:
    """One small letter inside a word is its like of the other script, Latin or Cyrillic."""
    swap = {**_LOOK_ALIKE, **{cyrillic: latin for latin, cyrillic in _LOOK_ALIKE.items()}}
    text = answer.text
    places = [
        at for at in range(1, len(text) - 1) if text[at] in swap and text[at - 1].islower() and text[at + 1].islower()
    ]
    if not places:
        return None
    at = draw.choice(places)
    return text[:at] + swap[text[at]] + text[at + 1 :]


def glued(answer: Answer, draw: random.Random) -> str | None:
    """Chinese letters stand inside a word of another script."""
    text = answer.text
    places = [
        at for at in range(3, len(text) - 3) if text[at - 3 : at + 3].isalpha() and text[at - 3 : at + 3].islower()
    ]
    if not places or answer.language in ("zh", "ja", "ko"):
        return None
    at = draw.choice(places)
    return text[:at] + draw.choice(["发展", "的", "管理", "情况"]) + text[at:]


_RESIDUE = ("<|im_end|>", "<|eot_id|><|start_header_id|>assistant", "<end_of_turn>", "</s>", "[/INST]", "<|endoftext|>")


def residue(answer: Answer, draw: random.Random) -> str | None:
    """A marker of a chat template follows."""
    return answer.text + draw.choice(_RESIDUE)


def blank(answer: Answer, draw: random.Random) -> str | None:
    """An English blank follows, in a reply that is not to be in English."""
    return None if answer.language == "en" else f"{answer.text}\n\n" + draw.choice(["[Your Name]", "{name}"])


SPOILS: dict[str, tuple[str, Spoil]] = {
    "the last 3 words, 40 times": ("repetition", partial(loop, words=3, times=40)),
    "the last 12 words, 6 times": ("repetition", partial(loop, words=12, times=6)),
    "items that differ in their number": ("repetition", numbered_loop),
    "UTF-8 read as Windows-1252": ("mojibake", partial(misread, encoding="cp1252")),
    "UTF-8 read as Latin-1": ("mojibake", partial(misread, encoding="latin-1")),
    "Russian read as Windows-1251": ("mojibake", partial(misread, encoding="cp1251", languages=("ru",))),
    "one accented letter as Windows-1252": (
        "mojibake",
        partial(misread, encoding="cp1252", only_one=True, languages=LATIN),
    ),
    "U+FFFD": ("mojibake", lost),
    "one Latin or Cyrillic look-alike": ("mixed_script", look_alike),
    "Chinese inside a word": ("mixed_script", glued),
    "a marker of a chat template": ("template", residue),
    "an English blank": ("template", blank),
}


def _print_found(sound: Sequence[Answer]) -> None:
    shown = table(
        f"flaws put into benchmark replies that are right (up to {FLAWED} each, fixed seed)",
        "flaw", "signal", "replies", "found, %", "other alarms", names=2,
    )  # fmt: skip
    for title, (name, spoil) in SPOILS.items():
        draw = random.Random(1)
        flawed = list(_spoilt(spoil, draw.sample(sound, min(FLAWED, len(sound))), draw))
        names = [{flaw.name for flaw in found(answer)} for answer in flawed]
        hits = sum(name in each for each in names)
        others = sum(bool(each - {name}) for each in names)
        shown.add_row(title, name, str(len(flawed)), percent(hits, len(flawed)), str(others))
    console.print(shown)


def _spoilt(spoil: Spoil, answers: Sequence[Answer], draw: random.Random) -> Iterator[Answer]:
    for answer in answers:
        text = spoil(answer, draw)
        if text is not None:
            yield msgspec.structs.replace(answer, text=text)


_REFUSES = ("sorry", "apolog", "can't", "cannot", "unable to", "not able to")


def _print_refusals(folder: Path) -> None:
    """What looks like an English refusal where another language was wanted: the first line, in English by fastText."""
    engine = FastText()
    refusals = []
    for row in data.rows(folder, "language_confusion", Asked):
        line = row.text.strip().partition("\n")[0].replace("’", "'").lower()[:200]
        if row.expected_language != "en" and any(each in line for each in _REFUSES) and engine.best(line) == "en":
            refusals.append(Answer(row.key, row.text, wanting(row.expected_language, row.prompt or ""), complete=False))
    hits = sum(any(flaw.name == "refusal" for flaw in found(each)) for each in refusals)
    console.print(f"English first lines with {', '.join(_REFUSES)}: {len(refusals)}, called refusals: {hits}\n")


def stream(watched: Diagnostics, answer: Answer, text: str) -> None:
    """One reply through the diagnosis, piece by piece."""
    watch = watched.watch("", answer.instruction)
    for at in range(0, len(text), PIECE):
        watch.feed(text[at : at + PIECE])
    watch.close(complete=True)


def _print_cost(folder: Path) -> None:
    texts: dict[str, list[str]] = {}
    for reply in data.replies(folder):
        if reply.model == "gpt-3.5-turbo" and reply.task == "monolingual":
            texts.setdefault(reply.expected_language, []).append(reply.text)
    shown = table(
        f"CPU of all signals per reply, µs (median of {REPLIES} replies fed in pieces of {PIECE} characters, less "
        "that of a diagnosis without signals)",
        "characters", *sorted(texts), "mean",
    )  # fmt: skip
    for size in SIZES:
        costs = {language: _cost(language, "\n\n".join(texts[language]), size) for language in sorted(texts)}
        shown.add_row(str(size), *(f"{cost:.0f}" for cost in costs.values()), f"{statistics.mean(costs.values()):.0f}")
    console.print(shown)


def _cost(language: str, text: str, size: int) -> float:
    answer = Answer("", "", wanting(language, "Bitte schreib mir etwas."))
    chosen = [text[at : at + size] for at in range(0, REPLIES * size, size)]
    all_, none = (microseconds(partial(stream, watched, answer), chosen) for watched in (DIAGNOSTICS, NONE))
    return all_ - none


if __name__ == "__main__":
    main()
