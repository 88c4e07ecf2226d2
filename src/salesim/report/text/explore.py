"""A saved exploration in words: what is asked, where each arm wins, what decides it, who loses least, tipping points."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from salesim.report.aggregates import of
from salesim.report.study_files import StudyFiles, grouped
from salesim.report.text.amounts import (
    between,
    contest_title,
    gap,
    interval,
    listed,
    number,
    percent,
    seeds_words,
    with_unit,
    words_of,
)
from salesim.report.text.emulated import learned_plan, quality_words
from salesim.report.text.explore_answer import MOSTLY_CHANCE, on_design, on_tipping
from salesim.report.text.printed import printed_shares
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.tornado import tornado_plan, turned
from salesim.report.text.verdict import Findings, Section

DESIGN_TABLES = ("axes", "points", "rules", "indices", "regret", "emulators")
TIPPING_TABLES = ("tipping", "tipping_curve")
SHOWN_INDICES = 3
FEW_SEEDS = 10  # of a point that is not decided yet
WIDE = 0.5  # half an interval of an index, from which it says little
NEARLY_NONE = 0.1  # share of points that may be undecided where an arm is said to win everywhere
NEARLY_ALWAYS = 0.9  # share of decided points from which no rule is needed
Record = Mapping[str, Any]


def question(record: Record) -> str:
    """What is asked, before its axes."""
    others = [arm for arm in record["arms"] if arm != record["baseline"]]
    varied = "each moved alone" if record["kind"] == "tornado" else "varied evenly and independently"
    return f"{', '.join(others)} against {record['baseline']}, by {record['title'].lower()}; {varied}:"


def plan(record: Record, counts: Mapping[str, int]) -> str:
    """How many runs there will be."""
    first, most, n_points = counts["first"], counts["most"], counts["points"]
    if record["kind"] == "tornado":
        return tornado_plan(record, counts)
    if record["kind"] == "tipping":
        return f"{first:,} runs for {n_points} values; with a crossing of each arm about {most:,}"
    if "usual" in counts:
        return learned_plan(record, counts)
    before = f": {counts['screening']:,} for the screening, {first - counts['screening']:,}" if counts["screening"] else ""
    base = record["base_points"]
    sobol = f" ({base} base points x {n_points // base})" if n_points > base else ""
    words = f"{first:,} runs{before} for {n_points} points{sobol} with {record['seeds']} seeds"
    if record["most_seeds"] > record["seeds"]:
        words += f"; up to {most:,}, as undecided points get up to {record['most_seeds']} seeds"
    words += "; fewer if an axis is screened out" if counts["screening"] else ""
    if record["most_seeds"] < FEW_SEEDS:
        words += (
            f". {record['most_seeds']} seeds for a point are few: many points will stay undecided; most_seeds=20 is sensible"
        )
    return words


def decided_note(record: Record) -> str:
    """When a point is decided."""
    emulated = " It also covers what the emulator does not know, as all intervals here do." if record["emulated"] else ""
    return (
        f"A point is decided if the {100 * record['confidence']:g} % interval of its difference from {record['baseline']} "
        f"excludes zero; this confidence is that of each point alone.{emulated}"
    )


REGRET_NOTE = (
    "Regret is how far an arm stays behind the best arm of the same point. At its worst point it is measured on confirmation "
    "seeds; the upper end of its interval allows for regret that is larger at another point."
)


def of_design(files: StudyFiles) -> tuple[Section, Section]:
    """Where each arm is ahead of the baseline and what decides it; which arm loses least."""
    record, regret, where, worst = files.record, files.tables["regret"], [], []
    for contest in record["contests"]:
        arms = [f"{arm}: {' '.join(of_arm(files, contest, arm))}" for arm in files.theme.others]
        where.append(Findings(contest_title(contest), arms))
        worst.append(Findings(contest_title(contest), [least_regret(regret[regret["contest"] == contest], record["unit"])]))
    learned, more = ("an emulator of ", False) if record["emulated"] else ("", record["most_seeds"] > record["seeds"])
    seeds = f"{record['seeds']} to {record['most_seeds']}" if more else record["seeds"]
    made_of = (
        f"From {learned}{record['points']} points spread over the axes, {seeds} seeds each (from {record['first_seed']} on), "
        f"of {listed(record['arms'])}; {record['runs']:,} runs."
    )
    note = f"{decided_note(record)} {quality_words(record, files.tables['emulators'])}".rstrip()
    return (
        Section("Where does each win?", where, [], note, made_of, answer=" ".join(on_design(files))),
        Section("Which loses least at its worst?", worst, [regret_table(files)], REGRET_NOTE, made_of),
    )


def of_arm(files: StudyFiles, contest: str, arm: str) -> Iterator[str]:
    """Where an arm is ahead of the baseline, and what decides it."""
    signs = of(files.tables["points"], contest, arm)["sign"]
    rules, indices = (of(files.tables[name], contest, arm) for name in ("rules", "indices"))
    won, lost, unsure = (float((signs == sign).mean()) for sign in (1, -1, 0))
    ahead, behind, undecided = (f"{share:.0f} %" for share in printed_shares([won, lost, unsure]))
    yield f"ahead of {files.record['baseline']} at {ahead} of the points, behind at {behind}, undecided at {undecided}."
    emulated = bool(files.record["emulated"])
    yield from of_box(rules, emulated) if len(rules) else [without_rule(won, lost, unsure)]
    if emulated and (indices["chance_share"] == 1.0).all():
        yield "What decides it is not clear: the points differ no more than chance of seeds makes them."
    elif len(indices):
        yield decided_by(indices.sort_values("total", ascending=False))


def without_rule(won: float, lost: float, undecided: float) -> str:
    """Why there is no rule, from shares of points."""
    if not won + lost:
        return "There is no rule: not one point is decided."
    where = "everywhere" if undecided <= NEARLY_NONE else "wherever it is decided"
    nearly = "" if 1.0 in (won, lost) else "nearly "
    for verb, share in (("Wins", won), ("Loses", lost)):
        if share / (won + lost) > NEARLY_ALWAYS:
            return f"{verb} {nearly}{where}; no rule is needed."
    return "There are too few points for a rule."


def of_box(box: pd.DataFrame, emulated: bool) -> Iterator[str]:
    """The box in words, and what it is worth on points it was not made from."""
    bounds = {str(row.axis): (float(row.low), float(row.high)) for row in box.itertuples()}
    row = box.iloc[0]
    kind, points = "wins" if row["names"] > 0 else "losses", "points" if emulated else "decided points"
    if not np.isfinite([*bounds.values()]).any():
        yield "No rule tells the wins from the losses."
        return
    yield f"{'Wins where' if row['names'] > 0 else 'Wins except where'} {in_words(bounds)}."
    if math.isnan(row["density"]):
        yield f"Of the {row['points']} {points} held out, this rule names none."
        return
    covered, named = (
        f"{percent(row[name])} ({100 * row[f'{name}_low']:.0f} to {percent(row[f'{name}_high'])})"
        for name in ("coverage", "density")
    )
    yield (
        f"On {row['points']} {points} held out, this rule covers {covered} of the {kind}, and {named} of the points it "
        f"names are {kind}; without a rule, {percent(row['hits'] / row['points'])} are."
    )


def decided_by(indices: pd.DataFrame) -> str:
    """The axes that explain most of the variance of the difference; `indices` has the largest first."""
    chance = float(indices["chance_share"].iloc[0])
    if chance > MOSTLY_CHANCE:
        share = percent(min(chance, 1.0))
        return f"What decides it is not clear: {share} of the variance of the difference is chance; ask for more seeds."
    if indices["total"].isna().all():
        return "There are no indices: the difference was the same, or could not be measured, at some points."
    largest, parts = indices.head(SHOWN_INDICES), []
    for axis, *known in zip(largest["axis"], *(largest["total"] + n * largest["total_half"] for n in (0, -1, 1)), strict=True):
        value, low, high = (min(1.0, max(0.0, each)) for each in known)  # none of them can be outside, though an estimate can
        parts.append(f"{axis} {value:.2f} ({low:.2f} to {high:.2f})")
    noise = f"; chance is about {percent(chance)} of the variance" if chance >= 0.005 else ""
    wide = "; intervals are wide, ask for more points" if indices["total_half"].max() > WIDE else ""
    return f"Share of the variance of the difference (Sobol total index): {', '.join(parts)}{noise}{wide}."


def in_words(bounds: Mapping[str, tuple[float, float]]) -> str:
    """Bounds by name as a person would say them.

    >>> in_words({"hours": (12.0, float("inf")), "complexity_a": (float("-inf"), 2.0)})
    'hours > 12 and complexity_a < 2'
    """
    parts = (bound_words(name, low, high) for name, (low, high) in bounds.items())
    return " and ".join(part for part in parts if part)


def bound_words(name: str, low: float, high: float) -> str:
    """One bound or two in words."""
    if math.isfinite(low) and math.isfinite(high):
        return f"{low:g} < {name} < {high:g}"
    return f"{name} > {low:g}" if math.isfinite(low) else f"{name} < {high:g}" if math.isfinite(high) else ""


def least_regret(regret: pd.DataFrame, unit: str) -> str:
    """The arm of a contest that loses least at its worst."""
    known = regret[regret["worst_point"] >= 0]
    if known.empty:
        return "Nothing can be said of regret: some arm could not be measured."
    first, *rest = known.sort_values("worst").itertuples()
    close = [row.arm for row in rest if row.low < first.high]
    doubt = f", though {listed(close)} may lose no more" if close else ""
    if first.arm == first.behind:
        return f"{first.arm}, which is never behind{doubt}."
    worst, low, high = at_worst(first._asdict())
    if worst == 0.0:
        return f"{first.arm}, not behind at its worst point, or by at most {gap(high, unit)}{doubt}."
    ends = between(low, high, unit)
    return f"{first.arm}, {gap(worst, unit)} behind {first.behind} ({ends}){doubt}."


def at_worst(row: Mapping[str, Any]) -> tuple[float, float, float]:
    """Regret at the worst point and the ends of its interval; who is ahead has none."""
    return max(row["worst"], 0.0), max(row["low"], 0.0), max(row["high"], 0.0)


def regret_table(files: StudyFiles) -> Grid:
    """A row an arm of each contest: at how many points it is best, and how far it is behind elsewhere."""
    unit, rows = files.record["unit"], []
    for contest, mine in grouped(files.rows("regret"), "contest").items():
        rows.append([Cell(contest_title(contest), kind="total"), *[Cell("")] * 5])
        for row in mine:
            usual = [percent(row["best_share"]), *(number(row[name], unit) for name in ("mean_regret", "regret_9_in_10"))]
            worst = [Cell("–"), Cell("")]
            if row["worst_point"] >= 0 and row["arm"] != row["behind"]:
                mean, low, high = at_worst(row)
                worst = [Cell(number(mean, unit), more=interval(low, high, unit)), Cell(str(row["behind"]))]
            rows.append([Cell(f" {row['arm']}"), *map(Cell, usual), *worst])
    heads = ("best at", "mean", "nine in ten below", "at its worst", "behind")
    return Grid([Cell("regret", more=words_of(unit)), *map(Cell, heads)], rows)


def varied(axes: pd.DataFrame) -> Grid:
    """What was varied, over which range."""
    rows = [
        [*(Cell(str(row[name])) for name in ("name", "span", "unit", "meaning")), Cell("" if row["kept"] else "screened out")]
        for row in axes.to_dict("records")
    ]
    return Grid([Cell(name) for name in ("axis", "range", "unit", "meaning", "")], rows)


def of_tipping(files: StudyFiles) -> Section:
    """Where each arm overtakes the baseline or falls behind, or why it does neither."""
    record, theme, axis = files.record, files.theme, files.record["axes"][0]
    findings = [Findings(contest_title(where), [tips(files, where, arm) for arm in theme.others]) for where in theme.contests]
    seeds = range(record["first_seed"], record["first_seed"] + record["seeds"])
    meaning = f": {axis['meaning']}" if axis["meaning"] else ""
    along = f"along {with_unit(axis['name'], axis['unit'])}{meaning}"
    note = (
        f"The interval of a tipping point has all values at which the {100 * record['confidence']:g} % interval of the "
        "difference includes zero; it comes from seeds that the curve does not use."
    )
    made_of = f"From {seeds_words(seeds)} of {listed(theme.arms)}, {along}; {record['runs']:,} runs."
    return Section(f"Where does it tip along {axis['name']}?", findings, [], note, made_of, answer=on_tipping(files))


def tips(files: StudyFiles, contest: str, arm: str) -> str:
    """The tipping points of an arm in words, or why there is none."""
    crossings, curve = (of(files.tables[name], contest, arm) for name in TIPPING_TABLES)
    turns = [crossed(files.record, each) for each in crossings.to_dict("records")]
    return f"{arm} {'; it '.join(turns)}." if turns else f"{arm}: {never(files.record, curve)}"


def crossed(record: Record, crossing: Mapping[str, Any]) -> str:
    """A tipping point in words."""
    axis = record["axes"][0]
    low = f"{axis['low']:g} or less" if crossing["open_low"] else three_digits(crossing["low"])
    high = f"{axis['high']:g} or more" if crossing["open_high"] else three_digits(crossing["high"])
    where = f"{axis['name']} = {three_digits(crossing['at'])} ({low} to {high})"
    return f"{turned(crossing, record['baseline'])} at {where}, from {crossing['seeds']} confirmation seeds"


def three_digits(value: float) -> str:
    """A number with three digits that count, the last zeros too.

    >>> three_digits(0.96), three_digits(366.2)
    ('0.960', '366')
    """
    return f"{value:#.3g}".rstrip(".")


def never(record: Record, curve: pd.DataFrame) -> str:
    """Why there is no tipping point."""
    axis, unit = record["axes"][0], record["unit"]
    span = f"between {axis['name']} = {axis['low']:g} and {axis['high']:g}"
    if (curve["low"] > 0).all() or (curve["high"] < 0).all():
        word = "ahead of" if curve["low"].iloc[0] > 0 else "behind"
        least, most = np.abs(curve["mean"]).min(), np.abs(curve["mean"]).max()
        size = gap(most, unit) if gap(least, unit) == gap(most, unit) else between(least, most, unit)
        return f"no tipping point {span}; it is {word} {record['baseline']} throughout, by {size}."
    return f"no tipping point is found {span}; the difference keeps its sign, or is not clear."
