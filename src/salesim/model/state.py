"""The state of a market, initialized from a scenario and a seed."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from salesim.model.agents.customer import CUSTOMER, RELATION, TREND
from salesim.model.agents.executive import EXECUTIVE
from salesim.model.agents.partner import PARTNER
from salesim.model.agents.purchase import PURCHASE
from salesim.model.agents.salesperson import SALESPERSON, SEATS_PER_VENDOR, effect_of_skill, learning_of
from salesim.model.agents.vendor import INITIATIVE, LEVERS, SETTINGS, VENDOR, levers_of
from salesim.model.interpolation import beta_quantiles
from salesim.model.jit import plain, rule
from salesim.model.linking import short_named
from salesim.model.parameters import Scenario, Strategy, numbers
from salesim.model.pricing import OFFER
from salesim.model.records import DEAL, WEEK, RecordArray, record_type
from salesim.model.rng import Purpose, key, uniform, uniforms

ROWS_PER_VENDOR = 1024  # partners and executives have keys vendor * 1024 + position

TOTALS = record_type(
    ("n_deals", np.int64),  # rows of deals in use
    ("n_purchases", np.int64),  # rows of purchases in use
    ("n_news", np.int64),  # customers whose solution went live last week
    ("difference_total", np.float64),  # sum of 1 - perceived sameness this week; `commoditize`, `change_sameness`
    ("reference_total", np.float64),  # sum of customers' reference prices; `update_price_expectations`
)


@short_named
class Market(NamedTuple):
    """All records of a running market; every array is a numpy record array unless said otherwise."""

    seed: int
    settings: RecordArray  # one row of SETTINGS
    trends: RecordArray  # one row per number of weeks
    customers: RecordArray
    relations: RecordArray  # customers x vendors
    neighbours: npt.NDArray[np.int32]  # customers x acquaintances
    territories: npt.NDArray[np.int32]  # customers who buy directly, seat by seat; the same for every vendor
    due: npt.NDArray[np.int32]  # a customer's next week in which a need may arise or a subscription ends; -1 while it buys
    news: npt.NDArray[np.int32]  # customers whose solution went live last week; the first totals.n_news count
    purchases: RecordArray  # running ones, in the order they were opened; the first totals.n_purchases count
    offers: RecordArray  # ready offers from which one customer is choosing
    salespeople: RecordArray  # vendor by vendor
    executives: RecordArray  # vendor by vendor
    partners: RecordArray  # vendor by vendor
    vendors: RecordArray
    levers: RecordArray  # vendors x (previous, current, as adopted)
    lever_numbers: npt.NDArray[np.float64]  # the same memory as plain numbers: vendors x 3 x levers
    plan_levers: npt.NDArray[np.float64]  # plans x levers; the first plans are those the vendors start with
    plan_sponsors: npt.NDArray[np.int16]  # plans x customers: row of the executive, -1 is nobody
    initiatives: RecordArray  # in order of week
    deals: RecordArray  # the first totals.n_deals count
    weeks: RecordArray  # weeks x vendors
    totals: RecordArray  # one row of TOTALS


def zeroed(shape: int | tuple[int, ...], kind: np.dtype[np.void]) -> RecordArray:
    """Zeroed record array whose fields are attributes."""
    return np.zeros(shape, kind).view(np.recarray)


def initialize(scenario: Scenario, seed: int) -> Market:
    """The market before its first week. An agent's traits depend on its own key alone; adding an agent changes no other."""
    n_vendors = len(scenario.vendors)
    settings = zeroed(1, SETTINGS)
    values = numbers(scenario.market)
    settings[0] = tuple(values[name] for name in SETTINGS.names or ())
    s = settings[0]
    customers = new_customers(s, n_vendors, seed)
    relations = zeroed((len(customers), n_vendors), RELATION)
    salespeople = new_salespeople(s, n_vendors, seed)
    executives = new_executives(s, n_vendors)
    partners = new_partners(s, n_vendors, seed)
    territories = assign_territories(relations, customers, salespeople, partners, n_vendors, seed)
    plan_levers, plan_sponsors, initiatives = plans_of(scenario, customers, executives, seed)
    salespeople.highest_prospecting_rate = highest_rate(s, plan_levers) / np.maximum(1, salespeople.accounts)
    levers, totals = zeroed((n_vendors, 3), LEVERS), zeroed(1, TOTALS)
    sum_customers(customers, totals)
    return Market(
        seed=seed,
        settings=settings,
        trends=trends_of(s, scenario.weeks),
        customers=customers,
        relations=relations,
        neighbours=acquaintances(s, seed),
        territories=territories,
        due=np.full(len(customers), -1, np.int32),
        news=np.zeros(len(customers), np.int32),
        purchases=zeroed(len(customers), PURCHASE),
        offers=zeroed(n_vendors, OFFER),
        salespeople=salespeople,
        executives=executives,
        partners=partners,
        vendors=new_vendors(s, customers, n_vendors),
        levers=levers,
        lever_numbers=numbers_of(levers),
        plan_levers=plan_levers,
        plan_sponsors=plan_sponsors,
        initiatives=initiatives,
        deals=zeroed(initial_capacity(scenario), DEAL),
        weeks=zeroed((scenario.weeks, n_vendors), WEEK),
        totals=totals,
    )


def highest_rate(s: np.void, plan_levers: npt.NDArray[np.float64]) -> float:
    """Needs a week that a seat's prospecting finds if it never works on a deal, with full skill and the largest headcount."""
    most = plan_levers[:, (LEVERS.names or ()).index("headcount")].max()
    if s.people_headcount_speed > 0.0:
        most *= s.people_headcount_most
    most *= plain(effect_of_skill)(1.0, s.selling_skill_effect)
    return float(s.buying_prospecting * s.selling_hours_per_week * most)


def numbers_of(levers: RecordArray) -> npt.NDArray[np.float64]:
    """The same memory as plain numbers: vendors x 3 x levers."""
    return levers.view(np.float64).reshape(*levers.shape, -1).view(np.ndarray)


def initial_capacity(scenario: Scenario) -> int:
    """Initial number of rows of the table of deals; it grows when they are used up (`with_capacity`)."""
    most_a_week = scenario.market.customers.count * len(scenario.vendors)
    return most_a_week + most_a_week * scenario.weeks // 90


def with_capacity(market: Market) -> Market:
    """The same market with capacity for twice as many deals."""
    deals, used = zeroed(2 * len(market.deals), DEAL), int(market.totals.n_deals[0])
    deals[:used] = market.deals[:used]
    return market._replace(deals=deals)


def trends_of(s: np.record, n_weeks: int) -> RecordArray:
    """Shares of perceived difference and of access left after 0, 1, … weeks; factors on complexity and cost of each week."""
    trends, weeks = zeroed(n_weeks + 2, TREND), np.arange(n_weeks + 2)
    trends.difference_left = (1.0 - s.commoditization_pressure_per_week) ** weeks
    trends.access_left = (1.0 - s.executives_access_fade) ** weeks
    trends.complexity = (1.0 + s.commoditization_complexity_growth_per_year) ** (weeks / 52.0)
    trends.cost = (1.0 + s.commoditization_cost_growth_per_year) ** (weeks / 52.0)
    return trends


def sum_customers(customers: RecordArray, totals: RecordArray) -> None:
    """Write the totals over customers, whose rows are up to date; later, rules change totals with each change of a row."""
    totals.difference_total = (1.0 - customers.perceived_sameness).sum()
    totals.reference_total = customers.reference.sum()


def new_customers(s: np.record, n_vendors: int, seed: int) -> RecordArray:
    """Customers with their traits: betas and log-normals by inverse transform of counter-based random numbers.

    A share of them has bought before; who from is uniform over vendors.
    """
    customers = zeroed(int(s.customers_count), CUSTOMER)
    rows = np.arange(len(customers))

    def uniforms_for(purpose: Purpose) -> npt.NDArray[np.float64]:
        return uniforms(seed, purpose, rows, 0)

    for trait in ("complexity", "competence", "readiness"):
        a, b = float(s[f"customers_{trait}_a"]), float(s[f"customers_{trait}_b"])
        customers[trait] = beta_quantiles(a, b, uniforms_for(Purpose[trait.upper()]))
    customers.complexity_first = customers.complexity
    normal = special.ndtri(np.clip(uniforms_for(Purpose.VALUE), 1e-12, 1.0 - 1e-12))
    customers.value_k = s.customers_value_median_k * np.exp(s.customers_value_sigma * normal)
    customers.list_price_k = s.customers_list_share * customers.value_k
    normal = special.ndtri(np.clip(uniforms_for(Purpose.PRICE_WEIGHT), 1e-12, 1.0 - 1e-12))
    customers.price_weight = s.customers_price_weight * np.exp(s.customers_price_weight_sigma * normal)
    customers.seniority = uniforms_for(Purpose.SENIORITY)
    customers.channel = uniforms_for(Purpose.ROUTE) < s.customers_channel_share
    customers.perceived_sameness = s.commoditization_initial_sameness
    customers.reference = s.customers_initial_reference
    customers.discount_expectation = 1.0 - s.customers_initial_reference
    customers.expected = s.trust_norm
    installed, share = uniforms_for(Purpose.INSTALLED), s.customers_installed_share
    customers.incumbent = np.where(installed < share, np.floor(installed / max(1e-300, share) * n_vendors), -1)
    for field in ("contract", "sameness_week"):
        customers[field] = -1
    return customers


def acquaintances(s: np.record, seed: int) -> npt.NDArray[np.int32]:
    """Ring with shortcuts (Watts & Strogatz 1998 form), customers x neighbours; far ones are random."""
    n, degree = int(s.customers_count), int(s.customers_neighbours)
    steps = np.array([step for half in range(1, degree // 2 + 1) for step in (half, -half)], np.int64)
    near = (np.arange(n)[:, None] + steps[None, :]) % n
    keys = np.arange(n)[:, None] * 64 + np.arange(len(steps))[None, :]
    far = np.floor(uniforms(seed, Purpose.ACQUAINTANCE, keys, 1) * max(1, n - 1)).astype(np.int64)
    far = (np.arange(n)[:, None] + 1 + far) % n
    rewired = uniforms(seed, Purpose.ACQUAINTANCE, keys, 0) < s.customers_rewiring
    return np.where(rewired, far, near).astype(np.int32)


def new_salespeople(s: np.record, n_vendors: int, seed: int) -> RecordArray:
    """Salespeople, vendor by vendor; learning traits are random for each seat and person."""
    seats = int(s.selling_salespeople)
    salespeople = zeroed(n_vendors * seats, SALESPERSON)
    salespeople.vendor = np.repeat(np.arange(n_vendors), seats)
    salespeople.key = salespeople.vendor * SEATS_PER_VENDOR + np.tile(np.arange(seats), n_vendors)
    salespeople.learning = plain(learning_of)(s, uniforms(seed, Purpose.LEARNING, salespeople.key, 0))
    salespeople.skill = np.minimum(1.0, s.people_initial_skill * (0.75 + 0.5 * salespeople.learning))
    salespeople.adoption = 1.0
    salespeople.left_week = -1
    salespeople.usual_bookings_k = -1.0
    salespeople.accustomed_k = -1.0
    return salespeople


def new_executives(s: np.record, n_vendors: int) -> RecordArray:
    """Executives, vendor by vendor, with seniorities spread evenly."""
    count = int(s.executives_count)
    executives = zeroed(n_vendors * count, EXECUTIVE)
    executives.vendor = np.repeat(np.arange(n_vendors), count)
    executives.seniority = np.tile((np.arange(count) + 0.5) / max(1, count), n_vendors)
    executives.involvement = s.executives_initial_involvement
    return executives


def new_partners(s: np.record, n_vendors: int, seed: int) -> RecordArray:
    """Partners, vendor by vendor; the number of rivals in a territory is uniform from 0 to max_rivals."""
    count = int(s.partners_count)
    partners = zeroed(n_vendors * count, PARTNER)
    partners.vendor = np.repeat(np.arange(n_vendors), count)
    keys = partners.vendor * ROWS_PER_VENDOR + np.tile(np.arange(count), n_vendors)
    partners.rivals = np.floor(uniforms(seed, Purpose.RIVALS, keys, 0) * (s.partners_max_rivals + 1))
    sticky = uniforms(seed, Purpose.STICKY, keys, 0) < s.partners_sticky_share
    partners.stickiness = np.where(sticky, s.partners_stickiness, 0.0)
    partners.margin = s.partners_aspiration
    partners.usual_price = -1.0
    partners.active = 1
    return partners


def new_vendors(s: np.record, customers: RecordArray, n_vendors: int) -> RecordArray:
    """Vendors at their start, each with its plan and the customers who bought from it before."""
    vendors = zeroed(n_vendors, VENDOR)
    vendors.plan = np.arange(n_vendors)
    vendors.clients = np.bincount(customers.incumbent[customers.incumbent >= 0], minlength=n_vendors)
    vendors.lead = s.development_initial_lead
    vendors.support_level = s.delivery_initial_support
    vendors.standard = s.delivery_initial_support
    vendors.adoption = 1.0
    vendors.staffing = 1.0
    vendors.initiative_week = -1
    return vendors


def assign_territories(
    relations: RecordArray, customers: RecordArray, salespeople: RecordArray, partners: RecordArray, n_vendors: int, seed: int
) -> npt.NDArray[np.int32]:
    """Who serves whom: the seat and the partner with the highest random number for a customer (rendezvous hashing).

    Adding a seat moves 1 / (n + 1) of the accounts to it and leaves all others where they are. Thaler & Ravishankar 1998.
    Returns the customers who buy directly, seat by seat.
    """
    direct = np.flatnonzero(customers.channel == 0)
    through_partners = np.flatnonzero(customers.channel == 1)
    seats = served_by(relations, "salesperson", salespeople, direct, n_vendors, seed, 0)
    served_by(relations, "partner", partners, through_partners, n_vendors, seed, 512)
    relations.partner[direct] = -1
    n_accounts = salespeople.accounts.reshape(n_vendors, -1)
    salespeople.first_account = (np.cumsum(n_accounts, axis=1) - n_accounts).reshape(-1)
    return direct[np.argsort(seats[direct], kind="stable")].astype(np.int32)


def served_by(
    relations: RecordArray, field: str, rows: RecordArray, buyers: npt.NDArray[np.int64], n_vendors: int, seed: int, offset: int
) -> npt.NDArray[np.int64]:
    """Write who serves each customer into `relations[field]`, count the buyers of each; returns positions by customer."""
    positions, per_vendor = np.zeros(len(relations), np.int64), len(rows) // n_vendors
    find_highest(positions, seed, per_vendor, offset)
    relations[field] = positions[:, None] + per_vendor * np.arange(n_vendors)
    rows.accounts = np.tile(np.bincount(positions[buyers], minlength=per_vendor), n_vendors)
    return positions


@rule
def find_highest(positions: npt.NDArray[np.int64], seed: int, n_positions: int, offset: int) -> None:
    """For each customer, the position with the highest random number (the first of equals); the same for every vendor."""
    for c in range(len(positions)):
        bits, highest = key(seed, Purpose.TERRITORY, c), -1.0
        for position in range(n_positions):
            weight = uniform(bits, position + offset)
            if weight > highest:
                positions[c], highest = position, weight


def plans_of(
    scenario: Scenario, customers: RecordArray, executives: RecordArray, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int16], RecordArray]:
    """Levers and sponsors of each plan (first those of the start, then the initiatives'), and the initiatives."""
    changes = [(row, change) for row, vendor in enumerate(scenario.vendors) for change in vendor.initiatives]
    changes.sort(key=lambda planned: planned[1].week)
    initiatives = zeroed(len(changes), INITIATIVE)
    for place, (row, change) in enumerate(changes):
        initiatives[place] = (change.week, row, len(scenario.vendors) + place, change.training_hours)
    plans = [*enumerate(scenario.vendors), *changes]
    levers = [levers_of(plan.strategy, plan.channel, plan.licence) for _, plan in plans]
    sponsors = [sponsored(plan.strategy, row, customers, executives, seed) for row, plan in plans]
    return np.array(levers), np.array(sponsors, np.int16), initiatives


def sponsored(strategy: Strategy, vendor: int, customers: RecordArray, executives: RecordArray, seed: int) -> RecordArray:
    """Row of the executive who sponsors each customer, or -1: the top share by value at stake.

    Matched accounts are sorted by seniority and dealt out to executives from the least to the most senior in equal
    parts (the matching with the least total distance); the others are random.
    """
    rows = np.flatnonzero(executives.vendor == vendor)
    sponsors = np.full(len(customers), -1)
    chosen = np.argsort(-customers.value_k, kind="stable")
    chosen = chosen[: round(strategy.segmentation.sponsored_share * len(customers))]
    if len(rows) == 0 or len(chosen) == 0:
        return sponsors
    by_seniority = chosen[np.argsort(customers.seniority[chosen], kind="stable")]
    sponsors[by_seniority] = rows[np.arange(len(chosen)) * len(rows) // len(chosen)]
    matched = uniforms(seed, Purpose.SPONSOR, chosen, 0) < strategy.structure.peer_matching
    random_sponsors = rows[np.floor(uniforms(seed, Purpose.SPONSOR, chosen, 1 + vendor) * len(rows)).astype(int)]
    sponsors[chosen] = np.where(matched, sponsors[chosen], random_sponsors)
    return sponsors
