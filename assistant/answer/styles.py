"""The styles in which a place of a document is cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, Protocol, get_args

from assistant.types import Document

Style = Literal["doctrine", "chicago", "plain"]

# Marks at the end of a name to which a comma or a bracket would be added; not "U.S." or "Inc."
_TRAILING: Final = re.compile(r"(?:[,;:\s]|(?<=[a-z]{4})\.)+$")


class Cited(Protocol):
    """A place of a document: a citation, an excerpt or a ``Place``."""

    @property
    def document(self) -> Document:
        """The document."""

    @property
    def paragraph(self) -> str | None:
        """The label of the numbered paragraph, if any."""

    @property
    def printed_page(self) -> str | None:
        """What is printed on the page as its number, if anything."""

    @property
    def pdf_page(self) -> int:
        """The physical page, from 1."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place by itself."""

    document: Document
    paragraph: str | None
    printed_page: str | None
    pdf_page: int


def doctrine(cited: Cited) -> str:
    """``ADP 3-0 (21 Mar 2025), para 2-14, p. 19``; "PDF p. 31" where no page is printed."""
    pieces = [edition(cited.document)]
    if paragraph := _squeezed(cited.paragraph):
        pieces.append(f"para {paragraph}")
    return ", ".join([*pieces, _page(cited)]) + _standing(cited.document)


def chicago(cited: Cited) -> str:
    """A note of the Chicago Manual of Style: issuer, title, designation (date), place, address.

    ``Department of the Army, Operations, ADP 3-0 (March 21, 2025), p. 19, para. 2-14.`` The
    title is given without italics; "n.d." stands where no date is known.
    """
    document = cited.document
    title, designation = _names(document)
    when = document.edition
    day = f"{when:%B} {when.day}, {when.year}" if when else "n.d."
    names = [_squeezed(document.publisher), title, designation]
    pieces = [", ".join([name for name in names if name]) + f" ({day})", _page(cited)]
    if paragraph := _squeezed(cited.paragraph):
        pieces.append(f"para. {paragraph}")
    note = ", ".join(pieces) + _standing(document)
    return _ended(f"{note}, {url}" if (url := _squeezed(document.url)) else note)


def plain(cited: Cited) -> str:
    """``Operations (ADP 3-0, 21 March 2025), page 19 (PDF page 31), paragraph 2-14``."""
    document = cited.document
    title, designation = _names(document)
    day = _day(document.edition, "%B")
    beside = ", ".join(name for name in (designation, day) if name)
    printed = _squeezed(cited.printed_page)
    page = f"PDF page {cited.pdf_page}"
    pieces = [
        f"{title} ({beside})" if beside else title,
        f"page {printed} ({page})" if printed else page,
    ]
    if paragraph := _squeezed(cited.paragraph):
        pieces.append(f"paragraph {paragraph}")
    return ", ".join(pieces) + _standing(document, in_full=True)


STYLES: Final[Mapping[Style, Callable[[Cited], str]]] = MappingProxyType(
    {"doctrine": doctrine, "chicago": chicago, "plain": plain}
)
assert tuple(STYLES) == get_args(Style)


def edition(document: Document) -> str:
    """Designation with the edition's date, where one is known."""
    designation = _squeezed(document.designation) or _names(document)[0]
    day = _day(document.edition, "%b")
    return f"{designation} ({day})" if day else designation


def _names(document: Document) -> tuple[str, str]:
    """What the document is called, and its designation where that says something else."""
    designation = _squeezed(document.designation)
    title = _squeezed(document.title)
    if not title or title.casefold() == designation.casefold():
        return designation or _squeezed(document.file) or "[untitled]", ""
    return title, designation


def _page(cited: Cited) -> str:
    printed = _squeezed(cited.printed_page)
    return f"p. {printed}" if printed else f"PDF p. {cited.pdf_page}"


def _day(when: date | None, month: str) -> str:
    return f"{when.day} {when.strftime(month)} {when.year}" if when else ""


def _standing(document: Document, *, in_full: bool = False) -> str:
    """What a reader must know of a document that is not in force."""
    if document.status == "current":
        return ""
    newer = _squeezed(document.superseded_by)
    return f" [{document.status} by {newer}]" if in_full and newer else f" [{document.status}]"


def _ended(note: str) -> str:
    return note if note.endswith((".", "?", "!")) else f"{note}."


def _squeezed(text: str | None) -> str:
    """``text`` on one line, without marks at its end that would stand double."""
    return _TRAILING.sub("", " ".join(text.split())) if text else ""
