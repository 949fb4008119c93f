"""Whether a server lives, whether it is ready, and what it counts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from assistant.answer.assistant import Assistant
from assistant.workspace import Workspace
from tests.api.conftest import QUESTION, entered

Make = Callable[..., TestClient]


def samples(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    reply = client.get("/metrics")
    assert reply.status_code == 200 and reply.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def value(found: Any, name: str, **labels: str) -> float:
    return float(found.get((name, frozenset(labels.items())), 0))


def test_ready_names_the_index(client: TestClient, assistant: Assistant) -> None:
    reply = client.get("/readyz")
    assert reply.status_code == 200
    assert reply.json() == {"ready": True, "index": assistant.summary().fingerprint}


def test_a_server_without_its_index_lives_and_is_not_ready(
    starter_workspace: Workspace, tmp_path: Path
) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(starter_workspace.root, root)
    with entered(Assistant.open(Workspace(root))) as client:
        assert client.get("/readyz").status_code == 200
        (root / "index" / "CURRENT").unlink()
        reply, lives = client.get("/readyz"), client.get("/healthz")
    assert reply.status_code == 503 and "assistant index" in reply.json()["detail"]
    assert reply.headers["content-type"] == "application/problem+json"
    assert lives.status_code == 200


def test_metrics_count_what_was_asked(api: Make) -> None:
    client = api()
    client.post("/api/ask", json={"question": QUESTION})
    client.post("/api/ask", json={"question": "Who won the chess championship of 1972?"})
    client.post("/api/ask", json={"question": "?"})
    found = samples(client)
    route = {"route": "/api/ask", "method": "POST"}
    assert value(found, "assistant_requests_total", status="200", **route) == 2
    assert value(found, "assistant_requests_total", status="422", **route) == 1
    assert value(found, "assistant_request_seconds_count", **route) == 3
    assert value(found, "assistant_request_seconds_bucket", le="+Inf", **route) == 3
    assert value(found, "assistant_questions_total", outcome="answered") == 1
    assert value(found, "assistant_questions_total", outcome="refused") == 1
    assert value(found, "assistant_questions_total", outcome="failed") == 0
    for stage in ("retrieve", "answer", "total"):
        assert value(found, "assistant_answer_stage_seconds_count", stage=stage) == 2
        assert value(found, "assistant_answer_stage_seconds_sum", stage=stage) > 0


def test_metrics_have_the_size_of_the_index(api: Make, assistant: Assistant) -> None:
    found, summary = samples(api()), assistant.summary()
    for what in ("documents", "pages", "passages"):
        assert value(found, "assistant_index_size", what=what) == getattr(summary, what)


def test_metrics_say_nothing_of_what_was_asked(api: Make) -> None:
    client = api()
    secret = "zanzibar"
    client.post("/api/ask", json={"question": f"Is there a plan for {secret}?"})
    client.get("/api/search", params={"q": secret})
    client.get(f"/api/documents/{secret}")
    client.get(f"/api/{secret}")
    client.request(secret.upper(), "/api/ask")
    assert secret not in client.get("/metrics").text.lower()


def test_routes_are_counted_by_their_template(api: Make) -> None:
    client = api()
    for number in range(1, 20):
        client.get(f"/api/documents/x{number}/pages/{number}")
        client.get(f"/nowhere/{number}")
    routes = {dict(labels).get("route") for name, labels in samples(client) if "requests" in name}
    assert routes == {"/api/documents/{id}/pages/{number}", "other"}


def test_each_application_counts_for_itself(api: Make) -> None:
    first, second = api(), api()
    first.get("/healthz")
    labels = {"route": "/healthz", "method": "GET", "status": "200"}
    assert value(samples(first), "assistant_requests_total", **labels) == 1
    assert value(samples(second), "assistant_requests_total", **labels) == 0


def test_a_question_that_fails_is_counted(api: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise MemoryError("no room")

    client = api()
    monkeypatch.setattr(Assistant, "stream", broken)
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 500
    assert value(samples(client), "assistant_questions_total", outcome="failed") == 1
