"""Questions as they come in, made fit to be searched for."""

from __future__ import annotations

from typing import Final

from assistant.errors import QuestionError

EMPTY: Final = "The question is empty; type one in words."


def readable(question: str, most: int, empty: str = EMPTY) -> str:
    """``question`` on one line; raises QuestionError where it is empty or longer than ``most``.

    ``empty`` is what the error says in the first case.
    """
    # Half a surrogate pair, as broken clients send it, is no character and has no bytes.
    whole = question.encode("utf-8", "replace").decode("utf-8")
    text = " ".join(whole.replace("\0", " ").split())
    if not any(character.isalnum() for character in text):
        raise QuestionError(empty)
    if len(text) > most:
        raise QuestionError(
            f"The question has {len(text):,} characters; ask it in at most {most:,}."
        )
    return text
