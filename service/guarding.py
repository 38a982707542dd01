"""The second of the two places where any exception is caught: what becomes of a reply that has ended, its figures and
its record, must not break a reply or a thread that others wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def attempt(call: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result | Exception:
    """What ``call`` returns, or the exception with which it broke; to count and to log it is the caller's."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        return error
