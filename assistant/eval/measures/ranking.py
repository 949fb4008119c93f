"""Measures of the ranked passages' pages, over answerable questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import ir_measures
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

from assistant.eval.gold import GoldQuestion, PageId
from assistant.eval.measures.measure import NOT_ANSWERABLE, Measure, Score
from assistant.eval.record import AnswerRecord

_GIVEN: Final = "ir_measures"
_CUTS: Final = (1, 5, 10)


def _page_hit(k: int) -> Callable[[GoldQuestion, AnswerRecord], Score]:
    def score(gold: GoldQuestion, answer: AnswerRecord) -> Score:
        return _calculated(Success @ k, gold, gold.pages, answer.ranked_pages)

    return score


def _reciprocal_rank(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    return _calculated(RR, gold, gold.pages, answer.ranked_pages)


def _ndcg(gold: GoldQuestion, answer: AnswerRecord) -> Score:
    ranked, relevant = _one_page_a_group(gold, answer.ranked_pages)
    return _calculated(nDCG @ 10, gold, relevant, ranked)


def _evidence_recall(k: int) -> Callable[[GoldQuestion, AnswerRecord], Score]:
    def score(gold: GoldQuestion, answer: AnswerRecord) -> Score:
        if not gold.answerable:
            return NOT_ANSWERABLE
        found = set(answer.ranked_pages[:k])
        met = sum(not pages.isdisjoint(found) for pages in gold.groups.values())
        return Score(met / len(gold.groups))

    return score


def _one_page_a_group(
    gold: GoldQuestion, ranked: Sequence[PageId]
) -> tuple[list[PageId], set[PageId]]:
    """``ranked`` without pages that repeat evidence given before, and the pages that count.

    Of interchangeable pages one is enough: a second one is neither a gain nor a loss. A group
    that no page meets counts with one page of its own.
    """
    kept: list[PageId] = []
    relevant: set[PageId] = set()
    unmet = dict(gold.groups)
    for page in ranked:
        new = [group for group, pages in unmet.items() if page in pages]
        for group in new:
            del unmet[group]
        if new:
            relevant.add(page)
        if new or page not in gold.pages:
            kept.append(page)
    for pages in unmet.values():
        if relevant.isdisjoint(pages):
            relevant.add(min(pages))
    return kept, relevant


def _calculated(
    measure: ir_measures.Measure,
    gold: GoldQuestion,
    relevant: frozenset[PageId] | set[PageId],
    ranked: Sequence[PageId],
) -> Score:
    """``measure`` of a ranking whose scores fall with the rank, so that nothing is tied."""
    if not gold.answerable:
        return NOT_ANSWERABLE
    qrels = [Qrel(gold.id, _name(page), 1) for page in sorted(relevant)]
    run = [ScoredDoc(gold.id, _name(page), -float(rank)) for rank, page in enumerate(ranked)]
    (result,) = ir_measures.iter_calc([measure], qrels, run)
    return Score(float(result.value))


def _name(page: PageId) -> str:
    return f"{page[0]}#{page[1]}"


RANKING: Final[tuple[Measure, ...]] = (
    *(
        Measure(
            f"page_hit@{k}",
            f"whether a gold page is among the first {k} distinct pages of the passages found",
            f"{_GIVEN} Success@{k}",
            "higher",
            "yes-no",
            _page_hit(k),
        )
        for k in _CUTS
    ),
    *(
        Measure(
            f"evidence_recall@{k}",
            f"share of evidence groups with a page among the first {k} distinct pages",
            "recall over groups of interchangeable evidence",
            "higher",
            "share",
            _evidence_recall(k),
        )
        for k in (5, 10)
    ),
    Measure(
        "mrr",
        "one over the rank of the first gold page, 0 where there is none",
        f"{_GIVEN} RR",
        "higher",
        "share",
        _reciprocal_rank,
    ),
    Measure(
        "ndcg@10",
        "discounted gain of the first 10 pages; of interchangeable pages the first counts",
        f"{_GIVEN} nDCG@10 (Järvelin and Kekäläinen 2002)",
        "higher",
        "share",
        _ndcg,
    ),
)
