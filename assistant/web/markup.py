"""HTML built from values, so that text from documents can never become markup."""

from __future__ import annotations

import re
from html import escape

VOID = frozenset({"br", "hr", "img", "input"})

# What no HTML document may hold, and the half characters that UTF-8 cannot carry.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# Characters that reorder what follows them: a title must not rewrite its neighbours.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Markup(str):
    """Text that is HTML already; only this module turns other text into it."""

    __slots__ = ()


def printable(text: str) -> str:
    """``text`` without the characters that break a page or reorder its words."""
    return _REORDERING.sub("", _UNPRINTABLE.sub("\ufffd", text))


def element(name: str, *children: object, **attributes: object) -> Markup:
    """One element; everything but ``Markup`` is escaped, None and False leave out.

    ``class_`` stands for ``class``, and an underscore in a name for a hyphen.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        parts.append(f" {attribute}" if value is True else f' {attribute}="{_text(value)}"')
    parts.append(">")
    if name not in VOID:
        parts.append(str(join(*children)))
        parts.append(f"</{name}>")
    return Markup("".join(parts))


def join(*children: object) -> Markup:
    """The children side by side, each escaped unless it is markup already."""
    return Markup("".join(_text(child) for child in children if child is not None))


def _text(value: object) -> str:
    if isinstance(value, Markup):
        return str(value)
    return escape(printable(str(value)))
