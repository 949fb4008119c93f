"""A conversation as Markdown."""

from __future__ import annotations

from datetime import datetime

from assistant.conversation.turns import Conversation
from assistant.export.content import content
from assistant.export.markdown import escaped, markdown

__all__ = ["conversation_markdown", "escaped"]


def conversation_markdown(conversation: Conversation, made: datetime) -> str:
    """``conversation`` as a Markdown document; ``made`` is when it is exported."""
    return markdown(content(conversation, made))
