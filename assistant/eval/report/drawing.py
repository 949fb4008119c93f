"""A Matplotlib figure as SVG that stands in a page: no style of its own, colours by name.

Colours are placeholders here; the page's style gives each of them one value for a light
ground and one for a dark ground. The same figure gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from xml.etree import ElementTree

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, SOFT, FIRST, SECOND = "#010101", "#020202", "#030303", "#040404"
_NAMES: Final = {INK: "ink", SOFT: "soft", FIRST: "first", SECOND: "second"}

_SETTINGS: Final[Any] = {  # Matplotlib's stubs want every key spelt as a literal
    "svg.hashsalt": "assistant",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",  # comes with Matplotlib, so text is measured alike anywhere
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
}
_SIZE: Final = (4.6, 2.9)  # inches; the page scales it
_KEPT: Final = re.compile(r"(stroke|fill|clip|text-anchor|font-size|opacity)[a-z-]*")


@contextmanager
def drawing() -> Iterator[tuple[Figure, Axes]]:
    """An empty figure with one pair of axes, to be drawn on within the ``with``."""
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the user prefers
        mpl.rcParams.update(_SETTINGS)
        figure = Figure(figsize=_SIZE, layout="constrained")
        yield figure, figure.add_subplot()


def to_svg(figure: Figure, name: str, text: str) -> Markup:
    """The figure as an element ``svg`` with the text alternative ``text``.

    ``name`` keeps its parts apart from those of other figures of a page. To be called
    within ``drawing()``.
    """
    content = io.BytesIO()
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(content, format="svg", transparent=True, metadata=metadata)
    root = ElementTree.fromstring(content.getvalue())
    for element in root.iter():
        element.tag = _bare(element.tag)
        _rename(element, name)
        _unstyle(element)
    _drop(root, {"metadata", "style"})
    box = root.get("viewBox", "")
    root.attrib = {"viewBox": box, "role": "img", "aria-label": text, "class": "plot"}
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _bare(name: str) -> str:
    """A name without its namespace, which HTML knows by itself."""
    return name.rpartition("}")[2]


def _rename(element: ElementTree.Element, name: str) -> None:
    """Give ids the figure's name; only what is referred to keeps one."""
    old, element.attrib = element.attrib, {}
    for key, value in old.items():
        key, value = _bare(key), " ".join(value.split())
        if key == "id" and element.tag not in ("path", "clipPath"):
            continue
        if key == "id":
            value = f"{name}-{value}"
        value = re.sub(r"url\(#", f"url(#{name}-", value)
        element.set(key, f"#{name}-{value[1:]}" if key == "href" else value)


def _unstyle(element: ElementTree.Element) -> None:
    """Make attributes and class names of the style, which a strict policy would ignore."""
    style = element.attrib.pop("style", "")
    classes = []
    for part in filter(None, style.split(";")):
        key, value = (side.strip() for side in part.split(":", 1))
        if value in _NAMES:
            classes.append(f"{key}-{_NAMES[value]}")
        elif _KEPT.fullmatch(key):
            element.set(key, value)
    if classes:
        element.set("class", " ".join(classes))


def _drop(element: ElementTree.Element, names: set[str]) -> None:
    for child in list(element):
        if child.tag in names:
            element.remove(child)
        else:
            _drop(child, names)
