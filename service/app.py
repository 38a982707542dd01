"""The composition root: the only file that names concrete classes. Wiring happens once, here, with arguments."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from time import time

import msgspec
from litestar import Litestar, asgi
from litestar import Router as Routes
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler, ExceptionHandlersMap
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from diagnostics.language.identify import Identifier
from diagnostics.reading.loading import load_lexicons
from diagnostics.runner import Diagnostics
from diagnostics.standard import standard

from . import config, openapi
from .admission import Admission
from .auth import Keyring
from .backends.base import Backend
from .backends.embedded import EmbeddedEngine
from .backends.openai import OpenAIBackend
from .backends.scripted import ScriptedBackend
from .backends.tgi import TGIBackend
from .checkpoints import SHIPPED
from .checkpoints import path as shipped
from .config import EmbeddedCheckpoint, OpenAICheckpoint, RateLimits, ScriptedCheckpoint, Settings, TGICheckpoint
from .errors import ConfigError, DragomanError, SetupError, StoreError
from .gateway import Gateway
from .handlers import tgi
from .handlers.chat import Chat
from .handlers.completions import Completions
from .handlers.diagnose import diagnose
from .handlers.errors import refuse, refuse_http, refuse_store
from .handlers.guard import guard
from .handlers.health import health, metrics, ready
from .handlers.inference import EXPOSED_HEADERS, Inference
from .handlers.inferences import Stores, inference
from .handlers.models import model, models
from .limits import Buckets, Limiter, LocalBuckets, RedisBuckets
from .load import Load
from .metrics import LANGUAGES, ClusterCollector, Metrics, StoreCollector
from .routing import Arm, Role, Router, Target
from .store.base import Store
from .store.opening import open_store
from .store.retention import Retention
from .store.texts import Texts, load_redaction
from .store.writer import Writer
from .upstream import Cluster

ADMIN: Sequence[ControllerRouterHandler] = (metrics,)
"""Routes that go to the port of their own where there is one."""

LAST_WORDS_SECONDS = 5.0
"""How long records may still be written at the end."""

log = logging.getLogger(__name__)

ERRORS: ExceptionHandlersMap = {
    DragomanError: refuse,
    StoreError: refuse_store,
    HTTPException: refuse_http,
}


@asynccontextmanager
async def opened(settings: Settings, diagnostics: Diagnostics | None = None) -> AsyncGenerator[Gateway, None]:
    """The gateway, ready to answer; its engines and connections close with the block.

    ``diagnostics`` are by default the product's, fully loaded, so that no request has to wait for a word list.

    Raises:
        SetupError: an engine cannot start like this.
    """
    async with AsyncExitStack() as stack:
        backends, engine = _backends(settings, stack)
        loading = asyncio.create_task(asyncio.to_thread(_load_diagnostics, diagnostics))
        stack.callback(loading.cancel)
        if engine is not None:
            await engine.start()
        loaded = await loading
        clusters = [each.cluster for each in backends.values() if isinstance(each, OpenAIBackend)]
        await asyncio.gather(*(cluster.start() for cluster in clusters))
        arms = {name: _arms(settings, name, backends) for name in settings.models}
        fallbacks = {
            name: tuple(Target(each, backends[each]) for each in model.fallbacks)
            for name, model in settings.models.items()
        }
        repairing = {name: model.repair for name, model in settings.models.items()}
        router = Router(arms, fallbacks=fallbacks)
        registry = _registry(clusters)
        store, writer = await _keeping(settings.store, registry, stack)
        yield Gateway(router, loaded, Metrics(registry), settings.logging.verdicts, repairing, store, writer)


async def _keeping(
    settings: config.Store, registry: CollectorRegistry, stack: AsyncExitStack
) -> tuple[Store | None, Writer | None]:
    """The store and its writer. Without the file that nobody asked for, the gateway can serve."""
    redact = None if settings.redact is None else load_redaction(settings.redact)
    texts = Texts(settings.text, settings.text_sample, redact)
    try:
        store = await asyncio.to_thread(open_store, settings, os.environ)
    except SetupError as error:
        if settings.url is not None:
            raise
        log.warning("no records are kept: %s", error)
        registry.register(StoreCollector(None))
        return None, None
    if store is None:
        return None, None
    writer = Writer(store, texts, settings.queue)
    retention = Retention(store, settings.days, settings.text_days)

    async def close() -> None:
        retention.stop()
        if await asyncio.to_thread(writer.close, LAST_WORDS_SECONDS):
            store.close()

    registry.register(StoreCollector(writer))
    writer.start()
    retention.start()
    stack.push_async_callback(close)
    return store, writer


def _load_diagnostics(given: Diagnostics | None) -> Diagnostics:
    if given is not None:
        return given
    identifier, lexicons = Identifier(), load_lexicons()
    # Some 25 MB and half a second of CPU more than English alone; loaded by a request, a list would hold up every other
    # request for a hundredth of a second.
    identifier.preload(sorted(LANGUAGES))
    lexicons.preload()
    _give_back_memory()
    return standard(identifier, lexicons)


def _give_back_memory() -> None:
    """Give the system back the room that loading has left among what it has loaded: glibc keeps it, some 10 MB."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # musl has no such function, and keeps less
            ctypes.CDLL(None).malloc_trim(0)


@asynccontextmanager
async def admitting(settings: Settings, metrics: Metrics) -> AsyncGenerator[Admission, None]:
    """The door of the gateway: API keys, which are watched for changes, limits and places.

    Raises:
        SetupError: the keys file is not there or broken, or a package is missing.
    """
    async with AsyncExitStack() as stack:
        keyring = None
        if settings.auth.keys_file is not None:
            keyring = Keyring(Path(settings.auth.keys_file))
            stack.callback(asyncio.create_task(keyring.watch()).cancel)
        buckets = _buckets(settings.rate_limits)
        stack.push_async_callback(buckets.aclose)
        limiter = Limiter(buckets, settings.rate_limits, metrics)
        own = {name: each.max_in_flight for name, each in settings.models.items() if each.max_in_flight is not None}
        yield Admission(keyring, limiter, Load(settings.limits, own, metrics), settings.limits, metrics)


def create_app(gateway: Gateway, admission: Admission, settings: Settings) -> Litestar:
    """The HTTP application around a gateway that is ready; metrics are on a port of their own where the settings say
    so."""
    limit = settings.server.max_body_bytes
    chat = Inference(gateway, admission, Chat(), limit)
    completions = Inference(gateway, admission, Completions(), limit)
    openai = {"/v1/chat/completions": chat, "/v1/completions": completions}
    generation = tgi.TGI(gateway, admission, settings.default_model, limit, openai)
    guarded: list[ControllerRouterHandler] = [models, model, diagnose, inference]
    if settings.server.admin_port is None:
        guarded += ADMIN
    app = Litestar(
        route_handlers=[
            asgi("/v1/chat/completions", copy_scope=False)(chat.__call__),
            asgi("/v1/completions", copy_scope=False)(completions.__call__),
            asgi(list(tgi.PATHS), copy_scope=False)(generation.at_root),
            asgi("/models", is_mount=True, copy_scope=False)(generation.under_model),
            health,
            ready,
            Routes(path="/", route_handlers=guarded, guards=[guard(admission)]),
        ],
        dependencies=_dependencies(gateway, admission),
        exception_handlers=ERRORS,
        openapi_config=openapi.CONFIG,
        logging_config=None,
        request_max_body_size=limit,
        cors_config=_cors(settings.server.cors_origins),
    )
    openapi.describe(app)
    return app


def create_admin_app(gateway: Gateway, admission: Admission) -> Litestar:
    """The application on the port of its own: for probes, for Prometheus, and for administration."""
    return Litestar(
        route_handlers=[health, ready, Routes(path="/", route_handlers=ADMIN, guards=[guard(admission)])],
        dependencies=_dependencies(gateway, admission),
        exception_handlers=ERRORS,
        openapi_config=None,
        logging_config=None,
    )


def _dependencies(gateway: Gateway, admission: Admission) -> dict[str, Provide]:
    return {
        "router": _given(gateway.router),
        "diagnostics": _given(gateway.diagnostics),
        "metrics": _given(gateway.metrics),
        "admission": _given(admission),
        "stores": _given(Stores(gateway.store)),
        "started": _given(int(time())),
    }


def _cors(origins: tuple[str, ...]) -> CORSConfig | None:
    """What browsers may do. API keys travel in a header of their own, so no cookies or other credentials are asked
    for."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_credentials=False,
        expose_headers=list(EXPOSED_HEADERS),
    )


def _buckets(settings: RateLimits) -> Buckets:
    if settings.redis_url is None:
        return LocalBuckets()
    return RedisBuckets(settings.redis_url, settings.timeout_seconds)


def _given(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False, use_cache=True)


def _backends(settings: Settings, stack: AsyncExitStack) -> tuple[dict[str, Backend], EmbeddedEngine | None]:
    """One backend for each checkpoint that a model uses; the embedded ones share one engine."""
    used = {name for model in settings.models.values() for name in model.checkpoints}
    checkpoints = {name: each for name, each in settings.checkpoints.items() if name in used}
    embedded = {name: _source(name, each) for name, each in checkpoints.items() if isinstance(each, EmbeddedCheckpoint)}
    engine = EmbeddedEngine(embedded, settings.embedded) if embedded else None
    backends: dict[str, Backend] = {}
    for name, checkpoint in checkpoints.items():
        if isinstance(checkpoint, OpenAICheckpoint):
            backends[name] = _openai(name, checkpoint)
        elif isinstance(checkpoint, ScriptedCheckpoint):
            backends[name] = ScriptedBackend(checkpoint)
        elif engine is not None:
            backends[name] = engine.backend(name)
        stack.push_async_callback(backends[name].aclose)
    if engine is not None:
        stack.push_async_callback(engine.aclose)
    return backends, engine


def _openai(name: str, checkpoint: OpenAICheckpoint) -> OpenAIBackend:
    key = None
    if checkpoint.api_key_env is not None:
        key = os.environ.get(checkpoint.api_key_env)
        if not key:
            raise ConfigError(
                f"checkpoints.{name}.api_key_env: the environment variable {checkpoint.api_key_env} is not set"
            )
    kind = TGIBackend if isinstance(checkpoint, TGICheckpoint) else OpenAIBackend
    return kind(name, checkpoint, key)


def _source(name: str, checkpoint: EmbeddedCheckpoint) -> str:
    """Directory or hub id of an embedded checkpoint."""
    source = checkpoint.path or name
    return str(shipped(source)) if source in SHIPPED else source


def _arms(settings: Settings, name: str, backends: Mapping[str, Backend]) -> tuple[Arm, ...]:
    model = settings.models[name]
    stable = Arm(Role.STABLE, model.stable, backends[model.stable], 1.0)
    if model.canary is None:
        return (stable,)
    canary = Arm(Role.CANARY, model.canary.checkpoint, backends[model.canary.checkpoint], model.canary.weight)
    return (canary, msgspec.structs.replace(stable, weight=1.0 - canary.weight))


def _registry(clusters: Sequence[Cluster]) -> CollectorRegistry:
    # A second series for every counter, which nobody asks for. prometheus_client gives the function no types.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(ClusterCollector(clusters))
    return registry
