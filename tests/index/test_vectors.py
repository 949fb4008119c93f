"""That the search for vectors misses nothing, and finds the same in every process."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from assistant.index import vectors as module
from assistant.index.embedder import Vectors
from assistant.index.vectors import PassageVectors
from assistant.types import Part, Passage, Span

NUMBER, DIMENSIONS, WANTED = 3000, 384, 60


def passage(number: int) -> Passage:
    parts = (Part("text", (Span(1, 0, 1),)),)
    return Passage(f"p{number}", "d", (), None, "paragraph", parts, "text", order=number)


def normal(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PassageVectors, Vectors]:
    """Vectors in clusters, as those of documents are, written in several batches."""
    rng = np.random.default_rng(3)
    subjects = rng.normal(size=(60, DIMENSIONS))
    found = normal(
        subjects[rng.integers(60, size=NUMBER)] + 0.7 * rng.normal(size=(NUMBER, DIMENSIONS))
    )
    generation = tmp_path_factory.mktemp("index") / "generation-1"
    generation.mkdir()
    vectors = PassageVectors(generation, create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH", 700)
        vectors.add([passage(number) for number in range(NUMBER)], found)
    return generation, vectors, found


def test_the_nearest_are_those_of_an_exact_search(
    filled: tuple[Path, PassageVectors, Vectors],
) -> None:
    _, vectors, stored = filled
    rng = np.random.default_rng(4)
    questions = normal(stored[::75] + 0.05 * rng.normal(size=(NUMBER // 75, DIMENSIONS)))
    missed = 0
    for question in questions:
        similarities = stored @ question
        exact = {f"p{number}" for number in np.argsort(-similarities)[:WANTED]}
        found = vectors.nearest(question, WANTED)
        assert found[0][1] == pytest.approx(float(similarities.max()), abs=1e-4)
        missed += len(exact - {id_ for id_, _ in found})
    assert missed <= 0.002 * WANTED * len(questions)


def test_nothing_is_left_for_each_process_to_put_into_the_graph_anew(
    filled: tuple[Path, PassageVectors, Vectors],
) -> None:
    generation, vectors, _ = filled
    assert vectors.count() == NUMBER
    database = sqlite3.connect(generation / "chroma" / "chroma.sqlite3")
    written = [seen for (seen,) in database.execute("SELECT seq_id FROM max_seq_id")]
    database.close()
    assert written == [NUMBER, NUMBER]  # the metadata's and the graph's last record
