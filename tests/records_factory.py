"""Records made without the model: from a few rows by hand, or consistent random ones."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.records import DEAL, WEEK, Records

NEVER = ("left_week", "executive", "partner", "ready_week", "closed_week", "delivered_week", "ended_week")
NOTHING = ("partner_cost", "pass_through", "support", "delivered", "price", "price_k", "net_price_k", "unit_cost_k")
NOTHING += ("partner_cost_k", "partner_margin_k")


def records(
    deals: Sequence[Mapping[str, Any]], weeks: Sequence[Mapping[str, Any]] = (), n_weeks: int = 104, n_vendors: int = 1
) -> Records:
    """Records with these rows; what a row does not name is 0, -1 for weeks and people that are not, NaN for what is unknown."""
    deal_rows, week_rows = np.zeros(len(deals), DEAL), np.zeros(len(weeks), WEEK)
    for name in NEVER:
        deal_rows[name] = -1
    for name in NOTHING:
        deal_rows[name] = np.nan
    for table, rows in ((deal_rows, deals), (week_rows, weeks)):
        for place, row in enumerate(rows):
            for name, value in row.items():
                table[name][place] = value
    return Records(deal_rows.view(np.recarray), week_rows.view(np.recarray), n_weeks, n_vendors)


def won(opened: int, closed: int, list_k: float, price: float, net_k: float, cost_k: float, **more: Any) -> dict[str, Any]:
    """A deal that was won; the partner's margin is what is left between price and net price."""
    price_k = price * list_k
    row = {"opened_week": opened, "ready_week": closed, "closed_week": closed, "outcome": Outcome.WON, "stage": Stage.CLOSED}
    row |= {"list_price_k": list_k, "price": price, "price_k": price_k, "net_price_k": net_k, "unit_cost_k": cost_k}
    return row | {"partner_margin_k": price_k - net_k - more.get("rebate_k", 0.0)} | more


def ended(opened: int, closed: int, outcome: Outcome, cause: Cause, **more: Any) -> dict[str, Any]:
    """A deal that ended without a sale."""
    row = {"opened_week": opened, "closed_week": closed, "outcome": outcome, "cause": cause, "stage": Stage.CLOSED}
    return row | more


def synthetic(seed: int, n_deals: int = 300, n_weeks: int = 260, n_vendors: int = 3) -> Records:
    """Random records that balance: every deal's money adds up, and weeks carry the same money as deals."""
    rng = np.random.default_rng(seed)
    rows = [_random_deal(rng, number, n_weeks, n_vendors) for number in range(n_deals)]
    rows.sort(key=lambda row: row["opened_week"])
    weeks = np.zeros(n_weeks * n_vendors, WEEK)
    weeks["week"], weeks["vendor"] = np.repeat(np.arange(n_weeks), n_vendors), np.tile(np.arange(n_vendors), n_weeks)
    for name in ("trust", "perceived_sameness", "adoption", "cynicism", "lead", "support_level", "partner_discount"):
        weeks[name] = rng.uniform(size=len(weeks))
    for name in ("selling_k", "support_k", "development_k", "training_k", "executive_k"):
        weeks[name] = rng.uniform(0, 2, size=len(weeks))
    weeks["hours_used"] = 30.0
    for row in rows:
        if row["outcome"] == Outcome.WON:
            place = row["closed_week"] * n_vendors + row["vendor"]
            weeks["revenue_k"][place] += row["net_price_k"] + row["rebate_k"]
            weeks["product_cost_k"][place] += row["unit_cost_k"]
            weeks["rebate_k"][place] += row["rebate_k"]
    weeks["gross_margin_k"] = weeks["revenue_k"] - weeks["product_cost_k"]
    costs_k = sum(
        weeks[f"{name}_k"] for name in ("selling", "support", "development", "training", "executive", "overhead", "rebate")
    )
    weeks["operating_profit_k"] = weeks["gross_margin_k"] - costs_k
    table = records(rows, n_weeks=n_weeks, n_vendors=n_vendors)
    return Records(table.deals, weeks.view(np.recarray), n_weeks, n_vendors)


def _random_deal(rng: np.random.Generator, customer: int, n_weeks: int, n_vendors: int) -> dict[str, Any]:
    opened = int(rng.integers(n_weeks - 1))
    closed = opened + int(rng.integers(1, 60))
    traits = {"customer": customer, "vendor": int(rng.integers(n_vendors)), "salesperson": int(rng.integers(4))}
    traits |= {"complexity": rng.uniform(), "value_k": rng.lognormal(5.0, 0.8)}
    if closed >= n_weeks:
        return traits | {"opened_week": opened, "outcome": Outcome.OPEN}
    list_k, price, partner = float(traits["value_k"]), rng.uniform(0.4, 1.0), int(rng.integers(-1, 3))
    through = {
        "partner": partner,
        "pass_through": rng.uniform(0.3, 1.0) if partner >= 0 else np.nan,
        "partner_cost": 0.8 * price,
    }
    outcome = Outcome(int(rng.choice([Outcome.WON, Outcome.LOST, Outcome.NO_DECISION])))
    if outcome == Outcome.WON:
        rebate_k = 0.02 * list_k if partner >= 0 else 0.0
        net_k = price * list_k * (0.9 if partner >= 0 else 1.0) - rebate_k
        life = {"promise": 0.8, "delivered": rng.uniform(0.3, 0.9), "delivered_week": closed, "fees_k": 1.2 * net_k}
        return won(opened, closed, list_k, price, net_k, 0.42 * list_k, rebate_k=rebate_k, **traits, **through, **life)
    cause = Cause.RIVAL if outcome == Outcome.LOST else Cause.CONFIDENCE_TOO_LOW
    priced = {"list_price_k": list_k, "price": price, "price_k": price * list_k, "ready_week": closed}
    return ended(opened, closed, outcome, cause, **traits, **through, **priced)
