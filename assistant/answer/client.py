"""The client of an OpenAI-compatible server, as LlamaIndex speaks to one."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from typing import Any, Final
from urllib.parse import urlsplit

from assistant import offline as _offline  # noqa: F401 - before the libraries are imported
from assistant.config import LlmSettings
from assistant.errors import UsageError

_HEADER_NAME: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)


def connect(settings: LlmSettings, most: int) -> Any:
    """LlamaIndex's ``OpenAILike`` for the server; ``most``: tokens that a reply may have.

    It asks at temperature 0 and never again by itself. Raises UsageError where the settings name
    what is not there.
    """
    if not settings.base_url or not settings.model:
        raise UsageError(
            "No language model is configured; set base_url and model below [llm] in assistant.toml."
        )
    from llama_index.llms.openai_like import OpenAILike  # noqa: PLC0415
    from openai import DefaultAsyncHttpxClient, DefaultHttpxClient  # noqa: PLC0415

    # Prompts go to the configured server alone: to no other that it names, and not over a
    # proxy where it is on this machine.
    here = _is_here(_host(settings.base_url))
    http: dict[str, Any] = {"follow_redirects": False, "trust_env": not here}
    if settings.ca_bundle:
        http["verify"] = _trusting(settings.ca_bundle)
    try:
        return OpenAILike(
            model=settings.model,
            api_base=settings.base_url,
            api_key=_key(settings),
            default_headers=_headers(settings),
            is_chat_model=True,
            temperature=0.0,
            max_tokens=most,
            context_window=settings.context_window,
            timeout=settings.timeout,
            max_retries=0,
            http_client=DefaultHttpxClient(**http),
            async_http_client=DefaultAsyncHttpxClient(**http),
        )
    except ValueError as error:
        raise UsageError(f"[llm] {settings.model} cannot be used: {error}") from error


def _key(settings: LlmSettings) -> str:
    # Never left to the library, which would send the key of another service.
    return _variable(settings.api_key_env, "api_key_env") if settings.api_key_env else "none"


def _headers(settings: LlmSettings) -> dict[str, str]:
    """The headers of a gateway."""
    return {name: _header(name, value) for name, value in settings.headers.items()}


def _header(name: str, value: str) -> str:
    """Its value; one such as ``$NAME`` is that environment variable's."""
    if not _HEADER_NAME.fullmatch(name):
        raise UsageError(f"[llm] headers: {name!r} is no name of a header.")
    if value.startswith("$"):
        return _variable(value[1:], f"headers.{name}")
    return _sendable(value, f"[llm] headers.{name}")


def _variable(name: str, setting: str) -> str:
    value = os.environ.get(name, "").strip()  # a key read from a file ends in a line break
    if not value:
        raise UsageError(
            f"The environment variable {name}, which [llm] {setting} names, is not set."
        )
    return _sendable(value, f"The environment variable {name}, which [llm] {setting} names,")


def _sendable(value: str, what: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise UsageError(f"{what} has characters that no header can have.")
    return value


def _trusting(bundle: str) -> ssl.SSLContext:
    """The certificates that the system trusts, and those in ``bundle``."""
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=bundle)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"{bundle}, which [llm] ca_bundle names, is no file of PEM certificates that can be "
            "read."
        ) from error
    return context


def _host(address: str) -> str:
    """The host in ``address``, of which the port is checked too."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise UsageError(f"{address}, which [llm] base_url names, is no address of a server.")
    return host


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
