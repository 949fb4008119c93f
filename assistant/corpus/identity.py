"""What a document says of itself: designation, title, date, what it supersedes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePosixPath

from assistant.corpus.clean import clean
from assistant.corpus.files import SourceFile
from assistant.corpus.furniture import Key
from assistant.corpus.isolate import RawDocument
from assistant.corpus.manifest import Entry
from assistant.corpus.pdf import RawPage
from assistant.types import Document

FRONT_PAGES = 4
_ARMY = r"(?:ADRP|ADP|ATTP|ATP|FMI|FM|TC|STP|AR|DA PAM)"
_SERIES = rf"(?:{_ARMY}|JP|CJCSI|CJCSM|MCWP|NDP|AFDP|AJP|DoDD|DoDI|DoDM|DTM)"
DESIGNATION = re.compile(rf"\b({_SERIES})[ \-]?(\d[\d.\-]*\d[A-Z]?|\d{{1,4}})\b")
_LONG_FORMS = (
    (re.compile(r"\bD[Oo]D (?:DIRECTIVE|Directive)(?: NUMBER| Number)? (\d{4}\.\d+E?)"), "DoDD"),
    (re.compile(r"\bD[Oo]D (?:INSTRUCTION|Instruction)(?: NUMBER)? (\d{4}\.\d+E?)"), "DoDI"),
    (re.compile(r"\bD[Oo]D (?:MANUAL|Manual)(?: NUMBER)? (\d{4}\.\d+)"), "DoDM"),
    (re.compile(r"\bJoint Publication (\d+-[\d.]+)"), "JP"),
    (re.compile(r"\bField Manual\s+(?:No\. )?(\d+-?[\d.]*)"), "FM"),
    (re.compile(r"\bNUMBER (\d{4}\.\d+E?)"), "DoDD"),
)
_NUMBERED = (
    (re.compile(r"\bPUBLIC LAW (\d+)[–-](\d+)"), "P.L. {0}-{1}"),
    (re.compile(r"\b(?:CRS[_ ])?((?:IF|R|RL|RS|IN)\d{4,5})\b"), "CRS {0}"),
    (re.compile(r"\bDSCA[_ ](?:Policy )?((?:I-)?\d{2}-\d{2,6})\b"), "DSCA {0}"),
    (re.compile(r"\bR+-?A(\d+-\d+)\b"), "RR-A{0}"),
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DATES = (
    (re.compile(rf"\b(\d{{1,2}} {_MONTH} (?:19|20)\d\d)\b"), "%d %B %Y"),
    (re.compile(rf"\b({_MONTH} \d{{1,2}}, ?(?:19|20)\d\d)\b"), "%B %d, %Y"),
)
_SUPERSEDES = re.compile(
    r"\b(?:This (?:publication|manual|issuance|instruction|directive) )?"
    r"[Ss]upersedes:? ([^.]{4,160}(?:\.\d[^.]{0,60})?)"
)
_DISTRIBUTION = re.compile(
    r"(?:Distribution (?:Restriction|Statement A?)|Releasability)[.:]* *"
    r"([^.]{10,160})\.",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Front:
    head: str
    text: str
    largest: str | None


def identify_document(
    source: SourceFile, raw: RawDocument, furniture: frozenset[Key], entry: Entry | None
) -> Document:
    """The document as the manifest describes it, completed from its own first pages."""
    entry = entry or Entry(file=source.name)
    front = _front(raw, furniture)
    stem = PurePosixPath(source.name).stem
    designation = entry.designation or _designation(front, stem) or stem.replace("_", " ")
    supersedes = tuple(entry.supersedes) or _supersedes(front.text)
    distribution = _DISTRIBUTION.search(front.text)
    return Document(
        id=hashlib.sha256(source.name.encode()).hexdigest()[:16],
        file=source.name,
        sha256=source.sha256,
        designation=designation,
        title=entry.title or _title(raw.title, front, designation) or designation,
        publisher=entry.publisher,
        edition=entry.edition or _edition(front),
        status=entry.status or "current",
        supersedes=supersedes,
        superseded_by=entry.superseded_by,
        marking=entry.marking,
        distribution=entry.distribution or (distribution and distribution.group(1).strip()),
        url=entry.url,
        page_count=raw.page_count,
    )


def settle_editions(
    documents: Sequence[Document], stated: frozenset[str] = frozenset()
) -> list[Document]:
    """Mark documents superseded that another one of the corpus says it supersedes.

    Files in ``stated`` have their status from the manifest, which is never overruled.
    """
    settled = []
    for document in documents:
        newer = next((d for d in documents if d != document and _replaces(d, document)), None)
        if newer is not None and document.file not in stated and document.status == "current":
            document = replace(
                document, status="superseded", superseded_by=newer.designation
            )
        settled.append(document)
    return settled


def _replaces(newer: Document, older: Document) -> bool:
    for named in newer.supersedes:
        if named == older.file:
            return True
        pattern = rf"(?<![\w-]){re.escape(older.designation)}(?![\w-]|\.\d)"
        if re.search(pattern, named):
            when = _first_date(named)
            if when == older.edition or (when is None and newer.designation != older.designation):
                return True
    return False


def _front(raw: RawDocument, furniture: frozenset[Key]) -> _Front:
    pages = raw.pages[:FRONT_PAGES]
    heads = Counter(
        clean(page.text[page.lines[index].start : page.lines[index].end])
        for page in raw.pages
        for number, index in furniture
        if number == page.number
    )
    text = " ".join(clean(page.text) for page in pages)
    return _Front(" | ".join(heads), text, _largest(pages[0]) if pages else None)


def _largest(page: RawPage) -> str | None:
    """The lines in the largest type of the page, in order, as one text."""
    lines = [line for line in page.lines if line.end - line.start > 3]
    if not lines:
        return None
    size = max(line.height for line in lines)
    chosen = [page.text[line.start : line.end] for line in lines if line.height > 0.93 * size]
    return clean(" ".join(chosen)) or None


def _designation(front: _Front, stem: str) -> str | None:
    """The designation in the running heads, else the first on the first pages."""
    counts = Counter(f"{m[1]} {m[2]}" for m in DESIGNATION.finditer(front.head))
    if counts:
        return counts.most_common(1)[0][0]
    for pattern, series in _LONG_FORMS:
        if match := pattern.search(front.text[:1500]):
            return f"{series} {match.group(1)}"
    for pattern, form in _NUMBERED:
        if match := pattern.search(stem) or pattern.search(front.text[:600]):
            return form.format(*match.groups())
    match = DESIGNATION.search(stem.replace("_", " ")) or DESIGNATION.search(front.text[:400])
    return f"{match[1]} {match[2]}" if match else None


def _title(metadata: str | None, front: _Front, designation: str) -> str | None:
    """Metadata where it reads like a title, else the largest type of the first page."""
    if metadata and len(metadata) > 8 and " " in metadata and not _file_like(metadata):
        return clean(metadata)
    largest = front.largest
    if largest and 6 < len(largest) < 160 and largest != designation:
        return largest
    return None


def _file_like(text: str) -> bool:
    return bool(re.search(r"\.(?:docx?|pdf|indd|fm|p65|wpd)\b|Microsoft|Untitled|[\\_]", text))


def _edition(front: _Front) -> date | None:
    return _first_date(front.head) or _first_date(front.text)


def _first_date(text: str) -> date | None:
    found: list[tuple[int, date]] = []
    for pattern, form in _DATES:
        for match in pattern.finditer(text):
            try:
                found.append((match.start(), datetime.strptime(match[1], form).date()))  # noqa: DTZ007
            except ValueError:
                continue
    return min(found)[1] if found else None


def _supersedes(text: str) -> tuple[str, ...]:
    match = _SUPERSEDES.search(text)
    return (match.group(1).strip(),) if match else ()
