"""OpenAI's chat completions, as far as the assistant speaks them."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.examples import CHAT
from assistant.api.models import CitationBody, Text
from assistant.api.problems import Refused

MODEL: Final = "doctrine-assistant"
EXTRACTIVE: Final = "doctrine-assistant-extractive"
MODELS: Final = {
    MODEL: "answers as the settings say",
    EXTRACTIVE: "answers in the documents' own words, without the language model",
}
# What would change the answer in a way that the assistant cannot follow, and what of it asks
# for nothing.
_UNSUPPORTED: Final[dict[str, tuple[Any, ...]]] = {
    "n": (1,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "functions": ([],),
    "function_call": ("none", "auto"),
    "audio": (),
    "modalities": (["text"],),
    "response_format": ({"type": "text"},),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "web_search_options": (),
}


class MessagePart(BaseModel):
    """A piece of a message; only text can be read."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: Text | None = None


class ChatMessage(BaseModel):
    """A message of the conversation; those of a user are questions, the others are not read."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[MessagePart] | None = None

    def question(self) -> str:
        """Its text; raises Refused where it holds something else."""
        if isinstance(self.content, str) or self.content is None:
            return self.content or ""
        for part in self.content:
            if part.type != "text" or part.text is None:
                raise Refused(
                    400, "Only text can be read.", param="messages", code="unsupported_value"
                )
        return "\n".join(part.text or "" for part in self.content)


class StreamOptions(BaseModel):
    """What is sent beside the chunks."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = Field(False, description="a last chunk with `usage`")


class ChatBody(BaseModel):
    """A conversation whose last user message is the question.

    Fields that are not named here, such as `temperature` or `max_tokens`, are accepted and
    ignored. `tools`, `tool_choice`, `functions`, `function_call`, `n` above 1, `audio`,
    `modalities`, `response_format`, `logprobs`, `top_logprobs` and `web_search_options` are
    refused.
    """

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [CHAT]})

    model: str = Field(max_length=200, description="one of `GET /v1/models`")
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool | None = Field(False, description="as chunks, ended by `[DONE]`")
    stream_options: StreamOptions | None = None

    def check(self) -> None:
        """Raise Refused for what the assistant cannot do."""
        if self.model not in MODELS:
            sentence = "There is no such model; GET /v1/models lists those that there are."
            raise Refused(404, sentence, param="model", code="model_not_found")
        for name, value in (self.model_extra or {}).items():
            if name in _UNSUPPORTED and value is not None and value not in _UNSUPPORTED[name]:
                sentence = f"The assistant does not support this value of {name}."
                raise Refused(400, sentence, param=name, code="unsupported_parameter")

    def questions(self) -> list[str]:
        """The user's messages, the question last; raises Refused where there is none."""
        found = [m.question() for m in self.messages if m.role == "user"]
        if not found:
            raise Refused(400, "There is no message of a user.", param="messages")
        return found


class UrlCitation(BaseModel):
    """Where a mark such as "[1]" stands in the text, and what it leads to."""

    start_index: int
    end_index: int
    url: str = Field(description="the cited page as a picture, with the cited words marked")
    title: str = Field(description="the citation in the style of doctrine")


class Annotation(BaseModel):
    """A mark in the text and the citation behind it."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation
    citation: CitationBody = Field(description="the same citation as in `POST /api/ask`")


class Message(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="statements with marks, then the sources; or the reason")
    refusal: None = None
    abstained: bool = Field(description="true: the documents do not say")
    annotations: list[Annotation]


class Choice(BaseModel):
    """The only one."""

    index: Literal[0] = 0
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None
    message: Message


class Usage(BaseModel):
    """Tokens, at four characters each: the assistant does not count them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    estimated: Literal[True] = True


class Completion(BaseModel):
    """An answer as OpenAI's clients read it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    system_fingerprint: str = Field(description="fingerprint of the index that answered")
    choices: list[Choice]
    usage: Usage


class ModelBody(BaseModel):
    """A way to be answered."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "this server"
    description: str | None = None


class ModelsBody(BaseModel):
    """The ways to be answered."""

    object: Literal["list"] = "list"
    data: list[ModelBody]
