"""Turn one Markdown source into the flowables that fill the pages of its PDF."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import escape, unescape
from pathlib import Path

import pyphen
from flowables import TEXT_WIDTH, BlankPage, ContentsLine, Figure, Heading, Numbering, TocEntry
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    BalancedColumns,
    CondPageBreak,
    Flowable,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
)

RULE = HexColor("#8a8a8a")
HYPHENATE = pyphen.Pyphen(lang="en_US").iterate
FOOTNOTE = re.compile(r"^\[\^(\d+)\]: (.+)$", re.MULTILINE)
CAPTION = re.compile(r"^(Table|Figure) [\w-]+\. ")
PARAGRAPH_STYLES = (  # the numbering at the start of a paragraph chooses its indent
    (re.compile(r"^[1-9A-Z]-\d+\. "), "numbered"),
    (re.compile(r"^[a-z]\. "), "letter"),
    (re.compile(r"^\(\d+\) "), "parenthesis"),
)


@dataclass(frozen=True)
class Source:
    """One document as written: its front matter, its text and its footnotes."""

    designation: str
    title: str
    subtitle: str
    edition: date
    publisher: str
    marking: str
    distribution: str
    notice: list[str]  # paragraphs of the cover page
    style: str  # "army", "issuance" or "report": heads, feet and headings
    color: str  # of the cover
    recto: bool  # chapters begin on a right-hand page
    run_on: bool  # chapters follow one another on the page
    chapter_pages: bool  # printed pages are 1-1, 1-2, 2-1 and not 1, 2, 3
    text: str = field(repr=False)
    footnotes: dict[str, str] = field(repr=False)

    @property
    def day(self) -> str:
        """The edition date as this kind of publication prints it."""
        month = f"{self.edition:%B}"
        if self.style == "issuance":
            return f"{month} {self.edition.day}, {self.edition.year}"
        return f"{self.edition.day} {month} {self.edition.year}"


def read_source(path: Path) -> Source:
    """Read a Markdown file whose front matter is TOML between two lines of +++."""
    _, front, text = path.read_text(encoding="utf-8").split("+++\n", 2)
    footnotes = dict(FOOTNOTE.findall(text))
    return Source(**tomllib.loads(front), text=FOOTNOTE.sub("", text), footnotes=footnotes)


def stylesheet(source: Source) -> dict[str, ParagraphStyle]:
    """The paragraph styles of this kind of publication, in the base-14 fonts."""
    font, bold = "Times-Roman", "Times-Bold"
    head = "Times-Bold" if source.style == "issuance" else "Helvetica-Bold"
    body = ParagraphStyle(
        "body", fontName=font, fontSize=10, leading=12, spaceAfter=6.5, alignment=TA_JUSTIFY,
        hyphenationLang=HYPHENATE, hyphenationMinWordLength=6, allowWidows=0, allowOrphans=0,
    )  # fmt: skip
    plain = {"hyphenationLang": "", "alignment": TA_LEFT}
    small = {"fontSize": 9, "leading": 10.8, "spaceAfter": 0}
    chapter = {"alignment": TA_CENTER, "hyphenationLang": "", "keepWithNext": 1, "fontName": head}
    section = {**plain, "fontName": head, "keepWithNext": 1}
    made = [
        ("numbered", {"firstLineIndent": 12}),
        ("letter", {"firstLineIndent": 18}),
        ("parenthesis", {"firstLineIndent": 38}),
        ("bullet", {"leftIndent": 32, "bulletIndent": 18, "spaceAfter": 3, **plain}),
        ("item", {"leftIndent": 22, "bulletIndent": 2, "bulletFontName": font}),
        ("caption", {**chapter, "fontSize": 9.5, "spaceBefore": 4}),
        ("h1", {**chapter, "fontSize": 16, "leading": 20, "spaceBefore": 14, "spaceAfter": 14}),
        ("h2", {**section, "fontSize": 11.5, "leading": 14, "spaceBefore": 8, "spaceAfter": 6}),
        ("h3", {**section, "fontSize": 10, "spaceBefore": 5, "spaceAfter": 5}),
        ("h4", {**section, "fontName": "Times-BoldItalic", "spaceBefore": 3, "spaceAfter": 4}),
        ("summary", {"leftIndent": 60, "rightIndent": 60, "fontName": "Times-Italic"}),
        ("cell", {**plain, **small}),
        ("cellhead", {**plain, **small, "fontName": bold}),
        ("label", {**chapter, **small, "fontName": "Helvetica", "fontSize": 8, "leading": 9.6}),
        ("footnote", {"fontSize": 8, "leading": 9.6, "spaceAfter": 2}),
    ]
    return {"body": body} | {n: ParagraphStyle(n, parent=body, **kw) for n, kw in made}


class StoryWriter:
    """Walks the Markdown tree of a source and yields its flowables."""

    def __init__(self, source: Source, contents: list[TocEntry]):
        self.source, self.contents = source, contents
        self.styles = stylesheet(source)
        self.widths: list[float] = []  # of the columns of the next table, in percent
        self.numbering = ""  # of the printed pages, to begin at the next new page
        self.in_chapters = False
        self.headings = 0

    def write(self) -> list[Flowable]:
        parser = MarkdownIt("commonmark", {"typographer": True}).enable(["table", "smartquotes"])
        story: list[Flowable] = []
        column_start: int | None = None
        for node in SyntaxTreeNode(parser.parse(self.source.text)).children:
            if node.type == "html_block" and "columns" in node.content:
                if column_start is None:
                    column_start = len(story)
                    continue
                inside = story[column_start:]
                story[column_start:] = [BalancedColumns(inside, nCols=2, innerPadding=18)]
                column_start = None
                continue
            story.extend(getattr(self, node.type)(node))
        return story

    # One method for each kind of Markdown block, named as the parser names it.

    def heading(self, node: SyntaxTreeNode) -> Iterator[Flowable]:
        level = int(node.tag[1]) - 1
        text = inline(node)
        number, _, name = text.rpartition(" | ")
        joint = " " if number.endswith(":") else ". "
        title = plain_text(f"{number}{joint}{name}" if number else text)
        if level == 0:
            in_chapters = self.source.chapter_pages and (number or self.in_chapters)
            if in_chapters:  # 2-1 in chapter 2, but Glossary-1 in the glossary
                self.numbering = (number or text).rsplit(maxsplit=1)[-1] + "-"
            self.in_chapters = bool(in_chapters)
            yield from self._new_page()
        self.headings += 1
        markup = f"{number}<br/>{name}" if number else text
        key = f"h{self.headings}"
        yield Heading(markup, self.styles[f"h{level + 1}"], level, title, key)

    def _new_page(self) -> Iterator[Flowable]:
        if self.source.run_on and not self.numbering:
            yield CondPageBreak(150)
            return
        yield PageBreak()
        if self.source.recto and self.numbering:
            yield BlankPage(recto=True)
        if self.numbering:
            yield Numbering(self.numbering)
            self.numbering = ""

    def paragraph(self, node: SyntaxTreeNode) -> Iterator[Flowable]:
        text = inline(node)
        bare = re.sub(r"<[^>]+>", "", text)
        style = next((name for pattern, name in PARAGRAPH_STYLES if pattern.match(bare)), "body")
        if CAPTION.match(bare):
            style = "caption"
        elif text.startswith("<i>") and text.endswith("</i>"):
            style = "summary"
        flowable = Paragraph(text, self.styles[style])
        if style == "caption" and bare.startswith("Figure"):
            flowable.keepWithNext = 0
        if bare.endswith(":"):
            flowable.keepWithNext = 1
        yield flowable

    def bullet_list(self, node: SyntaxTreeNode) -> Iterator[Flowable]:
        for item in node.children:
            for paragraph in item.children:
                yield Paragraph(inline(paragraph), self.styles["bullet"], bulletText="\u2022")
        yield Spacer(0, 4)

    def ordered_list(self, node: SyntaxTreeNode) -> Iterator[Flowable]:
        first = int(node.attrs.get("start", 1))
        for number, item in enumerate(node.children, first):
            for position, paragraph in enumerate(item.children):
                label = f"{number}." if position == 0 else None
                yield Paragraph(inline(paragraph), self.styles["item"], bulletText=label)

    def html_block(self, node: SyntaxTreeNode) -> Iterator[Flowable]:
        """A comment is an instruction to the layout: <!-- word argument ... -->."""
        word, *arguments = node.content.strip().removeprefix("<!--").removesuffix("-->").split()
        if word == "widths":
            self.widths = [float(argument) for argument in arguments]
        elif word == "pages":
            self.numbering = arguments[0]
        elif word == "blank":
            yield from (PageBreak(), BlankPage(recto=False))
        elif word == "contents":
            yield from self._new_page()
            yield Paragraph("Contents", self.styles["h1"])
            yield from (ContentsLine(entry) for entry in self.contents)
        else:
            raise ValueError(f"no such layout instruction: {node.content.strip()}")

    def table(self, node: SyntaxTreeNode) -> Iterator[Flowable]:
        head, body = node.children
        rows = [[self._cell(c, "cellhead") for c in head.children[0].children]]
        rows += [[self._cell(c, "cell") for c in row.children] for row in body.children]
        widths = self.widths or [100 / len(rows[0])] * len(rows[0])
        self.widths = []
        style = [
            ("GRID", (0, 0), (-1, -1), 0.5, RULE),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e3e3e3")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
        columns = [TEXT_WIDTH * width / sum(widths) for width in widths]
        yield Table(rows, columns, style=style, repeatRows=1, spaceAfter=10)

    def _cell(self, node: SyntaxTreeNode, style: str) -> Paragraph:
        return Paragraph(inline(node), self.styles[style])

    def fence(self, node: SyntaxTreeNode) -> Iterator[Flowable]:
        if node.info == "figure":
            yield Figure(tomllib.loads(node.content), self.styles["label"])
        elif node.info == "acronyms":
            pairs = [line.split("  ", 1) for line in node.content.strip().splitlines()]
            rows = [[Paragraph(escape(t.strip()), self.styles["cell"]) for t in p] for p in pairs]
            tight = [
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
            yield Table(rows, [90, TEXT_WIDTH - 90], style=tight, spaceAfter=10)
        else:
            raise ValueError(f"no such block: {node.info}")


def inline(node: SyntaxTreeNode) -> str:
    """The text of a block as reportlab markup, footnote marks included."""
    if node.type == "text":
        mark = r'<super rise="3.6" size="7">\1</super><onDraw name="footnote" label="\1"/>'
        return re.sub(r"\[\^(\d+)\]", mark, escape(node.content, quote=False))
    if node.type == "softbreak":
        return " "
    inside = "".join(inline(child) for child in node.children)
    match node.type:
        case "strong":
            return f"<b>{inside}</b>"
        case "em":
            return f"<i>{inside}</i>"
        case "link":
            return f'<link href="{escape(str(node.attrs["href"]))}" color="#1a3e7a">{inside}</link>'
    return inside


def markdown_line(text: str) -> str:
    """One line of Markdown (a footnote, a cover paragraph) as reportlab markup."""
    tokens = MarkdownIt("commonmark", {"typographer": True}).enable("smartquotes").parse(text)
    return inline(SyntaxTreeNode(tokens))


def plain_text(markup: str) -> str:
    """Markup without its tags and character references, for outline and contents."""
    return unescape(re.sub(r"<[^>]+>", "", markup))
