"""Marks on the picture of a page, where cited words stand."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw

from assistant.corpus.pictures import Box

_COLOUR: Final = (255, 214, 0, 96)  # a marker pen: the words stay legible below it
_EDGE: Final = (201, 138, 0, 255)


def marked(png: bytes, boxes: Sequence[Box]) -> bytes:
    """``png`` with ``boxes`` marked; the same bytes where there are none."""
    if not boxes:
        return png
    page = Image.open(io.BytesIO(png)).convert("RGBA")
    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    wide, high = page.size
    for box in boxes:
        corners = (box.left * wide, box.top * high, box.right * wide, box.bottom * high)
        pen.rectangle(corners, fill=_COLOUR, outline=_EDGE)
    out = io.BytesIO()
    Image.alpha_composite(page, layer).convert("RGB").quantize(128).save(out, "PNG")
    return out.getvalue()
