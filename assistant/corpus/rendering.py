"""A page as a picture, and where its characters stand on it. Runs in the worker."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from assistant.corpus.pdf import open_pdf


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
    """Boxes of the characters ``start`` to ``end`` as fractions [left, top, right, bottom]."""
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
        return boxes
    finally:
        document.close()


def _fractions(page, rect):  # type: ignore[no-untyped-def]
    """A rectangle of page space as fractions of the rendered (cropped, rotated) page."""
    width, height = page.get_size()
    left, bottom, right, top = rect
    crop_left, crop_bottom, crop_right, crop_top = page.get_cropbox()
    x0, x1 = left - crop_left, right - crop_left
    y0, y1 = crop_top - top, crop_top - bottom
    rotation = page.get_rotation()
    if rotation == 90:
        x0, x1, y0, y1 = (crop_top - crop_bottom) - y1, (crop_top - crop_bottom) - y0, x0, x1
    elif rotation == 180:
        full_width, full_height = crop_right - crop_left, crop_top - crop_bottom
        x0, x1, y0, y1 = full_width - x1, full_width - x0, full_height - y1, full_height - y0
    elif rotation == 270:
        x0, x1, y0, y1 = y0, y1, (crop_right - crop_left) - x1, (crop_right - crop_left) - x0
    values = [x0 / width, y0 / height, x1 / width, y1 / height]
    if values[2] <= values[0] or values[3] <= values[1]:
        return None
    return [round(min(1.0, max(0.0, value)), 5) for value in values]
