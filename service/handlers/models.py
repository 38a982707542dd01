"""``GET /v1/models``."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ..auth import Scope
from ..errors import UnknownModel
from ..routing import Router
from ..schema import ModelCard, ModelList
from .guard import ClientRequest, needs


@get("/v1/models", summary="The models that can be asked", tags=["openai"], opt=needs(Scope.INFER))
async def models(request: ClientRequest, router: NamedDependency[Router], started: NamedDependency[int]) -> ModelList:
    """Every configured model that the API key may ask; ``created`` is when the gateway started."""
    return ModelList([ModelCard(id=name, created=started) for name in _allowed(request, router)])


@get("/v1/models/{name:path}", summary="One model", tags=["openai"], opt=needs(Scope.INFER))
async def model(
    request: ClientRequest, name: FromPath[str], router: NamedDependency[Router], started: NamedDependency[int]
) -> ModelCard:
    """One of them, or 404 with the names there are."""
    name = name.removeprefix("/")
    there = _allowed(request, router)
    if name not in there:
        raise UnknownModel(f"there is no model of that name; there are: {', '.join(sorted(there))}")
    return ModelCard(id=name, created=started)


def _allowed(request: ClientRequest, router: Router) -> list[str]:
    mine = request.user.models
    return [name for name in router.models if mine is None or name in mine]
