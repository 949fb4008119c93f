"""A real OpenAI-compatible server on loopback that streams what a test says, faults included."""

from __future__ import annotations

import datetime
import ipaddress
import itertools
import json
import math
import re
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

STEP = 0.01  # seconds from look to look whether the client has left

Pieces = Iterable[str | bytes]


@dataclass(frozen=True)
class Script:
    """What one request gets.

    A piece that is a ``str`` becomes one chat.completion.chunk with that content; ``bytes``
    go into the stream as they are. ``pieces`` may also be a function that makes them, for
    more than one would like to hold. ``body`` replaces the stream (or the completion). Where
    one body is sent, ``cut`` and ``hang`` act after its first half.
    """

    pieces: Pieces | Callable[[], Pieces] = ()
    status: int = 200
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    before: float = 0.0  # seconds before the headers; math.inf: no answer ever
    first: float = 0.0  # seconds between the headers and the first piece
    between: float = 0.0  # seconds between pieces
    cut: bool = False  # close the connection after the last piece, in mid-stream
    hang: bool = False  # say no more after the last piece, but keep the connection open
    finish: str = "stop"

    def all_pieces(self) -> Pieces:
        return self.pieces() if callable(self.pieces) else self.pieces

    def text(self) -> str:
        return "".join(piece for piece in self.all_pieces() if isinstance(piece, str))


# --- The server -------------------------------------------------------------------------


class ScriptedServer(socketserver.ThreadingTCPServer):
    """What a test looks at: the lists have one item for each chat request, in order.

    ``asked`` holds the bodies, ``headers`` the headers (case does not matter), ``sent`` the
    ``time.perf_counter()`` of each piece.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        reply: Callable[[dict[str, Any]], Script],
        tls: tuple[Path, Path] | None,
        models: Sequence[str],
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http{'s' if tls else ''}://127.0.0.1:{self.server_address[1]}/v1"
        self.asked: list[dict[str, Any]] = []
        self.headers: list[Message] = []
        self.sent: list[list[float]] = []
        self.errors: list[BaseException] = []  # raised by the test's own reply or pieces
        self.reply = reply
        self.models = models
        self.stopping = threading.Event()
        self._tls = _server_context(*tls) if tls else None
        self._listening = True
        self._left: dict[int, bool] = {}  # of the requests that ended
        self._changed = threading.Condition()
        self._connections: list[tuple[threading.Thread, socket.socket]] = []
        self._busy: set[socket.socket] = set()
        self._serving = threading.Thread(target=self.serve_forever, args=(STEP,), daemon=True)
        self._serving.start()

    def wait_for_disconnect(self, request_number: int, seconds: float) -> bool:
        """Whether the client of a request (the first is 0) left before the script ended.

        Waits until it left or the script ended, at most ``seconds``.
        """
        with self._changed:
            self._changed.wait_for(lambda: request_number in self._left, seconds)
            return self._left.get(request_number, False)

    def stop_listening(self) -> None:
        """Refuse connections from now on; only requests under way are answered to their end."""
        self.shutdown()
        self.server_close()
        with self._changed:
            self._listening = False
            idle = [request for _, request in self._connections if request not in self._busy]
        for request in idle:
            _hang_up(request)

    def stop(self) -> None:
        """End everything, also requests that hang."""
        self.stopping.set()
        self.stop_listening()
        for _, request in self._connections:
            _hang_up(request)
        for thread in (self._serving, *(thread for thread, _ in self._connections)):
            thread.join(5)

    # What the handlers tell.

    def begin(self, connection: socket.socket, body: dict[str, Any], headers: Message) -> int:
        with self._changed:
            self._busy.add(connection)
            self.asked.append(body)
            self.headers.append(headers)
            self.sent.append([])
            return len(self.asked) - 1

    def end(self, connection: socket.socket, number: int, left: bool) -> bool:
        """Write down how a request ended; returns whether its connection may go on."""
        with self._changed:
            self._busy.discard(connection)
            self._left[number] = left
            self._changed.notify_all()
            return self._listening and not left

    # What socketserver calls.

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self._tls:  # the handshake happens at the first read, in the connection's thread
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._connections.append((thread, request))
        thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if error and not isinstance(error, OSError):  # a client may come and go as it likes
            self.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            return self._send_body(Script(status=404))
        data = [{"id": name, "object": "model", "created": 1} for name in self.server.models]
        self._send_body(Script(body=json.dumps({"object": "list", "data": data}).encode()))

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/v1/chat/completions":
            return self._send_body(Script(status=404))
        try:
            body = json.loads(content)
        except ValueError:
            return self._send_body(Script(status=400))
        number = self.server.begin(self.connection, body, self.headers)
        left = False
        try:
            self._play(self._script(body), number, body)
        except (ConnectionError, ssl.SSLError):
            left = not self.server.stopping.is_set()
        finally:
            if not self.server.end(self.connection, number, left):
                self.close_connection = True

    def _script(self, body: dict[str, Any]) -> Script:
        try:
            return self.server.reply(body)
        except Exception as error:
            self.server.errors.append(error)
            return Script(status=500, body=error_body(f"the test's reply raised {error!r}"))

    def _play(self, script: Script, number: int, body: dict[str, Any]) -> None:
        self._wait(script.before)
        if body.get("stream") and script.status == HTTPStatus.OK and script.body is None:
            self._send_stream(script, number, body.get("model", ""))
        else:
            self._send_body(script, body.get("model", ""))

    def _send_stream(self, script: Script, number: int, model: str) -> None:
        kind = {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"}
        self._send_headers(script, kind)
        waits = itertools.chain([script.first], itertools.repeat(script.between))
        for piece, wait in zip(script.all_pieces(), waits, strict=False):
            self._wait(wait)
            self.server.sent[number].append(time.perf_counter())
            if isinstance(piece, str):
                piece = event(chunk({"content": piece}, model=model))
            self._write_chunk(piece)
        if self._ends_early(script):
            return
        self._write_chunk(event(chunk({}, finish=script.finish, model=model)))
        self._write_chunk(DONE)
        self.wfile.write(b"0\r\n\r\n")

    def _send_body(self, script: Script, model: str = "") -> None:
        if script.body is not None:
            content = script.body
        elif script.status == HTTPStatus.OK:
            content = json.dumps(_completion(script, model)).encode()
        else:
            content = error_body(HTTPStatus(script.status).phrase)
        size = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        self._send_headers(script, size)
        whole = not (script.cut or script.hang)
        self.wfile.write(content if whole else content[: len(content) // 2])
        self._ends_early(script)

    def _ends_early(self, script: Script) -> bool:
        if script.hang:
            self._wait(math.inf)
        if script.cut:
            self.close_connection = True
        return script.cut

    def _send_headers(self, script: Script, usual: dict[str, str]) -> None:
        self.send_response(script.status)
        given = {name.title(): value for name, value in script.headers.items()}
        for name, value in {**usual, **given}.items():
            self.send_header(name, value)
        self.end_headers()

    def _write_chunk(self, content: bytes) -> None:
        if content:  # an empty chunk would end the stream
            self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))

    def _wait(self, seconds: float) -> None:
        """Raise ConnectionError as soon as the client has left or the server stops."""
        end = time.perf_counter() + seconds
        while True:
            if self.server.stopping.is_set() or self._client_left():
                raise ConnectionError
            if (remaining := end - time.perf_counter()) <= 0:
                return
            self.server.stopping.wait(min(remaining, STEP))

    def _client_left(self) -> bool:
        self.connection.setblocking(False)
        try:
            if isinstance(self.connection, ssl.SSLSocket):  # which has no MSG_PEEK
                return not self.rfile.peek(1)  # type: ignore[attr-defined]
            return not self.connection.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        finally:
            self.connection.setblocking(True)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # SSLSocket's own shutdown would take the session from its thread
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def scripted(
    reply: Callable[[dict[str, Any]], Script],
    *,
    tls: tuple[Path, Path] | None = None,
    models: Sequence[str] = ("scripted",),
) -> Iterator[ScriptedServer]:
    """Serve what ``reply`` makes of each chat request; what it raises is raised at the end."""
    server = ScriptedServer(reply, tls, models)
    try:
        yield server
    finally:
        server.stop()
    if server.errors:
        raise server.errors[0]


@cache
def _bound() -> socket.socket:
    """A socket that has a port and does not listen, so that nobody else can."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held


def refusing() -> str:
    """The address of a server that is not there: connections are refused."""
    return f"http://127.0.0.1:{_bound().getsockname()[1]}/v1"


# --- What goes over the wire ------------------------------------------------------------

DONE = b"data: [DONE]\n\n"


def event(payload: object) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n"


def chunk(
    delta: dict[str, Any] | None, *, finish: str | None = None, model: str = "scripted"
) -> dict[str, Any]:
    """One chat.completion.chunk, without a choice where there is no delta."""
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model,
        "choices": [] if delta is None else choices,
    }


def _completion(script: Script, model: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": script.text()}
    choice = {"index": 0, "message": message, "finish_reason": script.finish}
    about = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model}
    return {**about, "choices": [choice]}


def _error(message: str, code: str | int | None, kind: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def error_body(
    message: str, code: str | int | None = None, kind: str = "invalid_request_error"
) -> bytes:
    """The body with which OpenAI's API says what is wrong."""
    return json.dumps(_error(message, code, kind)).encode()


def words(text: str) -> tuple[str, ...]:
    """Word by word, each with the space after it."""
    return tuple(re.findall(r"\S+\s*|\s+", text))


def split_every(text: str, n: int) -> tuple[str, ...]:
    """Pieces of ``n`` characters, wherever that cuts."""
    return tuple(text[start : start + n] for start in range(0, len(text), n))


# --- Standard faults --------------------------------------------------------------------

_BEGINNING = ("The first ", "half of ")
_REST = ("a sentence ", "that ends.")


def faults() -> dict[str, Script]:
    """What goes wrong with language-model servers, by name."""
    return _refusals() | _wrong_bodies() | _broken_streams() | _odd_streams()


def _refusals() -> dict[str, Script]:
    def refusal(status: int, message: str, code: str | int, **kind: str) -> Script:
        return Script(status=status, body=error_body(message, code, **kind))

    long = (
        "This model's maximum context length is 4096 tokens. However, your messages resulted in "
        "5120 tokens. Please reduce the length of the messages."
    )
    return {
        "status_401": refusal(401, "Incorrect API key provided.", "invalid_api_key"),
        "status_404_model": refusal(404, "The model `scripted` does not exist.", "model_not_found"),
        "status_429": refusal(
            429, "Rate limit reached.", "rate_limit_exceeded", kind="rate_limit_error"
        ),
        "status_500": refusal(500, "The server had an error.", 500, kind="server_error"),
        "status_503": refusal(503, "The engine is overloaded.", 503, kind="server_error"),
        "context_length_400": refusal(400, long, "context_length_exceeded"),
    }


def _wrong_bodies() -> dict[str, Script]:
    html = b"<!doctype html><html><body><h1>Welcome to the proxy</h1></body></html>"
    return {
        "html_200": Script(body=html, headers={"Content-Type": "text/html; charset=utf-8"}),
        "json_garbage": Script(body=b"{not json"),
        "empty_200": Script(
            body=event(chunk(None)) + DONE, headers={"Content-Type": "text/event-stream"}
        ),
    }


def _broken_streams() -> dict[str, Script]:
    latin = event(chunk({"content": "caf@ "})).replace(b"@", b"\xe9")
    garbage = (b"%%% no event at all %%%\n\n", b'data: {"choices": [{"index": 0, "del\n\n')
    dead = event(_error("EngineCore encountered an issue.", 500, "InternalServerError"))
    return {
        "cut_mid_stream": Script(_BEGINNING, cut=True),
        "cut_before_any": Script(cut=True),
        "silent": Script(hang=True),
        "invalid_utf8": Script((*_BEGINNING, latin, *_REST)),
        "broken_sse": Script((*_BEGINNING, *garbage, *_REST)),
        "error_event": Script((*_BEGINNING, dead, *_REST)),
    }


def _odd_streams() -> dict[str, Script]:
    no_choice, null = event(chunk(None)), event(chunk({"content": None}))
    return {
        "slow_first": Script(_BEGINNING + _REST, first=2.0),
        "never_ending": Script(lambda: (f"word{number} " for number in range(50_000))),
        "null_content": Script((no_choice, null, *_BEGINNING, null, *_REST)),
        "only_role": Script((event(chunk({"role": "assistant"})),)),
    }


# --- TLS --------------------------------------------------------------------------------


def certificate(folder: Path) -> tuple[Path, Path, Path]:
    """Make an authority's certificate, and a certificate and key of this machine signed by it."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _sign("Test authority", authority_key.public_key(), "Test authority", authority_key)
    own = _sign("localhost", key.public_key(), "Test authority", authority_key)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    written = {
        folder / "authority.pem": authority.public_bytes(pem),
        folder / "server.pem": own.public_bytes(pem),
        folder / "server.key": key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain),
    }
    for path, content in written.items():
        path.write_bytes(content)
    first, second, third = written
    return first, second, third


_USAGES = (
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
    "key_cert_sign crl_sign encipher_only decipher_only"
).split()


def _sign(
    subject: str, public: ec.EllipticCurvePublicKey, issuer: str, key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """A certificate with all that strict checks (the default from Python 3.13) ask for."""
    is_authority = subject == issuer
    now = datetime.datetime.now(datetime.UTC)
    allowed = "key_cert_sign" if is_authority else "digital_signature"
    usage = {name: name == allowed for name in _USAGES}
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
