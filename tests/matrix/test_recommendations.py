"""Finding a report and reading its recommendations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.corpus.clean import clean
from assistant.errors import DocumentError
from assistant.index.reader import Index
from assistant.matrix.recommendations import MatrixError, ReportReader, same_work

REPORT = "rra641-1_digest.pdf"
# A word that only this recommendation opens with, in the report's order.
OPENING = (
    *("land-force cell", "predeployment training", "operational partnering", "classification"),
    *("co-development", "Roundtables", "first principles", "engagement plans", "pilot initiative"),
    "engagement partnering",
)


def test_the_report_is_detected_with_all_ten_in_order(index: Index) -> None:
    report = ReportReader(index).read()
    assert report.document.file == REPORT
    assert [r.number for r in report.recommendations] == list(range(1, 11))
    for recommendation, opening in zip(report.recommendations, OPENING, strict=True):
        first = recommendation.text.partition(".")[0] + recommendation.text[:90]
        assert opening in first


def test_a_chosen_report_is_the_same(index: Index) -> None:
    reader = ReportReader(index)
    assert reader.read(REPORT) == reader.read()


def test_every_recommendation_is_cited_verbatim(index: Index) -> None:
    for recommendation in ReportReader(index).read().recommendations:
        assert recommendation.citations
        assert recommendation.statement.citations
        for citation in recommendation.citations:
            assert citation.status == "verified"
            assert citation.pdf_page == 7
            page = index.store.page(citation.document.id, citation.pdf_page)
            assert page is not None
            assert clean(page.text[citation.start : citation.end]).strip() == citation.quote
            assert "".join(recommendation.text.split()) in "".join(citation.quote.split())


def test_what_has_no_recommendations_is_told_so(index: Index) -> None:
    with pytest.raises(MatrixError, match="no list under a heading"):
        ReportReader(index).read("security_cooperation_policy_digest.pdf")
    with pytest.raises(DocumentError, match=r"no document nothing\.pdf"):
        ReportReader(index).read("nothing.pdf")


def test_the_report_shown_again_is_the_same_work(index: Index) -> None:
    report = ReportReader(index).read().document
    others = [d for d in index.documents.values() if d.id != report.id]
    page = replace(report, id="page", file="page.html.pdf", title="A page about it")
    again = replace(report, id="again", designation="Other", title=report.title + " again")
    assert same_work(report, [*others, page, again]) == {report.id, "page", "again"}
    assert same_work(report, others) == {report.id}
