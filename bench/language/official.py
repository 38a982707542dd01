"""The Language Confusion Benchmark's line and word pass rates, recomputed, beside ours.

The rule is that of ``compute_metrics.py`` in github.com/for-ai/language-confusion (Apache-2.0; Marchisio et al.,
"Understanding and Mitigating Language Confusion in LLMs", EMNLP 2024), written anew from its description: cut the
reply at a question that it asks itself, drop ASCII punctuation and the Arabic comma, cut it into lines, keep those of
at least five tokens (jieba's for Chinese, MeCab's for Japanese, else what lies between spaces). A line passes when
fastText's first label is the expected language with a probability above 0.3. A reply passes when all its lines do, and
replies without a line are left out. The benchmark has lid.176.bin; its small sibling lid.176.ftz stands in for it here.
The words of the word pass rate are those of Webster's second edition that begin with a small letter and have more than
three, as the benchmark's file has them.
"""

from __future__ import annotations

import importlib.util
import string
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import msgspec

from diagnostics.core import Verdict
from diagnostics.language.passrates import WORD_LANGUAGES, PassRule

from . import data
from .data import Reply
from .engines import Engine, FastText, same
from .tables import console, percent, table
from .trials import Setup, judge

SURE = 0.3
"""Probability that fastText's label must exceed, else the line is in no language and fails."""

FEWEST_TOKENS = 5
CLOSE = 2.0
"""Points of line pass rate within which a cell counts as agreeing."""

PUBLISHED = {
    "gpt-3.5-turbo": (99.1, 89.8),
    "mistral-8x7b": (73.0, 69.0),
    "llama-2-instruct": (48.3, 38.4),
}
"""Line pass rate in % as the paper gives it: monolingual, cross-lingual."""

_DROPPED = str.maketrans({**dict.fromkeys(string.punctuation + "،", ""), "—": " "})

Tokens = Callable[[str], list[str]]
Passes = Callable[[str, str], bool]
Words = frozenset[str]


@cache
def tokenizer(language: str) -> Tokens | None:
    """What counts a line's tokens; None where the package is not installed."""
    if language == "zh":
        return _jieba() if importlib.util.find_spec("jieba") else None
    if language == "ja":
        return _mecab() if importlib.util.find_spec("fugashi") and importlib.util.find_spec("unidic_lite") else None
    return str.split


def _jieba() -> Tokens:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.lcut  # type: ignore[no-any-return]


def _mecab() -> Tokens:
    from fugashi import Tagger

    tagger = Tagger("-O wakati -b 50000")
    return lambda line: str(tagger.parse(line)).split()


def english_words() -> Words | None:
    """The benchmark's English words; None where the package is not installed."""
    if importlib.util.find_spec("english_words") is None:
        return None
    from english_words import get_english_words_set

    words = get_english_words_set(["web2"])
    return frozenset(word for word in words if word.islower() and len(word) > 3)


def counted_lines(text: str, tokens: Tokens) -> list[str]:
    r"""The lines that the rule looks at, without punctuation; ``text`` is the reply up to its first ``\nQ:``."""
    plain = text.strip().translate(_DROPPED)
    return [line for line in plain.split("\n") if len(tokens(line)) >= FEWEST_TOKENS]


def fasttext_passes(engine: FastText) -> Passes:
    """The benchmark's judge of one line."""

    def passes(line: str, language: str) -> bool:
        ((label, probability),) = engine.labels(line)
        return label == language and probability > SURE

    return passes


def names_it(engine: Engine) -> Passes:
    """Any engine in the place of the benchmark's: its first answer must be the expected language."""
    return lambda line, language: engine.best(line) == same(language)


def settled(theirs: Passes, others: Sequence[Passes]) -> Passes:
    """The benchmark's judge, put right where it stands alone: what all the others pass, passes."""
    return lambda line, language: (
        theirs(line, language) or (len(others) > 0 and all(other(line, language) for other in others))
    )


class Rate:
    """Line pass rate of one cell: the share of the replies with a counted line of which no line fails."""

    def __init__(self) -> None:
        self.replies = 0
        self.passed = 0

    def add(self, passes: bool) -> None:
        self.replies += 1
        self.passed += passes

    @property
    def percent(self) -> float:
        return 100 * self.passed / self.replies if self.replies else 100.0


Cell = tuple[str, str, str, str]


class Difference(msgspec.Struct, frozen=True):
    """One counted line of which two judges think differently: does it pass by the benchmark's?"""

    key: str
    line: int
    language: str
    official: bool


def all_lines(replies: Iterable[Reply]) -> list[tuple[Reply, list[str]]]:
    """The replies with a counted line, and these lines; languages whose tokenizer is not installed are left out."""
    found = []
    for reply in replies:
        tokens = tokenizer(reply.expected_language)
        lines = counted_lines(reply.text, tokens) if tokens else []
        if lines:
            found.append((reply, lines))
    return found


def rates(counted: Iterable[tuple[Reply, list[str]]], passes: Passes) -> dict[Cell, Rate]:
    """Line pass rate of every cell by one judge."""
    cells: defaultdict[Cell, Rate] = defaultdict(Rate)
    for reply, lines in counted:
        cells[reply.cell].add(all(passes(line, reply.expected_language) for line in lines))
    return dict(cells)


def word_rates(counted: Iterable[tuple[Reply, list[str]]], passes: Passes, english: Words) -> dict[Cell, Rate]:
    """Word pass rate of every cell whose language has one: of the replies that pass by their lines, those without a
    token that is an English word."""
    cells: defaultdict[Cell, Rate] = defaultdict(Rate)
    for reply, lines in counted:
        language = reply.expected_language
        if language in WORD_LANGUAGES and all(passes(line, language) for line in lines):
            tokens = tokenizer(language)
            assert tokens is not None, "lines were counted with it"
            cells[reply.cell].add(english.isdisjoint(token.strip() for line in lines for token in tokens(line)))
    return dict(cells)


def product_rates(rule: PassRule, replies: Iterable[Reply]) -> tuple[dict[Cell, Rate], dict[Cell, Rate]]:
    """Line and word pass rates of every cell as the product counts them."""
    lines: defaultdict[Cell, Rate] = defaultdict(Rate)
    words: defaultdict[Cell, Rate] = defaultdict(Rate)
    for reply in replies:
        found = rule.judge(reply.response or "", reply.expected_language)
        if found.line is not None:
            lines[reply.cell].add(found.line)
        if found.word is not None:
            words[reply.cell].add(found.word)
    return dict(lines), dict(words)


def differences(counted: Iterable[tuple[Reply, list[str]]], theirs: Passes, ours: Passes) -> list[Difference]:
    """The lines of which two judges think differently."""
    return [
        Difference(reply.key, number, reply.expected_language, theirs(line, reply.expected_language))
        for reply, lines in counted
        for number, line in enumerate(lines)
        if theirs(line, reply.expected_language) != ours(line, reply.expected_language)
    ]


def within(cells: dict[Cell, Rate], reference: dict[Cell, Rate]) -> int:
    """In how many cells two judges are close; a cell without a judged reply counts as 100 %."""
    empty = Rate()
    return sum(abs(cells.get(cell, empty).percent - rate.percent) <= CLOSE + 1e-9 for cell, rate in reference.items())


def cells_by_our_rules(setup: Setup, replies: Iterable[Reply]) -> dict[Cell, Rate]:
    """Our own line verdicts instead: a reply passes when none of its lines is called wrong."""
    cells: defaultdict[Cell, Rate] = defaultdict(Rate)
    for reply in replies:
        found = judge(setup.detector, reply.text, reply.expected_language, reply.asked_in, complete=False)
        if found.lines and found.lines.passed + found.lines.failed and found.verdict is not Verdict.ABSTAIN:
            cells[reply.cell].add(found.lines.failed == 0)
    return dict(cells)


def mean(cells: dict[Cell, Rate], model: str, task: str) -> float:
    """The benchmark's mean of a model and task in %: over languages, of each language's mean over sources."""
    by_language: defaultdict[str, list[float]] = defaultdict(list)
    for (each, its_task, _, language), rate in cells.items():
        if (each, its_task) == (model, task):
            by_language[language].append(rate.percent)
    return sum(sum(rates) / len(rates) for rates in by_language.values()) / len(by_language) if by_language else 0.0


def run(setup: Setup) -> None:
    """Print the means beside the published ones, then every cell in which we are more than two points away."""
    fasttext = next((engine for engine in setup.jury if isinstance(engine, FastText)), None)
    recorded = data.replies(setup.data)
    rule = PassRule(setup.identifier)
    product, words = product_rates(rule, recorded)
    if fasttext is None:
        _print_means({"as the product counts": product}, len(recorded))
        console.print("official rule: fastText's small model is not installed\n")
        return
    counted = all_lines(recorded)
    theirs, ours = cache(fasttext_passes(fasttext)), cache(rule.passes)
    peers = {engine.name: cache(names_it(engine)) for engine in setup.jury if engine is not fasttext}
    official = rates(counted, theirs)
    judges = {
        "as the product counts": product,
        "our verifier, their lines": rates(counted, ours),
        "our own rules": cells_by_our_rules(setup, recorded),
    }
    _print_means({"recomputed (lid.176.ftz)": official, **judges}, len(recorded))
    others = {f"{name} for fastText": rates(counted, passes) for name, passes in peers.items()}
    _print_within(judges | others, official, rates(counted, settled(theirs, list(peers.values()))))
    _print_words(counted, theirs, words)
    rules = "as the product counts" if setup.options.official_rules else "our own rules"
    _print_cells(official, judges[rules], rules)
    _print_differences(differences(counted, theirs, ours), show=setup.options.errors)


def _print_words(counted: list[tuple[Reply, list[str]]], theirs: Passes, ours: dict[Cell, Rate]) -> None:
    english = english_words()
    if english is None:
        console.print("official word pass rate: its word list is not installed\n")
        return
    official = word_rates(counted, theirs, english)
    close = within(ours, official)
    shown = table(
        "word pass rate, % of replies without a failing line that have no English word, mean over languages; "
        f"{close} of {len(official)} cells ({percent(close, len(official))} %) are within {CLOSE:g} points",
        "model", "task", "recomputed", "as the product counts",
        names=2,
    )  # fmt: skip
    for model, task in sorted({cell[:2] for cell in official}):
        shown.add_row(model, task, *(f"{mean(cells, model, task):.1f}" for cells in (official, ours)))
    console.print(shown)


def _print_within(judges: dict[str, dict[Cell, Rate]], official: dict[Cell, Rate], put_right: dict[Cell, Rate]) -> None:
    shown = table(
        f"cells (of {len(official)}, most of 100 replies) within {CLOSE:g} points of the recomputed rate: as it is, "
        "and with lines passed that fastText alone fails, against all other peers",
        "judge of a line", "as it is", "%", "put right", "%",
    )  # fmt: skip
    n = len(official)
    for name, cells in judges.items():
        close = [within(cells, reference) for reference in (official, put_right)]
        shown.add_row(name, *(text for each in close for text in (str(each), percent(each, n))))
    console.print(shown)


def _print_means(judges: Mapping[str, dict[Cell, Rate]], n: int) -> None:
    shown = table(
        f"line pass rate, % of replies without a failing line, mean over languages ({n} replies)",
        "model", "task", "published", *judges,
        names=2,
    )  # fmt: skip
    for model, (monolingual, crosslingual) in PUBLISHED.items():
        for task, published in (("crosslingual", crosslingual), ("monolingual", monolingual)):
            means = [mean(cells, model, task) for cells in judges.values()]
            shown.add_row(model, task, f"{published:.1f}", *(f"{each:.1f}" for each in means))
    console.print(shown)


def _print_cells(official: dict[Cell, Rate], ours: dict[Cell, Rate], rules: str) -> None:
    empty = Rate()
    gaps = {cell: ours.get(cell, empty).percent - rate.percent for cell, rate in official.items()}
    far = {cell: gap for cell, gap in gaps.items() if abs(gap) > CLOSE + 1e-9}
    shown = table(
        f"cells (model, task, source, language) more than {CLOSE:g} points from the recomputed rate, by {rules}: "
        f"{len(gaps) - len(far)} of {len(gaps)} ({percent(len(gaps) - len(far), len(gaps))} %) are within",
        "cell", "replies", "official %", "ours %", "ours - official",
    )  # fmt: skip
    for cell, gap in sorted(far.items(), key=lambda pair: -abs(pair[1])):
        rate = official[cell]
        shown.add_row(
            "/".join(cell), str(rate.replies), f"{rate.percent:.1f}", f"{rate.percent + gap:.1f}", f"{gap:+.1f}"
        )
    console.print(shown)


def _print_differences(found: list[Difference], *, show: bool) -> None:
    kinds = Counter((each.language, each.official) for each in found)
    shown = table(
        f"lines on which the benchmark's judge and our verifier differ, its rules ({len(found)} lines)",
        "language", "only fastText fails it", "only we fail it",
    )  # fmt: skip
    for language in sorted({each.language for each in found}):
        shown.add_row(language, str(kinds[language, False]), str(kinds[language, True]))
    console.print(shown)
    if show:
        for each in found:
            console.print(f"  {each.key} line {each.line}: only {'we fail' if each.official else 'fastText fails'} it")
