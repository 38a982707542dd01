"""Two logs, paired where they can be."""

from __future__ import annotations

import pytest

from diagnostics.canary.decision import Action, decide
from diagnostics.canary.evidence import Arm
from diagnostics.canary.logs import Reply, Unpaired, pair, paired_evidence, policy, reply
from diagnostics.jsonl import parse_either
from diagnostics.runner import Diagnostics
from diagnostics.standard import standard


@pytest.fixture(scope="module")
def diagnostics() -> Diagnostics:
    return standard()


def of(id: str | None, prompt: str | None = None, outcome: str = "pass", language: str = "de") -> Reply:
    return Reply(id, None if prompt is None else prompt.encode(), (language, language), {"language": outcome})


def test_pairs_by_prompt_also_when_it_comes_again() -> None:
    stable = [of("1", "a"), of("2", "b"), of("3", "a", "fail")]
    canary = [of("7", "a", "fail"), of("8", "a"), of("9", "c")]
    found = pair(stable, canary)
    assert [(one.id, other.id) for one, other in found] == [("1", "7"), ("3", "8")]
    (row,) = [each for each in paired_evidence(found).pairs if each.stable == "fail"]
    assert (row.language, row.canary, row.pairs) == ("de", "pass", 1)


def test_pairs_by_id_where_a_log_has_no_prompts() -> None:
    assert len(pair([of("1"), of("2")], [of("2", "b"), of("1", "a")])) == 2


def test_ids_that_have_nothing_to_do_with_each_other_are_no_pairs() -> None:
    """Numbers of lines: the second was asked in another language."""
    assert pair([of("1"), of("2")], [of("1"), of("2", language="fr")]) == []


def test_a_few_prompts_in_common_make_no_paired_logs() -> None:
    assert pair([of(None, str(n)) for n in range(10)], [of(None, str(n)) for n in range(6, 16)]) == []
    assert len(pair([of(None, str(n)) for n in range(10)], [of(None, str(n)) for n in range(5, 15)])) == 5


def test_replies_without_a_name_are_no_pairs() -> None:
    assert pair([of(None)], [of(None)]) == []


def test_other_logs_have_their_shares_as_weights_from_beginning_to_end() -> None:
    stable = [of(None, f"s{n}", language="de" if n % 3 else "fr") for n in range(90)]
    canary = [of(None, f"c{n}", "fail", language="de" if n % 2 else "fr") for n in range(20)]
    log = Unpaired(stable, canary)
    whole, half = log.evidence(), log.evidence(0.5)
    assert [phase.weight for phase in whole.phases] == [10 / 70, 10 / 40]
    assert half.phases == whole.phases
    assert sum(row.requests for row in half.counts) == 55
    assert {row.phase for row in whole.counts if row.language == "fr"} == {1}
    assert sum(row.requests for row in whole.counts if row.arm is Arm.CANARY) == 20
    assert decide(policy([*stable, *canary]), whole).action is Action.ROLLBACK


def test_the_policy_provides_for_what_there_is() -> None:
    replies = [of(None, "a"), of(None, "b", language="fr"), Reply(None, b"c", ("fr", "fr"), {"modifier.html": "pass"})]
    found = policy(replies)
    assert (found.languages, found.others) == (2, 1)


def test_what_came_of_an_exchange(diagnostics: Diagnostics) -> None:
    def outcomes(line: str) -> dict[str, str]:
        return reply(diagnostics, parse_either(line.encode())).outcomes

    asked = '"prompt": "Wie wird das Wetter heute in Hamburg?"'
    assert outcomes(f'{{{asked}, "response": "Es wird heute sonnig und warm."}}')["language"] == "pass"
    assert outcomes(f'{{{asked}, "response": "It will be sunny and warm today."}}')["language"] == "fail"
    assert outcomes(f'{{{asked}, "response": " "}}')["reply"] == "empty"
    missing = outcomes(f"{{{asked}}}")
    assert (missing["reply"], missing["language"]) == ("error", "error")
    cut = outcomes(f'{{{asked}, "response": "Es wird heute sonnig und", "finish_reason": "length"}}')
    assert cut["length"] == "cut_off"


def test_a_diagnosis_is_taken_as_it_is(diagnostics: Diagnostics) -> None:
    line = b"""{"id": "x", "instruction_language": "fr", "version": "0.1.0", "complete": false, "expected_language":
        {"tag": "de", "origin": "requested"}, "language": {"name": "language", "verdict": "fail"}, "modifiers": []}"""
    found = reply(diagnostics, parse_either(line))
    assert (found.id, found.prompt, found.asked) == ("x", None, ("fr", "de"))
    assert found.outcomes == {"reply": "pass", "length": "cut_off", "language": "fail"}
