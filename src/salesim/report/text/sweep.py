"""What a sweep found, in sentences and tables: who is best where, and what moves what. Made of its folder alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from salesim.metrics import JUDGED, METRICS, SHOWN
from salesim.report.aggregates import of
from salesim.report.sweep_files import MOST_DOTS, NOBODY, SweepFiles, short_name
from salesim.report.text.amounts import amount, contest_words, counted, gap, number, percent, sentence_case, unit_words
from salesim.report.text.origin import on_worlds
from salesim.report.text.sweep_answer import sentences
from salesim.report.text.tables import Cell, Grid, arm_cell, key_to_results, results
from salesim.report.text.verdict import too_few, unit_of

MOST_PARAMETERS = 12  # in a table; effects.csv has all
KEY_TO_OFTEN = (
    "How often each is best: the share of points where an arm has the best mean; below it, at how many points it is ▲ clearly "
    "better or ▼ clearly worse than the baseline (a difference within the equivalence margin is neither). Last column: at how "
    "many points the best arm is clearly best."
)
KEY_TO_MOVING = (
    "What moves it: means at the lowest and at the highest level of a setting (or eighth of its points); of words, those with "
    "the smallest and the largest mean. The percentage is the share of the variance between points that goes with this setting "
    "alone."
)


def hidden() -> list[str]:
    """Measures that a page folds."""
    return [name for name in SHOWN if name not in JUDGED]


def answer(sweep: SweepFiles) -> str:
    """The sentence that comes first; it is about the first contest."""
    contest = sweep.theme.contests[0]
    words = " ".join(sentences(sweep, contest)) or (on_means if sweep.alone else on_leads)(sweep, contest, JUDGED[0])
    where = f"{sentence_case(contest_words(contest))}: " if len(sweep.theme.contests) > 1 else ""
    return f"{where}{words}"


def findings(sweep: SweepFiles, contest: str) -> list[str]:
    """Who is best at how many points by each measure that the answer is not about, and the best and the worst point."""
    on, said = (on_means, "") if sweep.alone else (on_leads, JUDGED[0] if contest == sweep.theme.contests[0] else "")
    return [*(on(sweep, contest, measure) for measure in JUDGED if measure != said), *on_extremes(sweep, contest)]


def on_leads(sweep: SweepFiles, contest: str, measure: str) -> str:
    """At how many points each arm is best, clearly at how many, and by how much."""
    metric, leads = METRICS[measure], sweep.leads_on(contest, measure)
    if not leads["clear"].any():
        where = f"at none of the {len(leads)} points is one arm" if len(leads) > 1 else "no arm is"
        return f"{metric.title}: {where} clearly best."
    if len(leads) == 1:
        only = leads.iloc[0]
        lead = gap(float(only["lead"]), metric.unit)
        return f"{metric.title}: {only['first']} is clearly best, {lead} ahead of {only['second']}."
    parts = []
    for arm in sorted(sweep.theme.arms, key=lambda arm: -int((leads["first"] == arm).sum())):
        mine = leads[leads["first"] == arm]
        if mine.empty:
            continue
        where = f"all {len(leads)} points" if len(mine) == len(leads) else f"{len(mine)} of {len(leads)} points"
        clear = int(mine["clear"].sum())
        sure = "clearly at each" if clear == len(mine) else f"clearly at {clear or 'none'} of them"
        parts.append(f"{arm} is best at {where}, {sure} (median lead {gap(float(mine['lead'].median()), metric.unit)})")
    return f"{metric.title}: {'; '.join(parts)}."


def on_means(sweep: SweepFiles, contest: str, measure: str) -> str:
    """From where to where a measure goes over the points of a single arm."""
    metric, rows = METRICS[measure], of(sweep.points, contest, sweep.theme.arms[0])
    low, high = (amount(float(end), metric.unit) for end in (rows[measure].min(), rows[measure].max()))
    return f"{metric.title}: from {low} to {high} over {counted(len(rows), 'point')}."


def on_extremes(sweep: SweepFiles, contest: str) -> Iterator[str]:
    """The points with the highest and the lowest mean of the first measure."""
    measure = JUDGED[0]
    rows = sweep.points[(sweep.points["contest"] == contest) & sweep.points[measure].notna()]
    if sweep.axes and len(rows) > 1:
        high, low = (_place(sweep, rows.loc[at].to_dict(), measure) for at in (rows[measure].idxmax(), rows[measure].idxmin()))
        yield f"{METRICS[measure].title} is highest at {high}; it is lowest at {low}."


def _place(sweep: SweepFiles, row: Mapping[Any, Any], measure: str) -> str:
    """A point and arm, what is set there, and the mean."""
    arm = "" if sweep.alone else f" with {row['arm']}"
    settings = ", ".join(f"{axis.name}={level(row[axis.key])}" for axis in sweep.axes)
    return f"point {row['point']}{arm} ({settings}), with {amount(float(row[measure]), METRICS[measure].unit)}"


def level(value: object) -> str:
    """A value of a setting, numbers with the digits that matter."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def certainty(sweep: SweepFiles) -> list[str]:
    """What the words of the answer mean, and what few seeds cannot show."""
    seeds, unit = len(sweep.record["seeds"]), unit_of(sweep.record)
    few = [line for line in (too_few(seeds, unit), on_worlds(sweep.record)) if line]
    if sweep.alone:
        return [f"These are means over {counted(seeds, unit)} at each point.", *few]
    return [
        "An arm is clearly best at a point if the intervals of its differences from all other arms, with the same "
        f"{counted(seeds, unit)}, lie above zero, with {percent(float(sweep.record['confidence']))} confidence for all "
        "measures of a point together. Where no arm is clearly best, the arms may differ or not.",
        *few,
    ]


def varied(sweep: SweepFiles) -> Grid:
    """What was varied, over which values."""
    rows = [[Cell(axis.key, more=axis.meaning), Cell(axis.text), Cell(axis.unit.replace("none", ""))] for axis in sweep.axes]
    return Grid([Cell("setting"), Cell("values"), Cell("unit")], rows)


def tables(sweep: SweepFiles, measures: Sequence[str]) -> Iterator[tuple[str, dict[str, Grid], str]]:
    """At how many points each arm is best, and what moves what: a title, a table a contest, and how they are read.

    Of a single point there are its results.
    """
    contests = sweep.theme.contests
    if sweep.n_points == 1 and not sweep.alone:
        rows, record = one_point(sweep), sweep.record
        key = key_to_results(sweep.differences, sweep.theme.baseline, float(record["confidence"]))
        yield "Results", {name: results(rows, name, sweep.theme, list(SHOWN)) for name in contests}, key
        return
    if not sweep.alone:
        yield "How often is each best?", {name: often(sweep, name, measures) for name in contests}, KEY_TO_OFTEN
    if sweep.axes and not sweep.effects.empty:
        yield "What moves what?", {name: moving(sweep, name) for name in contests}, KEY_TO_MOVING


def often(sweep: SweepFiles, contest: str, measures: Sequence[str] = JUDGED) -> Grid:
    """At which share of points each arm has the best mean, and how often it is clearly better or worse than the baseline."""
    rows = []
    for measure in measures:
        leads = sweep.leads_on(contest, measure)
        cells = [_often(sweep, leads, contest, measure, arm) for arm in sweep.theme.arms]
        rows.append([Cell(METRICS[measure].title), *cells, Cell(f"{int(leads['clear'].sum())} of {len(leads)}")])
    return Grid([Cell("Best mean at", more="share of points"), *map(arm_cell, sweep.theme.arms), Cell("clearly best at")], rows)


def _often(sweep: SweepFiles, leads: pd.DataFrame, contest: str, measure: str, arm: str) -> Cell:
    """At which share of points an arm is best; other than the baseline, at how many it is clearly better or worse than it."""
    known = leads.loc[leads["first"] != NOBODY, "first"]
    share = percent(float((known == arm).mean()))
    if arm == sweep.theme.baseline:
        return Cell(share)
    verdicts = of(sweep.differences[sweep.differences["measure"] == measure], contest, arm)["verdict"]
    higher, lower = (int((verdicts == verdict).sum()) for verdict in ("higher", "lower"))
    better, worse = (higher, lower) if METRICS[measure].better == "up" else (lower, higher)
    kind = "better" if better > worse else "worse" if worse > better else "unsure"
    return Cell(share, f"▲ {better:,} ▼ {worse:,}", kind=kind)


def moving(sweep: SweepFiles, contest: str) -> Grid:
    """Settings, arms included, by measures: the means from the lowest to the highest level, and the share of variance."""
    rows = sweep.effects[sweep.effects["contest"] == contest]
    parameters = list(dict.fromkeys(rows["parameter"]))
    order = rows.groupby("parameter", sort=False)["share"].max().fillna(0.0).sort_values(ascending=False, kind="stable")
    body = []
    for parameter in order.index[:MOST_PARAMETERS]:
        mine = rows[rows["parameter"] == parameter].set_index("measure").loc[list(JUDGED)].to_dict("index")
        levels = {measure: f"{row['level_low']} to {row['level_high']}" for measure, row in mine.items()}
        same = len(set(levels.values())) == 1
        name = Cell(short_name(str(parameter), parameters), more=levels[JUDGED[0]] if same else "")
        body.append([name, *(_moved(mine[measure], measure, "" if same else levels[measure]) for measure in JUDGED)])
    heads = [Cell(METRICS[name].title, more=unit_words(METRICS[name].unit)) for name in JUDGED]
    return Grid([Cell("What moves it"), *heads], body)


def _moved(row: Mapping[str, Any], measure: str, levels: str) -> Cell:
    """The means at both levels, and the levels where they are not those of the other measures."""
    if pd.isna(row["at_low"]):
        return Cell("–")
    share = percent(max(row["share"], 0.0)) if pd.notna(row["share"]) else ""
    low, high = (number(row[end], METRICS[measure].unit) for end in ("at_low", "at_high"))
    return Cell(f"{low} to {high}", more=", ".join(part for part in (levels, share) if part))


def one_point(sweep: SweepFiles) -> pd.DataFrame:
    """The differences of a single point as a study has them: with titles, and the baseline's own rows."""
    rows = sweep.differences
    base = rows.drop_duplicates(["contest", "measure"]).assign(arm=sweep.theme.baseline, verdict="baseline", difference=0.0)
    table = pd.concat([base.assign(mean_arm=base["mean_baseline"]), rows], ignore_index=True)
    for part in ("title", "unit", "better"):
        table[part] = [getattr(METRICS[name], part) for name in table["measure"]]
    return table


def key_to_figures(sweep: SweepFiles) -> str:
    """How the figures of a sweep are read."""
    sure, n_axes = percent(float(sweep.record["confidence"])), len(sweep.axes)
    if sweep.is_grid and n_axes == 1:
        paired = "" if sweep.alone else " Arms share their seeds: their differences may be clear though intervals overlap."
        return f"Means over seeds with their {sure} intervals, each for itself.{paired}"
    if sweep.is_grid and n_axes == 2:
        if sweep.alone:
            return "Means over seeds, the darker the higher."
        return (
            "Each cell has the colour of the arm that is clearly best there, and its lead over the next; the stronger, the "
            "larger. In grey cells no arm is clearly best; the one with the best mean stands there with a question mark."
        )
    some = f" {MOST_DOTS} of the points are drawn." if sweep.n_points > MOST_DOTS else ""
    if sweep.alone:
        return f"Each dot is a point: its mean over seeds.{some}"
    return (
        f"Each dot is a point and arm: the difference from the baseline, {sweep.theme.baseline}, with the same seeds. Where a "
        f"dot is hollow, the difference is not clear, with {sure} confidence for all measures of a point together.{some}"
    )
