"""The layout of a figure on a phone: its panels under each other, each with its own axes named."""

from itertools import pairwise
from textwrap import wrap
from typing import Any

from salesim.report.figures.figure import Figure, legend_rows

WIDTH = 330  # pixels of a phone that a legend has
LEAST, APART, NEXT = 170, 26, 114  # pixels: a panel's height, the gap to the next row, and to the next contest
LEFT, RIGHT, BELOW = 40, 10, 48
TITLE_LETTERS = 24  # in a line below a panel, which has names at its left
MOST_TICKS = 5  # where a layout has a number of them


def stacked(figure: Figure) -> dict[str, Any]:
    """What differs from the layout of a screen: axes, height, margins. Few columns come one after another, maps in pairs."""
    columns = max(column for _, column in figure.places)
    pairs = columns > 2 and "coloraxis" in figure.layout
    across = 2 if pairs else 1
    used = {trace["xaxis"] for trace in figure.traces}
    places = [place for place in figure.places if f"x{figure.mark(place)}" in used or not pairs]
    order = places if pairs else sorted(places, key=lambda place: (place[1], place[0]))
    lines = [order[start : start + across] for start in range(0, len(order), across)]
    margin = figure.layout["margin"]
    domain = figure.layout[f"yaxis{figure.mark(order[0])}"]["domain"]
    panel = max((domain[1] - domain[0]) * (figure.layout["height"] - margin["t"] - margin["b"]), LEAST)
    own_x = pairs or figure.layout["xaxis"].get("showticklabels", True)
    gaps = [NEXT if own_x or line[0][1] != after[0][1] else APART for line, after in pairwise(lines)]
    total = panel * len(lines) + sum(gaps)
    changed: dict[str, Any] = {}
    for number, line in enumerate(lines):
        top = 1 - (panel * number + sum(gaps[:number])) / total
        for side, place in enumerate(line):
            changed |= _axes(figure, place, (side, across), [max(top - panel / total, 0.0), top])
            if pairs:  # the name of the axis, which was that of the last row, would lie on the title below
                last = figure.layout[f"xaxis{figure.mark((max(row for row, _ in figure.places), 1))}"]["title"]
                changed[f"xaxis{figure.mark(place)}"]["title"] = last if number == len(lines) - 1 else {"text": ""}
    top_px = 40 + 20 * legend_rows(list(figure.named()), WIDTH) if figure.layout["showlegend"] else margin["t"]
    margins = {"l": LEFT, "r": RIGHT, "t": top_px, "b": BELOW}
    if not pairs:  # long titles go on above the names at the left of their panels
        changed["annotations"] = [{**note, "x": 1, "xanchor": "right"} for note in figure.layout["annotations"]]
    return changed | {"height": round(total + top_px + BELOW), "margin": margins, "uniformtext": {"mode": "hide", "minsize": 9}}


def _axes(figure: Figure, place: tuple[int, int], side: tuple[int, int], domain: list[float]) -> dict[str, Any]:
    """Both axes of a panel at its new place; the upright one is written at the first panel of a line, as its row was."""
    mark, (at, across) = figure.mark(place), side
    wide = (1 - 0.04 * (across - 1)) / across
    first = figure.layout[f"yaxis{figure.mark((place[0], 1))}"]
    x = figure.layout[f"xaxis{mark}"] | {"domain": [at * (wide + 0.04), at * (wide + 0.04) + wide]}
    x |= {"nticks": MOST_TICKS} if "nticks" in x else {}
    if title := x.get("title"):
        x |= {"title": {**title, "text": "<br>".join(wrap(title["text"].replace("<br>", " "), TITLE_LETTERS))}}
    y = figure.layout[f"yaxis{mark}"] | {"domain": domain, "showticklabels": at == 0}
    y |= {"title": first["title"] if at == 0 else {"text": ""}} if "title" in first else {}
    return {f"xaxis{mark}": x, f"yaxis{mark}": y}
