"""Real footnotes in a Word file, which python-docx does not write itself."""

from __future__ import annotations

from typing import Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

_TEXT: Final = "footnote text"  # the names that Word's own styles have in a file
_MARK: Final = "footnote reference"
_SMALL: Final = Pt(9)
# What Word draws between text and notes: these two come before the first note.
_SEPARATORS: Final = (("separator", "-1"), ("continuationSeparator", "0"))


class Footnotes:
    """The footnotes of ``document``, numbered by Word in the order of their marks."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._root = OxmlElement("w:footnotes")
        self._count = 0

    def add(self, paragraph: Paragraph, text: str) -> None:
        """A mark at the end of ``paragraph``, and ``text`` at the foot of its page."""
        if not self._count:
            self._begin()
        self._count += 1
        mark = OxmlElement("w:footnoteReference")
        mark.set(qn("w:id"), str(self._count))
        paragraph.add_run(style=_MARK)._r.append(mark)

        note = Paragraph(OxmlElement("w:p"), paragraph._parent)
        note.style = self._document.styles[_TEXT]
        note.add_run(style=_MARK)._r.append(OxmlElement("w:footnoteRef"))
        note.add_run(f" {text}")
        self._note(str(self._count)).append(note._p)

    def close(self) -> None:
        """Put the footnotes into the document, where there are any."""
        if self._count:
            name, kind = PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES
            content = serialize_part_xml(self._root)
            part = Part(name, kind, content, self._document.part.package)
            self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _begin(self) -> None:
        styles = self._document.styles
        text = styles.add_style(_TEXT, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        text.base_style, text.font.size = styles["Normal"], _SMALL
        text.paragraph_format.space_after = Pt(0)
        mark = styles.add_style(_MARK, WD_STYLE_TYPE.CHARACTER, builtin=True)
        mark.font.superscript = True
        named = OxmlElement("w:footnotePr")
        for kind, number in _SEPARATORS:
            paragraph, run = OxmlElement("w:p"), OxmlElement("w:r")
            run.append(OxmlElement(f"w:{kind}"))
            paragraph.append(run)
            self._note(number, kind).append(paragraph)
            name = OxmlElement("w:footnote")
            name.set(qn("w:id"), number)
            named.append(name)
        self._document.settings.element.insert_element_before(named, *_AFTER)

    def _note(self, number: str, kind: str | None = None) -> BaseOxmlElement:
        note = OxmlElement("w:footnote")
        if kind is not None:
            note.set(qn("w:type"), kind)
        note.set(qn("w:id"), number)
        self._root.append(note)
        return note


# What the schema has behind the footnotes' settings.
_AFTER: Final = ("w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang")
