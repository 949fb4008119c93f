"""What the tools give back where the HTTP API gives it back in pages with addresses."""

from __future__ import annotations

from pydantic import BaseModel, Field

from assistant.api.models import DocumentBody, ExcerptBody, HitBody
from assistant.excerpts.query import Mode


class HitsResult(BaseModel):
    """The passages that bear on a question: the fields of `assistant search --json`."""

    question: str
    hits: list[HitBody] = Field(description="best first")


class ExcerptsResult(BaseModel):
    """Some of the excerpts found."""

    excerpts: list[ExcerptBody]
    total: int = Field(description="how many there are in all")
    offset: int
    limit: int
    mode: Mode = Field(description="what `auto` came to")
    index: str = Field(description="fingerprint of the index that was searched")


class DocumentsResult(BaseModel):
    """All documents of the index, by file."""

    documents: list[DocumentBody]
