"""One question with its answer, its gold answer and its scores, as it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.eval.evaluated import Evaluated
from assistant.eval.gold import Evidence, GoldQuestion, PageId
from assistant.eval.measures import BY_NAME
from assistant.eval.record import AnswerRecord, CitationRecord
from assistant.eval.report.addresses import PageAddress
from assistant.eval.report.outcome import Outcome, outcome_of
from assistant.eval.report.passages import passage_starts
from assistant.eval.scores import ScoreRow


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a document; ``printed`` and ``paragraph`` only where they are known."""

    file: str
    name: str
    pdf_page: int
    printed: str | None
    paragraph: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class CitationCard:
    """A citation. ``right``: on a gold page, None where there is no gold page to be on.

    ``quote`` is "" where a statement shows the same words; ``verbatim`` is None where the
    PDF was not read anew.
    """

    n: int
    place: Place
    quote: str
    status: str
    right: bool | None
    verbatim: bool | None


@dataclass(frozen=True, slots=True)
class GroupCard:
    """Interchangeable evidence; ``rank`` is that of the first of its pages found."""

    number: int
    evidence: tuple[tuple[Place, str], ...]
    cited: bool
    rank: int | None


@dataclass(frozen=True, slots=True)
class HitCard:
    """A passage found; ``start`` are its first words, for the best few."""

    rank: int
    place: Place
    gold: bool
    start: str


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """Everything about one question; ``unscored`` are measures by why they have no value."""

    gold: GoldQuestion
    answer: AnswerRecord | None
    problem: str
    outcome: Outcome
    citations: tuple[CitationCard, ...]
    groups: tuple[GroupCard, ...]
    hits: tuple[HitCard, ...]
    scores: tuple[ScoreRow, ...]
    unscored: Mapping[str, tuple[str, ...]]

    @property
    def files(self) -> tuple[str, ...]:
        """The documents that should be cited or are."""
        cited = [citation.place.file for citation in self.citations]
        return tuple(sorted({*cited, *(evidence.file for evidence in self.gold.evidence)}))


def question_cards(evaluated: Evaluated, pages: PageAddress | None) -> tuple[QuestionCard, ...]:
    """Every question of a run in the order of the gold file."""
    return CardMaker(evaluated, pages).cards()


def document_names(evaluated: Evaluated) -> dict[str, str]:
    """What documents are called, by file: no two alike, and one never cited is its file."""
    named = {
        citation.file: citation.designation
        for answer in evaluated.answers.values()
        for citation in answer.citations
        if citation.designation
    }
    shared = Counter(named.values())
    files = {evidence.file for question in evaluated.questions for evidence in question.evidence}
    files |= {c.file for answer in evaluated.answers.values() for c in answer.citations}
    return {file: _document_name(file, named.get(file), shared) for file in sorted(files)}


class CardMaker:
    """Makes the cards of one run."""

    def __init__(self, evaluated: Evaluated, pages: PageAddress | None) -> None:
        self._evaluated = evaluated
        self._pages = pages
        self._names = document_names(evaluated)
        self._starts = passage_starts(evaluated.folder)
        self._rows: dict[str, list[ScoreRow]] = {}
        for row in evaluated.rows:
            self._rows.setdefault(row.id, []).append(row)

    def cards(self) -> tuple[QuestionCard, ...]:
        """All of them, in the order of the gold file."""
        return tuple(self._card(question) for question in self._evaluated.questions)

    def _card(self, gold: GoldQuestion) -> QuestionCard:
        answer = self._evaluated.answers.get(gold.id)
        rows = self._rows.get(gold.id, [])
        return QuestionCard(
            gold=gold,
            answer=answer,
            problem="it was not asked" if answer is None else answer.error or "",
            outcome=outcome_of(gold, answer),
            citations=self._citations(gold, answer) if answer else (),
            groups=self._groups(gold, answer),
            hits=self._hits(gold, answer) if answer else (),
            scores=tuple(row for row in rows if row.value is not None),
            unscored=_unscored(rows),
        )

    def _citations(self, gold: GoldQuestion, answer: AnswerRecord) -> tuple[CitationCard, ...]:
        said = _bare(" ".join(statement.text for statement in answer.statements))
        anew = (*answer.read_anew, *[None] * len(answer.citations))
        return tuple(
            CitationCard(
                n=citation.n,
                place=self._cited(citation),
                quote="" if _bare(citation.quote) in said else citation.quote,
                status=citation.status,
                right=citation.page in gold.pages if gold.answerable else None,
                verbatim=None if text is None else text == citation.quote,
            )
            for citation, text in zip(answer.citations, anew, strict=False)
        )

    def _groups(self, gold: GoldQuestion, answer: AnswerRecord | None) -> tuple[GroupCard, ...]:
        ranks = {page: rank for rank, page in enumerate(_ranked(answer), start=1)}
        cited = answer.cited_pages if answer else frozenset()
        return tuple(
            GroupCard(
                number=number,
                evidence=tuple(
                    (self._gold(e), e.quote) for e in gold.evidence if e.group == number
                ),
                cited=not pages.isdisjoint(cited),
                rank=min((ranks[page] for page in pages if page in ranks), default=None),
            )
            for number, pages in sorted(gold.groups.items())
        )

    def _hits(self, gold: GoldQuestion, answer: AnswerRecord) -> tuple[HitCard, ...]:
        starts = (*self._starts.get(gold.id, ()), *[""] * len(answer.hits))
        return tuple(
            HitCard(
                rank,
                self._place(hit.file, hit.pdf_page),
                gold=not gold.pages.isdisjoint(hit.pages),
                start=starts[rank - 1],
            )
            for rank, hit in enumerate(answer.hits, start=1)
        )

    def _cited(self, citation: CitationRecord) -> Place:
        return self._place(
            citation.file, citation.pdf_page, citation.printed_page, citation.paragraph
        )

    def _gold(self, evidence: Evidence) -> Place:
        return self._place(
            evidence.file, evidence.pdf_page, evidence.printed_page, evidence.paragraph
        )

    def _place(
        self, file: str, page: int, printed: str | None = None, paragraph: str | None = None
    ) -> Place:
        address = self._pages(file, page) if self._pages else None
        return Place(file, self._names.get(file, file), page, printed, paragraph, address)


def _document_name(file: str, designation: str | None, shared: Counter[str]) -> str:
    if designation is None:
        return file
    return designation if shared[designation] == 1 else f"{designation} ({file})"


def _ranked(answer: AnswerRecord | None) -> tuple[PageId, ...]:
    return answer.ranked_pages if answer else ()


def _unscored(rows: Iterable[ScoreRow]) -> dict[str, tuple[str, ...]]:
    """The measures without a value by the reason, in the order of the measures."""
    found: dict[str, tuple[str, ...]] = {}
    order = list(BY_NAME)
    for row in sorted(
        rows, key=lambda row: order.index(row.measure) if row.measure in order else 0
    ):
        if row.value is None:
            found[row.why] = (*found.get(row.why, ()), row.measure)
    return found


def _bare(text: str) -> str:
    """Words alone: a list is shown with bullets that its quote has not."""
    return " ".join(text.replace("•", " ").split())
