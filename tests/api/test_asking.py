"""Questions over HTTP: the same answers as anywhere else, as JSON and as events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer.assistant import Assistant
from assistant.answer.record import answer_json
from assistant.api.models import AnswerBody, ProgressBody
from assistant.corpus.clean import clean
from assistant.types import Filters
from assistant.workspace import Workspace
from tests.answer.modelled import truthful, with_model
from tests.api.conftest import DIGEST, QUESTION, entered
from tests.llm_server import Script, scripted
from tests.web.serving import serving


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


def events(text: str) -> Iterator[tuple[str, Any]]:
    for block in text.replace("\r", "").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            yield lines["event"], json.loads(lines["data"])


def test_an_answer_is_that_of_the_assistant(client: TestClient, assistant: Assistant) -> None:
    reply = client.post("/api/ask", json={"question": QUESTION})
    assert reply.status_code == 200
    assert untimed(reply.json()) == untimed(answer_json(assistant.ask(QUESTION)))
    assert reply.json()["citations"][0]["quote"]


def test_the_description_has_every_field_of_an_answer(assistant: Assistant) -> None:
    told = answer_json(assistant.ask(QUESTION))
    assert AnswerBody.model_validate(told).model_dump(mode="json") == told


def test_a_quote_stands_on_its_page(client: TestClient) -> None:
    citation = client.post("/api/ask", json={"question": QUESTION}).json()["citations"][0]
    place = f"/api/documents/{citation['document']}/pages/{citation['pdf_page']}"
    text = client.get(place).json()["text"][citation["start"] : citation["end"]]
    assert clean(text) == citation["quote"]


def test_filters_hold(client: TestClient, assistant: Assistant) -> None:
    filters = {"statuses": ["superseded"], "until": "2020-01-01"}
    told = client.post("/api/ask", json={"question": QUESTION, "filters": filters}).json()
    assert told["hits"] and {hit["file"] for hit in told["hits"]} == {
        "operations_multinational_digest_2019.pdf"
    }
    direct = assistant.ask(QUESTION, Filters(files=(DIGEST,)))
    same = client.post("/api/ask", json={"question": QUESTION, "filters": {"files": [DIGEST]}})
    assert untimed(same.json()) == untimed(answer_json(direct))


def test_a_file_that_is_not_indexed_is_named(client: TestClient) -> None:
    body = {"question": QUESTION, "filters": {"files": ["../secret.pdf"]}}
    reply = client.post("/api/ask", json=body)
    assert reply.status_code == 422
    assert reply.json()["detail"].startswith("../secret.pdf is not in the index")


def test_a_follow_up_stands_alone(client: TestClient) -> None:
    body = {
        "question": "And the tactical one?",
        "context": ["What is the operational level of warfare?"],
    }
    told = client.post("/api/ask", json=body).json()
    assert told["question"] == "And the tactical one?"
    assert "tactical" in told["searched"].lower() and told["standalone"] is not None


def test_what_the_documents_do_not_say_is_an_answer(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "Who won the chess championship of 1972?"})
    assert reply.status_code == 200
    assert reply.json()["abstained"] and reply.json()["reason"] and not reply.json()["statements"]


@pytest.mark.parametrize(
    "how", [{"json": {"stream": True}}, {"headers": {"Accept": "text/event-stream;q=0.9, */*"}}]
)
def test_events_end_with_the_same_answer(
    client: TestClient, assistant: Assistant, how: dict[str, Any]
) -> None:
    body = {"question": QUESTION, **how.get("json", {})}
    reply = client.post("/api/ask", json=body, headers=how.get("headers", {}))
    assert reply.headers["content-type"].startswith("text/event-stream")
    (name, told), *rest = events(reply.text)
    assert name == "answer" and not rest
    assert untimed(told) == untimed(answer_json(assistant.ask(QUESTION)))


@pytest.mark.parametrize("stream", [False, True])
def test_an_empty_question_is_refused_before_any_event(client: TestClient, stream: bool) -> None:
    reply = client.post("/api/ask", json={"question": " ?! ", "stream": stream})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"] == "The question is empty; type one in words."


def test_a_model_is_seen_writing(starter_workspace: Workspace) -> None:
    with scripted(truthful) as server:
        written = Assistant.open(with_model(starter_workspace, server.address))
        with entered(written) as client:
            reply = client.post("/api/ask", json={"question": QUESTION, "stream": True})
            asked = len(server.asked)
            plain = client.post("/api/ask", json={"question": QUESTION, "extractive": True}).json()
        assert plain["mode"] == "extractive" and len(server.asked) == asked
    *before, (last, answer) = events(reply.text)
    assert before and last == "answer" and answer["mode"] == "generative"
    for name, item in before:
        assert name == "progress"
        assert ProgressBody.model_validate(item).model_dump(mode="json") == item


@pytest.mark.parametrize("stream", [False, True])
def test_who_hangs_up_stops_the_model(starter_workspace: Workspace, stream: bool) -> None:
    slow = Script(pieces=("word ",) * 400, between=0.1)
    with scripted(lambda _: slow) as server:
        written = Assistant.open(with_model(starter_workspace, server.address))
        written.warm_up()
        with serving(written, []) as url:
            body = {"question": QUESTION, "stream": stream}
            if stream:
                with httpx.stream("POST", f"{url}/api/ask", json=body, timeout=30) as reply:
                    assert next(reply.iter_lines()) == "event: progress"
            else:
                with pytest.raises(httpx.ReadTimeout):
                    httpx.post(f"{url}/api/ask", json=body, timeout=1.5)
            assert server.wait_for_disconnect(0, 10)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"question"', 422),
        (b"{\xff\x80}", 400),
        (b'{"question": "\\ud800 levels of warfare"}', 422),
        (b'{"\\ud800": 1, "question": "levels"}', 422),
        (b'{"question": "levels\\u0000 of warfare"}', 200),
        (b'{"question": 7}', 422),
        (b'{"question": ["levels"]}', 422),
        (b'{"question": "levels", "filters": {"statuses": ["new"]}}', 422),
        (b'{"question": "levels", "filters": {"since": "yesterday"}}', 422),
        (b'{"question": "levels", "filters": {"file": "x"}}', 422),
        (b'{"question": "levels", "context": ["", "??"]}', 422),
        (b'{"question": "levels", "stream": NaN}', 422),
        (b'{"question": "levels", "x": ' + b"9" * 5000 + b"}", 400),
        (b'{"question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (json.dumps({"question": "w" * 900_000}).encode(), 422),
        (json.dumps({"question": "w" * 1_100_000}).encode(), 413),
    ],
)
def test_hostile_bodies_are_one_sentence(client: TestClient, body: bytes, status: int) -> None:
    reply = client.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == status
    if status != 200:
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["status"] == status and 0 < len(reply.json()["detail"]) < 600


@given(st.text(max_size=200))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_answered_or_refused(client: TestClient, text: str) -> None:
    reply = client.post("/api/ask", json={"question": text})
    assert reply.status_code in (200, 422)
    if reply.status_code == 200:
        assert AnswerBody.model_validate(reply.json())


def test_a_model_that_fails_midway_leaves_an_answer(starter_workspace: Workspace) -> None:
    with scripted(lambda _: Script(status=500)) as server:
        written = Assistant.open(with_model(starter_workspace, server.address, retries=0))
        with entered(written) as client:
            told = client.post("/api/ask", json={"question": QUESTION}).json()
        assert told["mode"] == "extractive" and told["fallback"] and told["citations"]
