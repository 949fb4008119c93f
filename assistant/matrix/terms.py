"""What doctrine and policy call the things that a recommendation speaks of."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError
from assistant.index.words import search_words

OWN_TERMS: Final = "matrix-terms.toml"  # in a workspace: its planners' own


class _Term(BaseModel):
    model_config = ConfigDict(extra="forbid")

    when: list[str] = Field(min_length=1)
    also: list[str] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    term: list[_Term] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and phrases by their stems, each with what is searched for beside them."""

    entries: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @classmethod
    def read(cls, root: Path) -> Terms:
        """Those of the workspace at ``root``, else those that come with the assistant.

        Raises AssistantError where the workspace's file cannot be read.
        """
        own = root / OWN_TERMS
        if not own.is_file():
            return cls._parsed(files(__package__).joinpath("terms.toml").read_bytes())
        try:
            return cls._parsed(own.read_bytes())
        except (OSError, ValueError) as error:  # ValidationError and bad TOML are ValueErrors
            first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
            raise AssistantError(f"{own} cannot be read: {first}.") from error

    @classmethod
    def _parsed(cls, content: bytes) -> Terms:
        terms = _File.model_validate(tomllib.loads(content.decode("utf-8"))).term
        return cls(
            tuple((tuple(search_words(when)), tuple(t.also)) for t in terms for when in t.when)
        )

    def of(self, text: str) -> tuple[str, ...]:
        """What is searched for beside ``text``, in the order of the file."""
        words = search_words(text)
        found = (also for when, also in self.entries if _stands_in(when, words))
        return tuple(dict.fromkeys(phrase for phrases in found for phrase in phrases))


def _stands_in(phrase: Sequence[str], words: Sequence[str]) -> bool:
    return bool(phrase) and any(
        tuple(words[start : start + len(phrase)]) == tuple(phrase) for start in range(len(words))
    )
