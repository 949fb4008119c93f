"""Series of publications: who publishes them, and what one of them is called in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ARMY: Final = "Department of the Army"
_DOD: Final = "Department of Defense"
_JOINT: Final = "Joint Chiefs of Staff"


@dataclass(frozen=True, slots=True)
class Series:
    """The ``publisher`` of a series; ``nouns`` are what people call a document of it."""

    publisher: str
    nouns: tuple[str, ...]


# By the letters that open a designation.
SERIES: Final[Mapping[str, Series]] = {
    "ADP": Series(_ARMY, ("publication", "pub", "doctrine")),
    "ADRP": Series(_ARMY, ("publication", "pub", "doctrine")),
    "AR": Series(_ARMY, ("regulation",)),
    "ATP": Series(_ARMY, ("publication", "pub")),
    "CJCSI": Series(_JOINT, ("instruction",)),
    "CJCSM": Series(_JOINT, ("manual",)),
    "CRS": Series("Congressional Research Service", ("report", "paper")),
    "DoDD": Series(_DOD, ("directive",)),
    "DoDI": Series(_DOD, ("instruction",)),
    "DoDM": Series(_DOD, ("manual",)),
    "DSCA": Series("Defense Security Cooperation Agency", ("memo", "memorandum")),
    "FM": Series(_ARMY, ("manual", "pub", "publication")),
    "JP": Series(_JOINT, ("publication", "pub", "doctrine")),
    "RR": Series("RAND Corporation", ("report", "study", "research", "researcher", "synopsis")),
}


def series_of(designation: str) -> Series | None:
    """The series that ``designation`` belongs to, None where it is none of these.

    A designation of the user's own, "RR-A641-1 Digest", is not of the series that it tells of.
    """
    letters = re.match(r"([A-Za-z]+)[ -]\S*\d\S*(?: Change \d+)?$", designation)
    return SERIES.get(letters.group(1)) if letters else None
