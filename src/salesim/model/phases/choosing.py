"""Buying groups deliberate, vendors bargain over prices, and customers choose an offer or the outside option."""

import math

from salesim.model import pricing
from salesim.model.agents import customer as customer_rules
from salesim.model.agents import deal as deal_rules
from salesim.model.agents import purchase as purchase_rules
from salesim.model.agents.partner import conduct_of, regarded_cost, remember_quote, upfront_cost
from salesim.model.agents.salesperson import accelerator_of, pay_on_margin
from salesim.model.agents.vendor import CURRENT, PREVIOUS, QUARTER_WEEKS
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
        if purchase.n_ready > 0 and purchase.qualified == 0 and not qualify(market, purchase, week):
            continue
        waited = purchase.offers_week >= 0 and week >= purchase.offers_week + int(s.buying_late_after_weeks)
        if purchase.n_ready > 0 and (purchase.n_working == 0 or waited):
            purchase_rules.deliberate(purchase, s.buying_access_consensus)
            if purchase.conviction >= purchase.threshold and not waits(market, purchase, week):
                choose(market, purchase, week)
                continue
        scale, growth = s.buying_stall_after_weeks, s.buying_stall_growth
        hazard = purchase_rules.stall_chance(purchase, s.buying_stall_chance, scale, growth, week)
        if uniform_for(market.seed, Purpose.STALL, purchase.customer, week) < hazard:
            close_open_deals(market, purchase, Outcome.NO_DECISION, purchase_rules.cause_of_stall(purchase), week)
            end_without_contract(market, purchase, week)


@rule
def waits(market, purchase, week) -> bool:
    """Whether a group that agrees waits for the last week of the quarter, in which sellers take off more (`closing_discount`).

    Groups know that discount. What the largest of the direct sellers' discounts saves, in units of the taste scale, is x: with
    n weeks left a share 1 - exp(-wait x / n) waits, and the next week decides anew, with the same number drawn. Assumption.
    """
    s = market.settings[0]
    left = QUARTER_WEEKS - 1 - week % QUARTER_WEEKS
    if left == 0 or s.bargaining_close_now == 0.0:
        return False
    customer, discount = market.customers[purchase.customer], 0.0
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        deal = market.deals[d]
        if deal.stage == Stage.READY and deal.partner < 0:
            person = market.salespeople[deal.salesperson]
            discount = max(discount, closing_discount(market, person, s))
    customer_rules.update_sameness(customer, market.trends, week)
    saved = pricing.price_slope(customer, s) * discount / pricing.taste_scale(customer.perceived_sameness, s)
    uniform = uniform_for(market.seed, Purpose.WAITING, purchase.customer, purchase.opened_week)
    return uniform < 1.0 - math.exp(-s.buying_quarter_wait * saved / left)


@rule
def qualify(market, purchase, week) -> bool:
    """The first offers are compared with the status quo; the project goes on, or ends without a decision.

    It goes on with chance 1 / (1 + exp(-slope * (w - b r - nothing - level))), where w is the worth of the best ready offer and
    b r the worth of the money at the reference price. If it would have gone on without any uncertainty, the cause is lack of
    confidence, else lack of value. A slope of 0 lets all projects go on. Assumption. Returns whether it goes on.
    """
    s = market.settings[0]
    customer = market.customers[purchase.customer]
    purchase.qualified = 1
    if s.buying_status_quo_slope == 0.0:
        return True
    n = collect_ready_offers(market, purchase, customer, week)
    best, confident = -1e9, -1e9
    for i in range(n):
        deal = market.deals[market.offers[i].deal]
        best = max(best, deal.worth)
        confident = max(confident, deal.worth + s.worth_uncertainty * deal.uncertainty)
    price = pricing.price_slope(customer, s) / (1.0 + s.bargaining_reference_weight) * customer.reference
    uniform = uniform_for(market.seed, Purpose.STATUS_QUO, purchase.customer, purchase.opened_week)
    needed = price + s.worth_nothing + s.buying_status_quo_level
    needed += math.log(max(uniform, 1e-300) / (1.0 - uniform)) / s.buying_status_quo_slope
    if best > needed:
        return True
    cause = Cause.CONFIDENCE_TOO_LOW if confident > needed else Cause.VALUE_TOO_LOW
    close_open_deals(market, purchase, Outcome.NO_DECISION, cause, week)
    end_without_contract(market, purchase, week)
    return False


@rule
def assess_offers(market, purchase, week):
    """Set the weekly probability that a member is convinced, from the ready offers. Writes `willing`, `access`.

    Also writes `willing_unconfused`, the same without confusion. The probability is convince_chance (1 - confusion)^2, times a
    factor if an offer is a subscription. Confusion is k (1 - m) relief (1 + package), at most 1, where relief falls with the
    deepest diagnosis and package grows with the mean breadth. Assumption.
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
    purchase.willing_unconfused = s.buying_convince_chance * ratio
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
    """Set costs and floors of the first `n` offers, bargain, and record prices; `slope` and `scale` as in `pricing`."""
    s, offers = market.settings[0], market.offers
    for i in range(n):
        offer, deal = offers[i], market.deals[offers[i].deal]
        levers = market.levers[deal.vendor, CURRENT]
        deal.reference_price = customer.reference
        if deal.partner >= 0:
            partner = market.partners[deal.partner]
            shift = 1.0 + levers.price_shift
            offer.cost = shift * regarded_cost(partner.discount, levers.rebate_share, s.partners_rebate_regard)
            offer.floor, offer.closing_discount = 0.0, 0.0
            offer.conduct = conduct_of(partner.rivals, partner.capability, s.partners_conduct, s.partners_conduct_taught)
            offer.stickiness, offer.usual_price = partner.stickiness, max(offer.cost, partner.usual_price)
            if partner.usual_price < 0.0:
                offer.stickiness = 0.0
            deal.partner_cost, offer.shift = shift * upfront_cost(partner.discount, levers.rebate_share), 0.0
            deal.rebate_promised_k = partner.discount * levers.rebate_share * deal.list_price_k
            deal.reference_price -= levers.visible * max(0.0, customer.reference - deal.partner_cost)
        else:
            person = market.salespeople[deal.salesperson]
            cost = unit_cost(deal, levers, s, market.trends[week].cost)
            on_margin = pay_on_margin(market.levers[deal.vendor, PREVIOUS], levers, person.adoption, s)
            offer.cost = pricing.perceived_cost(cost, on_margin, s.bargaining_revenue_blindness)
            offer.floor = 1.0 - levers.price_authority
            offer.conduct, offer.stickiness, offer.usual_price = 1.0, 0.0, 0.0
            offer.closing_discount, offer.shift = 0.0, levers.price_shift
            if week % QUARTER_WEEKS == QUARTER_WEEKS - 1:
                offer.closing_discount = closing_discount(market, person, s)
    pricing.set_utilities(offers, n, market.deals, customer, slope, s)
    pricing.bargain(offers, n, slope, scale, s)
    for i in range(n):
        deal = market.deals[offers[i].deal]
        cost = unit_cost(deal, market.levers[deal.vendor, CURRENT], s, market.trends[week].cost)
        pricing.record_price(deal, offers[i], cost)
        if deal.partner >= 0:
            partner = market.partners[deal.partner]
            remember_quote(partner, deal.price, deal.partner_cost, s.partners_margin_memory)


@rule
def unit_cost(deal, levers, s, trend):
    """Product cost as a share of list price: base cost and cost of packaging, times the vendor's factor and the cost trend."""
    return (s.bargaining_unit_cost_share + s.bargaining_package_cost * deal.breadth) * levers.unit_cost * trend


@rule
def closing_discount(market, person, s):
    """What a seller takes off for signing in a quarter's last week: close_now * accelerator * (0.5 + 0.5 * short of quota)."""
    previous, levers = market.levers[person.vendor, PREVIOUS], market.levers[person.vendor, CURRENT]
    accelerator = accelerator_of(previous, levers, person.adoption, s)
    short = max(0.0, 1.0 - person.booked_k / person.quota_k) if person.quota_k > 0.0 else 0.0
    return s.bargaining_close_now * accelerator * (0.5 + 0.5 * short)


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
