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
)

from diagnostics.core import VERSION, LeadInFinding

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
    "422": "what is declared does not exist: a language tag, with the nearest ones in the message, or a modifier",
    "429": "the engine has no room now",
    "502": "the engine's answer is broken",
    "503": "the engine cannot be reached",
    "504": "the engine did not answer in time",
}


def add_chat(app: Litestar) -> None:
    """Describe ``POST /v1/chat/completions``, and what a diagnosis holds, in the document of ``app``."""
    types = (ChatRequest, ChatCompletion, ChatCompletionChunk, ErrorBody, LeadInFinding)
    refs, schemas = msgspec.json.schema_components(types, schema_hook=_anything, ref_template=REF)
    request, completion, chunk, error, lead_in = (Reference(ref["$ref"]) for ref in refs)
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
    document.paths = {"/v1/chat/completions": PathItem(post=operation), **(document.paths or {})}


def _anything(type: type) -> dict[str, object]:
    """The schema of ``object``, which stands for any JSON value."""
    if type is object:
        return {"description": "any JSON value"}
    raise NotImplementedError
