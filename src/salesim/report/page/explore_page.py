"""The sections of `salesim explore`: where each arm wins, what decides it, regret, tipping points."""

from html import escape
from pathlib import Path

import pandas as pd
from plotly import graph_objects as go

from salesim.report.aggregates import of
from salesim.report.figures.panels import INK, dressed, is_new, panels
from salesim.report.page.html import again, drawing, grid, named, note, sentence, swatch, table
from salesim.report.page.origin import origin_of
from salesim.report.study_files import StudyFiles, read_analysis
from salesim.report.text.amounts import contest_title, listed, spaced, unit_words
from salesim.report.text.explore import (
    DESIGN_TABLES,
    REGRET_NOTE,
    TIPPING_TABLES,
    Sentences,
    axis_title,
    decided_note,
    made_of,
    regret_table,
    sentences_of_design,
    sentences_of_tipping,
    tipping_note,
)
from salesim.report.text.origin import Record, seeds_words
from salesim.report.theme import Theme, drawn, faded

UNDECIDED = "#9aa0a8"
MEAN = "mean"  # the column of differences


def design_section(folder: Path) -> str:
    """Rules, what decides, and regret, as HTML."""
    files = read_analysis(folder / "explore.json", DESIGN_TABLES)
    record, theme, axes = files.record, files.theme, files.tables["axes"]
    origin = origin_of(named(made_of(record), theme), record, folder.parent)
    figure = _map(files.tables["points"], files.tables["indices"], files.tables["rules"], axes[axes["kept"]], theme,
                  unit_words(str(record["unit"])))  # fmt: skip
    boxes = f"{decided_note(record)} Boxes, in the colour of who wins inside, are drawn where they bound the two axes shown."
    tables = "".join(_regret(files, contest) for contest in theme.contests)
    return (
        f'<section class="exhibit"><h2>Where does each win?</h2>{origin}'
        f"{_answers(sentences_of_design(files), theme)}{drawing(figure, 'where-map')}{note(named(boxes, theme))}"
        f"<h3>What decides it</h3>{drawing(_indices(files.tables['indices'], theme), 'where-indices')}"
        f'<p class="note">Sobol total index: share of the variance of the difference that an axis explains, alone and with '
        f"others. Whiskers: {100 * record['confidence']:g} % intervals over points.</p>"
        f"<h3>Which loses least at its worst</h3>{tables}{note(REGRET_NOTE)}"
        f"{_axes(axes)}{again(record, str(record['title']).lower())}</section>"
    )


def tipping_section(folder: Path) -> str:
    """Tipping points, as HTML."""
    files = read_analysis(folder / "tipping.json", TIPPING_TABLES)
    record, theme, axis = files.record, files.theme, files.record["axes"][0]
    seeds = range(record["first_seed"], record["first_seed"] + record["seeds"])
    meaning = f": {axis['meaning']}" if axis["meaning"] else ""
    made = f"From {seeds_words(seeds)} of {listed([spaced(arm) for arm in theme.arms])}, along {axis_title(axis)}{meaning}."
    figure = _curves(files.tables["tipping_curve"], files.tables["tipping"], record, theme)
    curves = (
        f"{record['title']} less that of {record['baseline']} with the same seeds, and the intervals of each value alone. A "
        f"shaded strip is the interval of a tipping point. {tipping_note(record)}"
    )
    return (
        f'<section class="exhibit"><h2>Where does it tip along {escape(str(axis["name"]))}?</h2>'
        f"{origin_of(made, record, folder.parent)}{_answers(sentences_of_tipping(files), theme)}{drawing(figure, 'tipping')}"
        f"{note(named(curves, theme))}{again(record, str(record['title']).lower())}</section>"
    )


def _regret(files: StudyFiles, contest: str) -> str:
    """The regret of a contest's arms."""
    regret = regret_table(files, contest)
    first = regret.head[0]._replace(text=f"{contest_title(contest)}: regret")
    return table(regret._replace(head=[first, *regret.head[1:]]), files.theme)


def _answers(sentences: Sentences, theme: Theme) -> str:
    """Sentences by contest and arm; those under the baseline's name are about all arms."""
    lists = []
    for contest, arms in sentences.items():
        lines = [
            f"<li>{swatch(arm, theme)}<ul>{_items(texts, theme)}</ul></li>" if arm != theme.baseline else _items(texts, theme)
            for arm, texts in arms.items()
        ]
        lists.append(f'<h3>{escape(contest_title(contest))}</h3><ul class="answers">{"".join(lines)}</ul>')
    return "".join(lists)


def _items(texts: list[str], theme: Theme) -> str:
    return "".join(f"<li>{sentence(named(text, theme))}</li>" for text in texts)


def _map(
    points: pd.DataFrame, indices: pd.DataFrame, rules: pd.DataFrame, axes: pd.DataFrame, theme: Theme, unit: str
) -> go.Figure:
    """Points over the two axes that tell most, one panel an arm and contest; the box where it bounds them.

    Where one axis is all there is, the difference is the other.
    """
    arms = theme.others
    figure = panels(theme, rows=len(arms), own_x=True)
    titles = {str(row["name"]): escape(axis_title(row), quote=False) for row in axes.to_dict("records")} | {
        MEAN: f"difference, {unit}"
    }
    for row, arm in enumerate(arms, start=1):
        names = _telling(indices, rules, arm)
        for column, contest in enumerate(theme.contests, start=1):
            _dots(figure, of(points, contest, arm), names, theme, arm, (row, column))
            box = of(rules[rules["kind"] == "box"], contest, arm).set_index("axis")
            edge = theme.colour(arm if box.empty or box["names"].iloc[0] > 0 else theme.baseline)
            _frame(figure, box, axes.set_index("name"), names, edge, (row, column))
        figure.update_xaxes(title_text=titles[names[0]], row=row)
        figure.update_yaxes(title_text=f"<b>{drawn(arm)}</b><br>{titles[names[1]]}", row=row, col=1)
    figure.update_xaxes(matches=None, showticklabels=True)
    return dressed(figure, 120 + 340 * len(arms))


def _telling(indices: pd.DataFrame, rules: pd.DataFrame, arm: str) -> list[str]:
    """The two axes that tell most of an arm: those that bound its boxes first, then by their total index."""
    boxes = rules[(rules["kind"] == "box") & (rules["arm"] == arm)]["axis"].value_counts()
    order = indices[indices["arm"] == arm].groupby("axis")["total"].mean().fillna(0.0).sort_values(ascending=False).index
    names = sorted(order, key=lambda name: -int(boxes.get(name, 0)))[:2]
    return names if len(names) == 2 else [*names, MEAN]


def _dots(figure: go.Figure, rows: pd.DataFrame, names: list[str], theme: Theme, arm: str, place: tuple[int, int]) -> None:
    kinds = (
        (0, "undecided", "undecided", UNDECIDED, "circle-open"),
        (-1, f"{theme.baseline} wins", "base", theme.colour(theme.baseline), "x"),
        (1, f"{arm} wins", arm, theme.colour(arm), "circle"),
    )
    for sign, words, group, colour, symbol in kinds:
        mine = rows[rows["sign"] == sign]
        if mine.empty:
            continue
        figure.add_scatter(
            row=place[0], col=place[1], x=mine[names[0]].tolist(), y=mine[names[1]].tolist(), mode="markers",
            marker={"color": colour, "size": 8, "symbol": symbol, "opacity": 0.8}, name=drawn(words), legendgroup=group,
            showlegend=is_new(figure, group), customdata=mine["mean"].tolist(),
            hovertemplate="%{x:.3g}, %{y:.3g}: %{customdata:+,.3g}",
        )  # fmt: skip


def _frame(
    figure: go.Figure, box: pd.DataFrame, axes: pd.DataFrame, names: list[str], colour: str, place: tuple[int, int]
) -> None:
    """The box' edges in the two axes, as far as it bounds them."""
    if not any(name in box.index for name in names):
        return
    ends = []
    for name in names:
        if name == MEAN:
            continue
        low, high = (float(box.at[name, end]) if name in box.index else float("nan") for end in ("low", "high"))
        ends.append((max(low, axes.at[name, "low"]) if low > float("-inf") else axes.at[name, "low"],
                     min(high, axes.at[name, "high"]) if high < float("inf") else axes.at[name, "high"]))  # fmt: skip
    edges = {"fillcolor": faded(colour, 0.08), "line": {"color": colour, "width": 2}, "layer": "below"}
    if len(ends) == 1:
        figure.add_vrect(x0=ends[0][0], x1=ends[0][1], row=place[0], col=place[1], **edges)
        return
    (x0, x1), (y0, y1) = ends
    figure.add_shape(
        type="rect", x0=x0, x1=x1, y0=y0, y1=y1, row=place[0], col=place[1], **edges,
    )  # fmt: skip


def _indices(indices: pd.DataFrame, theme: Theme) -> go.Figure:
    """Total indices with whiskers, axes from the most to the least telling."""
    order = indices.groupby("axis")["total"].mean().sort_values().index.tolist()
    figure = panels(theme, rows=1, shared_y=True)
    for column, contest in enumerate(theme.contests, start=1):
        for arm in reversed(theme.others):
            rows = of(indices, contest, arm).set_index("axis").reindex(order)
            total = rows["total"].clip(0, 1)  # an estimate can be beyond what it estimates can be
            low, high = ((rows["total"] + side * rows["total_half"]).clip(0, 1) for side in (-1, 1))
            reach = {"array": (high - total).tolist(), "arrayminus": (total - low).tolist(), "symmetric": False}
            figure.add_bar(
                row=1, col=column, orientation="h", y=order, x=total.tolist(), name=drawn(arm), legendgroup=arm,
                marker_color=theme.colour(arm), showlegend=is_new(figure, arm),
                error_x={"type": "data", **reach, "color": INK, "thickness": 1.2, "width": 3},
                hovertemplate="%{y}: %{x:.2f}",
            )  # fmt: skip
    figure.update_xaxes(title_text="share of the variance", tickformat=".0%", rangemode="tozero", matches="x")
    figure.update_yaxes(showgrid=False, ticksuffix="  ").update_layout(bargap=0.3, legend_traceorder="reversed")
    return dressed(figure, 140 + 46 * len(order))


def _axes(axes: pd.DataFrame) -> str:
    """What was varied, folded."""
    rows = [
        [
            escape(str(row["name"])), escape(str(row["span"])), escape(str(row["unit"])),
            escape(str(row["meaning"])), "" if row["kept"] else "screened out",
        ]
        for row in axes.to_dict("records")
    ]  # fmt: skip
    return f"<details><summary>What was varied</summary>{grid(['axis', 'range', 'unit', 'meaning', ''], rows)}</details>"


def _curves(curves: pd.DataFrame, crossings: pd.DataFrame, record: Record, theme: Theme) -> go.Figure:
    """Mean differences along the axis with intervals, and a strip for each crossing."""
    figure = panels(theme, rows=1)
    for column, contest in enumerate(theme.contests, start=1):
        for arm in theme.others:
            rows = of(curves, contest, arm)
            figure.add_scatter(
                row=1, col=column, x=rows["values"].tolist(), y=rows["mean"].tolist(), mode="lines+markers", name=drawn(arm),
                legendgroup=arm, showlegend=is_new(figure, arm), line={"color": theme.colour(arm), "width": 2.2},
                error_y={
                    "type": "data", "symmetric": False, "array": (rows["high"] - rows["mean"]).tolist(),
                    "arrayminus": (rows["mean"] - rows["low"]).tolist(), "thickness": 1.2, "width": 3,
                },
                hovertemplate="%{x:.3g}: %{y:+,.3g}",
            )  # fmt: skip
            for _, crossing in of(crossings, contest, arm).iterrows():
                figure.add_vrect(
                    x0=crossing["low"], x1=crossing["high"], fillcolor=faded(theme.colour(arm), 0.15), line_width=0,
                    row=1, col=column,
                )  # fmt: skip
        figure.add_hline(y=0, line={"color": INK, "width": 1}, row=1, col=column)
    figure.update_yaxes(tickformat=",.5~g")
    figure.update_yaxes(title_text=f"{unit_words(str(record['unit']))} more than {drawn(theme.baseline)}", col=1)
    figure.update_xaxes(title_text=escape(axis_title(record["axes"][0]), quote=False))
    return dressed(figure, 400)
