"""The recommendations of a report: which document has them, and each of them, cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.citations import Citer
from assistant.answer.sections import Section, SectionFinder
from assistant.answer.units import UnitFinder
from assistant.errors import AssistantError, DocumentError
from assistant.index.reader import Index
from assistant.index.words import content_words, stem
from assistant.matrix.values import bare
from assistant.types import Citation, Document, Hit, Statement

NOUN: Final = stem("recommendation")


class MatrixError(AssistantError):
    """There are no recommendations to make a matrix of, or it could not be kept or written."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation: the ``number`` in the list, its wording and the places it stands at."""

    number: int
    statement: Statement
    citations: tuple[Citation, ...]

    @property
    def text(self) -> str:
        """What is recommended, without bullet and number."""
        return bare(self.statement.text)


@dataclass(frozen=True, slots=True)
class Report:
    """A document and its list of recommendations, in the order in which they stand there."""

    document: Document
    recommendations: tuple[Recommendation, ...]


class ReportReader:
    """Reads the recommendations of the reports of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sections = SectionFinder(index)
        self._units = UnitFinder(index.store)

    def read(self, file: str | None = None) -> Report:
        """The report in ``file``, else the only one with a list of recommendations.

        Raises DocumentError where there is no such document, MatrixError where it has no such
        list, or where none or several have one and ``file`` does not choose.
        """
        if file is not None:
            return self._chosen(file)
        found = [r for d in self._headed() if d.status == "current" and (r := self._report(d))]
        if not found:
            raise MatrixError("No document of the index has a list headed “Recommendations”.")
        if len(found) > 1:
            names = ", ".join(report.document.file for report in found)
            raise MatrixError(f"Several documents list recommendations; choose one of: {names}.")
        return found[0]

    def _chosen(self, file: str) -> Report:
        for document in self._index.documents.values():
            if document.file == file:
                report = self._report(document)
                if report is None:
                    raise MatrixError(f"{file} has no list under a heading “Recommendations”.")
                return report
        raise DocumentError(f"There is no document {file} in the index.")

    def _headed(self) -> list[Document]:
        ids = self._index.store.documents_headed(NOUN)
        return sorted((self._index.documents[id_] for id_ in ids), key=lambda d: d.file)

    def _report(self, document: Document) -> Report | None:
        """The longest of the document's lists, where all of it verifies."""
        passages = self._index.store.passages(document.id)
        if not passages:
            return None
        sections = self._sections.listing(NOUN, [Hit(passages[0], document, None, 1.0, 1)])
        longest = max(sections, key=lambda s: len(self._units.members(s)), default=None)
        if longest is None:
            return None
        found = self._recommendations(longest)
        return Report(document, tuple(found)) if found else None

    def _recommendations(self, section: Section) -> list[Recommendation]:
        """Each item with its citations; none where one of them does not verify."""
        found: list[Recommendation] = []
        for number, unit in enumerate(self._units.members(section), start=1):
            citer = Citer(self._index.store)
            statement = citer.cite(unit)
            if statement is None:
                return []
            found.append(Recommendation(number, statement, citer.citations))
        return found


def same_work(report: Document, others: Sequence[Document]) -> set[str]:
    """The ids of the report and of what only shows it again: its web page, another edition.

    They have its designation, or its title up to the colon.
    """
    title = _title(report)
    return {report.id} | {
        other.id
        for other in others
        if other.designation == report.designation or (title and _title(other) == title)
    }


def _title(document: Document) -> tuple[str, ...]:
    return tuple(content_words(document.title.partition(":")[0]))
