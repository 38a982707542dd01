"""``POST /v1/diagnose``: judge replies that came from anywhere."""

from __future__ import annotations

from litestar import post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from diagnostics import jsonl
from diagnostics.core import Diagnosis
from diagnostics.runner import Diagnostics

from ..errors import InvalidDeclaration, InvalidRequest
from ..ids import uuid7
from ..schema import ErrorBody

MAX_EXCHANGES = 1000


@post(
    "/v1/diagnose",
    summary="Judge replies, with no model behind it",
    description=f"One exchange, or a list of at most {MAX_EXCHANGES}. Give `messages` or `prompt`; without a "
    "`response` only what was asked is reported.",
    tags=["diagnostics"],
    status_code=200,
    responses={
        400: ResponseSpec(ErrorBody, description="the body is wrong; the message names the field"),
        422: ResponseSpec(ErrorBody, description="a language tag or a modifier that does not exist is declared"),
    },
    sync_to_thread=True,
)
def diagnose(
    data: JSONBody[jsonl.Exchange | list[jsonl.Exchange]], diagnostics: NamedDependency[Diagnostics]
) -> Diagnosis | list[Diagnosis]:
    """Runs in a thread: a thousand long replies take seconds."""
    if isinstance(data, jsonl.Exchange):
        return _one(diagnostics, data, None)
    if len(data) > MAX_EXCHANGES:
        raise InvalidRequest(f"{len(data)} exchanges; send at most {MAX_EXCHANGES} at once")
    return [_one(diagnostics, exchange, at) for at, exchange in enumerate(data)]


def _one(diagnostics: Diagnostics, exchange: jsonl.Exchange, at: int | None) -> Diagnosis:
    try:
        return jsonl.diagnose(diagnostics, exchange, uuid7())
    except ValueError as error:
        raise InvalidDeclaration(error, within="" if at is None else f"[{at}]") from None
