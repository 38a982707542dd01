"""``GET /v1/inferences/{id}``: what is kept of an inference."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from msgspec import UNSET, structs

from ..auth import Scope
from ..errors import NotServed
from ..schema import ErrorBody, KeptInference
from ..store.base import Query, Store
from ..store.lookup import attempts
from .guard import ClientRequest, needs


class Stores:
    """The store of this gateway, if it has one."""

    def __init__(self, store: Store | None) -> None:
        self._store = store

    @property
    def store(self) -> Store:
        """It.

        Raises:
            NotServed: there is none.
        """
        if self._store is None:
            raise NotServed("nothing is kept here: the gateway runs without a store (store.url)")
        return self._store


@get(
    "/v1/inferences/{id:str}",
    summary="What is kept of an inference",
    description="All attempts at it with their verdicts, and what people and judges said. Texts of prompts, replies "
    "and feedback are shown to keys that have the scope `admin`, where they are kept.",
    tags=["diagnostics"],
    opt=needs(Scope.FEEDBACK),
    responses={
        404: ResponseSpec(ErrorBody, description="there is no such inference, it is no longer kept, or nothing is"),
        503: ResponseSpec(ErrorBody, description="the database does not answer"),
    },
    sync_to_thread=True,
)
def inference(request: ClientRequest, id: FromPath[str], stores: NamedDependency[Stores]) -> KeptInference:
    """Runs in a thread: a database takes its time."""
    store = stores.store
    found = attempts(store, id)
    request.user.require_model(found[0].model)
    shows_text = Scope.ADMIN in request.user.scopes
    feedback = [each for _, each in store.feedback(Query(id=id))]
    return KeptInference(
        id=id,
        attempts=list(found),
        feedback=feedback if shows_text else [structs.replace(each, text=None) for each in feedback],
        judgements=[each for _, each in store.judgements(Query(id=id))],
        texts=list(store.bodies([(id, each.attempt) for each in found])) if shows_text else UNSET,
    )
