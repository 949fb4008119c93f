"""The evidence beside the chat: one card for each citation and each passage found."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.answer.render import cite, edition
from assistant.conversation.turns import Turn
from assistant.types import Citation, Document, Hit, Span
from assistant.web.labels import (
    both_pages,
    count,
    day,
    page_name,
    paragraph_name,
    standing,
    title,
)
from assistant.web.markup import Markup, element, join

NEAREST = 5
VERSION = 12  # characters of a document's hash that tell one state of a file from another


def evidence(turns: Sequence[Turn]) -> str:
    """The cards of every turn; all but the last turn's are hidden until asked for."""
    answered = [turn for turn in turns if turn.answer is not None]
    if not answered:
        return str(
            element(
                "div",
                element("p", "The passages that carry an answer appear here."),
                class_="placeholder",
            )
        )
    return str(join(*(_set(turn, hidden=turn is not answered[-1]) for turn in answered)))


def evidence_so_far(turn: Turn) -> str:
    """The cards of an answer that is being written; its citations bring them into view."""
    citations = turn.progress.citations if turn.progress else ()
    if not citations:
        return ""
    cards = [_citation_card(turn.number, citation) for citation in citations]
    heading = f"Evidence so far: {count(len(cards), 'citation')}"
    return str(_section(turn.number, heading, join(*cards), hidden=True))


def _set(turn: Turn, hidden: bool) -> Markup:
    answer = turn.answer
    assert answer is not None
    cards = [_citation_card(turn.number, citation) for citation in answer.citations]
    passages = [_hit_card(turn.number, hit) for hit in answer.hits]
    if answer.abstained:
        heading = "Nearest passages" if passages else "No passage comes near the question"
        body = join(*passages[:NEAREST])
    else:
        heading = f"Evidence: {count(len(cards), 'citation')}"
        body = join(*cards, _others(passages))
    return _section(turn.number, heading, body, hidden)


def _section(turn: int, heading: str, body: Markup, hidden: bool) -> Markup:
    return element(
        "section",
        element("h2", heading),
        body,
        class_="set",
        data_turn=turn,
        hidden=hidden,
        aria_label=f"Evidence for question {turn}",
    )


def _others(passages: Sequence[Markup]) -> Markup | None:
    if not passages:
        return None
    return element(
        "details",
        element("summary", f"{count(len(passages), 'passage')} found for the question"),
        *passages,
        class_="others",
    )


def _citation_card(turn: int, citation: Citation) -> Markup:
    document = citation.document
    name = cite(citation)
    span = Span(citation.pdf_page, citation.start, citation.end)
    where = (
        day(document.edition),
        paragraph_name(citation.paragraph),
        both_pages(citation.printed_page, citation.pdf_page),
    )
    quoted = f"\u201c{citation.quote}\u201d ({name})"
    return _card(
        key=f"card-{turn}-{citation.number}",
        mark=f"[{citation.number}]",
        document=document,
        name=name,
        where=where,
        spans=(span,),
        text=citation.quote,
        copied=quoted,
        superseded=citation.status == "superseded",
        heading=(),
    )


def _hit_card(turn: int, hit: Hit) -> Markup:
    document, passage = hit.document, hit.passage
    place = (paragraph_name(passage.paragraph), page_name(hit.label, hit.page))
    name = ", ".join([edition(document), *(part for part in place if part)])
    where = (
        day(document.edition),
        paragraph_name(passage.paragraph),
        both_pages(hit.label, hit.page),
    )
    return _card(
        key=f"hit-{turn}-{hit.rank}",
        mark=f"{hit.rank}.",
        document=document,
        name=name,
        where=where,
        spans=passage.spans,
        text=passage.text,
        copied=f"\u201c{passage.text}\u201d ({name})",
        superseded=False,
        heading=passage.heading,
    )


def _card(
    key: str,
    mark: str,
    document: Document,
    name: str,
    where: Sequence[str | None],
    spans: Sequence[Span],
    text: str,
    copied: str,
    superseded: bool,
    heading: Sequence[str],
) -> Markup:
    flag = standing(document) or ("Superseded document" if superseded else None)
    opener = element(
        "button",
        element("span", mark, class_="mark"),
        element("span", document.designation or document.file, class_="designation"),
        element("span", title(document) or "", class_="title"),
        type="button",
        class_="opener",
        data_open=True,
        aria_label=f"{mark} Show the page of {name}",
    )
    return element(
        "article",
        opener,
        element(
            "p",
            " \u00b7 ".join(part for part in where if part),
            element("span", document.marking, class_="marking") if document.marking else None,
            class_="where",
        ),
        element("p", flag, class_="flag") if flag else None,
        element("p", " \u203a ".join(heading), class_="trail") if heading else None,
        element("blockquote", *_lines(text), data_quote=True),
        element(
            "button",
            "Copy quote",
            type="button",
            class_="quiet",
            data_copy=copied,
            aria_label=f"Copy the quote of {name}",
        ),
        id=key,
        class_="card flagged" if flag else "card",
        data_file=document.file,
        data_version=document.sha256[:VERSION],
        data_count=document.page_count,
        data_spans=json.dumps([[span.page, span.start, span.end] for span in spans]),
        data_name=name,
        data_document=edition(document),
    )


def _lines(text: str) -> list[Markup]:
    return [element("p", line) for line in text.split("\n") if line.strip()]
