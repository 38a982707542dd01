"""What a store does, whichever it is."""

from __future__ import annotations

import threading
from time import time

import msgspec
import pytest

from diagnostics.core import Diagnosis, Message
from service.errors import StoreError, UnknownInference
from service.ids import uuid7
from service.store.base import Audit, Body, Consistency, Count, Entry, Feedback, Found, Judgement, Kept, Query
from service.store.sql import PAGE, SQLStore
from tests.service.store.conftest import Opening
from tests.stores import entry

COUNT = Count(model="m", run="r", phase=1, arm="canary", language="de", check="language", outcome="fail")


def id_of(moment: float, number: int = 0) -> str:
    """A UUIDv7 of a moment."""
    bits = int(moment * 1000) << 80 | 0x7 << 76 | 0x2 << 62 | number
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def kept(*entries: Entry) -> list[Kept]:
    return [Kept(each) for each in entries]


def body(id: str, attempt: int = 0, text: str = "Hallo 😀\0!") -> Body:
    return Body(
        id=id,
        attempt=attempt,
        messages=(Message("user", "Grüß mich"),),
        response=text,
        finish_reason="stop",
        expected_language="de",
        modifiers=(msgspec.Raw(b'{"name":"html"}'),),
        diagnosis=Diagnosis(id=id),
    )


def test_what_was_written_is_read_with_every_field(store: SQLStore) -> None:
    full = entry(
        run="2026-11",
        phase=3,
        probability=0.25,
        conversation="abc",
        role="shadow",
        pair=uuid7(),
        final=False,
        client="team-a",
        api="chat",
        streamed=True,
        found=(Found("language", "fail", 0), Found("bullets", "pass", 1.0, "unwrapped"), Found("lead_in", "fail")),
        repair="repaired",
        prompt_tokens=10,
        completion_tokens=2**31 - 1,
        characters=300,
        first_token=0.25,
        diagnosing=0.001,
        finish_reason="stop",
        judged="sampled",
    )
    bare = entry(attempt=1, id=full.id, language=None, found=())
    store.write(kept(bare, full))
    assert store.attempts(full.id) == [full, bare]


def test_an_id_that_there_is_not_has_no_attempts_and_no_text(store: SQLStore) -> None:
    for id in (uuid7(), "", "no id", "'; DROP TABLE records; --", "\0", "\ud800", uuid7().upper()):
        assert store.attempts(id) == []
        assert store.body(id, 0) is None


def test_a_text_comes_back_as_it_was(store: SQLStore) -> None:
    mine, other = entry(), entry()
    text = body(mine.id)
    store.write([Kept(mine, text), Kept(other)])
    assert store.body(mine.id, 0) == text
    assert store.body(mine.id, 1) is None
    assert store.body(other.id, 0) is None
    assert list(store.bodies([(mine.id, 0), (other.id, 0)])) == [text]


def test_an_attempt_written_twice_changes_nothing(store: SQLStore) -> None:
    first = entry()
    changed = msgspec.structs.replace(first, outcome="cancelled")
    counts = (COUNT, msgspec.structs.replace(COUNT, outcome="pass"))
    store.write([Kept(first, None, counts)])
    store.write([Kept(changed, body(first.id), counts), Kept(entry(), None, (COUNT,))])
    assert store.attempts(first.id) == [first]
    assert store.body(first.id, 0) is None
    assert {count.outcome: count.requests for count in store.counts("m", "r")} == {"fail": 2, "pass": 1}


def test_twice_in_one_batch_counts_once(store: SQLStore) -> None:
    one = Kept(entry(), None, (COUNT,))
    store.write([one, one])
    assert [count.requests for count in store.counts("m", "r")] == [1]


def test_of_a_conversation_only_the_first_is_counted_in_a_run(store: SQLStore) -> None:
    def said(conversation: str | None, run: str = "r") -> Kept:
        count = msgspec.structs.replace(COUNT, run=run)
        return Kept(entry(run=run, conversation=conversation), None, (count,))

    store.write([said("a"), said("a"), said("b"), said(None), said(None)])
    store.write([said("a"), said("c"), said("a", "r2")])
    assert [count.requests for count in store.counts("m", "r")] == [5]
    assert [count.requests for count in store.counts("m", "r2")] == [1]


def test_counters_of_open_cohorts_are_not_shown_until_they_are_closed(store: SQLStore) -> None:
    at = [msgspec.structs.replace(COUNT, cohort=cohort) for cohort in (100, 101, 102)]
    store.write([Kept(entry(), None, (count,)) for count in at])
    assert store.counts("m", "r") == []
    store.close_cohorts("m", "r", 102)
    assert store.counts("m", "r") == [msgspec.structs.replace(COUNT, requests=2)]
    store.write([Kept(entry(), None, (at[0],))])  # late
    store.close_cohorts("m", "r", 103)
    store.close_cohorts("m", "r", 103)
    assert store.counts("m", "r") == [msgspec.structs.replace(COUNT, requests=4)]
    assert store.counts("m", "another") == []


def test_a_query_narrows_by_every_field(store: SQLStore) -> None:
    wrong = entry(
        model="n",
        checkpoint="d",
        arm="canary",
        role="shadow",
        run="r",
        language="fr",
        expected_language="fr",
        language_verdict="fail",
        found=(Found("language", "fail", 0), Found("bullets", "fail")),
    )
    right = entry(found=(Found("language", "pass", 2), Found("bullets", "fail", 0.5), Found("html", "pass")))
    store.write([Kept(right), Kept(wrong, body(wrong.id))])
    for name in ("model", "checkpoint", "arm", "role", "run", "language", "expected_language", "language_verdict"):
        assert list(store.entries(Query(**{name: getattr(wrong, name)}))) == [wrong], name
        assert list(store.entries(Query(**{name: "x"}))) == [], name
    assert list(store.entries(Query(failed="language"))) == [wrong]
    assert len(list(store.entries(Query(failed="bullets")))) == 2
    assert list(store.entries(Query(failed="html"))) == []
    assert list(store.entries(Query(failed='html","pass'))) == []
    assert list(store.entries(Query(with_text=True))) == [wrong]


def test_a_query_narrows_by_time_and_goes_on_where_it_ended(store: SQLStore) -> None:
    moments = [entry(id_of(1_700_000_000 + second)) for second in range(10)]
    store.write(kept(*moments))
    query = Query(since=1_700_000_003, until=1_700_000_006)
    assert list(store.entries(query, oldest_first=True)) == moments[3:6]
    newest = list(store.entries(Query(), limit=4))
    assert newest == moments[:-5:-1]
    assert list(store.entries(Query(before=newest[-1].id), limit=2)) == [moments[5], moments[4]]


def test_more_than_a_page_is_read_whole_and_in_order(store: SQLStore) -> None:
    ids = [id_of(1_700_000_000, number) for number in range(PAGE + 7)]
    many = [entry(id, attempt=attempt) for id in ids for attempt in (0, 1)]
    store.write(kept(*many))
    store.write([Kept(each, body(each.id, each.attempt)) for each in many[:3]])
    assert list(store.entries(Query(), oldest_first=True)) == many
    assert list(store.entries(Query())) == many[::-1]
    assert len(list(store.entries(Query(), limit=PAGE + 1))) == PAGE + 1
    assert list(store.bodies((each.id, each.attempt) for each in many)) == []


def test_feedback_is_kept_once_a_key_with_the_final_attempt(store: SQLStore) -> None:
    first = entry(id_of(1_700_000_000), final=False, outcome="replaced")
    final = entry(first.id, attempt=1)
    other = entry(model="n")
    store.write(kept(first, final, other))
    comment = Feedback(key="k1", id=first.id, time=1.0, kind="comment", text="a\0b\ud800 ж", author="x")
    rating = Feedback(key="k2", id=other.id, time=2.0, kind="criteria", criteria={"language": 2}, client="team")
    assert store.add_feedback(comment)
    assert not store.add_feedback(msgspec.structs.replace(comment, text="other"))
    assert store.add_feedback(rating)
    ((entry_, read), second) = store.feedback(Query())
    assert (entry_, read.key, read.author) == (final, "k1", "x")
    assert read.text in ("a\N{REPLACEMENT CHARACTER}b? ж", "a\0b? ж")
    assert second == (other, rating)
    assert list(store.feedback(Query(), kind="criteria")) == [second]
    assert list(store.feedback(Query(model="n"))) == [second]
    with pytest.raises(UnknownInference, match="there is no inference"):
        store.add_feedback(msgspec.structs.replace(comment, key="k3", id=uuid7()))
    with pytest.raises(UnknownInference, match="no id"):
        store.add_feedback(msgspec.structs.replace(comment, key="k3", id="no id"))


def test_judgements_are_kept_once_an_attempt_and_judge(store: SQLStore) -> None:
    judged = entry()
    store.write(kept(judged))
    scored = Judgement(id=judged.id, attempt=0, time=1.0, judge="a", status="scored", criteria={"helpfulness": 2})
    failed = Judgement(id=judged.id, attempt=0, time=2.0, judge="b", status="error", reason="unreadable")
    store.add_judgements([scored, failed])
    store.add_judgements([msgspec.structs.replace(scored, status="error")])
    assert list(store.judgements(Query())) == [(judged, scored), (judged, failed)]
    assert list(store.judgements(Query(model="x"))) == []


def test_comparisons_of_languages(store: SQLStore) -> None:
    of = entry()
    store.write(kept(of))
    found = Consistency(
        id=of.id, time=1.0, model="m", checkpoint="c", arm="stable", language="de", pivot="en", verdict="fail",
        reasons=("numbers", "judge"),
    )  # fmt: skip
    store.add_consistency(found)
    store.add_consistency(found)
    assert list(store.consistency(Query(language="de"))) == [found]
    assert list(store.consistency(Query(language="en"))) == []


def test_audits_come_newest_first(store: SQLStore) -> None:
    audits = [
        Audit(time=float(second), model="m", run=run, action="weight", actor="policy", weight=0.5, detail=detail)
        for second, run, detail in (
            (1, "r", msgspec.Raw(b'{"a":1}')),
            (2, "r", msgspec.Raw(b"null")),
            (2, "q", msgspec.Raw(b"[]")),
        )
    ]
    for audit in audits:
        store.add_audit(audit)
    assert store.audits("m") == audits[::-1]
    assert store.audits("m", "r") == [audits[1], audits[0]]
    assert store.audits("m", limit=1) == [audits[2]]
    assert store.audits("n") == []


def test_a_state_changes_only_from_what_was_expected(store: SQLStore) -> None:
    assert store.state("run") is None
    assert not store.put_state("run", b"x", expected=b"never")
    assert store.put_state("run", b"\0one", expected=None)
    assert not store.put_state("run", b"two", expected=None)
    assert not store.put_state("run", b"two", expected=b"other")
    assert store.put_state("run", b"two", expected=b"\0one")
    assert store.state("run") == b"two"


def test_what_is_old_is_forgotten_and_texts_before_records(store: SQLStore) -> None:
    day = 86_400
    begin = 1_700_000_000 // day * day
    entries = [entry(id_of(begin + at * day, number)) for at in range(4) for number in range(3)]
    store.write([Kept(each, body(each.id)) for each in entries])
    for each in entries:
        store.add_feedback(Feedback(key=each.id, id=each.id, time=1.0, kind="boolean", value=1))
    gone = store.expire(records_before=begin + day, bodies_before=begin + 2 * day)
    assert gone == 3 + 3 + 6
    assert list(store.entries(Query(), oldest_first=True)) == entries[3:]
    assert len(list(store.feedback(Query()))) == 9
    assert [each.id for each in store.bodies((e.id, 0) for e in entries)] == [each.id for each in entries[6:]]
    assert store.expire(records_before=begin + day, bodies_before=begin + 2 * day) == 0
    store.write(kept(entries[0]))  # late; and there is a place for it again
    assert store.attempts(entries[0].id) == [entries[0]]


def test_many_rows_are_forgotten_in_steps(store: SQLStore) -> None:
    many = [entry(id_of(1_600_000_000, number)) for number in range(PAGE + 7)]
    new = entry()
    store.write(kept(*many, new))
    for number in range(PAGE + 3):  # more of one inference than a step takes
        store.add_feedback(Feedback(key=str(number), id=many[0].id, time=1.0, kind="boolean", value=0))
    assert store.expire(records_before=time() - 3600, bodies_before=time()) == 2 * PAGE + 10
    assert list(store.entries(Query())) == [new]


def test_two_write_at_once_and_nothing_is_lost(opening: Opening) -> None:
    batches = [[Kept(entry(), None, (COUNT,)) for _ in range(20)] for _ in range(20)]
    shared = [Kept(entry(conversation=str(number)), None, (COUNT,)) for number in range(30)]

    def write(store: SQLStore, mine: list[list[Kept]], both: list[Kept]) -> None:
        for batch in mine:
            store.write([*batch, *both])

    writers = [
        threading.Thread(target=write, args=(opening(), batches[:10], shared)),
        threading.Thread(target=write, args=(opening(), batches[10:], shared[::-1])),
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    store = opening()
    assert len(list(store.entries(Query()))) == 430
    assert [count.requests for count in store.counts("m", "r")] == [430]


def test_a_batch_is_written_whole_or_not_at_all(store: SQLStore) -> None:
    good = entry()
    broken = msgspec.structs.replace(entry(), model=None)
    with pytest.raises(StoreError):
        store.write([Kept(good, body(good.id), (COUNT,)), Kept(broken)])
    assert store.attempts(good.id) == []
    assert store.body(good.id, 0) is None
    assert store.counts("m", "r") == []
    store.write([Kept(good)])
    assert store.attempts(good.id) == [good]


def test_a_store_may_be_closed_twice_and_used_again(store: SQLStore) -> None:
    store.close()
    store.close()
    store.write(kept(one := entry()))
    assert store.attempts(one.id) == [one]
