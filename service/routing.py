"""From the model a client names to the arm that answers, drawn with a known, recorded probability."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from .backends.base import Backend
from .errors import UnknownModel


class Role(StrEnum):
    """The two arms of a model."""

    STABLE = "stable"
    CANARY = "canary"


class Arm(msgspec.Struct, frozen=True):
    """One arm of a model: its role, the checkpoint's name, the engine, and its share of the requests in [0, 1]."""

    role: Role
    checkpoint: str
    backend: Backend
    weight: float


class Route(msgspec.Struct, frozen=True):
    """Where one inference goes, and with which probability it was sent there."""

    model: str
    arm: Arm

    @property
    def probability(self) -> float:
        """Probability of this assignment, in (0, 1]."""
        return self.arm.weight


class Router:
    """Models by name, each with the routes to its arms; ``draw`` gives uniform numbers in [0, 1)."""

    def __init__(self, models: Mapping[str, tuple[Arm, ...]], draw: Callable[[], float] = random.random) -> None:
        self._routes = {name: tuple(Route(name, arm) for arm in arms) for name, arms in models.items()}
        self._draw = draw

    @property
    def models(self) -> tuple[str, ...]:
        """The names that clients may send."""
        return tuple(self._routes)

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every arm of every model."""
        return tuple(route for routes in self._routes.values() for route in routes)

    def route(self, model: str) -> Route:
        """Assign one inference to an arm.

        Raises:
            UnknownModel: no such model; names those there are.
        """
        routes = self._routes.get(model)
        if routes is None:
            there = ", ".join(sorted(self._routes))
            raise UnknownModel(f"there is no model of that name; there are: {there}", param="model")
        if len(routes) == 1:
            return routes[0]
        drawn = self._draw()
        for route in routes[:-1]:
            if drawn < route.arm.weight:
                return route
            drawn -= route.arm.weight
        return routes[-1]
