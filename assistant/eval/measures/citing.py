"""Measures of what an answer cites."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from assistant.eval.gold import Evidence, GoldQuestion
from assistant.eval.measures.measure import NOT_ANSWERABLE, REFUSED, Measure, Score, share
from assistant.eval.record import AnswerRecord, CitationRecord

_NO_CITATION = "the answer cites nothing"


def _quote_verbatim(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    if answer.abstained:
        return REFUSED
    shown = [
        (citation, anew)
        for citation, anew in zip_longest(answer.citations, answer.read_anew)
        if citation is not None and (citation.quote or citation.start is not None)
    ]
    if answer.citations and all(citation.start is None for citation, _ in shown):
        return Score(None, 0, "its citations name no place within the page")
    # A quote without a place, or that was not read there, is no verbatim quote.
    right = sum(c.start is not None and c.quote == anew for c, anew in shown)
    return share(right, len(shown), _NO_CITATION)


def _statement_cited(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    if answer.abstained:
        return REFUSED
    cited = len(answer.cited_statements(verified=True))
    return share(cited, len(answer.offered), "the answer has no statement")


def _citation_precision(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    if not gold.answerable:
        return NOT_ANSWERABLE
    if answer.abstained:
        return REFUSED
    cited = answer.cited_pages
    if not cited:
        return Score(None, 0, _NO_CITATION)
    return Score(len(cited & gold.pages) / len(cited))


def _citation_recall(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    if not gold.answerable:
        return NOT_ANSWERABLE
    cited = frozenset() if answer.abstained else answer.cited_pages
    met = sum(not pages.isdisjoint(cited) for pages in gold.groups.values())
    return Score(met / len(gold.groups))


def _citation_recall_answered(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    return REFUSED if gold.answerable and answer.abstained else _citation_recall(gold, answer)


def _printed_page_accuracy(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    return _named(gold, answer, "printed_page")


def _paragraph_accuracy(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    return _named(gold, answer, "paragraph")


def _named(gold: GoldQuestion, answer: AnswerRecord, what: str) -> Score:
    """Of the citations on a gold page for which gold says ``what``, those that say the same."""
    if not gold.answerable:
        return NOT_ANSWERABLE
    if answer.abstained:
        return REFUSED
    judged = [
        getattr(citation, what) in right
        for citation in answer.citations
        if (right := {getattr(e, what) for e in _there(gold, citation)} - {None})
    ]
    return share(sum(judged), len(judged), f"no citation on a gold page that has a {what}")


def _there(gold: GoldQuestion, citation: CitationRecord) -> list[Evidence]:
    return [evidence for evidence in gold.evidence if evidence.page == citation.page]


CITING: Final[tuple[Measure, ...]] = (
    Measure(
        "quote_verbatim",
        "share of quotes that are exactly what the PDF, read anew, holds at page and offsets",
        "pooled over all quotes shown",
        "higher",
        "share",
        _quote_verbatim,
        margin=0.0,
    ),
    Measure(
        "statement_cited",
        "share of statements with at least one verified citation",
        "pooled over all statements shown",
        "higher",
        "share",
        _statement_cited,
        margin=0.0,
    ),
    Measure(
        "citation_precision",
        "share of the pages cited that are gold pages, over answered answerable questions",
        "ALCE (Gao et al. 2023), on pages instead of an entailment model",
        "higher",
        "share",
        _citation_precision,
    ),
    Measure(
        "citation_recall",
        "share of evidence groups with a page cited; a refused answerable question cites none",
        "ALCE (Gao et al. 2023), on pages instead of an entailment model",
        "higher",
        "share",
        _citation_recall,
    ),
    Measure(
        "citation_recall_answered",
        "citation_recall over answered questions alone",
        "as citation_recall",
        "higher",
        "share",
        _citation_recall_answered,
    ),
    Measure(
        "printed_page_accuracy",
        "share of citations on a gold page that name its printed page",
        "pooled over citations on gold pages with a printed page",
        "higher",
        "share",
        _printed_page_accuracy,
    ),
    Measure(
        "paragraph_accuracy",
        "share of citations on a gold page that name a paragraph of the evidence there",
        "pooled over citations on gold pages with a numbered paragraph",
        "higher",
        "share",
        _paragraph_accuracy,
    ),
)
