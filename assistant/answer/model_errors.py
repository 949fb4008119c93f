"""What goes wrong with the server of a language model, in words."""

from __future__ import annotations

import re
from typing import Final

from assistant.config import LlmSettings
from assistant.errors import AssistantError

_PASSING: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_REFUSED: Final = {
    401: "refused the key (status 401); check [llm] api_key_env",
    403: "refused the request (status 403); check [llm] api_key_env and headers",
    429: "has too much to do (status 429)",
}
_TOO_LONG = re.compile(
    r"context.?(?:length|window|size)|too (?:long|many tokens)|maximum.*tokens", re.I
)
_NO_MODEL = re.compile(r"\bmodel\b", re.I)


class ModelError(AssistantError):
    """The model gave no reply; ``silent`` says that its server gave no sign of life.

    ``passing``: the same request may succeed when it is sent again, in ``after`` seconds where the
    server names them.
    """

    def __init__(
        self,
        sentence: str,
        *,
        silent: bool = False,
        passing: bool = False,
        after: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.silent = silent
        self.passing = passing or silent
        self.after = after


def told(error: BaseException, settings: LlmSettings) -> ModelError:
    """``error`` of a client library as what the user can do something about."""
    import httpx  # noqa: PLC0415
    import openai  # noqa: PLC0415

    if isinstance(error, ModelError):
        return error
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return overdue(settings)
    if isinstance(error, openai.APIConnectionError):
        return _unreachable(error)
    if isinstance(error, openai.APIStatusError):
        return _refused(error, settings)
    if isinstance(error, openai.APIError):  # in the midst of a stream
        return ModelError(f"the server of the model broke off: {shortened(error.message)}")
    if isinstance(error, httpx.TransportError):
        return ModelError("the server of the model broke off in the middle of its reply")
    return ModelError("the server of the model sent no completion that can be read")


def wordless(finish: str | None) -> ModelError:
    """The reply has no text; ``finish`` is why it ended."""
    if finish == "length":
        return ModelError(
            "the model reached the limit of its reply before it wrote anything; raise [llm] "
            "max_tokens"
        )
    return ModelError("the server of the model sent no text; check that [llm] base_url is its API")


def overdue(settings: LlmSettings) -> ModelError:
    """The server is silent for longer than the settings allow."""
    return ModelError(f"the model did not reply within {settings.timeout:g} s", silent=True)


def _unreachable(error: BaseException) -> ModelError:
    causes = f"{error.__cause__!r} {error.__cause__.__cause__!r}" if error.__cause__ else ""
    if "CERTIFICATE" in causes.upper():
        return ModelError(
            "the certificate of the model's server is not trusted; name its CA in [llm] ca_bundle"
        )
    return ModelError("the server of the model cannot be reached", silent=True)


def _refused(error: object, settings: LlmSettings) -> ModelError:
    import openai  # noqa: PLC0415

    assert isinstance(error, openai.APIStatusError)
    status, message = error.status_code, str(error.message)
    if known := _REFUSED.get(status):
        why = f"the server of the model {known}"
    elif status in (400, 413, 422) and _TOO_LONG.search(message):
        why = (
            f"the prompt is longer than the model reads (status {status}); lower [llm] "
            "context_window to what the model has"
        )
    elif status == 404 and _NO_MODEL.search(message):
        why = f"the server has no model {settings.model} (status 404); check [llm] model"
    elif status == 404:
        why = "the server of the model refused with status 404; check [llm] base_url"
    else:
        why = f"the server of the model refused with status {status}"
    after = _seconds(error.response.headers.get("retry-after"))
    return ModelError(why, passing=status in _PASSING, after=after)


def _seconds(value: str | None) -> float | None:
    """``Retry-After`` in seconds; its form as a date is not used by these servers."""
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None


def shortened(text: str, most: int = 300) -> str:
    """What a server says of itself, on one line that any terminal can show."""
    line = "".join(filter(str.isprintable, " ".join(text.split())))
    return line if len(line) <= most else f"{line[:most]}…"
