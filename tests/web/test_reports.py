"""The routes of reports and comparisons: what they serve, refuse and allow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.eval import served
from assistant.eval.job import EvaluationJob, Order
from assistant.web.app import build_app
from tests.web.fakes import FakeAssistant

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def add_run(fake: FakeAssistant, *questions: str) -> str:
    """Evaluate a gold set of these questions, none of which the fake can answer."""
    folder = fake.workspace.evaluation
    folder.mkdir(exist_ok=True)
    gold = [
        {"id": f"q{number}", "question": text, "kind": "unanswerable", "answerable": False}
        for number, text in enumerate(questions)
    ]
    text = "".join(json.dumps(question) + "\n" for question in gold)
    (folder / "gold.jsonl").write_text(text, encoding="utf-8")
    job = EvaluationJob(fake)
    job.start(Order("gold.jsonl"))
    state = job.wait(60)
    assert state.run, state
    return state.run


@pytest.fixture
def client(fake: FakeAssistant) -> TestClient:
    return TestClient(build_app(fake), raise_server_exceptions=False)


def policy_of(reply: Any) -> dict[str, str]:
    parts = reply.headers["content-security-policy"].split(";")
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in parts)}


def check_page(reply: Any) -> None:
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "SAMEORIGIN"
    assert len(reply.headers.get_list("content-security-policy")) == 1
    policy = policy_of(reply)
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'self'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"] and "'self'" not in policy["script-src"]


def test_a_report_is_served_with_a_policy_of_its_own(
    client: TestClient, fake: FakeAssistant
) -> None:
    name = add_run(fake, "Why?", HOSTILE)
    reply = client.get(f"/evaluation/runs/{name}/report")
    check_page(reply)
    assert HOSTILE not in reply.text and "&lt;script&gt;" in reply.text
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", reply.text)
    head = client.head(f"/evaluation/runs/{name}/report")
    assert head.status_code == 200 and head.content == b""
    assert policy_of(head) == policy_of(reply)


def test_a_comparison_is_served(client: TestClient, fake: FakeAssistant) -> None:
    first, second = add_run(fake, "Why?"), add_run(fake, "Why?", "How?")
    reply = client.get("/evaluation/compare", params={"a": first, "b": second})
    check_page(reply)
    assert first in reply.text and second in reply.text


def test_a_run_is_compared_with_the_baseline(client: TestClient, fake: FakeAssistant) -> None:
    name = add_run(fake, "Why?")
    baseline = fake.workspace.evaluation / "baseline"
    baseline.mkdir()
    for file in ("summary.json", "scores.jsonl"):
        content = (fake.workspace.evaluation / "runs" / name / file).read_bytes()
        (baseline / file).write_bytes(content)
    check_page(client.get("/evaluation/compare", params={"a": "baseline", "b": name}))
    reply = client.get("/evaluation/runs/baseline/report")
    assert reply.status_code == 404 and "keeps no answers" in reply.text


@pytest.mark.parametrize(
    "name",
    ["nowhere", "..", "..%2f..%2fcorpus", "%2e%2e", "a%00b", "%ff", "gold.jsonl", " ", "x" * 5000],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_run_is_looked_up_among_those_that_are_there(
    client: TestClient, fake: FakeAssistant, name: str, method: str
) -> None:
    known = add_run(fake, "Why?")
    assert client.request(method, f"/evaluation/runs/{name}/report").status_code == 404
    reply = client.request(method, f"/evaluation/compare?a={known}&b={name}")
    assert reply.status_code in (400, 404)
    assert "default-src 'self'" in reply.headers["content-security-policy"]


def test_what_makes_no_sense_is_one_sentence(client: TestClient, fake: FakeAssistant) -> None:
    name = add_run(fake, "Why?")
    assert client.get("/evaluation/compare").status_code == 400
    reply = client.get("/evaluation/compare", params={"a": name, "b": name})
    assert reply.status_code == 404 and reply.text.count("\n") == 1
    assert client.post(f"/evaluation/runs/{name}/report").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/evaluation", "/evaluation/runs", "/evaluation/runs/x", "/evaluation/runs/x/answers.jsonl"],
)
def test_nothing_else_of_a_run_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unfinished_run_has_no_report(client: TestClient, fake: FakeAssistant) -> None:
    name = add_run(fake, "Why?")
    (fake.workspace.evaluation / "runs" / name / "summary.json").unlink()
    reply = client.get(f"/evaluation/runs/{name}/report")
    assert reply.status_code == 404 and "not finished" in reply.text


def test_a_report_that_fails_is_one_sentence(
    client: TestClient, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = add_run(fake, "Why?")

    def broken(folder: Path) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(served, "read_evaluated", broken)
    reply = client.get(f"/evaluation/runs/{name}/report")
    assert reply.status_code == 500 and "secret" not in reply.text
    assert client.get("/healthz").status_code == 200
