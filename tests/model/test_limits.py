"""Answers known from mathematics; the O-numbers are those of docs/evidence.md."""

import math

import numpy as np
import pytest
from scipy import optimize, special

from salesim.metrics.money import lifetime_value
from salesim.model.agents.customer import after_change, renew_chance
from salesim.model.agents.partner import conduct_of, regarded_cost
from salesim.model.agents.purchase import consensus_threshold, group_size
from salesim.model.agents.salesperson import leave_chance
from salesim.model.agents.vendor import SETTINGS, next_standard
from salesim.model.enums import Outcome
from salesim.model.interpolation import omega
from salesim.model.parameters import numbers
from salesim.model.pricing import OFFER, bargain, best_reply
from salesim.model.schedule import play
from salesim.model.state import TOTALS, zeroed


def settings_of(scenario):
    values = numbers(scenario.market)
    settings = zeroed(1, SETTINGS)
    settings[0] = tuple(values[name] for name in SETTINGS.names)
    return settings


def offers(n, cost, appeal=1.0, conduct=1.0):
    """Identical offers without a floor."""
    table = zeroed(n, OFFER)
    table.conduct = conduct
    for name, value in (("cost", cost), ("appeal", appeal), ("appeal_believed", appeal)):
        table[name] = value
    return table


def test_wright_omega_matches_scipy():
    z = np.linspace(-40, 400, 4001)
    assert np.allclose([omega(x) for x in z], special.wrightomega(z), rtol=1e-10)


@pytest.mark.parametrize(("weight", "scale", "worth"), [(1.0, 0.2, 0.9), (1.35, 0.05, 1.1), (0.8, 0.4, 0.2)])
def test_o4_logit_mark_up_and_pass_through_against_the_outside_option(weight, scale, worth):
    cost = 0.42
    price, passed = best_reply(cost, worth, weight, scale, 0.0, 1.0)
    share = special.expit((worth - weight * price) / scale)
    assert price - cost == pytest.approx(scale / (weight * (1 - share)), rel=1e-9)
    assert passed == pytest.approx(1 - share, rel=1e-9)
    moved_price, _ = best_reply(cost + 1e-6, worth, weight, scale, 0.0, 1.0)
    assert (moved_price - price) / 1e-6 == pytest.approx(passed, rel=1e-3)


def test_best_reply_maximizes_expected_margin():
    price, _ = best_reply(0.42, 0.9, 1.35, 0.15, math.log(3.0), 1.0)

    def lost(p):
        return -(p - 0.42) * special.expit((0.9 - 1.35 * p) / 0.15 - math.log(3.0))

    found = optimize.minimize_scalar(lost, bounds=(0.42, 2.0), method="bounded", options={"xatol": 1e-10})
    assert price == pytest.approx(found.x, abs=1e-6)


@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("scale", [0.2, 0.05, 0.005])
def test_o8_logit_oligopoly_without_outside_good(scenario, n, scale):
    """Price minus cost is scale / slope * n / (n - 1), and goes to 0 with the logit scale."""
    changes = {"market.bargaining.rounds": 200, "market.bargaining.concession": 1.0, "market.worth.nothing": -60.0}
    s = settings_of(scenario(**changes))[0]
    slope, cost = 1.35, 0.3
    table = offers(n, cost)
    bargain(table, n, slope, scale, s)
    assert table.price - cost == pytest.approx(np.full(n, scale / slope * n / (n - 1)), rel=1e-6)


@pytest.mark.parametrize("conduct", [0.1, 0.5, 1.0])
def test_a_part_of_the_mark_up_is_that_part_of_the_inverse_semi_elasticity(conduct):
    """Weyl & Fabinger 2013: p - c = conduct / (slope / scale * (1 - share)); 0 is the cost."""
    cost, appeal, slope, scale = 0.42, 0.9, 1.35, 0.15
    price, passed = best_reply(cost, appeal, slope, scale, math.log(3.0), conduct)
    odds = math.exp((appeal - slope * price) / scale) / 3.0
    share = odds / (1.0 + odds)
    assert price - cost == pytest.approx(conduct * scale / (slope * (1.0 - share)))
    higher, _ = best_reply(cost + 1e-6, appeal, slope, scale, math.log(3.0), conduct)
    assert passed == pytest.approx((higher - price) / 1e-6, abs=1e-4)
    assert best_reply(cost, appeal, slope, scale, math.log(3.0), 1e-9)[0] == pytest.approx(cost, abs=1e-6)


def test_o6b_undifferentiated_partners_pass_every_discount_on(scenario):
    """Among rivals of the same brand without number, price is cost, and pass-through is 1."""
    s = settings_of(scenario(**{"market.bargaining.rounds": 200, "market.bargaining.concession": 1.0}))[0]
    conduct = conduct_of(10**12, 0.0, 1.0, 0.7)
    for discount in (0.3, 0.4):
        table = offers(2, regarded_cost(discount, 0.0, 0.6), conduct=conduct)
        bargain(table, 2, 1.35, 0.2, s)
        assert table.price == pytest.approx(np.full(2, 1 - discount), abs=1e-9)
        assert table.pass_through == pytest.approx(np.ones(2))


def test_one_sided_bargaining_with_a_large_worth_ends_at_list_price(scenario):
    s = settings_of(scenario())[0]
    table = offers(1, 0.42, appeal=50.0)
    bargain(table, 1, 1.0, 0.2, s)
    assert table.price[0] == 1.0


def test_a_leader_whose_rivals_underflow_sets_the_price_at_which_they_just_lose(scenario):
    """With a tiny logit scale and rivals far behind, the price is that at which the next best choice is as good."""
    s = settings_of(scenario(**{"market.bargaining.rounds": 200, "market.bargaining.concession": 1.0}))[0]
    table = offers(2, 0.3)
    table.appeal = table.appeal_believed = [1.8, 0.9]
    bargain(table, 2, 1.0, 0.001, s)
    assert table.price[1] == pytest.approx(0.3, abs=0.01)
    assert table.price[0] == 1.0
    table.appeal = table.appeal_believed = [1.2, 0.9]
    bargain(table, 2, 1.0, 0.001, s)
    assert table.price[0] == pytest.approx(1.2 - (0.9 - 0.3), abs=0.02)


def test_o14_littles_law_on_the_pipeline(scenario):
    """Mean number of open deals = rate of opening * mean time open, over a long run."""
    records = play(scenario(weeks=1040), 3)
    for vendor in range(records.n_vendors):
        weeks = records.weeks[records.weeks.vendor == vendor]
        deals = records.deals[records.deals.vendor == vendor]
        stayed = np.where(deals.closed_week < 0, records.n_weeks, deals.closed_week) - deals.opened_week
        assert weeks.open_deals.mean() == pytest.approx(len(deals) / records.n_weeks * stayed.mean(), rel=1e-9)


def test_o16_projects_that_nobody_is_convinced_of_live_as_long_as_weibull_says(scenario):
    """A hazard of chance * t / weeks: the mean life is sqrt(pi / 2 * weeks / chance), its relative spread sqrt(4 / pi - 1)."""
    chance, weeks = 0.04, 40
    doubting = {
        "market.buying.stall_after_weeks": weeks,
        "market.buying.stall_chance": chance,
        "market.buying.stall_growth": 1.0,
        "market.buying.convince_chance": 1e-9,
        "market.buying.status_quo_slope": 0.0,
        "market.customers.count": 600,
        "weeks": 520,
    }
    deals = play(scenario(**doubting), 1).deals
    life = (deals.closed_week - deals.opened_week)[(deals.opened_week < 520 - 150) & (deals.vendor == 0)].astype(float)
    mean, relative = math.sqrt(math.pi / 2 * weeks / chance), math.sqrt(4 / math.pi - 1)
    assert len(life) > 300
    assert life.mean() == pytest.approx(mean, abs=4 * relative * mean / math.sqrt(len(life)) + 0.5)  # weeks are whole
    assert life.std() / life.mean() == pytest.approx(relative, abs=0.05)


def test_o17_turnover_is_the_constant_hazard(scenario):
    calm = {f"market.people.leave_{why}": 0.0 for why in ("shortfall", "cynicism", "peers")}
    rate = 0.27
    calm |= {"market.people.leave_per_year": rate, "market.people.vacancy_weeks": 0, "market.selling.salespeople": 100}
    records = play(scenario(**calm, weeks=520, **{"market.customers.count": 20}), 1)
    expected = records.n_vendors * 100 * 520 * (1 - math.exp(-rate / 52))
    assert records.weeks.leavers.sum() == pytest.approx(expected, abs=4 * math.sqrt(expected))
    assert leave_chance(rate, 0.0, 0.0, 0.0, (1.0, 1.0, 1.0)) == pytest.approx(1 - math.exp(-rate / 52))


def subscribers(scenario, retention, term_weeks):
    """Records of forty years in which every contract is a subscription, renewed with the same chance every year."""
    constant = {
        "market.licences.renewal_slope": 0.0,
        "market.licences.renewal_base": math.log(retention / (1.0 - retention)),
        "market.licences.term_weeks": term_weeks,
        "market.customers.count": 300,
        "licence": "subscription",
        "contest": "everyone",
        "weeks": 2080,
    }
    return play(scenario(**constant), 5)


def years_renewed(records):
    """For contracts of the first five years: how often each was renewed. Forty years later next to none still runs."""
    early = records.deals[(records.deals.outcome == Outcome.WON) & (records.deals.closed_week < 260)]
    end = np.where(early.ended_week < 0, records.n_weeks, early.ended_week)
    return early, (end - early.closed_week) / 52.0 - 1.0


def test_o18_lifetime_value_is_what_contracts_bring(scenario):
    """Mean discounted worth of later years of a unit margin a year: r / (1 + i - r); its years: r / (1 - r)."""
    retention, rate = 0.8, 0.12
    _, years = years_renewed(subscribers(scenario, retention, 156))
    whole = years == np.round(years)
    assert (~whole).mean() < 0.005  # contracts that outlive the run
    worth = np.array([sum((1 + rate) ** -t for t in range(1, round(n) + 1)) for n in years])
    error = worth.std() / math.sqrt(len(worth))
    assert error < 0.15
    assert worth.mean() == pytest.approx(lifetime_value(1.0, retention, rate), abs=3.5 * error)
    assert years.mean() == pytest.approx(retention / (1 - retention), abs=3.5 * years.std() / math.sqrt(len(years)))


def test_o19_a_licence_and_its_fees_are_worth_the_same_if_behaviour_is_fixed(scenario):
    """Fees whose term is (1 + i) / (1 + i - r) years bring, discounted, the price of the perpetual licence."""
    retention, rate = 0.8, 0.12
    term_weeks = round(52 * (1 + rate) / (1 + rate - retention))
    records = subscribers(scenario, retention, term_weeks)
    early, years = years_renewed(records)
    fee_k = early.net_price_k * 52 / term_weeks
    factors = np.array([sum((1 + rate) ** -t for t in range(round(n) + 1)) for n in years])
    share = factors * 52 / term_weeks
    assert share.mean() == pytest.approx(1.0, abs=3.5 * share.std() / math.sqrt(len(share)))
    assert early.fees_k == pytest.approx(fee_k * (years + 1), rel=1e-9)


def test_o21_independent_members_must_all_agree():
    """The slowest of n members: if each is convinced with probability p, all are with probability p^n."""
    sample = np.array([consensus_threshold(5, customer, 0, 6) for customer in range(4000)])
    for chance in (0.6, 0.85, 0.95):
        assert (sample < chance).mean() == pytest.approx(chance**6, abs=0.03)
    assert group_size(4.0, 6.0, 0.5, 0.5) == 7


def test_o25_reference_price_decays_geometrically(scenario):
    from salesim.model.agents.customer import CUSTOMER, update_price_expectations

    s = settings_of(scenario())[0]
    customer = zeroed(1, CUSTOMER)[0]
    customer.reference = 1.0
    for n in range(1, 6):
        update_price_expectations(customer, 0.6, zeroed(1, TOTALS)[0], s)
        assert customer.reference == pytest.approx(0.6 + 0.4 * (1 - s.bargaining_reference_speed) ** n)


def test_an_eroded_standard_does_not_recover_by_itself():
    standard = 0.8
    for _ in range(8):
        standard = next_standard(standard, 0.2, 0.3, 0.0)
    low = standard
    for _ in range(40):
        standard = next_standard(standard, 0.8, 0.3, 0.0)
    assert standard == low < 0.25


def test_stocks_stay_between_0_and_1():
    assert after_change(0.2, 1.0) == 1.0
    assert after_change(0.2, -1.0) == 0.0
    assert renew_chance(0.0, 0.0, 4.0) == 0.5


def test_o27_the_records_balance(scenario):
    records = play(scenario(channel="rebate", strategy="diagnostic"), 2)
    deals = records.deals
    won = deals[deals.outcome == Outcome.WON]
    discount = won.list_price_k - won.price_k
    assert won.list_price_k - discount - won.partner_margin_k - won.rebate_k == pytest.approx(won.net_price_k)
    assert (won.rebate_k > 0).any()
    for vendor in range(3):
        mine = deals[deals.vendor == vendor]
        counts = [(mine.outcome == outcome).sum() for outcome in Outcome]
        weeks = records.weeks[records.weeks.vendor == vendor]
        assert sum(counts) == len(mine) == weeks.opened.sum()
        assert weeks.open_deals[-1] == counts[Outcome.OPEN]
        assert mine.fees_k.sum() == pytest.approx(weeks.revenue_k.sum(), rel=1e-9)
        assert mine.fees_cost_k.sum() == pytest.approx(weeks.product_cost_k.sum(), rel=1e-9)
        assert mine.rebate_k.sum() == pytest.approx(weeks.rebate_k.sum(), rel=1e-9)


def test_maintenance_is_a_share_of_the_list_price_whatever_the_discount(scenario):
    records = play(scenario(), 2)
    won = records.deals[(records.deals.outcome == Outcome.WON) & (records.deals.delivered_week >= 0)]
    years = (np.where(won.ended_week < 0, records.n_weeks, won.ended_week) - won.delivered_week).clip(0) / 52
    share = scenario().market.licences.maintenance_share
    assert won.fees_k - won.net_price_k - won.rebate_k == pytest.approx(share * years * won.list_price_k, abs=1e-9)
    assert won.fees_cost_k == pytest.approx(won.unit_cost_k * (1 + share * years))


def test_o28_identical_levers_have_a_difference_of_exactly_zero(scenario):
    one = play(scenario(strategy="diagnostic"), 7)
    two = play(scenario(**{"strategy": "diagnostic", "strategy.name": "same"}), 7)
    for table in ("deals", "weeks"):
        for column in getattr(one, table).dtype.names:
            assert np.array_equal(getattr(one, table)[column], getattr(two, table)[column], equal_nan=True)
