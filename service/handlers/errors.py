"""Errors of the handlers that the framework runs, in OpenAI's shape like all others."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException

from ..errors import DragomanError, InvalidRequest, StoreError
from .http import error_body, error_headers

AnyRequest = Request[Any, Any, Any]

log = logging.getLogger(__name__)


def refuse(request: AnyRequest, error: DragomanError) -> Response[bytes]:
    """One of our own errors."""
    headers = {name.decode(): value.decode() for name, value in error_headers(error)}
    return Response(error_body(error), status_code=error.status, media_type="application/json", headers=headers)


def refuse_store(request: AnyRequest, error: StoreError) -> Response[bytes]:
    """What a database says names files and hosts: that is for the log."""
    log.warning("%s cannot be answered: %s", request.url.path, error)
    return refuse(request, StoreError("the records cannot be read or written now; the log says why"))


def refuse_http(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """One of the framework's: no such path, a wrong method, a body that is too large."""
    kind = InvalidRequest if error.status_code < 500 else DragomanError
    ours = kind(_message(error))
    ours.status = error.status_code
    return refuse(request, ours)


def _message(error: HTTPException) -> str:
    """What was wrong and what to do."""
    if isinstance(error, NotFoundException):
        return "there is no such path; GET /schema shows those there are"
    if isinstance(error, MethodNotAllowedException):
        return "this path takes another method; GET /schema shows which"
    return error.detail
