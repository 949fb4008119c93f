"""Small papers with exactly what a test needs, laid out so that the reader finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from assistant.index.builder import build_index
from assistant.workspace import Workspace, create_workspace

# A line is body text, "# a heading", "* an item", "  its next line" or "" for a gap.
Pages = Sequence[str]

GUIDE: Pages = (
    """# Bridging
1-1. A crossing site is a stretch of bank where a unit can bridge a river. Engineers
choose it, e.g. by its current of 1.5 meters a second, with the U.S. Army survey team.

1-2. The crossing area commander controls movement to the river. Traffic posts report
to the commander every hour.

1-3. The bridge company does the following at a crossing site before the first vehicle
moves:
* Surveys both banks for mines.
* Marks the approach routes with lights.""",
    """* Anchors the ferry cables upstream.

1-4. A ferry carries one tank at a time. It needs forty minutes for each round trip in
daylight, and the crew rests after six trips.

1-5. Recovery teams stand by on the far bank and pull out what gets stuck in the""",
    """mud of the landing before the next wave arrives.

# Smoke
1-6. Smoke hides the bridge from aircraft. Generators burn fog oil for ninety minutes.

1-7. 2.5 tons of fog oil are stored at each site. The oil is kept behind a berm.""",
)
GUIDE_2015: Pages = (
    """# Bridging
1-1. A crossing site is a stretch of bank where a unit can ford a river on foot. The
division engineer chooses it after a survey of the ground.

1-2. The crossing site commander controls movement to the river and the ferries there.

1-3. Pontoon trains are held at corps until the assault is over.

1-4. A raft carries one light truck. Its crew of six paddles it over.

1-8. Horses swim beside the boats and are held by their bridles.""",
)
MEMO: Pages = (
    """# Purpose
This memorandum explains how staffs reserve the training hall.

# Hours
The training hall opens at seven and closes at nineteen hours on working days.

# Who decides
The camp warden approves every request within two days.""",
)
MANIFEST = """
[[document]]
file = "guide.pdf"
designation = "FM 9-77"
title = "River Crossing Guide"
edition = 2024-05-01
status = "current"

[[document]]
file = "old/guide.pdf"
designation = "FM 9-77"
title = "River Crossing Guide"
edition = 2015-05-01
status = "superseded"
superseded_by = "FM 9-77, 1 May 2024"

[[document]]
file = "memo.pdf"
designation = "Hall Memo"
title = "Use of the training hall"
"""
_SIZES = {"# ": ("Helvetica-Bold", 15), "* ": ("Helvetica", 11), "": ("Helvetica", 11)}


def write_paper(path: Path, pages: Pages, labels: Sequence[str] = ()) -> None:
    """A PDF of ``pages``; each prints its label of ``labels`` at its foot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), pagesize=letter, invariant=1)
    for number, page in enumerate(pages):
        height = 700
        for line in page.splitlines():
            mark = line[:2] if line[:2] in _SIZES else ""
            canvas.setFont(*_SIZES[mark])
            text = line.removeprefix("# ").replace("* ", "• ", 1) if mark else line
            canvas.drawString(90 if mark == "* " else 72, height, text.strip())
            height -= 22 if mark == "# " else 14
        if labels:
            canvas.setFont("Helvetica", 9)
            canvas.drawCentredString(306, 40, labels[number])
        canvas.showPage()
    canvas.save()


def indexed(root: Path, papers: Mapping[str, Pages], manifest: str = "") -> Workspace:
    """A workspace of ``papers`` by file, indexed."""
    workspace = create_workspace(root, empty=True)
    for file, pages in papers.items():
        write_paper(workspace.corpus / file, pages)
    (workspace.corpus / "manifest.toml").write_text(manifest, encoding="utf-8")
    build_index(workspace)
    return workspace


def guides(root: Path) -> Workspace:
    """The guide, its superseded edition and a memorandum."""
    papers = {"guide.pdf": GUIDE, "old/guide.pdf": GUIDE_2015, "memo.pdf": MEMO}
    return indexed(root, papers, MANIFEST)
