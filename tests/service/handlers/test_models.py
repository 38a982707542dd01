from __future__ import annotations

import openai
import pytest

from tests.gateways import serving, settings

SCRIPT = {"backend": "scripted", "replies": ["x"]}


async def test_the_official_client_lists_the_models() -> None:
    async with (
        serving(settings({"one": SCRIPT, "org/two": SCRIPT})) as served,
        openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none") as api,
    ):
        assert [model.id async for model in api.models.list()] == ["one", "org/two"]
        assert (await api.models.retrieve("org/two")).owned_by == "dragoman"
        with pytest.raises(openai.NotFoundError, match="there are: one, org/two"):
            await api.models.retrieve("three")
