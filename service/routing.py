"""From the model a client names to the arm that answers, drawn with a known, recorded probability."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

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


class Target(msgspec.Struct, frozen=True):
    """A checkpoint that can be asked: its name and its engine."""

    checkpoint: str
    backend: Backend


class Route(msgspec.Struct, frozen=True):
    """Where one inference goes, with which probability it was sent there, and who is asked when that brings nothing."""

    model: str
    arm: Arm
    fallbacks: tuple[Target, ...] = ()

    @property
    def probability(self) -> float:
        """Probability of this assignment, in (0, 1]."""
        return self.arm.weight


class Router:
    """Models by name, each with the routes to its arms, and the fallbacks of those that have some; ``draw`` gives
    uniform numbers in [0, 1)."""

    def __init__(
        self,
        models: Mapping[str, tuple[Arm, ...]],
        draw: Callable[[], float] = random.random,
        *,
        fallbacks: Mapping[str, tuple[Target, ...]] = MappingProxyType({}),
    ) -> None:
        self._routes = {
            name: tuple(Route(name, arm, _others(fallbacks.get(name, ()), arm)) for arm in arms)
            for name, arms in models.items()
        }
        self._draw = draw

    @property
    def models(self) -> tuple[str, ...]:
        """The names that clients may send."""
        return tuple(self._routes)

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every arm of every model."""
        return tuple(route for routes in self._routes.values() for route in routes)

    @property
    def backends(self) -> dict[str, Backend]:
        """The engine of every checkpoint that may be asked."""
        arms = {route.arm.checkpoint: route.arm.backend for route in self.routes}
        return arms | {each.checkpoint: each.backend for route in self.routes for each in route.fallbacks}

    def stable(self, model: str) -> Route:
        """The way to a model's stable arm, for questions that are no inference.

        Raises:
            UnknownModel: no such model; names those there are.
        """
        return next(route for route in self._routes_of(model) if route.arm.role is Role.STABLE)

    def route(self, model: str) -> Route:
        """Assign one inference to an arm.

        Raises:
            UnknownModel: no such model; names those there are.
        """
        routes = self._routes_of(model)
        if len(routes) == 1:
            return routes[0]
        drawn = self._draw()
        for route in routes[:-1]:
            if drawn < route.arm.weight:
                return route
            drawn -= route.arm.weight
        return routes[-1]

    def _routes_of(self, model: str) -> tuple[Route, ...]:
        routes = self._routes.get(model)
        if routes is None:
            there = ", ".join(sorted(self._routes))
            raise UnknownModel(f"there is no model of that name; there are: {there}", param="model")
        return routes


def _others(targets: tuple[Target, ...], arm: Arm) -> tuple[Target, ...]:
    return tuple(target for target in targets if target.checkpoint != arm.checkpoint)
