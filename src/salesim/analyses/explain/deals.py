"""The same customer under two arms: deals matched one by one, whose sum is the difference in gross margin.

Deals of two records with the same seed are matched by customer and week of opening: with common random numbers the same need
arises in the same week in both, until the histories of the arms diverge.
"""

import numpy as np
import pandas as pd

from salesim.analyses.explain.bridge import between
from salesim.analyses.explain.spec import Explanation
from salesim.metrics.money import bridge
from salesim.metrics.ratios import per_year
from salesim.model.enums import Outcome
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.runs.runner import Runner
from salesim.runs.store import scenario_key

LARGEST = 8  # deals that one arm alone won, which the report shows
KEY = ["customer", "opened_week"]
# Which arm won a deal of a need; `_only`: the need arose under that arm only.
KINDS = ("both", "first", "second", "neither", "first_only", "second_only")
SHOWN = (
    "customer", "opened_week", "closed_week", "complexity", "value_k", "outcome", "cause", "depth", "uncertainty", "promise",
    "access", "price", "list_price_k", "unit_cost_k", "delivered",
)  # fmt: skip


def money_of(records: Records) -> pd.DataFrame:
    """Vendor 0's deals with `won` and `money_k`: what the contract brought so far, less product cost and rebate.

    The sum is the gross margin of the records after rebates.
    """
    deals = records.frame("deals")
    deals = deals[deals["vendor"] == 0]
    won = deals["outcome"] == Outcome.WON.name.lower()
    money_k = np.where(won, deals["fees_k"] - deals["fees_cost_k"] - deals["rebate_k"], 0.0)
    return deals[list(SHOWN)].assign(won=won, money_k=money_k)


def side_by_side(spec: Explanation, runner: Runner) -> tuple[dict[str, pd.DataFrame], float]:
    """Runs both arms again for their records, seed by seed, and matches their deals by customer and week of opening.

    The tables: `classes` are means over seeds with intervals (k$ a year), `causes` count how deals won by one arm alone ended
    under the other, `deals` are all of the first seed, `won_by_one` the largest of them that one arm alone won. The number is
    the largest difference of any seed between the deals' sum and the records (k$ a year). Seeds that failed in an arm are left
    out, as in the bridge.
    """
    arms = (spec.arm.scenario, spec.against.scenario)
    keys = [scenario_key(scenario) for scenario in arms]
    seeds = [seed for seed in spec.study.all_seeds if all(runner.result(key, seed) for key in keys)]
    classes, causes, first, gaps = [], [], pd.DataFrame(), []
    runner.progress.begin("both arms again, for their deals")
    for place, seed in enumerate(seeds):
        runner.progress.advance(2 * place, 2 * len(seeds))
        pair = [play(spec.study.in_world(scenario, seed), seed) for scenario in arms]
        deals = matched(*(money_of(records) for records in pair))
        table = by_class(deals)
        yearly_k = bridge(pair[0])["gross_margin"] - bridge(pair[1])["gross_margin"]
        gaps.append(abs(per_year(table["difference_k"].sum(), pair[0]) - yearly_k))
        classes.append(table.assign(seed=seed, difference_k=[per_year(k, pair[0]) for k in table["difference_k"]]))
        causes.append(lost_causes(deals))
        first = deals if first.empty else first
    counts = pd.concat(causes).groupby(["kind", "outcome", "cause"], observed=True)["deals"].sum().reset_index()
    means = class_means(pd.concat(classes, ignore_index=True), spec)
    tables = {"classes": means, "causes": counts, "deals": first, "won_by_one": won_by_one(first).head(LARGEST)}
    return tables, float(max(gaps))


def matched(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One row per deal of either arm: its class, money and difference (first minus second), and both arms' columns.

    Both tables have the columns of KEY, `won` (true or false), `money_k` (0 unless won), and any others; a customer
    opens at most one deal a week.
    """
    table = first.merge(second, on=KEY, how="outer", suffixes=("_first", "_second"), indicator=True, validate="one_to_one")
    won = [table[f"won_{arm}"].eq(True) for arm in ("first", "second")]
    kind = pd.Series("neither", table.index)
    kind[won[0] & won[1]] = "both"
    kind[won[0] & ~won[1]], kind[won[1] & ~won[0]] = "first", "second"
    kind[table["_merge"] == "left_only"], kind[table["_merge"] == "right_only"] = "first_only", "second_only"
    money = [table[f"money_k_{arm}"].fillna(0.0) for arm in ("first", "second")]
    return table.drop(columns="_merge").assign(kind=kind, difference_k=money[0] - money[1])


def by_class(deals: pd.DataFrame) -> pd.DataFrame:
    """One row per class: number of deals, those won by each arm, and the sum of differences in k$."""
    won = {name: deals[name].eq(True) for name in ("won_first", "won_second")}
    table = deals.assign(deals=1, **won).groupby("kind")[["deals", *won, "difference_k"]].sum()
    return table.reindex(list(KINDS), fill_value=0).rename_axis("kind").reset_index()


def class_means(classes: pd.DataFrame, spec: Explanation) -> pd.DataFrame:
    """Means over seeds, and simultaneous intervals of the differences."""
    wide = classes.pivot(index="seed", columns="kind", values="difference_k")
    kinds = list(dict.fromkeys(classes["kind"]))
    sums = wide[kinds].to_numpy(float)
    estimate = between(sums, np.zeros_like(sums), spec)
    counts = classes.groupby("kind")[["deals", "won_first", "won_second"]].mean().reindex(kinds).reset_index()
    return counts.assign(difference_k=estimate.mean, low=estimate.low, high=estimate.high)


def lost_causes(deals: pd.DataFrame) -> pd.DataFrame:
    """How the losing arm's deal ended where the other won the same need: rows kind, outcome, cause, deals."""
    tables = []
    for kind, loser in (("first", "second"), ("second", "first")):
        mine = deals[deals["kind"] == kind]
        sizes = mine.groupby([f"outcome_{loser}", f"cause_{loser}"], observed=True).size().reset_index(name="deals")
        tables.append(sizes.set_axis(["outcome", "cause", "deals"], axis=1).assign(kind=kind))
    return pd.concat(tables, ignore_index=True).astype({"outcome": str, "cause": str})


def won_by_one(deals: pd.DataFrame) -> pd.DataFrame:
    """The deals that one arm alone won, those of most money first."""
    mine = deals[deals["kind"].isin(["first", "second"])]
    return mine.reindex(mine["difference_k"].abs().sort_values(ascending=False, kind="stable").index)
