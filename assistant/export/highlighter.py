"""The process that copies pages of PDFs and marks text on them, so that a hostile one ends here.

It reads a job as JSON from standard input and writes the PDF to standard output. Where a
document cannot be used it ends with the status ``REFUSED`` and a sentence on standard error.
The parent (``selection_pdf``) enforces time; memory is bounded here by the operating system.

A job is ``{"title": base64 of a one-page PDF, "metadata": {...}, "bookmark": str, "documents":
[{"path", "bookmark", "pages": [{"number", "marks": [{"ranges": [[start, end]], "label",
"contents", "bookmark"}]}]}]}``; pages count from 1, ranges are half open in PDFium's numbering.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
from pathlib import Path
from typing import Any, Final

import pypdfium2 as pdfium
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.annotations import Highlight, MarkupAnnotation, Text
from pypdf.constants import UserAccessPermissions
from pypdf.generic import ArrayObject, FloatObject, NameObject, RectangleObject, TextStringObject

from assistant.corpus.memory import limit_memory
from assistant.corpus.pdf import open_pdf
from assistant.errors import DocumentError

REFUSED: Final = 4  # the exit status where a document cannot be used
YELLOW: Final = "ffe04d"
_ICON: Final = 20.0  # points; of a note on a page where no box is known

# What of a page leads to other pages, runs, or tells of what is not copied with it.
_LEFT_OUT: Final = "/Annots /AA /B /Metadata /PieceInfo /Thumb /PresSteps /Trans /Dur".split()

Box = tuple[float, float, float, float]  # left, bottom, right, top in the page's own space

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def main() -> None:
    """Do the job on standard input; the first argument is the memory limit in MB."""
    limit_memory(int(sys.argv[1]))
    job = json.load(sys.stdin)
    try:
        made = _marked(job)
    except DocumentError as error:
        sys.stderr.write(json.dumps(str(error)))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(made)


def _marked(job: dict[str, Any]) -> bytes:
    writer = PdfWriter()
    title = PdfReader(io.BytesIO(base64.b64decode(job["title"])))
    writer.add_page(title.pages[0])
    writer.add_outline_item(title=job["bookmark"], page_number=0)
    for document in job["documents"]:
        path = Path(document["path"])
        try:
            _copy(writer, path, document)
        except DocumentError:
            raise
        except Exception as error:  # pypdf meets damage with whatever the damage causes
            raise DocumentError(
                f"Pages of {path.name} cannot be copied, because the file is damaged; "
                "choose another format."
            ) from error
    writer.add_metadata(job["metadata"])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _copy(writer: PdfWriter, path: Path, document: dict[str, Any]) -> None:
    """The pages of one document that are marked, each with its marks."""
    shown = open_pdf(path)
    try:
        reader = _reader(path)
        top = None
        for wanted in document["pages"]:
            number = wanted["number"]
            if number > len(shown):
                raise DocumentError(f"{path.name} has no page {number}.")
            page = reader.pages[number - 1]
            for key in _LEFT_OUT:
                page.pop(NameObject(key), None)
            copied = writer.add_page(page)
            place = len(writer.pages) - 1
            top = top or writer.add_outline_item(title=document["bookmark"], page_number=place)
            for mark in wanted["marks"]:
                boxes = _boxes(shown[number - 1], mark["ranges"])
                writer.add_annotation(copied, _annotation(copied, boxes, mark))
                writer.add_outline_item(title=mark["bookmark"], page_number=place, parent=top)
    finally:
        shown.close()


def _reader(path: Path) -> PdfReader:
    """What pypdf sees of a file that PDFium opened without a password."""
    reader = PdfReader(path)
    if reader.is_encrypted:
        reader.decrypt("")
        allowed = reader.user_access_permissions
        if allowed is None or not allowed & UserAccessPermissions.EXTRACT:
            raise DocumentError(
                f"{path.name} is encrypted and does not permit that its pages are copied; "
                "choose another format."
            )
    return reader


def _boxes(page: pdfium.PdfPage, ranges: list[list[int]]) -> list[Box]:
    """Boxes of the characters in the page's own space, which neither crop nor rotation changes."""
    text = page.get_textpage()
    found: list[Box] = []
    for start, end in ranges:
        for index in range(text.count_rects(start, max(0, end - start))):
            left, bottom, right, top = text.get_rect(index)
            if right > left and top > bottom:
                found.append((left, bottom, right, top))
    return found


def _annotation(page: PageObject, boxes: list[Box], mark: dict[str, Any]) -> MarkupAnnotation:
    annotation: MarkupAnnotation
    if boxes:
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        annotation = Highlight(
            rect=(min(lefts), min(bottoms), max(rights), max(tops)),
            quad_points=ArrayObject(FloatObject(x) for box in boxes for x in _corners(box)),
            highlight_color=YELLOW,
            printing=True,
            title_bar=mark["label"],
        )
        annotation[NameObject("/Contents")] = TextStringObject(mark["contents"])
    else:
        area = page.cropbox
        left, top = float(area.left), float(area.top)
        corner = RectangleObject((left, top - _ICON, left + _ICON, top))
        annotation = Text(rect=corner, text=mark["contents"], title_bar=mark["label"])
    return annotation


def _corners(box: Box) -> tuple[float, ...]:
    """Upper left, upper right, lower left, lower right: the order that readers expect."""
    left, bottom, right, top = box
    return left, top, right, top, left, bottom, right, bottom


if __name__ == "__main__":
    main()
