"""A language model behind an OpenAI-compatible server, asked once per question.

Nothing is sent anywhere unless ``[llm] base_url`` names a server.
"""

from __future__ import annotations

import ipaddress
import os
from typing import Any, Final
from urllib.parse import urlsplit

from assistant import offline as _offline  # noqa: F401 - before the libraries are imported
from assistant.config import LlmSettings
from assistant.errors import AssistantError, UsageError

_CHARACTERS_PER_TOKEN: Final = 3  # of a tokenizer that is not known; English has more


class ModelError(AssistantError):
    """The model gave no reply; ``silent`` says that its server gave no sign of life."""

    def __init__(self, sentence: str, *, silent: bool = False) -> None:
        super().__init__(sentence)
        self.silent = silent


class LanguageModel:
    """Completes prompts at temperature 0; a failure is told, never retried."""

    def __init__(self, settings: LlmSettings, most: int) -> None:
        """``most``: tokens that a reply may have. Raises UsageError where none is configured."""
        if not settings.base_url or not settings.model:
            raise UsageError(
                "No language model is configured; set base_url and model below [llm] in "
                "assistant.toml."
            )
        self.name = settings.model
        self._settings = settings
        self._room = (settings.context_window - most) * _CHARACTERS_PER_TOKEN
        self._llm = _client(settings, most)

    def complete(self, prompt: str) -> str:
        """The reply to ``prompt``; raises ModelError."""
        if len(prompt) > self._room:
            raise ModelError("the prompt does not fit into [llm] context_window")
        try:
            return str(self._llm.complete(prompt).text or "")
        except Exception as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> ModelError:
        import openai  # noqa: PLC0415

        if isinstance(error, openai.APITimeoutError):
            seconds = f"{self._settings.timeout:g}"
            return ModelError(f"the model did not reply within {seconds} s", silent=True)
        if isinstance(error, openai.APIConnectionError):
            return ModelError("the server of the model cannot be reached", silent=True)
        if isinstance(error, openai.APIStatusError):
            return ModelError(f"the server of the model refused with status {error.status_code}")
        return ModelError(f"the server of the model sent no completion ({type(error).__name__})")


def _client(settings: LlmSettings, most: int) -> Any:
    from llama_index.llms.openai_like import OpenAILike  # noqa: PLC0415
    from openai import DefaultHttpxClient  # noqa: PLC0415

    try:
        return OpenAILike(
            model=settings.model,
            api_base=settings.base_url,
            api_key=_key(settings),
            is_chat_model=True,
            temperature=0.0,
            max_tokens=most,
            context_window=settings.context_window,
            timeout=settings.timeout,
            max_retries=0,
            # Prompts go to the configured server alone: to no other that it names, and not
            # over a proxy where it is on this machine.
            http_client=DefaultHttpxClient(
                follow_redirects=False, trust_env=not _is_here(settings.base_url)
            ),
        )
    except ValueError as error:
        raise UsageError(f"[llm] {settings.model} cannot be used: {error}") from error


def _key(settings: LlmSettings) -> str:
    # Never left to the library, which would send the key of another service.
    if not settings.api_key_env:
        return "none"
    key = os.environ.get(settings.api_key_env, "")
    if not key:
        raise UsageError(
            f"The environment variable {settings.api_key_env}, which [llm] api_key_env names, "
            "is not set."
        )
    return key


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
