"""A figure as plotly.js takes it: plain traces, and a layout whose axes are found by row and column of their panel."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from salesim.report.theme import FAINT, FONT, INK, LINE

AXIS = {
    "gridcolor": LINE, "zeroline": False, "automargin": True, "ticks": "", "ticklabelstandoff": 4,
    "title": {"standoff": 8, "font": {"size": 13, "color": FAINT}},
}  # fmt: skip
CALM = {
    "paper_bgcolor": "white", "plot_bgcolor": "white", "xaxis": AXIS, "yaxis": AXIS,
    "font": {"family": FONT, "size": 13, "color": INK}, "hoverlabel": {"font": {"family": FONT}},
    "legend": {
        "orientation": "h", "x": 0, "xref": "container", "y": 1, "yref": "container", "yanchor": "top", "traceorder": "normal",
    },
}  # fmt: skip
LETTER = 7.6  # pixels of a letter of 13 pixels, as wide as those of any page
LEGEND_WIDTH = 640  # pixels, of a figure on a screen or on paper; figures.stacked has those of a phone
TITLE = {"x": 0.5, "y": 1, "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"size": 13, "color": FAINT}}
Place = tuple[int, int]  # row and column of a panel, from 1


class Figure:
    """Panels in rows and columns, `gaps` (shares of width and height) apart, with titles above columns or above each panel.

    With `shared_y`, "rows" or "all", panels have the same upright axis, written at the first column; with `shared_x` those of a
    column have the same horizontal axis, written at the last row.
    """

    def __init__(
        self,
        rows: int,
        columns: int,
        titles: Sequence[str],
        gaps: tuple[float, float],
        shared_y: str = "rows",
        shared_x: bool = False,
    ) -> None:
        self.traces: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {"shapes": [], "annotations": []}
        self.places = list(product(range(1, rows + 1), range(1, columns + 1)))
        wide, high = (1 - gaps[0] * (columns - 1)) / columns, (1 - gaps[1] * (rows - 1)) / rows
        for row, column in self.places:
            left, low, mark = (column - 1) * (wide + gaps[0]), (rows - row) * (high + gaps[1]), self.mark((row, column))
            first_y, first_x = self.mark((1 if shared_y == "all" else row, 1)), self.mark((1, column))
            x: dict[str, Any] = {"domain": [left, left + wide], "anchor": f"y{mark}"}
            y = {"domain": [low, low + high], "anchor": f"x{mark}", "matches": f"y{first_y}", "showticklabels": column == 1}
            x |= {"matches": f"x{first_x}", "showticklabels": row == rows} if shared_x else {}
            self.layout |= {f"xaxis{mark}": x, f"yaxis{mark}": y}
        for place, title in zip(self.places, titles, strict=False):
            refs = {"xref": f"x{self.mark(place)} domain", "yref": f"y{self.mark(place)} domain"}
            self.layout["annotations"].append({"text": title, **refs, **TITLE})

    def mark(self, place: Place) -> str:
        """What the names of a panel's axes end in: nothing for the first, then 2, 3 and so on."""
        number = self.places.index(place) + 1
        return str(number) if number > 1 else ""

    def upright(self, row: int) -> str:
        """The name of the upright axis of a row's first panel."""
        return f"y{self.mark((row, 1))}"

    def add(self, kind: str, place: Place, **trace: Any) -> None:
        """A trace in a panel."""
        mark = self.mark(place)
        self.traces.append({"type": kind, "xaxis": f"x{mark}", "yaxis": f"y{mark}", **trace})

    def style(self, letter: str, row: int | None = None, column: int | None = None, **style: Any) -> None:
        """Style of the axes x or y of all panels, or of those in a row or column."""
        for place in self.places:
            if row in (None, place[0]) and column in (None, place[1]):
                axis = self.layout[f"{letter}axis{self.mark(place)}"]
                axis |= {
                    key: {"text": value} if key == "title" and isinstance(value, str) else value for key, value in style.items()
                }

    def span(self, place: Place, letter: str, low: float, high: float, **style: Any) -> None:
        """A strip from `low` to `high` on the axis x or y across a panel; a line where both are the same."""
        mark, other = self.mark(place), "y" if letter == "x" else "x"
        ends = {f"{letter}0": low, f"{letter}1": high, f"{other}0": 0, f"{other}1": 1}
        refs = {f"{letter}ref": f"{letter}{mark}", f"{other}ref": f"{other}{mark} domain"}
        self.layout["shapes"].append({"type": "line" if low == high else "rect", **refs, **ends, **style})

    def across(self, letter: str, value: float, row: int | None = None, **line: Any) -> None:
        """A thin line at a value of the axis x or y, in all panels or in those of a row."""
        for place in self.places:
            if row in (None, place[0]):
                self.span(place, letter, value, value, line={"color": INK, "width": 1, **line})

    def is_new(self, group: str) -> bool:
        """Whether the legend does not name this group yet."""
        return not any(trace.get("legendgroup") == group and trace.get("showlegend") for trace in self.traces)

    def named(self) -> Iterator[str]:
        """What the legend names."""
        return (str(trace["name"]) for trace in self.traces if trace.get("showlegend"))

    def dressed(self, height: int, *, legend: bool = True, half: bool = False, beside: int = 0) -> "Figure":
        """With the page's calm style: no box, faint grid, legend on top with its rows at all or half the width.

        `beside` is the number of letters of names at the left of the panels, above which there is no legend.
        """
        width = LEGEND_WIDTH // (1 + half) - round(LETTER * beside)
        top = 40 + 20 * (legend_rows(list(self.named()), width) if legend else 0)
        margin = {"l": 44 if half else 64, "r": 16, "t": top, "b": 48}
        self.layout |= {"template": {"layout": CALM}, "height": height + top - 60, "showlegend": legend, "margin": margin}
        return self

    def title(self) -> str:
        """What the figure has, for those who do not see it: its axes, panels and arms."""
        axes = [axis.get("title", {}).get("text") for name, axis in self.layout.items() if name[1:5] == "axis"]
        panels = [note["text"] for note in self.layout["annotations"]]
        words = (", ".join(dict.fromkeys(part for part in parts if part)) for parts in (axes, panels, self.named()))
        return re.sub("<[^>]+>", " ", "Figure: " + "; ".join(part for part in words if part))


def legend_rows(names: Sequence[str], width: int) -> int:
    """How many rows a legend takes."""
    a_row = max(int(width // (46 + LETTER * max(map(len, names), default=1))), 1)
    return math.ceil(len(names) / a_row)


def script(*parts: Any) -> str:
    """Traces and layouts as arguments of a call; what is not a number, a script may write as NaN."""
    return ", ".join(json.dumps(part, default=lambda values: values.tolist()) for part in parts).replace("<", "\\u003c")
