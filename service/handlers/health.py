"""``/health``, ``/ready`` and ``/metrics``: for probes and for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from litestar import Response, get
from litestar.di import NamedDependency
from prometheus_client.exposition import choose_encoder

from ..admission import Admission
from ..auth import Scope
from ..errors import DragomanError
from ..metrics import Metrics
from ..routing import Router
from ..schema import Health, Readiness
from .errors import AnyRequest
from .guard import OPEN, needs

CHECK_SECONDS = 5.0
READY = "ready"


@get("/health", summary="Is the process alive?", tags=["operations"], security=OPEN)
async def health() -> Health:
    """Answers as long as the event loop turns; says nothing of the engines."""
    return Health()


@get("/ready", summary="Can every checkpoint answer?", tags=["operations"], security=OPEN)
async def ready(
    request: AnyRequest, router: NamedDependency[Router], admission: NamedDependency[Admission]
) -> Response[Readiness]:
    """Ask every engine; 503 with the reasons when one cannot answer, and when the gateway shuts down. Probes have no
    API key, so everybody may ask; the checkpoints and their reasons are shown with a key for metrics alone."""
    if admission.draining:
        return Response(Readiness(False, {}), status_code=503)
    answer = await readiness(router)
    shown = answer if admission.may(request.scope["headers"], Scope.METRICS) else Readiness(answer.ready, {})
    return Response(shown, status_code=200 if answer.ready else 503)


async def readiness(router: Router) -> Readiness:
    """The state of every checkpoint that a model uses."""
    backends = router.backends
    states = await asyncio.gather(*(_state(backend.check()) for backend in backends.values()))
    return Readiness(all(state.startswith(READY) for state in states), dict(zip(backends, states, strict=True)))


async def _state(check: Coroutine[None, None, str | None]) -> str:
    try:
        said = await asyncio.wait_for(check, CHECK_SECONDS)
    except DragomanError as error:
        return str(error)
    except TimeoutError:
        return f"did not answer within {CHECK_SECONDS:g} s"
    return f"{READY}: {said}" if said else READY


@get("/metrics", summary="Metrics for Prometheus", tags=["operations"], opt=needs(Scope.METRICS), sync_to_thread=True)
def metrics(request: AnyRequest, metrics: NamedDependency[Metrics]) -> Response[bytes]:
    """Written in a thread: with many series it takes longer than the event loop may stand still."""
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(metrics.registry), media_type=content_type)
