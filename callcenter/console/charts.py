"""Charts drawn on the server as SVG: no script, nothing from elsewhere, readable on light and on dark, and always also a table.

The library computes the shapes. Its style and script are taken out: colours are put on the shapes themselves, so that a chart
is right wherever it is shown, and one short style inside turns them for dark screens.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import pygal
from lxml import etree

_WIDTH, _HEIGHT = 760, 260
_LONGEST_AXIS = 14
"""So many labels fit beside each other; of more, every second, third... is written."""

_LIGHT = ("#1f7a9c", "#c4622d", "#6b5fb5", "#3f8f5b", "#b04a7a")
_DARK = ("#6cc3e0", "#f0a477", "#b5a9f2", "#79d6a4", "#f09cc4")
_INK, _DARK_INK = "#55606e", "#a9b3bf"
_LINE, _DARK_LINE = "#d9ddd8", "#303942"

_UNWANTED = (
    ".//defs",
    ".//title",
    ".//desc",
    ".//g[@class='plot text-overlay']",
    ".//g[@class='plot tooltip-overlay']",
    ".//g[@class='axis x']/g/path",
)
"""The library's style and script, its tooltips, and the upright lines behind the bars."""


class Kind(Enum):
    """How a chart shows its numbers."""

    STACKED = pygal.StackedBar
    BARS = pygal.Bar
    LINES = pygal.Line


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers to be shown: one for each label in every series, None where there is nothing to say; `said` writes one out."""

    name: str
    title: str
    kind: Kind
    labels: Sequence[str]
    series: Mapping[str, Sequence[float | None]]
    said: Callable[[float], str] = "{:,.0f}".format

    @property
    def has_numbers(self) -> bool:
        """Whether there is anything to draw."""
        return any(value for values in self.series.values() for value in values)

    def rows(self) -> list[list[str]]:
        """The same as a table: label first, then every series."""
        columns = zip(*self.series.values(), strict=True)
        said = [["–" if value is None else self.said(value) for value in values] for values in columns]
        return [[label, *cells] for label, cells in zip(self.labels, said, strict=True)]


def draw(chart: Chart) -> bytes:
    """The chart as an SVG document."""
    drawing = chart.kind.value(
        width=_WIDTH,
        height=_HEIGHT,
        js=(),
        no_prefix=True,
        show_legend=len(chart.series) > 1,
        legend_at_bottom=True,
        legend_box_size=10,
        margin=8,
        margin_right=28,
        show_y_guides=True,
        truncate_label=-1,
        truncate_legend=-1,
        dots_size=2.5,
        allow_interruptions=True,
        min_scale=3,
        order_min=0,  # whole numbers on the axis: two ticks are never written alike
        max_scale=5,
        include_x_axis=True,
        value_formatter=chart.said,
        show_minor_x_labels=False,
        x_labels_major_every=-(-len(chart.labels) // _LONGEST_AXIS),
    )
    drawing.x_labels = list(chart.labels)
    for name, values in chart.series.items():
        drawing.add(name, list(values))
    return _plain(drawing.render_tree(), chart.title)


def _plain(root: etree._Element, title: str) -> bytes:
    """Without script, comments, tooltips and foreign style; with a title for whoever opens the picture by itself."""
    etree.strip_tags(root, etree.Comment)
    for path in _UNWANTED:
        for element in root.findall(path):
            if (parent := element.getparent()) is not None:
                parent.remove(element)
    for element in root.iter():
        _paint(element)
    root.insert(0, _element("style", _dark_style()))
    root.insert(0, _element("title", title))
    del root.attrib["id"]
    root.set("role", "img")
    root.set("font-family", "system-ui, 'Liberation Sans', sans-serif")
    root.set("font-size", "12")
    return etree.tostring(root, encoding="utf-8")


def _element(tag: str, text: str) -> etree._Element:
    element = etree.Element(tag)
    element.text = text
    return element


def _paint(element: etree._Element) -> None:
    """Puts the light colours on one shape, by the names the library gives."""
    names = (element.get("class") or "").split()
    series = next((int(name[6:]) for name in names if name.startswith("color-")), None)
    if "background" in names:
        element.set("fill", "none")
    elif series is not None:
        element.set("fill", _LIGHT[series % len(_LIGHT)])
        element.set("stroke", _LIGHT[series % len(_LIGHT)])
    elif "nofill" in names:
        element.set("fill", "none")
        element.set("stroke-width", "2")
    elif "line" in names:
        element.set("fill", "none")
        element.set("stroke", _LINE)
    elif element.tag == "text":
        element.set("fill", _INK)
        element.set("text-anchor", _anchor(element))


def _anchor(text: etree._Element) -> str:
    """Numbers end at their axis, labels stand in the middle under theirs, the legend begins at its box."""
    axes = {group.get("class") for group in text.iterancestors("g")}
    return "end" if "axis y always_show" in axes else "middle" if "axis x" in axes else "start"


def _dark_style() -> str:
    series = "".join(f".color-{number}{{fill:{colour};stroke:{colour}}}" for number, colour in enumerate(_DARK))
    other = f"text{{fill:{_DARK_INK}}}.axis .line{{stroke:{_DARK_LINE}}}.nofill{{fill:none}}"
    return f"@media(prefers-color-scheme:dark){{{series}{other}}}"


def picture_of(chart: Chart) -> str:
    """The chart inside the page, so that all of them come from one reading of the numbers."""
    return f"data:image/svg+xml;base64,{b64encode(draw(chart)).decode()}"
