"""A conversation as a Word file."""

from __future__ import annotations

from datetime import datetime

from assistant.conversation.turns import Conversation
from assistant.export.content import content, marking, title
from assistant.export.word import word


def conversation_word(conversation: Conversation, made: datetime) -> bytes:
    """``conversation`` as the content of a .docx file; ``made`` is when it is exported."""
    return word(content(conversation, made), title(conversation), marking(conversation), made)
