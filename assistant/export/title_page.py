"""The first page of a PDF that is put together from pages of others."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any, Final

from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

_SIZE: Final = (8.27, 11.69)  # inches, A4
_FONT: Final = "DejaVu Sans"  # comes with matplotlib; Latin, Greek, Cyrillic and more
_WIDTH: Final = 80  # characters of a line of text
_MARKING, _TITLE, _TEXT = 12, 18, 10  # points
_STEP: Final = 0.022  # from line to line, as a fraction of the page
_MOST: Final = 30  # lines below the title


def title_page(lines: Sequence[str], marking: str | None) -> bytes:
    """A PDF of one page: ``lines``, the first as the title, with the marking above and below."""
    figure = Figure(figsize=_SIZE)
    FigureCanvasPdf(figure)
    for height in (0.95, 0.04):
        _write(figure, 0.5, height, marking or "", _MARKING, 70, ha="center", weight="bold")
    title, *rest = lines
    height = _write(figure, 0.1, 0.85, title, _TITLE, 44, weight="bold") - _STEP
    for line in rest[:_MOST]:
        height = _write(figure, 0.1, height, line, _TEXT, _WIDTH)
    if len(rest) > _MOST:
        _write(figure, 0.1, height, f"and {len(rest) - _MOST} more", _TEXT, _WIDTH)
    out = io.BytesIO()
    figure.savefig(out, format="pdf", metadata={"CreationDate": None})
    return out.getvalue()


def _write(
    figure: Figure, left: float, height: float, text: str, size: int, width: int, **how: Any
) -> float:
    """Write ``text`` from ``height`` down; the height of the line behind it."""
    known = get_font(findfont(_FONT)).get_charmap()
    shown = "".join(c if ord(c) in known else "\u25a1" for c in text)
    for line in textwrap.wrap(shown, width)[:4]:
        figure.text(left, height, line, fontsize=size, fontfamily=_FONT, parse_math=False, **how)
        height -= _STEP * size / _TEXT
    return height
