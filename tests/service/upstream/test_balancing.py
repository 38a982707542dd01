from __future__ import annotations

from collections import Counter

from service.config import CircuitBreaker
from service.upstream import Pool, Timeouts
from service.upstream.balancing import BUSIER_REQUESTS, BUSIER_SHARE, choose
from service.upstream.endpoint import Endpoint


def endpoints(*in_flight: int) -> list[Endpoint]:
    made = []
    for number, requests in enumerate(in_flight):
        url = f"http://host-{number}:8000"
        made.append(Endpoint(Pool(url, timeouts=Timeouts()), url, url, CircuitBreaker()))
        made[-1].in_flight = requests
    return made


def keys(number: int) -> list[bytes]:
    return [b"conversation %d" % each for each in range(number)]


def test_the_least_busy_is_chosen() -> None:
    three = endpoints(2, 1, 3)
    assert {choose(three, None) for _ in range(50)} == {three[1]}


def test_ties_are_broken_by_chance() -> None:
    three = endpoints(1, 2, 1)
    assert {choose(three, None) for _ in range(200)} == {three[0], three[2]}


def test_a_key_has_its_endpoint_and_keys_are_spread_evenly() -> None:
    three = endpoints(0, 0, 0)
    homes = {key: choose(three, key) for key in keys(3000)}
    assert all(choose(list(reversed(three)), key) is home for key, home in homes.items())
    assert all(900 < count < 1100 for count in Counter(homes.values()).values())


def test_an_endpoint_that_goes_moves_its_own_keys_alone() -> None:
    three = endpoints(0, 0, 0)
    for key in keys(300):
        home = choose(three, key)
        if home is not three[0]:
            assert choose(three[1:], key) is home


def test_every_gateway_finds_the_same_endpoint() -> None:
    one, other = endpoints(0, 0, 0), endpoints(0, 0, 0)
    assert [choose(one, key).place for key in keys(50)] == [choose(other, key).place for key in keys(50)]


def test_an_endpoint_that_is_much_busier_is_passed_over_for_the_next_of_the_key() -> None:
    three = endpoints(10, 10, 10)
    key = keys(1)[0]
    home = choose(three, key)
    second = choose([each for each in three if each is not home], key)
    home.in_flight = int(10 * BUSIER_SHARE + BUSIER_REQUESTS)
    assert choose(three, key) is home
    home.in_flight += 1
    assert choose(three, key) is second
