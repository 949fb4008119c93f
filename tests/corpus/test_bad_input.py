"""What cannot be read is said in one sentence, and everything else goes on."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from assistant.corpus.files import identify, list_pdfs
from assistant.corpus.isolate import Limits, PdfReader
from assistant.corpus.reader import ReadDocument, read_document
from assistant.errors import DocumentError
from tests.corpus.checks import words


@pytest.fixture(scope="module")
def reader() -> Iterator[PdfReader]:
    with PdfReader() as reader:
        yield reader


def make(path: Path, *texts: str, size: tuple[float, float] = letter, mode: int = 0) -> Path:
    """A PDF with one line of text a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), pagesize=size)
    for text in texts:
        line = canvas.beginText(72, 700)
        line.setTextRenderMode(mode)
        line.textLine(text)
        canvas.drawText(line)
        canvas.showPage()
    canvas.save()
    return path


def raw_pdf(path: Path, kids: str, count: int, *contents: bytes) -> Path:
    """A PDF written by hand: a page tree of ``kids``, and a page for each of ``contents``."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, content in enumerate(contents):
        packed = zlib.compress(content, 9)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * index)
        )
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
    data, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        xref,
    )
    path.write_bytes(data)
    return path


def read(reader: PdfReader, path: Path, folder: Path | None = None) -> ReadDocument:
    return read_document(reader, identify(folder or path.parent, path), None, words, 80)


def refusal(reader: PdfReader, path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read(reader, path)
    said = str(caught.value)
    assert path.name in said and said.endswith(".") and "\n" not in said
    return said


def still_reads(reader: PdfReader, folder: Path) -> None:
    good = make(folder / "good.pdf", "The plan holds.")
    assert [page.text.strip() for page in read(reader, good).pages] == ["The plan holds."]


# --- Files that are no PDF ---------------------------------------------------------------


def garbled(data: bytes) -> bytes:
    return data[: len(data) // 3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"just some text", "is not a PDF"),
        (b"<!DOCTYPE html><html><body>Access denied</body></html>", "is not a PDF"),
        (b"%PDF-1.7\n" + os.urandom(64), "is damaged"),
    ],
    ids=["empty", "text", "html", "noise"],
)
def test_no_pdf(reader: PdfReader, tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    assert reason in refusal(reader, path)
    still_reads(reader, tmp_path)


def test_truncated(reader: PdfReader, tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.pdf", *(f"Page {n}." for n in range(30))).read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole[: len(whole) // 3])
    try:
        document = read(reader, path)
    except DocumentError as error:
        assert "is damaged" in str(error) or "has no pages" in str(error)
    else:  # the parser repaired what is left
        assert document.document.page_count == len(document.pages) + len(document.unread)
    still_reads(reader, tmp_path)


def encrypted(path: Path, user: str) -> Path:
    make(path, "A secret plan.")
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt(user, "owner", algorithm="AES-128")
    writer.write(path)
    return path


def test_encrypted_with_a_password(reader: PdfReader, tmp_path: Path) -> None:
    assert "is encrypted" in refusal(reader, encrypted(tmp_path / "locked.pdf", "secret"))
    still_reads(reader, tmp_path)


def test_encrypted_without_a_password_to_open(reader: PdfReader, tmp_path: Path) -> None:
    path = encrypted(tmp_path / "open.pdf", "")
    assert "A secret plan." in read(reader, path).pages[0].text


def test_no_pages(reader: PdfReader, tmp_path: Path) -> None:
    said = refusal(reader, raw_pdf(tmp_path / "none.pdf", "", 0))
    assert "no pages" in said or "damaged" in said


def test_too_many_pages(reader: PdfReader, tmp_path: Path) -> None:
    path = raw_pdf(tmp_path / "long.pdf", "4 0 R " * 10_000, 10_000, b"BT /F 12 Tf (a) Tj ET")
    said = refusal(reader, path)
    assert "10000 pages" in said and "max_pages" in said


def test_no_text(reader: PdfReader, tmp_path: Path) -> None:
    document = read(reader, make(tmp_path / "scan.pdf", "", "Some text.", ""))
    assert document.unread == {1: "it holds no text", 3: "it holds no text"}
    assert [page.number for page in document.pages] == [2]


# --- Pages that are hostile --------------------------------------------------------------

GOOD = b"BT /F 12 Tf 72 700 Td (The page before.) Tj ET"
HEAVY = b"BT /F 1 Tf 72 700 Td " + b"(aaaaaaaaaaaaaaaaaaaa) Tj " * 200_000 + b"ET"


def heavy(folder: Path) -> Path:
    """Three pages, of which the second one holds four million characters."""
    return raw_pdf(folder / "heavy.pdf", "4 0 R 6 0 R 8 0 R", 3, GOOD, HEAVY, GOOD)


def test_a_page_that_takes_too_long(tmp_path: Path) -> None:
    with PdfReader(Limits(page_seconds=1.0)) as reader:
        document = read(reader, heavy(tmp_path))
        assert "longer than 1 s" in document.unread[2]
        assert [page.number for page in document.pages] == [1, 3]
        still_reads(reader, tmp_path)


def test_a_page_that_needs_too_much_memory(tmp_path: Path) -> None:
    with PdfReader(Limits(memory_mb=400)) as reader:
        document = read(reader, heavy(tmp_path))
        assert "more than 400 MB" in document.unread[2]
        assert [page.number for page in document.pages] == [1, 3]
        still_reads(reader, tmp_path)


def test_a_worker_that_is_killed(tmp_path: Path) -> None:
    with PdfReader() as reader:
        still_reads(reader, tmp_path)
        assert reader._process is not None
        reader._process.kill()
        reader._process.wait()
        still_reads(reader, tmp_path)
        reader._process.kill()  # and without waiting for its end
        still_reads(reader, tmp_path)


def test_text_that_is_not_painted_is_read(reader: PdfReader, tmp_path: Path) -> None:
    # Scans carry their recognized text this way.
    document = read(reader, make(tmp_path / "ocr.pdf", "Recognized text.", mode=3))
    assert "Recognized text." in document.pages[0].text


@pytest.mark.parametrize("size", [(14_400.0, 14_400.0), (200.0, 14_400.0), (3.0, 3.0)])
def test_pages_of_odd_size(reader: PdfReader, tmp_path: Path, size: tuple[float, float]) -> None:
    document = read(reader, make(tmp_path / "size.pdf", "Text.", size=size))
    assert document.document.page_count == len(document.pages) + len(document.unread) == 1


# --- Files that change, and their names --------------------------------------------------


def test_a_file_that_vanished(reader: PdfReader, tmp_path: Path) -> None:
    path = make(tmp_path / "gone.pdf", "Text.")
    source = identify(tmp_path, path)
    path.unlink()
    with pytest.raises(DocumentError, match=r"gone\.pdf cannot be read"):
        read_document(reader, source, None, words, 80)
    with pytest.raises(DocumentError, match=r"gone\.pdf cannot be read"):
        identify(tmp_path, path)


def test_a_file_that_changes_while_it_is_read(reader: PdfReader, tmp_path: Path) -> None:
    path = make(tmp_path / "sub" / "growing.pdf", "Text.")
    source = identify(tmp_path, path)
    make(path, "Text.", "More.")
    with pytest.raises(DocumentError, match=r"sub/growing\.pdf changed while it was read"):
        read_document(reader, source, None, words, 80)


NAMES = [
    "two words.pdf",
    'it\'s "quoted".pdf',
    "<b>bold</b>.pdf".replace("/", ""),
    "..leading dots.pdf",
    "a..b.pdf",
    "%2e%2e%2f.pdf",
    "Ümläut und 漢字.PDF",
    "new\nline.pdf",
    "-rf.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names(reader: PdfReader, tmp_path: Path, name: str) -> None:
    make(tmp_path / "a folder" / name, "The plan holds.")
    (path,) = list_pdfs(tmp_path)
    source = identify(tmp_path, path)
    assert source.name == f"a folder/{name}"
    assert read(reader, path, tmp_path).document.file == source.name


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.pdf"))
    make(tmp_path / "x.pdf", "Text.").rename(path)
    with pytest.raises(DocumentError, match="not valid Unicode"):
        identify(tmp_path, list_pdfs(tmp_path)[0])


def test_links_are_followed_once(tmp_path: Path) -> None:
    make(tmp_path / "real" / "a.pdf", "Text.")
    (tmp_path / "real" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "again").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "self.pdf").symlink_to(tmp_path / "self.pdf")
    found = list_pdfs(tmp_path)
    assert sorted(path.name for path in found) == ["a.pdf", "self.pdf"]
    with pytest.raises(DocumentError, match=r"self\.pdf cannot be read"):
        identify(tmp_path, tmp_path / "self.pdf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(DocumentError, match=r"pipe\.pdf is not a file"):
        identify(tmp_path, list_pdfs(tmp_path)[0])
