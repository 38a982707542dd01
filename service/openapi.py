"""The OpenAPI document: what the framework finds out by itself, and the hot path, which bypasses the framework."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import cleandoc

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import (
    Components,
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    PathItem,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)
from litestar.openapi.spec.enums import OpenAPIType

from diagnostics.core import VERSION, LeadInFinding, SurfaceFinding
from diagnostics.jsonl import Exchange

from .schema import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatRequest,
    CompatGenerateRequest,
    Completion,
    CompletionRequest,
    ErrorBody,
    GenerateError,
    GenerateInfo,
    GenerateRequest,
    GenerateResponse,
    StreamResponse,
)

CONFIG = OpenAPIConfig(
    title="Dragoman",
    version=VERSION,
    description="An LLM inference gateway that says of every reply whether it is in the language that was wanted and "
    "did what the instruction's modifiers asked.",
    path="/schema",
    components=Components(
        security_schemes={
            "api_key": SecurityScheme(
                type="http",
                scheme="bearer",
                description="A key made by `dragoman keys create`; not needed where the gateway has no keys.",
            )
        }
    ),
    security=[{"api_key": []}],
)

REF = "#/components/schemas/{name}"

ERRORS = {
    "400": "the request is wrong; `param` names the field",
    "401": "an API key is needed, or the one that was sent does not count",
    "403": "the API key lacks a scope, or may not use the model",
    "404": "no such model; the message names those there are",
    "413": "the body is too large",
    "422": "what is declared is wrong: a language tag, a modifier or its arguments that there are not, or modifiers "
    "that contradict each other; `param` is the path, and the message says what would be right",
    "429": "the API key has used up its requests or tokens of a minute, or the engine has no room now; `retry-after` "
    "says when to come back",
    "502": "the engine's answer is broken",
    "503": "the engine cannot be reached, or the gateway has no room now; `retry-after` says when to come back",
    "504": "the engine did not answer in time",
}

TGI_ERRORS = {
    "404": "no such model; the message names those there are",
    "413": "the body is too large",
    "422": "`validation`: the request is wrong, or asks for what the model's engine cannot do",
    "424": "`generation`: the engine failed, cannot be reached, or did not answer in time, or its reply began wrong "
    "and the policy is to refuse such",
    "429": "`overloaded`: the engine has no room now",
    "500": "`incomplete_generation`: the reply ended before its end",
}

REPLY = (
    "The reply with its diagnosis: one object, or events of which the last carries `diagnostics`. The headers "
    "`dragoman-inference-id`, `-checkpoint`, `-arm`, `-expected-language` and, when not streaming, `dragoman-language` "
    "and `dragoman-modifiers` say the same in short."
)
PASSED_ON = "Fields that are not listed are passed on to the engine."
TGI_FIELDS = (
    "An engine that is TGI gets the parameters as they are. For others they are translated, and what has no equivalent "
    "is refused. The prompt is read as one message of the user."
)


class Inferences(msgspec.Struct, frozen=True, kw_only=True):
    """One path of the hot path: what it takes, and what it gives at once or (``event``) as a stream."""

    path: str
    id: str
    summary: str
    tag: str = "tgi"
    description: str = TGI_FIELDS
    request: type
    reply: type | None = GenerateResponse
    event: type | None = StreamResponse

    @property
    def errors(self) -> Mapping[str, str]:
        """Statuses and what they mean."""
        return TGI_ERRORS if self.tag == "tgi" else ERRORS

    @property
    def error(self) -> type:
        """The body that comes with them."""
        return GenerateError if self.tag == "tgi" else ErrorBody


PATHS = (
    Inferences(
        path="/v1/chat/completions",
        id="chat_completions",
        summary="Chat completion, OpenAI's API",
        tag="openai",
        description=PASSED_ON,
        request=ChatRequest,
        reply=ChatCompletion,
        event=ChatCompletionChunk,
    ),
    Inferences(
        path="/v1/completions",
        id="completions",
        summary="Completion of a bare prompt, OpenAI's API",
        tag="openai",
        description=f"{PASSED_ON} The first prompt is read as one message of the user; token ids cannot be read.",
        request=CompletionRequest,
        reply=Completion,
        event=Completion,
    ),
    Inferences(path="/generate", id="generate", summary="Generation, TGI's API", request=GenerateRequest, event=None),
    Inferences(
        path="/generate_stream",
        id="generate_stream",
        summary="Generation as a stream, TGI's API",
        request=GenerateRequest,
        reply=None,
    ),
    Inferences(
        path="/",
        id="compat_generate",
        summary="Generation, streamed or not, TGI's API",
        description=f"{TGI_FIELDS} A whole reply is a list of one.",
        request=CompatGenerateRequest,
    ),
    Inferences(
        path="/models/{name}",
        id="compat_generate_of_model",
        summary="One model's own API: as if this were the root of a TGI that serves it",
        description="Under this path are `generate`, `generate_stream`, `info`, `health`, `tokenize`, `chat_tokenize`, "
        "`v1/chat/completions` and `v1/completions`, which ask this model whatever the body says. It is the base URL "
        "of clients that name no model.",
        request=CompatGenerateRequest,
    ),
)

QUESTIONS = {
    "/": ("health_of_default_model", "Can the default model's engine answer?"),
    "/info": ("info", "What the default model is; of TGI its own answer"),
}


def describe(app: Litestar) -> None:
    """Describe what the framework does not see: the hot path, TGI's smaller paths, the body of ``/v1/diagnose``, and
    what a diagnosis holds."""
    kinds = {kind for each in PATHS for kind in (each.request, each.reply, each.event, each.error) if kind}
    types = (*sorted(kinds, key=lambda kind: kind.__name__), GenerateInfo, LeadInFinding, SurfaceFinding, Exchange)
    refs, schemas = msgspec.json.schema_components(types, schema_hook=_anything, ref_template=REF)
    reference = {kind: Reference(ref["$ref"]) for kind, ref in zip(types, refs, strict=True)}
    for schema in schemas.values():
        if "description" in schema:
            schema["description"] = cleandoc(schema["description"])
    surface = schemas["Diagnosis"]["properties"]["surface"]
    flaws = [{"$ref": reference[kind].ref} for kind in (LeadInFinding, SurfaceFinding)]
    surface["items"] = {"anyOf": [*flaws, surface["items"]]}  # a type cannot say so: it would not decode
    document = app.openapi_schema
    components = document.components
    assert isinstance(components, Components)
    # Ours come last: they hold the docstrings, which the framework leaves out.
    components.schemas = {**(components.schemas or {}), **schemas}
    paths = {each.path: PathItem(post=_operation(each, reference)) for each in PATHS}
    paths["/models/{name}"].parameters = [
        Parameter(name="name", param_in="path", required=True, schema=Schema(type=OpenAPIType.STRING))
    ]
    for path, (id, summary) in QUESTIONS.items():
        paths.setdefault(path, PathItem()).get = _question(
            id, summary, reference[GenerateInfo] if id == "info" else None
        )
    for path in ("/tokenize", "/chat_tokenize"):
        refused = OpenAPIResponse(description="the engine is not TGI", content=_json(reference[GenerateError]))
        tokens = OpenAPIResponse(description="TGI's own answer", content=_json(Schema()))
        paths[path] = PathItem(
            post=Operation(
                operation_id=path.strip("/"),
                summary="Tokens of the default model, where its engine is TGI",
                tags=["tgi"],
                request_body=RequestBody(required=True, content=_json(Schema(type=OpenAPIType.OBJECT))),
                responses={"200": tokens, "404": refused},
            )
        )
    _describe_diagnose(document, reference[Exchange])
    document.paths = {**paths, **(document.paths or {})}


def _operation(each: Inferences, reference: Mapping[type, Reference]) -> Operation:
    whole: Reference | Schema | None = reference[each.reply] if each.reply else None
    if each.request is CompatGenerateRequest:
        whole = Schema(type=OpenAPIType.ARRAY, items=whole, min_items=1, max_items=1)
    content = {} if whole is None else _json(whole)
    if each.event is not None:
        content["text/event-stream"] = OpenAPIMediaType(schema=reference[each.event])
    responses: dict[str, OpenAPIResponse | Reference] = {"200": OpenAPIResponse(description=REPLY, content=content)}
    for status, description in each.errors.items():
        responses[status] = OpenAPIResponse(description=description, content=_json(reference[each.error]))
    return Operation(
        operation_id=each.id,
        summary=each.summary,
        description=each.description,
        tags=[each.tag],
        request_body=RequestBody(required=True, content=_json(reference[each.request])),
        responses=responses,
    )


def _question(id: str, summary: str, answer: Reference | None) -> Operation:
    content = None if answer is None else _json(answer)
    return Operation(
        operation_id=id,
        summary=summary,
        tags=["tgi"],
        responses={"200": OpenAPIResponse(description="the answer; of a health check empty", content=content)},
    )


def _describe_diagnose(document: OpenAPI, exchange: Reference) -> None:
    diagnose = (document.paths or {})["/v1/diagnose"].post
    assert diagnose is not None
    one_or_many = Schema(one_of=[exchange, Schema(type=OpenAPIType.ARRAY, items=exchange)])
    diagnose.request_body = RequestBody(required=True, content=_json(one_or_many))


def _json(schema: Reference | Schema) -> dict[str, OpenAPIMediaType]:
    return {"application/json": OpenAPIMediaType(schema=schema)}


def _anything(type: type) -> dict[str, object]:
    """The schema of ``object``, which stands for any JSON value."""
    if type is object:
        return {"description": "any JSON value"}
    raise NotImplementedError
