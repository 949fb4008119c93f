"""Verifying a gold file against the indexed documents, line by line."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.corpus.clean import Cleaned, clean, clean_with_offsets
from assistant.errors import UsageError
from assistant.eval.gold import Evidence, GoldQuestion, LineProblem, read_lines
from assistant.index.reader import Index
from assistant.types import Document, Passage

_SHOWN: Final = 60  # characters of a quote in a message


@dataclass(frozen=True, slots=True)
class GoldCheck:
    """What became of a check; ``hashes`` are of the documents that hold evidence.

    ``recorded`` says whether they were recorded beside the gold file when it was checked.
    """

    questions: int
    problems: tuple[LineProblem, ...]
    hashes: Mapping[str, str]
    recorded: bool


def hashes_file(gold: Path) -> Path:
    """Where the hashes of a gold file's documents are kept: ``gold.files.json``."""
    return gold.with_suffix(".files.json")


def check_gold(path: Path, index: Index, *, use_recorded: bool = True) -> GoldCheck:
    """Verify every line of ``path`` against the documents in ``index``.

    ``use_recorded`` compares the documents' hashes with those recorded beside the file,
    where there are any. Raises GoldError when the file cannot be read.
    """
    questions, problems = read_lines(path)
    documents = {document.file: document for document in index.documents.values()}
    recorded = _recorded(hashes_file(path)) if use_recorded else {}
    texts = _Texts(index)
    for line, question in questions.items():
        found = _question_problems(question, documents, recorded, texts)
        problems += [LineProblem(line, question.id, problem) for problem in found]
    if not questions and not problems:
        problems.append(LineProblem(0, "", "the file holds no questions"))
    wanted = {e.file for question in questions.values() for e in question.evidence}
    hashes = {file: documents[file].sha256 for file in sorted(wanted & documents.keys())}
    problems.sort(key=lambda problem: problem.line)
    return GoldCheck(len(questions), tuple(problems), hashes, bool(recorded))


def record_hashes(path: Path, hashes: Mapping[str, str]) -> Path:
    """Write the hashes beside the gold file ``path``; the file written."""
    target = hashes_file(path)
    target.write_text(json.dumps(dict(hashes), indent=2) + "\n", encoding="utf-8")
    return target


def _recorded(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read; delete it and record the files again.") from error
    if not isinstance(value, dict):
        raise UsageError(f"{path} holds no hashes; delete it and record the files again.")
    return {str(file): str(hash_) for file, hash_ in value.items()}


class _Texts:
    """Pages and passages of documents, each read once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._pages: dict[str, dict[int, tuple[str | None, Cleaned]]] = {}
        self._passages: dict[str, dict[int, list[Passage]]] = {}

    def pages(self, document: Document) -> dict[int, tuple[str | None, Cleaned]]:
        """Printed label and cleaned text of every page by number."""
        if document.id not in self._pages:
            self._pages[document.id] = {
                page.number: (page.label, clean_with_offsets(page.text))
                for page in self._index.store.pages(document.id)
            }
        return self._pages[document.id]

    def passages(self, document: Document, page: int) -> list[Passage]:
        """The passages that stand on a page."""
        if document.id not in self._passages:
            found: dict[int, list[Passage]] = defaultdict(list)
            for passage in self._index.store.passages(document.id):
                for number in {span.page for span in (*passage.spans, *passage.heading_spans)}:
                    found[number].append(passage)
            self._passages[document.id] = found
        return self._passages[document.id].get(page, [])


def _question_problems(
    question: GoldQuestion,
    documents: Mapping[str, Document],
    recorded: Mapping[str, str],
    texts: _Texts,
) -> Iterator[str]:
    yield from _group_problems(question)
    if question.answerable and not question.nuggets:
        yield "it has no nuggets; name what a complete answer must contain"
    for number, evidence in enumerate(question.evidence, start=1):
        document = documents.get(evidence.file)
        if document is None:
            problem = f"{evidence.file} is not in the index; add it to corpus/ and index it"
        elif recorded and recorded.get(evidence.file) != document.sha256:
            problem = _hash_problem(evidence.file, recorded)
        else:
            problem = _place_problem(evidence, document, texts) or ""
        if problem:
            yield f"evidence {number}: {problem}"


def _group_problems(question: GoldQuestion) -> Iterator[str]:
    groups = sorted({evidence.group for evidence in question.evidence})
    if groups != list(range(1, len(groups) + 1)):
        numbers = ", ".join(map(str, groups))
        yield f"its groups are {numbers}; number them 1, 2, 3 and so on without a gap"
    seen: set[tuple[str, int, str]] = set()
    for evidence in question.evidence:
        key = (*evidence.page, evidence.quote)
        if key in seen:
            yield f"the evidence {_short(evidence.quote)} is there twice; keep one"
        seen.add(key)


def _hash_problem(file: str, recorded: Mapping[str, str]) -> str:
    if file not in recorded:
        return f"{file} has no recorded hash; review the line and record the files again"
    return (
        f"{file} is not the file that this line was written for (its hash differs); "
        "review the line and record the files again"
    )


def _place_problem(evidence: Evidence, document: Document, texts: _Texts) -> str | None:
    """What is wrong with where the quote is said to stand."""
    pages = texts.pages(document)
    if evidence.pdf_page not in pages:
        return (
            f"{evidence.file} has no text on PDF page {evidence.pdf_page} "
            f"(it has {document.page_count} pages)"
        )
    label, page = pages[evidence.pdf_page]
    quote = clean(evidence.quote)
    at = page.text.find(quote)
    if at < 0:
        return _misplaced(evidence, quote, pages)
    if evidence.printed_page != label:
        said, is_ = evidence.printed_page or "null", label or "none"
        return (
            f"printed_page is {said}, but the page printed on PDF page {evidence.pdf_page} is {is_}"
        )
    return _paragraph_problem(evidence, page, quote, texts.passages(document, evidence.pdf_page))


def _misplaced(
    evidence: Evidence, quote: str, pages: Mapping[int, tuple[str | None, Cleaned]]
) -> str:
    others = [number for number, (_, page) in pages.items() if quote in page.text]
    if others:
        listed = ", ".join(map(str, others[:5]))
        return f"{_short(quote)} is not on PDF page {evidence.pdf_page} but on {listed}"
    known = _longest_start(quote, pages[evidence.pdf_page][1].text)
    where = f"; up to {_short(quote[known:])} it is there" if known else ""
    return f"{_short(quote)} does not stand on PDF page {evidence.pdf_page}{where}"


def _longest_start(quote: str, text: str) -> int:
    """How many first characters of ``quote`` stand in ``text``; 0 for less than three words."""
    low, high = 0, len(quote)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if quote[:middle] in text else (low, middle - 1)
    return low if len(quote[:low].split()) >= 3 else 0


def _paragraph_problem(
    evidence: Evidence, page: Cleaned, quote: str, passages: list[Passage]
) -> str | None:
    """A quote may stand several times on a page; one place in the paragraph named is enough."""
    if evidence.paragraph is None:
        return None
    found: set[str] = set()
    at = page.text.find(quote)
    while at >= 0:
        start, end = page.raw_range(at, at + len(quote))
        labels = _labels(passages, evidence.pdf_page, start, end)
        if any(_same_paragraph(evidence.paragraph, label) for label in labels):
            return None
        found |= labels
        at = page.text.find(quote, at + 1)
    is_ = f"in {', '.join(sorted(found))}" if found else "in no numbered paragraph"
    return f"paragraph is {evidence.paragraph}, but {_short(quote)} stands {is_}"


def _labels(passages: list[Passage], page: int, start: int, end: int) -> set[str]:
    """The paragraphs that some of the characters belong to."""
    return {
        passage.paragraph
        for passage in passages
        for span in (*passage.spans, *passage.heading_spans)
        if passage.paragraph and span.page == page and span.start < end and start < span.end
    }


def _same_paragraph(said: str, label: str) -> bool:
    """2.15 may be said of 2.15.c, which is a part of it."""
    return said == label or label.startswith(f"{said}.")


def _short(quote: str) -> str:
    return f'"{quote if len(quote) <= _SHOWN else quote[: _SHOWN - 1] + "…"}"'
