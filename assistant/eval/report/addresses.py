"""Where a link to a page of a document leads: to the PDF itself, or to a server's picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

PageAddress = Callable[[str, int], str]  # file below corpus/, physical page


def page_address(corpus: Path, report: Path, served: str = "") -> PageAddress:
    """How a report in the file ``report`` leads to a page of a document below ``corpus``.

    Without ``served`` to the PDF, relative to the report, so that a workspace can be moved;
    else to the route of page pictures, ``served`` being its address.
    """
    if served:
        return lambda file, page: f"{served}?{urlencode({'file': file, 'page': page})}"
    base = _relative(corpus, report.parent)
    return lambda file, page: f"{base}/{quote(file)}#page={page}"


def question_address(ask: str | None, question: str) -> str | None:
    """A link that puts ``question`` into the chat at the address ``ask``."""
    return None if ask is None else f"{ask}?{urlencode({'q': question})}"


def _relative(corpus: Path, folder: Path) -> str:
    try:
        return quote(Path(os.path.relpath(corpus.resolve(), folder.resolve())).as_posix())
    except ValueError:  # on another drive
        return corpus.resolve().as_uri()
