"""A map of coloured cells over two axes of words, drawn as bars: the plotting library of the page has no heat maps."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from salesim.report.figures.figure import Figure, Place

GAP = 0.03  # between cells, in cells


class Tile(NamedTuple):
    """A cell: its column and row (from 0), its value on the scale of colours, what is written in it, and what is said of it."""

    column: int
    row: int
    value: float
    text: str
    more: str


def add_cells(
    figure: Figure, place: Place, tiles: Sequence[Tile], across: Sequence[str], marker: dict[str, Any], **trace: Any
) -> None:
    """Bars of one cell's height that stand on the row below; `marker` has the scale of colours."""
    figure.add(
        "bar", place, x=[across[tile.column] for tile in tiles], base=[tile.row + GAP / 2 for tile in tiles],
        y=[1 - GAP] * len(tiles), width=1 - GAP, text=[tile.text for tile in tiles], textposition="inside",
        insidetextanchor="middle", textangle=0, customdata=[tile.more for tile in tiles],
        hovertemplate="%{customdata}<extra></extra>", showlegend=False,
        marker={"color": [tile.value for tile in tiles], "line": {"width": 0}, **marker}, **trace,
    )  # fmt: skip
    figure.layout["barmode"] = "overlay"


def cell_axes(figure: Figure, across: Sequence[str], down: Sequence[str]) -> None:
    """Words along both axes, in their order: from the left, and from below."""
    figure.style("x", type="category", categoryorder="array", categoryarray=list(across), showgrid=False,
                 range=[-0.5, len(across) - 0.5])  # fmt: skip
    ticks = [row + 0.5 for row in range(len(down))]
    figure.style("y", tickvals=ticks, ticktext=list(down), range=[0, len(down)], showgrid=False)
