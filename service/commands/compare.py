"""``dragoman compare``: two logs of replies, of a stable checkpoint and of a canary, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BufferedReader
from math import exp, log
from pathlib import Path

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from diagnostics.canary import logs
from diagnostics.canary.decision import Action, Decision, Slice, decide
from diagnostics.canary.evidence import Evidence
from diagnostics.canary.logs import Reply
from diagnostics.canary.policy import Policy
from diagnostics.jsonl import parse_either
from diagnostics.runner import Diagnostics
from diagnostics.standard import standard

from ..errors import SetupError
from .evidence_plot import Panel, draw
from .reading import progress, read_lines

NOTEWORTHY = log(10)
"""Evidence from which on an outcome that is not a check's first gets a row for people."""
FEW = 20
"""Replies below which a single modifier gets none."""
MOST_ODDS = 9_999
LOOKS = 60
"""How often the evidence is drawn along the logs."""

STYLES = {Action.PROMOTE: "bold green", Action.ROLLBACK: "bold red", Action.CONTINUE: "bold yellow"}


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What ``--json`` prints. Pairs of numbers are of stable and canary; ``pairs`` is None where the logs are not
    paired, ``refused`` are lines that could not be judged."""

    replies: tuple[int, int]
    refused: tuple[int, int]
    pairs: int | None
    policy: Policy
    decision: Decision


def compare(
    stable: BufferedReader,
    canary: BufferedReader,
    output: Console,
    console: Console,
    *,
    as_json: bool,
    plot: Path | None,
) -> int:
    """Compare two logs and print a table, or JSON, to ``output``; what could not be judged, and how far it is, goes to
    ``console``. Returns the exit status: 1 when the canary is worse, else 0.

    Raises:
        SetupError: a log cannot be read or has no reply that could be judged, or the picture cannot be written.
    """
    diagnostics = standard()
    read = [_read(diagnostics, source, console) for source in (stable, canary)]
    (first, _), (second, _) = read
    policy = logs.policy((*first, *second))
    pairs = logs.pair(first, second)
    so_far = _looks(first, second, pairs)
    with console.status("Weighing the evidence"):
        found = Comparison(
            replies=(len(first), len(second)),
            refused=(read[0][1], read[1][1]),
            pairs=len(pairs) or None,
            policy=policy,
            decision=decide(policy, so_far(1.0), intervals=True),
        )
    if plot is not None:
        with console.status("Drawing"):
            _save(plot, _picture(policy, found, so_far))
    if as_json:
        output.print_json(msgspec.json.encode(found).decode())
    else:
        _show(output, found)
    return 1 if found.decision.action is Action.ROLLBACK else 0


def _read(diagnostics: Diagnostics, source: BufferedReader, console: Console) -> tuple[list[Reply], int]:
    """The replies of a log, and how many lines were refused."""
    replies = []
    refused = 0
    with progress(source, console, f"Judging {source.name}", shown=True) as advance:
        for number, line in enumerate(read_lines(source), start=1):
            if line.strip():
                try:
                    replies.append(logs.reply(diagnostics, parse_either(line)))
                except ValueError as error:
                    where = f"{source.name}, line {number}: {error}"
                    console.print(where, markup=False, highlight=False, soft_wrap=True)
                    refused += 1
            advance(number)
    if not replies:
        raise SetupError(f"{source.name} has no reply that could be judged")
    return replies, refused


def _looks(stable: Sequence[Reply], canary: Sequence[Reply], pairs: Sequence[logs.Pair]) -> Callable[[float], Evidence]:
    """The evidence of a share of the logs, from their beginning."""
    if pairs:
        return lambda share: logs.paired_evidence(pairs[: round(share * len(pairs))])
    return logs.Unpaired(stable, canary).evidence


def _show(output: Console, found: Comparison) -> None:
    decision = found.decision
    shown = [each for each in decision.slices if _is_shown(found.policy, each)]
    title = "Canary against stable, by language of the instruction"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("language")
    table.add_column("missed")
    numbers = ("replies" if found.pairs is None else "pairs", "rates, %", "points", "worse", "no worse")
    for column in numbers:
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("verdict")
    for each in sorted(shown, key=lambda each: (each.check not in found.policy.rules, -sum(each.requests))):
        table.add_row(*_row(each, paired=found.pairs is not None))
    output.print(table)
    confidence = 1 - found.policy.alpha_rollback
    hidden = len(decision.slices) - len(shown)
    enough = 1 / found.policy.alpha_promote
    output.print(
        f"Points: canary less stable, and where the difference lies with a confidence of {confidence:.0%}; above 0 is "
        f"worse. Worse, no worse: odds; {enough:g} show a slice to be no worse than its margin. Open: about so many "
        f"replies are missing. {hidden} rows in which little differs: --json.",
        highlight=False,
        style="dim",
    )
    output.print(_compared(found), highlight=False)
    output.print(
        Text.assemble((decision.action.value, STYLES.get(decision.action, "bold")), f": {decision.reason}"),
        highlight=False,
        soft_wrap=True,
    )


def _compared(found: Comparison) -> str:
    stable, canary = found.replies
    how = f"{found.pairs:,} pairs of replies to the same prompt" if found.pairs else "no pairs: prompts differ"
    odds = _odds(found.decision.log_e_rollback)
    needed = 1 / found.policy.alpha_rollback
    return f"{stable:,} and {canary:,} replies; {how}. Worse somewhere: odds of {odds}; {needed:g} roll back."


def _is_shown(policy: Policy, found: Slice) -> bool:
    """The first outcome of a check, and what is remarkable."""
    if found.worse or found.log_e_worse >= NOTEWORTHY:
        return True
    first = found.outcome == policy.rule(found.check).outcomes[0]
    return first and (found.check in policy.rules or (min(found.requests) >= FEW and sum(found.having) > 0))


def _row(found: Slice, *, paired: bool) -> tuple[str | Text, ...]:
    stable, canary = found.requests
    lowest, highest = found.interval or (-1.0, 1.0)
    return (
        found.language,
        f"{found.check.removeprefix('modifier.')}: {found.outcome}",
        f"{stable:,}" if paired else f"{stable:,} {canary:,}",
        " ".join(f"{100 * rate:5.1f}" if of else "    –" for rate, of in zip(found.rates, found.requests, strict=True)),
        f"{100 * found.difference:+.1f} ({100 * lowest:+.0f} to {100 * highest:+.0f})",
        _odds(found.log_e_worse),
        _odds(found.log_e_no_worse),
        _verdict(found),
    )


def _verdict(found: Slice) -> Text:
    if found.worse:
        return Text("worse", "red")
    if found.no_worse:
        return Text("no worse", "green")
    if not found.gate:
        return Text("watched", "dim")
    left = [each for each in (found.left_to_promote, found.left_to_rollback) if each is not None]
    return Text(f"open, {_rounded(min(left))}" if left else "open", "yellow")


def _rounded(number: int) -> str:
    """Two figures: it is an expectation."""
    return f"{round(number, 2 - len(str(number))):,}"


def _odds(log_e: float) -> str:
    if log_e >= log(MOST_ODDS):
        return f"> {MOST_ODDS:,}"
    value = exp(log_e)
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 else "< 0.1"


def _picture(policy: Policy, found: Comparison, so_far: Callable[[float], Evidence]) -> str:
    shares = [look / LOOKS for look in range(1, LOOKS + 1)]
    decisions = [decide(policy, so_far(share)) for share in shares]
    worse, no_worse = -log(policy.alpha_rollback), -log(policy.alpha_promote)
    overall = [each.log_e_rollback for each in decisions]
    panels = [Panel("all slices together", [each.requests for each in decisions], overall, None, worse, None)]
    for drawn in sorted(filter(_is_drawn, found.decision.slices), key=lambda each: -sum(each.requests)):
        points = [each for look in decisions for each in look.slices if _place(each) == _place(drawn)]
        panels.append(
            Panel(
                f"{drawn.language}: {drawn.check.removeprefix('modifier.')}: {drawn.outcome}",
                [each.requests[1] if found.pairs else sum(each.requests) for each in points],
                [each.log_e_worse for each in points],
                [each.log_e_no_worse for each in points],
                drawn.log_e_needed,
                no_worse,
            )
        )
    return draw(panels, f"Canary: {found.decision.action.value}", "pairs" if found.pairs else "replies")


def _is_drawn(found: Slice) -> bool:
    """Each language, and whatever else is worse."""
    return found.worse or (found.check, found.outcome) == ("language", "fail")


def _place(found: Slice) -> tuple[str, str, str]:
    return (found.language, found.check, found.outcome)


def _save(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise SetupError(f"cannot write {path}: {error.strerror or error}") from None
