"""Settings of a workspace, read from ``assistant.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import UsageError

SETTINGS_FILE = "assistant.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CorpusSettings(_Section):
    """Limits on what is read."""

    page_seconds: float = Field(20.0, gt=0, description="seconds one page may take")
    memory_mb: int = Field(2048, ge=256, description="memory the parser may use, in MB")
    max_pages: int = Field(3000, ge=1, description="pages a document may have")


class IndexSettings(_Section):
    """How passages are embedded and where vectors are kept."""

    embedding_model: str = Field(
        "", description="sentence-transformers name or path; empty is the packaged MiniLM"
    )
    batch_size: int = Field(16, ge=1, description="passages embedded at a time")
    chroma_url: str = Field(
        "", pattern=r"^(https?://.+)?$", description="Chroma server; empty keeps it embedded"
    )


class RetrieveSettings(_Section):
    """How passages are ranked."""

    candidates: int = Field(60, ge=1, description="passages each source contributes")
    fusion_constant: float = Field(20.0, gt=0, description="k of reciprocal rank fusion")
    lexical_weight: float = Field(1.5, ge=0, description="weight of words against vectors")
    passages: int = Field(15, ge=1, description="passages returned with an answer")
    read_again: int = Field(
        8, ge=0, description="best passages that are read again, word by word; 0 is none"
    )
    cross_encoder: str = Field(
        "", description="sentence-transformers CrossEncoder, name or path, that reads them instead"
    )


class AnswerSettings(_Section):
    """How much is said, and how sure the assistant must be to say it."""

    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="confidence below which it abstains; "
        "left out, that of `calibration.json`, else 0.5",
    )
    mode: Literal["auto", "extractive"] = Field(
        "auto",
        description="`auto`: by the language model of `[llm]` where one is configured; "
        "`extractive`: always in the documents' own words",
    )
    unsupported: Literal["drop", "flag"] = Field(
        "drop",
        description="what becomes of a model's statement that its sources do not support: left "
        "out, or shown as unsupported",
    )
    entailment_model: str = Field(
        "",
        description="sentence-transformers CrossEncoder for natural language inference, name or "
        "path, that must agree, too",
    )
    max_statements: int = Field(5, ge=1, description="statements an answer has at most")
    max_question: int = Field(2000, ge=10, description="characters a question may have")


class LlmSettings(_Section):
    """A language model behind an OpenAI-compatible server; none unless one is named."""

    base_url: str = Field(
        "",
        pattern=r"^(https?://.+)?$",
        description="address of the API, such as `http://127.0.0.1:8000/v1`; empty is no model",
    )
    model: str = Field("", description="name of the model, as the server calls it")
    api_key_env: str = Field(
        "", description="environment variable that holds the key; empty sends none"
    )
    timeout: float = Field(
        60.0, gt=0, description="seconds that the server may be silent before or during a reply"
    )
    retries: int = Field(
        2, ge=0, le=10, description="times that a request which failed in passing is sent again"
    )
    context_window: int = Field(4096, ge=512, description="tokens the model reads and writes")
    max_tokens: int = Field(512, ge=16, description="tokens an answer may have")
    headers: dict[str, str] = Field(
        {},
        description="further headers, for a gateway; "
        "a value `$NAME` is that environment variable's",
    )
    ca_bundle: str = Field("", description="PEM file of certificates to trust beside the system's")


class WebSettings(_Section):
    """Where the chat listens."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(7860, ge=1, le=65535, description="port to listen on")
    history: bool = Field(
        True,
        description="whether conversations, selections of excerpts and edits of a matrix are kept",
    )
    user_header: str = Field(
        "",
        description="request header in which a proxy that authenticates names the user; "
        "empty tells users apart by a cookie",
    )


class ApiSettings(_Section):
    """What programs may do over HTTP: `/api`, `/v1` and `/mcp` beside the chat."""

    enabled: bool = Field(True, description="whether programs may ask, too; see api.md")
    key_env: str = Field(
        "",
        description="environment variable that holds the key which `/api`, `/v1` and `/mcp` ask "
        "for; empty asks for none",
    )
    rate: str = Field(
        "120/minute",
        pattern=r"^([1-9]\d{0,8}/(second|minute|hour|day))?$",
        description="questions that one address may ask, such as `10/second`; empty is no limit",
    )
    max_body: int = Field(1_048_576, ge=1024, description="bytes the body of a request may have")
    concurrency: int = Field(
        4, ge=1, le=256, description="questions and searches worked on at once; others wait"
    )


class Settings(_Section):
    """All settings; what a workspace leaves out has the default shown in ``docs``."""

    corpus: CorpusSettings = CorpusSettings()
    index: IndexSettings = IndexSettings()
    retrieve: RetrieveSettings = RetrieveSettings()
    answer: AnswerSettings = AnswerSettings()
    llm: LlmSettings = LlmSettings()
    web: WebSettings = WebSettings()
    api: ApiSettings = ApiSettings()


def read_settings(path: Path) -> Settings:
    """Settings in ``path``; raises UsageError naming the first mistake."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Settings.model_validate(values)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        reason = (
            f"no such setting; there are {', '.join(_known(first['loc'][:-1]))}"
            if first["type"] == "extra_forbidden"
            else first["msg"].lower()
        )
        raise UsageError(f"{path}: {key}: {reason}.") from error


def override(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """``settings`` with other values, named like ``answer.threshold``; raises UsageError."""
    values = settings.model_dump()
    for name, value in changes.items():
        section, _, key = name.partition(".")
        if key not in values.get(section, {}):
            raise UsageError(f"There is no setting {name}; docs/settings.md lists them.")
        values[section][key] = value
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{key}: {first['msg'].lower()}.") from error


def _known(section: tuple[int | str, ...]) -> list[str]:
    """Names that a section may hold; the sections themselves at the top."""
    model: type[BaseModel] = Settings
    for name in section:
        annotation = model.model_fields[str(name)].annotation
        assert isinstance(annotation, type) and issubclass(annotation, BaseModel)
        model = annotation
    return list(model.model_fields)
