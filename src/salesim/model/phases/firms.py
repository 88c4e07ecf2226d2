"""Firms look back on a year: vendors adjust their headcount, and partners may give up the brand."""

from salesim.model.agents.customer import change_trust
from salesim.model.agents.salesperson import SEATS_PER_VENDOR
from salesim.model.agents.vendor import CURRENT, YEAR_WEEKS
from salesim.model.jit import rule
from salesim.model.rng import Purpose, uniform_for


@rule
def adjust_headcount(market, week):
    """At a year's start, every vendor moves its headcount towards that which last year's work would have used as it wishes.

    Growth costs what hiring costs. Writes `staffing` and the week's `selling_k`.
    """
    s, seats = market.settings[0], len(market.salespeople) // len(market.vendors)
    for v in range(len(market.vendors)):
        vendor, before = market.vendors[v], market.vendors[v].staffing
        after = before + s.people_headcount_speed * before * (wanted_headcount(market, vendor, v, week) - 1.0)
        vendor.staffing = min(s.people_headcount_most, max(s.people_headcount_least, after))
        grown = max(0.0, vendor.staffing - before) * market.levers[v, CURRENT].headcount
        market.weeks[week, v].selling_k += s.people_hiring_cost_k * seats * grown


@rule
def wanted_headcount(market, vendor, v, week) -> float:
    """Headcount that a vendor wishes it had had last year, against what it had.

    Utilization over the target; a vendor that lost money wants at most 1 - loss / selling cost. Assumption.
    """
    used, hours, selling_k = 0.0, 0.0, 0.0
    for past in range(week - YEAR_WEEKS, week):
        entry = market.weeks[past, v]
        used += entry.hours_used
        hours += entry.hours_used + entry.hours_free
        selling_k += entry.selling_k
    wanted = used / max(1e-9, hours) / market.settings[0].people_headcount_target
    if vendor.year_profit_k < 0.0:
        wanted = min(wanted, 1.0 + vendor.year_profit_k / max(1e-9, selling_k))
    return wanted


@rule
def review_brands(market, week):
    """At a year's start, an active partner whose profit of the last year was too low may give up the brand (`hand_over`)."""
    s, per_vendor = market.settings[0], len(market.partners) // len(market.vendors)
    for row in range(len(market.partners)):
        partner = market.partners[row]
        if partner.active == 0 or partner.year_profit_k >= s.partners_least_profit_k:
            continue
        key = partner.vendor * SEATS_PER_VENDOR + row % per_vendor
        if uniform_for(market.seed, Purpose.GIVING_UP, key, week) < s.partners_leave_chance:
            hand_over(market, row, partner)


@rule
def hand_over(market, row, partner):
    """A partner gives up the brand: the seats of the vendor take over its customers and its open deals.

    Its customers keep the share `trust.handover` of their trust in the person. What it has sold stays its own, with rebates
    that are still to come. Writes `active`, `accounts`, and the `partner` of relations and of open deals.
    """
    keep = market.settings[0].trust_handover
    partner.active, partner.accounts = 0, 0
    for c in range(len(market.customers)):
        relation = market.relations[c, partner.vendor]
        if relation.partner == row:
            relation.partner = -1
            change_trust(relation, market.vendors[partner.vendor], keep - 1.0, 0.0)
    for i in range(market.totals[0].n_purchases):
        purchase = market.purchases[i]
        for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
            deal = market.deals[d]
            if deal.partner == row and deal.closed_week < 0:
                deal.partner, deal.partner_rivals = -1, -1
