"""The routes of the application, what they refuse, and the headers they send."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.errors import DocumentError
from assistant.web.app import build_app
from assistant.web.gate import LOOPBACK
from assistant.web.pages import WIDTHS
from tests.web.fakes import FakeAssistant


@pytest.fixture
def client(fake: FakeAssistant) -> TestClient:
    return TestClient(build_app(fake), raise_server_exceptions=False)


def facts(client: TestClient, **query: Any) -> Any:
    return client.get("/pages/facts", params=query)


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200


def test_the_front_page_points_to_no_other_host(client: TestClient) -> None:
    page = client.get("/").text
    outside = re.sub(r"<script[^>]*>window\.gradio_config = .*?</script>", "", page, flags=re.S)
    assert "Doctrine Assistant" in page
    assert not re.findall(r"""(?:src|href|content)=["'](?:https?:)?//""", outside)
    assert "fonts.googleapis" not in page and '"analytics_enabled":false' in page


def test_every_script_of_the_front_page_is_signed_and_no_other_may_run(client: TestClient) -> None:
    reply = client.get("/")
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in reply.headers["content-security-policy"].split(";")
    )
    nonce = re.search(r"'nonce-([\w-]+)'", policy["script-src"])
    assert nonce and "'unsafe-inline'" not in policy["script-src"]
    scripts = re.findall(r"<script\b[^>]*>", reply.text)
    assert scripts and all(f'nonce="{nonce[1]}"' in script for script in scripts)
    assert policy["default-src"] == "'self'" and policy["connect-src"] == "'self'"
    assert client.get("/").headers["content-security-policy"] != str(policy)


def test_a_nonce_is_used_once(client: TestClient) -> None:
    policies = {client.get("/").headers["content-security-policy"] for _ in range(3)}
    assert len(policies) == 3


@pytest.mark.parametrize("path", ["/", "/healthz", "/pages/facts", "/nowhere", "/ui/viewer.js"])
def test_headers_are_sent_with_everything(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=https://example.invalid/"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/call/ask"),
        ("GET", "/gradio_api/vibe-code"),
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/monitoring"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/login"),
        ("GET", "/file=/etc/passwd"),
    ],
)
def test_what_the_chat_does_not_need_is_not_served(
    client: TestClient, method: str, path: str
) -> None:
    assert client.request(method, path).status_code == 404


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860", "LOCALHOST"])
def test_a_server_on_the_loopback_answers_to_its_own_names(fake: FakeAssistant, host: str) -> None:
    client = TestClient(build_app(fake, hosts=LOOPBACK))
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1.attacker.example", ""])
def test_a_server_on_the_loopback_answers_to_no_other_name(fake: FakeAssistant, host: str) -> None:
    client = TestClient(build_app(fake, hosts=LOOPBACK))
    assert client.get("/pages/facts", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-origin", 422)])
def test_no_other_site_can_make_a_visitor_do_something(
    client: TestClient, site: str, status: int
) -> None:
    reply = client.post("/gradio_api/queue/join", headers={"Sec-Fetch-Site": site})
    assert reply.status_code == status
    assert client.get("/healthz", headers={"Sec-Fetch-Site": site}).status_code == 200


def test_a_page_has_its_facts_and_boxes(client: TestClient, fake: FakeAssistant) -> None:
    source = fake.known[0]
    reply = facts(client, file=source.file, page=4, spans="0-60,100-160").json()
    assert reply["page"] == 4 and reply["label"] == "2"
    assert reply["name"] == "p. 2 (PDF p. 4)"
    assert reply["place"] == f"p. 2 (PDF p. 4 of {source.page_count})"
    assert reply["boxes"] and all(
        0 <= value <= 1 for box in reply["boxes"] for value in box.values()
    )
    assert facts(client, file=source.file, page=1).json()["name"] == "PDF p. 1"


def test_a_page_without_text_can_be_looked_at(client: TestClient, fake: FakeAssistant) -> None:
    def textless(*_: Any) -> Any:
        raise DocumentError("It has no text.")

    fake.page = textless
    source = fake.known[0]
    reply = facts(client, file=source.file, page=2).json()
    assert reply["label"] is None and reply["place"] == f"PDF p. 2 of {source.page_count}"
    assert facts(client, file=source.file, page=source.page_count + 1).status_code == 404


def test_a_picture_is_kept_by_the_visitor_only(client: TestClient, fake: FakeAssistant) -> None:
    query = {"file": fake.known[0].file, "page": 1, "width": 100}
    reply = client.get("/pages/picture", params=query)
    assert reply.content.startswith(b"\x89PNG") and reply.headers["content-type"] == "image/png"
    assert reply.headers["cache-control"].startswith("private")


@pytest.mark.parametrize(("asked", "width"), [(1, WIDTHS[0]), (961, 1280), (10**9, WIDTHS[-1])])
def test_pictures_come_in_a_few_widths(fake: FakeAssistant, asked: int, width: int) -> None:
    widths: list[int] = []
    fake.page_picture = lambda file, number, width: widths.append(width) or b""
    client = TestClient(build_app(fake))
    client.get("/pages/picture", params={"file": fake.known[0].file, "page": 1, "width": asked})
    assert widths == [width]


@pytest.mark.parametrize(
    "file",
    ["../conftest.py", "/etc/passwd", "..%2f..%2fetc%2fpasswd", "", "nowhere.pdf", "\x00", "<b>"],
)
@pytest.mark.parametrize("route", ["facts", "picture"])
def test_a_file_is_looked_up_among_the_documents(
    client: TestClient, fake: FakeAssistant, route: str, file: str
) -> None:
    fake.page = fake.page_picture = None
    reply = client.get(f"/pages/{route}", params={"file": file, "page": 1})
    assert reply.status_code == 404
    assert reply.json() == {"error": "This document is not in the index."}


@pytest.mark.parametrize(
    "query",
    [
        {"page": "one"},
        {"page": "0"},
        {"page": "-1"},
        {},
        {"page": "1", "spans": "5"},
        {"page": "1", "spans": "1-2;3-4"},
        {"page": "1", "spans": ",".join(["1-2"] * 2000)},
    ],
)
def test_a_senseless_request_is_one_sentence(
    client: TestClient, fake: FakeAssistant, query: dict[str, str]
) -> None:
    reply = facts(client, file=fake.known[0].file, **query)
    assert reply.status_code == 400 and list(reply.json()) == ["error"]


def test_a_page_that_fails_is_one_sentence(client: TestClient, fake: FakeAssistant) -> None:
    def gone(*_: Any) -> bytes:
        raise DocumentError("The file is gone.")

    def broken(*_: Any) -> bytes:
        raise MemoryError("secret detail")

    query = {"file": fake.known[0].file, "page": 1}
    assert facts(client, file=fake.known[0].file, page=999_999).status_code == 404
    fake.page_picture = gone
    reply = client.get("/pages/picture", params=query)
    assert (reply.status_code, reply.json()) == (404, {"error": "The file is gone."})
    assert reply.headers["cache-control"] == "no-store"
    fake.page_picture = broken
    reply = client.get("/pages/picture", params=query)
    assert reply.status_code == 500 and "secret" not in reply.text


def test_hostile_titles_do_not_leave_the_pages_settings(fake: FakeAssistant) -> None:
    from dataclasses import replace

    fake.known[0] = replace(fake.known[0], title="</script><script>window.pwned=1</script>")
    page = TestClient(build_app(fake)).get("/").text
    assert "<script>window.pwned" not in page


def test_assets_are_served_and_nothing_beside_them(client: TestClient) -> None:
    assert client.get("/ui/viewer.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/ui/style.css").headers["content-type"].startswith("text/css")
    assert client.get("/favicon.ico").headers["content-type"].startswith("image/svg")
    assert client.get("/ui/..%2fapp.py").status_code == 404
    assert client.get("/ui/app.py").status_code == 404
