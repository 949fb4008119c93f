"""Citations and answers as text, in the style of doctrine."""

from __future__ import annotations

from typing import Final

from assistant.types import Answer, Citation, Document, Hit

BULLETS: Final = ("\u2022 ", "\u2013 ", "\u25e6 ")  # what begins an item of a statement's list


def cite(citation: Citation) -> str:
    """``ADP 3-0 (21 Mar 2025), para 2-14, p. 19``; "PDF p. 31" where no page is printed."""
    pieces = [edition(citation.document)]
    if citation.paragraph:
        pieces.append(f"para {citation.paragraph}")
    if citation.printed_page:
        pieces.append(f"p. {citation.printed_page}")
    else:
        pieces.append(f"PDF p. {citation.pdf_page}")
    text, status = ", ".join(pieces), citation.document.status
    return text if status == "current" else f"{text} [{status}]"


def edition(document: Document) -> str:
    """Designation with the edition's date, where one is known."""
    if document.edition is None:
        return document.designation
    day = f"{document.edition.day} {document.edition:%b %Y}"
    return f"{document.designation} ({day})"


def answer_text(answer: Answer) -> str:
    """The whole answer as plain text: statements with marks, then the citations in full.

    What its sources do not support is left out: it is nothing to copy.
    """
    if answer.abstained:
        lines = [answer.reason or "The documents do not say."]
        if answer.hits:
            lines += ["", "Nearest passages:"]
            lines += [f"- {hit_place(answer, index)}" for index in range(min(3, len(answer.hits)))]
        return "\n".join(lines)
    lines = [answer.fallback, ""] if answer.fallback else []
    lines += [
        statement.text + " " + "".join(f"[{n}]" for n in statement.citations)
        for statement in answer.supported
    ]
    lines += ["", *(f"[{c.number}] {cite(c)}" for c in answer.citations)]
    lines += [f"Note: {note}" for note in answer.notes]
    return "\n".join(lines)


def hit_place(answer: Answer, index: int) -> str:
    """Where a hit stands, as a citation without a quote."""
    return hit_name(answer.hits[index])


def hit_name(hit: Hit) -> str:
    """The same of a hit by itself."""
    place = f"p. {hit.label}" if hit.label else f"PDF p. {hit.page}"
    paragraph = f", para {hit.passage.paragraph}" if hit.passage.paragraph else ""
    name = f"{edition(hit.document)}{paragraph}, {place}"
    status = hit.document.status
    return name if status == "current" else f"{name} [{status}]"
