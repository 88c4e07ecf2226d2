"""Every setting has an effect, and each mechanism changes its measure when it is switched."""

import json

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from salesim.metrics import METRICS
from salesim.model.agents.customer import hear_word_of_mouth, learn_from_outcome
from salesim.model.agents.deal import share_after_handover
from salesim.model.enums import Cause, Outcome
from salesim.model.parameters import Scenario
from salesim.model.phases.contracts import renew
from salesim.model.pricing import price_slope
from salesim.model.records import DEAL
from salesim.model.schedule import play
from salesim.model.series import snapshots
from salesim.model.state import initialize, zeroed

ADAPTER = TypeAdapter(Scenario)
OF_MEASURES_ONLY = {"market.licences.discount_rate_per_year"}
EVERYTHING = {
    "strategy": "rainmaking",
    "channel": "rebate",
    "rivals.strategies": ["segmented", "packaged"],
    "rivals.licence": "subscription",
    "strategy.segmentation.pursue_complexity_max": 0.9,
    "strategy.segmentation.pursue_complexity_min": 0.1,
    "strategy.segmentation.pursue_value_min_k": 40.0,
    "strategy.segmentation.simple_below_complexity": 0.4,
    "strategy.segmentation.decline_fit_below": 0.6,
    "strategy.systems.solution_breadth": 0.3,
    "strategy.support.accountability": 0.3,
    "strategy.structure.peer_matching": 0.5,
    "channel.on_request": 0.5,
    "channel.rebate_share": 0.1,
    "strategy.structure.executive_hours": 3.0,
    "market.people.leave_per_year": 1.5,
    "channel.partner_executives": 0.5,
    "channel.request_every_weeks": 5,
    "market.partners.aspiration": 0.2,
    "market.commoditization.complexity_growth_per_year": 0.02,
    "market.commoditization.cost_growth_per_year": 0.02,
    "market.executives.neglect_hours": 2.0,
    "market.development.full_budget_per_customer_k": 30.0,
    "market.customers.installed_share": 0.4,
    "market.buying.loyalty": 0.4,
    "market.buying.status_quo_slope": 3.0,
    "market.buying.status_quo_level": -0.15,
    "market.buying.quarter_wait": 20.0,
    "market.worth.trust": 0.2,
    "market.worth.experience": 0.5,
    "market.trust.word_expectation": 0.3,
    "market.selling.skill_effect": 0.5,
    "market.bargaining.close_now": 0.03,
    "market.selling.rank_effect": 0.4,
    "market.delivery.gap_base": 0.1,
    "market.delivery.outcome_spread": 0.1,
    "market.delivery.rework": 0.2,
    "market.delivery.rework_share": 0.3,
    "market.trust.expectation_speed": 0.1,
    "market.programmes.learning_hours": 0.3,
    "market.programmes.pay_follows": 0.5,
    "market.programmes.launch_cost_k": 2.0,
    "market.programmes.copy_chance": 0.5,
    "market.partners.conduct": 0.5,
    "market.partners.sticky_share": 0.5,
    "market.partners.request_proportion": 0.5,
    "market.partners.least_profit_k": 100.0,
    "market.partners.leave_chance": 0.3,
    "market.people.headcount_speed": 0.3,
    "market.people.headcount_target": 0.25,
    "market.people.headcount_least": 0.8,
    "market.bargaining.unit_cost_share": 0.1,
    "market.executives.cost_per_hour_k": 0.1,
    "market.people.base_pay_k": 0.4,
    "market.partners.cost_per_hour_k": 0.01,
    "market.people.headcount_most": 1.02,
    "market.selling.specialist_gain": 0.3,
    "strategy.structure.specialization": 0.5,
    "channel.teaching": 0.5,
    "initiatives": [
        {"week": 110, "strategy": "diagnostic", "training_hours": 20.0},
        {"week": 130, "strategy": "packaged", "training_hours": 5.0},
    ],
    "weeks": 260,
}


def numbers_of(part, place=""):
    """All numbers of a nested mapping with their dotted places."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict | list):
            yield from numbers_of(value, f"{place}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{place}{key}", value


def changed(scenario, dotted, value):
    """The scenario with one number changed, or None if that is out of range."""
    mapping = json.loads(ADAPTER.dump_json(scenario))
    place = mapping
    *path, last = [int(part) if part.isdigit() else part for part in dotted.split(".")]
    for part in path:
        place = place[part]
    place[last] = value
    try:
        return ADAPTER.validate_json(json.dumps(mapping))
    except ValueError:
        return None


def others(value):
    """Values to try instead of one."""
    if isinstance(value, int):
        return (value + 1, value + 2, value - 1, 0)
    return (value * 1.5 + 0.05, value * 0.5, 0.0)


def differ(one, two):
    """Whether two records differ in any number."""
    for table in ("deals", "weeks"):
        a, b = getattr(one, table), getattr(two, table)
        if a.shape != b.shape:
            return True
        if any(not np.array_equal(a[name], b[name], equal_nan=True) for name in a.dtype.names):
            return True
    return False


@pytest.fixture(scope="module")
def everything():
    from salesim.config.scenario import default_scenario
    from tests.conftest import SMALL

    return default_scenario(None, **{**SMALL, **EVERYTHING})


def test_every_setting_has_an_effect(everything):
    records = play(everything, 5)
    mapping = json.loads(ADAPTER.dump_json(everything))
    dead = []
    for dotted, value in numbers_of(mapping):
        if dotted in OF_MEASURES_ONLY or dotted.startswith(("vendors.1", "vendors.2", "vendors.0.initiatives.")):
            continue
        tried = [scenario for other in others(value) if (scenario := changed(everything, dotted, other)) is not None]
        if not any(differ(play(scenario, 5), records) for scenario in tried):
            dead.append(dotted)
    assert not dead, f"these numbers change nothing: {dead}"


def mean_of(scenario, measure, seeds=6):
    return np.nanmean([METRICS[measure].function(play(scenario, seed), 0) for seed in range(seeds)])


ADAPTING = {"market.customers.initial_reference": 1.0, "market.bargaining.reference_weight": 0.5}  # used to list prices so far


ASPIRING = {"market.partners.aspiration": 0.2}  # more than partners earn, so that they ask
AT_EASE = {"market.selling.salespeople": 12, "market.selling.hours_per_deal": 20.0, "market.buying.depth_relief": 0.8}


@pytest.mark.parametrize(
    ("without", "switch", "measure", "direction"),
    [
        ({**ADAPTING, "market.loops.reference_price": 0}, ADAPTING, "gross_margin", -1),
        ({**ADAPTING, "market.loops.discount_sensitivity": 0}, ADAPTING, "gross_margin", -1),
        ({**ASPIRING, "market.loops.partner_requests": 0}, ASPIRING, "partner_discount", +1),
        ({"market.loops.selling_sameness": 0}, {}, "perceived_sameness", +1),
        (
            {"market.commoditization.pressure_per_week": 0.0},
            {"market.commoditization.pressure_per_week": 0.02},
            "gross_margin",
            -1,
        ),
        ({"market.trust.person_weight": 0.5}, {"market.trust.person_weight": 0.0}, "trust", +1),
        ({}, {"strategy.systems.promise_inflation": 0.0}, "promise_kept", +1),
        ({}, {"strategy.support.accountability": 1.0}, "promise_kept", +1),
        ({}, {"strategy.support.collaboration": 1.0}, "delivered", +1),
        ({}, {"strategy.support.change_management": 1.0}, "delivered", +1),
        (AT_EASE, {**AT_EASE, "strategy.systems.diagnosis_hours": 30.0}, "no_decision", -1),
        ({}, {"strategy.systems.price_authority": 0.02}, "discount", -1),
        ({}, {"strategy.segmentation.decline_fit_below": 0.7}, "declined", +1),
        ({}, {"channel": "hold_and_teach"}, "pass_through", -1),
        ({}, {"channel": "hold_and_teach"}, "partner_margin", +1),
        ({"market.people.leave_per_year": 0.1}, {"market.people.leave_per_year": 1.0}, "turnover", +1),
        ({}, {"licence": "subscription"}, "cycle_weeks", -1),
        ({"market.partners.conduct": 0.0}, {"market.partners.conduct": 1.0}, "partner_margin", -1),
        ({"market.partners.sticky_share": 0.0}, {"market.partners.sticky_share": 1.0}, "pass_through", -1),
        (
            {**ASPIRING, "market.partners.request_proportion": 0.0},
            {**ASPIRING, "market.partners.request_proportion": 1.0},
            "partner_discount",
            -1,
        ),
        ({"market.buying.loyalty": 0.0}, {"market.buying.loyalty": 1.0}, "gross_margin", +1),
        (
            {"market.buying.status_quo_slope": 0.0},
            {"market.buying.status_quo_slope": 4.0, "market.buying.status_quo_level": 0.2},
            "no_decision",
            +1,
        ),
        (
            {"market.bargaining.close_now": 0.0},
            {"market.bargaining.close_now": 0.2, "strategy.systems.quota_accelerator": 1.0},
            "discount",
            +1,
        ),
        ({"market.delivery.gap_base": 0.0}, {"market.delivery.gap_base": 0.5}, "delivered", -1),
        ({"market.delivery.rework": 0.0}, {"market.delivery.rework": 1.0}, "operating_profit_k", -1),
        (
            {"market.delivery.foresight": 0.0, "strategy": "diagnostic"},
            {"market.delivery.foresight": 1.0, "strategy": "diagnostic"},
            "promise_kept",
            +1,
        ),
        ({"market.worth.credulity": 0.0}, {"market.worth.credulity": 1.0}, "no_decision", -1),
    ],
)
def test_a_mechanism_moves_its_measure(scenario, without, switch, measure, direction):
    before = mean_of(scenario(contest="everyone", **without), measure)
    after = mean_of(scenario(contest="everyone", **switch), measure)
    assert direction * (after - before) > 0


@pytest.mark.parametrize("loop", ["support_budget", "product_lead", "word_of_mouth", "promise_trust", "outcome_sameness"])
def test_a_loop_switched_off_changes_the_records(scenario, loop):
    dear = {"market.delivery.full_support_share": 0.2}  # else the budget may pay for full support whatever the margin
    assert differ(play(scenario(**dear), 1), play(scenario(**dear, **{f"market.loops.{loop}": 0}), 1))


def test_a_loop_leaves_the_first_weeks_alone(scenario):
    """Nothing can feed back before the first purchase is delivered: the first deals are the same to the bit."""
    on, off = play(scenario(), 1), play(scenario(**{"market.loops.promise_trust": 0}), 1)
    first = on.deals.delivered_week[on.deals.delivered_week >= 0].min()
    early = on.deals[on.deals.opened_week < first]
    late = off.deals[: len(early)]
    for name in ("customer", "vendor", "opened_week", "group_size", "trust_opening", "list_price_k"):
        assert np.array_equal(early[name], late[name])


def test_a_market_twice_as_large_has_the_same_shares(scenario):
    """Twice the customers, salespeople, executives and partners: margins, win rates and leads stay what they were."""

    def shares(times):
        sizes = {"customers.count": 150, "selling.salespeople": 3, "executives.count": 2, "partners.count": 2}
        market = scenario(weeks=260, contest="everyone", **{f"market.{name}": times * size for name, size in sizes.items()})
        runs = [play(market, seed) for seed in range(6)]
        leads = np.mean([run.weeks.lead[run.weeks.week == 259].mean() for run in runs])
        return leads, *(np.mean([METRICS[name].function(run, 0) for run in runs]) for name in ("gross_margin", "win_rate"))

    assert shares(2) == pytest.approx(shares(1), abs=0.025)


def test_executives_with_more_accounts_give_less_access(scenario):
    few_hours = {"strategy": "rainmaking", "strategy.structure.executive_hours": 1.0}

    def access(share):
        deals = play(scenario(**few_hours, **{"strategy.segmentation.sponsored_share": share}), 2).deals
        chosen = deals[(deals.vendor == 0) & (deals.executive >= 0) & (deals.ready_week >= 0) & (deals.closed_week >= 0)]
        return chosen.access.mean()

    assert access(0.1) > access(0.4) > access(1.0)


def test_pay_tied_keeps_executives_involved(scenario):
    def involvement(tied):
        weeks = play(scenario(strategy="rainmaking", **{"strategy.structure.executive_pay_tied": tied}), 1).weeks
        return weeks.involvement[weeks.vendor == 0][-1]

    assert involvement(0.0) < 0.25 < 0.9 < involvement(1.0)


def test_failed_programmes_leave_cynicism_and_lower_the_adoption_of_the_next(scenario):
    def last(*starts):
        plans = [{"week": week, "strategy": "packaged", "training_hours": 10.0} for week in starts]
        weeks = play(scenario(weeks=200, initiatives=plans, **{"market.programmes.adoption_coaching": 0.0}), 1).weeks
        return weeks[weeks.vendor == 0][148]

    once, thrice = last(143), last(20, 60, 143)
    assert thrice.cynicism > once.cynicism == 0.0
    assert thrice.adoption < once.adoption


def test_coaching_keeps_adoption_that_training_alone_loses(scenario):
    def adoption(coaching):
        plan = [{"week": 20, "strategy": "diagnostic", "training_hours": 30.0}]
        changes = {"initiatives": plan, "market.programmes.adoption_coaching": coaching, "weeks": 104}
        weeks = play(scenario(**changes), 1).weeks
        return weeks.adoption[weeks.vendor == 0]

    assert adoption(0.06)[21] == pytest.approx(adoption(0.0)[21], abs=0.1)
    assert adoption(0.06)[100] > 0.6 > adoption(0.0)[100]


def test_undecided_customers_have_their_causes(scenario):
    deals = play(scenario(weeks=520, **{"market.buying.status_quo_slope": 4.0}), 1).deals
    causes = set(deals.cause[deals.outcome == Outcome.NO_DECISION].tolist())
    assert causes == {Cause.VALUE_TOO_LOW, Cause.CONFIDENCE_TOO_LOW, Cause.STALLED}


def test_projects_are_dropped_for_want_of_confidence_where_problems_confuse(scenario):
    def unsure(complexity):
        hasty = {
            "market.buying.stall_after_weeks": 40,
            "market.buying.stall_chance": 0.1,
            "market.buying.status_quo_slope": 0.0,
            "market.customers.competence_b": 12.0,
        }
        deals = played(scenario, **hasty, **{"market.customers.complexity_a": complexity})
        return np.mean(deals.cause[deals.outcome == Outcome.NO_DECISION] == Cause.CONFIDENCE_TOO_LOW)

    assert unsure(0.02) < 0.1 < 0.3 < unsure(8.0)


def test_a_customer_educated_by_one_vendor_can_buy_from_another(scenario):
    changes = {"strategy": "diagnostic", "weeks": 520}
    with_it = play(scenario(**changes, **{"market.worth.spillover": 0.5}), 1).deals
    without = play(scenario(**changes, **{"market.worth.spillover": 0.0}), 1).deals

    def doubt(deals):
        rivals = deals[(deals.vendor != 0) & np.isfinite(deals.price_k)]
        return rivals.uncertainty.mean()

    assert doubt(with_it) < doubt(without)


def played(scenario, **settings):
    """Deals of the vendor in question over three seeds, when everybody follows its approach."""
    runs = [play(scenario(contest="everyone", **settings), seed).deals for seed in range(3)]
    return np.concatenate([deals[deals.vendor == 0] for deals in runs]).view(np.recarray)


def test_trust_is_worth_a_higher_price_to_the_vendor_that_has_it(scenario):
    def gain(worth):
        """Margin of a vendor its old customers trust, less that of one that they do not."""
        base = {
            "market.customers.installed_share": 1.0,
            "market.worth.trust": worth,
            "market.buying.loyalty": 0.0,
            "weeks": 104,
        }
        base |= {"market.commoditization.taste_spread": 0.2}  # so that few prices are list prices
        return mean_of(scenario(**base, **{"market.trust.installed": 0.9}), "gross_margin") - mean_of(
            scenario(**base, **{"market.trust.installed": 0.2}), "gross_margin"
        )

    assert gain(1.2) > gain(0.0) + 0.01


def test_a_salesperson_gains_less_access_where_executives_are_senior(scenario):
    def slope(effect):
        settings = {"strategy": "diagnostic", "market.selling.diagnosis_access": 0.05, "market.executives.count": 0}
        market = scenario(**settings, **{"market.selling.rank_effect": effect})
        deals = play(market, 1).deals
        seniority = initialize(market, 1).customers.seniority[deals.customer]
        asked = (deals.ready_week >= 0) & (deals.partner < 0) & (deals.closed_week >= 0)
        return np.polyfit(seniority[asked], deals.access[asked], 1)[0]

    assert slope(0.9) < -0.05 < slope(0.0)


def test_groups_wait_for_the_end_of_a_quarter_only_where_sellers_offer_more_there(scenario):
    def share_in_last_week(wait, discount, accelerator=1.0):
        settings = {"market.buying.quarter_wait": wait, "weeks": 260}
        settings |= {"market.bargaining.close_now": discount, "strategy.systems.quota_accelerator": accelerator}
        deals = played(scenario, **settings)
        return np.mean(deals.closed_week[deals.outcome == Outcome.WON] % 13 == 12)

    assert share_in_last_week(50.0, 0.0) == pytest.approx(1 / 13, abs=0.05)
    assert share_in_last_week(50.0, 0.05, accelerator=0.0) == pytest.approx(1 / 13, abs=0.05)
    assert share_in_last_week(0.0, 0.05) == pytest.approx(1 / 13, abs=0.05)
    assert share_in_last_week(50.0, 0.05) > 1 / 13 + 0.2


def test_rework_raises_the_outcome_and_costs(scenario):
    def runs(share):
        return {"market.delivery.rework_share": share, "market.delivery.rework": 1.0, "contest": "everyone"}

    without, with_it = scenario(**runs(0.0)), scenario(**runs(0.8))
    assert mean_of(with_it, "promise_kept") > mean_of(without, "promise_kept") + 0.1
    support = [sum(play(market, seed).weeks.support_k.sum() for seed in range(3)) for market in (without, with_it)]
    assert support[1] > support[0]


def test_customers_who_insist_get_what_was_promised_and_others_no_rework(scenario):
    def delivered(share):
        settings = {"market.delivery.rework_share": share, "market.delivery.outcome_spread": 0.0}
        deals = played(scenario, **settings, weeks=260)
        return deals[deals.delivered_week >= 0]

    kept = {share: np.mean(rows.delivered >= rows.promise) for share in (0.0, 0.4, 1.0) for rows in [delivered(share)]}
    assert kept[0.0] < 0.05
    assert kept[1.0] == 1.0
    assert 0.3 < kept[0.4] < 0.55


def test_skill_persuades_and_finds_needs_as_far_as_is_said(scenario):
    def by_skill(effect):
        """How belief in a promise goes with the skill of who sells, and needs found with full and with little skill."""
        settings = {"market.selling.skill_effect": effect, "market.people.initial_skill": 0.4}
        settings |= {"market.worth.experience": 0.0, "market.worth.prior": 0.0, "market.trust.initial": 0.0}
        settings |= {"market.loops.promise_trust": 0, "market.loops.word_of_mouth": 0, "market.trust.installed": 0.0}
        deals = played(scenario, **settings, weeks=260)
        deals = deals[(deals.ready_week >= 0) & (deals.closed_week >= 0) & (deals.promise > 0.0) & (deals.perceived_fit > 0.0)]
        believed = np.corrcoef(deals.seller_skill, deals.perceived_fit / deals.promise)[0, 1]
        opened = [
            len(played(scenario, **settings, **{"market.people.practice": 0.0, "market.people.coaching": 0.0}))
            for settings["market.people.initial_skill"] in (0.1, 0.9)
        ]
        return believed, opened[1] / opened[0]

    with_skill, without = by_skill(1.0), by_skill(0.0)
    assert with_skill[0] > without[0] + 0.1
    assert with_skill[1] > 1.05 > without[1]


def test_what_acquaintances_tell_of_a_vendor_is_expected_of_it(scenario):
    def expected(weight, surprise=0.3):
        market = initialize(scenario(**{"market.trust.word_expectation": weight, "market.customers.installed_share": 0.0}), 1)
        relations = market.relations[0]
        relations.experienced = -1.0
        relations[1].heard_surprise = surprise
        hear_word_of_mouth(market.customers[0], relations, market.vendors, market.totals[0], market.settings[0])
        assert relations[1].heard_surprise == 0.0
        assert relations[0].experienced == -1.0  # nothing was told of that vendor
        return relations[1].experienced

    prior = initialize(scenario(), 1).settings[0].worth_prior
    assert expected(0.0) == -1.0
    assert expected(0.5) == pytest.approx(prior + 0.15 * (1.0 - prior))
    assert expected(0.5, surprise=-0.3) == pytest.approx(prior * (1.0 - 0.15))


def test_discounts_smaller_than_usual_make_nobody_less_sensitive(scenario):
    market = initialize(scenario(), 1)
    customer, settings = market.customers[0], market.settings[0]
    usual = customer.discount_expectation

    def slope(expected):
        customer.discount_expectation = expected
        return price_slope(customer, settings)

    assert slope(usual - 0.1) == slope(usual) < slope(usual + 0.1)


def test_outcomes_vary_as_much_as_is_said(scenario):
    def spread(size):
        deals = played(scenario, **{"market.delivery.outcome_spread": size, "market.customers.complexity_a": 0.05})
        return deals.delivered[deals.delivered_week >= 0].std()

    assert spread(0.0) < 0.1
    assert spread(0.2) > spread(0.05) > spread(0.0)


def test_expectations_follow_outcomes(scenario):
    def trust(speed):
        return mean_of(scenario(contest="everyone", weeks=260, **{"market.trust.expectation_speed": speed}), "trust")

    assert trust(0.5) != trust(0.0)
    market = initialize(scenario(**{"market.trust.expectation_speed": 1.0, "market.trust.norm": 0.6}), 1)
    customer, relation = market.customers[0], market.relations[0, 0]
    learn_from_outcome(customer, relation, market.vendors[0], 0.9, 0.8, market.totals[0], market.settings[0])
    assert customer.expected == pytest.approx(0.8)
    assert relation.experienced == pytest.approx(0.8)


def test_a_good_outcome_is_bought_again_only_by_customers_who_learn_from_it(scenario):
    def pull(experience):
        """How much more often vendors win again after a good outcome than after a poor one."""
        settings = {"market.delivery.outcome_spread": 0.2, "market.worth.experience": experience, "market.worth.trust": 0.0}
        settings |= {"market.worth.credulity": 0.0, "market.trust.initial": 0.0, "market.trust.installed": 0.0, "weeks": 520}
        deals = pd.DataFrame(played(scenario, **settings)).sort_values("opened_week", kind="stable")
        last = deals["delivered"].where(deals["delivered_week"] >= 0)
        before = last.groupby([deals["customer"], deals["vendor"]]).transform(lambda outcomes: outcomes.shift().ffill())
        asked = (deals["incumbent"] == 1) & deals["price"].notna() & (deals["closed_week"] >= 0) & before.notna()
        won = deals["outcome"][asked] == Outcome.WON
        return won.corr(before[asked])

    assert pull(1.0) > pull(0.0) + 0.05


PRICY = {"market.bargaining.reference_weight": 1.0, "market.licences.renewal_slope": 4.0}


def test_a_subscriber_stays_for_a_fee_below_its_reference_price_and_leaves_for_a_better_nothing(scenario):
    def left(reference, nothing=0.0):
        """How many of 120 subscribers cancel when all of them come up for renewal."""
        market = initialize(scenario(**{"market.worth.nothing": nothing, "market.licences.renewal_base": -1.0, **PRICY}), 1)
        n = len(market.customers)
        market.deals.delivered[:n], market.deals.price[:n], market.deals.subscription[:n] = 0.6, 0.7, 1
        market.customers.contract, market.customers.reference = np.arange(n), reference
        market.due[:] = 52
        renew(market, 52)
        return (market.customers.contract < 0).sum()

    assert left(1.0) < left(0.7) < left(0.4)
    assert left(0.7, nothing=0.5) > left(0.7)


def test_learning_a_new_approach_costs_hours_and_a_programme_has_a_price(scenario):
    def weeks(**settings):
        plan = [{"week": 20, "strategy": "diagnostic", "training_hours": 10.0}]
        none = {"market.programmes.learning_hours": 0.0, "market.programmes.launch_cost_k": 0.0}
        rows = play(scenario(weeks=40, initiatives=plan, **{**none, **settings}), 1).weeks
        return rows[rows.vendor == 0]

    free, learning = weeks(), weeks(**{"market.programmes.learning_hours": 0.8})
    assert (learning.hours_used + learning.hours_free)[21] < 0.7 * (free.hours_used + free.hours_free)[21]
    dear = weeks(**{"market.programmes.launch_cost_k": 10.0})
    seats = 4
    assert dear.training_k[20] - free.training_k[20] == pytest.approx(10.0 * seats)


def test_a_new_pay_plan_may_wait_for_adoption(scenario):
    def price(follows):
        plan = [{"week": 20, "strategy": "diagnostic", "training_hours": 1.0}]
        settings = {"market.programmes.adoption_coaching": 0.0, "market.programmes.adoption_peers": 0.0}
        settings |= {"market.bargaining.revenue_blindness": 0.25}
        market = scenario(weeks=80, initiatives=plan, **settings, **{"market.programmes.pay_follows": follows})
        deals = np.concatenate([play(market, seed).deals for seed in range(3)]).view(np.recarray)
        quoted = deals[(deals.vendor == 0) & (deals.partner < 0) & np.isfinite(deals.price) & (deals.closed_week > 21)]
        return quoted.price.mean()

    assert price(1.0) < price(0.0)


def test_rivals_copy_the_vendor_that_earns_most(scenario):
    """Copying is a programme: rivals train, and then plan the hours of diagnosis of the vendor they copy."""
    settings = {"strategy": "diagnostic", "rivals.strategies": ["pitch", "pitch"], "weeks": 260}
    settings |= {"strategy.position.unit_cost": 0.3}  # it earns most because its costs are low

    def hours(chance):
        deals = play(scenario(**settings, **{"market.programmes.copy_chance": chance}), 2).deals
        return deals.diagnosis_planned_hours[(deals.vendor > 0) & (deals.partner < 0) & (deals.opened_week > 200)].mean()

    assert hours(1.0) > hours(0.0) + 1.0


def test_an_installed_base_has_its_vendors_from_the_first_week(scenario):
    market = initialize(scenario(**{"market.customers.installed_share": 0.5}), 1)
    share = np.mean(market.customers.incumbent >= 0)
    assert 0.3 < share < 0.7
    assert market.vendors.clients.sum() == (market.customers.incumbent >= 0).sum()
    weeks = play(scenario(**{"market.customers.installed_share": 0.5}), 1).weeks
    assert weeks.customers[weeks.week == 0].sum() > 0


def test_partners_that_earn_too_little_give_up_the_brand_and_salespeople_take_over(scenario):
    def run(chance):
        settings = {"market.partners.leave_chance": chance, "market.partners.least_profit_k": 10_000.0, "weeks": 160}
        return play(scenario(**settings, **{"market.customers.channel_share": 1.0}), 1)

    stay, leave = run(0.0), run(1.0)
    early = leave.weeks.week < 52
    assert (stay.weeks.partners_active > 0).all()
    assert (leave.weeks.partners_active[early] > 0).all()
    assert (leave.weeks.partners_active[~early] == 0).all()
    decided = leave.deals[leave.deals.closed_week >= 52]
    assert (decided.partner == -1).all()
    assert (decided.opened_week < 52).any()
    assert (decided.outcome == Outcome.WON).any()
    assert not np.nan_to_num(decided.partner_margin_k).any()


def test_what_partners_earn_is_their_margin_and_rebates_less_what_they_pay(scenario):
    settings = {"market.partners.leave_chance": 0.5, "market.partners.least_profit_k": 60.0, "channel.teaching": 0.0}
    market = scenario(channel="rebate", weeks=260, **{"market.customers.channel_share": 1.0, **settings})
    records, partners = play(market, 1), market.market.partners
    won = records.deals[records.deals.outcome == Outcome.WON]
    cost_k = partners.cost_per_hour_k * partners.hours_per_week * records.weeks.partners_active.sum()
    assert 0 < records.weeks.partners_active[-1] < partners.count
    assert won.rebate_k.sum() > 0.0
    assert records.weeks.partners_profit_k.sum() == pytest.approx(won.partner_margin_k.sum() + won.rebate_k.sum() - cost_k)


def test_services_cost_a_partner_until_it_masters_them(scenario):
    def cost_k(service):
        weeks = play(scenario(channel="hold_and_teach", weeks=200, **{"market.partners.service_cost_k": service}), 1).weeks
        return -weeks.partners_profit_k[weeks.vendor == 0]

    more = cost_k(5.0) - cost_k(0.0)
    assert more[0] > 5.0
    assert more[-1] < 0.1 * more[0]


def hours_by_year(scenario, **settings):
    """Selling hours of the vendor in question in a week of the first, second and third year."""
    base = {"market.people.headcount_speed": 0.5, "market.people.leave_per_year": 0.0, "weeks": 156, "contest": "everyone"}
    weeks = play(scenario(**base | settings), 1).weeks
    mine = weeks[weeks.vendor == 0]
    return (mine.hours_used + mine.hours_free)[[51, 103, 155]]


def test_headcount_follows_utilization(scenario):
    rich = {"market.bargaining.unit_cost_share": 0.05, "market.people.base_pay_k": 0.2, "market.people.headcount_most": 8.0}
    busy = hours_by_year(scenario, **rich, **{"market.people.headcount_target": 0.05})
    idle = hours_by_year(scenario, **rich, **{"market.people.headcount_target": 1.0})
    fixed = hours_by_year(scenario, **rich, **{"market.people.headcount_speed": 0.0})
    assert fixed[0] == fixed[1] == fixed[2] == busy[0] == idle[0]
    assert busy[2] > busy[1] > busy[0]
    assert idle[2] < idle[1] < idle[0]
    small = {"market.people.headcount_target": 0.05, "market.people.headcount_most": 1.5}
    assert hours_by_year(scenario, **rich | small)[2] == pytest.approx(1.5 * fixed[2])


def test_a_vendor_that_loses_money_shrinks_however_busy_it_is(scenario):
    poor = {"market.people.headcount_target": 0.05, "market.people.overhead_k": 20.0}
    assert hours_by_year(scenario, **poor)[1] < hours_by_year(scenario, **poor)[0]


def test_prospecting_stays_below_its_bound_where_headcount_grows(scenario):
    """The bound is that of the largest headcount; needs are scanned ahead with it."""
    settings = {"market.people.headcount_speed": 1.0, "market.people.headcount_target": 0.05, "market.people.base_pay_k": 0.1}
    last = {}
    for _, market in snapshots(scenario(weeks=156, **settings), 1, 4):
        people = market.salespeople
        assert (people.prospecting_rate <= people.highest_prospecting_rate).all()
        last = people.prospecting_rate / people.highest_prospecting_rate
    assert last.max() > 0.5


def test_roles_beside_an_executive_deepen_diagnosis_and_take_hours(scenario):
    def run(**settings):
        base = {"strategy": "rainmaking", "strategy.systems.diagnosis_hours": 20.0, "strategy.structure.specialization": 1.0}
        base |= {"market.selling.specialist_gain": 0.0, "market.selling.handover_hours": 0.0}
        records = play(scenario(**base | settings), 1)
        deals = records.deals[(records.deals.vendor == 0) & (records.deals.partner < 0) & (records.deals.ready_week >= 0)]
        sponsored = deals.executive >= 0
        spent = records.weeks.hours_used[records.weeks.vendor == 0].sum()
        return deals.depth[sponsored].mean(), deals.depth[~sponsored].mean(), spent

    alike, skilled = run(), run(**{"market.selling.specialist_gain": 1.0})
    handed = run(**{"market.selling.handover_hours": 20.0})
    none = run(**{"strategy.structure.specialization": 0.0, "market.selling.specialist_gain": 1.0})
    assert none == alike
    assert skilled[0] > alike[0] + 0.05
    assert abs(skilled[1] - alike[1]) < 0.05
    assert handed[2] > 1.05 * alike[2]


def test_handing_over_takes_its_hours_once_a_deal():
    deal = zeroed(1, DEAL)[0]
    deal.diagnosis_planned_hours, deal.presentation_planned_hours = 12.0, 8.0
    share = share_after_handover(deal, 5.0)
    assert 20.0 / share == pytest.approx(25.0)
    assert share_after_handover(deal, 0.0) == 1.0
    assert share_after_handover(zeroed(1, DEAL)[0], 5.0) == 1.0


UNCOACHED = {"market.programmes.adoption_coaching": 0.0, "market.programmes.adoption_peers": 0.0}


def test_a_programme_that_nobody_adopts_leaves_every_deal_as_it_would_have_been(scenario):
    """Measuring, help with change, collaboration and accountability work only as far as people have adopted them."""
    free = {"market.programmes.learning_hours": 0.0, "market.programmes.judged_after_weeks": 260, **UNCOACHED}
    support = {"change_management": 0.6, "collaboration": 0.7, "accountability": 0.4}
    plan = {"defaults": ["pitch"], "support": support, "systems": {"outcome_measuring": 0.7}}

    def run(*hours):
        initiatives = [{"week": 104, "strategy": plan, "training_hours": training} for training in hours]
        return play(scenario(strategy="pitch", weeks=260, initiatives=initiatives, **free), 1).deals

    none, ignored, adopted = run(), run(0.0), run(1_000.0)
    for name in none.dtype.names:
        assert np.array_equal(ignored[name], none[name], equal_nan=True)
    late = (adopted.vendor == 0) & (adopted.closed_week > 104) & (adopted.delivered_week >= 0)
    before = (none.vendor == 0) & (none.closed_week > 104) & (none.delivered_week >= 0)
    assert adopted.support[late].mean() > none.support[before].mean() + 0.01
    assert (adopted.commission_waiting_k[late] > 0.0).any()
    assert not none.commission_waiting_k[before].any()


def test_what_a_programme_adds_to_support_fades_with_adoption(scenario):
    plan = {"week": 104, "strategy": {"defaults": ["diagnostic"], "systems": {"coaching": 0.0}}, "training_hours": 80.0}
    changes = {"strategy": "pitch", "weeks": 300, "initiatives": [plan], "market.delivery.support_access": 0.0, **UNCOACHED}
    records = play(scenario(**changes), 1)
    mine = records.weeks[records.weeks.vendor == 0]
    deals = records.deals[(records.deals.vendor == 0) & (records.deals.delivered_week >= 0)]
    level = np.minimum(mine.support_level, mine.standard)[deals.delivered_week]
    share = deals.support / level
    before, soon = share[deals.delivered_week < 104], share[(deals.delivered_week >= 104) & (deals.delivered_week < 116)]
    assert soon.mean() > before.mean() + 0.05
    assert share[deals.delivered_week > 260] == pytest.approx(before.mean(), abs=0.003)
