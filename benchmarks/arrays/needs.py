"""Drift, word of mouth, needs and new deals."""

from typing import Any

import numpy as np

from arrays.parts import between, draws, moved, trust_in
from salesim.model.enums import Activity
from salesim.model.rng import Purpose

BEFORE, NOW = 0, 1


def needs(market: Any, week: int) -> None:
    """`commoditize` and `find_needs`; draws are made every week for every idle customer."""
    imitate(market.vendors, market.settings[0])
    drift(market, week)
    hear(market)
    idle = market.customers["activity"] == Activity.IDLE
    contract = market.customers["contract"]
    free = idle & ((contract < 0) | (market.deals["subscription"][contract] == 0))
    rows, prospector = awake(market, np.flatnonzero(free), week)
    if len(rows):
        open_purchases(market, rows, prospector, week)


def imitate(vendors: Any, s: Any) -> None:
    vendors["lead"] += s["commoditization_imitation_per_week"] * (vendors["lead"].mean() - vendors["lead"])
    vendors["lead"] *= 1.0 - s["commoditization_obsolescence_per_week"]


def drift(market: Any, week: int) -> None:
    """Perceived sameness and access, as they are this week."""
    s, customers, relations, trends = market.settings[0], market.customers, market.relations, market.trends
    market.totals["difference_total"] *= 1.0 - s["commoditization_pressure_per_week"]
    left = trends["difference_left"][week - customers["sameness_week"]]
    customers["perceived_sameness"] = 1.0 - (1.0 - customers["perceived_sameness"]) * left
    customers["sameness_week"] = week
    relations["access"] *= trends["access_left"][week - relations["access_week"]]
    relations["access_week"] = week
    if s["commoditization_complexity_growth_per_year"] != 0.0:
        customers["complexity"] = np.minimum(1.0, customers["complexity_first"] * trends["complexity"][week])


def hear(market: Any) -> None:
    """Word of mouth of last week."""
    customers, relations, totals = market.customers, market.relations, market.totals
    totals["n_news"] = 0
    rows = np.flatnonzero(customers["heard_sameness"])
    before = customers["perceived_sameness"][rows]
    after = moved(before, customers["heard_sameness"][rows])
    customers["perceived_sameness"][rows] = after
    customers["heard_sameness"][rows] = 0.0
    totals["difference_total"] -= (after - before).sum()
    rows, vendors = np.nonzero(relations["heard_trust"])
    told = relations[rows, vendors]
    firm = moved(told["trust_firm"], told["heard_trust"])
    change = (1.0 - told["person_weight"]) * (firm - told["trust_firm"])
    relations["trust_firm"][rows, vendors] = firm
    relations["heard_trust"][rows, vendors] = 0.0
    market.vendors["trust_total"] += np.bincount(vendors, change, len(market.vendors))


def awake(market: Any, rows: Any, week: int) -> tuple[Any, Any]:
    """Customers who need something, and 0 for those who woke by themselves, else 1 + the vendor who woke them."""
    chance, wake = market.settings[0]["buying_need_chance"], market.salespeople["prospecting_rate"]
    uniform = draws(market.seed, Purpose.NEED, rows, week)
    lucky = uniform < chance + len(market.vendors) * wake.max()
    rows, uniform = rows[lucky], uniform[lucky]
    levels = np.full((len(rows), 1 + len(market.vendors)), chance)
    levels[:, 1:] = wake[market.relations["salesperson"][rows]] * (market.customers["channel"][rows] == 0)[:, None]
    below = uniform[:, None] < np.cumsum(levels, axis=1)
    woken = below[:, -1]
    return rows[woken], np.argmax(below[woken], axis=1)


def open_purchases(market: Any, rows: Any, prospector: Any, week: int) -> None:
    """Vendors are invited; those who pursue open deals."""
    s, customers, now = market.settings[0], market.customers[rows], market.levers[:, NOW]
    vendors = np.arange(len(market.vendors))
    trust = trust_in(market.relations[rows])
    chance = s["buying_invite_chance"] * (s["buying_invite_base"] + s["buying_invite_trust"] * trust)
    asked = draws(market.seed, Purpose.INVITATION, rows[:, None] * 64 + vendors, week) < chance
    asked |= (customers["incumbent"][:, None] == vendors) | (prospector[:, None] - 1 == vendors)
    complexity = customers["complexity"][:, None]
    asked &= (now["pursue_complexity_min"] <= complexity) & (complexity <= now["pursue_complexity_max"])
    asked &= customers["value_k"][:, None] >= now["pursue_value_min_k"]
    some = asked.any(axis=1)
    rows, customers, trust, asked = rows[some], customers[some], trust[some], asked[some]
    base, growth = s["buying_group_base"], s["buying_group_complexity"]
    members = (base + growth * customers["complexity"] * (0.5 + draws(market.seed, Purpose.GROUP, rows, week))).astype(int)
    first, counts = int(market.totals["n_deals"][0]), asked.sum(axis=1)
    owner, vendor = np.nonzero(asked)
    open_deals(market, rows[owner], vendor, trust[owner, vendor], members[owner], week)
    form_groups(market, rows, members, first + np.cumsum(counts) - counts, counts, asked, week)


def form_groups(market: Any, rows: Any, members: Any, first: Any, counts: Any, asked: Any, week: int) -> None:
    """Rows of purchases."""
    start = int(market.totals["n_purchases"][0])
    found = market.purchases[start : start + len(rows)]
    places = np.arange(members.max(initial=0))
    luck = draws(market.seed, Purpose.CONSENSUS, rows[:, None] * 64 + places, week)
    found["threshold"] = np.where(places < members[:, None], luck, 0.0).max(axis=1, initial=0.0)
    found["customer"], found["opened_week"], found["first_deal"] = rows, week, first
    found["n_deals"] = found["n_working"] = counts
    found["changed"] = 1
    for field in ("offers_week", "won", "delivery_week"):
        found[field] = -1
    for field in ("n_ready", "conviction", "willing", "access"):
        found[field] = 0
    found["sponsored"] = (asked & (market.relations["executive"][rows] >= 0)).any(axis=1)
    market.customers["activity"][rows] = Activity.BUYING
    market.totals["n_purchases"] += len(rows)


def open_deals(market: Any, rows: Any, vendor: Any, trust: Any, members: Any, week: int) -> None:
    """Rows of deals, with the hours that are planned."""
    first = int(market.totals["n_deals"][0])
    deals, customers, relations = (
        market.deals[first : first + len(rows)],
        market.customers[rows],
        market.relations[rows, vendor],
    )
    now, before, direct = market.levers[vendor, NOW], market.levers[vendor, BEFORE], customers["channel"] == 0
    people = market.salespeople[relations["salesperson"]]
    for field in ("complexity", "value_k", "list_price_k"):
        deals[field] = customers[field]
    deals["customer"], deals["vendor"], deals["opened_week"], deals["group_size"] = rows, vendor, week, members
    deals["salesperson"], deals["generation"] = relations["salesperson"], people["generation"]
    deals["executive"], deals["partner"] = relations["executive"], np.where(direct, -1, relations["partner"])
    deals["incumbent"], deals["subscription"] = customers["incumbent"] == vendor, now["subscription"] > 0.5
    deals["breadth"], deals["trust_opening"] = now["solution_breadth"], trust
    for field in ("ready_week", "closed_week", "delivered_week", "ended_week"):
        deals[field] = -1
    for field in ("trust_closing", "support", "delivered", "partner_cost", "pass_through"):
        deals[field] = np.nan
    follows = np.where(direct, people["adoption"], market.partners["capability"][relations["partner"]])
    simple = customers["complexity"] < now["simple_below_complexity"]
    simple_before = customers["complexity"] < before["simple_below_complexity"]
    for kind in ("diagnosis", "presentation"):
        planned = np.where(simple, now[f"simple_{kind}_hours"], now[f"{kind}_hours"])
        planned_before = np.where(simple_before, before[f"simple_{kind}_hours"], before[f"{kind}_hours"])
        planned_before = np.where(direct, planned_before, now[f"simple_{kind}_hours"])
        deals[f"{kind}_planned_hours"] = between(planned_before, planned, follows)
    market.totals["n_deals"] += len(rows)
