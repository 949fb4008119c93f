"""The forms in which something of a list is named anew or deleted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import gradio as gr

from assistant.web.listing import sentence
from assistant.web.shown import SAME, visible


class NameForms(ABC):
    """Opens and closes them.

    Each event gives the id chosen, whether the form for a name shows, the name in it, whether the
    question about deleting shows, and its words.
    """

    @abstractmethod
    def _chosen(self, request: gr.Request, evt: gr.EventData) -> tuple[str, str]:
        """The id and the name of what was pressed."""

    def rename_form(self, request: gr.Request, evt: gr.EventData) -> tuple[Any, ...]:
        """Ask for a name."""
        id, name = self._chosen(request, evt)
        return id, visible(True), name, visible(False), SAME

    def delete_form(self, request: gr.Request, evt: gr.EventData) -> tuple[Any, ...]:
        """Ask whether it may be deleted."""
        id, name = self._chosen(request, evt)
        question = f"Delete \u201c{name}\u201d? It cannot be brought back."
        return id, visible(False), SAME, visible(True), sentence(question, role=None)

    def close_forms(self) -> tuple[Any, ...]:
        """Change nothing after all."""
        return None, visible(False), SAME, visible(False), SAME
