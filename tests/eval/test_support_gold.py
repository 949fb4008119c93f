"""Held-out statements with passages: that the files are sound, and how well the check does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.answer.support import SupportJudge
from assistant.errors import AssistantError
from assistant.eval.support_gold import ERRORS, SupportPair, figures, judge_pairs, load_pairs
from assistant.index.reader import open_index
from assistant.workspace import Workspace

HERE = Path(__file__).resolve().parents[2]
HELD_OUT = [
    "support.jsonl",
    *(
        f"support_{which}.jsonl"
        for which in ("second", "third", "fourth", "fifth", "sixth", "seventh")
    ),
]


def pair(number: int, error: str | None) -> SupportPair:
    known = {"id": str(number), "statement": "It is closed.", "passage": "It is open."}
    return SupportPair.model_validate({**known, "supported": error is None, "error": error})


@pytest.mark.parametrize("name", HELD_OUT)
def test_half_of_a_file_is_supported_and_the_sorts_of_error_are_even(name: str) -> None:
    pairs = load_pairs(HERE / "eval" / name)
    assert len({one.id for one in pairs}) == len(pairs) >= 350
    assert sum(one.supported for one in pairs) / len(pairs) == pytest.approx(0.5, abs=0.01)
    counts = Counter(one.error for one in pairs if one.error)
    assert set(counts) == set(ERRORS)
    assert max(counts.values()) - min(counts.values()) <= 2


@pytest.mark.parametrize("name", HELD_OUT)
def test_nothing_held_out_is_learned_from(name: str) -> None:
    learned = {
        (one.statement, one.passage)
        for path in (HERE / "benchmarks" / "pairs").rglob("*.jsonl")
        for one in load_pairs(path)
    }
    assert learned
    assert not learned & {(o.statement, o.passage) for o in load_pairs(HERE / "eval" / name)}


def test_figures_count_what_is_flagged_and_what_is_wrong() -> None:
    pairs = [pair(1, None), pair(2, None), pair(3, "number"), pair(4, "name")]
    found = figures(pairs, [True, False, False, True])
    assert (found.precision.value, found.precision.of) == (0.5, 2)
    assert (found.recall.value, found.recall.of) == (0.5, 2)
    assert {error: share.value for error, share in found.by_error.items()} == {
        "number": 1.0,
        "name": 0.0,
    }
    assert found.wrong == ("2", "4")


def test_every_pair_needs_a_verdict() -> None:
    with pytest.raises(AssistantError, match="verdict"):
        figures([pair(1, None)], [])


def test_a_pair_that_contradicts_itself_is_named(tmp_path: Path) -> None:
    gold = tmp_path / "pairs.jsonl"
    gold.write_text('{"id": "1", "statement": "a", "passage": "b", "supported": false}\n')
    with pytest.raises(AssistantError, match="contradict"):
        load_pairs(gold)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_unsupported_statements_are_told(starter_workspace: Workspace) -> None:
    index = open_index(starter_workspace)
    judge = SupportJudge(index.embedder, index.acronyms)
    sources = {one.file: f"{one.designation} {one.title}" for one in index.documents.values()}
    pairs = [one for name in HELD_OUT for one in load_pairs(HERE / "eval" / name)]
    found = judge_pairs(pairs, judge, sources)
    index.close()
    assert found.precision.value and found.precision.value >= 0.9, found
    assert found.recall.value and found.recall.value >= 0.8, found
