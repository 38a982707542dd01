"""Our verdicts beside the official ones on recorded replies (M-IFEval, English and French), each difference explained.

Bare is strict (for JSON as is a fence, which is stripped there), bare or unwrapped is loose. Three comparisons: the
official rules as ``official`` has them with the published verdicts, ours with the published ones, and ours with what is
an official defect set apart. What is neither pass nor fail with us is counted apart: doubt is no verdict.

Every difference is put into a class by rules, never by hand: "official" where a named defect of the official rule
explains it, "ambiguous" where people may differ, "ours" where nothing explains it.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import py3langid

from bench.language.data import DATA
from bench.language.trials import judge
from diagnostics.core import Verdict
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LanguageMismatch
from diagnostics.modifiers import MODIFIERS, Modifier
from diagnostics.modifiers.payload import fenced
from diagnostics.modifiers.reply import Reply
from diagnostics.text import sentences

from . import official
from .arguments import normal
from .data import RESPONSES, Prompt, read, short
from .extraction import LANGUAGE, NAMES

HELP = "our verdicts beside the official ones"

CLASSES = ("official", "ambiguous", "ours")
RELATIONS = {"au moins": "at least", "moins de": "less than"}
FRENCH: dict[str, dict[str, Any]] = {
    "title": {"opening": "##", "closing": "##"},
    "options": {"options": list(official.FRENCH_OPTIONS)},
}
"""What the French edition asks for in its prompts and does not list among the arguments."""


_WRAPPING = "\"'“”‘’«»*_` \n"


class Response(Prompt, frozen=True, kw_only=True):
    """A reply with the published verdicts on each instruction of its prompt."""

    model: str
    response: str | None
    strict: list[bool]
    loose: list[bool]


class Case(NamedTuple):
    """One verdict of ours beside the published one; ``rule`` is the official rule's as we recompute it."""

    name: str
    kind: str
    row: Response
    ifeval: str
    arguments: dict[str, Any]
    ours: bool | None
    published: bool
    rule: bool | None
    explanation: str

    @property
    def reply(self) -> str:
        """The reply; one that is missing is empty."""
        return self.row.response or ""

    def __str__(self) -> str:
        said = {True: "pass", False: "fail", None: "no verdict"}
        return (
            f"{self.row.place} {self.row.model} {self.row.key} {self.name} {self.kind}: "
            f"ours {said[self.ours]}, official {said[self.published]}: {self.explanation}"
        )


Check = Callable[[str], tuple[Verdict, str | None, str]]
"""Reply -> verdict, form, explanation."""


def cases(folder: Path, detector: LanguageMismatch) -> Iterator[Case]:
    """Two for every instruction that a modifier stands for: strict and loose."""
    modifiers = {modifier.name(): modifier for modifier in MODIFIERS}
    for row in read(folder / f"{RESPONSES}.jsonl.gz", Response):
        for i, (ifeval, arguments) in enumerate(row.labels):
            name = NAMES.get(ifeval, "")
            if ifeval == LANGUAGE:
                yield from _both(row, i, name, partial(_spoken, detector, arguments["language"], row.language))
            elif name in modifiers:
                yield from _both(row, i, name, partial(_checked, declared(modifiers[name], arguments, row.language)))


def _both(row: Response, i: int, name: str, check: Check) -> Iterator[Case]:
    ifeval, arguments = row.labels[i]
    reply = row.response or ""
    verdict, form, explanation = check(reply)
    bare = form == "bare"
    if name == "json" and form == "unwrapped":
        bare = check(re.sub(r"\A\s*```\w*|```\s*\Z", "", reply))[1] == "bare"
    judged = verdict in (Verdict.PASS, Verdict.FAIL)
    passed = verdict == Verdict.PASS
    for kind, ours, published, rule in (
        ("strict", passed and bare, row.strict[i], official.strict(ifeval, reply, arguments, row.language)),
        ("loose", passed, row.loose[i], official.loose(ifeval, reply, arguments, row.language)[0]),
    ):
        yield Case(name, kind, row, ifeval, arguments, ours if judged else None, published, rule, explanation)


def _checked(modifier: Modifier, reply: str) -> tuple[Verdict, str | None, str]:
    outcome = modifier.check(reply, True)
    return outcome.verdict, outcome.form, outcome.explanation


def _spoken(detector: LanguageMismatch, wanted: str, asked_in: str, reply: str) -> tuple[Verdict, str | None, str]:
    finding = judge(detector, reply, wanted, asked_in)
    return finding.verdict, "bare", finding.explanation


def declared(modifier: type[Modifier], arguments: dict[str, Any], language: str) -> Modifier:
    """The modifier with the arguments of an official row; French relations are put into IFEval's words."""
    given = arguments | (FRENCH.get(modifier.name(), {}) if language == "fr" else {})
    known = {name: RELATIONS.get(str(value), value) for name, value in given.items() if value is not None}
    return msgspec.convert({name: known[name] for name in modifier.__struct_fields__ if name in known}, modifier)


class Reason(NamedTuple):
    """Why a verdict differs: the class, a name, and when it holds."""

    blame: str
    name: str
    holds: Callable[[Case], bool]


def explain(case: Case) -> tuple[str, str]:
    """Class and name of the first reason that holds."""
    for reason in (*_GENERAL, *_BY_TYPE.get(case.name, ())):
        if reason.holds(case):
            return reason.blame, reason.name
    return "ours", "unexplained"


def _another_text(case: Case) -> str:
    """Of a loose verdict that only a changed text passes, the name of the first that does; "" otherwise."""
    if case.kind == "strict" or case.ours or not case.rule:
        return ""
    name = official.loose(case.ifeval, case.reply, case.arguments, case.row.language)[1]
    return "" if name == official.VARIANTS[0] else name


def _dropped(case: Case) -> tuple[str, str]:
    """The first and the last line where the official loose verdict needs them gone, "" where not."""
    name = _another_text(case)
    lines = case.reply.split("\n")
    first = lines[0].strip() if "first" in name else ""
    return first, lines[-1].strip() if "last" in name else ""


def _asterisks(case: Case) -> bool:
    return _another_text(case) == f"{official.VARIANTS[0]}, no asterisks"


def _repeated(case: Case) -> bool:
    first, last = _dropped(case)
    return bool(first) and not last and normal(first) in normal(case.row.prompt)


def _unpeeled(case: Case) -> bool:
    """Nothing was dropped but what we peel by name: a line that ends in a colon, a rule, a fence."""
    first, last = _dropped(case)
    return bool(first or last) and (not first or first.endswith(":")) and not last.strip("-*_~`#= ")


def _closing(case: Case) -> bool:
    first, last = _dropped(case)
    return bool(last) and first.endswith(":") and case.reply.rstrip().split("\n")[-2:-1] == [""]


def _blindly(case: Case) -> bool:
    return bool(_another_text(case))


def _peeled_by_name(case: Case) -> bool:
    """What we peel passes the official rule, too."""
    if case.kind == "strict" or not case.ours or case.published:
        return False
    block = fenced(case.reply)
    reply = Reply(case.reply, True)
    texts = [*map(reply.of, reply.views), *([block.text] if block else [])]
    return any(_obeys(case, text.strip(_WRAPPING)) for text in texts)


def _obeys(case: Case, text: str) -> bool | None:
    return official.strict(case.ifeval, text, case.arguments, case.row.language)


def _mended(pattern: str, replacement: str = "") -> Callable[[Case], bool]:
    """Does the official rule give our verdict once the text is rid of what it trips over?"""
    compiled = re.compile(pattern)

    def holds(case: Case) -> bool:
        text = compiled.sub(replacement, case.reply)
        return text != case.reply and _obeys(case, text) == case.ours

    return holds


_GENERAL = (
    Reason("official", "an empty reply fails whatever is asked", lambda case: not case.reply.strip()),
    Reason(
        "official", "the published verdict is not the rule's (a tool that draws lots)",
        lambda case: case.rule is not None and case.rule != case.published,
    ),
    Reason("ambiguous", "loose only without the request, which was to be repeated", _repeated),
    Reason("official", "loose only without any asterisks", _asterisks),
    Reason("ours", "wrapping that is not peeled", _unpeeled),
    Reason("ambiguous", "loose only without a lead-in and a closing remark", _closing),
    Reason("official", "loose only with a first or last line dropped blindly", _blindly),
    Reason("official", "loose does not peel a lead-in, a fence or quotes", _peeled_by_name),
)  # fmt: skip


def _fragments(case: Case) -> bool:
    """Without what Punkt parts off (the number of a list item, what closes a quotation) its verdict is ours."""
    if case.rule is None:
        return False
    parts = official.punkt(case.reply, case.row.language)
    own = [part for part in parts if not re.search(r"(?:\A|\n)\W*\d{1,3}[.)]\W*\Z", part)]
    own = [part for part in own if not re.match(r"[”\"’»*)]", part) and not part[:1].islower()]
    enough = len(own) >= case.arguments["num_sentences"]
    at_least = RELATIONS.get(case.arguments["relation"], case.arguments["relation"]) == "at least"
    return (enough if at_least else not enough) == case.ours


def _near(case: Case) -> bool:
    if case.rule is None:
        return False
    theirs = len(official.punkt(case.reply, case.row.language))
    return abs(theirs - len(sentences(case.reply))) <= max(1, theirs // 20)


def _in_words(case: Case) -> bool:
    """Does the official rule give our verdict where keywords are words?"""
    given = {key: _bounded(value) for key, value in case.arguments.items()}
    return official.strict(case.ifeval, case.reply, given, case.row.language) == case.ours


def _bounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_bounded(each) for each in value]
    return rf"(?<!\w){re.escape(value)}(?!\w)" if isinstance(value, str) and value not in _COMPARISONS else value


def _in_a_word(case: Case) -> bool:
    marker = re.escape(case.arguments["postscript_marker"])
    return re.search(rf"(?i)(?<!\w){marker}", case.reply) is None


def _at_the_end(case: Case) -> bool:
    return case.reply.rstrip("*_#: \n").lower().endswith(case.arguments["postscript_marker"].lower().rstrip("."))


def _several_quotations(case: Case) -> bool:
    return case.reply.strip().count('"') > 2 and case.reply.strip()[0] == case.reply.strip()[-1] == '"'


def _inside_a_line(case: Case) -> bool:
    """Are there too few labels once those go that follow a word on their line?"""
    text = re.sub(rf"(?m)(?<=\w)[^\n\w]+{re.escape(case.arguments['section_spliter'])}", " ", case.reply)
    return _obeys(case, text) == case.ours


def _same_letters(case: Case) -> bool:
    parts = ["".join(filter(str.isalnum, part)) for part in case.reply.split("******")]
    return len(parts) == 2 and parts[0] == parts[1]


def _other_case(case: Case) -> bool:
    options = official.FRENCH_OPTIONS if case.row.language == "fr" else official.ENGLISH_OPTIONS
    return any(option.lower() in case.reply.lower() for option in options)


def _confused(case: Case) -> bool:
    """Does another engine take the reply for what was asked, as we do?"""
    return case.ours is True and py3langid.classify(case.reply)[0] == case.arguments["language"]


_COMPARISONS = {"at least", "less than", *RELATIONS}
_LANGDETECT = (Reason("official", "langdetect on a short text or on capitals", lambda case: case.ours is True),)
_WORD = (Reason("official", "a keyword inside a longer word", _in_words),)
_BY_TYPE: dict[str, tuple[Reason, ...]] = {
    "bullets": (
        Reason("official", "emphasis or a rule as a bullet", _mended(r"(?m)^\s*(?:\*(?=[^\s*])|-+(?=[^\s-]|$))")),
    ),
    "capitals": (
        Reason("official", "NLTK parts what an apostrophe joins", _mended(r"\b[^\W\d_]{1,2}['’](?=\w)|(?<=\w)['’]")),
    ),
    "ending": (Reason("official", "curly quotation marks are letters", _mended(r"[”’»]\s*\Z")),),
    "highlight": (
        Reason("official", "the asterisk of a list item opens", _mended(r"(?m)^\s*\*(?=\s)")),
        Reason("official", "no emphasis: a blank inside the asterisk", _mended(r"\*\s[^\n*]*\*")),
    ),
    "include": _WORD,
    "keyword": _WORD,
    "language": (
        Reason("official", "langdetect has no such tag", lambda case: case.arguments["language"] == "zh"),
        Reason("official", "langdetect alone takes it for another language", _confused),
        Reason("ambiguous", "two languages", lambda case: "% of the text in" in case.explanation),
    ),
    "letters": (
        Reason(
            "official", "a letter drawn at random",
            lambda case: not re.fullmatch("[A-Za-z]", case.arguments["letter"]),
        ),
    ),
    "lowercase": _LANGDETECT,
    "options": (Reason("official", "the option in another case", _other_case),),
    "paragraphs": (
        Reason("official", "more asterisks, parted at three", _mended(r"\*{4,}")),
        Reason("ambiguous", "*** inside a line", _mended(r"(?m)(?<=[^\s*])[^\S\n]*\*{3}|\*{3}(?=[^\S\n]*[^\s*])")),
    ),
    "placeholders": (
        Reason("official", "the number of a reference is taken for a placeholder", _mended(r"\[\d+\]")),
    ),
    "postscript": (
        Reason("official", "a marker inside a word", _in_a_word),
        Reason("official", "a marker that nothing follows", _at_the_end),
        Reason("ambiguous", "a marker inside a line", lambda case: case.ours is False),
    ),
    "quotes": (Reason("ambiguous", "every paragraph in its own quotation marks", _several_quotations),),
    "responses": (
        Reason("ambiguous", "more than six asterisks in a row", _mended(r"\*{7,}", "******")),
        Reason("official", "two responses that differ in marks only", _same_letters),
    ),
    "sections": (
        Reason("official", "a Roman numeral is none", _mended(r"\b[IVX]+\b", "1")),
        Reason("ambiguous", "a label inside a line", _inside_a_line),
    ),
    "sentences": (
        Reason("official", "Punkt parts off list numbers and closing quotation marks", _fragments),
        Reason("ambiguous", "segmenters differ by a sentence or a twentieth", _near),
    ),
    "uppercase": _LANGDETECT,
    "words": (Reason("official", r"\w+ cuts words at apostrophes and points", _mended(r"(?<=\w)['’.,](?=\w)")),),
}  # fmt: skip


class Agreement:
    """Agreement of one type in one kind: same, differing by class, no verdict of ours; the rule with the published."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[tuple[str, str]] = Counter()

    def add(self, case: Case) -> None:
        """Count one verdict."""
        self.counts[
            "rule same" if case.rule == case.published else "rule differs" if case.rule is not None else "-"
        ] += 1
        if case.ours is None:
            self.counts["none"] += 1
        elif case.ours == case.published:
            self.counts["same"] += 1
        else:
            blame, name = explain(case)
            self.counts[blame] += 1
            self.reasons[blame, name] += 1

    @property
    def raw(self) -> float:
        """Share of our verdicts that are the published ones."""
        differ = sum(self.counts[blame] for blame in CLASSES)
        return self.counts["same"] / max(1, self.counts["same"] + differ)

    @property
    def apart(self) -> float:
        """The same with official defects set apart."""
        differ = self.counts["ambiguous"] + self.counts["ours"]
        return self.counts["same"] / max(1, self.counts["same"] + differ)

    @property
    def rule(self) -> float:
        """Share of the published verdicts that the rule gives."""
        return self.counts["rule same"] / max(1, self.counts["rule same"] + self.counts["rule differs"])


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="folder of the development data")
    parser.add_argument("--type", default="", help="only these types, by comma: words,bullets")
    parser.add_argument("--replies", action="store_true", help="show the replies, cut")


def run(options: argparse.Namespace) -> None:
    """Measure and print: types, reasons, every difference."""
    types = set(filter(None, options.type.split(",")))
    tallies: dict[tuple[str, str], Agreement] = {}
    differing: list[Case] = []
    for case in cases(options.data, LanguageMismatch(Identifier())):
        if not types or case.name in types:
            tallies.setdefault((case.name, case.kind), Agreement()).add(case)
            if case.ours not in (None, case.published):
                differing.append(case)
    for tool in ("punkt", "nltk", "langdetect"):
        if not official.installed(tool):
            print(f"{tool}: not installed, its rules are not recomputed: pip install '.[bench]'")
    print_types(tallies)
    print_reasons(tallies)
    for case in differing:
        blame, name = explain(case)
        print(f"{blame:9} {name} | {case}")
        if options.replies:
            print(f"          {case.arguments} {short(case.reply)}")


def print_types(tallies: dict[tuple[str, str], Agreement]) -> None:
    """A line for each type and kind."""
    print(f"\n{'type':13} kind     same official ambiguous ours  none | agreement  apart | the rule recomputed")
    total: dict[tuple[str, str], Agreement] = {}
    for (_, kind), tally in tallies.items():
        total.setdefault(("all", kind), Agreement()).counts += tally.counts
    for (name, kind), tally in [*sorted(tallies.items()), *sorted(total.items())]:
        counts = tally.counts
        print(
            f"{name:13} {kind:6} {counts['same']:6} {counts['official']:8} {counts['ambiguous']:9} {counts['ours']:4} "
            f"{counts['none']:5} |    {tally.raw:6.1%} {tally.apart:6.1%} | "
            f"{tally.rule:6.1%} of {counts['rule same'] + counts['rule differs']}"
        )
    print("agreement: with the published verdicts; apart: official defects set apart; none: no verdict of ours")


def print_reasons(tallies: dict[tuple[str, str], Agreement]) -> None:
    """How often each reason explains a difference."""
    reasons = sum((tally.reasons for tally in tallies.values()), Counter())
    print()
    for (blame, name), count in sorted(reasons.items(), key=lambda pair: (pair[0][0], -pair[1])):
        print(f"{count:4} {blame:9} {name}")
    print()
