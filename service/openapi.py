"""The OpenAPI document: what the framework finds out by itself, and the hot path, which bypasses the framework."""

from __future__ import annotations

from inspect import cleandoc

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import (
    Components,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    PathItem,
    Reference,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIType

from diagnostics.core import VERSION, LeadInFinding
from diagnostics.jsonl import Exchange

from .schema import ChatCompletion, ChatCompletionChunk, ChatRequest, ErrorBody

CONFIG = OpenAPIConfig(
    title="Dragoman",
    version=VERSION,
    description="An LLM inference gateway that says of every reply whether it is in the language that was wanted and "
    "did what the instruction's modifiers asked.",
    path="/schema",
)

REF = "#/components/schemas/{name}"

ERRORS = {
    "400": "the request is wrong; `param` names the field",
    "404": "no such model; the message names those there are",
    "413": "the body is too large",
    "422": "what is declared is wrong: a language tag, a modifier or its arguments that there are not, or modifiers "
    "that contradict each other; `param` is the path, and the message says what would be right",
    "429": "the engine has no room now",
    "502": "the engine's answer is broken",
    "503": "the engine cannot be reached",
    "504": "the engine did not answer in time",
}


def add_chat(app: Litestar) -> None:
    """Describe ``POST /v1/chat/completions``, the body of ``/v1/diagnose``, and what a diagnosis holds."""
    types = (ChatRequest, ChatCompletion, ChatCompletionChunk, ErrorBody, LeadInFinding, Exchange)
    refs, schemas = msgspec.json.schema_components(types, schema_hook=_anything, ref_template=REF)
    request, completion, chunk, error, lead_in, exchange = (Reference(ref["$ref"]) for ref in refs)
    for schema in schemas.values():
        if "description" in schema:
            schema["description"] = cleandoc(schema["description"])
    surface = schemas["Diagnosis"]["properties"]["surface"]
    surface["items"] = {"anyOf": [{"$ref": lead_in.ref}, surface["items"]]}  # a type cannot say so: it would not decode
    document = app.openapi_schema
    components = document.components
    assert isinstance(components, Components)
    # Ours come last: they hold the docstrings, which the framework leaves out.
    components.schemas = {**(components.schemas or {}), **schemas}
    responses: dict[str, OpenAPIResponse | Reference] = {
        "200": OpenAPIResponse(
            description="The reply with its diagnosis: one object, or with `stream` events of which the last carries "
            "`diagnostics`. The headers `dragoman-inference-id`, `-checkpoint`, `-arm`, `-expected-language` and, when "
            "not streaming, `dragoman-language` and `dragoman-modifiers` say the same in short.",
            content={
                "application/json": OpenAPIMediaType(schema=completion),
                "text/event-stream": OpenAPIMediaType(schema=chunk),
            },
        )
    }
    for status, description in ERRORS.items():
        responses[status] = OpenAPIResponse(
            description=description, content={"application/json": OpenAPIMediaType(schema=error)}
        )
    operation = Operation(
        operation_id="chat_completions",
        summary="Chat completion, OpenAI's API",
        description="Fields that are not listed are passed on to the engine.",
        tags=["openai"],
        request_body=RequestBody(required=True, content={"application/json": OpenAPIMediaType(schema=request)}),
        responses=responses,
    )
    diagnose = (document.paths or {})["/v1/diagnose"].post
    assert diagnose is not None
    one_or_many = Schema(one_of=[exchange, Schema(type=OpenAPIType.ARRAY, items=exchange)])
    diagnose.request_body = RequestBody(
        required=True, content={"application/json": OpenAPIMediaType(schema=one_or_many)}
    )
    document.paths = {"/v1/chat/completions": PathItem(post=operation), **(document.paths or {})}


def _anything(type: type) -> dict[str, object]:
    """The schema of ``object``, which stands for any JSON value."""
    if type is object:
        return {"description": "any JSON value"}
    raise NotImplementedError
