"""One PDF in, its document, pages and passages out."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.corpus.blocks import find_blocks
from assistant.corpus.clean import settle_line_hyphens, vocabulary
from assistant.corpus.files import SourceFile, identify
from assistant.corpus.furniture import find_furniture
from assistant.corpus.identity import identify_document
from assistant.corpus.isolate import PdfReader
from assistant.corpus.labels import printed_pages
from assistant.corpus.manifest import Entry
from assistant.corpus.passages import Measure, PassageMaker
from assistant.corpus.pdf import RawPage
from assistant.corpus.references import label_by_reference, label_footnotes
from assistant.errors import DocumentError
from assistant.types import Document, Page, Passage

READER_VERSION = 7  # raise it when the same PDF would give other pages or passages


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """Everything that was read of one file.

    ``unread`` maps physical pages that gave no text to the reason; pages in ``pages`` and
    in ``unread`` together are all pages of the file.
    """

    document: Document
    pages: tuple[Page, ...]
    passages: tuple[Passage, ...]
    unread: dict[int, str]
    furniture: tuple[tuple[int, int, int], ...]  # (page, start, end) of heads and feet


def read_document(
    reader: PdfReader,
    source: SourceFile,
    entry: Entry | None,
    measure: Measure,
    capacity: int,
) -> ReadDocument:
    """Read ``source``; raises DocumentError when nothing of it can be used."""
    raw = reader.read(source.path)
    if identify_again(source) != source.sha256:
        raise DocumentError(
            f"{source.name} changed while it was read; run the index again when it is complete."
        )
    pages = settled_pages(raw.pages)
    furniture = find_furniture(pages)
    printed = printed_pages(pages, furniture, raw.labels)
    furniture |= printed.lines
    document = identify_document(source, raw, furniture, entry)
    blocks = find_blocks(pages, furniture)
    texts = {page.number: page.text for page in pages}
    label_by_reference(blocks, texts)
    label_footnotes(blocks, texts)
    passages = PassageMaker(document.id, texts, measure, capacity).make(blocks)
    unread = dict(raw.failed)
    unread.update({page.number: "it holds no text" for page in pages if not page.text.strip()})
    kept = tuple(
        Page(document.id, page.number, printed.labels[page.number], page.text)
        for page in pages
        if page.number not in unread
    )
    lines = {page.number: page.lines for page in pages}
    heads = tuple(
        (number, lines[number][index].start, lines[number][index].end)
        for number, index in sorted(furniture)
    )
    return ReadDocument(document, kept, tuple(passages), unread, heads)


def identify_again(source: SourceFile) -> str:
    """Content hash of the file as it is now; raises DocumentError when it has vanished."""
    folder = source.path
    for _ in source.name.split("/"):
        folder = folder.parent
    return identify(folder, source.path).sha256


def settled_pages(pages: tuple[RawPage, ...]) -> list[RawPage]:
    """``pages`` of one document with every hyphen at a line's end settled."""
    words = vocabulary(page.text for page in pages)
    return [
        RawPage(
            page.number,
            page.width,
            page.height,
            settle_line_hyphens(page.text, words),
            page.lines,
        )
        for page in pages
    ]


__all__ = ["READER_VERSION", "ReadDocument", "read_document", "settled_pages"]
