"""Buying groups deliberate, vendors bargain over prices, and customers choose an offer or the outside option."""

from salesim.model import pricing
from salesim.model.agents import customer as customer_rules
from salesim.model.agents import deal as deal_rules
from salesim.model.agents import purchase as purchase_rules
from salesim.model.agents.partner import limit_price, regarded_cost, upfront_cost
from salesim.model.agents.vendor import CURRENT, QUARTER_WEEKS
from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.jit import rule
from salesim.model.phases.contracts import sign
from salesim.model.phases.needs import await_need
from salesim.model.rng import Purpose, gumbel, uniform_for


@rule
def decide(market, week):
    """Buying groups, in the order in which purchases opened, deliberate; they choose once they agree, or drop the project."""
    s = market.settings[0]
    fading = market.trends[1].access_left
    growing = s.commoditization_complexity_growth_per_year != 0.0
    for i in range(market.totals[0].n_purchases):
        purchase = market.purchases[i]
        if purchase.won >= 0:
            continue
        if purchase.changed == 1 or growing:
            assess_offers(market, purchase, week)
        else:
            purchase.access *= fading
        if purchase.n_working + purchase.n_ready == 0:
            end_without_contract(market, purchase, week)
            continue
        waited = purchase.offers_week >= 0 and week >= purchase.offers_week + int(s.buying_late_after_weeks)
        if purchase.n_ready > 0 and (purchase.n_working == 0 or waited):
            purchase_rules.deliberate(purchase, s.buying_access_consensus)
            if purchase.conviction >= purchase.threshold:
                choose(market, purchase, week)
                continue
        old = week - purchase.opened_week >= int(s.buying_stall_after_weeks)
        if old and uniform_for(market.seed, Purpose.STALL, purchase.customer, week) < s.buying_stall_chance:
            close_open_deals(market, purchase, Outcome.NO_DECISION, Cause.STALLED, week)
            end_without_contract(market, purchase, week)


@rule
def assess_offers(market, purchase, week):
    """Set the weekly probability that a member is convinced, from the ready offers. Writes `willing` and `access`.

    The probability is convince_chance (1 - confusion)^2, times a factor if an offer is a subscription. Confusion is
    k (1 - m) relief (1 + package), at most 1, where relief falls with the deepest diagnosis and package grows with the mean
    breadth. Assumption.
    """
    s = market.settings[0]
    customer = market.customers[purchase.customer]
    depth, access, breadth, n_ready = 0.0, 0.0, 0.0, 0
    ratio = 1.0
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        deal = market.deals[d]
        if deal.stage == Stage.READY:
            relation = market.relations[purchase.customer, deal.vendor]
            customer_rules.update_access(relation, market.trends, week)
            depth = max(depth, deal.depth)
            access = max(access, relation.access)
            breadth += deal.breadth
            n_ready += 1
            if deal.subscription == 1:
                ratio = s.buying_subscription_consensus
    relief = 1.0 - s.buying_depth_relief * depth
    package = s.buying_package_confusion * breadth / max(1, n_ready)
    confusion = min(1.0, customer.complexity * (1.0 - customer.competence) * relief * (1.0 + package))
    purchase.willing = s.buying_convince_chance * (1.0 - confusion) ** 2 * ratio
    purchase.access = access
    purchase.changed = 0


@rule
def end_without_contract(market, purchase, week):
    """End a purchase without a contract. The customer is idle and may have a new need from next week on."""
    purchase_rules.end(purchase, market.customers[purchase.customer])
    await_need(market, purchase.customer, week + 1)


@rule
def close_open_deals(market, purchase, outcome, cause, week):
    """Close all open deals of a purchase; if another vendor won, offers that are not ready lose as too late."""
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        deal = market.deals[d]
        if deal.stage == Stage.WORKING and outcome == Outcome.LOST:
            deal_rules.close(deal, Outcome.LOST, Cause.TOO_LATE, week)
        elif deal.stage != Stage.CLOSED:
            deal_rules.close(deal, outcome, cause, week)


@rule
def choose(market, purchase, week):
    """Bargain prices, then take the offer, or the outside option (nothing), with the highest utility (logit choice)."""
    s, offers = market.settings[0], market.offers
    customer = market.customers[purchase.customer]
    customer_rules.update_sameness(customer, market.trends, week)
    scale = pricing.taste_scale(customer.perceived_sameness, s)
    slope = pricing.price_slope(customer, s)
    n = collect_ready_offers(market, purchase, customer, week)
    set_offer_prices(market, n, customer, slope, scale, week)
    customer_key = purchase.customer * customer_rules.VENDORS_PER_MARKET
    outside_key = customer_key + customer_rules.VENDORS_PER_MARKET - 1
    outside_uniform = uniform_for(market.seed, Purpose.TASTE, outside_key, purchase.opened_week)
    outside_utility = s.worth_nothing + scale * gumbel(outside_uniform)
    best, winner = outside_utility, -1
    for i in range(n):
        offer = offers[i]
        uniform = uniform_for(market.seed, Purpose.TASTE, customer_key + market.deals[offer.deal].vendor, purchase.opened_week)
        offer.taste = gumbel(uniform)
        utility = offer.appeal - slope * offer.price + scale * offer.taste
        if utility > best:
            best, winner = utility, offer.deal
    sameness = customer.perceived_sameness
    learn_from_offers(market, n, customer)
    if winner >= 0:
        deal_rules.close(market.deals[winner], Outcome.WON, Cause.NONE, week)
        close_open_deals(market, purchase, Outcome.LOST, Cause.RIVAL, week)
        sign(market, purchase, winner, week)
        return
    cause = Cause.VALUE_TOO_LOW
    if pricing.rejected_for_uncertainty(offers, n, market.deals, slope, scale, outside_utility, sameness, s.worth_uncertainty):
        cause = Cause.CONFIDENCE_TOO_LOW
    close_open_deals(market, purchase, Outcome.NO_DECISION, cause, week)
    end_without_contract(market, purchase, week)


@rule
def collect_ready_offers(market, purchase, customer, week) -> int:
    """Put the ready offers of a purchase into `market.offers`, set the worth of each, and return their number."""
    s, n, depth = market.settings[0], 0, 0.0
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        if market.deals[d].stage == Stage.READY:
            market.offers[n].deal = d
            depth = max(depth, market.deals[d].depth)
            n += 1
    for i in range(n):
        deal = market.deals[market.offers[i].deal]
        relation = market.relations[purchase.customer, deal.vendor]
        customer_rules.update_access(relation, market.trends, week)
        deal_rules.worth_of(deal, customer, relation, depth, market.vendors[deal.vendor].lead, s)
    return n


@rule
def set_offer_prices(market, n, customer, slope, scale, week):
    """Set costs, limits and floors of the first `n` offers, bargain, and record prices; `slope` and `scale` as in `pricing`."""
    s, offers = market.settings[0], market.offers
    for i in range(n):
        offer, deal = offers[i], market.deals[offers[i].deal]
        levers = market.levers[deal.vendor, CURRENT]
        deal.reference_price = customer.reference
        if deal.partner >= 0:
            partner = market.partners[deal.partner]
            offer.cost = regarded_cost(partner.discount, levers.rebate_share, s.partners_rebate_regard)
            markup_floor, markup_taught = s.partners_room_floor, s.partners_room_taught
            offer.limit = limit_price(offer.cost, partner.rivals, partner.capability, markup_floor, markup_taught)
            offer.floor = 0.0
            deal.partner_cost = upfront_cost(partner.discount, levers.rebate_share)
            deal.rebate_promised_k = partner.discount * levers.rebate_share * deal.list_price_k
            deal.reference_price -= levers.visible * max(0.0, customer.reference - deal.partner_cost)
        else:
            push = quarter_push(market.salespeople[deal.salesperson], levers, s, week)
            cost = unit_cost(deal, s, market.trends[week].cost)
            offer.cost = pricing.perceived_cost(cost, levers.commission_on_margin, s.bargaining_revenue_blindness, push)
            offer.limit, offer.floor = 1e9, 1.0 - levers.price_authority
    pricing.set_utilities(offers, n, market.deals, customer, slope, s)
    pricing.bargain(offers, n, slope, scale, s)
    for i in range(n):
        deal = market.deals[offers[i].deal]
        pricing.record_price(deal, offers[i], unit_cost(deal, s, market.trends[week].cost))
        if deal.partner >= 0:
            partner = market.partners[deal.partner]
            partner.margin += s.partners_margin_memory * (deal.price - deal.partner_cost - partner.margin)


@rule
def unit_cost(deal, s, trend):
    """Product cost as a share of list price: base cost and cost of packaging, times the cost trend."""
    return (s.bargaining_unit_cost_share + s.bargaining_package_cost * deal.breadth) * trend


@rule
def quarter_push(person, levers, s, week):
    """Share of cost that a person short of quota ignores in the last two weeks of a quarter (times the quota accelerator)."""
    if week % QUARTER_WEEKS < QUARTER_WEEKS - 2 or person.quota_k <= 0.0:
        return 0.0
    short = max(0.0, 1.0 - person.booked_k / person.quota_k)
    return s.bargaining_quarter_push * levers.quota_accelerator * short


@rule
def learn_from_offers(market, n, customer):
    """Offers change perceived sameness, whatever was chosen: exaggeration raises it, diagnosis lowers it.

    Exaggeration is the mean of (perceived fit - fit)+ over the ready offers; of diagnoses, the deepest counts.
    """
    s, totals = market.settings[0], market.totals[0]
    if s.loops_selling_sameness == 0.0:
        return
    exaggeration, depth = 0.0, 0.0
    for i in range(n):
        deal = market.deals[market.offers[i].deal]
        exaggeration += max(0.0, deal.perceived_fit - deal.fit) / n
        depth = max(depth, deal.depth)
    customer_rules.change_sameness(customer, totals, s.trust_disappointment_sameness * exaggeration)
    customer_rules.change_sameness(customer, totals, -s.trust_diagnosis_sameness * depth)
