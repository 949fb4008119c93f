"""What the first pages and the running heads of a document say of it.

Nothing is guessed: a designation, date or title that is not plainly the document's own is
left out, because a citation of the wrong edition is worse than one without a date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from assistant.corpus.clean import clean
from assistant.corpus.furniture import Key
from assistant.corpus.isolate import RawDocument
from assistant.corpus.pdf import RawPage

FRONT_PAGES = 4
_ARMY = r"(?:ADRP|ADP|ATTP|ATP|FMI|FM|TC|STP|AR|DA PAM)"
_SERIES = rf"(?:{_ARMY}|JP|CJCSI|CJCSM|MCWP|NDP|AFDP|AJP|DoDD|DoDI|DoDM|DTM)"
DESIGNATION = re.compile(rf"\b({_SERIES})[ \-]?(\d[\d.\-]*\d[A-Z]?|\d{{1,4}}[A-Z]?)\b")
_NUMBERED = (
    (re.compile(r"\bPUBLIC LAW (\d+)[–-](\d+)"), "P.L. {0}-{1}"),
    (re.compile(r"\b(?:CRS )?((?:IF|R|RL|RS|IN)\d{4,5})\b"), "CRS {0}"),
    (re.compile(r"\bDSCA (?:Policy )?((?:I-)?\d{2}-\d{2,6})\b"), "DSCA {0}"),
    (re.compile(r"\bR+-?A(\d+-\d+)\b"), "RR-A{0}"),
)
_ISSUANCE = re.compile(
    r"^(?:D[Oo]D |Department of Defense )?(?P<series>Directive|Instruction|Manual|NUMBER)"
    r"(?: Number)? (?P<number>\d{4}\.\d+E?)",
    re.IGNORECASE,
)
_ISSUANCE_SERIES = {"directive": "DoDD", "instruction": "DoDI", "manual": "DoDM"}
_JOINT = re.compile(r"^Joint Publication (\d+-[\d.]+)$")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DATES = (
    (re.compile(rf"\b(\d{{1,2}} {_MONTH} (?:19|20)\d\d)\b", re.IGNORECASE), "%d %B %Y"),
    (re.compile(rf"\b({_MONTH} \d{{1,2}}, ?(?:19|20)\d\d)\b", re.IGNORECASE), "%B %d, %Y"),
)
_DATED = re.compile(r"(?:Effective(?: Date)?:?|Updated|Published|Current as of)", re.IGNORECASE)
_TOP_LINES = 12  # lines of the first page among which a date alone is the document's own
_SUPERSEDES = re.compile(
    r"\b(?:This (?:publication|manual|issuance|instruction|directive) )?"
    r"[Ss]upersedes:? ([^.]{4,160}(?:\.\d[^.]{0,60})?)"
)
_DISTRIBUTION = re.compile(
    r"(?:Distribution (?:Restriction|Statement A?)|Releasability)[.:]+ *([^.]{10,160})\.",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^\W{0,2}SUBJECT\s*[:;]\s*(.+)", re.IGNORECASE)
_AFTER_SUBJECT = re.compile(r"\W*(?:Ref|This|In |The |1\.|\()", re.IGNORECASE)
_FILE_LIKE = re.compile(r"\.(?:docx?|pdf|indd|fm|p65|wpd)\b|Microsoft|Untitled|[\\_]")
_WORDY = re.compile(r"[A-Za-z]{2,}")
_NO_TITLE = re.compile(
    r"HEADQUARTERS|DEPARTMENT OF|MEMORANDUM|WASHINGTON|GENERAL[.,] US|DISTRIBUTION|CHAIRMAN"
    rf"|^Chapter|^{_MONTH} \d{{4}}$|^(?:DIRECTIVE|INSTRUCTION|MANUAL|CHIEFS OF STAFF)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a document says of itself; None where it does not say it plainly."""

    designation: str | None
    title: str | None
    edition: date | None
    supersedes: tuple[str, ...]
    distribution: str | None


def read_front_matter(raw: RawDocument, furniture: frozenset[Key], stem: str) -> FrontMatter:
    """Read the front matter; ``stem`` is the file's name, which many publishers keep to."""
    heads = _heads(raw.pages, furniture)
    lines = [line for page in raw.pages[:FRONT_PAGES] for line in _lines(page)]
    text = " ".join(lines)
    designation = _designation(heads, lines[:60], stem.replace("_", " "))
    supersedes = _SUPERSEDES.search(text)
    distribution = _DISTRIBUTION.search(text)
    return FrontMatter(
        designation,
        _title(raw, designation),
        _edition(heads, lines[:80], raw.title or ""),
        (supersedes.group(1).strip(),) if supersedes else (),
        distribution.group(1).strip() if distribution else None,
    )


def first_date(text: str) -> date | None:
    """The first full date that ``text`` names, or None."""
    found: list[tuple[int, date]] = []
    for pattern, form in _DATES:
        for match in pattern.finditer(text):
            try:
                day = datetime.strptime(match[1].title(), form).date()
            except ValueError:
                continue
            found.append((match.start(), day))
    return min(found)[1] if found else None


def _heads(pages: Iterable[RawPage], furniture: frozenset[Key]) -> list[str]:
    return [
        clean(page.text[line.start : line.end])
        for page in pages
        for index, line in enumerate(page.lines)
        if (page.number, index) in furniture
    ]


def _lines(page: RawPage) -> list[str]:
    return [clean(page.text[line.start : line.end]) for line in page.lines]


def _designation(heads: list[str], lines: list[str], stem: str) -> str | None:
    """From running heads that repeat it, the file's name, or a line that names only it."""
    counts = Counter(f"{m[1]} {m[2]}" for head in heads for m in DESIGNATION.finditer(head))
    if counts and counts.most_common(1)[0][1] >= 2:
        return counts.most_common(1)[0][0]
    for pattern, form in _NUMBERED:
        if match := pattern.search(stem):
            return form.format(*match.groups())
    if match := DESIGNATION.search(stem):
        return f"{match[1]} {match[2]}"
    for line in lines:
        if len(line) < 60 and (name := _named_by(line, lines)):
            return name
    return None


def _named_by(line: str, lines: list[str]) -> str | None:
    if match := _ISSUANCE.match(line):
        series = match["series"].lower()
        if series == "number":  # "Department of Defense / INSTRUCTION / NUMBER 1015.13"
            words = " ".join(lines[:8]).lower()
            series = next((name for name in _ISSUANCE_SERIES if name in words), "directive")
        return f"{_ISSUANCE_SERIES[series]} {match['number']}"
    if match := _JOINT.match(line):
        return f"JP {match.group(1)}"
    if match := DESIGNATION.fullmatch(line):
        return f"{match[1]} {match[2]}"
    for pattern, form in _NUMBERED:
        if match := pattern.search(line):
            return form.format(*match.groups())
    return None


def _edition(heads: list[str], lines: list[str], metadata: str) -> date | None:
    """The date that running heads repeat, else one that stands alone on the first pages."""
    counts = Counter(day for head in heads if (day := first_date(head)))
    for day, count in counts.most_common(1):
        if count >= 2:
            return day
    for number, line in enumerate(lines):
        day, rest = first_date(line), _without_date(line)
        if day is not None and (_DATED.fullmatch(rest) or (not rest and number < _TOP_LINES)):
            return day
    return first_date(metadata)


def _without_date(line: str) -> str:
    for pattern, _ in _DATES:
        line = pattern.sub("", line)
    return line.strip(" ,.;|")


def _title(raw: RawDocument, designation: str | None) -> str | None:
    """Metadata that reads like a title, else the subject line, else the first page's type."""
    if raw.title:
        title = _bare(clean(raw.title), designation)
        unfit = _FILE_LIKE.search(title) or _NO_TITLE.search(title) or " " not in title
        if _reads_like_title(title) and not unfit:
            return title
    for page in raw.pages[:2]:
        subject = _subject(page)
        if subject:
            return subject
    return _largest(raw.pages[0], designation) if raw.pages else None


def _bare(title: str, designation: str | None) -> str:
    """``title`` without the designation and the dates it may carry."""
    if match := re.search(r'"([^"]{6,})"', title):
        return match.group(1).rstrip(" ,;")
    for pattern, _ in _DATES:
        title = pattern.sub("", title)
    title = re.sub(r"[;,]? *Incorporating.*|[;,]? *Change \d+.*", "", title)
    if designation:
        title = re.sub(rf"^{re.escape(designation)}\b", "", title)
    title = DESIGNATION.sub("", title, count=1) if DESIGNATION.match(title) else title
    title = re.sub(r"^D[Oo]D (?:Directive|Instruction|Manual) [\d.]+E?", "", title)
    return title.strip(" ,;:-")


def _subject(page: RawPage) -> str | None:
    lines = _lines(page)
    for index, line in enumerate(lines):
        if match := _SUBJECT.match(line):
            title = match.group(1).strip()
            following = lines[index + 1] if index + 1 < len(lines) else ""
            if len(title) > 45 and 0 < len(following) < 60 and not _AFTER_SUBJECT.match(following):
                title = f"{title} {following}"
            return title if _reads_like_title(title) else None
    return None


def _largest(page: RawPage, designation: str | None) -> str | None:
    """The largest lines of the page that are neither designation nor date nor letterhead."""
    lines = [
        (line.height, text)
        for line in page.lines
        if (text := clean(page.text[line.start : line.end]))
        and not _NO_TITLE.search(text)
        and text != designation
        and first_date(text) is None
        and _reads_like_title(_bare(text, designation))
    ]
    if not lines:
        return None
    size = max(height for height, _ in lines)
    title = " ".join(text for height, text in lines if height > 0.93 * size)
    return title if len(title) < 160 else None


def _reads_like_title(text: str) -> bool:
    """Words that a scanner did not garble: letters above all, and at least one long word."""
    letters = sum(c.isalpha() or c == " " for c in text)
    return (
        len(text) >= 4
        and letters >= 0.85 * len(text)
        and any(len(word) >= 4 for word in _WORDY.findall(text))
    )
