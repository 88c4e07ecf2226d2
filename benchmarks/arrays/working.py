"""Hours are shared and worked."""

from typing import Any

import numpy as np

from arrays.parts import between, moved, opened, rows_of, trust_in
from salesim.model.enums import Cause, Outcome, Stage

BEFORE, NOW = 0, 1
PLAN_END = 1e-9


def work(market: Any, week: int) -> None:
    """`share_hours` and `work_on_deals`."""
    purchases = market.purchases[: market.totals["n_purchases"][0]]
    waiting = np.flatnonzero((purchases["n_working"] > 0) | (purchases["sponsored"] == 1))
    rows, owner, _ = rows_of(purchases[waiting])
    owner = waiting[owner]
    stage, vendor, customer = market.deals["stage"][rows], market.deals["vendor"][rows], market.deals["customer"][rows]
    at_work = stage == Stage.WORKING
    won = purchases["won"][owner]
    cared = (purchases["sponsored"][owner] == 1) & np.where(won < 0, stage != Stage.CLOSED, rows == won)
    cared &= market.relations["executive"][customer, vendor] >= 0
    share_hours(market, rows[at_work])
    if cared.any():
        visit(market, rows[cared], customer[cared], vendor[cared], at_work[cared])
        purchases["changed"][owner[cared]] = 1
    else:
        market.executives["demand"] = market.executives["hours_per_weight"] = market.executives["hours_given"] = 0.0
    rows, owner = rows[at_work], owner[at_work]
    put_hours(market, rows, customer[at_work], vendor[at_work], week)
    deals = market.deals[rows]
    planned = deals["diagnosis_planned_hours"] + deals["presentation_planned_hours"]
    done = planned - deals["diagnosis_hours"] - deals["presentation_hours"] <= PLAN_END
    make_ready(market, rows[done], owner[done], week)


def share_hours(market: Any, rows: Any) -> None:
    """How many deals wait for each seller, and the hours one can get."""
    s, partner, seat = market.settings[0], market.deals["partner"][rows], market.deals["salesperson"][rows]
    direct = partner < 0
    market.salespeople["working"] = np.bincount(seat[direct], minlength=len(market.salespeople))
    market.partners["working"] = np.bincount(partner[~direct], minlength=len(market.partners))
    market.salespeople["hours_used"] = 0.0
    market.salespeople["hours_per_deal"] = s["selling_hours_per_deal"]
    share = s["partners_hours_per_week"] / np.maximum(1, market.partners["working"])
    market.partners["hours_per_deal"] = np.minimum(s["selling_hours_per_deal"], share)


def visit(market: Any, rows: Any, customer: Any, vendor: Any, at_work: Any) -> None:
    """Sponsors share their hours and see their accounts."""
    s, executives, relations = market.settings[0], market.executives, market.relations[customer, vendor]
    sponsor, early = relations["executive"], market.levers["executive_early"][vendor, NOW]
    weight = np.where(at_work, early, 1.0 - early)
    demand = np.bincount(sponsor, weight, len(executives))
    hours = market.levers["executive_hours"][executives["vendor"], NOW] * executives["involvement"]
    per_weight = np.divide(hours, demand, out=np.zeros(len(demand)), where=demand > 0.0)
    hours = np.minimum(s["executives_hours_per_account"], per_weight[sponsor] * weight)
    match = 1.0 - np.abs(executives["seniority"][sponsor] - market.customers["seniority"][customer])
    effective = hours * (s["executives_unmatched_effect"] + (1.0 - s["executives_unmatched_effect"]) * match)
    market.relations["access"][customer, vendor] = opened(relations["access"], effective, s["executives_access_gain"])
    firm = moved(relations["trust_firm"], 1.0 - np.exp(-s["trust_executive_gain"] * effective))
    firm = np.where(hours < s["executives_neglect_hours"], moved(firm, -s["executives_neglect_loss"]), firm)
    change = (1.0 - relations["person_weight"]) * (firm - relations["trust_firm"])
    market.relations["trust_firm"][customer, vendor] = firm
    market.vendors["trust_total"] += np.bincount(vendor, change, len(market.vendors))
    executives["demand"], executives["hours_per_weight"] = demand, per_weight
    executives["hours_given"] = np.bincount(sponsor, hours, len(executives))
    market.deals["executive_hours"][rows] += np.where(market.deals["closed_week"][rows] < 0, hours, 0.0)


def put_hours(market: Any, rows: Any, customer: Any, vendor: Any, week: int) -> None:
    """Every deal at work gets hours; diagnosis deepens what is known and opens the top."""
    s, deals, relations = market.settings[0], market.deals[rows], market.relations[customer, vendor]
    through, people = deals["partner"] >= 0, market.salespeople[deals["salesperson"]]
    partners = market.partners[np.maximum(0, deals["partner"])]
    own = np.where(week < people["vacant_until"], s["people_vacancy_cover"], 1.0) * s["selling_hours_per_week"]
    hours = np.minimum(people["hours_per_deal"], own / np.maximum(1, people["working"]))
    hours = np.where(through, partners["hours_per_deal"], hours)
    skill = people["skill"] * (1.0 + s["selling_know_how_gain"] * market.vendors["know_how"][vendor])
    taught = s["partners_skill"] + s["partners_teaching_skill"] * partners["capability"]
    skill = np.minimum(1.0, np.where(through, taught, skill))
    diagnosis_left = deals["diagnosis_planned_hours"] - deals["diagnosis_hours"]
    left = diagnosis_left + deals["presentation_planned_hours"] - deals["presentation_hours"]
    used = np.where(left > PLAN_END, np.minimum(hours, left), 0.0)
    diagnosis = used * diagnosis_left / np.where(left > PLAN_END, left, 1.0)
    trust, access = trust_in(relations), relations["access"]
    told = s["selling_information_base"] + s["selling_information_trust"] * trust + s["selling_information_access"] * access
    rate = (
        skill * np.minimum(1.0, told) / (s["selling_diagnosis_scale_hours"] * (0.5 + market.customers["complexity"][customer]))
    )
    market.deals["depth"][rows] = opened(deals["depth"], diagnosis, rate)
    access = opened(access, diagnosis, s["selling_diagnosis_access"])
    owned = s["partners_executive_access"] * market.levers["partner_executives"][vendor, NOW]
    market.relations["access"][customer, vendor] = np.where(through, np.maximum(access, owned), access)
    market.deals["diagnosis_hours"][rows] += diagnosis
    market.deals["presentation_hours"][rows] += used - diagnosis
    used = np.where(through, 0.0, used)
    market.salespeople["hours_used"] = np.bincount(deals["salesperson"], used, len(market.salespeople))


def make_ready(market: Any, rows: Any, owner: Any, week: int) -> None:
    """Offers are designed, and lie on the table or are withdrawn."""
    s, deals, purchases = market.settings[0], market.deals[rows], market.purchases
    before, now, through = market.levers[deals["vendor"], BEFORE], market.levers[deals["vendor"], NOW], deals["partner"] >= 0
    capability, adoption = market.partners["capability"][deals["partner"]], market.salespeople["adoption"][deals["salesperson"]]
    follows = np.where(through, capability, adoption)
    untaught = np.where(through, s["partners_promise_inflation"], before["promise_inflation"])
    inflation = between(untaught, now["promise_inflation"], follows)
    inflation *= 1.0 - s["people_accountability_restraint"] * now["accountability"]
    breadth = deals["breadth"]
    cover = breadth * s["worth_package_cover"] + (1.0 - breadth) * s["worth_depth_cover"] * deals["depth"]
    fit = 1.0 - s["worth_complexity_loss"] * market.customers["complexity"][deals["customer"]] * (1.0 - cover)
    market.deals["fit"][rows], market.deals["promise"][rows] = fit, fit + inflation * (1.0 - fit)
    declined = fit < now["decline_fit_below"] * follows
    market.deals["stage"][rows] = np.where(declined, Stage.CLOSED, Stage.READY)
    gone = rows[declined]
    market.deals["outcome"][gone], market.deals["cause"][gone] = Outcome.LOST, Cause.DECLINED
    market.deals["closed_week"][gone] = week
    np.subtract.at(purchases["n_working"], owner, 1)
    np.add.at(purchases["n_ready"], owner, ~declined)
    purchases["changed"][owner] = 1
    market.deals["ready_week"][rows[~declined]] = week
    first = owner[~declined]
    purchases["offers_week"][first] = np.where(purchases["offers_week"][first] < 0, week, purchases["offers_week"][first])
