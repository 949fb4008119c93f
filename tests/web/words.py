"""Where words stand on a page, computed from the PDF without the code under test."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

# What the marked lines may differ by from the words' own rectangles, as a share of the page.
SLACK = 0.004


@dataclass(frozen=True)
class Rectangle:
    """Fractions of the page, origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, other: Rectangle, slack: float = SLACK) -> bool:
        return (
            self.left <= other.left + slack
            and self.top <= other.top + slack
            and self.right >= other.right - slack
            and self.bottom >= other.bottom - slack
        )

    def has(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True)
class Word:
    text: str
    start: int
    end: int
    place: Rectangle
    letters: tuple[Rectangle, ...]


def words(pdf: Path, number: int) -> list[Word]:
    """The words of a page by the characters PDFium numbers, each with its rectangle."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[number - 1]
    text = page.get_textpage()
    raw = "".join(
        chr(pdfium.FPDFText_GetUnicode(text.raw, index)) for index in range(text.count_chars())
    )
    found = []
    for match in re.finditer(r"\S+", raw):
        corners = [
            corner
            for index in range(*match.span())
            if (corner := _corners(page, text, index)) is not None
        ]
        if corners:
            place = Rectangle(
                min(corner.left for corner in corners),
                min(corner.top for corner in corners),
                max(corner.right for corner in corners),
                max(corner.bottom for corner in corners),
            )
            found.append(Word(match.group(), *match.span(), place, tuple(corners)))
    return found


def _corners(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, index: int) -> Rectangle | None:
    """One character as fractions of the picture; PDFium itself turns points into pixels."""
    left, bottom, right, top = text.get_charbox(index)
    if right - left <= 0 or top - bottom <= 0:
        return None  # a space or a line end that PDFium made up
    size = 100_000
    corners = []
    for x, y in ((left, top), (right, bottom)):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, size, size, 0, x, y, across, down)
        corners.append((across.value / size, down.value / size))
    (x0, y0), (x1, y1) = corners
    return Rectangle(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def letters(text: str) -> str:
    """What is left of a text when cleaning can no longer make a difference."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
