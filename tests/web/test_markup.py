"""Nothing but what the web layer writes itself is ever markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from assistant.conversation.turns import Turn
from assistant.types import Statement
from assistant.web.cards import evidence
from assistant.web.conversation import conversation
from assistant.web.markup import Markup, element, join, printable
from assistant.web.panels import document_table
from tests.web.fakes import answer, citation, document, hit

HOSTILE = [
    '<img src=x onerror="window.pwned=1">',
    "</blockquote></article><script>window.pwned=1</script>",
    '" onmouseover="window.pwned=1" x="',
    "'><svg/onload=window.pwned=1>",
    "[a link](javascript:window.pwned=1) **bold** `code` <b>",
    "$$\\href{javascript:window.pwned=1}{x}$$ \\(x\\)",
    "${window.pwned=1} {{constructor.constructor('window.pwned=1')()}} {% raw %}",
    "As shown in [3] and [1][2], see http://example.invalid/x",
    "&lt;img src=x&gt; &amp; b",
]


class Reader(HTMLParser):
    """The elements, attributes and text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def pages(text: str) -> str:
    """Everything the web layer renders, with ``text`` in every place that a value fills."""
    source = document(
        text,
        designation=text,
        title=text,
        publisher=text,
        marking=text,
        status="superseded",
        superseded_by=text,
    )
    cited = citation(3, source, quote=text, paragraph=text, printed_page=text)
    found = hit(1, source, text=text, heading=(text, text), paragraph=text)
    given = answer(
        text,
        [Statement(f"{text}\n\u2022 {text}", (3,))],
        [cited],
        [found],
        notes=(text,),
        model=text,
    )
    refused = answer(text, hits=[found], abstained=True, reason=text)
    turns = [
        Turn(1, text, scope=text, answer=given),
        Turn(2, text, answer=refused),
        Turn(3, text, error=text),
        Turn(4, text),
    ]
    return conversation(turns) + evidence(turns) + document_table([source])


@pytest.mark.parametrize("text", HOSTILE)
def test_values_never_become_markup(text: str) -> None:
    plain, hostile = Reader(pages("plain")), Reader(pages(text))
    shape = [(tag, sorted(attributes)) for tag, attributes in plain.elements]
    assert [(tag, sorted(attributes)) for tag, attributes in hostile.elements] == shape
    assert hostile.text == plain.text.replace("plain", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_only_cited_numbers_are_buttons(text: str) -> None:
    read = Reader(pages(text))
    cites = [a for _, a in read.elements if "cite" in (a.get("class") or "").split()]
    assert [a["data-card"] for a in cites] == ["card-1-3"]
    assert "a" not in {tag for tag, _ in read.elements}


def test_what_a_page_cannot_carry_is_replaced() -> None:
    assert printable("a\x00b\ud800c\x1bd") == "a\ufffdb\ufffdc\ufffdd"
    assert printable("invoice\u202efdp.exe") == "invoicefdp.exe"
    assert printable("two\nlines\tand a tab") == "two\nlines\tand a tab"
    element("p", "\ud800").encode("utf-8")


def test_elements_escape_all_but_markup() -> None:
    made = element("p", "<b>", Markup("<i></i>"), title='"', hidden=True, id=None, data_x=1)
    assert made == '<p title="&quot;" hidden data-x="1">&lt;b&gt;<i></i></p>'
    assert join("&", None, Markup("<br>")) == "&amp;<br>"
    assert element("br") == "<br>"
