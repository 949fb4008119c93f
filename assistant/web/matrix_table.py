"""The matrix as a table: each recommendation, and beside it the passages that bear on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assistant.answer.render import cite
from assistant.export.matrix_table import NOTHING
from assistant.matrix.edits import LONGEST_NOTE
from assistant.matrix.job import MatrixState
from assistant.matrix.values import Cell, Matrix, Row
from assistant.types import Citation, Excerpt, Span
from assistant.web.excerpt_card import act, place, quotation, show_page, source, trail
from assistant.web.labels import count
from assistant.web.markup import Markup, element
from assistant.web.selection_panel import CHANGED

BEGIN: Final = (
    "The matrix puts beside each recommendation of a report the passages of the other documents "
    "that bear on it. Choose the report, or leave it to be found, and make the matrix."
)
# From which confidence on a passage is called so; the words are for reading, not a measure.
WORDS: Final = ((0.6, "likely"), (0.4, "possible"), (0.0, "uncertain"))
FILES: Final = {"docx": "Word", "xlsx": "Excel", "json": "JSON"}


def nothing_yet() -> str:
    """What stands there before there is a matrix."""
    return str(element("p", BEGIN, class_="placeholder"))


def progress(state: MatrixState) -> str:
    """That a matrix is being made, or why there is none."""
    if state.active:
        text = f"Making the matrix: {state.seconds:,.0f} s. This may take a minute."
        bar = element("progress", aria_label="Making the matrix")
        return str(element("div", bar, element("p", text), class_="job running"))
    if state.phase == "failed":
        return str(element("p", state.error or "", class_="error", role="alert"))
    return ""


def sureness(cell: Cell) -> str:
    """The confidence in words and as a number: ``likely (0.72)``."""
    if cell.confidence is None:
        return "added by hand"
    word = next(word for least, word in WORDS if cell.confidence >= least)
    return f"{word} ({cell.confidence:.2f})"


def matrix_table(matrix: Matrix, editable: bool = True) -> str:
    """The whole matrix; ``editable``: with what changes it."""
    passages = [cell for row in matrix.rows for cell in row.cells]
    reviewed = sum(cell.reviewed for cell in passages)
    line = (
        f"{count(len(matrix.rows), 'recommendation')}, {count(len(passages), 'passage')}, "
        f"{reviewed:,} reviewed"
    )
    head = element(
        "tr", *(element("th", name, scope="col") for name in ("Recommendation", "Passages"))
    )
    rows = (_row(row, editable) for row in matrix.rows)
    table = element("table", element("thead", head), element("tbody", *rows))
    return str(
        element(
            "section",
            element("p", element("strong", line), class_="line"),
            table,
            class_="matrix",
            aria_label="Matrix",
            data_said=line,
            data_passages=len(passages),
        )
    )


def downloads(report: str) -> str:
    """The links by which the matrix of the report with this key is downloaded."""
    links = (
        element(
            "a",
            name,
            class_="quiet",
            href=f"matrix/export.{form}?report={report}",
            download=True,
            aria_label=f"Download the matrix as {name}",
        )
        for form, name in FILES.items()
    )
    return str(element("p", element("span", "Download as "), *links, class_="exports"))


def offers(heading: str, excerpts: Sequence[Excerpt], number: int) -> str:
    """Excerpts that may be put beside the recommendation with this number."""
    rows = (_offer(excerpt, number) for excerpt in excerpts)
    listed = element("ol", *rows, class_="found", role="list") if excerpts else None
    return str(
        element(
            "section",
            element("p", heading, class_="line"),
            listed,
            class_="offers",
            aria_label="Excerpts to add",
            data_said=heading,
        )
    )


def _row(row: Row, editable: bool) -> Markup:
    adding = act("Add a passage", "edit", str(row.number), f"Add a passage to {row.number}")
    cells = [_cell(row, cell, editable) for cell in row.cells]
    nothing = element("p", NOTHING, class_="none") if not cells else None
    return element(
        "tr",
        element(
            "th",
            element("p", element("span", f"{row.number}. ", class_="mark"), row.text),
            *(_recommended(citation) for citation in row.citations),
            adding if editable else None,
            scope="row",
        ),
        element("td", nothing, element("ol", *cells, role="list") if cells else None),
    )


def _recommended(citation: Citation) -> Markup:
    """Where the recommendation stands, with its page."""
    document = citation.document
    excerpt = Excerpt(
        id="",
        document=document,
        heading=(),
        paragraph=citation.paragraph,
        printed_page=citation.printed_page,
        pdf_page=citation.pdf_page,
        spans=(Span(citation.pdf_page, citation.start, citation.end),),
        quote=citation.quote,
    )
    return element(
        "p", show_page(excerpt, cite(citation), "link"), class_="source", **place(excerpt)
    )


def _cell(row: Row, cell: Cell, editable: bool) -> Markup:
    excerpt = cell.excerpt
    name, key = f"{cite(excerpt)}, beside {row.number}", f"{row.number} {excerpt.id}"
    flag = element("p", CHANGED, class_="flag changed") if cell.changed else None
    sure = element("p", f"Confidence: {sureness(cell)}", class_="sure")
    body = [flag, quotation(excerpt), source(excerpt), trail(excerpt), sure]
    if editable:
        body += [_note(cell, key, name), _acts(cell, key, name)]
    else:
        body.append(element("div", show_page(excerpt), class_="acts"))
    return element(
        "li", *body, class_="cell reviewed" if cell.reviewed else "cell", **place(excerpt)
    )


def _note(cell: Cell, key: str, name: str) -> Markup:
    field = element(
        "textarea",
        cell.note,
        rows=1 + min(cell.note.count("\n") + len(cell.note) // 60, 5),
        maxlength=LONGEST_NOTE,
        data_event="blur",
        data_value=key,
        aria_label=f"Note on {name}",
    )
    return element("label", element("span", "Note"), field, class_="note-field")


def _acts(cell: Cell, key: str, name: str) -> Markup:
    box = element(
        "input",
        type="checkbox",
        data_event="select",
        data_value=key,
        checked=cell.reviewed,
        aria_label=f"Reviewed: {name}",
    )
    return element(
        "div",
        element("label", box, "Reviewed", class_="tick"),
        show_page(cell.excerpt),
        act("Remove", "delete", key, f"Remove {name}"),
        class_="acts",
    )


def _offer(excerpt: Excerpt, number: int) -> Markup:
    adding = act("Add", "like", excerpt.id, f"Add {cite(excerpt)} to {number}")
    acts = element("div", adding, show_page(excerpt), class_="acts")
    return element("li", quotation(excerpt), source(excerpt), acts, class_="cell", **place(excerpt))
