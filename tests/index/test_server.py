"""The same index with its vectors on a Chroma server, which several processes share."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import chromadb
import pytest

from assistant.errors import AssistantError
from assistant.index.builder import build_index
from assistant.index.reader import open_index
from assistant.index.status import index_status
from assistant.workspace import Workspace
from tests.index.conftest import FakeEmbedder, WritePdf

TEXT = "Interpreters are requested through the liaison officer."
OTHER = "Medical evacuation is planned with the host nation."


class Server:
    """``chroma run`` on this machine."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self.start()

    def start(self) -> None:
        program = Path(sys.executable).parent / "chroma"
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [program, "run", *address, "--path", self._folder],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the Chroma server does not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def collections(self) -> set[str]:
        client = chromadb.HttpClient(host="127.0.0.1", port=self.port)
        return {collection.name for collection in client.list_collections()}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "chroma"
    folder.mkdir()
    running = Server(folder)
    yield running
    running.stop()


@pytest.fixture
def shared_by_url(workspace: Workspace, server: Server) -> Workspace:
    (workspace.root / "assistant.toml").write_text(f'[index]\nchroma_url = "{server.url}"\n')
    return Workspace(workspace.root)


def nearest(workspace: Workspace, text: str) -> str:
    index = open_index(workspace)
    try:
        (found, _), *_ = index.vectors.nearest(index.embedder.embed_question(text), 1)
        return index.store.passages_by_id([found])[found].text
    finally:
        index.close()


def test_vectors_on_a_server(
    shared_by_url: Workspace, server: Server, write_pdf: WritePdf, embedder: type[FakeEmbedder]
) -> None:
    workspace = shared_by_url
    write_pdf("a.pdf", TEXT)
    build_index(workspace)
    assert nearest(workspace, TEXT) == TEXT
    assert not list(workspace.index.rglob("chroma.sqlite3")), "nothing is kept beside the server"

    for text in (OTHER, TEXT + " Always.", OTHER + " Always."):
        write_pdf("b.pdf", text)
        build_index(workspace)
        assert nearest(workspace, text) == text
    folders = {folder.name for folder in workspace.index.glob("generation-*")}
    assert server.collections() == folders and len(folders) == 2

    # Another process finds the same.
    code = (
        "import sys, json, chromadb; "
        f"c = chromadb.HttpClient(host='127.0.0.1', port={server.port}); "
        "print(json.dumps({x.name: x.count() for x in c.list_collections()}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(json.loads(run.stdout).values()) == {2}

    # Back to embedded vectors: told, built anew, nothing embedded, the server left clean.
    (workspace.root / "assistant.toml").write_text("")
    embedded = Workspace(workspace.root)
    embedder.embedded.clear()
    assert "chroma_url" in (index_status(embedded).problem or "")
    assert "chroma_url" in (build_index(embedded).rebuild_reason or "")
    assert nearest(embedded, TEXT) == TEXT and not embedder.embedded
    assert server.collections() == set()


def test_other_collections_on_the_server_are_left_alone(
    shared_by_url: Workspace, server: Server, write_pdf: WritePdf
) -> None:
    client = chromadb.HttpClient(host="127.0.0.1", port=server.port)
    client.create_collection("generation-of-somebody-else")
    for text in (TEXT, OTHER, TEXT + OTHER):
        write_pdf("a.pdf", text)
        build_index(shared_by_url)
    assert "generation-of-somebody-else" in server.collections()
    assert len(server.collections()) == 3


def test_a_server_that_stops_is_told_and_loses_nothing(
    shared_by_url: Workspace, server: Server, write_pdf: WritePdf
) -> None:
    write_pdf("a.pdf", TEXT)
    build_index(shared_by_url)
    opened = open_index(shared_by_url)
    assert opened.vectors.count() == 1
    server.stop()
    write_pdf("a.pdf", OTHER)
    with pytest.raises(AssistantError, match="Chroma server at"):
        opened.vectors.nearest(opened.embedder.embed_question(TEXT), 1)
    with pytest.raises(AssistantError, match="Chroma server at"):
        nearest(shared_by_url, TEXT)
    with pytest.raises(AssistantError, match="Chroma server at"):
        build_index(shared_by_url)
    opened.close()
    server.start()
    assert nearest(shared_by_url, TEXT) == TEXT
    build_index(shared_by_url)
    assert nearest(shared_by_url, OTHER) == OTHER
    assert len(server.collections()) == 2
    build_index(shared_by_url, force=True)
    folders = {folder.name for folder in shared_by_url.index.glob("generation-*")}
    assert server.collections() == folders


def test_a_collection_that_vanished_is_filled_again(
    shared_by_url: Workspace, server: Server, write_pdf: WritePdf
) -> None:
    write_pdf("a.pdf", TEXT)
    build_index(shared_by_url)
    (name,) = server.collections()
    chromadb.HttpClient(host="127.0.0.1", port=server.port).delete_collection(name)
    with pytest.raises(AssistantError, match="missing"):
        nearest(shared_by_url, TEXT)
    assert build_index(shared_by_url).rebuild_reason == "some of its vectors were missing"
    assert nearest(shared_by_url, TEXT) == TEXT
