"""Why nothing is said, and what a reader must know beside what is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer.render import edition
from assistant.retrieve.retriever import Retrieval
from assistant.types import Citation, Document

NO_HITS = "No passage of the chosen documents bears on this question."
NOT_VERIFIED = (
    "What was found does not agree with the stored pages, so that nothing of it can be cited; "
    "build the index again with: assistant index --force"
)
CUT = "More stands there than is quoted here."


def missing_place(retrieval: Retrieval) -> str | None:
    """That the place which the question names was not found; None where it was, or none is."""
    query, place = retrieval.query, retrieval.place
    if place is None or place.passages:
        return None
    if place.documents:
        where = " or ".join(edition(document) for document in place.documents)
        return f"No text was found at {query.place} of {where}."
    if query.named:
        return "The document that the question names is not among those chosen."
    return f"There is no document {query.unknown} in the index."


def nothing_quotable(retrieval: Retrieval) -> str:
    """That the place which the question names holds no text to quote, such as contents only."""
    where = edition(retrieval.hits[0].document)
    return f"Nothing that can be quoted stands at {retrieval.query.place} of {where}."


def not_mentioned(names: Sequence[str], nearest: Document) -> str:
    """That a name in the question stands in no document."""
    return (
        f"The documents do not say: none of them mentions {' or '.join(names)}. "
        f"The nearest passage is in {edition(nearest)}."
    )


def not_covered(nearest: Document, *, without_figure: bool) -> str:
    """That no passage answers, and where the nearest one stands.

    ``without_figure``: what was found does not give the sort of figure that is asked for.
    """
    why = (
        "what bears on the question does not give the figure or date that is asked for"
        if without_figure
        else "no passage covers what is asked closely enough to be cited"
    )
    return (
        f"The documents do not say, as far as this search can tell: {why}. "
        f"The nearest is in {edition(nearest)}."
    )


def notes(
    retrieval: Retrieval, citations: Iterable[Citation], *, cut: bool = False
) -> tuple[str, ...]:
    """That a cited document is not in force, and how far a look-up went."""
    missing = missing_place(retrieval)
    found = [f"{missing} What follows stands elsewhere."] if missing else []
    cited = {citation.document.id: citation.document for citation in citations}
    return (*found, *_statuses(list(cited.values())), *([CUT] if cut else []))


def _statuses(documents: Sequence[Document]) -> list[str]:
    said = []
    for document in documents:
        if document.status == "superseded":
            by = f" by {document.superseded_by}" if document.superseded_by else ""
            said.append(f"{edition(document)} is superseded{by}.")
        elif document.status == "draft":
            said.append(f"{edition(document)} is a draft.")
        elif document.status != "current":
            said.append(f"{edition(document)} is {document.status}.")
    return said
