"""Whose conversations can be downloaded, and who is whose: the cookie and its routes."""

from __future__ import annotations

import io
from http.cookies import SimpleCookie
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from assistant.config import Settings, WebSettings
from assistant.web.app import build_app
from assistant.web.chat import Chat
from assistant.web.users import COOKIE, cookie_name, user_of
from tests.web.fakes import FakeAssistant
from tests.web.test_chat import last
from tests.web.visitors import ONE, OTHER, request


def visitor(fake: FakeAssistant, user: str | None = ONE) -> TestClient:
    client = TestClient(build_app(fake), raise_server_exceptions=False)
    if user is not None:
        client.cookies.set(COOKIE, user)
    return client


def kept(fake: FakeAssistant, question: str = "Who & <what>?") -> str:
    return str(last(Chat(fake), question).talk.id)


def test_a_conversation_is_downloaded_as_markdown(fake: FakeAssistant) -> None:
    reply = visitor(fake).get(f"/conversations/{kept(fake)}/export.md")
    assert reply.headers["content-type"] == "text/markdown; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-disposition"].startswith('attachment; filename="Who-what.md"')
    assert "# Who" in reply.text


def test_a_conversation_is_downloaded_as_a_word_file(fake: FakeAssistant) -> None:
    reply = visitor(fake).get(f"/conversations/{kept(fake)}/export.docx")
    assert 'filename="Who-what.docx"' in reply.headers["content-disposition"]
    assert "word/document.xml" in ZipFile(io.BytesIO(reply.content)).namelist()


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"\r\nX-Evil: 1', "\u00c4\u6f22/\\", "..."])
def test_a_files_name_is_safe(fake: FakeAssistant, name: str) -> None:
    key = kept(fake)
    Chat(fake).history.rename(f"cookie:{ONE}", key, name)
    reply = visitor(fake).get(f"/conversations/{key}/export.md")
    assert reply.status_code == 200 and "x-evil" not in reply.headers
    plain = reply.headers["content-disposition"].split('"')[1]
    assert plain.endswith(".md") and not set(plain) & set('/\\"<>:\r\n') and plain[0] != "."


@pytest.mark.parametrize("user", [OTHER, None, ONE + "x", "short"])
@pytest.mark.parametrize("form", ["md", "docx"])
def test_nobody_else_can_download_it(fake: FakeAssistant, user: str | None, form: str) -> None:
    reply = visitor(fake, user).get(f"/conversations/{kept(fake)}/export.{form}")
    assert reply.status_code == 404 and "Who" not in reply.text
    assert reply.headers["cache-control"] == "no-store" and reply.text.count("\n") == 1


@pytest.mark.parametrize(
    "path", ["", "/export", "/export.pdf", "/export.md/x", "/../export.md", "/%2e%2e/export.md"]
)
def test_no_other_route_stands_there(fake: FakeAssistant, path: str) -> None:
    assert visitor(fake).get(f"/conversations/{kept(fake)}{path}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_route_only_reads(fake: FakeAssistant, method: str) -> None:
    key = kept(fake)
    client = visitor(fake)
    assert client.request(method, f"/conversations/{key}/export.md").status_code in {404, 405}
    assert client.get(f"/conversations/{key}/export.md").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "CROSS-SITE", "anything"])
def test_no_other_site_can_delete_or_ask_anything(fake: FakeAssistant, site: str) -> None:
    key = kept(fake)
    client = visitor(fake)
    event = {"data": [], "fn_index": 0, "session_hash": "s"}
    for path in ("/gradio_api/queue/join", "/gradio_api/cancel", f"/conversations/{key}/export.md"):
        reply = client.post(path, json=event, headers={"Sec-Fetch-Site": site})
        assert reply.status_code == 403
    assert client.get(f"/conversations/{key}/export.md").status_code == 200


def test_nothing_is_downloaded_where_nothing_is_kept(fake: FakeAssistant) -> None:
    key = kept(fake)
    fake.settings = Settings(web=WebSettings(history=False))
    client = visitor(fake)
    assert client.get(f"/conversations/{key}/export.md").status_code == 404
    assert "set-cookie" not in visitor(fake, None).get("/").headers


def test_a_proxys_users_download_their_own(fake: FakeAssistant) -> None:
    fake.settings = Settings(web=WebSettings(user_header="X-Remote-User"))
    shown = last(Chat(fake), "Who?", visitor=request(x_remote_user="alice"))
    client = visitor(fake)
    path = f"/conversations/{shown.talk.id}/export.md"
    assert client.get(path, headers={"X-Remote-User": "alice"}).status_code == 200
    assert client.get(path, headers={"X-Remote-User": "bob"}).status_code == 404
    assert client.get(path).status_code == 404
    assert "set-cookie" not in client.get("/").headers


def cookie(fake: FakeAssistant, **client: str) -> SimpleCookie:
    reply = TestClient(build_app(fake), **client).get("/")
    return SimpleCookie(reply.headers["set-cookie"])


def test_a_new_visitor_is_given_a_name(fake: FakeAssistant) -> None:
    first, second = cookie(fake)[COOKIE], cookie(fake)[COOKIE]
    assert first.value != second.value and cookie_name(f"{COOKIE}={first.value}") == first.value
    assert first["httponly"] and first["samesite"] == "Strict" and first["path"] == "/"
    assert int(first["max-age"]) == 365 * 24 * 3600 and not first["domain"]
    assert not first["secure"]
    assert cookie(fake, base_url="https://testserver")[COOKIE]["secure"]


def test_a_visitor_keeps_the_name(fake: FakeAssistant) -> None:
    client = visitor(fake)
    assert "set-cookie" not in client.get("/").headers
    assert "set-cookie" not in TestClient(build_app(fake)).get("/healthz").headers
    assert "set-cookie" in visitor(fake, "forged").get("/").headers


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f'a={{"b": 1}}; {COOKIE}={ONE}; c', ONE),
        (f"{COOKIE}={ONE}", ONE),
        (f"x{COOKIE}={ONE}", None),
        (f"{COOKIE}=header:alice", None),
        (f"{COOKIE}=", None),
        ("", None),
    ],
)
def test_the_name_is_found_among_other_cookies(header: str, name: str | None) -> None:
    assert cookie_name(header) == name
    assert user_of({"cookie": header}) == (f"cookie:{name}" if name else None)
