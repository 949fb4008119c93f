"""An exported PDF holds the cited pages, marked exactly where the quotes stand, and no others."""

from __future__ import annotations

import hashlib
import io
import shutil
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions
from pypdf.generic import RectangleObject

from assistant.answer.styles import edition
from assistant.corpus.isolate import Limits
from assistant.corpus.pdf import open_pdf, page_text
from assistant.corpus.rendering import page_boxes
from assistant.errors import DocumentError
from assistant.excerpts.selection import Selected, Selection
from assistant.export import selection_pdf
from assistant.export.selection import export_selection
from assistant.export.title_page import title_page
from assistant.types import Document, Excerpt, Span
from assistant.workspace import Workspace
from tests.export.readers import labelled, pdf_annotations
from tests.export.samples import selection
from tests.export.test_conversation_export import HOSTILE

SOURCE = "operations_multinational_digest.pdf"
PHRASE = "Warfare has four levels"


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def marked_text(content: bytes) -> dict[tuple[int, str], str]:
    """The letters that stand under each highlight, by page of the file and label."""
    shown = pypdfium2.PdfDocument(content)
    found = {}
    for number, annotation in pdf_annotations(content):
        points = [float(x) for x in annotation["/QuadPoints"]]  # type: ignore[attr-defined]
        text = shown[number].get_textpage()
        under = ""
        for at in range(0, len(points), 8):
            left, top, right, _, _, bottom, _, _ = points[at : at + 8]
            under += text.get_text_bounded(left, bottom, right, top)
        found[number, str(annotation["/T"])] = letters(under)
    shown.close()
    return found


def of_file(path: Path, phrase: str = PHRASE) -> Selection:
    """A selection of ``phrase`` as it stands in the PDF at ``path``."""
    pdf = open_pdf(path)
    for number in range(len(pdf)):
        text = page_text(pdf[number].get_textpage())
        if phrase in text:
            break
    else:
        raise AssertionError(f"{phrase} is not in {path.name}")
    start = text.index(phrase)
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    document = Document("d", path.name, sha, "Ops", "Operations", page_count=len(pdf))
    pdf.close()
    span = Span(number + 1, start, start + len(phrase))
    quoted = Excerpt("d:1", document, (), "1-5", "1-1", number + 1, (span,), phrase)
    return selection(Selected(quoted, "Mind this."))


@pytest.fixture
def source(starter_workspace: Workspace, tmp_path: Path) -> Path:
    """A copy of a document of the starter corpus in a corpus of its own."""
    return Path(shutil.copy(starter_workspace.corpus / SOURCE, tmp_path / "ops.pdf"))


def exported(what: Selection, corpus: Path) -> bytes:
    return export_selection(what, "pdf", corpus=corpus)


# --- The fifty ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content(fifty: Selection, starter_workspace: Workspace) -> bytes:
    return exported(fifty, starter_workspace.corpus)


def test_every_highlight_lies_on_its_quote(content: bytes, fifty: Selection) -> None:
    marked = marked_text(content)
    for number, item in enumerate(fifty.items, 1):
        under = "".join(text for (_, label), text in marked.items() if label == f"Excerpt {number}")
        quote = letters(item.excerpt.quote)
        assert not Counter(quote) - Counter(under)
        assert len(under) <= len(quote) + 4  # letters that a box only touches


def test_only_the_cited_pages_in_order(content: bytes, fifty: Selection) -> None:
    reader = PdfReader(io.BytesIO(content))
    cited = {(i.excerpt.document.file, s.page) for i in fifty.items for s in i.excerpt.spans}
    assert len(reader.pages) == 1 + len(cited)
    objects = [reader.get_object(number) for number in sorted(reader.xref[0])]
    kept = [one for one in objects if isinstance(one, dict) and one.get("/Type") == "/Page"]
    assert len(kept) == len(reader.pages)
    order = [file for file, _ in dict.fromkeys((i.excerpt.document.file, 0) for i in fifty.items)]
    places = []
    for number, annotation in pdf_annotations(content):
        facts = labelled(str(annotation["/Contents"]).splitlines()[-1])
        pages = [int(s.split(":")[0]) for s in facts["Characters"].split("; ")]
        places.append((number, order.index(facts["File"]), max(pages)))
    assert [file for _, file, _ in places] == sorted(file for _, file, _ in places)


def test_bookmarks_title_page_and_properties(content: bytes, fifty: Selection) -> None:
    reader = PdfReader(io.BytesIO(content))
    head, *rest = reader.outline
    assert "marking UNCLASSIFIED" in head.title
    assert [one.title for one in rest if not isinstance(one, list)] == list(
        dict.fromkeys(edition(i.excerpt.document) for i in fifty.items)
    )
    marks = [mark.title for one in rest if isinstance(one, list) for mark in one]
    assert len(marks) == len(pdf_annotations(content))
    title = reader.pages[0].extract_text()
    for words in ("UNCLASSIFIED", "2 Mar 2025 09:30 UTC", "f00dfeed", "fifty excerpts"):
        assert words in title
    assert reader.metadata is not None
    assert reader.metadata.title == fifty.name
    assert "index f00dfeed" in str(reader.metadata.subject)


# --- Pages that are turned, cut, protected ----------------------------------------------------


def yellow(content: bytes, page: int = 1) -> list[float]:
    """What is coloured of the page as it is shown, as fractions [left, top, right, bottom]."""
    pdf = pypdfium2.PdfDocument(content)
    pixels = np.asarray(pdf[page].render(scale=3).to_pil().convert("RGB")).astype(int)
    pdf.close()
    rows, columns = np.nonzero(pixels[:, :, 0] - pixels[:, :, 2] > 100)
    high, wide = pixels.shape[:2]
    return [columns.min() / wide, rows.min() / high, columns.max() / wide, rows.max() / high]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("cut", [False, True])
def test_turned_and_cut_pages_are_marked_at_the_same_place(
    source: Path, turn: int, cut: bool
) -> None:
    writer = PdfWriter(clone_from=source)
    for page in writer.pages:
        page.rotate(turn)
        if cut:
            page.cropbox = RectangleObject((50, 60, 560, 740))
    writer.write(source)
    what = of_file(source)
    content = exported(what, source.parent)
    assert list(marked_text(content).values()) == [letters(PHRASE)]
    assert PdfReader(io.BytesIO(content)).pages[1].rotation == turn
    (span,) = what.items[0].excerpt.spans
    (box,) = page_boxes(source, span.page, span.start, span.end)
    assert yellow(content) == pytest.approx(box, abs=0.004)


def test_the_file_stays_as_it_is_though_read_only(source: Path) -> None:
    what, before = of_file(source), source.read_bytes()
    source.chmod(0o444)
    source.parent.chmod(0o555)
    try:
        assert pdf_annotations(exported(what, source.parent))
    finally:
        source.parent.chmod(0o755)
    assert source.read_bytes() == before


def protected(source: Path, permissions: UserAccessPermissions, password: str = "") -> None:
    writer = PdfWriter(clone_from=source)
    writer.encrypt(password, "owner", permissions_flag=permissions, algorithm="AES-256")
    writer.write(source)


def test_a_protected_file_that_permits_copying_is_copied(source: Path) -> None:
    protected(source, UserAccessPermissions.EXTRACT | UserAccessPermissions.PRINT)
    content = exported(of_file(source), source.parent)
    assert not PdfReader(io.BytesIO(content)).is_encrypted
    assert list(marked_text(content).values()) == [letters(PHRASE)]


def test_one_that_does_not_is_told_in_one_sentence(source: Path) -> None:
    protected(source, UserAccessPermissions.PRINT)
    with pytest.raises(DocumentError, match=r"^ops.pdf is encrypted and does not permit [^.]*\.$"):
        exported(of_file(source), source.parent)


def test_nor_is_one_with_a_password(source: Path) -> None:
    what = of_file(source)
    protected(source, UserAccessPermissions.EXTRACT, "secret")
    sha = hashlib.sha256(source.read_bytes()).hexdigest()
    with pytest.raises(DocumentError, match=r"^ops.pdf is encrypted; save a copy without [^.]*\.$"):
        exported(with_document(what, sha256=sha), source.parent)


def with_document(what: Selection, **values: object) -> Selection:
    (item,) = what.items
    excerpt = item.excerpt
    document = replace(excerpt.document, **values)  # type: ignore[arg-type]
    return replace(what, items=(replace(item, excerpt=replace(excerpt, document=document)),))


# --- What can go wrong ------------------------------------------------------------------------


def test_a_missing_file_is_told_in_one_sentence(source: Path) -> None:
    what = of_file(source)
    source.unlink()
    with pytest.raises(DocumentError, match=r"^ops.pdf is no longer in the corpus; choose [^.]*\."):
        exported(what, source.parent)
    assert export_selection(what, "md", corpus=source.parent)


@pytest.mark.parametrize("file", ["../ops.pdf", "/etc/passwd", "a/../../ops.pdf", "\x00", "."])
def test_no_file_outside_the_corpus_is_read(source: Path, file: str) -> None:
    (source.parent / "corpus" / "a").mkdir(parents=True)
    with pytest.raises(DocumentError, match="is no longer in the corpus"):
        exported(with_document(of_file(source), file=file), source.parent / "corpus")


def test_a_changed_file_or_excerpt_is_not_marked(source: Path) -> None:
    what = of_file(source)
    gone = replace(what, items=(replace(what.items[0], changed=True),))
    with pytest.raises(DocumentError, match=r"^Excerpt 1 no longer stands where it was taken"):
        exported(gone, source.parent)
    with source.open("ab") as file:
        file.write(b"%")
    with pytest.raises(DocumentError, match=r"^ops.pdf changed since it was indexed"):
        exported(what, source.parent)


def test_a_page_that_is_not_there(source: Path) -> None:
    (item,) = of_file(source).items
    far = replace(item.excerpt, pdf_page=99, spans=(Span(99, 0, 5),))
    with pytest.raises(DocumentError, match=r"^ops.pdf has no page 99\.$"):
        exported(selection(Selected(far)), source.parent)


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + zlib.compress(b"x")])
def test_a_damaged_file_is_told_in_one_sentence(source: Path, damage: bytes) -> None:
    what = of_file(source)
    source.write_bytes(damage)
    sha = hashlib.sha256(damage).hexdigest()
    with pytest.raises(DocumentError, match=r"^[^.\n]*ops.pdf [^.\n]*\.$"):
        exported(with_document(what, sha256=sha), source.parent)


def test_a_process_that_dies_or_hangs_is_told_in_one_sentence(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = of_file(source)
    monkeypatch.setattr(selection_pdf, "_LIMITS", Limits(memory_mb=10))
    with pytest.raises(DocumentError, match=r"^The pages could not be copied: [^.]*\.$"):
        exported(what, source.parent)
    monkeypatch.setattr(selection_pdf, "_LIMITS", Limits(page_seconds=0.01))
    monkeypatch.setattr(selection_pdf, "START_SECONDS", 0.0)
    with pytest.raises(DocumentError, match=r"^The pages could not be copied in time; [^.]*\.$"):
        exported(what, source.parent)


def test_where_no_box_is_known_a_note_stands_on_the_page(source: Path) -> None:
    (item,) = of_file(source).items
    nowhere = replace(item.excerpt, spans=(Span(item.excerpt.pdf_page, 10**6, 10**6 + 5),))
    content = exported(selection(Selected(nowhere, "Mind this.")), source.parent)
    (note,) = PdfReader(io.BytesIO(content)).pages[1]["/Annots"]
    assert note.get_object()["/Subtype"] == "/Text"
    assert "Mind this." in note.get_object()["/Contents"]


def test_links_and_scripts_of_the_original_are_left_out(source: Path) -> None:
    writer = PdfWriter(clone_from=source)
    for number in range(len(writer.pages)):
        writer.add_uri(number, "https://evil.example/", RectangleObject((0, 0, 99, 99)))
    writer.write(source)
    content = exported(of_file(source), source.parent)
    assert b"evil.example" not in content
    assert [str(one["/Subtype"]) for _, one in pdf_annotations(content)] == ["/Highlight"]


# --- Any text ---------------------------------------------------------------------------------


def check(text: str, source: Path) -> None:
    what = of_file(source)
    (item,) = what.items
    excerpt = replace(item.excerpt, paragraph=text, printed_page=text, quote=text, heading=(text,))
    document = replace(excerpt.document, designation=text, title=text, marking=text)
    excerpt = replace(excerpt, document=document, repeats=(excerpt,))
    what = Selection(text, (Selected(excerpt, text),), text, what.made)
    content = exported(what, source.parent)
    ((_, annotation),) = pdf_annotations(content)
    assert "File: ops.pdf" in str(annotation["/Contents"])
    assert list(marked_text(content).values()) == [letters(PHRASE)]


@pytest.mark.parametrize("text", [HOSTILE[5], HOSTILE[9], HOSTILE[17], "(\\)" * 30, "x" * 3000])
def test_a_pdf_holds_any_text(text: str, source: Path) -> None:
    check(text, source)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1))
def test_a_title_page_holds_any_text(texts: list[str]) -> None:
    assert len(PdfReader(io.BytesIO(title_page(texts, texts[0]))).pages) == 1


def test_a_long_title_page_says_that_it_is_cut() -> None:
    page = title_page(["Title", *(f"Document {number}" for number in range(40))], "SECRET")
    text = PdfReader(io.BytesIO(page)).pages[0].extract_text()
    assert "Document 29" in text
    assert "Document 30" not in text
    assert "and 10 more" in text
    assert text.count("SECRET") == 2
