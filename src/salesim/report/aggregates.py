"""Table in, table out: the aggregates behind the figures and their sentences, so that both show the same numbers."""

from typing import Any

import pandas as pd

SPREAD = (0.10, 0.90)  # the band: eight of ten runs (or partners) lie inside

# Where the list price goes, in order; warm: given away in the channel, grey: the product, cool: our own costs.
DESTINATIONS = {
    "customer_discount": ("discount to customers", "#d55e00"),
    "partner_margin": ("partners' margin", "#e69f00"),
    "rebate": ("rebates", "#f3cf7a"),
    "product_cost": ("product", "#b7bbc1"),
    "selling": ("selling", "#0b4f7d"),
    "support": ("support", "#2f7fb5"),
    "development": ("development", "#6aa9d4"),
    "training": ("training", "#a3cbe8"),
    "executive": ("executives", "#cfe3f3"),
    "timing_and_service": ("service and timing", "#8c6bb1"),
    "operating_profit": ("operating profit", "#009e73"),
}


def ours(years: pd.DataFrame) -> pd.DataFrame:
    """The rows of our own vendor."""
    return years[years["vendor"] == 0] if "vendor" in years else years


def of(table: pd.DataFrame, contest: str, arm: str) -> pd.DataFrame:
    """The rows of one arm in one contest."""
    return table[(table["contest"] == contest) & (table["arm"] == arm)]


def yearly_spread(years: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows (contest, arm, year, mean, low, high, measure) over seeds."""
    groups = ours(years).groupby(["contest", "arm", "year"], observed=True)[measure]
    return _spread(groups, groups.mean(), measure)


def partner_spread(quotes: pd.DataFrame) -> pd.DataFrame:
    """Mean weighted by quotes, and quantiles over partners of all seeds; columns as `yearly_spread`."""
    keys = ["contest", "arm", "year"]
    return _spread(quotes.groupby(keys, observed=True)["pass_through"], mean_pass_through(quotes, keys), "pass_through")


def _spread(groups: Any, mean: "pd.Series[float]", measure: str) -> pd.DataFrame:
    low, high = (groups.quantile(share) for share in SPREAD)
    return pd.DataFrame({"mean": mean, "low": low, "high": high}).reset_index().assign(measure=measure)


def mean_pass_through(quotes: pd.DataFrame, keys: list[str]) -> "pd.Series[float]":
    """Mean pass-through of each group, every partner weighted by its quotes."""
    known = quotes.dropna(subset=["pass_through"]).assign(weighted=lambda q: q["pass_through"] * q["quotes"])
    sums = known.groupby(keys, observed=True)[["weighted", "quotes"]].sum()
    return sums["weighted"] / sums["quotes"]


def destination_shares(steps: pd.DataFrame) -> pd.DataFrame:
    """Rows (contest, arm, step, amount_k, share): the mean amount and its share of list price, costs positive."""
    means = steps.groupby(["contest", "arm", "step"], observed=True)["amount_k"].mean().reset_index()
    lists = means[means["step"] == "list_price"].rename(columns={"amount_k": "list_k"})
    shares = means[means["step"].isin(DESTINATIONS)]
    shares = shares.merge(lists[["contest", "arm", "list_k"]], on=["contest", "arm"])
    kept = shares["step"] == "operating_profit"
    shares["share"] = shares["amount_k"].where(kept, -shares["amount_k"]) / shares["list_k"]
    return shares


def segment_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows (contest, arm, complexity, value, won, processes, share); NaN where nobody bought."""
    keys = ["contest", "arm", "complexity", "value"]
    sums = counts.groupby(keys, observed=True)[["won", "processes"]].sum()
    sums["share"] = sums["won"] / sums["processes"].where(sums["processes"] > 0)
    return sums.reset_index()


def paired(runs: pd.DataFrame, baseline: str, measure: str) -> pd.DataFrame:
    """Rows (contest, arm, seed, difference): each run less the baseline's run of the same contest and seed."""
    if not {"contest", "arm", "seed", measure}.issubset(runs.columns):
        return pd.DataFrame(columns=["contest", "arm", "seed", "difference"])
    keys = ["contest", "seed"]
    base = runs[runs["arm"] == baseline].set_index(keys)[measure].rename("base")
    others = runs[runs["arm"] != baseline].join(base, on=keys, how="inner")
    others = others.assign(difference=others[measure] - others["base"])
    return others[["contest", "arm", "seed", "difference"]].dropna()
