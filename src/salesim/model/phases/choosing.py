"""Buying groups deliberate, vendors bargain, customers choose."""

from salesim.model import pricing
from salesim.model.agents import customer as customer_rules
from salesim.model.agents import deal as deal_rules
from salesim.model.agents import purchase as purchase_rules
from salesim.model.agents.partner import limit_price, regarded_cost, upfront_cost
from salesim.model.agents.vendor import NOW, QUARTER_WEEKS
from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.jit import rule
from salesim.model.phases.contracts import sign
from salesim.model.phases.needs import await_need
from salesim.model.rng import Purpose, gumbel, uniform_for


@rule
def decide(market, week):
    """Phase 6: buying groups deliberate, agree and choose, or give up. In the order in which they began."""
    s = market.settings[0]
    fading = market.trends[1].access_left
    growing = s.commoditization_complexity_growth_per_year != 0.0
    for i in range(market.totals[0].n_purchases):
        purchase = market.purchases[i]
        if purchase.won >= 0:
            continue
        if purchase.changed == 1 or growing:
            look_at_offers(market, purchase, week)
        else:
            purchase.access *= fading
        if purchase.n_working + purchase.n_ready == 0:
            give_up(market, purchase, week)
            continue
        waited = purchase.offers_week >= 0 and week >= purchase.offers_week + int(s.buying_late_after_weeks)
        if purchase.n_ready > 0 and (purchase.n_working == 0 or waited):
            purchase_rules.deliberate(purchase, s.buying_access_consensus)
            if purchase.conviction >= purchase.threshold:
                choose(market, purchase, week)
                continue
        old = week - purchase.opened_week >= int(s.buying_stall_after_weeks)
        if old and uniform_for(market.seed, Purpose.STALL, purchase.customer, week) < s.buying_stall_chance:
            end_deals(market, purchase, Outcome.NO_DECISION, Cause.STALLED, week)
            give_up(market, purchase, week)


@rule
def look_at_offers(market, purchase, week):
    """How hard it is to agree on what is on the table: best diagnosis and access, mean breadth, licence.

    Confusion is k (1 - m) relief (1 + package), at most 1. Assumption.
    """
    s = market.settings[0]
    customer = market.customers[purchase.customer]
    depth, access, breadth, n_ready = 0.0, 0.0, 0.0, 0
    ratio = 1.0
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        deal = market.deals[d]
        if deal.stage == Stage.READY:
            relation = market.relations[purchase.customer, deal.vendor]
            customer_rules.fade(relation, market.trends, week)
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
def give_up(market, purchase, week):
    """A purchase ends without a contract: the customer is idle, and may need something again from next week."""
    purchase_rules.end(purchase, market.customers[purchase.customer])
    await_need(market, purchase.customer, week + 1)


@rule
def end_deals(market, purchase, outcome, cause, week):
    """All open deals of a purchase end alike; those not ready were too late if somebody won."""
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        deal = market.deals[d]
        if deal.stage == Stage.WORKING and outcome == Outcome.LOST:
            deal_rules.close(deal, Outcome.LOST, Cause.TOO_LATE, week)
        elif deal.stage != Stage.CLOSED:
            deal_rules.close(deal, outcome, cause, week)


@rule
def choose(market, purchase, week):
    """The group agrees: prices are bargained, and it takes the offer (or nothing) of the highest utility with taste."""
    s, table = market.settings[0], market.table
    customer = market.customers[purchase.customer]
    customer_rules.catch_up(customer, market.trends, week)
    scale = pricing.taste_scale(customer.perceived_sameness, s)
    slope = pricing.price_slope(customer, s)
    n = collect_offers(market, purchase, customer, week)
    set_prices(market, n, customer, slope, scale, week)
    key = purchase.customer * customer_rules.VENDORS_PER_MARKET
    none = key + customer_rules.VENDORS_PER_MARKET - 1
    nothing = s.worth_nothing + scale * gumbel(uniform_for(market.seed, Purpose.TASTE, none, purchase.opened_week))
    best, winner = nothing, -1
    for i in range(n):
        offer = table[i]
        uniform = uniform_for(market.seed, Purpose.TASTE, key + market.deals[offer.deal].vendor, purchase.opened_week)
        offer.taste = gumbel(uniform)
        score = offer.appeal - slope * offer.price + scale * offer.taste
        if score > best:
            best, winner = score, offer.deal
    sameness = customer.perceived_sameness
    learn_from_offers(market, n, customer)
    if winner >= 0:
        deal_rules.close(market.deals[winner], Outcome.WON, Cause.NONE, week)
        end_deals(market, purchase, Outcome.LOST, Cause.RIVAL, week)
        sign(market, purchase, winner, week)
        return
    cause = Cause.VALUE_TOO_LOW
    if pricing.doubted_away(table, n, market.deals, slope, scale, nothing, sameness, s.worth_uncertainty):
        cause = Cause.CONFIDENCE_TOO_LOW
    end_deals(market, purchase, Outcome.NO_DECISION, cause, week)
    give_up(market, purchase, week)


@rule
def collect_offers(market, purchase, customer, week) -> int:
    """The ready offers, each with its worth by itself. Returns how many there are."""
    s, n, depth = market.settings[0], 0, 0.0
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        if market.deals[d].stage == Stage.READY:
            market.table[n].deal = d
            depth = max(depth, market.deals[d].depth)
            n += 1
    for i in range(n):
        deal = market.deals[market.table[i].deal]
        relation = market.relations[purchase.customer, deal.vendor]
        customer_rules.fade(relation, market.trends, week)
        deal_rules.worth_of(deal, customer, relation, depth, market.vendors[deal.vendor].lead, s)
    return n


@rule
def set_prices(market, n, customer, slope, scale, week):
    """Costs, limits and floors of all offers on the table, then the bargaining, then the money."""
    s, table = market.settings[0], market.table
    for i in range(n):
        offer, deal = table[i], market.deals[table[i].deal]
        now = market.levers[deal.vendor, NOW]
        deal.reference_price = customer.reference
        if deal.partner >= 0:
            partner = market.partners[deal.partner]
            offer.cost = regarded_cost(partner.discount, now.rebate_share, s.partners_rebate_regard)
            room_floor, room_taught = s.partners_room_floor, s.partners_room_taught
            offer.limit = limit_price(offer.cost, partner.rivals, partner.capability, room_floor, room_taught)
            offer.floor = 0.0
            deal.partner_cost = upfront_cost(partner.discount, now.rebate_share)
            deal.rebate_promised_k = partner.discount * now.rebate_share * deal.list_price_k
            deal.reference_price -= now.visible * max(0.0, customer.reference - deal.partner_cost)
        else:
            push = quarter_push(market.salespeople[deal.salesperson], now, s, week)
            cost = unit_cost(deal, s, market.trends[week].cost)
            offer.cost = pricing.perceived_cost(cost, now.commission_on_margin, s.bargaining_revenue_blindness, push)
            offer.limit, offer.floor = 1e9, 1.0 - now.price_authority
    pricing.weigh(table, n, market.deals, customer, slope, s)
    pricing.bargain(table, n, slope, scale, s)
    for i in range(n):
        deal = market.deals[table[i].deal]
        pricing.price_in_money(deal, table[i], unit_cost(deal, s, market.trends[week].cost))
        if deal.partner >= 0:
            partner = market.partners[deal.partner]
            partner.margin += s.partners_margin_memory * (deal.price - deal.partner_cost - partner.margin)


@rule
def unit_cost(deal, s, trend):
    """Product cost as a share of list, with the package's extra and the trend."""
    return (s.bargaining_unit_cost_share + s.bargaining_package_cost * deal.breadth) * trend


@rule
def quarter_push(person, now, s, week):
    """Share of the cost forgotten in the last two weeks of a quarter by a person short of quota, times the accelerator."""
    if week % QUARTER_WEEKS < QUARTER_WEEKS - 2 or person.quota_k <= 0.0:
        return 0.0
    short = max(0.0, 1.0 - person.booked_k / person.quota_k)
    return s.bargaining_quarter_push * now.quota_accelerator * short


@rule
def learn_from_offers(market, n, customer):
    """Being sold to teaches, whatever was chosen: exaggeration, that all sellers are alike; diagnosis, that they are not.

    Exaggeration is the mean of (perceived fit - fit)+ over the offers on the table; of diagnoses, the best one counts.
    """
    s, totals = market.settings[0], market.totals[0]
    if s.loops_selling_sameness == 0.0:
        return
    exaggeration, depth = 0.0, 0.0
    for i in range(n):
        deal = market.deals[market.table[i].deal]
        exaggeration += max(0.0, deal.perceived_fit - deal.fit) / n
        depth = max(depth, deal.depth)
    customer_rules.push_sameness(customer, totals, s.trust_disappointment_sameness * exaggeration)
    customer_rules.push_sameness(customer, totals, -s.trust_diagnosis_sameness * depth)
