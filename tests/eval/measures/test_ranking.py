"""Measures of the ranked pages, against what was worked out by hand and by other means."""

from __future__ import annotations

from math import log2

from hypothesis import given
from hypothesis import strategies as st

from assistant.eval.gold import PageId
from assistant.eval.measures import BY_NAME
from tests.eval.measures.cases import (
    MANY,
    NOTHING_THERE,
    P1,
    P2,
    P3,
    UNANSWERABLE,
    X1,
    X2,
    X3,
    X4,
    X5,
    Case,
    answer,
    check,
    found,
    groups,
    parametrize,
)

ONE = groups((P1,))
TWO = groups((P1,), (P2,))
EITHER = groups((P1, P2))
EITHER_AND = groups((P1, P2), (P3,))
SHARED = groups((P1, P2), (P1,))  # the first page holds both pieces
ELEVEN = groups(*((page,) for page in MANY[:11]))
G2, G3 = 1 / log2(3), 1 / log2(4)  # the gain at rank 2 and 3; at rank 1 it is 1

SIXTH = found(X1, X2, X3, X4, X5, P1)
ELEVENTH = found(*MANY[:10], P1)
TWICE = found(X1, X1, P1, X1)  # the second of the distinct pages
OVER_TWO = answer(
    hits=[
        {"file": "gold.pdf", "pdf_page": 8, "spans": [{"pdf_page": 8}, {"pdf_page": 9}]},
        {"file": "gold.pdf", "pdf_page": 1, "spans": [{"pdf_page": 1}]},
    ]
)
STARTS_LATER = answer(  # the page that a passage names goes first
    hits=[{"file": "gold.pdf", "pdf_page": 2, "spans": [{"pdf_page": 1}, {"pdf_page": 2}]}]
)

CASES = [
    *(
        Case("nothing found", measure, ONE, answer(), 0.0)
        for measure in ("page_hit@1", "page_hit@5", "page_hit@10", "mrr", "ndcg@10")
    ),
    *(
        Case("at once", measure, ONE, found(P1, X1), 1.0)
        for measure in ("page_hit@1", "page_hit@5", "page_hit@10", "mrr", "ndcg@10")
    ),
    *(
        Case("refused, but found", measure, ONE, found(X1, P1, abstained=True), expected)
        for measure, expected in (("page_hit@5", 1.0), ("mrr", 0.5), ("evidence_recall@5", 1.0))
    ),
    *(
        Case("unanswerable", measure, NOTHING_THERE, found(P1), UNANSWERABLE)
        for measure in (
            *("page_hit@1", "page_hit@5", "page_hit@10", "mrr", "ndcg@10"),
            *("evidence_recall@5", "evidence_recall@10"),
        )
    ),
    Case("sixth", "page_hit@5", ONE, SIXTH, 0.0),
    Case("sixth", "page_hit@10", ONE, SIXTH, 1.0),
    Case("sixth", "mrr", ONE, SIXTH, 1 / 6),
    Case("sixth", "ndcg@10", ONE, SIXTH, 1 / log2(7)),
    Case("eleventh", "page_hit@10", ONE, ELEVENTH, 0.0),
    Case("eleventh", "mrr", ONE, ELEVENTH, 1 / 11),
    Case("eleventh", "ndcg@10", ONE, ELEVENTH, 0.0),
    Case("fortieth", "mrr", ONE, found(*MANY[:39], P1), 1 / 40),
    Case("another file's page of that number", "page_hit@10", ONE, found(X1), 0.0),
    Case("the same page twice", "page_hit@1", ONE, TWICE, 0.0),
    Case("the same page twice", "mrr", ONE, TWICE, 1 / 2),
    Case("the same page twice", "ndcg@10", ONE, TWICE, G2),
    Case("the gold page twice", "ndcg@10", TWO, found(P1, P1, P2), 1.0),
    Case("a passage over two pages", "mrr", ONE, OVER_TWO, 1 / 3),
    Case("a passage over two pages", "ndcg@10", ONE, OVER_TWO, G3),
    Case("a passage that goes on", "mrr", groups((("gold.pdf", 9),)), OVER_TWO, 1 / 2),
    Case("a passage that names its second page", "mrr", ONE, STARTS_LATER, 1 / 2),
    Case("either page, in reverse", "page_hit@1", EITHER, found(P2, P1), 1.0),
    Case("either page", "mrr", EITHER, found(X1, P2, P1), 1 / 2),
    Case("either, the one", "ndcg@10", EITHER, found(P1), 1.0),
    Case("either, the other", "ndcg@10", EITHER, found(P2), 1.0),
    Case("either, both", "ndcg@10", EITHER, found(P1, P2), 1.0),
    Case("either, both in reverse", "ndcg@10", EITHER, found(P2, P1), 1.0),
    Case("either, the second far down", "ndcg@10", EITHER, found(P1, X1, X2, P2), 1.0),
    Case("either, both late", "ndcg@10", EITHER, found(X1, P1, P2), G2),
    Case("either, then another piece", "ndcg@10", EITHER_AND, found(P1, P2, P3), 1.0),
    Case(
        "either, the other piece late", "ndcg@10", EITHER_AND, found(P1, P2, X1, P3), 1.5 / (1 + G2)
    ),
    Case("either, the other piece missing", "ndcg@10", EITHER_AND, found(P1, P2), 1 / (1 + G2)),
    Case("neither, the other piece", "ndcg@10", EITHER_AND, found(P3), 1 / (1 + G2)),
    Case("one of two", "ndcg@10", TWO, found(X1, P2), G2 / (1 + G2)),
    Case("two of two", "ndcg@10", TWO, found(P2, X1, P1), (1 + G3) / (1 + G2)),
    Case("both pieces on one page", "ndcg@10", SHARED, found(P1), 1.0),
    Case("both pieces on one page, late", "ndcg@10", SHARED, found(X1, P1), G2),
    Case("both pieces, on two pages", "ndcg@10", SHARED, found(P2, P1), 1.0),
    Case("one piece of a shared page", "ndcg@10", SHARED, found(P2), 1 / (1 + G2)),
    Case("two pieces, one page each, same page", "ndcg@10", groups((P1,), (P1,)), found(P1), 1.0),
    Case("more pieces than ranks", "ndcg@10", ELEVEN, found(*MANY[:11]), 1.0),
    Case("nothing found", "evidence_recall@5", TWO, answer(), 0.0),
    Case("one of two", "evidence_recall@5", TWO, found(X1, P2), 0.5),
    Case("either page", "evidence_recall@5", EITHER, found(P2), 1.0),
    Case("either page, both", "evidence_recall@5", EITHER_AND, found(P1, P2), 0.5),
    Case("both pieces on one page", "evidence_recall@5", SHARED, found(P1), 1.0),
    Case("the second is sixth", "evidence_recall@5", TWO, found(P1, *MANY[:4], P2), 0.5),
    Case("the second is sixth", "evidence_recall@10", TWO, found(P1, *MANY[:4], P2), 1.0),
    Case("a page twice takes no rank", "evidence_recall@5", ONE, found(*[X1] * 5, P1), 1.0),
    Case("more pieces than ranks", "evidence_recall@10", ELEVEN, found(*MANY[:11]), 10 / 11),
    Case(
        "names with blanks and signs",
        "mrr",
        groups((("a #1.pdf", 1),)),
        found(("a", 11), ("a #1.pdf", 1)),
        0.5,
    ),
]


@parametrize(CASES)
def test_ranking(case: Case) -> None:
    check(case)


PAGES = st.sampled_from([*MANY[:12], P1, P2, P3])
RANKINGS = st.lists(PAGES, max_size=20)
GROUPS = st.lists(
    st.lists(st.sampled_from([P1, P2, P3, *MANY[:3]]), min_size=1, max_size=3, unique=True),
    min_size=1,
    max_size=4,
)
NAMES = ["page_hit@1", "page_hit@5", "page_hit@10", "evidence_recall@5", "mrr", "ndcg@10"]


def value(measure: str, wanted: list[list[PageId]], ranking: list[PageId]) -> float:
    score = BY_NAME[measure].score(groups(*map(tuple, wanted)), found(*ranking))
    assert score.value is not None
    return score.value


@given(GROUPS, RANKINGS)
def test_hits_and_rank_are_what_a_loop_counts(
    wanted: list[list[PageId]], ranking: list[PageId]
) -> None:
    distinct = list(dict.fromkeys(ranking))
    right = [n for n, page in enumerate(distinct, 1) if any(page in group for group in wanted)]
    for k in (1, 5, 10):
        assert value(f"page_hit@{k}", wanted, ranking) == bool(right and right[0] <= k)
    expected = 1 / right[0] if right else 0.0
    assert abs(value("mrr", wanted, ranking) - expected) < 1e-9


@given(GROUPS, RANKINGS)
def test_every_value_is_a_share(wanted: list[list[PageId]], ranking: list[PageId]) -> None:
    for measure in NAMES:
        assert 0 <= value(measure, wanted, ranking) <= 1 + 1e-12


@given(GROUPS, RANKINGS, PAGES)
def test_one_more_page_at_the_end_never_hurts(
    wanted: list[list[PageId]], ranking: list[PageId], page: PageId
) -> None:
    for measure in NAMES:
        if measure != "ndcg@10":  # there a page may turn out to be one that counts
            assert value(measure, wanted, [*ranking, page]) >= value(measure, wanted, ranking)


@given(RANKINGS, st.integers(0, 20))
def test_a_second_page_of_the_same_evidence_is_neither_gain_nor_loss(
    ranking: list[PageId], place: int
) -> None:
    ranking = [page for page in ranking if page not in (P1, P2)]
    at = min(place, len(ranking))
    first = [*ranking[:at], P1, *ranking[at:]]
    for later in range(at + 1, len(first) + 1):
        second = [*first[:later], P2, *first[later:]]
        for wanted in ([[P1, P2]], [[P1, P2], [P3]]):
            before, after = value("ndcg@10", wanted, first), value("ndcg@10", wanted, second)
            assert abs(after - before) < 1e-9


@given(GROUPS, RANKINGS)
def test_ndcg_is_one_where_every_piece_comes_first(
    wanted: list[list[PageId]], ranking: list[PageId]
) -> None:
    pages = list(dict.fromkeys(page for group in wanted for page in group))
    assert abs(value("ndcg@10", wanted, [*pages, *ranking]) - 1) < 1e-9
