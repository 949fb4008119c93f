from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import RetrieveSettings
from assistant.index.builder import build_index
from assistant.index.reader import open_index
from assistant.retrieve.retriever import Retrieval, Retriever
from assistant.types import Filters
from assistant.workspace import Workspace
from tests.answer.papers import guides, indexed
from tests.retrieve.test_query import ODD

QUESTIONS = [
    "Who controls movement to the river?",
    "What is a crossing site?",
    "How long does smoke hide the bridge?",
    "When does the training hall open?",
]


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return guides(Path(tmp_path_factory.mktemp("guides")) / "workspace")


def opened(workspace: Workspace) -> Retriever:
    return Retriever(open_index(workspace), RetrieveSettings())


@pytest.fixture(scope="module")
def retriever(guide: Workspace) -> Retriever:
    return opened(guide)


@pytest.fixture(scope="module")
def starter(starter_workspace: Workspace) -> Iterator[Retriever]:
    yield opened(starter_workspace)


def labels(found: Retrieval) -> list[str | None]:
    return [hit.passage.paragraph for hit in found.hits]


def files(found: Retrieval) -> set[str]:
    return {hit.document.file for hit in found.hits}


# --- Look-ups ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["FM 9-77 para 1-4", "fm9-77 paragraph 1-4", "FM 9-77 1-4", "1-4 of FM 9-77"]
)
def test_a_paragraph_is_looked_up_in_the_edition_in_force(
    retriever: Retriever, question: str
) -> None:
    found = retriever.search(question)
    assert found.looked_up
    assert labels(found) == ["1-4"]
    assert files(found) == {"guide.pdf"}
    assert all(set(hit.ranks) == {"lookup"} for hit in found.hits)


def test_the_year_names_the_superseded_edition(retriever: Retriever) -> None:
    found = retriever.search("FM 9-77 (2015) para 1-4")
    assert found.looked_up
    assert files(found) == {"old/guide.pdf"}


def test_a_filter_chooses_the_edition_too(retriever: Retriever) -> None:
    found = retriever.search("FM 9-77 para 1-4", Filters(statuses=("superseded",)))
    assert found.looked_up
    assert files(found) == {"old/guide.pdf"}


def test_a_place_needs_no_name_where_only_one_document_is_chosen(retriever: Retriever) -> None:
    assert labels(retriever.search("para 1-4", Filters(files=("guide.pdf",)))) == ["1-4"]
    assert retriever.search("para 1-4").place is None


def test_a_page_is_looked_up(retriever: Retriever) -> None:
    found = retriever.search("FM 9-77 PDF page 2")
    assert found.looked_up
    assert labels(found) == ["1-3", "1-4", "1-5"]
    assert all(any(s.page == 2 for s in hit.passage.spans) for hit in found.hits)


@pytest.mark.parametrize(
    ("question", "file", "page"),
    [
        ("Ops Digest page 3-1", "operations_multinational_digest.pdf", 11),
        ("Ops Digest p. A-1", "operations_multinational_digest.pdf", 19),
        ("SC Policy Digest p. 4", "security_cooperation_policy_digest.pdf", 6),
        ("RR-A641-1 Digest page ii", "rra641-1_digest.pdf", 3),
        ("RR-A641-1 Digest Page II", "rra641-1_digest.pdf", 3),
        ("Ops Digest 2019 p. 4", "operations_multinational_digest_2019.pdf", 6),
    ],
)
def test_printed_pages_are_looked_up(
    starter: Retriever, question: str, file: str, page: int
) -> None:
    found = starter.search(question)
    assert found.looked_up
    assert files(found) == {file}
    assert all(any(s.page == page for s in hit.passage.spans) for hit in found.hits)


def test_a_place_that_is_not_there_is_said_to_be_missing(retriever: Retriever) -> None:
    for question in ("FM 9-77 para 9-99", "FM 9-77 p. 77", "FM 9-77 PDF page 77"):
        found = retriever.search(question)
        assert found.place is not None
        assert not found.looked_up
        assert all("lookup" not in hit.ranks for hit in found.hits)


def test_a_named_document_outside_the_filters_is_not_looked_into(retriever: Retriever) -> None:
    found = retriever.search("FM 9-77 para 1-4", Filters(files=("memo.pdf",)))
    assert found.place is not None
    assert found.place.documents == ()
    assert files(found) == {"memo.pdf"}


# --- Search -----------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["guide.pdf", "old/guide.pdf", "memo.pdf"])
def test_a_filter_by_file_leaves_no_other(retriever: Retriever, file: str) -> None:
    for question in QUESTIONS:
        assert files(retriever.search(question, Filters(files=(file,)))) == {file}


def test_a_filter_by_status(retriever: Retriever) -> None:
    found = retriever.search("crossing site", Filters(statuses=("superseded",)))
    assert files(found) == {"old/guide.pdf"}
    found = retriever.search("crossing site", Filters(statuses=("current",)))
    assert "old/guide.pdf" not in files(found)


def test_filters_that_leave_nothing(retriever: Retriever) -> None:
    for filters in (
        Filters(files=("no such file.pdf",)),
        Filters(statuses=("draft",)),
        Filters(files=("memo.pdf",), statuses=("superseded",)),
    ):
        found = retriever.search("Who controls movement to the river?", filters)
        assert (found.hits, found.similarity) == ((), 0.0)


def test_a_corpus_without_text_finds_nothing(tmp_path: Path) -> None:
    silent = opened(indexed(tmp_path / "silent", {"blank.pdf": ["", ""]}))
    for question in ("Who controls movement?", "FM 9-77 para 1-1", "para 1-1"):
        assert silent.search(question).hits == ()


def test_the_current_edition_stands_above_the_superseded_one(retriever: Retriever) -> None:
    hits = retriever.search("What is a crossing site?").hits
    order = [hit.document.status for hit in hits if hit.passage.paragraph == "1-1"]
    assert order == ["current", "superseded"]


def test_naming_the_manual_still_prefers_the_edition_in_force(retriever: Retriever) -> None:
    assert retriever.search("crossing site in FM 9-77").hits[0].document.status == "current"
    assert retriever.search("crossing site in FM 9-77 of 2015").hits[0].document.status == (
        "superseded"
    )


def test_hits_are_ranked_limited_and_say_where_they_came_from(retriever: Retriever) -> None:
    found = retriever.search("Who controls movement to the river?", limit=4)
    assert [hit.rank for hit in found.hits] == [1, 2, 3, 4]
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(set(hit.ranks) <= {"dense", "lexical"} and hit.ranks for hit in found.hits)
    assert len({hit.passage.id for hit in found.hits}) == 4
    assert 0.3 < found.similarity <= 1.0


def ranking(retriever: Retriever, question: str) -> list[tuple[str, float]]:
    return [(hit.passage.id, hit.score) for hit in retriever.search(question).hits]


def test_the_same_question_finds_the_same_twice(starter: Retriever) -> None:
    for question in ("What are the tenets?", "security cooperation", *QUESTIONS):
        assert ranking(starter, question) == ranking(starter, question)


def test_two_builds_of_one_corpus_rank_alike(guide: Workspace, tmp_path: Path) -> None:
    copy = Workspace.find(shutil.copytree(guide.root, tmp_path / "copy"))
    shutil.rmtree(copy.index)
    build_index(copy)
    first, second = opened(guide), opened(copy)
    for question in QUESTIONS:
        assert ranking(first, question) == ranking(second, question)


@pytest.mark.parametrize("question", ODD)
def test_odd_questions_are_searched(retriever: Retriever, question: str) -> None:
    retriever.search(question, Filters(files=("guide.pdf", "memo.pdf")))


def test_an_acronym_finds_what_only_spells_it_out(starter: Retriever) -> None:
    found = starter.search("What are the SC responsibilities of a GCC?")
    assert "geographic combatant command" in found.query.searched
    assert found.hits[0].document.file == "security_cooperation_policy_digest.pdf"
