"""What a language model may do with the assistant: five tools that read and change nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from mcp.types import CallToolResult, ContentBlock, ImageContent, TextContent
from pydantic import Field

from assistant.answer.record import answer_json, hit_json
from assistant.api.answering import Answering, Question
from assistant.api.mcp_results import DocumentsResult, ExcerptsResult, HitsResult
from assistant.api.mcp_texts import (
    told_answer,
    told_documents,
    told_excerpts,
    told_hits,
    told_page,
)
from assistant.api.models import AnswerBody, PageBody
from assistant.api.record import document_json, found_json, page_json
from assistant.api.work import Workers
from assistant.errors import DocumentError, UsageError
from assistant.excerpts.query import ExcerptQuery, Mode, Order
from assistant.types import Document, Filters, Page, Status

if TYPE_CHECKING:
    from assistant.answer.assistant import Assistant

PICTURE_WIDTH: Final = 1280  # pixels, at which small print can be read

Files = Annotated[
    tuple[str, ...],
    Field(max_length=1000, description="only these documents, by file or id; all where empty"),
]
Statuses = Annotated[
    tuple[Status, ...],
    Field(max_length=4, description="only documents of these statuses; all where empty"),
]
Earlier = Annotated[
    tuple[str, ...],
    Field(max_length=50, description="the earlier questions of the conversation, oldest first"),
]
Extractive = Annotated[
    bool, Field(description="in the documents' own words, without the language model")
]
Labels = Annotated[tuple[str, ...], Field(max_length=100)]
FirstPage = Annotated[int | None, Field(ge=1, description="only from this PDF page on")]
LastPage = Annotated[
    int | None, Field(ge=1, description="to this one; first_page alone where left out")
]
FirstParagraph = Annotated[str | None, Field(description='only from this paragraph on ("2-14")')]
LastParagraph = Annotated[
    str | None, Field(description="to this one; first_paragraph alone where left out")
]
Sentences = Annotated[int, Field(ge=0, le=20)]


class Tools:
    """The tools, as functions whose arguments and docstrings a model is shown."""

    def __init__(self, assistant: Assistant, answering: Answering, workers: Workers) -> None:
        self._assistant = assistant
        self._answering = answering
        self._workers = workers

    async def ask(
        self,
        question: Annotated[str, Field(description="one question, in plain language")],
        files: Files = (),
        statuses: Statuses = (),
        earlier: Earlier = (),
        extractive: Extractive = False,
    ) -> Annotated[CallToolResult, AnswerBody]:
        """Answer a question from the documents, every statement with checked citations.

        Give each statement on with its citations, as they are printed. Where `abstained` is true
        the documents do not say: that is the answer; say so and why, and add nothing of your own.
        Use only statements that are `supported`. Notes must be given on too.
        """
        filters = Filters(await self._files(files), statuses)
        answer = await self._answering.answer(Question(question, filters, earlier, extractive))
        return _result(told_answer(answer), answer_json(answer))

    async def search(
        self,
        question: Annotated[str, Field(description="what the passages should bear on")],
        files: Files = (),
        statuses: Statuses = (),
        limit: Annotated[int, Field(ge=1, le=200, description="passages to give")] = 10,
    ) -> Annotated[CallToolResult, HitsResult]:
        """Find the passages nearest to a question, best first, without answering it.

        They are near, and need not say what is asked: read them before you rely on one, and cite
        each by its place.
        """
        filters = Filters(await self._files(files), statuses)
        hits = await self._workers.run(lambda: self._assistant.search(question, filters, limit))
        return _result(
            told_hits(hits), {"question": question, "hits": [hit_json(hit) for hit in hits]}
        )

    async def excerpts(
        self,
        text: Annotated[str, Field(description="what to look for")],
        mode: Annotated[
            Mode,
            Field(
                description="question: by meaning; words: sentences with all of the words; "
                'phrase: letter for letter; place: what stands at "JP 3-09 para 2.a"; auto: chosen'
            ),
        ] = "auto",
        files: Files = (),
        statuses: Statuses = (),
        publishers: Labels = (),
        markings: Labels = (),
        since: Annotated[date | None, Field(description="only editions from this day on")] = None,
        until: Annotated[date | None, Field(description="only editions to this day")] = None,
        first_page: FirstPage = None,
        last_page: LastPage = None,
        first_paragraph: FirstParagraph = None,
        last_paragraph: LastParagraph = None,
        order: Order = "relevance",
        before: Sentences = 0,
        after: Sentences = 0,
        grouped: Annotated[
            bool, Field(description="what several documents say in the same words, once")
        ] = True,
        limit: Annotated[int, Field(ge=1, le=200)] = 20,
        offset: Annotated[int, Field(ge=0)] = 0,
    ) -> Annotated[CallToolResult, ExcerptsResult]:
        """Find every place on a matter: whole sentences, word for word, each with its place.

        Use it to collect what the documents say, and `ask` for an answer. `total` says how many
        there are; ask for the next with `offset`. Quote excerpts unchanged, with their citation.
        """
        query = ExcerptQuery(
            text,
            mode,
            Filters(await self._files(files), statuses, publishers, markings, since, until),
            _range("page", first_page, last_page),
            _range("paragraph", first_paragraph, last_paragraph),
            order,
            before,
            after,
            grouped,
        )
        found = await self._workers.run(lambda: self._assistant.excerpts(query, limit, offset))
        return _result(told_excerpts(found), found_json(found, limit))

    async def get_page(
        self,
        document: Annotated[str, Field(description="file or id, as citations give them")],
        pdf_page: Annotated[int | None, Field(ge=1, description="page of the PDF")] = None,
        printed_page: Annotated[
            str | None, Field(description='or the number printed on it, such as "I-5"')
        ] = None,
        picture: Annotated[bool, Field(description="with a picture of the page (PNG)")] = False,
    ) -> Annotated[CallToolResult, PageBody]:
        """Read a page: to check a quote, or for what stands around it.

        A citation's quote stands between its `start` and `end` in `text`.
        """
        (found,) = await self._documents([document])
        if (pdf_page is None) == (printed_page is None):
            raise UsageError("Give either pdf_page or printed_page.")
        page = await self._workers.run(
            lambda: self._page(found, pdf_page or printed_page or "", picture)
        )
        pictures: list[ContentBlock] = []
        if picture:
            png = await self._workers.run(
                lambda: self._assistant.page_picture(found.file, page.number, PICTURE_WIDTH)
            )
            coded = base64.b64encode(png).decode("ascii")
            pictures = [ImageContent(type="image", data=coded, mime_type="image/png")]
        return _result(told_page(found, page), page_json(found, page), pictures)

    async def list_documents(self) -> Annotated[CallToolResult, DocumentsResult]:
        """List the documents: what can be asked about, and which edition is current."""
        documents = await self._workers.run(self._assistant.documents)
        return _result(
            told_documents(documents), {"documents": [document_json(d) for d in documents]}
        )

    async def _files(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(document.file for document in await self._documents(names))

    async def _documents(self, names: Sequence[str]) -> list[Document]:
        """The documents with these files or ids; raises UsageError where there is none."""
        documents = await self._workers.run(self._assistant.documents)
        known = {name: document for document in documents for name in (document.file, document.id)}
        for name in names:
            if name not in known:
                raise UsageError(f"{name[:200]} is not in the index; list_documents names what is.")
        return [known[name] for name in names]

    def _page(self, document: Document, place: int | str, picture: bool) -> Page:
        """The page; where a picture is wanted, one without text too."""
        try:
            return self._assistant.page(document.file, place)
        except DocumentError:
            if not picture or isinstance(place, str):
                raise
            return Page(document.id, place, None, "")


def _range(what: str, first: Any, last: Any) -> tuple[Any, Any] | None:
    if first is None and last is not None:
        raise UsageError(f"Give first_{what} with last_{what}.")
    return None if first is None else (first, first if last is None else last)


def _result(
    text: str, content: dict[str, Any], pictures: Iterable[ContentBlock] = ()
) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text), *pictures], structured_content=content
    )
