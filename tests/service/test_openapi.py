from __future__ import annotations

from typing import Any

import httpx

from diagnostics.core import (
    Diagnosis,
    ExpectedLanguage,
    ForeignRun,
    LanguageFinding,
    LeadInFinding,
    Lines,
    ModifierFinding,
    SurfaceFinding,
)
from service.openapi import REF
from tests.gateways import scripted, serving


async def openapi() -> dict[str, Any]:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        document: dict[str, Any] = (await http.get("/schema/openapi.json")).json()
    return document


async def test_every_path_is_described() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        document = (await http.get("/schema/openapi.json")).json()
        page = await http.get("/schema")
    assert set(document["paths"]) == {
        "/",
        "/generate",
        "/generate_stream",
        "/info",
        "/tokenize",
        "/chat_tokenize",
        "/models/{name}",
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/diagnose",
        "/v1/inferences/{id}",
        "/v1/models",
        "/v1/models/{name}",
        "/health",
        "/ready",
        "/metrics",
    }
    chat = document["paths"]["/v1/chat/completions"]["post"]
    assert {"200", "400", "401", "403", "404", "413", "422", "429", "502", "503", "504"} == set(chat["responses"])
    assert page.status_code == 200


async def test_each_api_is_described_with_its_own_shapes() -> None:
    paths = (await openapi())["paths"]

    def shapes(path: str) -> tuple[str, str, str]:
        operation = paths[path]["post"]
        answers = operation["responses"]["200"]["content"]
        request = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        whole = answers.get("application/json", {}).get("schema", {})
        event = answers.get("text/event-stream", {}).get("schema", {})
        named = (request, whole.get("items", whole).get("$ref", ""), event.get("$ref", ""))
        return tuple(each.removeprefix("#/components/schemas/") for each in named)

    assert shapes("/v1/completions") == ("CompletionRequest", "Completion", "Completion")
    assert shapes("/generate") == ("GenerateRequest", "GenerateResponse", "")
    assert shapes("/generate_stream") == ("GenerateRequest", "", "StreamResponse")
    for path in ("/", "/models/{name}"):
        assert shapes(path) == ("CompatGenerateRequest", "GenerateResponse", "StreamResponse")
        assert paths[path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "array"
    for path in ("/", "/generate", "/generate_stream", "/models/{name}"):
        responses = paths[path]["post"]["responses"]
        assert set(responses) == {"200", "404", "413", "422", "424", "429", "500"}
        for status in set(responses) - {"200"}:
            schema = responses[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": REF.format(name="GenerateError")}


async def test_where_a_key_is_needed_is_described() -> None:
    document = await openapi()
    assert document["components"]["securitySchemes"]["api_key"]["scheme"] == "bearer"
    assert document["security"] == [{"api_key": []}]
    operations = {path: each for path, item in document["paths"].items() for each in item.values()}
    own = {path: each["security"] for path, each in operations.items() if "security" in each}
    assert own == {"/health": [{}], "/ready": [{}]}


async def test_every_reference_leads_somewhere() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        document = (await http.get("/schema/openapi.json")).json()

    def references(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(each) for each in value.values()))
        return set().union(*(references(each) for each in value)) if isinstance(value, list) else set()

    schemas = document["components"]["schemas"]
    found = references(document)
    assert len(found) > 5
    assert {name.removeprefix("#/components/schemas/") for name in found} <= set(schemas)
    fields = schemas["ChatRequest"]["properties"]
    assert {"model", "messages", "stream", "dragoman"} <= set(fields)


async def test_a_diagnosis_is_described_as_it_is_written() -> None:
    schemas = (await openapi())["components"]["schemas"]
    types = (
        Diagnosis,
        ExpectedLanguage,
        LanguageFinding,
        Lines,
        ForeignRun,
        LeadInFinding,
        SurfaceFinding,
        ModifierFinding,
    )
    for kind in types:
        described = schemas[kind.__name__]
        assert set(described["properties"]) == set(kind.__struct_encode_fields__)
        assert described["description"].partition("\n")[0] == (kind.__doc__ or "").partition("\n")[0]
        assert "\n    " not in described["description"]  # Markdown would take it for code
    language = schemas["LanguageFinding"]["properties"]
    assert language["foreign_words"]["items"] == {"$ref": REF.format(name="ForeignRun")}
    surface = schemas["Diagnosis"]["properties"]["surface"]["items"]["anyOf"]
    assert surface == [{"$ref": REF.format(name=name)} for name in ("LeadInFinding", "SurfaceFinding", "Finding")]
    assert {"language", "span"} <= set(schemas["LeadInFinding"]["required"])


async def test_the_body_that_is_read_without_the_framework_is_described_too() -> None:
    document = await openapi()
    body = document["paths"]["/v1/diagnose"]["post"]["requestBody"]
    exchange = {"$ref": REF.format(name="Exchange")}
    assert body["content"]["application/json"]["schema"]["oneOf"] == [exchange, {"type": "array", "items": exchange}]
    schemas = document["components"]["schemas"]
    for owner in ("Exchange", "DragomanOptions"):
        items = [each["items"] for each in schemas[owner]["properties"]["modifiers"]["anyOf"] if "items" in each]
        assert items == [{"$ref": REF.format(name="DeclaredModifier")}]


async def test_errors_are_described_as_they_are_written() -> None:
    paths = (await openapi())["paths"]
    for path in ("/v1/chat/completions", "/v1/diagnose"):
        responses = paths[path]["post"]["responses"]
        for status in ("400", "422"):
            assert responses[status]["content"]["application/json"]["schema"] == {"$ref": REF.format(name="ErrorBody")}


async def test_paths_and_methods_that_are_not_there() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        nowhere, method = await http.get("/nowhere"), await http.get("/v1/diagnose")
    assert (nowhere.status_code, method.status_code) == (404, 405)
    for response in (nowhere, method):
        assert "GET /schema" in response.json()["error"]["message"]
