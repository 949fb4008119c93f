"""The key, the rate, the size of a body, and that other sites stay out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer.assistant import Assistant
from assistant.api.guard import for_programs
from assistant.config import override
from assistant.errors import UsageError
from assistant.web.app import build_app
from assistant.web.gate import LOOPBACK
from assistant.web.server import serve
from tests.api.conftest import QUESTION

Make = Callable[..., TestClient]
JSON = {"Content-Type": "application/json"}
KEY = "a long secret"


@pytest.fixture
def keyed(api: Make, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("KEY_OF_A_TEST", KEY)
    return api(key_env="KEY_OF_A_TEST")


@pytest.mark.parametrize(
    "path", ["/api/ask", "/api/documents", "/api/openapi.json", "/api/x", "/v1/models", "/mcp"]
)
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        KEY,
        f"Basic {KEY}",
        "Bearer",
        "Bearer ",
        f"Bearer {KEY}x",
        "Bearer \u00e9",
        "x" * 9999,
    ],
)
def test_without_the_key_nothing_is_told(keyed: TestClient, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    reply = keyed.get(path, headers=headers)  # type: ignore[arg-type]
    assert reply.status_code == 401 and reply.headers["www-authenticate"] == "Bearer"
    assert KEY not in reply.text


def test_with_the_key_all_is_open(keyed: TestClient) -> None:
    for scheme in ("Bearer", "bearer"):
        reply = keyed.get("/api/documents", headers={"Authorization": f"{scheme} {KEY}"})
        assert reply.status_code == 200
    described = keyed.get("/api/openapi.json", headers={"Authorization": f"Bearer {KEY}"}).json()
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert described["paths"]["/api/ask"]["post"]["security"] == [{"key": []}]


def test_health_needs_no_key(keyed: TestClient) -> None:
    assert keyed.get("/healthz").text == "ok\n"
    assert keyed.get("/readyz").status_code == 200
    assert keyed.get("/metrics").status_code == 200


def test_a_key_that_is_not_set_is_told_at_the_start(
    api: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_OF_A_TEST", "  ")
    with pytest.raises(UsageError, match=r"KEY_OF_A_TEST.*is not set"):
        api(key_env="KEY_OF_A_TEST")


def test_a_server_asks_for_its_key_before_it_listens(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEY_OF_A_TEST", raising=False)
    settings = override(assistant.workspace.settings, {"api.key_env": "KEY_OF_A_TEST"})
    with pytest.raises(UsageError, match="is not set"):
        serve(assistant.workspace.with_settings(settings), port=0)


def test_switched_off_there_is_health_alone(api: Make) -> None:
    client = api(enabled=False)
    assert client.get("/healthz").status_code == 200
    for path in ("/api/documents", "/api/openapi.json", "/v1/models", "/mcp"):
        assert client.get(path).status_code == 404
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 404


def test_asking_too_often_is_told_with_the_time_to_wait(api: Make) -> None:
    client = api(rate="3/minute")
    replies = [client.post("/api/ask", json={"question": "?"}) for _ in range(5)]
    assert [reply.status_code for reply in replies] == [422, 422, 422, 429, 429]
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 60
    assert replies[-1].json()["detail"] == "More than 3 questions within a minute."
    told = client.post("/v1/chat/completions", json={})
    assert told.status_code == 429 and told.json()["error"]["type"] == "rate_limit_error"
    assert client.get("/api/documents").status_code == 200  # looking up is not asking


def test_each_address_has_a_rate_of_its_own(api: Make) -> None:
    app = api(rate="1/hour").app
    for address in ("10.0.0.1", "10.0.0.2"):
        client = TestClient(app, client=(address, 5000))
        assert client.post("/api/ask", json={"question": "?"}).status_code == 422
        assert client.post("/api/ask", json={"question": "?"}).status_code == 429


@pytest.mark.parametrize("rate", ["5", "5/fortnight", "-1/minute", "0/minute", "1/minute;x"])
def test_a_rate_that_is_none_is_refused(assistant: Assistant, rate: str) -> None:
    with pytest.raises(UsageError, match=r"api\.rate"):
        override(assistant.workspace.settings, {"api.rate": rate})


def test_the_tools_are_behind_the_same_limits(api: Make) -> None:
    client = api(rate="2/minute", max_body=2000)
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    headers = {"Accept": "application/json, text/event-stream"}
    replies = [client.post("/mcp", json=hello, headers=headers) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert replies[0].json()["result"]["serverInfo"]["name"] == "doctrine-assistant"
    large = {**hello, "method": "x" * 3000}
    assert client.post("/mcp", json=large, headers=headers).status_code == 413


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions"])
def test_a_body_is_only_so_large(api: Make, path: str, chunked: bool) -> None:
    client, body = api(max_body=2000), b'{"question": "' + b"w" * 4000 + b'"}'
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 500):
            taken.append(start)
            yield body[start : start + 500]

    reply = client.post(path, content=pieces() if chunked else body, headers=JSON)
    assert reply.status_code == 413 and "2,000 bytes" in reply.text
    fits = b'{"question": "' + b"?" * 1900 + b'"}'
    assert client.post(path, content=fits, headers=JSON).status_code in (400, 422)


@pytest.mark.parametrize(
    "kind",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"],
)
@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions", "/mcp"])
def test_a_body_must_say_that_it_is_json(client: TestClient, path: str, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    reply = client.post(path, content=b'{"question": "levels"}', headers=headers)
    assert reply.status_code == 415


def test_json_may_name_its_encoding(client: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    body = b'{"question": "levels of warfare"}'
    assert client.post("/api/ask", content=body, headers=headers).status_code == 200


@pytest.fixture(scope="module")
def gated(assistant: Assistant) -> TestClient:
    return TestClient(build_app(assistant, hosts=LOOPBACK), base_url="http://localhost")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/ask"),
        ("GET", "/api/documents"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/mcp"),
    ],
)
def test_no_page_of_another_site_may_ask(
    gated: TestClient, site: str, method: str, path: str
) -> None:
    reply = gated.request(method, path, headers={"Sec-Fetch-Site": site, **JSON})
    assert reply.status_code == 403
    told: Any = reply.json()
    assert "Another site" in (told.get("detail") or told["error"]["message"])


def test_no_name_of_another_site_leads_here(gated: TestClient) -> None:
    reply = gated.get("/api/documents", headers={"Host": "attacker.example"})
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_browser_is_given_no_leave_to_read(gated: TestClient) -> None:
    headers = {"Origin": "https://attacker.example", "Access-Control-Request-Method": "POST"}
    reply = gated.options("/api/ask", headers=headers)
    assert reply.status_code == 405
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_the_chat_is_still_there(gated: TestClient) -> None:
    assert "Doctrine Assistant" in gated.get("/").text
    assert gated.get("/docs").status_code == 404


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/api", True),
        ("/api/x", True),
        ("/apis", False),
        ("/v1/", True),
        ("/", False),
        ("/mcp", True),
    ],
)
def test_what_is_for_programs(path: str, ours: bool) -> None:
    assert for_programs(path) is ours
