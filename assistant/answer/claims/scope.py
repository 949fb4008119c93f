"""Whether a statement says more than its evidence: all for some, must for may, no exceptions."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer.claims.align import Alignment
from assistant.answer.claims.pairs import Pair
from assistant.answer.claims.words import CLASSES, plain


def measured(
    alignment: Alignment, pairs: Sequence[Pair], chosen: Sequence[int]
) -> dict[str, float]:
    """Classes of words that only the statement has ("+all") or only the evidence ("-only")."""
    told = " ".join(dict.fromkeys(pair.sentence for pair in pairs))
    near = " ".join(pair.evidence for pair in pairs)
    mine = _classes(alignment.statement.text)
    theirs, close = _classes(told), _classes(near)
    found: dict[str, float] = {}
    for name in CLASSES:
        found[f"+{name}"] = float(mine[name] and not theirs[name])
        found[f"-{name}"] = float(close[name] and not mine[name])
    plain_mine = not (mine["duty"] or mine["advice"] or mine["leave"])
    found["duty_for_less"] = float(
        mine["duty"] and not theirs["duty"] and (theirs["advice"] or theirs["leave"])
    )
    found["leave_for_duty"] = float(mine["leave"] and not theirs["leave"] and theirs["duty"])
    found["advice_for_duty"] = float(mine["advice"] and not theirs["advice"] and not mine["duty"])
    found["fact_for_leave"] = float(
        plain_mine and (close["leave"] or close["advice"]) and not close["duty"]
    )
    found["all_for_some"] = float(
        (mine["all"] or mine["none"])
        and not theirs["all"]
        and (theirs["some"] or theirs["most"] or theirs["except"] or theirs["leave"])
    )
    found["no_exception"] = float(
        (mine["none"] or mine["all"]) and theirs["except"] and not mine["except"]
    )
    found["limits_turned"] = float(
        (mine["least"] and not theirs["least"] and theirs["most_"])
        or (mine["most_"] and not theirs["most_"] and theirs["least"])
    )
    found["order_turned"] = float(
        (mine["before"] and not theirs["before"] and theirs["after"])
        or (mine["after"] and not theirs["after"] and theirs["before"])
    )
    found["trend_turned"] = float(
        (mine["increase"] and not theirs["increase"] and theirs["decrease"])
        or (mine["decrease"] and not theirs["decrease"] and theirs["increase"])
    )
    found["extreme_turned"] = float(
        (mine["largest"] and not theirs["largest"] and theirs["smallest"])
        or (mine["smallest"] and not theirs["smallest"] and theirs["largest"])
    )
    return found


def _classes(text: str) -> dict[str, bool]:
    clean = plain(text)
    return {
        name: bool(pattern.search(text if name in ("least", "most_", "none") else clean))
        for name, pattern in CLASSES.items()
    }
