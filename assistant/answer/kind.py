"""What kind of answer a question wants, as far as its wording shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LIST = re.compile(
    r"\b(?:list|what are|which are|name the|all the|full set|recommend(?:s|ed|ations)?|steps|"
    r"phases|principles|tenets|imperatives|elements|types|kinds|functions|responsibilities|duties|"
    r"criteria|requirements|conditions|categories|purposes|questions|findings|members|levels|"
    r"measures|considerations|characteristics|fundamentals|what \w+ must|what does .* include)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^(?:what (?:is|are|does)|define|definition|meaning of|give me the .*definition)\b|"
    r"\b(?:defin(?:e|ed|ition|itions)|stand for|mean by|meaning)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:in (?:order|full|brief|detail|short|sequence|a few words)|briefly|please|"
    r"doctrinal definition|(?:what|how) does (?:the |army |joint )?doctrine (?:say|define))\b",
    re.IGNORECASE,
)


def without_form(question: str) -> str:
    """``question`` without phrases that say how to answer it, not what it is about."""
    return _FORM.sub(" ", question)


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """The units that a question of this wording prefers; several may hold at once."""

    wants_list: bool
    wants_definition: bool


def answer_kind(question: str) -> AnswerKind:
    """Judge ``question`` by its wording."""
    return AnswerKind(
        bool(_LIST.search(question)),
        bool(_DEFINITION.search(question)),
    )
