"""Targets out of cleaned deals, with standard errors; open deals are censored as in the model."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from salesim.analyses.crm.cleaning import FEWEST, Cleaning
from salesim.config.errors import InputError, meant
from salesim.config.targets import Target
from salesim.metrics.facts import QUARTER_WEEKS
from salesim.metrics.sums import HORIZON_WEEKS, YEAR_WEEKS
from salesim.metrics.survival import IN_YEAR, Closing, closing
from salesim.model.enums import Outcome
from salesim.stats.intervals import Numbers

RESAMPLES = 200  # of the deals, for standard errors
FEWEST_LATE = 10  # deals won in the last quarter, from which it is held back
FEWEST_QUARTERS = 3  # of an export, from which the last one is held back
MISSING_DEALS = 5.0  # deals that must have closed before the first that the export has, from which it is truncated
FIRST_MONDAY = pd.Timestamp("1970-01-05")


class Span(NamedTuple):
    """Weeks in which deals were watched: from `start` to before `end`."""

    start: int
    end: int


def in_weeks(deals: pd.DataFrame) -> pd.DataFrame:
    """Deals with the weeks in which they opened and closed, which run from Monday; -1 is never."""
    weeks = ((deals[name] - FIRST_MONDAY).dt.days // 7 for name in ("opened", "closed"))
    opened, closed = (each.fillna(-1).astype(int) for each in weeks)
    return deals.assign(opened_week=opened, closed_week=closed)


def watched(deals: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Deals that were open at some time in the span, as they stood at its end; `late` is for how long each was open before."""
    mine = deals[(deals.opened_week < span.end) & ((deals.closed_week < 0) | (deals.closed_week >= span.start))]
    later = (mine.closed_week < 0) | (mine.closed_week >= span.end)
    return mine.assign(
        outcome=mine.outcome.mask(later, int(Outcome.OPEN)),
        weeks=mine.closed_week.mask(later, span.end) - mine.opened_week,
        late=(span.start - mine.opened_week).clip(lower=0),
    )


def curves_of(mine: pd.DataFrame, weights: Numbers | None = None) -> Closing:
    """How deals end, by weeks since opening, as the model's measures have it (`metrics.survival`)."""
    size = HORIZON_WEEKS + 1
    place = mine.outcome.to_numpy() * size + mine.weeks.clip(upper=HORIZON_WEEKS).to_numpy()
    late = np.bincount(mine.late.clip(upper=HORIZON_WEEKS), weights, minlength=size)
    counts = np.bincount(place, weights, minlength=len(Outcome) * size).reshape(len(Outcome), size)
    return closing(counts, late if mine.late.any() else None)


def measures_of(mine: pd.DataFrame, names: list[str], n_weeks: int, weights: Numbers) -> dict[str, float]:
    """The numbers that the model has as measures of the same name, of deals that were watched for some weeks."""
    curves = curves_of(mine, weights)
    measures = {name: function(curves) for name, function in IN_YEAR.items() if name in names}
    won, weights = (part[(mine.outcome == Outcome.WON).to_numpy()] for part in (mine, weights))
    if "discount" in names:
        has = won.discount.notna().to_numpy()
        mean = np.average(won.discount[has], weights=weights[has])
        spread = np.sqrt(np.average((won.discount[has] - mean) ** 2, weights=weights[has]))
        measures |= {"discount": float(mean), "discount_spread": float(spread)}
    if "partner_sales" in names:
        measures["partner_sales"] = float(np.average(won.through_partner, weights=weights))
    if "won_per_seller" in names:
        measures["won_per_seller"] = float(weights.sum() * YEAR_WEEKS / n_weeks / sellers(mine))
    return measures


def sellers(mine: pd.DataFrame) -> float:
    """Owners of the deals that opened in a quarter, over all quarters in which any did."""
    seen = mine[(mine.owner != "") & (mine.late == 0)]
    quarters = (seen.opened_week - seen.opened_week.min()) // QUARTER_WEEKS
    return float(seen.groupby(quarters).owner.nunique().mean())


def measured(deals: pd.DataFrame, names: list[str], span: Span) -> dict[str, Target]:
    """Each number of a span with its standard error, from deals drawn again, as if they did not depend on each other."""
    mine, n_weeks = watched(deals, span), span.end - span.start
    value = measures_of(mine, names, n_weeks, np.ones(len(mine)))
    rng = np.random.default_rng(1)
    draws = [
        measures_of(mine, names, n_weeks, rng.poisson(1.0, len(mine)).astype(float)) for _ in range(RESAMPLES)
    ]  # fmt: skip
    errors = pd.DataFrame(draws).std()
    return {name: Target(name, value[name], float(errors[name])) for name in names if np.isfinite(value[name])}


def span_of(deals: pd.DataFrame, work: Cleaning) -> Span:
    """The weeks that the export has seen; later than its first deal if those that closed early are missing."""
    last = max(deals.opened_week.max(), deals.closed_week.max())
    if work.mapping.last_day:
        last = int((pd.Timestamp(work.mapping.last_day) - FIRST_MONDAY).days // 7)
    first, first_closed = int(deals.opened_week.min()), int(deals.closed_week[deals.closed_week >= 0].min())
    span = Span(first_closed, int(last) + 1)
    early = deals[deals.opened_week < first_closed]
    ages = (first_closed - early.opened_week).clip(upper=HORIZON_WEEKS - 1).to_numpy()
    gone = 1.0 - curves_of(watched(deals, span)).undecided[ages]
    missing = float((gone / np.maximum(1.0 - gone, 0.01)).sum())
    if missing < MISSING_DEALS:
        return Span(first, span.end)
    day = (FIRST_MONDAY + pd.Timedelta(weeks=first_closed)).date()
    work.add(
        "left truncation: opened before the first closing of the export", len(early),
        f"watched from {day} only, as some {missing:,.0f} deals that opened with them and closed earlier are not in the export",
        "export deals by the day they opened",
    )  # fmt: skip
    return span


def watch_open(deals: pd.DataFrame, span: Span, work: Cleaning) -> pd.DataFrame:
    """The deals after the open ones are named: censored, or older than any that closed, which the mapping may drop."""
    is_open = deals.closed_week < 0
    longest = int((deals.closed_week - deals.opened_week)[~is_open].max())
    zombies = is_open & (span.end - deals.opened_week > longest)
    drop = work.mapping.zombies == "drop"
    done = "left out" if drop else "counted as undecided for as long as they are open"
    work.add(
        f"zombies: open for longer than any deal that closed ({longest} weeks)", zombies.sum(), done,
        f"`zombies: {'undecided' if drop else 'drop'}`",
    )  # fmt: skip
    kept = deals[~zombies] if drop else deals
    closed, won = kept[kept.closed_week >= 0], int((kept.outcome == Outcome.WON).sum())
    share = curves_of(watched(kept, span)).won[YEAR_WEEKS]
    work.add(
        "censoring: open on the last day", len(kept) - len(closed),
        f"at risk until then, not dropped: {share:.1%} are won in a year; of the closed alone {won / len(closed):.1%}",
    )  # fmt: skip
    if span.end - span.start <= YEAR_WEEKS:
        work.note(f"{span.end - span.start} weeks watched, less than a year", "later decisions of open deals are not counted")
    return kept


def target_names(deals: pd.DataFrame, work: Cleaning) -> list[str]:
    """Measures that the columns and stages of the export have; what is missing is noted."""
    mapping, won = work.mapping, deals[deals.outcome == Outcome.WON]
    names = ["won_in_year", "undecided_in_year", "weeks_to_win", "median_weeks_to_win"]
    if not mapping.no_decision:
        names.remove("undecided_in_year")
        work.note("no stage for no decision", "undecided is no target: they may be among the lost", "`no_decision: STAGE`")
    if won.discount.notna().sum() >= FEWEST:
        names += ["discount", "discount_spread"]
    if mapping.partner:
        names.append("partner_sales")
    if mapping.owner:
        names.append("won_per_seller")
    work.note("no product cost in an export", "gross margin is no target", "`targets=FILE` beside `export=FILE`")
    for key, name in (("partner", "share through partners"), ("owner", "deals per seller")):
        if getattr(mapping, key) is None:
            work.note(f"no column of {key}s", f"{name} is no target", f"`{key}: COLUMN`")
    for name in mapping.leave_out:
        if name not in names:
            raise InputError(f"leave_out of the mapping has {name}, which is no number of the export; {meant(name, names)}")
    return [name for name in names if name not in mapping.leave_out]
