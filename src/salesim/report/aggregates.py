"""The aggregates behind the figures and their sentences, by contest and arm, so that both show the same numbers."""

from typing import Any

import pandas as pd

from salesim.report.study_files import Row

SPREAD = (0.10, 0.90)  # the band: eight of ten runs (or partners) lie inside
KEYS = ["contest", "arm"]
Key = tuple[str, str]  # a contest and an arm

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
    "overhead": ("overhead", "#e4e7ea"),
    "timing_and_service": ("fees and timing", "#8c6bb1"),
    "operating_profit": ("operating profit", "#009e73"),
}


def of(table: pd.DataFrame, contest: str, arm: str) -> pd.DataFrame:
    """The rows of one arm in one contest."""
    return table[(table["contest"] == contest) & (table["arm"] == arm)]


def keyed(table: pd.DataFrame) -> dict[Key, list[Row]]:
    """Rows by contest and arm."""
    rows: dict[Key, list[Row]] = {}
    for row in table.to_dict("records"):
        rows.setdefault((row["contest"], row["arm"]), []).append(row)
    return rows


def yearly_spread(years: pd.DataFrame, measure: str) -> dict[Key, list[Row]]:
    """Of our own vendor: a row a year with mean, low and high over seeds."""
    ours = years[years["vendor"] == 0] if "vendor" in years else years
    groups = ours.groupby([*KEYS, "year"], observed=True)[measure]
    return _spread(groups, groups.mean())


def partner_spread(quotes: pd.DataFrame) -> dict[Key, list[Row]]:
    """A row a year: the mean weighted by quotes, low and high over partners of all seeds."""
    keys = [*KEYS, "year"]
    return _spread(quotes.groupby(keys, observed=True)["pass_through"], mean_pass_through(quotes, keys))


def _spread(groups: Any, mean: "pd.Series[float]") -> dict[Key, list[Row]]:
    low, high = (groups.quantile(share) for share in SPREAD)
    return keyed(pd.DataFrame({"mean": mean, "low": low, "high": high}).dropna(subset=["mean"]).sort_index().reset_index())


def mean_pass_through(quotes: pd.DataFrame, keys: list[str]) -> "pd.Series[float]":
    """Mean pass-through of each group, every partner weighted by its quotes."""
    known = quotes.dropna(subset=["pass_through"]).assign(weighted=lambda q: q["pass_through"] * q["quotes"])
    sums = known.groupby(keys, observed=True)[["weighted", "quotes"]].sum()
    return sums["weighted"] / sums["quotes"]


def destinations(steps: pd.DataFrame) -> dict[Key, dict[str, tuple[float, float]]]:
    """Of each step its mean amount (k$ a year) and its share of list price, costs positive."""
    means = steps.groupby([*KEYS, "step"], observed=True, sort=False)["amount_k"].mean()
    shares: dict[Key, dict[str, tuple[float, float]]] = {}
    for (contest, arm, step), amount_k in means.items():
        if step in DESTINATIONS:
            list_k = means.get((contest, arm, "list_price"), float("nan"))
            share = (amount_k if step == "operating_profit" else -amount_k) / (list_k or float("nan"))
            shares.setdefault((contest, arm), {})[step] = (amount_k, share)
    return shares


def segment_shares(counts: pd.DataFrame) -> dict[Key, dict[tuple[str, str], float]]:
    """The win rate by complexity and value; nothing where no deal has ended."""
    sums = counts.groupby([*KEYS, "complexity", "value"], observed=True)[["won", "closed"]].sum()
    shares: dict[Key, dict[tuple[str, str], float]] = {}
    for (contest, arm, complexity, value), won, closed in sums.itertuples():
        mine = shares.setdefault((contest, arm), {})
        mine |= {(complexity, value): won / closed} if closed else {}
    return shares


def paired(runs: pd.DataFrame, baseline: str, measure: str) -> dict[Key, list[tuple[float, int]]]:
    """Each run less the baseline's run of the same contest and seed: differences in order, with their seeds."""
    if not {*KEYS, "seed", measure}.issubset(runs.columns):
        return {}
    rows = list(runs[[*KEYS, "seed", measure]].dropna().itertuples(index=False, name=None))
    base = {(contest, seed): value for contest, arm, seed, value in rows if arm == baseline}
    pairs: dict[Key, list[tuple[float, int]]] = {}
    for contest, arm, seed, value in rows:
        if arm != baseline and (contest, seed) in base:
            pairs.setdefault((contest, arm), []).append((value - base[contest, seed], seed))
    return {key: sorted(mine) for key, mine in pairs.items()}
