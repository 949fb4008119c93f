"""Words that turn a statement round: negations, opposites, hedges, duties and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final

from assistant.answer.claims.text import stem_of

# What looks negative and is a limit: "no later than" says when, not that it does not happen.
_HARMLESS: Final = re.compile(
    r"\b(?:not only|not just|no later than|not later than|no more than|no less than|"
    r"no fewer than|not less than|not fewer than|not more than|no sooner than|not earlier than|"
    r"no earlier than|no longer than|not longer than|no larger than|no steeper than|no older than|"
    r"not exceed(?:ing)?|whether or not|no\. \d|no matter|not necessarily)\b",
    re.IGNORECASE,
)
NEGATION: Final = re.compile(
    r"\b(?:not|never|neither|nor|no|none|nobody|nothing|nowhere|cannot|without|rather than|"
    r"instead of)\b|n['’]t\b",
    re.IGNORECASE,
)
INHERENT: Final = re.compile(
    r"\b(?:lacks?|lacking|absent|absence|fail(?:s|ed|ing|ure)?|refus\w+|forbid\w*|forbade|"
    r"prohibit\w*|bars?|barred|bans?|banned|exclud\w*|exclus(?:ion|ions)|prevent\w*|preclud\w*|"
    r"den(?:y|ies|ied|ial)|reject\w*|disagree\w*|disapprov\w*|exempt\w*|ineligible|"
    r"un(?:able|authorized|available|limited|necessary|likely|related|changed|needed|affected)|"
    r"impossible|outside|out of|exceptions?|except|excepting|other than|free of|free from|"
    r"off[- ]limits|ruled out|rules? out|waiv\w+|omit\w*|dispens\w+|avoid\w*|cease[sd]?|refrain\w*|"
    r"withh[eo]ld\w*|spared?|invalid|optional|voluntary|irrespective|regardless|hardly|few|seldom|"
    r"rarely|incapable|unless|untouched|missing|no longer|anything but|far from)\b",
    re.IGNORECASE,
)
LIMIT: Final = re.compile(
    r"\b(?:only|solely|exclusive(?:ly)?|alone|sole|none but|nobody but|no one but|nothing but|"
    r"limited to|confined to|restricted to|reserved (?:for|to)|unless|until|before|except\w*|"
    r"other than|apart from|but not|save)\b",
    re.IGNORECASE,
)
CLASSES: Final = {
    name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    for name, pattern in {
        "duty": r"must|shall|requir\w*|mandatory|obligat\w+|obliged|compulsory|have to|has to|"
        r"had to|need(?:s|ed)? to|needs?|is to|are to|bound to|necessary|indispensable|has got to",
        "advice": r"should|recommend\w*|advis(?:ed|able)|encourag\w+|ought|suggest\w*|"
        r"call(?:s|ed)? for|urge[sd]?|propos\w+|prefer\w*|better to",
        "leave": r"may|might|can|could|permit\w*|permission|allow\w*|optional\w*|able to|free to|"
        r"authoriz\w*|let|lets|possible|at liberty|discretion|entitled",
        "thought": r"consider\w*|weigh\w*|look(?:s|ing)? (?:at|into|for)|explor\w*|examin\w*|"
        r"think about|review\w*",
        "all": r"all|every|each|any|always|entire(?:ly)?|whole|everyone|everything|everybody|"
        r"invariably|whenever|wherever|whatever|whichever|fully|complete(?:ly)?|anyone|anybody|"
        r"anything|anywhere|throughout|constantly|at all times|in full|exclusively",
        "some": r"some|several|many|few|a number of|part of|parts of|certain|select(?:ed)?|"
        r"sometimes|occasionally|partly|partially|in part|among (?:others|other things)|"
        r"for example|such as|including|includes?|e\.g|notably",
        "most": r"most|often|usual(?:ly)?|generally|normal(?:ly)?|mostly|mainly|chiefly|"
        r"frequently|typical(?:ly)?|as a rule|largely|primar(?:y|ily)|in general|majority|"
        r"in the first place|principally|tend(?:s|ed)? to|predominantly|ordinar(?:y|ily)|"
        r"by default|nearly|almost|about|approximately|roughly|around",
        "none": r"no exceptions?|without (?:a single )?exception|under no circumstances|"
        r"in (?:all|every|any) (?:cases?|circumstances?|conditions?)|whether or not|"
        r"regardless|irrespective|no matter|unconditional(?:ly)?|whatever the|on no account|"
        r"in no case|even (?:if|when|where|though)|under any|unlimited|at any time|automatically",
        "only": r"only|solely|exclusive(?:ly)?|alone|sole|nothing but|no one (?:but|else)|"
        r"none but|nobody but|limited to|confined to|restricted to|reserved (?:for|to)|just|merely",
        "least": r"at least|at a minimum|no (?:fewer|less|sooner|earlier) than|"
        r"not (?:less|fewer|earlier|sooner) than|"
        r"minimum|or more|or longer|or higher|or older|more than|over|exceed\w*|above|longer than|"
        r"greater than|beyond|not within",
        "most_": r"at most|at the most|up to|no (?:more|later|longer|larger|steeper|older) than|"
        r"not (?:more|later|longer) than|maximum|or (?:less|fewer|lower)|not exceed\w*|less than|"
        r"under|fewer than|below|within|as (?:many|much|late|long) as|at the latest|ceiling|"
        r"limit of|by|inside|capped|shorter than",
        "if": r"unless|if|where|when|in case|subject to|depend(?:s|ing)? on|provided|"
        r"as long as|so long as|once|in which case|whenever|on condition|in the event",
        "except": r"unless|except\w*|excluding|apart from|other than|save|barring|but not|"
        r"all but|aside from|waiver|waived?",
        "before": r"before|prior to|ahead of|until|till|in advance|precede[sd]?|preceding|by",
        "after": r"after|following|once|upon|afterwards|thereafter|since|later|follow(?:s|ed)",
        "also": r"also|too|as well|both|besides|in addition|and|together|jointly|along with",
        "or": r"or|either|alternatively",
        "increase": r"increas\w*|rose|rise[sn]?|grow\w*|grew|higher|up from|more|rais\w+|climb\w*",
        "decrease": r"decreas\w*|fell|fall\w*|drop\w*|lower\w*|reduc\w*|declin\w*|less|fewer|cut",
        "largest": r"most|largest|greatest|highest|best|longest|maximum|top|more|larger|biggest",
        "smallest": r"least|smallest|lowest|worst|shortest|fewest|minimum|less|smaller|fewer",
    }.items()
}


def plain(text: str) -> str:
    """``text`` with the limits that merely look negative blanked out."""
    return _HARMLESS.sub(lambda match: " " * len(match.group()), text)


def opposed() -> Iterator[tuple[list[str], list[str]]]:
    """Words, and those that each of them excludes, relation by relation."""
    lines = (resources.files(__package__) / "opposites.txt").read_text(encoding="utf-8")
    for line in lines.splitlines():
        if "|" in line and not line.startswith("#"):
            left, right = (side.split() for side in line.split("|"))
            yield left, right


@cache
def opposites() -> dict[str, frozenset[str]]:
    """The stems that are opposites of a stem."""
    found: dict[str, set[str]] = {}
    for sides in opposed():
        left, right = ([stem_of(word) for word in side] for side in sides)
        for a in left:
            for b in right:
                found.setdefault(a, set()).add(b)
                found.setdefault(b, set()).add(a)
    return {word: frozenset(others) for word, others in found.items()}


def are_opposite(a: str, b: str) -> bool:
    """Whether two stems mean opposite or exclusive things."""
    if b in opposites().get(a, ()):
        return True
    short, long = sorted((a, b), key=len)
    prefixes = ("un", "in", "im", "non", "dis", "il", "ir", "mis", "de")
    return len(short) > 3 and any(long == prefix + short for prefix in prefixes)
