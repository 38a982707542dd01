"""Wire types: OpenAI's chat completions, completions and models, TGI's generation, and what Dragoman adds to them.

Decoding ignores fields that are not listed here: they travel on to the backend in the raw body.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from diagnostics.core import VERSION, Diagnosis, Message
from diagnostics.modifiers.declaration import DeclaredModifier

from .config import OnMismatch
from .store.base import Body, Entry, Feedback, Judgement

SYSTEM_FINGERPRINT = f"dragoman-{VERSION}"
# As long as the settings let one be.
ModelName = Annotated[str, Meta(max_length=128)]


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
    top_k: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    n: int = 1


class ChatRequest(msgspec.Struct):
    """``POST /v1/chat/completions``."""

    model: ModelName
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
            stop=_stops(self.stop),
            n=self.n or 1,
        )


class CompletionRequest(msgspec.Struct):
    """``POST /v1/completions``: one prompt or several, each as text or as the model's own token ids."""

    model: str
    prompt: str | Annotated[list[str | int | list[int]], Meta(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int, Meta(ge=0)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    seed: int | None = None
    stop: str | Annotated[list[str], Meta(max_length=16)] | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    best_of: Annotated[int, Meta(ge=1, le=128)] | None = None
    echo: bool | None = None
    dragoman: DragomanOptions | None = None

    @property
    def turns(self) -> tuple[Message, ...]:
        """The prompt of the reply that is judged, the first, as one user message; none where it is token ids."""
        first = self.prompt if isinstance(self.prompt, str) else self.prompt[0]
        return (Message("user", first),) if isinstance(first, str) else ()

    @property
    def sampling(self) -> Sampling:
        """The same wishes in every request's words; ``n`` answers of each prompt are made."""
        return Sampling(
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            seed=self.seed,
            stop=_stops(self.stop),
            n=max(self.n or 1, self.best_of or 1),
        )


class GenerateParameters(msgspec.Struct):
    """How TGI is to generate, in its own words; what is left out is TGI's default, not the checkpoint's."""

    adapter_id: str | None = None
    best_of: Annotated[int, Meta(ge=1)] | None = None
    decoder_input_details: bool | None = None
    details: bool | None = None
    do_sample: bool | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    grammar: dict[str, object] | None = None
    max_new_tokens: Annotated[int, Meta(ge=1)] | None = None
    repetition_penalty: Annotated[float, Meta(gt=0)] | None = None
    return_full_text: bool | None = None
    seed: Annotated[int, Meta(ge=0)] | None = None
    stop: list[str] | None = None
    temperature: Annotated[float, Meta(gt=0)] | None = None
    top_k: Annotated[int, Meta(ge=1)] | None = None
    top_n_tokens: Annotated[int, Meta(ge=0)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    truncate: Annotated[int, Meta(ge=0)] | None = None
    typical_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    watermark: bool | None = None


class GenerateRequest(msgspec.Struct):
    """``POST /generate`` and ``/generate_stream`` of TGI. Without ``model`` it is the gateway's default model."""

    inputs: str
    parameters: GenerateParameters | None = None
    model: str = ""
    stream: bool | None = None
    dragoman: DragomanOptions | None = None

    @property
    def turns(self) -> tuple[Message, ...]:
        """The prompt as one user message."""
        return (Message("user", self.inputs),)

    @property
    def wishes(self) -> GenerateParameters:
        """The parameters, be they given or not."""
        return self.parameters or GenerateParameters()

    @property
    def sampling(self) -> Sampling:
        """The same wishes in every request's words. TGI is greedy unless ``do_sample`` or a parameter that is there
        for nothing but sampling says otherwise (its server/text_generation_server/utils/tokens.py)."""
        wish = self.wishes
        drawn = wish.do_sample or wish.top_k or (wish.top_p or 1.0) < 1.0 or (wish.temperature or 1.0) != 1.0
        return Sampling(
            max_tokens=wish.max_new_tokens,
            temperature=(wish.temperature or 1.0) if drawn else 0.0,
            top_p=wish.top_p,
            top_k=wish.top_k,
            seed=wish.seed,
            stop=tuple(wish.stop or ()),
        )


class CompatGenerateRequest(GenerateRequest):
    """``POST /`` of TGI: ``stream`` chooses between the two; whole answers are lists."""


def _stops(stop: str | list[str] | None) -> tuple[str, ...]:
    return (stop,) if isinstance(stop, str) else tuple(stop or ())


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
    logprobs: None = None


class ChatCompletion(msgspec.Struct, kw_only=True):
    """The body of a reply that was not streamed."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str
    system_fingerprint: str = SYSTEM_FINGERPRINT  # without it, and logprobs, the text-generation package reads no chat
    choices: list[Choice]
    usage: Usage | None = None
    diagnostics: Diagnosis | UnsetType = UNSET


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


class CompletionChoice(msgspec.Struct):
    """One answer of a completion, or what an event adds to it."""

    index: int
    text: str
    finish_reason: str | None = None
    logprobs: None = None


class Completion(msgspec.Struct, kw_only=True):
    """The body of a completion that was not streamed, and every event of one that is."""

    id: str
    object: str = "text_completion"
    created: int
    model: str
    choices: list[CompletionChoice]
    usage: Usage | UnsetType = UNSET
    diagnostics: Diagnosis | UnsetType = UNSET


class Token(msgspec.Struct, kw_only=True):
    """A token, or a piece of text from an engine that does not tell its tokens: then ``id`` is 0."""

    id: int = 0
    text: str
    logprob: float | None = None
    special: bool = False


class GenerateDetails(msgspec.Struct, kw_only=True):
    """How a reply came about; engines other than TGI do not tell their tokens. ``seed`` is the request's."""

    finish_reason: Literal["length", "eos_token", "stop_sequence"]
    generated_tokens: int
    seed: int | None = None
    prefill: list[Token] = []
    tokens: list[Token] = []


class GenerateResponse(msgspec.Struct):
    """The body of a TGI reply that was not streamed."""

    generated_text: str
    details: GenerateDetails | UnsetType = UNSET
    diagnostics: Diagnosis | UnsetType = UNSET


class StreamDetails(msgspec.Struct, kw_only=True):
    """How a streamed reply came about. ``input_length`` is the prompt's in tokens."""

    finish_reason: Literal["length", "eos_token", "stop_sequence"]
    generated_tokens: int
    input_length: int
    seed: int | None = None


class StreamResponse(msgspec.Struct, kw_only=True):
    """One event of a streamed TGI reply; only the last has ``generated_text``, all of it."""

    index: int
    token: Token
    generated_text: str | None = None
    details: StreamDetails | None = None
    diagnostics: Diagnosis | UnsetType = UNSET


class GenerateInfo(msgspec.Struct, kw_only=True):
    """``GET /info`` of a model whose engine is not TGI: what the gateway knows of it."""

    model_id: str
    model_pipeline_tag: str = "text-generation"
    max_best_of: int = 1
    max_client_batch_size: int = 1
    router: str = "dragoman"
    version: str


class GenerateError(msgspec.Struct):
    """TGI's error object; in a stream it is an event."""

    error: str
    error_type: str


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


class KeptInference(msgspec.Struct, frozen=True):
    """What is kept of an inference; ``texts`` only for those who may read them."""

    id: str
    attempts: list[Entry]
    feedback: list[Feedback]
    judgements: list[Judgement]
    texts: list[Body] | UnsetType = UNSET
