"""What a build reads, embeds and reports as the corpus changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import AssistantError, DocumentError, IndexMissingError, UsageError
from assistant.index import contents, form
from assistant.index.builder import build_index
from assistant.index.generations import CACHE, current_generation
from assistant.index.reader import open_index
from assistant.index.report import BuildReport, DocumentReport
from assistant.index.status import index_status
from assistant.workspace import Workspace
from tests.index.conftest import FakeEmbedder, WritePdf

TRAINING = "Allied forces train together before they deploy to the theater."
SUPPLY = "Fuel and ammunition are moved by the sustainment brigade at night."


def by_file(report: BuildReport) -> dict[str, DocumentReport]:
    return {document.file: document for document in report.documents}


def indexed_texts(workspace: Workspace) -> dict[str, str]:
    """All passages of the current index, by file."""
    index = open_index(workspace)
    try:
        return {
            document.file: " ".join(p.text for p in index.store.passages(document.id))
            for document in index.documents.values()
        }
    finally:
        index.close()


def settings(workspace: Workspace, text: str) -> Workspace:
    (workspace.root / "assistant.toml").write_text(text)
    return Workspace(workspace.root)


def test_a_new_document_is_read_and_embedded(
    workspace: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder]
) -> None:
    write_pdf("a.pdf", TRAINING, SUPPLY)
    report = build_index(workspace)
    document = by_file(report)["a.pdf"]
    assert (document.state, document.pages, document.indexed_pages) == ("new", 2, 2)
    assert report.complete and report.rebuilt and report.rebuild_reason is None
    assert report.embedded == len(embedder.embedded) == report.passages
    assert TRAINING in indexed_texts(workspace)["a.pdf"]


def test_an_unchanged_corpus_is_neither_read_nor_embedded(
    workspace: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder], reads: list[str]
) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("sub/b.pdf", SUPPLY)
    first = build_index(workspace)
    embedder.embedded.clear()
    reads.clear()
    second = build_index(workspace)
    assert not embedder.embedded and not reads
    assert not second.rebuilt and second.embedded == 0
    assert (second.fingerprint, second.passages) == (first.fingerprint, first.passages)
    assert [replace(d, state="unchanged") for d in first.documents] == list(second.documents)


def test_only_the_changed_document_is_read_and_embedded(
    workspace: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder], reads: list[str]
) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    first = build_index(workspace)
    embedder.embedded.clear()
    reads.clear()
    write_pdf("b.pdf", SUPPLY, "A third paragraph speaks of bridging equipment.")
    second = build_index(workspace)
    assert reads == ["b.pdf"]
    assert len(embedder.embedded) == second.embedded == 1
    assert by_file(second)["a.pdf"].state == "unchanged"
    assert by_file(second)["b.pdf"].state == "changed"
    assert second.fingerprint != first.fingerprint
    assert "bridging" in indexed_texts(workspace)["b.pdf"]


def test_a_deleted_document_is_forgotten(workspace: Workspace, write_pdf: WritePdf) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    build_index(workspace)
    (workspace.corpus / "b.pdf").unlink()
    report = build_index(workspace)
    assert report.removed == ("b.pdf",) and report.complete
    assert indexed_texts(workspace).keys() == {"a.pdf"}


def test_a_renamed_document_is_embedded_no_second_time(
    workspace: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder]
) -> None:
    write_pdf("a.pdf", TRAINING).rename(workspace.corpus / "c.pdf")
    write_pdf("a.pdf", TRAINING)
    (workspace.corpus / "c.pdf").unlink()
    build_index(workspace)
    embedder.embedded.clear()
    (workspace.corpus / "a.pdf").rename(workspace.corpus / "b.pdf")
    report = build_index(workspace)
    assert not embedder.embedded
    assert report.removed == ("a.pdf",)
    assert indexed_texts(workspace).keys() == {"b.pdf"}


def test_the_same_bytes_are_indexed_once(workspace: Workspace, write_pdf: WritePdf) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", TRAINING)
    report = by_file(build_index(workspace))
    assert report["a.pdf"].state == "new"
    assert report["b.pdf"].state == "refused"
    assert "same bytes as a.pdf" in (report["b.pdf"].reason or "")
    (workspace.corpus / "a.pdf").unlink()
    again = build_index(workspace)
    assert again.complete and indexed_texts(workspace).keys() == {"b.pdf"}


def test_of_two_copies_the_described_one_is_indexed(
    workspace: Workspace, write_pdf: WritePdf
) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", TRAINING)
    (workspace.corpus / "manifest.toml").write_text('[[document]]\nfile = "b.pdf"\n')
    build_index(workspace)
    assert indexed_texts(workspace).keys() == {"b.pdf"}


def test_a_changed_manifest_is_followed_without_embedding(
    workspace: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder], reads: list[str]
) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    build_index(workspace)
    embedder.embedded.clear()
    reads.clear()
    manifest = workspace.corpus / "manifest.toml"
    manifest.write_text('[[document]]\nfile = "a.pdf"\ndesignation = "FM 9-99"\n')
    assert "a.pdf changed" in (index_status(workspace).problem or "")
    build_index(workspace)
    assert reads == ["a.pdf"] and not embedder.embedded
    index = open_index(workspace)
    assert {d.designation for d in index.documents.values()} >= {"FM 9-99"}
    index.close()


def test_an_unknown_key_in_the_manifest_is_named(workspace: Workspace, write_pdf: WritePdf) -> None:
    write_pdf("a.pdf", TRAINING)
    build_index(workspace)
    (workspace.corpus / "manifest.toml").write_text(
        '[[document]]\nfile = "a.pdf"\ncolour = "red"\n'
    )
    with pytest.raises(UsageError, match="colour"):
        build_index(workspace)
    assert TRAINING in indexed_texts(workspace)["a.pdf"]


def test_a_manifest_entry_without_its_file_is_reported(
    workspace: Workspace, write_pdf: WritePdf
) -> None:
    write_pdf("a.pdf", TRAINING)
    (workspace.corpus / "manifest.toml").write_text('[[document]]\nfile = "z.pdf"\n')
    report = build_index(workspace)
    assert not report.complete
    assert "not in the corpus" in (by_file(report)["z.pdf"].reason or "")


def test_a_superseded_edition_is_current_again_when_the_newer_one_goes(
    workspace: Workspace, write_pdf: WritePdf
) -> None:
    write_pdf("old.pdf", TRAINING)
    write_pdf("new.pdf", SUPPLY)
    (workspace.corpus / "manifest.toml").write_text(
        '[[document]]\nfile = "new.pdf"\nsupersedes = ["old.pdf"]\n'
    )

    def statuses() -> dict[str, str]:
        index = open_index(workspace)
        found = {d.file: d.status for d in index.documents.values()}
        index.close()
        return found

    build_index(workspace)
    assert statuses() == {"old.pdf": "superseded", "new.pdf": "current"}
    (workspace.corpus / "new.pdf").unlink()
    (workspace.corpus / "manifest.toml").unlink()
    build_index(workspace)
    assert statuses() == {"old.pdf": "current"}


# --- What cannot be read ----------------------------------------------------------------


def test_a_refused_document_is_remembered_and_reported_each_time(
    workspace: Workspace, write_pdf: WritePdf, reads: list[str]
) -> None:
    write_pdf("a.pdf", TRAINING)
    (workspace.corpus / "bad.pdf").write_text("<html>Not found</html>")
    first = build_index(workspace)
    assert not first.complete and by_file(first)["bad.pdf"].state == "refused"
    reads.clear()
    second = build_index(workspace)
    assert not reads and not second.complete
    assert by_file(second)["bad.pdf"].reason == by_file(first)["bad.pdf"].reason
    assert [r.file for r in index_status(workspace).incomplete] == ["bad.pdf"]
    assert index_status(workspace).up_to_date


def test_every_page_is_indexed_or_reported(workspace: Workspace, write_pdf: WritePdf) -> None:
    write_pdf("a.pdf", TRAINING, "", SUPPLY, "")
    write_pdf("scan.pdf", "", "")
    report = by_file(build_index(workspace))
    for document in report.values():
        assert document.pages == document.indexed_pages + len(document.unread)
    assert [page for page, _ in report["a.pdf"].unread] == [2, 4]
    assert report["scan.pdf"].state == "refused" and "no text" in (report["scan.pdf"].reason or "")
    assert indexed_texts(workspace).keys() == {"a.pdf"}


def test_a_document_that_becomes_unreadable_keeps_what_was_indexed(
    workspace: Workspace, write_pdf: WritePdf, reads: list[str]
) -> None:
    path = write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    build_index(workspace)
    path.write_bytes(path.read_bytes()[:100])
    for _ in range(2):
        document = by_file(build_index(workspace))["a.pdf"]
        assert document.state == "refused" and document.pages == document.indexed_pages == 1
        assert "What was indexed of it before still answers." in (document.reason or "")
        assert (document.reason or "").count("still answers") == 1
        assert TRAINING in indexed_texts(workspace)["a.pdf"]
    assert reads == ["a.pdf", "b.pdf", "a.pdf"]
    write_pdf("c.pdf", "Something else entirely is said here about rivers.")
    build_index(workspace)
    assert TRAINING in indexed_texts(workspace)["a.pdf"]
    write_pdf("a.pdf", "The mended document speaks of artillery.")
    assert by_file(build_index(workspace))["a.pdf"].state == "changed"
    assert "artillery" in indexed_texts(workspace)["a.pdf"]


def test_what_changes_while_it_is_read_is_tried_again(
    workspace: Workspace, write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    real = contents.read_document

    def vanishing(reader, source, *rest):  # type: ignore[no-untyped-def]
        if source.name == "a.pdf":
            path.rename(path.with_suffix(".away"))
        return real(reader, source, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(contents, "read_document", vanishing)
        report = build_index(workspace)
    assert by_file(report)["a.pdf"].state == "refused"
    assert by_file(report)["b.pdf"].state == "new"
    path.with_suffix(".away").rename(path)
    assert not index_status(workspace).up_to_date
    assert build_index(workspace).complete


def test_a_document_that_defeats_the_reader_does_not_cost_the_others(
    workspace: Workspace, write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    real = contents.read_document

    def failing(reader, source, *rest):  # type: ignore[no-untyped-def]
        if source.name == "a.pdf":
            raise IndexError("list index out of range")
        return real(reader, source, *rest)

    monkeypatch.setattr(contents, "read_document", failing)
    report = by_file(build_index(workspace))
    assert "IndexError" in (report["a.pdf"].reason or "")
    assert report["b.pdf"].state == "new"


def test_a_file_that_cannot_be_opened_keeps_what_was_indexed(
    workspace: Workspace, write_pdf: WritePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    build_index(workspace)
    from assistant.index import sources

    real = sources.identify

    def denied(folder: Path, path: Path):  # type: ignore[no-untyped-def]
        if path.name == "a.pdf":
            raise DocumentError("a.pdf cannot be read (Permission denied).")
        return real(folder, path)

    monkeypatch.setattr(sources, "identify", denied)
    for _ in range(2):
        report = build_index(workspace)
        assert report.removed == ()
        assert (by_file(report)["a.pdf"].reason or "").count("still answers") == 1
        assert TRAINING in indexed_texts(workspace)["a.pdf"]


def test_an_empty_corpus_is_told_and_the_old_index_stays(
    workspace: Workspace, write_pdf: WritePdf
) -> None:
    with pytest.raises(AssistantError, match="There is no PDF below"):
        build_index(workspace)
    path = write_pdf("a.pdf", TRAINING)
    build_index(workspace)
    path.unlink()
    with pytest.raises(AssistantError, match="The old index stays"):
        build_index(workspace)
    assert TRAINING in indexed_texts(workspace)["a.pdf"]


@pytest.mark.parametrize(
    "name",
    ["with space.pdf", "quo'te\".pdf", "<b>bold<b>.pdf", "[red].pdf", "..%2f..pdf", "übung.PDF"],
)
def test_odd_names_are_only_names(workspace: Workspace, write_pdf: WritePdf, name: str) -> None:
    write_pdf(name, TRAINING)
    assert build_index(workspace).complete
    assert indexed_texts(workspace).keys() == {name}


# --- What makes an index of another form ------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda patch, fake: patch.setattr(form, "SCHEMA_VERSION", 99), "index format"),
        (lambda patch, fake: patch.setattr(form, "READER_VERSION", 99), "documents are read"),
        (lambda patch, fake: patch.setattr(fake, "name", "other"), "the embedding model"),
        (lambda patch, fake: patch.setattr(fake, "fingerprint", "fake-2"), "weights"),
    ],
)
def test_another_form_is_told_and_built_anew(
    workspace: Workspace,
    write_pdf: WritePdf,
    embedder: type[FakeEmbedder],
    reads: list[str],
    monkeypatch: pytest.MonkeyPatch,
    change,  # type: ignore[no-untyped-def]
    reason: str,
) -> None:
    write_pdf("a.pdf", TRAINING)
    build_index(workspace)
    reads.clear()
    embedder.embedded.clear()
    change(monkeypatch, embedder)
    with pytest.raises(IndexMissingError, match=reason):
        open_index(workspace)
    assert reason in (index_status(workspace).problem or "")
    report = build_index(workspace)
    assert reads == ["a.pdf"] and reason in (report.rebuild_reason or "")
    assert bool(embedder.embedded) == (reason == "weights"), "vectors belong to the weights"
    assert by_file(report)["a.pdf"].state == "new"
    assert build_index(workspace).rebuild_reason is None


def test_other_limits_read_again_and_embed_nothing(
    workspace: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder], reads: list[str]
) -> None:
    write_pdf("a.pdf", TRAINING, SUPPLY)
    build_index(workspace)
    embedder.embedded.clear()
    changed = settings(workspace, "[corpus]\nmax_pages = 1\n")
    document = by_file(build_index(changed))["a.pdf"]
    assert "max_pages" in (document.reason or "")
    assert by_file(build_index(settings(workspace, "")))["a.pdf"].state == "changed"
    assert reads == ["a.pdf"] * 3 and not embedder.embedded


def test_force_reads_everything_and_embeds_nothing(
    workspace: Workspace, write_pdf: WritePdf, embedder: type[FakeEmbedder], reads: list[str]
) -> None:
    write_pdf("a.pdf", TRAINING)
    first = build_index(workspace)
    embedder.embedded.clear()
    report = build_index(workspace, force=True)
    assert report.rebuilt and reads == ["a.pdf", "a.pdf"] and not embedder.embedded
    assert report.fingerprint == first.fingerprint


def test_vectors_that_no_text_uses_are_forgotten(workspace: Workspace, write_pdf: WritePdf) -> None:
    from assistant.index.vector_cache import VectorCache

    write_pdf("a.pdf", TRAINING)
    write_pdf("b.pdf", SUPPLY)
    build_index(workspace)
    (workspace.corpus / "b.pdf").unlink()
    build_index(workspace)
    cache = VectorCache(workspace.index / CACHE, "fake-1")
    assert len(cache.missing([VectorCache.key(TRAINING), VectorCache.key(SUPPLY)])) >= 1
    cache.close()


def test_one_earlier_generation_is_kept_for_those_who_read_it(
    workspace: Workspace, write_pdf: WritePdf
) -> None:
    for text in (TRAINING, SUPPLY, TRAINING + SUPPLY):
        write_pdf("a.pdf", text)
        build_index(workspace)
    folders = list(workspace.index.glob("generation-*"))
    assert len(folders) == 2 and current_generation(workspace.index) in folders


def test_the_fingerprint_depends_on_content_alone(
    tmp_path: Path, workspace: Workspace, write_pdf: WritePdf
) -> None:
    import shutil

    write_pdf("b.pdf", SUPPLY)
    write_pdf("a.pdf", TRAINING)
    first = build_index(workspace).fingerprint
    shutil.copytree(workspace.root, tmp_path / "copy", ignore=shutil.ignore_patterns("index"))
    assert build_index(Workspace(tmp_path / "copy")).fingerprint == first
