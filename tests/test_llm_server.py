"""The scripted server must do on the wire what it says, or the tests that use it prove nothing."""

from __future__ import annotations

import json
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.llm_server import (
    Script,
    certificate,
    faults,
    refusing,
    scripted,
    split_every,
    words,
)

TEXT = "Sustainment keeps\nthe force going [1][12]. Zażółć."
MESSAGES: Any = [{"role": "user", "content": "Why?"}]
QUESTION = {"model": "m", "messages": MESSAGES, "stream": True}


def client_of(address: str, **options: Any) -> openai.OpenAI:
    return openai.OpenAI(base_url=address, api_key="key", max_retries=0, timeout=5, **options)


def streamed(client: openai.OpenAI) -> openai.Stream[Any]:
    return client.chat.completions.create(model="m", messages=MESSAGES, stream=True)


def text_of(stream: openai.Stream[Any]) -> str:
    return "".join(part.choices[0].delta.content or "" for part in stream if part.choices)


def chat(address: str) -> str:
    return f"{address}/chat/completions"


@pytest.mark.parametrize(
    "pieces", [words(TEXT), split_every(TEXT, 2), split_every(TEXT, 1), lambda: iter(words(TEXT))]
)
def test_pieces_arrive_one_by_one(pieces: Any) -> None:
    with scripted(lambda _: Script(pieces, finish="length")) as server:
        parts = list(streamed(client_of(server.address)))
    expected = list(pieces() if callable(pieces) else pieces)
    assert [part.choices[0].delta.content for part in parts] == [*expected, None]
    assert parts[-1].choices[0].finish_reason == "length"
    assert "".join(expected) == TEXT
    assert len(server.sent[0]) == len(expected)


def test_the_reply_depends_on_the_request_and_requests_are_kept() -> None:
    def echo(body: dict[str, Any]) -> Script:
        return Script((body["messages"][-1]["content"],))

    with scripted(echo) as server, client_of(server.address) as client:
        assert text_of(streamed(client)) == "Why?"
        whole = client.chat.completions.create(model="m", messages=MESSAGES)
        assert whole.choices[0].message.content == "Why?"
        assert [body.get("stream", False) for body in server.asked] == [True, False]
        assert server.headers[0]["authorization"] == "Bearer key"


def test_models_are_listed() -> None:
    with scripted(lambda _: Script(), models=("a", "b")) as server:
        assert [model.id for model in client_of(server.address).models.list()] == ["a", "b"]
        assert httpx.get(f"{server.address}/other").status_code == 404


def test_a_connection_serves_many_requests() -> None:
    scripts = iter([Script(("a",)), Script(status=429, headers={"Retry-After": "7"}), Script()])
    with scripted(lambda _: next(scripts)) as server, httpx.Client() as client:
        replies = [client.post(chat(server.address), json=QUESTION) for _ in range(3)]
        ports = {
            reply.extensions["network_stream"].get_extra_info("client_addr") for reply in replies
        }
    assert [reply.status_code for reply in replies] == [200, 429, 200]
    assert replies[1].headers["retry-after"] == "7"
    assert len(ports) == 1


def test_the_wire_is_chunked_events() -> None:
    with scripted(lambda _: Script(("a", b"raw\n\n"))) as server:
        port = server.server_address[1]
        content = json.dumps(QUESTION).encode()
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(
                b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(content), content)
            )
            received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, stream = received.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert b"Content-Type: text/event-stream" in head
    assert b"\r\n5\r\nraw\n\n\r\n" in stream
    assert stream.endswith(b"\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")


def test_waits_are_kept() -> None:
    script = Script(("a", "b", "c"), before=0.1, first=0.2, between=0.1)
    with scripted(lambda _: script) as server, client_of(server.address) as client:
        start = time.perf_counter()
        stream = streamed(client)
        headers = time.perf_counter()
        assert text_of(stream) == "abc"
        a, b, c = server.sent[0]
    assert 0.1 <= headers - start < a - start
    assert a - start >= 0.3
    assert b - a >= 0.1
    assert c - b >= 0.1


# --- Leaving ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        Script(("a", "b"), between=60),
        Script(("a",), hang=True),
        Script(lambda: ("a" for _ in range(10**9))),
    ],
    ids=["between pieces", "hanging", "sending"],
)
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_a_client_that_leaves_is_noticed_at_once(
    script: Script, secure: bool, tmp_path: Path
) -> None:
    authority, *own = certificate(tmp_path)
    verify = ssl.create_default_context(cafile=authority) if secure else True
    tls = (own[0], own[1]) if secure else None
    with (
        scripted(lambda _: script, tls=tls) as server,
        client_of(server.address, http_client=httpx.Client(verify=verify)) as client,
    ):
        stream = streamed(client)
        assert next(iter(stream)).choices[0].delta.content == "a"
        assert not server.wait_for_disconnect(0, 0.1)
        start = time.perf_counter()
        stream.close()
        assert server.wait_for_disconnect(0, 5)
        assert time.perf_counter() - start < 1


@pytest.mark.parametrize("script", [Script(before=math.inf), faults()["silent"]])
def test_a_client_that_is_tired_of_waiting_is_noticed(script: Script) -> None:
    with scripted(lambda _: script) as server:
        # The client wraps a timeout before the headers, and lets one in the stream through.
        with pytest.raises((openai.APITimeoutError, httpx.ReadTimeout)):
            text_of(streamed(client_of(server.address).with_options(timeout=0.2)))
        assert server.wait_for_disconnect(0, 5)


def test_a_client_that_stays_to_the_end_has_not_left() -> None:
    with scripted(lambda _: Script(("a",))) as server, client_of(server.address) as client:
        assert text_of(streamed(client)) == "a"
        start = time.perf_counter()
        assert not server.wait_for_disconnect(0, 60)
        assert time.perf_counter() - start < 1
        assert not server.wait_for_disconnect(1, 0.05)  # there is no such request


# --- Stopping ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [Script(hang=True), Script(before=math.inf), Script(lambda: ("a" for _ in range(10**9)))],
    ids=["hanging", "waiting", "blocked"],
)
def test_the_server_stops_under_a_request(script: Script) -> None:
    before = set(threading.enumerate())
    with httpx.Client(timeout=5) as client:
        with scripted(lambda _: script) as server:
            connection = socket.create_connection(("127.0.0.1", server.server_address[1]))
            content = json.dumps(QUESTION).encode()
            head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
            connection.sendall(head % len(content) + content)
            assert client.get(f"{server.address}/models").status_code == 200
            while not server.asked:
                time.sleep(0.01)
            start = time.perf_counter()
        connection.close()
    assert time.perf_counter() - start < 2
    assert not set(threading.enumerate()) - before


def test_stop_listening_refuses_later_requests_and_ends_the_one_under_way() -> None:
    with (
        scripted(lambda _: Script(("a", "b"), between=0.3)) as server,
        client_of(server.address) as client,
        httpx.Client() as idle,
    ):
        assert idle.get(f"{server.address}/models").status_code == 200
        stream = streamed(client)
        server.stop_listening()
        assert text_of(stream) == "ab"
        for refused in (client, client_of(server.address)):
            with pytest.raises(openai.APIConnectionError):
                streamed(refused)
        with pytest.raises(httpx.ConnectError):
            idle.get(f"{server.address}/models")


def test_nothing_listens_at_a_refusing_address() -> None:
    with pytest.raises(httpx.ConnectError, match="refused"):
        httpx.get(refusing())


def test_what_the_reply_raises_fails_the_test() -> None:
    def wrong(_: dict[str, Any]) -> Script:
        raise LookupError("no such question")

    with (
        pytest.raises(LookupError),
        scripted(wrong) as server,
        pytest.raises(openai.InternalServerError, match="no such question"),
    ):
        streamed(client_of(server.address))


# --- TLS --------------------------------------------------------------------------------


def test_tls_is_trusted_with_the_authority_only(tmp_path: Path) -> None:
    authority, own, key = certificate(tmp_path)
    context = ssl.create_default_context(cafile=authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with scripted(lambda _: Script(words(TEXT)), tls=(own, key)) as server:
        trusting = client_of(server.address, http_client=httpx.Client(verify=context))
        assert text_of(streamed(trusting)) == TEXT
        assert text_of(streamed(trusting)) == TEXT
        with pytest.raises(openai.APIConnectionError) as refused:
            streamed(client_of(server.address))
        assert "CERTIFICATE_VERIFY_FAILED" in str(refused.value.__cause__)


# --- Faults: what the plain client makes of each ----------------------------------------

ERRORS: dict[str, tuple[type[Exception], str]] = {
    "status_401": (openai.AuthenticationError, "API key"),
    "status_404_model": (openai.NotFoundError, "does not exist"),
    "status_429": (openai.RateLimitError, "Rate limit"),
    "status_500": (openai.InternalServerError, "had an error"),
    "status_503": (openai.InternalServerError, "overloaded"),
    "context_length_400": (openai.BadRequestError, "context_length_exceeded"),
    "cut_mid_stream": (httpx.RemoteProtocolError, "incomplete chunked read"),
    "cut_before_any": (httpx.RemoteProtocolError, "incomplete chunked read"),
    "silent": (httpx.ReadTimeout, "timed out"),
    "slow_first": (httpx.ReadTimeout, "timed out"),
    "invalid_utf8": (UnicodeDecodeError, "can't decode byte 0xe9"),
    "broken_sse": (json.JSONDecodeError, "Unterminated string"),
    "error_event": (openai.APIError, "EngineCore"),
}
TEXTS: dict[str, Callable[[str], bool]] = {
    "html_200": lambda text: text == "",
    "json_garbage": lambda text: text == "",
    "empty_200": lambda text: text == "",
    "only_role": lambda text: text == "",
    "null_content": lambda text: text == "The first half of a sentence that ends.",
}
BEGIN = {"cut_mid_stream", "invalid_utf8", "broken_sse", "error_event"}


def test_every_fault_is_tried() -> None:
    assert faults().keys() == ERRORS.keys() | TEXTS.keys() | {"never_ending"}


@pytest.mark.parametrize("name", ERRORS)
def test_a_fault_that_the_client_raises(name: str) -> None:
    kind, message = ERRORS[name]
    heard = []
    with scripted(lambda _: faults()[name]) as server, pytest.raises(kind, match=message):
        for part in streamed(client_of(server.address).with_options(timeout=0.3)):
            heard.append(part.choices[0].delta.content)
    assert heard == (["The first ", "half of "] if name in BEGIN else [])


@pytest.mark.parametrize("name", TEXTS)
def test_a_fault_that_the_client_lets_pass(name: str) -> None:
    with scripted(lambda _: faults()[name]) as server:
        assert TEXTS[name](text_of(streamed(client_of(server.address))))


def test_never_ending_goes_on() -> None:
    with scripted(lambda _: faults()["never_ending"]) as server:
        stream = streamed(client_of(server.address))
        heard = sum(1 for _, part in zip(range(2000), stream, strict=False))
        stream.close()
        assert heard == 2000
        assert server.wait_for_disconnect(0, 5)


@pytest.mark.parametrize("name", ["cut_mid_stream", "silent", "status_429", "null_content"])
def test_faults_hold_without_streaming(name: str) -> None:
    with scripted(lambda _: faults()[name]) as server:
        client = client_of(server.address).with_options(timeout=0.3)
        if name == "null_content":
            whole = client.chat.completions.create(model="m", messages=MESSAGES)
            assert whole.choices[0].message.content == "The first half of a sentence that ends."
        else:
            with pytest.raises(openai.APIError):
                client.chat.completions.create(model="m", messages=MESSAGES)
