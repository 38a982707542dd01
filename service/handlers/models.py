"""``GET /v1/models``."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ..errors import UnknownModel
from ..routing import Router
from ..schema import ModelCard, ModelList


@get("/v1/models", summary="The models that can be asked", tags=["openai"])
async def models(router: NamedDependency[Router], started: NamedDependency[int]) -> ModelList:
    """Every configured model; ``created`` is when the gateway started."""
    return ModelList([ModelCard(id=name, created=started) for name in router.models])


@get("/v1/models/{name:path}", summary="One model", tags=["openai"])
async def model(name: FromPath[str], router: NamedDependency[Router], started: NamedDependency[int]) -> ModelCard:
    """One configured model, or 404 with the names there are."""
    name = name.removeprefix("/")
    if name not in router.models:
        raise UnknownModel(f"there is no model of that name; there are: {', '.join(sorted(router.models))}")
    return ModelCard(id=name, created=started)
