"""Deliberation, bargaining and choice: one row a customer who chooses, one column a place at its table."""

from typing import Any

import numpy as np
from scipy.special import wrightomega

from arrays.parts import draws, gumbel, moved, rows_of, trust_in
from clocked import BOUGHT, DOUBTED, EMPTY, OPEN, STALLED, WORTHLESS
from salesim.model.enums import Stage
from salesim.model.rng import Purpose

NOW, QUARTER_WEEKS, NOTHING = 1, 13, 63


def think(market: Any, week: int, verdicts: Any) -> None:
    """`decide` up to what is signed: writes a verdict for every purchase."""
    s, purchases = market.settings[0], market.purchases[: market.totals["n_purchases"][0]]
    verdicts[: len(purchases)] = OPEN
    rows = np.flatnonzero(purchases["won"] < 0)
    look_at_offers(market, purchases, rows)
    found = purchases[rows]
    empty = found["n_working"] + found["n_ready"] == 0
    waited = (found["offers_week"] >= 0) & (week >= found["offers_week"] + int(s["buying_late_after_weeks"]))
    able = (found["n_ready"] > 0) & ((found["n_working"] == 0) | waited)
    chance = np.minimum(0.99, found["willing"] * (1.0 + s["buying_access_consensus"] * found["access"]))
    conviction = found["conviction"] + np.where(able, chance * (1.0 - found["conviction"]), 0.0)
    purchases["conviction"][rows] = conviction
    agreed = able & (conviction >= found["threshold"])
    old = ~empty & ~agreed & (week - found["opened_week"] >= int(s["buying_stall_after_weeks"]))
    old = rows[old]
    stalled = draws(market.seed, Purpose.STALL, purchases["customer"][old], week) < s["buying_stall_chance"]
    verdicts[rows[empty]] = EMPTY
    verdicts[old[stalled]] = STALLED
    if agreed.any():
        verdicts[rows[agreed]] = Tables(market, purchases[rows[agreed]], week).chosen()


def look_at_offers(market: Any, purchases: Any, rows: Any) -> None:
    """How hard it is to agree: looked at again where something changed, else access fades."""
    s, width = market.settings[0], len(market.vendors)
    changed = purchases["changed"][rows] == 1
    if s["commoditization_complexity_growth_per_year"] != 0.0:
        changed[:] = True
    purchases["access"][rows[~changed]] *= market.trends["access_left"][1]
    rows = rows[changed]
    found = purchases[rows]
    at, owner, place = rows_of(found)
    deals = market.deals[at]
    ready = np.zeros((len(rows), width), bool)
    depth, access, breadth, leased = np.zeros((4, len(rows), width))
    ready[owner, place] = deals["stage"] == Stage.READY
    depth[owner, place], breadth[owner, place] = deals["depth"], deals["breadth"]
    leased[owner, place] = deals["subscription"]
    access[owner, place] = market.relations["access"][deals["customer"], deals["vendor"]]
    customers = market.customers[found["customer"]]
    relief = 1.0 - s["buying_depth_relief"] * (depth * ready).max(axis=1, initial=0.0)
    package = s["buying_package_confusion"] * (breadth * ready).sum(axis=1) / np.maximum(1, ready.sum(axis=1))
    confusion = np.minimum(1.0, customers["complexity"] * (1.0 - customers["competence"]) * relief * (1.0 + package))
    ratio = np.where((leased * ready).any(axis=1), s["buying_subscription_consensus"], 1.0)
    purchases["willing"][rows] = s["buying_convince_chance"] * (1.0 - confusion) ** 2 * ratio
    purchases["access"][rows] = (access * ready).max(axis=1, initial=0.0)
    purchases["changed"][rows] = 0


class Tables:
    """The tables of all customers who choose this week."""

    def __init__(self, market: Any, purchases: Any, week: int):
        self.market, self.s, self.week = market, market.settings[0], week
        self.buyers = purchases["customer"]
        self.customers = market.customers[self.buyers]
        self.opened = purchases["opened_week"]
        at, owner, place = rows_of(purchases)
        self.rows = np.zeros((len(purchases), len(market.vendors)), np.int64)
        self.there = np.zeros(self.rows.shape, bool)
        self.rows[owner, place] = at
        self.there[owner, place] = market.deals["stage"][at] == Stage.READY
        self.rows[~self.there] = at[0]
        self.deals = market.deals[self.rows]
        self.vendors = self.deals["vendor"]
        self.now = market.levers[self.vendors, NOW]
        self.relations = market.relations[self.buyers[:, None], self.vendors]
        self.sameness = self.customers["perceived_sameness"]
        s = self.s
        self.scale = (s["commoditization_taste_spread"] * (1.0 - self.sameness) + s["commoditization_taste_floor"])[:, None]
        usual = 1.0 - s["customers_initial_reference"]
        sensitive = np.maximum(
            0.1, 1.0 + s["bargaining_discount_expectation_weight"] * (self.customers["discount_expectation"] - usual)
        )
        self.slope = (self.customers["price_weight"] * sensitive * (1.0 + s["bargaining_reference_weight"]))[:, None]

    def chosen(self) -> Any:
        """Verdicts; what was found is written into the deals."""
        self.weigh()
        self.ask()
        self.bargain()
        self.write()
        keys = self.buyers[:, None] * 64
        tastes = gumbel(draws(self.market.seed, Purpose.TASTE, keys + self.vendors, self.opened[:, None]))
        idle = gumbel(draws(self.market.seed, Purpose.TASTE, keys + NOTHING, self.opened[:, None]))
        nothing = self.s["worth_nothing"] + self.scale * idle
        scores = self.appeal - self.slope * self.price + self.scale * tastes
        scores[~self.there] = -np.inf
        best = np.argmax(scores, axis=1)
        each = np.arange(len(best))
        relieved = (scores + self.pulled(self.s["worth_uncertainty"] * self.uncertainty) > nothing).any(axis=1)
        none = np.where(relieved, DOUBTED, WORTHLESS)
        self.teach()
        return np.where(scores[each, best] > nothing[:, 0], BOUGHT + self.rows[each, best], none)

    def mean(self, values: Any) -> Any:
        """Mean over offers on each table."""
        return (values * self.there).sum(axis=1, keepdims=True) / self.there.sum(axis=1, keepdims=True)

    def deepest(self) -> Any:
        """Best diagnosis on each table."""
        return (self.deals["depth"] * self.there).max(axis=1, keepdims=True)

    def pulled(self, worths: Any) -> Any:
        """Worths as somebody sees them who believes that all offers are the same."""
        sameness = self.sameness[:, None]
        return (1.0 - sameness) * worths + sameness * self.mean(worths)

    def weigh(self) -> None:
        """What offers are worth, and what their sellers think they are."""
        s, deals, competence = self.s, self.deals, self.customers["competence"][:, None]
        self.trust, access, depth = trust_in(self.relations), self.relations["access"], deals["depth"]
        persuasion = 1.0 - np.exp(-deals["presentation_hours"] / s["worth_persuasion_hours"])
        heard = self.trust + 0.5 * (1.0 - self.trust) * persuasion * (1.0 - competence)
        self.believed = heard * deals["promise"] + (1.0 - heard) * 0.5 * (deals["promise"] + s["worth_prior"])
        known = np.maximum(depth, s["worth_spillover"] * self.deepest())
        doubt = self.customers["complexity"][:, None] * (1.0 - competence) * (1.0 - known)
        doubt *= (1.0 - 0.5 * self.trust) * (1.0 - 0.4 * access)
        self.uncertainty = np.where(deals["subscription"] == 1, doubt * s["worth_subscription_uncertainty"], doubt)
        worth = s["worth_perceived_fit"] * self.believed + s["worth_lead"] * self.market.vendors["lead"][self.vendors]
        worth += s["worth_access"] * access + s["worth_incumbent"] * deals["incumbent"]
        self.worth = self.pulled(worth - s["worth_uncertainty"] * self.uncertainty)
        lowest = np.where(self.there, self.worth, 1e9).min(axis=1, keepdims=True) - s["bargaining_ignorance_discount"]
        self.worth_believed = depth * self.worth + (1.0 - depth) * lowest

    def ask(self) -> None:
        """Costs as sellers feel them, limits and floors."""
        s, now, deals = self.s, self.now, self.deals
        self.through = deals["partner"] >= 0
        partners, people = self.market.partners[deals["partner"]], self.market.salespeople[deals["salesperson"]]
        cost = s["bargaining_unit_cost_share"] + s["bargaining_package_cost"] * deals["breadth"]
        self.unit_cost = cost * self.market.trends["cost"][self.week]
        push = np.zeros(self.rows.shape)
        if self.week % QUARTER_WEEKS >= QUARTER_WEEKS - 2:
            short = 1.0 - people["booked_k"] / np.where(people["quota_k"] > 0.0, people["quota_k"], 1.0)
            push = s["bargaining_quarter_push"] * now["quota_accelerator"] * np.maximum(0.0, short) * (people["quota_k"] > 0.0)
        blind = s["bargaining_revenue_blindness"] * (1.0 - now["commission_on_margin"])
        self.upfront = 1.0 - partners["discount"] * (1.0 - now["rebate_share"])
        self.later = partners["discount"] * now["rebate_share"]
        regarded = self.upfront - s["partners_rebate_regard"] * partners["discount"] * now["rebate_share"]
        self.cost = np.where(self.through, regarded, self.unit_cost * np.maximum(0.0, 1.0 - blind - push))
        held = regarded + (s["partners_room_floor"] + s["partners_room_taught"] * partners["capability"]) / np.maximum(
            1, partners["rivals"]
        )
        self.limit = np.where(self.through & (partners["rivals"] > 0), held, 1e9)
        self.floor = np.where(self.through, 0.0, 1.0 - now["price_authority"])
        usual = self.customers["reference"][:, None]
        self.reference = usual - self.through * now["visible"] * np.maximum(0.0, usual - self.upfront)

    def bargain(self) -> None:
        """Rounds of best replies of everybody at once."""
        s, slope, scale = self.s, self.slope, self.scale
        anchor = slope * s["bargaining_reference_weight"] / (1.0 + s["bargaining_reference_weight"])
        self.appeal = self.worth + anchor * self.reference
        eager = (self.worth_believed + anchor * self.reference - slope * self.cost) / scale - 1.0
        rounds = s["bargaining_rounds"] * (1.0 - s["bargaining_access_patience"] * self.relations["access"])
        others_of = 1.0 - np.eye(self.rows.shape[1])
        price, passed = np.ones(self.rows.shape), np.zeros(self.rows.shape)
        for turn in range(int(s["bargaining_rounds"])):
            utility = np.where(self.there, (self.appeal - slope * price) / scale, -np.inf)
            top = np.maximum(utility.max(axis=1, keepdims=True), s["worth_nothing"] / scale)
            others = np.exp(utility - top) @ others_of + np.exp(s["worth_nothing"] / scale - top)
            odds = wrightomega(eager - top - np.log(others))
            step = s["bargaining_concession"] * (turn < rounds)
            price += step * (self.cost + scale / slope * (1.0 + odds) - price)
            passed += step * (1.0 / (1.0 + odds) - passed)
        passed = np.where(price > self.limit, 1.0, passed)
        price = np.minimum(price, self.limit)
        passed = np.where((price < self.floor) | (price > 1.0), 0.0, passed)
        self.price = np.minimum(1.0, np.maximum(price, self.floor))
        self.passed = np.where(self.through, passed, np.nan)

    def write(self) -> None:
        """The offers as the records have them."""
        at, list_k, rebate_k = self.there, self.deals["list_price_k"], self.deals["rebate_k"]
        price_k = self.price * list_k
        cost_k = np.where(self.through, self.upfront * list_k, price_k)
        found = {
            "perceived_fit": self.believed,
            "uncertainty": self.uncertainty,
            "access": self.relations["access"],
            "trust_closing": self.trust,
            "worth": self.worth,
            "worth_believed": self.worth_believed,
            "perceived_sameness": np.broadcast_to(self.sameness[:, None], at.shape),
            "reference_price": self.reference,
            "partner_cost": np.where(self.through, self.upfront, np.nan),
            "rebate_promised_k": np.where(self.through, self.later, 0.0) * list_k,
            "price": self.price,
            "price_k": price_k,
            "pass_through": self.passed,
            "partner_cost_k": cost_k,
            "partner_margin_k": price_k - cost_k,
            "net_price_k": price_k - (price_k - cost_k) - rebate_k,
            "unit_cost_k": self.unit_cost * list_k,
        }
        rows = self.rows[at]
        for field, values in found.items():
            self.market.deals[field][rows] = values[at]

    def teach(self) -> None:
        """Being sold to teaches."""
        s = self.s
        if s["loops_selling_sameness"] == 1.0:
            exaggeration = self.mean(np.maximum(0.0, self.believed - self.deals["fit"]))[:, 0]
            sameness = moved(self.sameness, s["trust_disappointment_sameness"] * exaggeration)
            sameness = moved(sameness, -s["trust_diagnosis_sameness"] * self.deepest()[:, 0])
            self.market.customers["perceived_sameness"][self.buyers] = sameness
            self.market.totals["difference_total"] -= (sameness - self.sameness).sum()
