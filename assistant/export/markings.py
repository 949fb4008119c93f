"""The marking that a paper must bear for what it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_LEVELS: Final = (
    "TOP SECRET",
    "SECRET",
    "CONFIDENTIAL",
    "RESTRICTED",
    "CUI",
    "CONTROLLED UNCLASSIFIED INFORMATION",
    "OFFICIAL",
    "UNCLASSIFIED",
)
_UNKNOWN: Final = -1  # ranks before every level


def highest_marking(markings: Iterable[str | None]) -> str | None:
    """The highest of ``markings``, None where there is none.

    Only a plain level below the highest is left out, since the highest covers it. A marking
    with a caveat ("CUI//FEDCON", "SECRET//NOFORN"), or of no level known here, says something
    that no other does: all of these stand side by side, and none is judged away.
    """
    distinct = {" ".join(m.split()): None for m in markings if m and m.strip()}
    if not distinct:
        return None
    highest = min((rank for m in distinct if (rank := _rank(m)) != _UNKNOWN), default=_UNKNOWN)
    kept = [m for m in distinct if not _is_plain(m) or _rank(m) == highest]
    return "; ".join(sorted(kept, key=lambda marking: (_rank(marking), marking)))


def _rank(marking: str) -> int:
    """Place of the marking's level in the order from the highest down."""
    text = marking.upper()
    found = (
        rank for rank, level in enumerate(_LEVELS) if re.search(rf"(?<!\w){level}(?!\w)", text)
    )
    return next(found, _UNKNOWN)


def _is_plain(marking: str) -> bool:
    return marking.upper() in _LEVELS
