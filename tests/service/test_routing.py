from __future__ import annotations

import random
from collections import Counter

import pytest

from service.backends.scripted import ScriptedBackend
from service.config import ScriptedCheckpoint
from service.errors import UnknownModel
from service.routing import Arm, Role, Router

SHARES = {"a": 0.2, "b": 0.3, "c": 0.5}


def arm(role: Role, weight: float) -> Arm:
    return Arm(role, role.value, ScriptedBackend(ScriptedCheckpoint(("x",))), weight)


def router(weight: float) -> Router:
    arms = (arm(Role.CANARY, weight), arm(Role.STABLE, 1 - weight))
    return Router({"m": arms, "other": (arm(Role.STABLE, 1.0),)}, random.Random(3).random)


def test_requests_are_drawn_with_the_configured_probability() -> None:
    routes = router(0.2)
    counts = Counter(routes.route("m").arm.role for _ in range(5000))
    assert counts[Role.CANARY] / 5000 == pytest.approx(0.2, abs=0.02)


def test_any_number_of_arms_share_the_requests() -> None:
    arms = tuple(Arm(Role.STABLE, name, arm(Role.STABLE, 1).backend, weight) for name, weight in SHARES.items())
    routes = Router({"m": arms}, random.Random(3).random)
    counts = Counter(routes.route("m").arm.checkpoint for _ in range(5000))
    assert {name: count / 5000 for name, count in counts.items()} == pytest.approx(SHARES, abs=0.02)


def test_the_probability_is_on_the_route() -> None:
    routes = router(0.2)
    seen = {route.arm.role: route.probability for route in (routes.route("m") for _ in range(100))}
    assert seen == {Role.CANARY: 0.2, Role.STABLE: 0.8}
    assert routes.route("other").probability == 1.0


@pytest.mark.parametrize(("weight", "role"), [(0.0, Role.STABLE), (1.0, Role.CANARY)])
def test_an_arm_without_weight_gets_nothing(weight: float, role: Role) -> None:
    routes = router(weight)
    assert {routes.route("m").arm.role for _ in range(500)} == {role}


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownModel, match=r"there are: m, other") as caught:
        router(0.5).route("nobody")
    assert caught.value.status == 404
    assert "nobody" not in str(caught.value)


def test_questions_go_to_the_stable_arm() -> None:
    assert router(1.0).stable("m").arm.role is Role.STABLE
    with pytest.raises(UnknownModel, match=r"there are: m, other"):
        router(0.5).stable("nobody")
