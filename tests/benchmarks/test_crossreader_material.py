"""What the cross-reader learns from: read as written, and changed by rule."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.index.embedder import model_folder
from benchmarks.crossreader.changes import made, sentences
from benchmarks.crossreader.disguise import Disguise
from benchmarks.crossreader.material import (
    FOLDS,
    Example,
    MalformedError,
    Piece,
    edited,
    fold_of,
    read,
    writer_of,
)
from benchmarks.crossreader.mixture import MOST, PART, Mixture
from benchmarks.crossreader.training import Plan, learned, learning

BLOCK = """# CHAPTER 3 > 3.2. Release authority
3-12. The disclosure officer decides within 48 hours whether a partner may see a product. (DIS-5,
para 3-12, p. 44) The Collection Manager must recommend it to the Regional Command.
+ The disclosure officer decides whether a partner may see a product.
name: disclosure officer => Collection Manager
scope: may see => may copy || whether a partner => whether any partner
negation: decides whether => decides
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_block_is_read_with_its_edits(tmp_path: Path) -> None:
    true, *false = read([written(tmp_path, BLOCK)])
    assert true.heading == ("CHAPTER 3", "3.2. Release authority")
    assert true.passage.startswith("3-12. The disclosure officer decides within 48 hours")
    assert [one.error for one in (true, *false)] == [None, "name", "scope", "negation"]
    assert true.weight == 2.5
    assert (
        false[0].statement == "The Collection Manager decides whether a partner may see a product."
    )
    wrong = [[piece.text for piece in one.pieces if piece.wrong] for one in false]
    assert wrong == [["Collection Manager"], ["any", "copy"], ["decides"]]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("A passage.\n+ It is true.\nname: nobody => all\n", "nothing to replace exactly once"),
        ("A passage.\n+ It is true.\nname: It\n", "nothing to replace exactly once"),
        ("A passage.\n+ It is true.\nMore of it.\n", "not understood"),
        ("A passage alone.\n", "no passage or no statement"),
        ("+ A statement alone.\n", "no passage or no statement"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, block: str, message: str) -> None:
    with pytest.raises(MalformedError, match=f"block 1: {message}"):
        read([written(tmp_path, block)])


WORDS = st.lists(st.text("abc", min_size=1, max_size=3), max_size=6)


@given(WORDS, WORDS, WORDS, WORDS)
def test_an_edit_does_what_replacing_does(
    before: list[str], old: list[str], new: list[str], after: list[str]
) -> None:
    words = [*before, *old, *after]
    assume(len(set(words)) == len(words))
    statement = " ".join(words)
    pieces = edited(statement, f"{' '.join(old)} => {' '.join(new)}")
    if pieces is not None:  # else the old words are not there once, or nothing is changed
        said = "".join(piece.text for piece in pieces).lower()
        assert said.split() == [*before, *new, *after]
        assert any(piece.wrong for piece in pieces)


def test_the_packaged_material_can_be_read() -> None:
    folder = Path(__file__).resolve().parents[2] / "benchmarks" / "pairs" / "edited"
    examples = read(sorted(folder.glob("*.txt")))
    assert {one.error for one in examples} == {
        *(None, "number", "date", "name", "negation", "scope", "elsewhere")
    }
    assert all(any(p.wrong for p in one.pieces) == (one.error is not None) for one in examples)


def test_sentences_are_bare() -> None:
    passage = (
        "3-12. The clerk keeps the list of all visitors. (DIS-5, para 3-12, p. 44)\n• Too short."
    )
    assert sentences(passage) == ["The clerk keeps the list of all visitors."]


@pytest.mark.parametrize("seed", range(5))
def test_what_rules_make_false_differs_where_it_says(tmp_path: Path, seed: int) -> None:
    examples = read([written(tmp_path, BLOCK)])
    found = made(examples, random.Random(seed))
    true = {one.statement for one in found if one.error is None}
    assert "The Collection Manager must recommend it to the Regional Command." in true
    false = [one for one in found if one.error is not None]
    assert false
    for one in false:
        assert one.statement not in true
        assert any(piece.wrong for piece in one.pieces)


@pytest.mark.parametrize("seed", range(20))
def test_a_disguise_changes_both_sides_alike(seed: int) -> None:
    pieces = (Piece("Within 48 hours, the JTF has "), Piece("three", wrong=True), Piece(" boats."))
    example = Example(pieces, (), "In 48 hours the JTF has 48 boats, in 3 it has four.", "number")
    other = Disguise([example]).on(example, random.Random(seed))
    assert other.error == "number"
    assert [piece.wrong for piece in other.pieces] == [False, True, False]
    hours = other.statement.split()[1]
    assert other.passage.split()[1] == hours
    assert other.passage.split()[6] == hours


def mixture(folder: Path, own: bool) -> Mixture:
    other = BLOCK.replace("disclosure officer", "claims office").replace("48 hours", "two weeks")
    examples = tuple(read([written(folder, f"{BLOCK}\n{other}")]))
    return Mixture(examples, examples[:1] if own else (), {"harder": examples[1:2]}, seed=1)


@pytest.mark.parametrize("own", [False, True])
def test_a_part_is_mixed_by_its_number(tmp_path: Path, own: bool) -> None:
    mixed = mixture(tmp_path, own)
    part = mixed.part(3, 4)
    assert len(part) == PART and part == mixed.part(3, 4) != mixed.part(2, 4)
    assert {None, "name", "scope"} <= {one.error for one in part}
    assert any(one.error == "elsewhere" for one in part)


def test_batches_do_not_come_by_length(tmp_path: Path) -> None:
    plan = Plan(mixture(tmp_path, own=True), model_folder(""), parts=1, size=256)
    lengths = [batch.ids.shape[1] for batch in plan.part(0)]
    assert len(lengths) == PART / 256 and lengths != sorted(lengths)
    assert len(set(lengths)) > 1


def test_passages_among_others_are_no_longer_than_is_read(tmp_path: Path) -> None:
    part = mixture(tmp_path, own=True).part(0, 1)
    lengths = {len(one.passage.split()) for one in part}
    assert min(lengths) < max(lengths) <= MOST
    for one in part:
        if one.error is None and "claims office" in one.statement:
            assert "claims office" in one.passage


def test_pairs_of_a_writer_belong_to_one_fold() -> None:
    files = sorted((Path(__file__).parents[2] / "benchmarks" / "pairs").glob("*.jsonl"))
    folds = {writer_of(path): fold_of(path) for path in files}
    assert all(fold_of(path) == folds[writer_of(path)] for path in files)
    assert set(folds.values()) == set(range(len(FOLDS)))
    with pytest.raises(LookupError, match="no writer"):
        fold_of(Path("answers_unknown.jsonl"))


def test_what_is_kept_of_what_was_learned_gives_it_back(tmp_path: Path) -> None:
    torch.manual_seed(0)
    folder = model_folder("")
    network = learning(folder, dropout=0.0)
    with torch.no_grad():
        for _, holder, last in network.matrices():
            matrix = getattr(holder, last).weight
            left, right = torch.randn(matrix.shape[0], 2), torch.randn(2, matrix.shape[1])
            matrix += 0.01 * left @ right
        network.pair[-1].bias += 1.0
    path = tmp_path / "kept.npz"
    np.savez(path, **learned(network, folder, rank=2))  # type: ignore[arg-type]
    again = learning(folder, dropout=0.0, start=path)
    for (name, one), (_, other) in zip(
        network.named_parameters(), again.named_parameters(), strict=True
    ):
        assert torch.allclose(one, other, atol=1e-3), name
