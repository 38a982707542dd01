"""What a caller declares of a reply, over HTTP: the same value and the same errors on both ways in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.gateways import scripted, serving

QUESTION = [{"role": "user", "content": "Was ist Tee?"}]
REPLY = "Tee ist heiß."


async def ask(declared: dict[str, Any]) -> tuple[httpx.Response, httpx.Response]:
    """Declare it in a chat request, and of the same exchange in the second place of a list."""
    exchange = {"messages": QUESTION, "response": REPLY}
    async with serving(scripted(REPLY)) as served, httpx.AsyncClient(base_url=served.url) as http:
        body = {"model": "script", "messages": QUESTION, "dragoman": declared}
        chat = await http.post("/v1/chat/completions", json=body)
        return chat, await http.post("/v1/diagnose", json=[exchange, {**exchange, **declared}])


def modifiers(*declared: tuple[str, dict[str, object]]) -> dict[str, Any]:
    return {"modifiers": [{"name": name, "arguments": arguments} for name, arguments in declared]}


async def test_it_is_judged_alike() -> None:
    chat, diagnosed = await ask(modifiers(("words", {"num_words": 3}), ("uppercase", {})))
    live, recorded = chat.json()["diagnostics"], diagnosed.json()[1]
    assert live["modifiers"] == recorded["modifiers"]
    words, uppercase = live["modifiers"]
    assert (words["verdict"], words["origin"], words["arguments"]) == (
        "pass",
        "declared",
        {"num_words": 3, "relation": "exactly"},
    )
    assert (words["ifeval"], words["span"]) == ("length_constraints:number_words", None)
    assert uppercase["verdict"] == "fail"


TOO_FEW = ("words", {"num_words": 300, "relation": "at least"}), ("words", {"num_words": 100, "relation": "at most"})


@pytest.mark.parametrize(
    ("declared", "param", "message"),
    [
        (
            modifiers(("json", {}), ("words", {"num_words": 0})),
            "modifiers[1].arguments.num_words",
            "expected a whole number from 1 to 1,000,000; got 0",
        ),
        (
            modifiers(("include", {"keywords": ["tea", 5]})),
            "modifiers[0].arguments.keywords[1]",
            "expected a text of 1 to 500 characters, not only blanks; got 5",
        ),
        (
            modifiers(("bullets", {"bullets": 3})),
            "modifiers[0].arguments.bullets",
            "there is no such argument; did you mean num_bullets? bullets takes num_bullets",
        ),
        (
            modifiers(("sentences", {})),
            "modifiers[0].arguments.num_sentences",
            "is missing; sentences needs a whole number from 1 to 100,000",
        ),
        (modifiers(("htm", {})), "modifiers[0].name", "there is no modifier 'htm'; did you mean 'html'?"),
        (
            modifiers(("comma", {}), *TOO_FEW),
            "modifiers[2]",
            "contradicts {}modifiers[1]: at least 300 words, but at most 100 words; leave one out",
        ),
        (
            modifiers(("json", {}), ("xml", {})),
            "modifiers[1]",
            "contradicts {}modifiers[0]: the format is JSON or XML, not both; leave one out",
        ),
        (
            {"expected_language": "German"},
            "expected_language",
            "'German' is no language tag: use a BCP 47 tag such as de (German)",
        ),
    ],
)
async def test_it_is_refused_alike_with_its_place_and_what_would_be_right(
    declared: dict[str, Any], param: str, message: str
) -> None:
    chat, diagnosed = await ask(declared)
    for response, within in ((chat, "dragoman."), (diagnosed, "[1].")):
        error = response.json()["error"]
        assert (response.status_code, error["type"]) == (422, "invalid_request_error")
        assert error["param"] == within + param
        assert error["message"] == f"{within}{param}: {message.format(within)}"
