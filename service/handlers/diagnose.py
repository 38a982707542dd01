"""``POST /v1/diagnose``: judge replies that came from anywhere."""

from __future__ import annotations

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import RawBody

from diagnostics import jsonl
from diagnostics.core import Diagnosis
from diagnostics.modifiers.declaration import DeclarationError
from diagnostics.runner import Diagnostics

from ..admission import Admission
from ..auth import Scope
from ..errors import InvalidDeclaration, InvalidRequest
from ..ids import uuid7
from ..schema import ErrorBody
from .guard import needs
from .http import check_nesting, decode

MAX_EXCHANGES = 1000


@post(
    "/v1/diagnose",
    summary="Judge replies, with no model behind it",
    description=f"One exchange, or a list of at most {MAX_EXCHANGES}. Give `messages` or `prompt`; without a "
    "`response` only what was asked is reported.",
    tags=["diagnostics"],
    opt=needs(Scope.DIAGNOSE),
    status_code=200,
    responses={
        400: ResponseSpec(ErrorBody, description="the body is wrong; the message names the field"),
        422: ResponseSpec(
            ErrorBody,
            description="what is declared is wrong: a language tag, a modifier or its arguments that there are not, or "
            "modifiers that contradict each other; `param` is the path, and the message says what would be right",
        ),
    },
    sync_to_thread=True,
)
def diagnose(
    body: RawBody, diagnostics: NamedDependency[Diagnostics], admission: NamedDependency[Admission]
) -> Diagnosis | list[Diagnosis]:
    """Runs in a thread: a thousand long replies take seconds. The body is read here and not by the framework, whose
    errors name no place inside a list."""
    check_nesting(body, admission.limits.max_nesting)
    data = decode(_decoder, body)
    if isinstance(data, jsonl.Exchange):
        return _one(diagnostics, data, "")
    if len(data) > MAX_EXCHANGES:
        raise InvalidRequest(f"{len(data)} exchanges; send at most {MAX_EXCHANGES} at once")
    return [_one(diagnostics, exchange, f"[{at}]") for at, exchange in enumerate(data)]


_decoder: msgspec.json.Decoder[jsonl.Exchange | list[jsonl.Exchange]] = msgspec.json.Decoder(
    jsonl.Exchange | list[jsonl.Exchange]
)


def _one(diagnostics: Diagnostics, exchange: jsonl.Exchange, within: str) -> Diagnosis:
    try:
        return jsonl.diagnose(diagnostics, exchange, uuid7())
    except DeclarationError as error:
        placed = error.within(within)
        raise InvalidDeclaration(str(placed), param=placed.path) from None
