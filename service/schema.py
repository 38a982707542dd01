"""Wire types: OpenAI's chat completions and models, and what Dragoman adds to them.

Decoding ignores fields that are not listed here: they travel on to the backend in the raw body.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from diagnostics.core import Diagnosis, Message
from diagnostics.modifiers.declaration import DeclaredModifier

from .config import OnMismatch


class ContentPart(msgspec.Struct):
    """One part of a message's content; parts that are not text (images, audio) are passed on and not judged."""

    type: str
    text: str | None = None


class ChatMessage(msgspec.Struct):
    """One turn as OpenAI's API writes it."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """The plain text of the content, text parts joined by a newline."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.text is not None)


class StreamOptions(msgspec.Struct):
    """``include_usage``: send one more event with the token counts before the end."""

    include_usage: bool | None = None


class DragomanOptions(msgspec.Struct, forbid_unknown_fields=True):
    """The field ``dragoman`` of a request: what the caller knows and need not be guessed.

    ``expected_language`` is a BCP 47 tag. ``on_mismatch`` says what is done about a reply that begins wrong, in place
    of the model's setting. ``timeout`` is how many seconds the caller waits for the whole reply, with all attempts.
    """

    expected_language: str | None = None
    modifiers: list[DeclaredModifier] | None = None
    on_mismatch: OnMismatch | None = None
    timeout: Annotated[float, Meta(gt=0, le=86_400)] | None = None


class Sampling(msgspec.Struct, frozen=True, gc=False):
    """How the reply is to be generated, for engines that are not sent the request as it came; what is None is the
    checkpoint's own choice. ``max_tokens`` counts those of the reply."""

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    n: int = 1


class ChatRequest(msgspec.Struct):
    """``POST /v1/chat/completions``."""

    model: str
    messages: Annotated[list[ChatMessage], Meta(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int, Meta(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Meta(ge=1)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    seed: int | None = None
    stop: str | Annotated[list[str], Meta(max_length=16)] | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    dragoman: DragomanOptions | None = None

    @property
    def turns(self) -> tuple[Message, ...]:
        """The conversation as the diagnostics read it."""
        return tuple([Message(message.role, message.text) for message in self.messages])

    @property
    def sampling(self) -> Sampling:
        """The same wishes in every request's words."""
        return Sampling(
            max_tokens=self.max_completion_tokens or self.max_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            seed=self.seed,
            stop=(self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ()),
            n=self.n or 1,
        )


class Usage(msgspec.Struct):
    """Token counts of one inference."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ReplyMessage(msgspec.Struct):
    """The assistant's turn."""

    content: str | None
    role: str = "assistant"


class Choice(msgspec.Struct):
    """One answer of a completion."""

    index: int
    message: ReplyMessage
    finish_reason: str | None


class ChatCompletion(msgspec.Struct, kw_only=True):
    """The body of a reply that was not streamed."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage | None = None
    diagnostics: Diagnosis | None = None


class Delta(msgspec.Struct, omit_defaults=True):
    """What one event adds."""

    role: str | None = None
    content: str | None = None


class ChunkChoice(msgspec.Struct):
    """One answer's part of an event."""

    index: int
    delta: Delta
    finish_reason: str | None = None


class ChatCompletionChunk(msgspec.Struct, kw_only=True):
    """One event of a streamed reply."""

    id: str
    object: str = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: Usage | UnsetType = UNSET
    diagnostics: Diagnosis | UnsetType = UNSET


class ModelCard(msgspec.Struct, kw_only=True):
    """One entry of ``GET /v1/models``."""

    id: str
    object: str = "model"
    created: int
    owned_by: str = "dragoman"


class ModelList(msgspec.Struct):
    """``GET /v1/models``."""

    data: list[ModelCard]
    object: str = "list"


class ErrorDetail(msgspec.Struct):
    """OpenAI's error object."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorBody(msgspec.Struct):
    """The body of every error answer."""

    error: ErrorDetail


class Health(msgspec.Struct):
    """``GET /health``."""

    status: str = "ok"


class Readiness(msgspec.Struct):
    """``GET /ready``: for each checkpoint "ready", and how many endpoints are if it has several, or why it is not."""

    ready: bool
    checkpoints: dict[str, str]
