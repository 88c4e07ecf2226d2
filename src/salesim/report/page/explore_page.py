"""The section "Where does each win?": rules, what decides, regret, tipping points; read from a study's `explore/`."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from salesim.report.aggregates import of
from salesim.report.figures.panels import INK, dressed, is_new, panels
from salesim.report.page.html import again, drawing, grid, named, sentence, swatch
from salesim.report.page.origin import origin_of, seeds_words
from salesim.report.study_files import read_json, read_table
from salesim.report.text.amounts import contest_words, listed, number, sentence_case, spaced, unit_words, usual_digits
from salesim.report.theme import Theme, drawn, faded, theme_of, typeset

UNDECIDED = "#9aa0a8"
MEAN = "mean"  # the column of differences


def design(folder: Path) -> str:
    """Rules, what decides, and regret, as HTML."""
    record = read_json(folder / "explore.json")
    theme, points, axes = theme_of(record), read_table(folder, "points"), read_table(folder, "axes")
    kept = axes[axes["kept"]]
    seeds = f"{record['seeds']} to {record['most_seeds']}" if record["most_seeds"] > record["seeds"] else record["seeds"]
    made = (
        f"From {record['points']} points spread over the axes below, {seeds} seeds each (from {record['first_seed']} on), of "
        f"{listed([spaced(arm) for arm in theme.arms])}."
    )
    figure = _map(
        points, read_table(folder, "indices"), read_table(folder, "rules"), kept, theme, unit_words(str(record["unit"]))
    )
    note = (
        f"A point is decided if the interval of its difference from {escape(spaced(theme.baseline))} excludes zero. Boxes, in "
        "the colour of who wins inside, are drawn where they bound the two axes shown."
    )
    return (
        f'<section class="exhibit"><h2>Where does each win?</h2>{origin_of(made, record, folder.parent)}'
        f"{_answers(record, theme)}{drawing(figure, 'where-map')}"
        f'<p class="note">{note}</p>'
        f"<h3>What decides it</h3>{drawing(_indices(read_table(folder, 'indices'), theme), 'where-indices')}"
        f'<p class="note">Sobol total index: share of the variance of the difference that an axis explains, alone and with '
        f"others. Whiskers: {100 * record['confidence']:g} % intervals over points.</p>"
        f"<h3>Which loses least at its worst</h3>{_regret(read_table(folder, 'regret'), record, theme)}"
        f"{_axes(axes)}{again(record, str(record['title']).lower())}</section>"
    )


def _answers(record: dict[str, Any], theme: Theme) -> str:
    """Sentences by contest and arm."""
    found = []
    for contest, arms in record["sentences"].items():
        lines = [
            f"<li>{swatch(arm, theme)}<ul>{''.join(f'<li>{sentence(named(text, theme))}.</li>' for text in texts)}</ul></li>"
            for arm, texts in arms.items()
            if arm != theme.baseline
        ]
        lines += [f"<li>{sentence(named(text, theme))}.</li>" for text in arms.get(theme.baseline, ())]
        found.append(f'<h3>{escape(sentence_case(contest_words(contest)))}</h3><ul class="answers">{"".join(lines)}</ul>')
    return "".join(found)


def _others(theme: Theme) -> list[str]:
    return [arm for arm in theme.arms if arm != theme.baseline]


def _map(
    points: pd.DataFrame, indices: pd.DataFrame, rules: pd.DataFrame, axes: pd.DataFrame, theme: Theme, unit: str
) -> go.Figure:
    """Points over the two axes that tell most, one panel an arm and contest; the box where it bounds them.

    Where one axis is all there is, the difference is the other.
    """
    arms = _others(theme)
    figure = panels(theme, rows=len(arms), own_x=True)
    titles = {str(row["name"]): _titled(row) for row in axes.to_dict("records")} | {MEAN: f"difference, {unit}"}
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


def _titled(axis: Mapping[str, Any]) -> str:
    """An axis of a figure: name and unit."""
    unit = str(axis["unit"])
    return f"{axis['name']} ({drawn(unit)})" if unit not in ("", "none") else str(axis["name"])


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
    box = {"fillcolor": faded(colour, 0.08), "line": {"color": colour, "width": 2}, "layer": "below"}
    if len(ends) == 1:
        figure.add_vrect(x0=ends[0][0], x1=ends[0][1], row=place[0], col=place[1], **box)
        return
    (x0, x1), (y0, y1) = ends
    figure.add_shape(
        type="rect", x0=x0, x1=x1, y0=y0, y1=y1, row=place[0], col=place[1], **box,
    )  # fmt: skip


def _indices(indices: pd.DataFrame, theme: Theme) -> go.Figure:
    """Total indices with whiskers, axes from the most to the least telling."""
    order = indices.groupby("axis")["total"].mean().sort_values().index.tolist()
    figure = panels(theme, rows=1, shared_y=True)
    for column, contest in enumerate(theme.contests, start=1):
        for arm in reversed(_others(theme)):
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


def _regret(regret: pd.DataFrame, record: dict[str, Any], theme: Theme) -> str:
    """A table a contest."""
    unit = str(record["unit"])
    found = []
    for contest in theme.contests:
        rows = []
        mine = regret[regret["contest"] == contest]
        for row in mine.to_dict("records"):
            digits = usual_digits(unit)
            worst = "–"
            if row["worst_point"] >= 0 and row["arm"] != row["behind"]:
                ends = ", ".join(typeset(number(row[end], unit, digits=digits)) for end in ("low", "high"))
                worst = (
                    f"{typeset(number(row['worst'], unit, digits=digits))} behind {escape(spaced(str(row['behind'])))}"
                    f'<span class="difference">[{ends}]</span>'
                )
            told = [typeset(number(row[name], unit, digits=digits)) for name in ("mean_regret", "regret_9_in_10")]
            rows.append([swatch(str(row["arm"]), theme), f"{100 * row['best_share']:.0f} %", *told, worst])
        head = [
            escape(sentence_case(contest_words(contest))), "best at",
            f'mean regret<span class="unit">{unit_words(unit)}</span>', "nine points in ten below",
            'at its worst point<span class="unit">on new seeds</span>',
        ]  # fmt: skip
        found.append(grid(head, rows))
    note = "Regret: how far an arm stays behind the best arm of the same point."
    return "".join(found) + f'<p class="note">{note}</p>'


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


def tipping(folder: Path) -> str:
    """Tipping points, as HTML."""
    record = read_json(folder / "tipping.json")
    theme, axis = theme_of(record), record["axis"]
    seeds = range(record["first_seed"], record["first_seed"] + record["seeds"])
    meaning = f": {axis['meaning']}" if axis["meaning"] else ""
    made = f"From {seeds_words(seeds)} of {listed([spaced(arm) for arm in theme.arms])}, along {_titled(axis)}{meaning}."
    figure = _curves(read_table(folder, "tipping_curve"), read_table(folder, "tipping"), record, theme)
    return (
        f'<section class="exhibit"><h2>Where does it tip along {escape(str(axis["name"]))}?</h2>'
        f"{origin_of(made, record, folder.parent)}{_answers(record, theme)}{drawing(figure, 'tipping')}"
        f'<p class="note">{escape(str(record["title"]))} less that of {escape(spaced(theme.baseline))} with the same seeds, '
        "and intervals of the first grid. The shaded strip is the interval of a crossing, from seeds not used in the curve.</p>"
        f"{again(record, str(record['title']).lower())}</section>"
    )


def _curves(curves: pd.DataFrame, crossings: pd.DataFrame, record: dict[str, Any], theme: Theme) -> go.Figure:
    """Mean differences along the axis with intervals, and a strip for each crossing."""
    figure = panels(theme, rows=1)
    for column, contest in enumerate(theme.contests, start=1):
        for arm in _others(theme):
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
    figure.update_xaxes(title_text=_titled(record["axis"]))
    return dressed(figure, 400)
