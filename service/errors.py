"""Every error the gateway raises on purpose. An error carries its HTTP status; one handler speaks HTTP.

DragomanError
  InvalidRequest          400   the caller's mistake
    PromptTooLong         400   more tokens than the checkpoint takes
    UnknownModel          404
    NotServed             404   the model's engine has no such thing
    UnknownInference      404   none of that id is kept
    InvalidDeclaration    422   an expected language or a modifier that there is not, or cannot be
    PayloadTooLarge       413
    HeadTooLarge          431
  Unauthenticated         401   no API key, or none that counts
  Forbidden               403   the API key is good, but not for this
  RateLimited             429   more than the API key's share of requests or tokens; says when to come back
    RequestsLimited
    TokensLimited
  Unavailable             503   the gateway itself takes nothing on now; says when to come back
    Overloaded                  too many requests are being answered, and too many wait
    ShuttingDown
    LimiterUnavailable          the limits cannot be looked up, and the settings say to refuse then
    StoreError                  the database does not do what it should
  WrongReply              424   the reply began wrong, and the policy is to refuse such
  DeadlineExceeded        504   the reply was not there when the caller's own time was over
  BackendError
    BackendRejected       the engine's own 4xx status: it refused the request
    BackendOverloaded     429
    BackendBroken         502   answered nonsense
      BackendIncomplete   502   the reply ended without an end
    BackendUnavailable    503   cannot be reached, or is not up
    BackendTimeout        504
  SetupError              exit status 2, never HTTP: what is wrong before the gateway can start
    ConfigError           a file, a flag or a variable; names the key
    MissingExtra          a package is not installed; names the extra
    CheckpointError       a checkpoint is missing or broken
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from diagnostics.core import Diagnosis

Headers = Iterable[tuple[bytes, bytes]]
"""Headers of HTTP, names in small letters."""


class DragomanError(Exception):
    """Base of all. ``str(error)`` is a sentence that says what is wrong and what to do; no user text in it
    beyond the offending key or name. ``retry_after`` is in seconds, where it is known when to come back; ``headers``
    go out with the answer."""

    status: int = 500
    type: ClassVar[str] = "internal_error"
    code: ClassVar[str | None] = None
    headers: Headers = ()

    def __init__(self, message: str, *, param: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.retry_after = retry_after


class InvalidRequest(DragomanError):
    """The request is wrong; ``param`` names the field."""

    status = 400
    type = "invalid_request_error"


class PromptTooLong(InvalidRequest):
    """The prompt does not fit the checkpoint's context."""

    code = "context_length_exceeded"


class UnknownModel(InvalidRequest):
    """No such model; the message names those there are."""

    status = 404
    code = "model_not_found"


class NotServed(InvalidRequest):
    """The engine of this model has nothing of the kind."""

    status = 404
    code = "not_served"


class UnknownInference(InvalidRequest):
    """There is no inference of that id, or it is no longer kept."""

    status = 404
    code = "inference_not_found"

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no inference {id[:64]!r}, or it is no longer kept", param="id")


class InvalidDeclaration(InvalidRequest):
    """What the caller declares of the reply is wrong: a language tag, a modifier, its arguments, or two modifiers that
    contradict each other."""

    status = 422


class MethodNotAllowed(InvalidRequest):
    """The path takes another method."""

    status = 405


class PayloadTooLarge(InvalidRequest):
    """The body is larger than the configured limit."""

    status = 413
    code = "payload_too_large"


class HeadTooLarge(InvalidRequest):
    """The headers are more, or longer, than the configured limit."""

    status = 431
    code = "headers_too_large"


class Unauthenticated(DragomanError):
    """No API key was sent, or one that there is not, that was revoked or has expired."""

    status = 401
    type = "invalid_request_error"
    code = "invalid_api_key"
    headers = ((b"www-authenticate", b"Bearer"),)


class Forbidden(DragomanError):
    """The API key is good, but not for this path or model."""

    status = 403
    type = "invalid_request_error"
    code = "permission_denied"


class RateLimited(DragomanError):
    """The API key has used up what it may in a minute. ``headers`` say what is left, as OpenAI's API does."""

    status = 429
    code = "rate_limit_exceeded"

    def __init__(self, message: str, headers: Headers, *, retry_after: float | None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.headers = headers


class RequestsLimited(RateLimited):
    """Too many requests."""

    type = "requests"


class TokensLimited(RateLimited):
    """Too many tokens."""

    type = "tokens"


class Unavailable(DragomanError):
    """The gateway takes nothing on now."""

    status = 503
    type = "unavailable"


class Overloaded(Unavailable):
    """There is no place, and none came free in time."""

    code = "overloaded"


class ShuttingDown(Unavailable):
    """The gateway finishes what it has begun and then stops; another replica may answer."""

    code = "shutting_down"
    headers = ((b"connection", b"close"),)


class LimiterUnavailable(Unavailable):
    """Redis, which holds the rate limits, does not answer."""

    code = "limiter_unavailable"


class StoreError(Unavailable):
    """The database cannot be reached, is full, locked or broken, or takes too long."""

    code = "store_unavailable"


class WrongReply(DragomanError):
    """The checkpoint answered, but in the wrong language or against a demand, and the policy is to refuse that. The
    status (RFC 4918, "failed dependency"; TGI's for a failed generation) is one that clients do not repeat by
    themselves. ``diagnosis`` says what was wrong."""

    status = 424
    type = "wrong_reply"

    def __init__(self, message: str, diagnosis: Diagnosis | None) -> None:
        super().__init__(message)
        self.diagnosis = diagnosis


class DeadlineExceeded(DragomanError):
    """The time that the caller gave is over. Nobody else is asked then, and no engine is blamed."""

    status = 504
    type = "timeout"
    code = "deadline_exceeded"


class BackendError(DragomanError):
    """Something behind the gateway failed."""

    status = 502
    type = "backend_error"


class BackendRejected(BackendError):
    """The engine refused the request; ``status`` is the engine's own 4xx."""

    code = "backend_rejected"

    def __init__(self, message: str, *, status: int, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.status = status


class BackendOverloaded(BackendError):
    """The engine has no room now; try again later."""

    status = 429
    code = "backend_overloaded"


class BackendBroken(BackendError):
    """The engine's answer is not what its protocol promises, or it stopped in the middle."""

    code = "backend_broken"


class BackendIncomplete(BackendBroken):
    """The engine's reply ended before its end: no finish reason came, or it said so itself."""


class BackendUnavailable(BackendError):
    """The engine cannot be reached or is not up."""

    status = 503
    code = "backend_unavailable"


class BackendTimeout(BackendError):
    """The engine did not answer in time."""

    status = 504
    code = "backend_timeout"


class SetupError(DragomanError):
    """The gateway cannot start like this. Shown on the terminal without a traceback, exit status 2."""


class ConfigError(SetupError):
    """A key of the configuration is wrong; the message names it and where it came from."""


class MissingExtra(SetupError):
    """An optional package is needed; the message gives the command that installs it."""


class CheckpointError(SetupError):
    """A checkpoint is missing or broken, or the hub cannot be reached."""
