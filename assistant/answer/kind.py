"""What kind of answer a question wants, as far as its wording shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.index.words import content_words

_LIST = re.compile(
    r"\b(?:list|what are|which are|name the|all the|full set|recommend(?:s|ed|ations)?|steps|"
    r"phases|principles|tenets|imperatives|elements|types|kinds|functions|responsibilities|duties|"
    r"criteria|requirements|conditions|categories|purposes|questions|findings|members|levels|"
    r"measures|considerations|characteristics|fundamentals|what \w+ must|what does .* include|"
    r"(?:walk|take|talk) (?:me|us) through|every [a-z]{4,}|step by step|spell out|read me|"
    r"break (?:it )?down|checklist|everything (?:that|we|i)|"
    r"how (?:do|should|would|must) (?:i|we|you|they))\b|"
    # "Which things bar them", "what documents must": several are asked for.
    r"\b(?:what|which)(?: [\w'-]+){0,2} (?!this|is|was|does|has)\w{3,}(?<![sui])s\b "
    r"(?:are|do|should|must|can|could|may|will|have|did|were|bar|make|apply|need|exist|count)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|no|none|cannot|except|exclud\w+|prohibit\w*|forbid\w*|without|"
    r"rather than|other than)\b|n['’]t\b",
    re.IGNORECASE,
)
# "What kinds of rehearsal": rehearsals are listed.
_KINDS = re.compile(
    r"\b(?:kinds?|types?|sorts?|categories|forms) of ((?:[\w-]+ )?[\w-]+)", re.IGNORECASE
)
_SORTS = frozenset(content_words("kinds types sorts categories forms things"))
_PLURAL = re.compile(r"\b[a-z]{3,}(?<![sui])s\b")
_DEFINITION = re.compile(
    r"^(?:what (?:is|are|does)|define|definition|meaning of|give me the .*definition)\b|"
    r"\b(?:defin(?:e|ed|ition|itions)|stand(?:s)? for|mean by|meaning|what counts as|"
    r"who counts as|what is meant by)\b",
    re.IGNORECASE,
)
_MEANING = re.compile(
    r"\b(?:defin(?:e|ed|ition|itions)|meaning of|what (?:does|do|is|are) .* (?:mean|meant)\b|"
    r"stands? for|what counts as|what is meant by|mean by)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:i need|for (?:a|the|my) (?:planning )?brief(?:ing)?|show me|summari[sz]e|every|"
    r"in (?:order|full|brief|detail|short|sequence|a few words)|briefly|please|one by one|"
    r"(?:walk|take|talk) (?:me|us) through|"
    r"(?:the )?(?:full|complete|whole|entire) (?:set|list|text)|"
    r"(?:what|who) counts as|doctrinal definition|"
    r"(?:what|how) does (?:the |army |joint )?doctrine (?:say|define))\b",
    re.IGNORECASE,
)


def is_negated(text: str) -> bool:
    """Whether ``text`` says that something is not so, is excluded or forbidden."""
    return bool(_NEGATION.search(text))


def plurals(text: str) -> frozenset[str]:
    """Stems of the nouns in the plural, as far as they show; a name shows by its capital."""
    return frozenset(content_words(" ".join(_PLURAL.findall(text[:1].lower() + text[1:]))))


def _listed(question: str) -> frozenset[str]:
    found = plurals(question)
    of_kinds = set(content_words(" ".join(_KINDS.findall(question))))
    return frozenset((found | of_kinds) - _SORTS) or found


def without_form(question: str) -> str:
    """``question`` without phrases that say how to answer it, not what it is about."""
    return _FORM.sub(" ", question)


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """The units that a question of this wording prefers; several may hold at once.

    ``listed`` are the stems of the nouns that name what is listed: "the tenets of ...";
    ``defines``: it asks in so many words what something means; ``negated``: what is asked for
    is what is not so.
    """

    wants_list: bool
    wants_definition: bool
    listed: frozenset[str] = frozenset()
    defines: bool = False
    negated: bool = False


def answer_kind(question: str) -> AnswerKind:
    """Judge ``question`` by its wording."""
    return AnswerKind(
        bool(_LIST.search(question)),
        bool(_DEFINITION.search(question)),
        _listed(question),
        bool(_MEANING.search(question)),
        is_negated(question),
    )
