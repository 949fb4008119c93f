"""Entries of glossaries: short forms, and terms with what they mean."""

from __future__ import annotations

import re

from assistant.corpus.rows import Row

_ACRONYM = re.compile(r"[A-Z][\w&/()\-]*[A-Z0-9)]\w?\s")
_SHORT_FORMS = re.compile(r"acronym|abbrev|initialism", re.IGNORECASE)


class Glossary:
    """Tells where the entries begin in the part of a glossary below one heading."""

    def __init__(self, heading: str) -> None:
        self._short_forms = bool(_SHORT_FORMS.search(heading))
        self._left = 0.0  # left edge of the entries

    def opens_entry(self, row: Row, above: Row | None, gap: float) -> bool:
        """Whether an entry begins here: at the left edge, and not amid one.

        ``above`` is the row before it, None below a heading; ``gap`` its distance in pitches.
        """
        left = row.line.left
        if above is None:
            self._left = left
            return True
        if above.page.number != row.page.number and left <= row.left + 8:
            self._left = left
        if len(row.lines) > 1:
            return True  # a short form with what it stands for beside it
        starts_bold = row.line.bold_start
        if self._short_forms and starts_bold and _ACRONYM.match(f"{row.text} "):
            return True
        if left > max(row.left, self._left) + 3:
            return False
        if above.line.bold >= 0.8 and above.lines[-1].bold_end and not starts_bold:
            return False  # the term stands in a line of its own
        if self._short_forms and _ACRONYM.match(row.text):
            return True
        if above.wraps or (row.text[:1].islower() and not starts_bold and not above.ended):
            return False
        hanging = above.line.left > row.left + 8
        short = above.edge < row.right - 0.15 * (row.right - row.left)
        return starts_bold or hanging or short or gap > 1.3
