from __future__ import annotations

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from service.config import Limits
from service.errors import Overloaded
from service.load import Load, Permit, Places
from service.metrics import Metrics


def sample(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_first_come_first_served_and_nobody_overtakes() -> None:
    places = Places(1, 100)
    await places.take()
    served: list[int] = []

    async def come(number: int) -> None:
        await places.take()
        served.append(number)
        places.give_back()

    early = [asyncio.create_task(come(number)) for number in range(20)]
    await settle()
    places.give_back()
    late = asyncio.create_task(come(20))  # there is a free place for a moment, but it is somebody else's turn
    await asyncio.gather(*early, late)
    assert served == list(range(21))
    assert not places.is_taken


async def test_who_leaves_the_queue_holds_nobody_up() -> None:
    places = Places(1, 3)
    await places.take()
    waiting = [asyncio.create_task(places.take()) for _ in range(3)]
    await settle()
    assert places.is_full
    waiting[0].cancel()
    await settle()
    assert (places.waiting, places.is_full) == (2, False)
    places.give_back()
    await waiting[1]
    waiting[2].cancel()
    await settle()
    places.give_back()
    assert (places.waiting, places.is_taken) == (0, False)


async def test_who_leaves_just_when_it_is_their_turn_passes_the_place_on() -> None:
    places = Places(1, 3)
    await places.take()
    first, second = (asyncio.create_task(places.take()) for _ in range(2))
    await settle()
    places.give_back()
    first.cancel()
    await asyncio.wait_for(second, 1)
    assert places.is_taken


async def test_no_more_than_fit_are_answered_and_no_more_than_may_wait(metrics: Metrics) -> None:
    load = Load(Limits(max_in_flight=2, max_waiting=1, max_wait_seconds=60), {}, metrics)
    first, second = [Permit(await load.take("m"), ()) for _ in range(2)]
    load.check()
    third = asyncio.create_task(load.take("m"))
    await settle()
    assert sample(metrics, "dragoman_requests_waiting", model="") == 1
    with pytest.raises(Overloaded) as caught:
        load.check()
    assert caught.value.retry_after == 60
    with pytest.raises(Overloaded):
        await load.take("m")
    assert sample(metrics, "dragoman_shed_requests_total", reason="queue_full") == 2
    with first:
        pass
    await third
    with second:
        pass
    await load.take("m")


async def test_nobody_waits_longer_than_the_settings_say(metrics: Metrics) -> None:
    load = Load(Limits(max_in_flight=1, max_wait_seconds=0.05), {}, metrics)
    await load.take("m")
    with pytest.raises(Overloaded, match=r"in 0\.05 s"):
        await load.take("m")
    assert sample(metrics, "dragoman_shed_requests_total", reason="queue_timeout") == 1
    assert sample(metrics, "dragoman_requests_waiting", model="") == 0


async def test_a_busy_model_keeps_no_place_from_the_others(metrics: Metrics) -> None:
    load = Load(Limits(max_in_flight=2, max_wait_seconds=0.2), {"busy": 1}, metrics)
    place = Permit(await load.take("busy"), ())
    waiting = [asyncio.create_task(load.take("busy")) for _ in range(3)]
    await settle()
    assert sample(metrics, "dragoman_requests_waiting", model="busy") == 3
    load.check()
    with Permit(await load.take("other"), ()):
        pass
    with place:
        pass
    await waiting[0]
    results = await asyncio.gather(*waiting[1:], return_exceptions=True)
    assert [type(each) for each in results] == [Overloaded, Overloaded]
    await asyncio.wait_for(load.take("other"), 1)


async def test_who_gives_up_waiting_for_the_gateway_gives_the_model_s_place_back(metrics: Metrics) -> None:
    load = Load(Limits(max_in_flight=1, max_wait_seconds=0.05), {"m": 1}, metrics)
    place = Permit(await load.take("other"), ())
    with pytest.raises(Overloaded):
        await load.take("m")
    with place:
        pass
    await asyncio.wait_for(load.take("m"), 1)
