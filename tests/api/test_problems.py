"""Errors: one sentence each, in the shape that belongs to the address."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.api.problems import Problem, refusal
from assistant.errors import IndexMissingError
from tests.api.conftest import QUESTION

Make = Callable[..., TestClient]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nowhere", "/api/ask/x", "/api/documents/"])
def test_an_unknown_address_is_a_problem(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404 and Problem.model_validate(reply.json()).status == 404
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/ask", "POST"),
        ("DELETE", "/api/documents", "GET"),
        ("PUT", "/healthz", "GET"),
        ("BREW", "/readyz", "GET"),
    ],
)
def test_another_method_is_a_problem(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    reply = client.request(method, path)
    assert reply.status_code == 405 and reply.headers["allow"] == allowed
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("stream", [False, True])
def test_what_nobody_foresaw_has_an_id_in_the_log(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    stream: bool,
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise MemoryError("a secret detail")

    monkeypatch.setattr(Assistant, "stream", broken)
    with caplog.at_level(logging.ERROR):
        reply = client.post("/api/ask", json={"question": QUESTION, "stream": stream})
    assert reply.status_code == 500 and "secret" not in reply.text
    told = Problem.model_validate(reply.json())
    assert told.id and any(told.id in record.message for record in caplog.records)
    assert "a secret detail" in caplog.text and QUESTION not in caplog.text
    chat = {"model": "doctrine-assistant", "messages": [{"role": "user", "content": QUESTION}]}
    reply = client.post("/v1/chat/completions", json=chat)
    assert reply.status_code == 500 and reply.json()["error"]["type"] == "server_error"


def test_what_fails_amid_the_events_is_an_event(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.types import Progress

    def breaking(*_: Any, **__: Any) -> Any:
        yield Progress(draft="so far")
        raise MemoryError("a secret detail")

    monkeypatch.setattr(Assistant, "stream", breaking)
    text = client.post("/api/ask", json={"question": QUESTION, "stream": True}).text
    assert text.startswith("event: progress\n") and "secret" not in text
    data = text.split("event: error\ndata: ")[1].strip()
    assert Problem.model_validate_json(data).status == 500


def test_an_index_that_is_gone_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise IndexMissingError("There is no index yet.")

    monkeypatch.setattr(Assistant, "stream", gone)
    reply = client.post("/api/ask", json={"question": QUESTION})
    assert (reply.status_code, reply.json()["detail"]) == (503, "There is no index yet.")


@given(st.text(st.characters()), st.sampled_from(["/api/x", "/v1/x"]))
def test_any_sentence_can_be_sent(sentence: str, path: str) -> None:
    body = bytes(refusal(path, 404, sentence).body)
    assert body.decode("utf-8")
