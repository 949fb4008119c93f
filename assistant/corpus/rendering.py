"""A page as a picture, and where its characters stand on it. Runs in the worker."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pypdfium2 as pdfium

from assistant.corpus.pdf import open_pdf

WORD_GAP = 0.03  # of the page width: wider is a gap between columns, not words


def render_page(path: Path, number: int, width: int) -> str:
    """PNG of page ``number`` (1-based), ``width`` pixels wide, base64 encoded."""
    document = open_pdf(path)
    try:
        page = document[number - 1]
        scale = width / max(page.get_width(), 1.0)
        image = page.render(scale=scale).to_pil()
        buffer = io.BytesIO()
        image.convert("RGB").quantize(64).save(buffer, "PNG")
        return base64.b64encode(buffer.getvalue()).decode("ascii")
    finally:
        document.close()


def page_boxes(path: Path, number: int, start: int, end: int) -> list[list[float]]:
    """Boxes of the characters ``start`` to ``end`` as fractions [left, top, right, bottom].

    One a printed line, as far as the line has no wide gap.
    """
    document = open_pdf(path)
    try:
        page = document[number - 1]
        textpage = page.get_textpage()
        count = textpage.count_rects(start, max(0, end - start))
        boxes = []
        for index in range(count):
            box = _fractions(page, textpage.get_rect(index))
            if box is not None:
                boxes.append(box)
        return _merged(boxes)
    finally:
        document.close()


def _fractions(page: pdfium.PdfPage, rect: tuple[float, float, float, float]) -> list[float] | None:
    """A rectangle of page space as fractions of the rendered (cropped, turned) page."""
    crop_left, crop_bottom, crop_right, crop_top = page.get_cropbox()
    wide, high = crop_right - crop_left, crop_top - crop_bottom
    left, bottom, right, top = rect
    x = ((left - crop_left) / wide, (right - crop_left) / wide)
    y = ((crop_top - top) / high, (crop_top - bottom) / high)
    (x0, x1), (y0, y1) = {
        0: (x, y),
        90: (_mirrored(y), x),
        180: (_mirrored(x), _mirrored(y)),
        270: (y, _mirrored(x)),
    }[page.get_rotation()]
    if x1 <= x0 or y1 <= y0:
        return None
    return [round(min(1.0, max(0.0, value)), 5) for value in (x0, y0, x1, y1)]


def _mirrored(pair: tuple[float, float]) -> tuple[float, float]:
    return 1 - pair[1], 1 - pair[0]


def _merged(boxes: list[list[float]]) -> list[list[float]]:
    """``boxes`` with neighbours on one line joined: PDFium breaks lines at every kerning."""
    joined: list[list[float]] = []
    for box in boxes:
        last = joined[-1] if joined else None
        if last is not None and _same_line(last, box) and -0.005 <= box[0] - last[2] <= WORD_GAP:
            last[1], last[2], last[3] = min(last[1], box[1]), box[2], max(last[3], box[3])
        else:
            joined.append(box)
    return joined


def _same_line(a: list[float], b: list[float]) -> bool:
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    return overlap > 0.5 * min(a[3] - a[1], b[3] - b[1])
