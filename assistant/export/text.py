"""Text that every file can hold: printable, line by line."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

# What no XML holds, control characters, and those that reorder what follows them.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_NO_CHARACTER: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


def lines(text: str) -> list[str]:
    """The lines of ``text`` that say something, without characters that cannot be printed."""
    shown = (_UNPRINTABLE.sub("", line) for line in text.splitlines())
    stripped = (_NO_CHARACTER.sub("\ufffd", line).strip() for line in shown)
    return [line for line in stripped if line]


def one_line(text: str | None) -> str:
    """The lines of ``text`` as one."""
    return " ".join(lines(text or ""))


def in_lines(text: str | None) -> str:
    """The lines of ``text``, one below the other."""
    return "\n".join(lines(text or ""))


def utc_time(time: datetime) -> str:
    """A time in UTC, as which one without a zone is read: ``2 Mar 2025 09:30 UTC``."""
    utc = in_utc(time)
    return f"{utc.day} {utc:%b %Y %H:%M} UTC"


def in_utc(time: datetime) -> datetime:
    """``time`` in UTC, as which one without a zone is read."""
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
