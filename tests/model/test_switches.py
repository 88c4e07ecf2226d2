"""Every setting has an effect, and each mechanism changes its measure when it is switched."""

import json

import numpy as np
import pytest
from pydantic import TypeAdapter

from salesim.metrics import METRICS
from salesim.model.enums import Cause, Outcome
from salesim.model.parameters import Scenario
from salesim.model.schedule import play

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
    "market.development.full_budget_k": 4000.0,
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


@pytest.mark.parametrize(
    ("switch", "measure", "direction"),
    [
        ({"market.loops.reference_price": 0}, "gross_margin", +1),
        ({"market.loops.discount_sensitivity": 0}, "gross_margin", +1),
        ({"market.loops.partner_requests": 0}, "partner_discount", -1),
        ({"market.loops.selling_sameness": 0}, "perceived_sameness", -1),
        ({"market.commoditization.pressure_per_week": 0.02}, "gross_margin", -1),
        ({"market.trust.person_weight": 0.0}, "trust", +1),
        ({"strategy.systems.promise_inflation": 0.0}, "promise_kept", +1),
        ({"strategy.support.accountability": 1.0}, "promise_kept", +1),
        ({"strategy.support.collaboration": 1.0}, "delivered", +1),
        ({"strategy.support.change_management": 1.0}, "delivered", +1),
        ({"strategy.systems.diagnosis_hours": 30.0}, "no_decision", -1),
        ({"strategy.systems.price_authority": 0.1}, "discount", -1),
        ({"strategy.segmentation.decline_fit_below": 0.7}, "declined", +1),
        ({"channel": "hold_and_teach"}, "pass_through", -1),
        ({"channel": "hold_and_teach"}, "partner_margin", +1),
        ({"market.people.leave_per_year": 1.0}, "turnover", +1),
        ({"licence": "subscription"}, "cycle_weeks", -1),
    ],
)
def test_a_mechanism_moves_its_measure(scenario, switch, measure, direction):
    before = mean_of(scenario(contest="everyone"), measure)
    after = mean_of(scenario(contest="everyone", **switch), measure)
    assert direction * (after - before) > 0


@pytest.mark.parametrize("loop", ["support_budget", "product_lead", "word_of_mouth", "promise_trust", "outcome_sameness"])
def test_a_loop_switched_off_changes_the_records(scenario, loop):
    assert differ(play(scenario(), 1), play(scenario(**{f"market.loops.{loop}": 0}), 1))


def test_a_loop_leaves_the_first_weeks_alone(scenario):
    """Nothing can feed back before the first purchase is delivered: the first deals are the same to the bit."""
    on, off = play(scenario(), 1), play(scenario(**{"market.loops.promise_trust": 0}), 1)
    first = on.deals.delivered_week[on.deals.delivered_week >= 0].min()
    early = on.deals[on.deals.opened_week < first]
    late = off.deals[: len(early)]
    for name in ("customer", "vendor", "opened_week", "group_size", "trust_opening", "list_price_k"):
        assert np.array_equal(early[name], late[name])


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
    deals = play(scenario(weeks=520), 1).deals
    causes = set(deals.cause[deals.outcome == Outcome.NO_DECISION].tolist())
    assert causes == {Cause.VALUE_TOO_LOW, Cause.CONFIDENCE_TOO_LOW, Cause.STALLED}


def test_a_customer_educated_by_one_vendor_can_buy_from_another(scenario):
    changes = {"strategy": "diagnostic", "weeks": 520}
    with_it = play(scenario(**changes), 1).deals
    without = play(scenario(**changes, **{"market.worth.spillover": 0.0}), 1).deals

    def doubt(deals):
        rivals = deals[(deals.vendor != 0) & (deals.price_k > 0)]
        return rivals.uncertainty.mean()

    assert doubt(with_it) < doubt(without)
