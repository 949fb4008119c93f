"""A document-grounded question-answering assistant for military planners.

Programs begin with ``from assistant import Assistant``; docs/python.md shows the rest. Every name
is loaded when it is first asked for, so that importing the package stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant
    from assistant.errors import AssistantError
    from assistant.excerpts.query import ExcerptQuery, Found
    from assistant.excerpts.selection import Selected, Selection
    from assistant.export.selection import export_selection
    from assistant.types import (
        Answer,
        Citation,
        Document,
        Excerpt,
        Filters,
        Hit,
        Page,
        Progress,
        Statement,
    )
    from assistant.workspace import Workspace

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Document",
    "Excerpt",
    "ExcerptQuery",
    "Filters",
    "Found",
    "Hit",
    "Page",
    "Progress",
    "Selected",
    "Selection",
    "Statement",
    "Workspace",
    "export_selection",
]

_ELSEWHERE: Final = {
    "Assistant": "assistant.answer.assistant",
    "AssistantError": "assistant.errors",
    "ExcerptQuery": "assistant.excerpts.query",
    "Found": "assistant.excerpts.query",
    "Selected": "assistant.excerpts.selection",
    "Selection": "assistant.excerpts.selection",
    "Workspace": "assistant.workspace",
    "export_selection": "assistant.export.selection",
}  # the others are in assistant.types

if not TYPE_CHECKING:  # else a type checker would believe in any name

    def __getattr__(name: str) -> Any:
        """One of the names above, loaded now; values get their short looks with it."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import_module("assistant.offline")  # before any library that could call out
        import_module("assistant.notebook").attach()
        value = getattr(import_module(_ELSEWHERE.get(name, "assistant.types")), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
