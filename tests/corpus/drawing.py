"""Small PDFs, drawn line by line with reportlab, and what reading makes of them."""

from __future__ import annotations

import io
from pathlib import Path

from reportlab.lib.pagesizes import letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from assistant.corpus.pdf import open_pdf, read_page
from tests.corpus.checks import Read

FONT, BOLD = "Times-Roman", "Times-Bold"
LEFT, RIGHT, TOP = 72.0, 540.0, 700.0
PITCH = 13.0
FILLER = (
    "The staff of headquarters {n} prepares estimates that describe the situation, lists what "
    "is known of partner {n} and keeps both current while operation {n} goes on. "
)
NAMES = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november "
    "oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
).split()


class Pages:
    """A document under construction; the pen goes down the page line by line."""

    def __init__(self, head: str = "", foot: str = "{n}") -> None:
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=letter, invariant=1)
        self._head, self._foot = head, foot
        self._number = 1
        self._filled = 0
        self.y = TOP

    def line(
        self,
        text: str,
        font: str = FONT,
        size: float = 11,
        indent: float = 0,
        gap: float = 0,
        x: float | None = None,
        centered: bool = False,
    ) -> Pages:
        """One printed line, ``gap`` points further down than usual."""
        self.y -= gap
        self._canvas.setFont(font, size)
        if centered:
            self._canvas.drawCentredString(306, self.y, text)
        else:
            self._canvas.drawString(LEFT + indent if x is None else x, self.y, text)
        self.y -= max(PITCH, 1.2 * size)
        return self

    def text(self, text: str, gap: float = 7, hang: float = 0, **keywords: float) -> Pages:
        """A paragraph, broken into lines at the right margin."""
        words, line, first = text.split(), "", True
        indent = keywords.pop("indent", 0)
        width = keywords.pop("width", RIGHT - LEFT)
        for word in [*words, None]:
            wider = f"{line} {word}".strip()
            if word is None or stringWidth(wider, FONT, 11) > width - indent:
                self.line(line, gap=gap if first else 0, indent=indent + (0 if first else hang))
                first, wider = False, word or ""
            line = wider
        return self

    def filler(self, times: int = 1) -> Pages:
        """Running text that only sets what is usual in the document."""
        for _ in range(times):
            self.text(FILLER.format(n=NAMES[self._filled % len(NAMES)]) * 3)
            self._filled += 1
        return self

    def heading(self, text: str, size: float = 14) -> Pages:
        return self.line(text, font=BOLD, size=size, gap=12)

    def page(self) -> Pages:
        """End the page with its head and foot."""
        self._canvas.setFont(FONT, 9)
        shown = {"n": self._number}
        self._canvas.drawString(LEFT, 750, self._head.format(**shown))
        self._canvas.drawRightString(RIGHT, 40, self._foot.format(**shown))
        self._canvas.showPage()
        self._number += 1
        self.y = TOP
        return self

    def write(self, path: Path) -> Path:
        self._canvas.save()
        path.write_bytes(self._buffer.getvalue())
        return path

    def read(self, folder: Path) -> Read:
        return read_pdf(self.write(folder / "drawn.pdf"))


def read_pdf(path: Path, capacity: int = 80) -> Read:
    """The pages of ``path`` as reading makes them, without the worker."""
    document = open_pdf(path)
    try:
        numbers = range(1, len(document) + 1)
        return Read([read_page(document, number) for number in numbers], capacity=capacity)
    finally:
        document.close()
