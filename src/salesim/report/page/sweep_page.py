"""The page of a sweep: the answer in sentences, what was varied, a figure a measure, what moves what, how to repeat it."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from plotly import graph_objects as go

from salesim.metrics import METRICS, PRIMARY, SHOWN
from salesim.report.aggregates import of
from salesim.report.figures.sweep import by_arm, over_many, over_one, over_two, plane
from salesim.report.page.html import drawing, grid, items, swatch
from salesim.report.page.results_table import results
from salesim.report.sweep_files import MOST_DOTS, NOBODY, Swept, SweptAxis, read_swept
from salesim.report.text.amounts import amount as said
from salesim.report.text.amounts import gap
from salesim.report.theme import amount, contest_words, percent, sentence_case, spaced, unit_words
from salesim.stats.variance_shares import all_levels, shares

FIRST = ("operating_profit_k", *PRIMARY)  # measures before the fold
MOST_AXES = 6  # of a cloud's panels; those that move a measure most
MOST_PARAMETERS = 12
FEW_SEEDS = 5  # tell little apart
UNFOLD = "for (const plot of this.querySelectorAll('.plotly-graph-div')) Plotly.Plots.resize(plot)"


def swept_body(folder: Path) -> str:
    """All sections of a sweep as HTML, out of its folder."""
    swept = read_swept(folder)
    return "\n".join([_answer(swept), _asked(swept), _exhibits(swept), _often(swept), _moving(swept), _again(swept)])


def _answer(swept: Swept) -> str:
    """Sentences, contest by contest."""
    found = []
    for contest in swept.look.contests:
        lines = list(_sentences(swept, contest))
        head = f"<h3>{escape(sentence_case(contest_words(contest)))}</h3>" if len(swept.look.contests) > 1 else ""
        found.append(head + items(lines))
    more = f'<p class="note">{escape(_doubt(swept))}</p>'
    return f'<section class="verdict"><h2>Answer</h2>{"".join(found)}{more}</section>'


def _sentences(swept: Swept, contest: str) -> Iterator[str]:
    """Who leads at how many points by each measure, then what moves the first."""
    for measure in FIRST:
        yield _on_leads(swept, contest, measure) if len(swept.look.arms) > 1 else _on_means(swept, contest, measure)
    strongest = _strongest(swept, contest, FIRST[0])
    if strongest:
        yield strongest


def _on_leads(swept: Swept, contest: str, measure: str) -> str:
    """Who is best at how many points, told from all others at how many, and by how much."""
    metric, led = METRICS[measure], swept.led(contest, measure)
    n_points, arms = len(led), sorted(swept.look.arms, key=lambda arm: -int((led["first"] == arm).sum()))
    if not led["told"].any():
        return (
            f"{metric.title}: at no point can the best be told from another arm."
            if n_points > 1
            else f"{metric.title}: the best cannot be told."
        )
    parts = []
    for arm in arms:
        mine = led[led["first"] == arm]
        told, lead = int(mine["told"].sum()), gap(float(mine["lead"].median()), metric.unit)
        if n_points == 1 and len(mine):
            second = spaced(str(mine["second"].iloc[0]))
            return f"{metric.title}: best is {spaced(arm)}, told from every other, by {lead} over {second}."
        if len(mine):
            where = f"all {n_points} points" if len(mine) == n_points else f"{len(mine)} of {n_points} points"
            sure = "told at each" if told == len(mine) else f"told at {told or 'none'}"
            parts.append(f"{spaced(arm)} at {where}, {sure} (median lead {lead})")
    return f"{metric.title}: best is {'; '.join(parts)}."


def _on_means(swept: Swept, contest: str, measure: str) -> str:
    """From where to where a measure goes over the points of a single arm."""
    metric, rows = METRICS[measure], of(swept.points, contest, swept.look.arms[0])
    low, high = (said(float(end), metric.unit) for end in (rows[measure].min(), rows[measure].max()))
    return f"{metric.title}: from {low} to {high} over {_points(len(rows))}."


def _points(count: int) -> str:
    return f"{count} point{'s' * (count != 1)}"


def _strongest(swept: Swept, contest: str, measure: str) -> str:
    """The axis that moves a measure most, and from where to where."""
    rows = swept.effects
    if rows.empty or not swept.axes:
        return ""
    keys = [axis.key for axis in swept.axes]
    mine = rows[(rows["contest"] == contest) & (rows["measure"] == measure) & rows["parameter"].isin(keys)]
    mine = mine[mine["at_low"].notna()]
    if mine.empty:
        return ""
    row = mine.loc[mine["share"].fillna(0.0).idxmax()]
    name = next(axis.name for axis in swept.axes if axis.key == row["parameter"])
    title, unit = METRICS[measure].title.lower(), METRICS[measure].unit
    low, high = (said(float(row[end]), unit) for end in ("at_low", "at_high"))
    goes = f"{low} at {row['level_low']} to {high} at {row['level_high']}"
    arms = ", mean over arms" if len(swept.look.arms) > 1 else ""
    return f"Of what was varied, {name} moves {title} most: from {goes}{arms}."


def _doubt(swept: Swept) -> str:
    """What the words above mean, and what few seeds cannot tell."""
    seeds = len(swept.record["seeds"])
    words = (
        f"Told: the intervals of its differences from every other arm, with the same {seeds} seeds, lie on one side of zero, "
        f"with {percent(float(swept.record['confidence']), 0)} confidence for all measures of a point together."
    )
    if len(swept.look.arms) < 2:
        words = f"Means over {seeds} seeds at each point."
    return f"{words} So few seeds show large differences only; seeds=… plays more." if seeds < FEW_SEEDS else words


def _asked(swept: Swept) -> str:
    """What was varied, and how many runs that made."""
    record, look = swept.record, swept.look
    arms = f"{len(look.arms)} arms ({', '.join(spaced(arm) for arm in record['arms'])})" if len(look.arms) > 1 else ""
    contests = f"{len(look.contests)} contest{'s' * (len(look.contests) > 1)} ({', '.join(look.contests)})"
    parts = [f"{_points(record['points'])} ({record['design']})", arms, contests, f"{len(record['seeds'])} seeds"]
    size = " × ".join(part for part in parts if part)
    rows = [
        [f'{escape(axis.key)}<span class="unit">{escape(axis.meaning)}</span>', escape(axis.text), escape(axis.unit)]
        for axis in swept.axes
    ]
    table = grid(["setting", "asked for", "unit"], rows) if rows else ""
    table = table.replace("<table>", '<table class="words">')
    return f'<section><h2>What was varied</h2><p class="note">{escape(size)}</p>{table}</section>'


def _exhibits(swept: Swept) -> str:
    """A figure a measure: the first open, the others folded."""
    draw, note = _drawn(swept)
    first, rest = FIRST, _rest()
    head = "Which arm is best where?" if len(swept.look.arms) > 1 else "How does it go with what was varied?"
    if not swept.axes:
        head = "How do the arms differ?"
    shown = "".join(draw(name) for name in first)
    folded = "".join(draw(name) for name in rest)
    more = f'<details ontoggle="{UNFOLD}"><summary>{len(rest)} more measures</summary>{folded}</details>'
    return f'<section class="exhibit"><h2>{head}</h2><p class="note">{escape(note)}</p>{shown}{more}</section>'


class _Exhibit:
    """Draws a measure under its title."""

    def __init__(self, swept: Swept, kind: str) -> None:
        self.swept, self.kind = swept, kind

    def __call__(self, measure: str) -> str:
        metric = METRICS[measure]
        better = "less is better" if metric.better == "down" else "more is better"
        figures = "".join(drawing(figure, f"{measure}-{n}") for n, figure in enumerate(self.figures(measure)))
        words = f"{unit_words(metric.unit)}; {better}"
        return f'<h3>{escape(metric.title)} <span class="better-way">{escape(words)}</span></h3>{figures}'

    def figures(self, measure: str) -> Iterator[go.Figure]:
        """The figures of a measure."""
        if self.kind == "arms":
            yield by_arm(self.swept, measure)
        elif self.kind == "line":
            yield over_one(self.swept, measure)
        elif self.kind == "map":
            yield over_two(self.swept, measure)
        else:
            axes = _telling(self.swept, measure)
            if len(axes) > 1 and len(self.swept.look.arms) > 1 and all(axis.is_number for axis in axes[:2]):
                yield plane(self.swept, measure, axes[:2])
            yield over_many(self.swept, measure, axes)


def _drawn(swept: Swept) -> tuple[_Exhibit, str]:
    """How the measures of this sweep are drawn, and how the figures are read."""
    alone, sure = len(swept.look.arms) < 2, percent(float(swept.record["confidence"]), 0)
    bars = f"Means over seeds with their {sure} intervals, each for itself."
    if not swept.axes:
        return _Exhibit(swept, "arms"), bars
    if swept.is_grid and len(swept.axes) == 1:
        paired = "" if alone else " Arms share their seeds, so they can be told apart though their intervals overlap."
        return _Exhibit(swept, "line"), bars + paired
    if swept.is_grid and len(swept.axes) == 2:
        if alone:
            return _Exhibit(swept, "map"), "Means over seeds, the darker the higher."
        words = "Each cell has the colour of the arm that is best there, and its lead over the next; the stronger, the larger. "
        return _Exhibit(swept, "map"), f"{words}In grey cells the best cannot be told from another arm."
    some = f" {MOST_DOTS} of the points are drawn." if swept.record["points"] > MOST_DOTS else ""
    if alone:
        return _Exhibit(swept, "cloud"), f"A dot a point: the mean over seeds.{some}"
    words = f"A dot a point and arm: the difference from {spaced(swept.look.baseline)} with the same seeds. "
    return _Exhibit(
        swept, "cloud"
    ), f"{words}Hollow dots cannot be told from zero with {sure} confidence for all measures of a point together.{some}"


def _telling(swept: Swept, measure: str) -> list[SweptAxis]:
    """The axes, those first that tell most of the difference of some arm from the baseline, or of the only arm's mean."""
    found = swept.gaps[swept.gaps["measure"] == measure]
    if len(swept.look.arms) < 2:
        found = swept.points.assign(difference=swept.points[measure])

    telling = dict.fromkeys((axis.key for axis in swept.axes), 0.0)
    for _, rows in found.groupby(["contest", "arm"], sort=False):
        groups = all_levels({axis.key: rows[axis.key].tolist() for axis in swept.axes})
        for key, (share,) in shares(groups, rows[["difference"]].to_numpy(float)).items():
            telling[key] = max(telling[key], float(np.nan_to_num(share)))
    return sorted(swept.axes, key=lambda axis: telling[axis.key], reverse=True)[:MOST_AXES]


def _often(swept: Swept) -> str:
    """At how many points each arm leads, and is better or worse than the baseline; of a single point, the differences."""
    look = swept.look
    if len(look.arms) < 2:
        return ""
    if swept.record["points"] == 1:
        return results(_of_one_point(swept), look)
    base = escape(spaced(look.baseline))
    tables = []
    for contest in look.contests:
        head = [escape(sentence_case(contest_words(contest))), *(swatch(arm, look) for arm in look.arms), "best is told at"]
        tables.append(grid(head, [_row(swept, contest, measure) for measure in (*FIRST, *_rest())]))
    note = (
        "Share of points where the arm is best by its mean, and at how many points the best is told from all others. In "
        f"small print: at how many points it is ▲ better or ▼ worse than {base}, as in differences.csv. All of it holds for "
        "all measures of a point together."
    )
    return f'<section><h2>How often is each best?</h2>{"".join(tables)}<p class="note">{note}</p></section>'


def _rest() -> list[str]:
    """Measures after the fold."""
    return [name for name in SHOWN if name not in FIRST]


def _of_one_point(swept: Swept) -> pd.DataFrame:
    """The differences of a single point as a study has them, with titles and the baseline's own rows."""
    rows = swept.differences
    base = rows.drop_duplicates(["contest", "measure"]).assign(arm=swept.look.baseline, verdict="baseline", difference=0.0)
    found = pd.concat([base.assign(mean_arm=base["mean_baseline"]), rows], ignore_index=True)
    for part in ("title", "unit", "better"):
        found[part] = [getattr(METRICS[name], part) for name in found["measure"]]
    return found


def _row(swept: Swept, contest: str, measure: str) -> list[str]:
    """A measure's row: share of points led, and counts against the baseline."""
    metric, led = METRICS[measure], swept.led(contest, measure)
    known = led[led["first"] != NOBODY]
    upwards = 1.0 if metric.better == "up" else -1.0
    cells = []
    for arm in swept.look.arms:
        share = percent(float((known["first"] == arm).mean()), 0) if len(known) else "–"
        gaps = of(swept.gaps[swept.gaps["measure"] == measure], contest, arm)
        signs = upwards * gaps["difference"][gaps["told"].astype(bool)]
        counts = [_count(int((signs > 0).sum()), "better", "▲"), _count(int((signs < 0).sum()), "worse", "▼")]
        small = f'<span class="difference">{" ".join(counts)}</span>' if arm != swept.look.baseline else ""
        cells.append(share + small)
    return [escape(metric.title), *cells, f"{int(led['told'].sum())} of {len(led)}"]


def _count(count: int, kind: str, mark: str) -> str:
    """A number of points behind its mark, in colour where there are any."""
    return f'<span class="{kind}">{mark} {count}</span>' if count else f"{mark} 0"


def _moving(swept: Swept) -> str:
    """From the lowest to the highest level of what was varied, arms included, and the share of variance."""
    if swept.effects.empty or not swept.axes:
        return ""
    names = {axis.key: axis.name for axis in swept.axes}
    tables = []
    for contest in swept.look.contests:
        rows = swept.effects[swept.effects["contest"] == contest]
        order = rows.groupby("parameter", sort=False)["share"].max().fillna(0.0).sort_values(ascending=False, kind="stable")
        units = [f'{escape(METRICS[m].title)}<span class="unit">{escape(unit_words(METRICS[m].unit))}</span>' for m in FIRST]
        head = [escape(sentence_case(contest_words(contest))), *units]
        body = []
        for parameter in order.index[:MOST_PARAMETERS]:
            mine = rows[rows["parameter"] == parameter].set_index("measure")
            cells = [_moved(mine.loc[measure], measure) for measure in FIRST]
            body.append([escape(names.get(parameter, str(parameter))), *cells])
        tables.append(grid(head, body))
    note = (
        "Means at the lowest and the highest level of a setting (or eighth of its points); of words, those with the smallest "
        "and the largest mean. In grey the levels, and the share of the variance between points that goes with it alone."
    )
    return f'<section><h2>What moves what?</h2>{"".join(tables)}<p class="note">{note}</p></section>'


def _moved(row: "pd.Series[float]", measure: str) -> str:
    """A cell: from where to where, the levels, the share of variance."""
    unit, low, high, share = METRICS[measure].unit, float(row["at_low"]), float(row["at_high"]), float(row["share"])
    if pd.isna(low):
        return "–"
    part = f", {percent(max(share, 0.0), 0)}" if pd.notna(share) else ""
    levels = escape(f"{spaced(str(row['level_low']))} → {spaced(str(row['level_high']))}")
    return f'{amount(low, unit)} → {amount(high, unit)}<span class="difference">{levels}{part}</span>'


def _again(swept: Swept) -> str:
    """The command, and what is not in it."""
    record = swept.record
    seeds = record["seeds"]
    facts = {
        "Seeds": f"{len(seeds)} ({seeds[0]} to {seeds[-1]}), the same at every point",
        "Baseline": spaced(str(record["baseline"])),
        "Runs that failed": str(record.get("failed", 0)),
        "Versions": ", ".join(
            f"{name} {version}" for name, version in {"salesim": record["salesim"], **record["versions"]}.items()
        ),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return (
        f"<section><h2>Run it again</h2><pre>{escape(str(record['command']))}</pre><dl>{rows}</dl>"
        '<p class="note">With more seeds or points it goes on from what is there. All settings are in resolved.yaml beside '
        "this page, every point in points.csv, every run in runs.csv.</p></section>"
    )
