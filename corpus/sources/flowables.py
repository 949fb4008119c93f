"""What the pages hold beside paragraphs and tables: headings, figures, contents, blank pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph

TEXT_WIDTH = 468  # points: US letter less one-inch margins


@dataclass(frozen=True)
class TocEntry:
    level: int
    title: str
    key: str
    label: str


class Heading(Paragraph):
    """A heading, which the page layout enters in the contents and the outline."""

    def __init__(self, markup: str, style: ParagraphStyle, level: int, title: str, key: str):
        super().__init__(markup, style)
        self.level, self.title, self.key = level, title, key


class Numbering(Flowable):
    """From this page on, print page numbers of this style ("roman", "arabic", "2-")."""

    def __init__(self, style: str):
        super().__init__()
        self.style = style

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 0, 0.01  # not nothing: it must not fit at the foot of a full page

    def draw(self) -> None:
        """Nothing to draw: the page layout acts on it."""


class BlankPage(Flowable):
    """A page that says it is blank; `recto` leaves it out where the page is a right-hand one."""

    def __init__(self, recto: bool):
        super().__init__()
        self.recto = recto
        self.filled = False

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.filled = not self.recto or self.canv.getPageNumber() % 2 == 0
        self.height = height
        return (width, height) if self.filled else (0, 0)

    def draw(self) -> None:
        if self.filled:
            self.canv.setFont("Times-Roman", 11)
            middle, height = TEXT_WIDTH / 2, self.height / 2
            self.canv.drawCentredString(middle, height, "This page intentionally left blank.")


class ContentsLine(Flowable):
    """One line of the contents: title, dot leaders, printed page."""

    def __init__(self, entry: TocEntry):
        super().__init__()
        self.entry = entry

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, 17 if self.entry.level == 0 else 12.8

    def draw(self) -> None:
        entry, canvas = self.entry, self.canv
        font = "Times-Bold" if entry.level == 0 else "Times-Roman"
        canvas.setFont(font, 10.5)
        left = 18.0 * entry.level
        start = left + canvas.stringWidth(entry.title, font, 10.5) + 6
        end = self.width - canvas.stringWidth(entry.label, font, 10.5) - 6
        dot = canvas.stringWidth(" .", "Times-Roman", 10.5)
        canvas.drawString(left, 3, entry.title)
        canvas.setFont("Times-Roman", 10.5)
        count = max(0, int((end - start) / dot))
        canvas.drawRightString(end, 3, " ." * count)
        canvas.setFont(font, 10.5)
        canvas.drawRightString(self.width, 3, entry.label)
        canvas.linkRect("", entry.key, (left, 0, self.width, 14), relative=1, Border="[0 0 0]")


class Figure(Flowable):
    """Boxes with text and arrows between them, placed by hand in the source."""

    keepWithNext = 1  # noqa: N815 (reportlab's name)

    def __init__(self, spec: dict[str, Any], style: ParagraphStyle):
        super().__init__()
        self.spec, self.style = spec, style

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return width, self.spec["height"] + 8

    def draw(self) -> None:
        canvas = self.canv
        for x, y, width, height, text, *shade in self.spec["boxes"]:
            canvas.setFillColor(HexColor(shade[0]) if shade else white)
            canvas.setStrokeColor(black)
            canvas.roundRect(x, y, width, height, 4, fill=1)
            label = Paragraph(text, self.style)
            _, used = label.wrapOn(canvas, width - 8, height)
            label.drawOn(canvas, x + 4, y + (height - used) / 2)
        canvas.setFillColor(black)
        for x1, y1, x2, y2 in self.spec.get("arrows", []):
            canvas.line(x1, y1, x2, y2)
            length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            dx, dy = (x2 - x1) / length * 5, (y2 - y1) / length * 5
            head = canvas.beginPath()
            head.moveTo(x2, y2)
            head.lineTo(x2 - dx - dy / 2, y2 - dy + dx / 2)
            head.lineTo(x2 - dx + dy / 2, y2 - dy - dx / 2)
            head.close()
            canvas.drawPath(head, fill=1)
