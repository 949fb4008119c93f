from __future__ import annotations

from assistant.retrieve.ranking import rank_passages
from assistant.types import Document, Part, Passage, PassageKind, Span, Status

LONG = (
    "The crossing area commander controls movement to the river and keeps the approach routes " * 2
)


def document(id_: str, status: Status = "current") -> Document:
    return Document(id_, f"{id_}.pdf", "", id_, id_, status=status)


def passage(
    id_: str, owner: str, order: int = 0, kind: PassageKind = "paragraph", text: str = LONG
) -> Passage:
    parts = (Part("text", (Span(1, 0, len(text)),)),)
    return Passage(id_, owner, (), None, kind, parts, text, order=order)


DOCUMENTS = {d.id: d for d in [document("new"), document("old", "superseded"), document("other")]}


def ranked(passages: list[Passage], named: tuple[str, ...] = (), best: float = 0.0) -> list[str]:
    """Ids in their final order; fused scores are equal but for the first one's ``best``."""
    fused = {p.id: 0.05 + (best if i == 0 else 0.0) for i, p in enumerate(passages)}
    return [p.id for p, _ in rank_passages(fused, {p.id: p for p in passages}, DOCUMENTS, named)]


def test_a_superseded_edition_stands_below_the_current_one() -> None:
    assert ranked([passage("a", "old"), passage("b", "new")]) == ["b", "a"]


def test_a_named_document_stands_above_others_even_if_superseded() -> None:
    assert ranked([passage("a", "new"), passage("b", "old")], named=("old",)) == ["b", "a"]


def test_footnotes_and_scraps_stand_below_paragraphs() -> None:
    passages = [
        passage("note", "new", 1, "footnote"),
        passage("scrap", "new", 5, text="See also chapter 2."),
        passage("whole", "new", 9),
    ]
    assert ranked(passages) == ["whole", "scrap", "note"]


def test_a_passage_gains_from_those_beside_it() -> None:
    passages = [passage("alone", "other", 7), passage("a", "new", 1), passage("b", "new", 2)]
    assert ranked(passages) == ["a", "b", "alone"]


def test_ties_are_in_reading_order_whatever_order_they_came_in() -> None:
    passages = [passage("x", "new", 1), passage("y", "new", 5), passage("z", "other", 3)]
    assert ranked(passages) == ranked(passages[::-1]) == ["x", "y", "z"]


def test_ids_without_a_passage_are_left_out() -> None:
    found = passage("a", "new")
    assert [
        p.id for p, _ in rank_passages({"a": 0.1, "gone": 0.2}, {"a": found}, DOCUMENTS, ())
    ] == ["a"]
