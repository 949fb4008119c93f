"""How excerpts and selections are shown, and that nothing in them becomes markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.excerpts.query import Found
from assistant.excerpts.selection import Selected, Selection
from assistant.excerpts.store import Listed
from assistant.types import Excerpt, Span
from assistant.web.excerpt_card import quotation
from assistant.web.excerpt_results import AT_ONCE, result_line, results
from assistant.web.selection_panel import AT_ONCE as ITEMS
from assistant.web.selection_panel import CHANGED, FORMAT_NAMES, exports, panel, selection_list
from tests.web.fakes import document
from tests.web.test_markup import HOSTILE

SOURCE = document("adp3-0.pdf", designation="ADP 3-0", title="Operations")
WHEN = datetime(2026, 1, 2, 9, 30, tzinfo=UTC)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def of(self, event: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.seen if attrs.get("data-event") == event]


def excerpt(number: int = 1, **facts: object) -> Excerpt:
    one = Excerpt(
        id=f"{'a' * 16}:{number}.0-40",
        document=SOURCE,
        heading=("Chapter 2", "Planning"),
        paragraph="2-14",
        printed_page="19",
        pdf_page=number,
        spans=(Span(number, 0, 40),),
        quote="The joint force plans with allies.",
        matches=((4, 15),),
    )
    return replace(one, **facts)  # type: ignore[arg-type]


def found(shown: int, total: int, offset: int = 0) -> Found:
    excerpts = tuple(excerpt(n) for n in range(1, shown + 1))
    return Found(excerpts, total, offset, "phrase", "index")


def selection(*items: Selected, name: str = "Mine") -> Selection:
    return Selection(name, items, "index", WHEN)


@given(
    st.text(st.sampled_from("ab<&>\"' \n"), max_size=40),
    st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6),
)
def test_a_quote_keeps_its_words_whatever_is_marked(
    quote: str, matches: list[tuple[int, int]]
) -> None:
    shown = quotation(excerpt(quote=quote, matches=tuple(matches)))
    assert {tag for tag, _ in Tags(shown).seen} <= {"blockquote", "mark"}
    assert unescape(re.sub(r"</?(?:blockquote|mark)>", "", shown)) == quote


def test_the_words_searched_for_are_marked() -> None:
    assert "<mark>joint force</mark>" in quotation(excerpt())


def test_the_line_says_how_many_there_are_and_which_are_shown() -> None:
    assert result_line(found(0, 0)) == "No excerpt found."
    assert result_line(found(1, 1)) == "1 excerpt"
    assert result_line(found(50, 177)) == "177 excerpts, 1\u201350 shown"
    assert result_line(found(27, 1177, 1150)) == "1,177 excerpts, 1,151\u20131,177 shown"


def test_long_results_are_turned_page_by_page() -> None:
    first, last = (Tags(results(found(n, 120, at))) for n, at in ((50, 0), (20, 100)))
    before, after = first.of("apply")[:2]
    assert "disabled" in before and after["data-value"] == str(AT_ONCE)
    before, after = last.of("apply")[:2]
    assert "disabled" in after and before["data-value"] == str(100 - AT_ONCE)
    assert Tags(results(found(3, 3))).of("apply") == []


def test_a_result_says_where_it_stands_and_what_became_of_it() -> None:
    old = replace(SOURCE, status="superseded", superseded_by="ADP 3-0, 2025", marking="CUI")
    twin = excerpt(9, document=replace(SOURCE, designation="FM 3-0"))
    one = excerpt(document=old, repeats=(twin,))
    shown = results(Found((one,), 1, 0, "phrase", "index"), {one.id})
    for text in ("ADP 3-0 (21 Mar 2025), para 2-14, p. 19", "Chapter 2 \u203a Planning", "CUI"):
        assert text in shown
    assert "Superseded by ADP 3-0, 2025" in shown
    assert "Also in:" in shown and "FM 3-0 (21 Mar 2025)" in shown
    tags = Tags(shown)
    (box,) = tags.of("select")
    assert box["data-value"] == one.id and "checked" in box and "aria-label" in box
    places = [attrs for _, attrs in tags.seen if "data-file" in attrs]
    assert [json.loads(str(p["data-spans"])) for p in places] == [[[1, 0, 40]], [[9, 0, 40]]]


def test_how_it_was_searched_is_said_where_that_was_left_open() -> None:
    assert "Searched as: exact phrase." in results(found(1, 1), automatic=True)
    assert "Searched as" not in results(found(1, 1))


def test_a_selection_shows_its_items_in_order_with_their_notes() -> None:
    items = (Selected(excerpt(1), note="mine & yours"), Selected(excerpt(2), changed=True))
    shown = panel(selection(*items), ticked=[items[0].excerpt.id])
    tags = Tags(shown)
    assert "mine &amp; yours" in shown and shown.count(CHANGED) == 1
    assert [b["data-value"] for b in tags.of("delete")] == [i.excerpt.id for i in items]
    assert ["disabled" in b for b in tags.of("undo")] == [True, False]
    assert ["disabled" in b for b in tags.of("retry")] == [False, True]
    ticked = next(attrs["data-ticked"] for _, attrs in tags.seen if "data-ticked" in attrs)
    assert json.loads(str(ticked)) == [items[0].excerpt.id]


def test_of_a_long_selection_only_a_part_is_sent() -> None:
    items = [Selected(excerpt(n)) for n in range(1, 2 * ITEMS + 6)]
    last = Tags(panel(selection(*items), offset=2 * ITEMS))
    assert len(last.of("blur")) == 5
    assert len(Tags(panel(selection(*items))).of("blur")) == ITEMS


def test_every_format_can_be_downloaded_in_the_chosen_style() -> None:
    links = [
        attrs["href"] for tag, attrs in Tags(exports("ab12", "chicago", False)).seen if tag == "a"
    ]
    assert links == [f"selections/ab12/export.{form}?style=chicago" for form in FORMAT_NAMES]
    assert exports("ab12", "chicago", empty=True) == ""


def test_nothing_that_is_shown_becomes_markup() -> None:
    text = " ".join(HOSTILE)
    source = replace(SOURCE, designation=text, title=text, marking=text, file=text)
    one = excerpt(document=source, heading=(text,), paragraph=text, quote=text, matches=((0, 9),))
    one = replace(one, repeats=(one,))
    shown = results(Found((one,), 1, 0, "phrase", "index"))
    shown += panel(selection(Selected(one, note=text, changed=True), name=text))
    shown += selection_list([Listed("ab", text, WHEN, 3)], "ab")
    tags = Tags(shown)
    known = {"section", "div", "p", "span", "strong", "ol", "ul", "li", "label", "input", "mark"}
    known |= {"blockquote", "button", "h2", "textarea", "time", "a"}
    assert {tag for tag, _ in tags.seen} <= known
    names = {name for _, attrs in tags.seen for name in attrs}
    assert not {name for name in names if name.startswith("on")} and "src" not in names
    assert {attrs["href"] for _, attrs in tags.seen if "href" in attrs} == {"#collected"}
