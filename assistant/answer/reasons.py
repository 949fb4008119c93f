"""Why nothing is said, and what a reader must know beside what is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answer.extract import Extraction
from assistant.answer.render import cite, edition
from assistant.retrieve.gaps import Gap
from assistant.retrieve.retriever import Retrieval
from assistant.types import Citation, Document

NO_HITS = "No passage of the chosen documents bears on this question."
NOT_VERIFIED = (
    "What was found does not agree with the stored pages, so that nothing of it can be cited; "
    "build the index again with: assistant index --force"
)
MOST_NAMED = 3  # documents or names that one reason lists
NEAR = 5  # best passages among which a superseded edition is worth a note
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


def what_is_missing(gaps: Sequence[Gap], retrieval: Retrieval) -> str:
    """That the documents lack what the question takes for granted, and who has it, if any."""
    first = gaps[0]
    terms = " or ".join(gap.term for gap in gaps if gap.sort == first.sort)
    if first.sort == "superseded":
        return (
            "What is in force does not say, as far as this search can tell; a superseded edition "
            f"treats it: {_listed(first.elsewhere)}. Ask for that edition to read it."
        )
    if first.sort == "elsewhere":
        return (
            f"{_listed(first.asked)} does not mention {terms}, so that the question has no answer "
            f"there; {_listed(first.elsewhere)} does."
        )
    return f"The documents do not say: none of them mentions {terms}. {_where(retrieval)}"


def not_covered(retrieval: Retrieval, extraction: Extraction) -> str:
    """What was found and what was not, where the nearest passage stands, what was searched."""
    if extraction.beyond:
        return f"The documents do not say: {extraction.beyond}."
    if extraction.units and extraction.evidence.quantity < 1.0:
        why = f"what bears on the question does not give the {extraction.lacking} that is asked for"
    elif extraction.untied:
        names = " and ".join(extraction.untied[:MOST_NAMED])
        why = f"there are passages on its subject, but none ties {names} to what is asked"
    else:
        why = "no passage covers what is asked closely enough to be cited"
    return f"The documents do not say, as far as this search can tell: {why}. {_where(retrieval)}"


def notes(
    retrieval: Retrieval,
    extraction: Extraction,
    citations: Sequence[Citation],
    also: Sequence[Citation] = (),
) -> tuple[str, ...]:
    """What a reader must know beside the answer; ``also`` are further places that say the same."""
    cited = {citation.document.id: citation.document for citation in citations}
    missing = missing_place(retrieval)
    respelled = [
        f"“{wrong}” was read as “{right}”." for wrong, right in retrieval.respelled.items()
    ]
    return (
        *([f"{missing} What follows stands elsewhere."] if missing else []),
        *respelled,
        *_not_asked(retrieval, cited),
        *(f"Not found in the documents: {part}." for part in extraction.missing),
        *(f"“{name}” stands nowhere in the documents." for name in extraction.jargon),
        *(f"The same stands in {cite(place)}." for place in also),
        *_statuses(list(cited.values())),
        *_older(retrieval, cited),
        *([CUT] if extraction.cut else []),
    )


def _not_asked(retrieval: Retrieval, cited: Mapping[str, Document]) -> list[str]:
    """That the document which the question names does not hold what follows."""
    query = retrieval.query
    meant = query.meant
    if not meant or len(query.parts) > 1 or not meant.isdisjoint(cited):
        return []
    asked = [d for d in retrieval.searched if d.id in meant]
    if not asked:
        return []
    return [f"What follows stands in {_listed(list(cited.values()))}, not in {_listed(asked)}."]


def _older(retrieval: Retrieval, cited: Mapping[str, Document]) -> list[str]:
    """Where a superseded edition of a document that is cited treats the matter too."""
    in_force = {d.designation for d in cited.values() if d.status == "current"}
    for hit in retrieval.hits[:NEAR]:
        document = hit.document
        older = document.status == "superseded" and document.id not in cited
        if older and document.designation in in_force:
            return [f"The superseded {edition(document)} treats this too, and may differ."]
    return []


def _where(retrieval: Retrieval) -> str:
    nearest, searched = retrieval.hits[0].document, retrieval.searched
    count = f"all {len(searched)} documents" if len(searched) > MOST_NAMED else _listed(searched)
    return f"The nearest passage is in {edition(nearest)}; searched: {count}."


def _listed(documents: Sequence[Document]) -> str:
    named = [edition(document) for document in documents[:MOST_NAMED]]
    more = ["others"] if len(documents) > MOST_NAMED else []
    return " and ".join([*named, *more])


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
