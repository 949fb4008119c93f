"""How a client is made from the settings, and which settings cannot be used."""

from __future__ import annotations

import os
from typing import Any

import pytest

from assistant.answer.client import connect
from assistant.config import LlmSettings
from assistant.errors import UsageError

HERE = "http://127.0.0.1:9/v1"


def settings(**values: Any) -> LlmSettings:
    return LlmSettings(**{"base_url": HERE, "model": "m", **values})


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"base_url": ""}, r"set base_url and model below \[llm\]"),
        ({"model": ""}, r"set base_url and model below \[llm\]"),
        ({"base_url": "http://[::1/v1"}, r"http://\[::1/v1, which \[llm\] base_url names"),
        ({"base_url": "http://127.0.0.1:port/v1"}, r"\[llm\] base_url names, is no address"),
        ({"base_url": "http://127.0.0.1:99999/v1"}, r"\[llm\] base_url names, is no address"),
        ({"base_url": "http:///v1"}, r"\[llm\] base_url names, is no address"),
        ({"api_key_env": "NOT_SET"}, r"variable NOT_SET, which \[llm\] api_key_env names"),
        ({"api_key_env": "EMPTY"}, r"variable EMPTY, which \[llm\] api_key_env names, is not set"),
        ({"api_key_env": "ODD"}, r"variable ODD, which \[llm\] api_key_env names, has char"),
        ({"headers": {"X-A": "$NOT_SET"}}, r"NOT_SET, which \[llm\] headers.X-A names"),
        ({"headers": {"X-A": "$ODD"}}, r"ODD, which \[llm\] headers.X-A names, has char"),
        ({"headers": {"X-A": "a\nb"}}, r"\[llm\] headers.X-A has characters that no header"),
        ({"headers": {"X-A": "é"}}, r"\[llm\] headers.X-A has characters that no header"),
        ({"headers": {"X A": "b"}}, r"\[llm\] headers: 'X A' is no name of a header"),
        ({"headers": {"": "b"}}, r"\[llm\] headers: '' is no name of a header"),
        ({"ca_bundle": "/not/there.pem"}, r"/not/there.pem, which \[llm\] ca_bundle names"),
        ({"ca_bundle": os.sep}, r"which \[llm\] ca_bundle names, is no file of PEM"),
        ({"ca_bundle": __file__}, r"which \[llm\] ca_bundle names, is no file of PEM"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    values: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.setenv("ODD", "clé secrète")
    with pytest.raises(UsageError, match=told) as failed:
        connect(settings(**values), 16)
    assert "\n" not in str(failed.value)


def test_a_secret_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", "clé secrète")
    for values in ({"api_key_env": "ODD"}, {"headers": {"X-A": "$ODD"}}):
        with pytest.raises(UsageError) as failed:
            connect(settings(**values), 16)
        assert "secr" not in str(failed.value)


def test_a_key_may_end_in_a_line_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_KEY", "of a file\n")
    llm = connect(settings(api_key_env="MODEL_KEY", headers={"X-Key": "$MODEL_KEY"}), 16)
    assert llm.api_key == "of a file"
    assert llm.default_headers == {"X-Key": "of a file"}


def test_what_is_asked_is_what_the_settings_say() -> None:
    llm = connect(settings(timeout=7, retries=5, context_window=2048), 99)
    assert (llm.model, llm.api_base, llm.temperature) == ("m", HERE, 0.0)
    assert (llm.max_tokens, llm.context_window, llm.timeout) == (99, 2048, 7)
    assert llm.max_retries == 0  # requests are sent again by this package alone
    assert llm.is_chat_model


def test_a_key_of_another_service_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of another service")
    monkeypatch.setenv("OPENAI_API_BASE", "http://elsewhere.example/v1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1")
    client = connect(settings(), 16)._get_client()
    assert (client.api_key, str(client.base_url)) == ("none", f"{HERE}/")


@pytest.mark.parametrize(
    ("base_url", "over_proxy"),
    [
        ("http://127.0.0.1:9/v1", False),
        ("http://127.8.0.1/v1", False),
        ("http://[::1]:9/v1", False),
        ("http://localhost:9/v1", False),
        ("http://LOCALHOST/v1", False),
        ("https://models.example/v1", True),
        ("http://10.0.0.7:8000/v1", True),
    ],
)
def test_only_other_machines_are_asked_over_a_proxy(
    base_url: str, over_proxy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    llm = connect(settings(base_url=base_url), 16)
    for client in (llm._get_client(), llm._get_aclient()):
        assert client._client.trust_env is over_proxy
        assert not client._client.follow_redirects
