"""Contracts: signature, commission, delivery, renewal, and the money they bring."""

from salesim.model.agents import customer as customer_rules
from salesim.model.agents import purchase as purchase_rules
from salesim.model.agents.deal import hanging_on_support
from salesim.model.agents.partner import earn
from salesim.model.agents.salesperson import accelerator_of, pay_for_outcome, pay_on_margin
from salesim.model.agents.vendor import ADOPTED, CURRENT, PREVIOUS, interpolate, mix_levers, support_of
from salesim.model.enums import Activity, Outcome
from salesim.model.jit import rule
from salesim.model.phases.needs import await_need
from salesim.model.pricing import price_slope
from salesim.model.rng import Purpose, standard_normal, uniform_for


@rule
def sign(market, purchase, winner, week):
    """Sign the contract of a won deal: replace the old one, start the delivery, record revenue, and book the commission."""
    s = market.settings[0]
    customer, deal = market.customers[purchase.customer], market.deals[winner]
    vendor, levers = market.vendors[deal.vendor], market.levers[deal.vendor, CURRENT]
    if customer.contract >= 0:
        end_contract(market, customer, week)
    customer_rules.update_price_expectations(customer, deal.price, market.totals[0], s)
    customer_rules.change_vendor(customer, market.vendors, deal.vendor)
    customer.contract = winner
    customer.activity = Activity.DELIVERY
    purchase.won, purchase.n_working, purchase.n_ready = winner, 0, 0
    purchase.delivery_week = week + int(s.delivery_weeks_base + s.delivery_weeks_complexity * deal.complexity)
    entry = market.weeks[week, deal.vendor]
    if deal.subscription == 1:
        vendor.recurring_k += deal.net_price_k / s.licences_term_weeks
        vendor.recurring_cost_k += deal.unit_cost_k / s.licences_term_weeks
    else:
        entry.revenue_k += deal.net_price_k
        entry.product_cost_k += deal.unit_cost_k
    vendor.quarter_list_k += deal.list_price_k
    if deal.partner >= 0:
        earn(market.partners[deal.partner], entry, deal.partner_margin_k)
    book_commission(market, deal, levers, entry)


@rule
def book_commission(market, deal, levers, entry):
    """Book the salesperson's commission; `deliver` pays the part that waits for the outcome. A partner's deal pays half."""
    s = market.settings[0]
    person = market.salespeople[deal.salesperson]
    margin = (deal.net_price_k - deal.unit_cost_k) / max(1e-9, deal.net_price_k)
    previous = market.levers[deal.vendor, PREVIOUS]
    on_margin = pay_on_margin(previous, levers, person.adoption, s)
    basis = interpolate(1.0, max(0.0, margin) / s.people_margin_target, on_margin)
    extra = 1.0
    if person.quota_k > 0.0 and person.booked_k > person.quota_k:
        extra += accelerator_of(previous, levers, person.adoption, s)
    if deal.partner >= 0:
        extra *= 0.5
    person.booked_k += deal.net_price_k
    deal.commission_k = s.people_commission_rate * deal.net_price_k * basis * extra
    deal.commission_waiting_k = deal.commission_k * pay_for_outcome(previous, levers, person.adoption, s)
    paid_k = deal.commission_k - deal.commission_waiting_k
    person.commission_k += paid_k
    entry.selling_k += paid_k


@rule
def contract_price(deal):
    """Price the vendor gets for the contract, k$: the net price before any rebate."""
    return deal.net_price_k + deal.rebate_k


@rule
def end_contract(market, customer, week):
    """End the customer's running contract; its fees or maintenance stop."""
    s = market.settings[0]
    deal = market.deals[customer.contract]
    vendor = market.vendors[deal.vendor]
    deal.ended_week = week
    if deal.subscription == 1:
        vendor.recurring_k -= contract_price(deal) / s.licences_term_weeks
        vendor.recurring_cost_k -= deal.unit_cost_k / s.licences_term_weeks
    elif deal.delivered_week >= 0:
        vendor.recurring_k -= deal.list_price_k * s.licences_maintenance_share / 52.0
        vendor.recurring_cost_k -= deal.unit_cost_k * s.licences_maintenance_share / 52.0
    customer.contract = -1


@rule
def deliver(market, week):
    """Solutions go live when their delivery ends; finished purchases are removed, the others keep their order."""
    totals, kept = market.totals[0], 0
    for i in range(totals.n_purchases):
        purchase = market.purchases[i]
        if purchase.won >= 0 and purchase.delivery_week <= week:
            go_live(market, purchase, week)
        if purchase.n_deals > 0:
            if kept < i:
                market.purchases[kept] = purchase
            kept += 1
    totals.n_purchases = kept


@rule
def go_live(market, purchase, week):
    """A solution goes live: the customer learns the outcome and tells its acquaintances, who take it into account next week."""
    s, totals, c = market.settings[0], market.totals[0], purchase.customer
    customer, deal = market.customers[c], market.deals[purchase.won]
    relation = market.relations[c, deal.vendor]
    vendor, levers = market.vendors[deal.vendor], market.levers[deal.vendor, ADOPTED]
    mix_levers(market.lever_numbers[deal.vendor], vendor.adoption, ADOPTED)
    customer_rules.update_access(relation, market.trends, week)
    deal.support = support_of(vendor, levers, relation, s)
    hangs = hanging_on_support(customer.readiness, deal.complexity, s)
    chance = s.delivery_outcome_spread * standard_normal(market.seed, Purpose.OUTCOME, c, purchase.opened_week)
    at_first = min(1.0, max(0.0, deal.fit * (1.0 - hangs * (1.0 - deal.support)) + chance))
    insists = uniform_for(market.seed, Purpose.REWORK, c, purchase.opened_week) < s.delivery_rework_share
    deal.delivered = max(at_first, deal.promise) if insists else at_first
    mended = deal.delivered - at_first
    deal.delivered_week = week
    customer_rules.update_sameness(customer, market.trends, week)
    surprise = deal.delivered - customer.expected
    customer_rules.learn_from_outcome(customer, relation, vendor, deal.promise, deal.delivered, totals, s)
    if s.loops_word_of_mouth == 1.0:
        customer_rules.spread_word_of_mouth(market.neighbours, market.customers, market.relations, c, deal.vendor, surprise, s)
        market.news[totals.n_news] = c
        totals.n_news += 1
    account_for_delivery(market, deal, vendor, levers, mended, week)
    purchase_rules.end(purchase, customer)
    if deal.subscription == 1:
        every = int(s.licences_renewal_every_weeks)  # the next whole number of periods, at least one, after the signature
        market.due[c] = deal.closed_week + every * max(1, -((deal.closed_week - week) // every))
    else:
        await_need(market, c, week + 1)


@rule
def account_for_delivery(market, deal, vendor, levers, mended, week):
    """Record a delivery's costs, deferred commission, rebate and maintenance, and the know-how gained by measuring it.

    `mended` is how much of the outcome, 0 to 1, is owed to rework.
    """
    s = market.settings[0]
    entry = market.weeks[week, deal.vendor]
    share = s.delivery_full_support_share * min(vendor.support_level, vendor.standard)
    share += s.delivery_change_cost_share * levers.change_management * deal.complexity
    share += s.delivery_collaboration_cost_share * levers.collaboration * deal.complexity
    share += s.delivery_rework * mended
    entry.support_k += share * deal.list_price_k
    promise_kept = min(1.0, deal.delivered / max(1e-9, deal.promise))
    waited_k = deal.commission_waiting_k * promise_kept
    person = market.salespeople[deal.salesperson]
    if person.generation == deal.generation:
        person.commission_k += waited_k
        entry.selling_k += waited_k
    if deal.partner >= 0 and deal.delivered >= s.partners_rebate_outcome:
        deal.rebate_k = deal.rebate_promised_k
        deal.net_price_k -= deal.rebate_k
        entry.rebate_k += deal.rebate_k
        earn(market.partners[deal.partner], entry, deal.rebate_k)
    if deal.subscription == 0:
        vendor.recurring_k += deal.list_price_k * s.licences_maintenance_share / 52.0
        vendor.recurring_cost_k += deal.unit_cost_k * s.licences_maintenance_share / 52.0
    entry.training_k += s.programmes_measuring_cost_k * levers.outcome_measuring
    vendor.know_how += s.selling_know_how_speed * levers.outcome_measuring * (1.0 - vendor.know_how)


@rule
def renew(market, week):
    """Subscriptions that are due are renewed or cancelled; cancelling frees the customer and costs trust.

    A fee hurts as a price does at a choice: staying is worth w - b p - b eta (p - r), less what doing nothing is worth.
    """
    s = market.settings[0]
    for c in range(len(market.due)):
        if market.due[c] != week:
            continue
        customer = market.customers[c]
        deal = market.deals[customer.contract]
        relation, vendor = market.relations[c, deal.vendor], market.vendors[deal.vendor]
        customer_rules.update_access(relation, market.trends, week)
        worth = s.worth_perceived_fit * deal.delivered + s.worth_lead * vendor.lead
        worth += s.worth_access * relation.access + s.worth_incumbent
        worth += s.worth_trust * (customer_rules.trust_in(relation) - 0.5)
        slope = price_slope(customer, s)
        anchor = slope * s.bargaining_reference_weight / (1.0 + s.bargaining_reference_weight)
        surplus = worth + anchor * customer.reference - slope * deal.price - s.worth_nothing
        chance = customer_rules.renew_chance(surplus, s.licences_renewal_base, s.licences_renewal_slope)
        market.due[c] = week + int(s.licences_renewal_every_weeks)
        if uniform_for(market.seed, Purpose.RENEWAL, c, week) >= chance:
            customer_rules.change_trust(relation, vendor, 0.0, -s.licences_cancel_trust_loss)
            customer_rules.change_vendor(customer, market.vendors, -1)
            end_contract(market, customer, week)
            await_need(market, c, week + 1)


@rule
def sum_fees(deals, settings, n_weeks):
    """Money received over each contract so far, after the partner's share: licence, fees, maintenance; and its product cost.

    Writes `fees_k` and `fees_cost_k`.
    """
    s = settings[0]
    for deal in deals:
        if deal.outcome != Outcome.WON:
            continue
        end = deal.ended_week if deal.ended_week >= 0 else n_weeks
        if deal.subscription == 1:
            terms = (end - deal.closed_week) / s.licences_term_weeks
            deal.fees_k, deal.fees_cost_k = contract_price(deal) * terms, deal.unit_cost_k * terms
        else:
            served = max(0, end - deal.delivered_week) if deal.delivered_week >= 0 else 0
            share = s.licences_maintenance_share / 52.0 * served
            deal.fees_k, deal.fees_cost_k = contract_price(deal) + deal.list_price_k * share, deal.unit_cost_k * (1.0 + share)
