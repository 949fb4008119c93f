"""A written page as a parser sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "input", "img", "link", "path", "circle"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def find(self, tag: str, **attributes: str) -> list[Element]:
        """The elements below with these attributes; ``cls`` is one of the classes."""
        found = []
        for child in self.children:
            same = all(
                value in child.attributes.get("class", "").split()
                if name == "cls"
                else child.attributes.get(name.replace("_", "-")) == value
                for name, value in attributes.items()
            )
            if child.tag == tag and same:
                found.append(child)
            found += child.find(tag, **attributes)
        return found

    @property
    def words(self) -> str:
        """All text below, white space collapsed."""
        return " ".join(self.text.split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data + " "


def parsed(page: str) -> Element:
    """The page as a tree; fails where elements are not closed in order."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert len(builder.open) == 1, [element.tag for element in builder.open]
    return builder.open[0]


def all_elements(root: Element) -> list[Element]:
    return [one for child in root.children for one in (child, *all_elements(child))]
