"""The sections of `salesim explore`: where each arm wins, what decides it, regret, tipping points."""

from html import escape
from itertools import product
from pathlib import Path

import pandas as pd
from plotly import graph_objects as go

from salesim.report.aggregates import of
from salesim.report.figures.panels import INK, Place, add_arm, add_line, dressed, error_bars, is_new, panels
from salesim.report.page.html import again, by_contest, drawing, folded, listing, named, note, origin, section, swatch, table
from salesim.report.study_files import StudyFiles, read_analysis
from salesim.report.text import explore as text
from salesim.report.text.amounts import contest_title, listed, spaced, unit_words, with_unit
from salesim.report.text.origin import Record, seeds_words
from salesim.report.theme import Theme, drawn, faded

UNDECIDED = "#9aa0a8"
MEAN = "mean"  # the column of differences


def design_section(folder: Path) -> str:
    """Rules, what decides, and regret, as HTML."""
    files = read_analysis(folder / "explore.json", text.DESIGN_TABLES)
    record, theme, indices = files.record, files.theme, files.tables["indices"]
    boxes = (
        f"{text.decided_note(record)} Boxes, in the colour of who wins inside, are drawn where they bound the two axes shown."
    )
    total = (
        "Sobol total index: share of the variance of the difference that an axis explains, alone and with others. Whiskers: "
        f"{100 * record['confidence']:g} % intervals over points."
    )
    return section(
        "Where does each win?",
        origin(named(text.made_of(record), theme), record, folder.parent),
        _answers(text.sentences_of_design(files), theme),
        drawing(_map(files), "where-map"),
        note(named(boxes, theme)),
        f"<h3>What decides it</h3>{drawing(_indices(indices, theme), 'where-indices')}{note(total)}",
        "<h3>Which loses least at its worst</h3>",
        *(_regret(files, contest) for contest in theme.contests),
        note(text.REGRET_NOTE),
        folded("What was varied", table(text.varied(files.tables["axes"]), theme)),
        again(record, str(record["title"]).lower()),
    )


def tipping_section(folder: Path) -> str:
    """Tipping points, as HTML."""
    files = read_analysis(folder / "tipping.json", text.TIPPING_TABLES)
    record, theme, axis = files.record, files.theme, files.record["axes"][0]
    seeds = range(record["first_seed"], record["first_seed"] + record["seeds"])
    meaning = f": {axis['meaning']}" if axis["meaning"] else ""
    along = with_unit(axis["name"], axis["unit"])
    made = f"From {seeds_words(seeds)} of {listed([spaced(arm) for arm in theme.arms])}, along {along}{meaning}."
    curves = (
        f"{record['title']} less that of {record['baseline']} with the same seeds, and the intervals of each value alone. A "
        f"shaded strip is the interval of a tipping point. {text.tipping_note(record)}"
    )
    return section(
        f"Where does it tip along {axis['name']}?",
        origin(made, record, folder.parent),
        _answers(text.sentences_of_tipping(files), theme),
        drawing(_curves(files.tables["tipping_curve"], files.tables["tipping"], record, theme), "tipping"),
        note(named(curves, theme)),
        again(record, str(record["title"]).lower()),
    )


def _regret(files: StudyFiles, contest: str) -> str:
    """The regret of a contest's arms."""
    regret = text.regret_table(files, contest)
    first = regret.head[0]._replace(text=f"{contest_title(contest)}: regret")
    return table(regret._replace(head=[first, *regret.head[1:]]), files.theme)


def _answers(sentences: text.Sentences, theme: Theme) -> str:
    """Sentences by contest and arm; those under the baseline's name are about all arms."""
    lists = {}
    for contest, arms in sentences.items():
        lines = [f"<li>{swatch(arm, theme)}{listing(arms[arm], theme)}</li>" for arm in arms if arm != theme.baseline]
        of_all = listing(arms.get(theme.baseline, ()), theme, "answers")
        lists[contest] = f'<ul class="answers">{"".join(lines)}</ul>{of_all}'
    return by_contest(lists)


def _map(files: StudyFiles) -> go.Figure:
    """Points over the two axes that tell most, one panel an arm and contest; the box where it bounds them.

    Where one axis is all there is, the difference is the other.
    """
    theme, points, boxes, axes = files.theme, files.tables["points"], files.tables["rules"], files.tables["axes"]
    axes = axes[axes["kept"]]
    titles = {name: escape(with_unit(name, unit), quote=False) for name, unit in zip(axes["name"], axes["unit"], strict=True)}
    titles[MEAN] = f"difference, {unit_words(str(files.record['unit']))}"
    figure = panels(theme, rows=len(theme.others), own_x=True)
    for row, arm in enumerate(theme.others, start=1):
        names = _telling(files.tables["indices"], boxes, arm)
        for column, contest in enumerate(theme.contests, start=1):
            _dots(figure, of(points, contest, arm), names, theme, arm, (row, column))
            box = of(boxes, contest, arm).set_index("axis")
            edge = theme.colour(arm if box.empty or box["names"].iloc[0] > 0 else theme.baseline)
            _frame(figure, box, axes.set_index("name"), names, edge, (row, column))
        figure.update_xaxes(title_text=titles[names[0]], row=row)
        figure.update_yaxes(title_text=f"<b>{drawn(arm)}</b><br>{titles[names[1]]}", row=row, col=1)
    figure.update_xaxes(matches=None, showticklabels=True)
    return dressed(figure, 120 + 340 * len(theme.others))


def _telling(indices: pd.DataFrame, boxes: pd.DataFrame, arm: str) -> list[str]:
    """The two axes that tell most of an arm: those that bound its boxes first, then by their total index."""
    bounds = boxes[boxes["arm"] == arm]["axis"].value_counts()
    order = indices[indices["arm"] == arm].groupby("axis")["total"].mean().fillna(0.0).sort_values(ascending=False).index
    names = sorted(order, key=lambda name: -int(bounds.get(name, 0)))[:2]
    return names if len(names) == 2 else [*names, MEAN]


def _dots(figure: go.Figure, rows: pd.DataFrame, names: list[str], theme: Theme, arm: str, place: Place) -> None:
    """A dot a point, by who wins there."""
    kinds = (
        (0, "undecided", UNDECIDED, "circle-open"),
        (-1, f"{theme.baseline} wins", theme.colour(theme.baseline), "x"),
        (1, f"{arm} wins", theme.colour(arm), "circle"),
    )
    for sign, words, colour, symbol in kinds:
        mine = rows[rows["sign"] == sign]
        if not mine.empty:
            add_arm(
                figure, words, place, x=mine[names[0]].tolist(), y=mine[names[1]].tolist(), mode="markers",
                marker={"color": colour, "size": 8, "symbol": symbol, "opacity": 0.8}, customdata=mine["mean"].tolist(),
                hovertemplate="%{x:.3g}, %{y:.3g}: %{customdata:+,.3g}",
            )  # fmt: skip


def _frame(figure: go.Figure, box: pd.DataFrame, axes: pd.DataFrame, names: list[str], colour: str, place: Place) -> None:
    """The box' edges in the two axes, as far as it bounds them."""
    if not box.index.intersection(names).any():
        return
    ends = []
    for name in names:
        if name != MEAN:
            least, most = axes.at[name, "low"], axes.at[name, "high"]
            low, high = (box.at[name, "low"], box.at[name, "high"]) if name in box.index else (least, most)
            ends.append((max(low, least), min(high, most)))
    at = {"row": place[0], "col": place[1]}
    edges = {"fillcolor": faded(colour, 0.08), "line": {"color": colour, "width": 2}, "layer": "below", **at}
    if len(ends) == 1:
        figure.add_vrect(x0=ends[0][0], x1=ends[0][1], **edges)
        return
    (x0, x1), (y0, y1) = ends
    figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, **edges)


def _indices(indices: pd.DataFrame, theme: Theme) -> go.Figure:
    """Total indices with whiskers, axes from the most to the least telling."""
    order = indices.groupby("axis")["total"].mean().sort_values().index.tolist()
    figure = panels(theme, rows=1, shared_y=True)
    for (column, contest), arm in product(enumerate(theme.contests, start=1), reversed(theme.others)):
        rows = of(indices, contest, arm).set_index("axis").reindex(order)
        low, total, high = ((rows["total"] + side * rows["total_half"]).clip(0, 1) for side in (-1, 0, 1))  # as it can be
        figure.add_bar(
            row=1, col=column, orientation="h", y=order, x=total.tolist(), name=drawn(arm), legendgroup=arm,
            marker_color=theme.colour(arm), showlegend=is_new(figure, arm), error_x=error_bars(total, low, high, color=INK),
            hovertemplate="%{y}: %{x:.2f}",
        )  # fmt: skip
    figure.update_xaxes(title_text="share of the variance", tickformat=".0%", rangemode="tozero", matches="x")
    figure.update_yaxes(showgrid=False, ticksuffix="  ").update_layout(bargap=0.3, legend_traceorder="reversed")
    return dressed(figure, 140 + 46 * len(order))


def _curves(curves: pd.DataFrame, crossings: pd.DataFrame, record: Record, theme: Theme) -> go.Figure:
    """Mean differences along the axis with intervals, and a strip for each crossing."""
    figure, axis = panels(theme, rows=1), record["axes"][0]
    for (column, contest), arm in product(enumerate(theme.contests, start=1), theme.others):
        rows = of(curves, contest, arm)
        add_line(
            figure, theme, arm, (1, column), x=rows["values"].tolist(), y=rows["mean"].tolist(),
            error_y=error_bars(rows["mean"], rows["low"], rows["high"]), hovertemplate="%{x:.3g}: %{y:+,.3g}",
        )  # fmt: skip
        strip = {"fillcolor": faded(theme.colour(arm), 0.15), "line_width": 0, "row": 1, "col": column}
        for crossing in of(crossings, contest, arm).itertuples():
            figure.add_vrect(x0=crossing.low, x1=crossing.high, **strip)
    figure.add_hline(y=0, line={"color": INK, "width": 1}, row=1, col="all")
    figure.update_yaxes(tickformat=",.5~g")
    figure.update_yaxes(title_text=f"{unit_words(str(record['unit']))} more than {drawn(theme.baseline)}", col=1)
    figure.update_xaxes(title_text=escape(with_unit(axis["name"], axis["unit"]), quote=False))
    return dressed(figure, 400)
