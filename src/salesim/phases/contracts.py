"""Signature, delivery, renewal: money and outcomes of what was sold."""

from salesim.agents import customer as customers_do
from salesim.agents import deal as deals_do
from salesim.agents.vendor import NOW, between
from salesim.draws import Purpose, draw
from salesim.rules import rule
from salesim.words import Activity, Cause, Outcome


@rule
def sign(market, c, winner, week):
    """A deal is won: contracts, money, commission, delivery; its rivals lose."""
    s = market.settings[0]
    customer, deal = market.customers[c], market.deals[winner]
    vendor, now = market.vendors[deal.vendor], market.levers[deal.vendor, NOW]
    if customer.contract >= 0:
        end_contract(market, customer, week)
    deals_do.close(deal, Outcome.WON, Cause.NONE, week)
    deals_do.end_all(market.deals, customer.first_deal, customer.first_deal + customer.n_deals, Outcome.LOST, Cause.RIVAL, week)
    customers_do.settle(customer, deal.price, s)
    customer.incumbent = deal.vendor
    customer.contract = winner
    customer.activity = Activity.DELIVERY
    customer.delivery_week = week + int(s.delivery_weeks_base + s.delivery_weeks_complexity * deal.complexity)
    entry = market.weeks[week, deal.vendor]
    if deal.subscription == 1:
        vendor.recurring_k += deal.net_price_k / s.licences_term_weeks
        vendor.recurring_cost_k += deal.unit_cost_k / s.licences_term_weeks
    else:
        entry.revenue_k += deal.net_price_k
        entry.product_cost_k += deal.unit_cost_k
    vendor.quarter_list_k += deal.list_price_k
    earn(market, deal, now, entry)


@rule
def earn(market, deal, now, entry):
    """Commission of the salesperson; the part that waits for the outcome is paid by `deliver`. A partner's deal pays half."""
    s = market.settings[0]
    person = market.salespeople[deal.salesperson]
    margin = (deal.net_price_k - deal.unit_cost_k) / max(1e-9, deal.net_price_k)
    basis = between(1.0, max(0.0, margin) / s.people_margin_target, now.commission_on_margin)
    extra = 1.0
    if person.quota_k > 0.0 and person.booked_k > person.quota_k:
        extra += now.quota_accelerator
    if deal.partner >= 0:
        extra *= 0.5
    person.booked_k += deal.net_price_k
    deal.commission_k = s.people_commission_rate * deal.net_price_k * basis * extra
    paid_k = deal.commission_k * (1.0 - now.accountability)
    person.commission_k += paid_k
    entry.selling_k += paid_k


@rule
def contract_price(deal):
    """What the contract brings the vendor, k$: the net price before a rebate that came later."""
    return deal.net_price_k + deal.rebate_k


@rule
def end_contract(market, customer, week):
    """The running contract ends; its fees or maintenance stop."""
    s = market.settings[0]
    deal = market.deals[customer.contract]
    vendor = market.vendors[deal.vendor]
    deal.ended_week = week
    if deal.subscription == 1:
        vendor.recurring_k -= contract_price(deal) / s.licences_term_weeks
        vendor.recurring_cost_k -= deal.unit_cost_k / s.licences_term_weeks
    elif deal.delivered_week >= 0:
        vendor.recurring_k -= contract_price(deal) * s.licences_maintenance_share / 52.0
        vendor.recurring_cost_k -= deal.unit_cost_k * s.licences_maintenance_share / 52.0
    customer.contract = -1


@rule
def deliver(market, week):
    """Phase 6: solutions go live; customers see what they got, and tell their acquaintances, who believe it next week."""
    s = market.settings[0]
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity != Activity.DELIVERY or customer.delivery_week > week:
            continue
        deal = market.deals[customer.contract]
        relation = market.relations[c, deal.vendor]
        vendor, now = market.vendors[deal.vendor], market.levers[deal.vendor, NOW]
        deal.support = support_of(vendor, now, relation, s)
        gap = (1.0 - customer.readiness) * deal.complexity * (1.0 - deal.support)
        deal.delivered = deal.fit * (1.0 - gap)
        deal.delivered_week = week
        customers_do.experience(customer, relation, deal.promise, deal.delivered, s)
        if s.loops_word_of_mouth == 1.0:
            surprise = deal.delivered - s.trust_norm
            customers_do.tell(market.neighbours, market.customers, market.relations, c, deal.vendor, surprise, s)
        account_for_delivery(market, deal, vendor, now, week)
        customer.activity = Activity.IDLE
        customer.n_deals = 0


@rule
def support_of(vendor, now, relation, s):
    """Support a delivery gets: level * (0.3 + 0.4 change management + 0.3 collaboration) + 0.2 access, at most 1.

    The level is what the budget pays for, or the standard people believe in if that is lower.
    """
    level = min(vendor.support_level, vendor.standard)
    parts = s.delivery_support_level + s.delivery_support_change * now.change_management
    parts += s.delivery_support_collaboration * now.collaboration
    return min(1.0, level * parts + s.delivery_support_access * relation.access)


@rule
def account_for_delivery(market, deal, vendor, now, week):
    """Costs of a delivery, commission that waited for it, the partner's rebate, maintenance, and what was measured."""
    s = market.settings[0]
    entry = market.weeks[week, deal.vendor]
    share = s.delivery_full_support_share * min(vendor.support_level, vendor.standard)
    share += s.delivery_change_cost_share * now.change_management * deal.complexity
    share += s.delivery_collaboration_cost_share * now.collaboration * deal.complexity
    entry.support_k += share * deal.list_price_k
    kept = min(1.0, deal.delivered / max(1e-9, deal.promise))
    waited_k = deal.commission_k * now.accountability * kept
    person = market.salespeople[deal.salesperson]
    if person.generation == deal.generation:
        person.commission_k += waited_k
        entry.selling_k += waited_k
    if deal.partner >= 0 and deal.delivered >= s.partners_rebate_outcome:
        deal.rebate_k = (1.0 - deal.partner_cost) / max(1e-9, 1.0 - now.rebate_share)
        deal.rebate_k *= now.rebate_share * deal.list_price_k
        deal.net_price_k -= deal.rebate_k
        entry.rebate_k += deal.rebate_k
    if deal.subscription == 0:
        vendor.recurring_k += contract_price(deal) * s.licences_maintenance_share / 52.0
        vendor.recurring_cost_k += deal.unit_cost_k * s.licences_maintenance_share / 52.0
    entry.training_k += s.programmes_measuring_cost_k * now.outcome_measuring
    vendor.know_how += s.selling_know_how_speed * now.outcome_measuring * (1.0 - vendor.know_how)


@rule
def renew(market, week):
    """Phase 7: subscriptions come up for renewal; a cancelled one frees the customer and costs trust."""
    s = market.settings[0]
    every = int(s.licences_renewal_every_weeks)
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity != Activity.IDLE or customer.contract < 0:
            continue
        deal = market.deals[customer.contract]
        if deal.subscription == 0 or week == deal.closed_week or (week - deal.closed_week) % every != 0:
            continue
        relation = market.relations[c, deal.vendor]
        worth = s.worth_belief * deal.delivered + s.worth_lead * market.vendors[deal.vendor].lead
        worth += s.worth_access * relation.access + s.worth_incumbent
        surplus = worth - deals_do.price_slope(customer, s) * deal.price
        chance = customers_do.renew_chance(surplus, s.licences_renewal_base, s.licences_renewal_slope)
        if draw(market.seed, Purpose.RENEWAL, c, week) >= chance:
            relation.trust_firm *= 1.0 - s.licences_cancel_trust_loss
            customer.incumbent = -1
            end_contract(market, customer, week)


@rule
def sum_fees(deals, settings, n_weeks):
    """Money received over each contract so far, after the partner's share: licence, fees, maintenance. Writes `fees_k`."""
    s = settings[0]
    for d in range(len(deals)):
        deal = deals[d]
        if deal.outcome != Outcome.WON:
            continue
        end = deal.ended_week if deal.ended_week >= 0 else n_weeks
        if deal.subscription == 1:
            deal.fees_k = contract_price(deal) / s.licences_term_weeks * (end - deal.closed_week)
        else:
            served = max(0, end - deal.delivered_week) if deal.delivered_week >= 0 else 0
            deal.fees_k = contract_price(deal) * (1.0 + s.licences_maintenance_share / 52.0 * served)
