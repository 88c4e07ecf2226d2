"""The records of the week."""

from salesim.model.agents.partner import cost_of_partner, earn
from salesim.model.agents.vendor import CURRENT, QUARTER_WEEKS, set_budgets
from salesim.model.enums import Outcome
from salesim.model.jit import rule


@rule
def write_week(market, week):
    """Write the week's row of every vendor, and set budgets at a quarter's end."""
    s, n = market.settings[0], len(market.customers)
    for v in range(len(market.vendors)):
        entry, vendor = market.weeks[week, v], market.vendors[v]
        entry.week, entry.vendor = week, v
        entry.revenue_k += vendor.recurring_k
        entry.product_cost_k += vendor.recurring_cost_k
        entry.gross_margin_k = entry.revenue_k - entry.product_cost_k
        entry.development_k = s.development_share_of_margin * max(0.0, entry.gross_margin_k)
        vendor.quarter_margin_k += entry.gross_margin_k
        entry.lead, entry.support_level, entry.standard = vendor.lead, vendor.support_level, vendor.standard
        entry.adoption = vendor.adoption
        entry.customers = vendor.clients
        entry.trust = vendor.trust_total / n
        entry.perceived_sameness = 1.0 - market.totals[0].difference_total / n
        entry.reference_price = market.totals[0].reference_total / n
    record_people(market, week)
    for v in range(len(market.vendors)):
        entry = market.weeks[week, v]
        costs_k = entry.selling_k + entry.support_k + entry.development_k + entry.training_k + entry.executive_k
        costs_k += entry.overhead_k
        entry.operating_profit_k = entry.gross_margin_k - costs_k - entry.rebate_k
        market.vendors[v].year_profit_k += entry.operating_profit_k
    if week % QUARTER_WEEKS == QUARTER_WEEKS - 1:
        set_budgets(market.vendors, market.levers, s, week)


@rule
def record_people(market, week):
    """Record means over salespeople and executives, and what executives cost; then partners."""
    s = market.settings[0]
    n_vendors = len(market.vendors)
    seats = len(market.salespeople) // n_vendors
    for person in market.salespeople:
        entry = market.weeks[week, person.vendor]
        entry.skill += person.skill / seats
        entry.cynicism += person.cynicism / seats
    for executive in market.executives:
        entry, levers = market.weeks[week, executive.vendor], market.levers[executive.vendor, CURRENT]
        entry.involvement += executive.involvement / (len(market.executives) // n_vendors)
        entry.executive_hours += executive.hours_given
        entry.executive_k += s.executives_cost_per_hour_k * executive.hours_given
        entry.executive_k += s.executives_pay_at_stake_k * levers.executive_pay_tied * executive.involvement
    record_partners(market, week)


@rule
def record_partners(market, week):
    """Record means over active partners, their number, the cost of teaching them, and their own cost."""
    s = market.settings[0]
    for partner in market.partners:
        market.weeks[week, partner.vendor].partners_active += partner.active
    for partner in market.partners:
        if partner.active == 0:
            continue
        entry, teaching = market.weeks[week, partner.vendor], market.levers[partner.vendor, CURRENT].teaching
        entry.partner_discount += partner.discount / entry.partners_active
        entry.partner_capability += partner.capability / entry.partners_active
        entry.training_k += s.partners_teaching_cost_k * teaching
        earn(partner, entry, -cost_of_partner(partner, teaching, s))


@rule
def count_deals(deals, weeks):
    """Count the deals opened, closed and won in each week, and those open at its end. `weeks` is weeks x vendors."""
    for week in range(weeks.shape[0]):
        for v in range(weeks.shape[1]):
            weeks[week, v].opened, weeks[week, v].closed, weeks[week, v].won = 0, 0, 0
    for deal in deals:
        weeks[deal.opened_week, deal.vendor].opened += 1
        if deal.closed_week >= 0:
            weeks[deal.closed_week, deal.vendor].closed += 1
            weeks[deal.closed_week, deal.vendor].won += deal.outcome == Outcome.WON
    for v in range(weeks.shape[1]):
        still_open = 0
        for week in range(weeks.shape[0]):
            still_open += weeks[week, v].opened - weeks[week, v].closed
            weeks[week, v].open_deals = still_open
