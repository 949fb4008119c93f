"""Raw text and geometry of a PDF, as PDFium gives them.

Only the isolated worker calls the functions that open a file for reading; nothing here
decides what the text means.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from assistant.errors import DocumentError

BOLD_WEIGHT = 600  # CSS weight from which a face reads as bold (semi-bold)
COLUMN_LINES = 8  # lines broken at one place that make two columns of a page
COLUMN_CHARACTERS = 18  # that a line of a column has at least where it is full
LOOSE = 0.45  # width of a character in line heights from which a line may hold a gap
SAMPLES = 5  # characters of a line whose weight is looked at


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: character range, box in points (origin bottom left), weight.

    ``height`` is the loose box of a character, which follows the font size even where the
    size is hidden in a scaling matrix: the higher of the first and the middle one, because
    a line may begin with a footnote mark. ``bold`` is the share of sampled
    characters in a bold face, 0 to 1; ``bold_start`` and ``bold_end`` tell of the first
    and the last one.
    """

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float
    height: float
    bold: float
    bold_start: bool = False
    bold_end: bool = False


@dataclass(frozen=True, slots=True)
class RawPage:
    """Text of a physical page in PDFium's numbering, and its lines in text order."""

    number: int
    width: float
    height: float
    text: str
    lines: tuple[Line, ...]


def open_pdf(path: Path) -> pdfium.PdfDocument:
    """Open ``path``; raises DocumentError in one sentence when that is impossible."""
    name = path.name
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
    except OSError as error:
        raise DocumentError(f"{name} cannot be read ({error.strerror}).") from error
    if b"%PDF-" not in head:
        what = "is empty" if not head else "is not a PDF"
        raise DocumentError(f"{name} {what}; replace it with the PDF itself or remove it.")
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        # PDFium may repeat the error of an earlier file, so the file is asked too.
        if "password" in str(error).lower() and b"/Encrypt" in path.read_bytes():
            raise DocumentError(
                f"{name} is encrypted; save a copy without a password and index that."
            ) from error
        raise DocumentError(
            f"{name} is damaged and cannot be opened as a PDF; fetch it again."
        ) from error
    if len(document) == 0:
        document.close()
        raise DocumentError(f"{name} has no pages; remove it or fetch it again.")
    return document


def read_page(document: pdfium.PdfDocument, number: int) -> RawPage:
    """Text and lines of page ``number`` (1-based)."""
    page = document[number - 1]
    width, height = page.get_size()
    textpage = page.get_textpage()
    text = page_text(textpage)
    lines = tuple(_lines(textpage, text))
    textpage.close()
    page.close()
    return RawPage(number, width, height, text, lines)


def page_text(textpage: Any) -> str:
    """The page's characters, one per PDFium index, so that offsets are PDFium's own."""
    count = textpage.count_chars()
    text: str = textpage.get_text_range() if count else ""
    if len(text) == count:
        return text
    # The bulk call drops or doubles some characters (unmapped glyphs, surrogate pairs).
    codes = (pdfium_c.FPDFText_GetUnicode(textpage.raw, index) for index in range(count))
    return "".join(chr(code) if 0 < code <= 0x10FFFF else "\ufffd" for code in codes)


def _lines(textpage: Any, text: str) -> list[Line]:
    lines: list[Line] = []
    start = 0
    for piece in text.splitlines(keepends=True):
        first = start + len(piece) - len(piece.lstrip())
        last = start + len(piece.rstrip())
        start += len(piece)
        if last > first:
            line = _line(textpage, first, last)
            cut = _gap(textpage, text, line) if line.bold_start else None
            if cut is not None and _is_bold(textpage, cut - 1):
                # a bold title in the margin and the text beside it
                lines += [_line(textpage, first, cut), _line(textpage, cut + 1, last)]
            else:
                lines.append(line)
    return _columns_apart(textpage, text, lines)


def _columns_apart(textpage: Any, text: str, lines: list[Line]) -> list[Line]:
    """``lines``, split where lines of two columns that stand level were taken for one."""
    stretch = [(line.right - line.left) / (line.end - line.start) / line.height for line in lines]
    usual = median(stretch) if stretch else 0.0
    cuts: dict[Line, int] = {}
    for line, wide in zip(lines, stretch, strict=True):
        if wide > min(1.08 * usual, LOOSE) and line.end - line.start > 2 * COLUMN_CHARACTERS:
            cut = _gap(textpage, text, line)
            if cut and min(cut - line.start, line.end - cut) >= COLUMN_CHARACTERS:
                cuts[line] = cut
    starts = Counter(round(textpage.get_charbox(cut + 1)[0] / 4) for cut in cuts.values())
    common = max(starts.values(), default=0)
    if common < COLUMN_LINES or common < 0.3 * len(lines):
        return lines
    apart: list[Line] = []
    for line in lines:
        if cut := cuts.get(line):
            apart += [_line(textpage, line.start, cut), _line(textpage, cut + 1, line.end)]
        else:
            apart.append(line)
    return apart


def _gap(textpage: Any, text: str, line: Line) -> int | None:
    """The first blank of a line that is wider than the line is high."""
    for index in range(line.start + 1, line.end - 1):
        if text[index] != " " or text[index + 1].isspace():
            continue
        right = textpage.get_charbox(index - 1, loose=True)[2]
        if textpage.get_charbox(index + 1, loose=True)[0] - right > line.height:
            return index
    return None


def _line(textpage: Any, start: int, end: int) -> Line:
    left, first_bottom, _, top = textpage.get_charbox(start, loose=True)
    _, bottom, right, last_top = textpage.get_charbox(end - 1, loose=True)
    _, middle_bottom, _, middle_top = textpage.get_charbox((start + end) // 2, loose=True)
    step = max(1, (end - start) // SAMPLES)
    bold = {index: _is_bold(textpage, index) for index in {*range(start, end, step), end - 1}}
    return Line(
        start,
        end,
        round(left, 1),
        round(min(bottom, first_bottom), 1),
        round(max(left, right), 1),
        round(max(top, last_top), 1),
        round(max(top - first_bottom, middle_top - middle_bottom), 1),
        round(sum(bold.values()) / len(bold), 2),
        bold[start],
        bold[end - 1],
    )


def _is_bold(textpage: Any, index: int) -> bool:
    if pdfium_c.FPDFText_GetFontWeight(textpage.raw, index) >= BOLD_WEIGHT:
        return True
    flags = ctypes.c_int()
    length = pdfium_c.FPDFText_GetFontInfo(textpage.raw, index, _font, len(_font), flags)
    # What a name that does not fit, or that is not there, leaves behind is an older name.
    return 0 < length <= len(_font) and b"bold" in _font.value.lower()


_font = ctypes.create_string_buffer(128)  # one for all: making it takes longer than filling it
