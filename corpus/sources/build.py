"""Build the starter corpus: every sources/*.md becomes a PDF beside the manifest.

    python corpus/sources/build.py           write the PDFs
    python corpus/sources/build.py --check   fail if a PDF differs from what would be written

The same sources always give the same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from flowables import TEXT_WIDTH, BlankPage, Heading, Numbering, TocEntry
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import letter
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph
from story import RULE, Source, StoryWriter, markdown_line, read_source, stylesheet

SOURCES = Path(__file__).parent
WIDTH, HEIGHT = letter
MARGIN = (WIDTH - TEXT_WIDTH) / 2
BOTTOM, TOP = 72.0, HEIGHT - 68
ROMAN = "i ii iii iv v vi vii viii ix x xi xii".split()
MAX_PASSES = 8


@dataclass
class Layout:
    """What one pass over a document learned about its pages, for the next pass to print."""

    labels: dict[int, str] = field(default_factory=dict)  # physical page -> printed page
    chapters: dict[int, Heading] = field(default_factory=dict)  # page a chapter opens on
    blank: set[int] = field(default_factory=set)
    notes: dict[int, list[str]] = field(default_factory=dict)  # footnotes marked on a page
    contents: list[TocEntry] = field(default_factory=list)
    room: dict[int, list[str]] = field(default_factory=dict)  # footnotes to leave room for

    def facts(self) -> tuple[object, ...]:
        titles = {page: heading.title for page, heading in self.chapters.items()}
        return self.labels, titles, self.blank, self.notes, self.contents

    def chapter(self, page: int) -> str:
        """The title of the chapter that `page` belongs to."""
        opened = [p for p in self.chapters if p <= page]
        return self.chapters[max(opened)].title if opened else "Contents"


class Book(BaseDocTemplate):
    """One pass over a document: it prints what the pass before learned, and learns again."""

    def __init__(self, source: Source, known: Layout):
        self.buffer = BytesIO()
        super().__init__(
            self.buffer,
            pagesize=letter,
            invariant=1,  # no dates, no random identifiers
            title=f"{source.designation}: {source.title}",
            author=source.publisher,
            creator=source.publisher,
            subject=source.subtitle,
            lang="en-US",
        )
        self.source, self.known, self.learned = source, known, Layout()
        self.styles = stylesheet(source)
        self.numbering, self.count = "", 0
        self.body = Frame(MARGIN, BOTTOM, TEXT_WIDTH, TOP - BOTTOM, 0, 0, 0, 0, id="body")
        self.addPageTemplates(PageTemplate("page", [self.body], self.begin_page, self.end_page))

    # Learning.

    def beforeDocument(self) -> None:  # noqa: N802 (reportlab's name)
        self.canv.setNamedCB("footnote", self.footnote_marked)
        self.canv.setViewerPreference("DisplayDocTitle", "true")
        self.canv.showOutline()

    def footnote_marked(self, canvas: Any, kind: str | None, number: str) -> None:
        self.learned.notes.setdefault(self.page, []).append(number)

    def handle_pageBegin(self) -> None:  # noqa: N802 (reportlab's name)
        super().handle_pageBegin()
        self.number_page()

    def number_page(self) -> None:
        self.count += 1
        if not self.numbering:
            label = ""
        elif self.numbering == "roman":
            label = ROMAN[self.count - 1]
        else:
            label = f"{self.numbering.removesuffix('arabic')}{self.count}"
        self.learned.labels[self.page] = label

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (reportlab's name)
        match flowable:
            case Numbering():
                self.numbering, self.count = flowable.style, 0
                self.number_page()
            case BlankPage(filled=True):
                self.learned.blank.add(self.page)
            case Heading():
                level, title, key = flowable.level, flowable.title, flowable.key
                self.canv.bookmarkPage(key)
                self.canv.addOutlineEntry(title, key, level, closed=level > 0)
                if level == 0:
                    self.learned.chapters[self.page] = flowable
                if level < 2:
                    label = self.learned.labels[self.page]
                    self.learned.contents.append(TocEntry(level, title, key, label))

    # Printing.

    def begin_page(self, canvas: Any, doc: BaseDocTemplate) -> None:
        """Draw the cover or the head of this page, and leave room for its footnotes."""
        height = sum(
            note.height + note.style.spaceAfter for note in self.footnotes(self.known.room)
        )
        raised = height + 10 if height else 0
        self.body.y1, self.body.height = BOTTOM + raised, TOP - BOTTOM - raised
        if self.page == 1:
            self.draw_cover()
        elif self.page not in self.known.blank:
            self.draw_head()

    def end_page(self, canvas: Any, doc: BaseDocTemplate) -> None:
        """Draw the footnotes and the foot, after the text as a reader meets them."""
        if self.page > 1 and self.page not in self.learned.blank:
            self.draw_footnotes()
            self.draw_foot()

    def footnotes(self, notes: dict[int, list[str]]) -> list[Paragraph]:
        """The footnotes that `notes` puts on this page, measured."""
        paragraphs = []
        for number in notes.get(self.page, []):
            text = markdown_line(self.source.footnotes[number])
            mark = f'<super rise="2.5" size="6">{number}</super>'
            paragraphs.append(Paragraph(f"{mark} {text}", self.styles["footnote"]))
            paragraphs[-1].wrapOn(self.canv, TEXT_WIDTH, HEIGHT)
        return paragraphs

    def draw_footnotes(self) -> None:
        notes = self.footnotes(self.learned.notes)
        y = BOTTOM + sum(note.height + note.style.spaceAfter for note in notes)
        if notes:
            self.canv.setLineWidth(0.5)
            self.canv.line(MARGIN, y + 2, MARGIN + 144, y + 2)
        for note in notes:
            y -= note.height + note.style.spaceAfter
            note.drawOn(self.canv, MARGIN, y)

    def draw_head(self) -> None:
        source, left_page = self.source, self.page % 2 == 0
        chapter = self.known.chapter(self.page)
        if source.style == "issuance":
            head = ("", "", f"{source.designation}, {source.day}")
        elif source.style == "report":
            head = (source.designation, "", "") if left_page else ("", "", chapter)
            self.canv.setStrokeColor(RULE)
            self.canv.line(MARGIN, HEIGHT - 51, WIDTH - MARGIN, HEIGHT - 51)
            self.canv.setStrokeColor(black)
        elif self.page in self.known.chapters and not source.run_on:
            return  # an Army manual prints no head where a chapter opens
        else:
            number, _, name = chapter.partition(". ")
            head = (number, "", "") if left_page else ("", "", name or number)
        self.draw_line(head, HEIGHT - 46)

    def draw_foot(self) -> None:
        source, label = self.source, self.learned.labels[self.page]
        if source.style == "issuance":
            foot = (self.learned.chapter(self.page).upper(), "", label)
        else:
            middle = source.designation if source.style == "army" else ""
            foot = (label, middle, source.day)
            foot = foot if self.page % 2 == 0 else foot[::-1]
        self.draw_line(foot, 44)

    def draw_line(self, parts: tuple[str, ...], y: float) -> None:
        self.canv.setFont("Times-Bold", 9.5)
        if parts[0]:
            self.canv.drawString(MARGIN, y, parts[0])
        if parts[1]:
            self.canv.drawCentredString(WIDTH / 2, y, parts[1])
        if parts[2]:
            self.canv.drawRightString(WIDTH - MARGIN, y, parts[2])

    def draw_cover(self) -> None:
        canvas, source, color = self.canv, self.source, HexColor(self.source.color)
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 40, source.marking)
        canvas.setFillColor(color)
        canvas.rect(0, HEIGHT - 300, WIDTH, 240, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont("Helvetica-Bold", 30)
        canvas.drawString(MARGIN, HEIGHT - 130, source.designation)
        look = {"textColor": white, "fontSize": 19, "leading": 23, "alignment": TA_LEFT}
        title = self.styles["h1"].clone("cover", **look)
        block = Paragraph(source.title, title)
        _, height = block.wrapOn(canvas, TEXT_WIDTH, HEIGHT)
        block.drawOn(canvas, MARGIN, HEIGHT - 165 - height)
        canvas.setFont("Helvetica", 12)
        canvas.drawString(MARGIN, HEIGHT - 280, source.subtitle)
        canvas.setFillColor(black)
        canvas.setFont("Helvetica-Bold", 13)
        canvas.drawString(MARGIN, HEIGHT - 330, source.day)
        y = HEIGHT - 352
        left = self.styles["body"].clone("notice", alignment=TA_LEFT)
        for text in [*source.notice, f"**Distribution:** {source.distribution}"]:
            note = Paragraph(markdown_line(text), left)
            _, height = note.wrapOn(canvas, TEXT_WIDTH, HEIGHT)
            y -= height + 9
            note.drawOn(canvas, MARGIN, y)
        canvas.setFillColor(color)
        canvas.rect(0, 60, WIDTH, 6, stroke=0, fill=1)
        canvas.setFillColor(black)
        canvas.setFont("Helvetica", 10)
        canvas.drawCentredString(WIDTH / 2, 74, source.publisher)
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawCentredString(WIDTH / 2, 36, source.marking)


def render(source: Source) -> bytes:
    """The PDF of a source: laid out again until contents, heads and footnotes are right."""
    known = Layout()
    for attempt in range(MAX_PASSES):
        book = Book(source, known)
        book.build(StoryWriter(source, known.contents).write())
        learned = book.learned
        if learned.facts() == known.facts():
            return book.buffer.getvalue()
        # A note can push its own mark to the next page, and so back: late passes keep its room.
        learned.room = {**(known.room if attempt > 2 else {}), **learned.notes}
        known = learned
    raise SystemExit(f"{source.designation}: the pages do not settle in {MAX_PASSES} passes.")


def main(arguments: list[str]) -> int:
    stale = []
    for path in sorted(SOURCES.glob("*.md")):
        target = SOURCES.parent / f"{path.stem}.pdf"
        made = render(read_source(path))
        if arguments == ["--check"]:
            if not target.exists() or target.read_bytes() != made:
                stale.append(target.name)
        else:
            target.write_bytes(made)
            print(f"wrote {target.name}, {len(made) // 1024} kB")
    if stale:
        print(f"Not what the sources give: {', '.join(stale)}; run corpus/sources/build.py.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
