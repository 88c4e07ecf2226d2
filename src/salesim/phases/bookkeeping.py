"""The week's entries in the books."""

from salesim.agents import customer as customers_do
from salesim.agents.vendor import NOW, QUARTER_WEEKS, set_budgets
from salesim.rules import rule
from salesim.words import Activity, Stage


@rule
def close_books(market, week):
    """Phase 9: the week's entries; budgets at a quarter's end."""
    s = market.settings[0]
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
    note_people(market, week)
    note_customers(market, week)
    for v in range(len(market.vendors)):
        entry = market.weeks[week, v]
        costs_k = entry.selling_k + entry.support_k + entry.development_k + entry.training_k + entry.executive_k
        entry.operating_profit_k = entry.gross_margin_k - costs_k - entry.rebate_k
    if week % QUARTER_WEEKS == QUARTER_WEEKS - 1:
        set_budgets(market.vendors, market.levers, s, week)


@rule
def note_people(market, week):
    """Means over salespeople, executives and partners, and what executives and teaching cost."""
    s = market.settings[0]
    n_vendors = len(market.vendors)
    seats = len(market.salespeople) // n_vendors
    for row in range(len(market.salespeople)):
        person = market.salespeople[row]
        entry = market.weeks[week, person.vendor]
        entry.skill += person.skill / seats
        entry.cynicism += person.cynicism / seats
    for row in range(len(market.executives)):
        executive = market.executives[row]
        entry, now = market.weeks[week, executive.vendor], market.levers[executive.vendor, NOW]
        entry.involvement += executive.involvement / (len(market.executives) // n_vendors)
        entry.executive_hours += executive.hours_given
        entry.executive_k += s.executives_cost_per_hour_k * executive.hours_given
        entry.executive_k += s.executives_pay_at_stake_k * now.executive_pay_tied * executive.involvement
    partners = len(market.partners) // n_vendors
    for row in range(len(market.partners)):
        partner = market.partners[row]
        entry = market.weeks[week, partner.vendor]
        entry.partner_discount += partner.discount / partners
        entry.partner_capability += partner.capability / partners
        entry.training_k += s.partners_teaching_cost_k * market.levers[partner.vendor, NOW].teaching


@rule
def note_customers(market, week):
    """Means over customers, and counts of deals."""
    n = len(market.customers)
    n_vendors = len(market.vendors)
    belief, reference = 0.0, 0.0
    for c in range(n):
        customer = market.customers[c]
        belief += customer.belief / n
        reference += customer.reference / n
        if customer.incumbent >= 0:
            market.weeks[week, customer.incumbent].customers += 1
        for v in range(n_vendors):
            market.weeks[week, v].trust += customers_do.trust_in(market.relations[c, v]) / n
        if customer.activity == Activity.BUYING:
            for d in range(customer.first_deal, customer.first_deal + customer.n_deals):
                deal = market.deals[d]
                market.weeks[week, deal.vendor].open_deals += deal.stage != Stage.CLOSED
    for v in range(n_vendors):
        market.weeks[week, v].commodity_belief = belief
        market.weeks[week, v].reference_price = reference
