"""What goes wrong while an index is built or opened, and what still answers then."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import AssistantError, IndexBusyError, IndexMissingError, IndexWriteError
from assistant.index import builder
from assistant.index.builder import build_index
from assistant.index.generations import CACHE, CHROMA, STORE, build_lock, current_generation
from assistant.index.reader import open_index
from assistant.index.status import index_status
from assistant.index.vectors import PassageVectors
from assistant.index.words import content_words
from assistant.workspace import Workspace
from tests.index.conftest import FakeEmbedder, WritePdf

OLD = "The old edition speaks of horses and of bridges."
NEW = "The new edition speaks of drones and of satellites."


@pytest.fixture
def built(workspace: Workspace, write_pdf: WritePdf) -> Workspace:
    """An index of OLD."""
    write_pdf("a.pdf", OLD)
    build_index(workspace)
    return workspace


def answers(workspace: Workspace, text: str) -> bool:
    """Whether the index finds ``text`` by its vector and by its words, as a process anew would."""
    index = open_index(workspace)
    try:
        (nearest, similarity), *_ = index.vectors.nearest(index.embedder.embed_question(text), 1)
        by_word = index.store.search_words(content_words(text), 1)
        found = index.store.passages_by_id([nearest])[nearest].text
        return found == text and similarity > 0.999 and by_word[0][0] == nearest
    finally:
        index.close()


def generations(workspace: Workspace) -> list[Path]:
    return sorted(workspace.index.glob("generation-*"))


# --- The disk ---------------------------------------------------------------------------


def no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_database(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize(
    ("place", "failure"),
    [
        ("assistant.index.builder.new_generation", no_space),
        ("assistant.index.store.Store.put_contents", full_database),
        ("assistant.index.vector_cache.VectorCache.put", full_database),
        ("assistant.index.vectors._client", no_space),
        ("llama_index.vector_stores.chroma.ChromaVectorStore.add", no_space),
        ("assistant.index.store.Store.commit", full_database),
        ("assistant.index.generations._sync", no_space),
        ("pathlib.Path.replace", no_space),
    ],
)
def test_a_full_disk_is_told_and_the_old_index_answers(
    built: Workspace,
    write_pdf: WritePdf,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    failure,  # type: ignore[no-untyped-def]
) -> None:
    write_pdf("a.pdf", NEW)
    with monkeypatch.context() as patch:
        patch.setattr(place, failure)
        with pytest.raises(IndexWriteError, match=r"could not be written .*still answers"):
            build_index(built)
    assert len(generations(built)) == 1, "what was half written is removed"
    assert answers(built, OLD)
    build_index(built)
    assert answers(built, NEW)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 3 MB, where this account may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("this account may not mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount command")
def test_a_disk_that_really_fills(built: Workspace, write_pdf: WritePdf, small_disk: Path) -> None:
    shutil.copytree(built.index, small_disk / "index")
    shutil.rmtree(built.index)
    built.index.symlink_to(small_disk / "index")
    write_pdf("a.pdf", NEW)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 40_000))
    with pytest.raises(IndexWriteError, match="still answers"):
        build_index(built)
    assert answers(built, OLD)
    filler.unlink()
    build_index(built)
    assert answers(built, NEW)


def test_a_folder_that_cannot_be_written_is_told(workspace: Workspace, write_pdf: WritePdf) -> None:
    write_pdf("a.pdf", OLD)
    workspace.index.write_text("a file where the folder should be")
    with pytest.raises(IndexWriteError, match="cannot be written"):
        build_index(workspace)


# --- Damage -----------------------------------------------------------------------------


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _damage_store(workspace: Workspace) -> None:
    folder = current_generation(workspace.index)
    assert folder is not None
    _truncate(folder / STORE)


def _lose_store(workspace: Workspace) -> None:
    folder = current_generation(workspace.index)
    assert folder is not None
    (folder / STORE).unlink()


@pytest.mark.parametrize(
    "damage",
    [
        _damage_store,
        _lose_store,
        lambda w: (w.index / "CURRENT").write_text(""),
        lambda w: (w.index / "CURRENT").write_text("generation-nowhere\n"),
        lambda w: (w.index / "CURRENT").write_bytes(b"\xff\xfe"),
        lambda w: (w.index / "CURRENT").write_text("../../etc\n"),
    ],
)
def test_a_damaged_index_is_told_and_built_anew(
    built: Workspace,
    embedder: type[FakeEmbedder],
    damage,  # type: ignore[no-untyped-def]
) -> None:
    damage(built)
    assert not index_status(built).up_to_date
    embedder.embedded.clear()
    report = build_index(built)
    assert report.rebuild_reason == "the index was damaged"
    assert not embedder.embedded, "the vectors are still there"
    assert answers(built, OLD)
    assert len(generations(built)) == 1


@pytest.mark.parametrize("lost", ["", "chroma.sqlite3"])
def test_lost_vectors_are_told_and_filled_again(
    built: Workspace, embedder: type[FakeEmbedder], lost: str
) -> None:
    folder = current_generation(built.index)
    assert folder is not None
    shutil.copytree(built.root, built.root.parent / "lost")
    workspace = Workspace(built.root.parent / "lost")
    path = workspace.index / folder.name / CHROMA / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    index = open_index(workspace)
    with pytest.raises(AssistantError, match="build it again"):
        index.vectors.nearest(index.embedder.embed_question(OLD), 1)
    index.close()
    report = build_index(workspace)
    assert report.rebuild_reason == "some of its vectors were missing"
    assert answers(workspace, OLD)


def test_a_damaged_vector_cache_costs_only_time(
    built: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder]
) -> None:
    (built.index / CACHE).write_bytes(b"this is no database" * 100)
    embedder.embedded.clear()
    write_pdf("b.pdf", NEW)
    build_index(built)
    assert len(embedder.embedded) == 2
    assert answers(built, OLD) and answers(built, NEW)


def test_what_a_kill_left_behind_is_cleared(built: Workspace, write_pdf: WritePdf) -> None:
    left = built.index / "generation-000000000000"
    left.mkdir()
    (left / STORE).write_bytes(b"half")
    (built.index / "CURRENT.new").write_text("generation-000000000000")
    assert answers(built, OLD)
    write_pdf("a.pdf", NEW)
    build_index(built)
    assert not left.exists() and answers(built, NEW)


def test_no_index_is_told(workspace: Workspace) -> None:
    with pytest.raises(IndexMissingError, match="no index yet"):
        open_index(workspace)
    assert "no index yet" in (index_status(workspace).problem or "")


# --- Two at once ------------------------------------------------------------------------


def test_a_second_build_says_so_and_stops(built: Workspace) -> None:
    with build_lock(built.index):
        run = subprocess.run(
            [sys.executable, "-m", "assistant.cli.main", "index", "--workspace", built.root],
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr == (
        "assistant: Another build of this index is under way; wait until it has ended.\n"
    )


def test_a_second_thread_is_told_too(built: Workspace) -> None:
    with build_lock(built.index), pytest.raises(IndexBusyError):
        build_index(built)


def test_the_old_index_answers_while_the_new_one_is_built(
    built: Workspace, write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pdf("a.pdf", NEW)
    reached, go_on = threading.Event(), threading.Event()
    real = builder.make_current

    def waiting(index: Path, generation: Path) -> None:
        reached.set()
        assert go_on.wait(60)
        real(index, generation)

    monkeypatch.setattr(builder, "make_current", waiting)
    building = threading.Thread(target=build_index, args=(built,))
    building.start()
    try:
        assert reached.wait(60)
        assert answers(built, OLD)
    finally:
        go_on.set()
        building.join()
    assert answers(built, NEW)


def test_a_reader_goes_on_with_the_generation_it_opened(
    built: Workspace, write_pdf: WritePdf
) -> None:
    index = open_index(built)
    write_pdf("a.pdf", NEW)
    build_index(built)
    (found, _), *_ = index.vectors.nearest(index.embedder.embed_question(OLD), 1)
    assert index.store.passages_by_id([found])[found].text == OLD
    index.close()


def test_many_threads_open_the_vectors_at_once(built: Workspace) -> None:
    index = open_index(built)
    problems: list[BaseException] = []

    def look() -> None:
        try:
            assert index.vectors.count() == 1
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=look) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    index.close()
    assert not problems


def test_a_collection_that_keeps_too_few_is_not_made_current(
    built: Workspace, write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pdf("b.pdf", NEW)
    with monkeypatch.context() as patch:
        patch.setattr(PassageVectors, "count", lambda self: 0)
        with pytest.raises(IndexWriteError, match="kept 0 of 2"):
            build_index(built)
    assert answers(built, OLD)
