"""What a Mesa user expects of a model."""

import gc
import pickle
import subprocess
import sys
import weakref

import mesa
import numpy as np
import pytest

import salesim
from salesim.config.errors import InputError
from salesim.model.agents.views import ChannelPartner, Customer, Executive, Salesperson, Vendor
from salesim.model.mesa_model import SalesMarket
from salesim.model.schedule import PHASES

FEW = {"market.customers.count": 40, "weeks": 30}


def test_it_builds_and_steps_with_no_arguments():
    market = SalesMarket()
    market.step()
    assert market.week == market.steps == 1
    assert len(market.agents_by_type[Customer]) == 600
    assert len(market.agents_by_type[Vendor]) == 3


def test_stepping_and_running_give_the_same_bits():
    stepped, run = SalesMarket(rng=4, **FEW), SalesMarket(rng=4, **FEW)
    for _ in range(30):
        stepped.step()
    run.run()
    for table in ("deals", "weeks"):
        for name in getattr(run.records, table).dtype.names:
            one, two = getattr(stepped.records, table)[name], getattr(run.records, table)[name]
            assert np.array_equal(one, two, equal_nan=True)
    one, two = (m.datacollector.get_model_vars_dataframe() for m in (stepped, run))
    assert one.equals(two)
    assert not stepped.running
    assert run.steps == 30


def test_a_week_timed_phase_by_phase_is_the_same_week():
    timed, stepped = SalesMarket(rng=4, **FEW), SalesMarket(rng=4, **FEW)
    for _ in range(30):
        seconds = timed.timed_step()
        stepped.step()
        assert list(seconds) == list(PHASES)
    assert all(taken > 0 for taken in seconds.values())
    assert timed.timed_step() == {}
    for table in ("deals", "weeks"):
        for name in getattr(timed.records, table).dtype.names:
            one, two = getattr(timed.records, table)[name], getattr(stepped.records, table)[name]
            assert np.array_equal(one, two, equal_nan=True)


def test_agent_views_show_and_set_their_rows():
    market = SalesMarket(rng=1, **FEW)
    customer = market.views(Customer)[7]
    assert customer.complexity == market.market.customers.complexity[7]
    assert 0 <= customer.trust(0) <= 1
    customer.record.perceived_sameness = 0.9
    assert market.market.customers.perceived_sameness[7] == 0.9
    with pytest.raises(AttributeError, match="its fields are"):
        _ = customer.complexitty
    for kind in (Salesperson, Executive, ChannelPartner):
        assert market.views(kind)[0].vendor == 0
    assert "perceived_sameness" in dir(customer)


def test_agent_reporters_collect_every_week():
    market = SalesMarket(rng=1, agent_reporters={"row": "row"}, **FEW)
    market.run()
    frame = market.datacollector.get_agent_vars_dataframe()
    assert len(frame) == 30 * len(market.agents)


def test_agents_columns_are_available_in_any_week():
    market = SalesMarket(rng=1, **FEW)
    for _ in range(3):
        market.step()
    assert len(market.agents_frame("customers")) == 40
    assert len(market.agents_frame("relations")) == 120
    with pytest.raises(ValueError, match="the kinds are"):
        market.agents_frame("people")


def test_agent_views_show_this_weeks_sameness_although_no_phase_updated_the_customer():
    """Alone with the pressure: after n weeks, 1 - c is (1 - pressure)^n of what it was, whatever the rows say."""
    quiet = {"market.buying.need_chance": 0.0, "market.buying.prospecting": 0.0}
    market = SalesMarket(rng=1, **FEW, **quiet, **{"market.commoditization.pressure_per_week": 0.01})
    for _ in range(5):
        market.step()
    expected = 1 - 0.85 * 0.99**5
    assert market.views(Customer)[3].perceived_sameness == pytest.approx(expected)
    assert market.agents_frame("customers")["perceived_sameness"].to_numpy() == pytest.approx(np.full(40, expected))
    assert market.records.weeks.perceived_sameness[-1] == pytest.approx(expected)


def test_reading_agents_changes_nothing():
    watched, alone = SalesMarket(rng=4, **FEW), SalesMarket(rng=4, **FEW)
    for _ in range(30):
        watched.step()
        watched.agents_frame("relations")
        assert all(
            0 <= customer.perceived_sameness <= 1 and 0 <= customer.access(0) <= 1 for customer in watched.views(Customer)
        )
    alone.run()
    for name in alone.records.deals.dtype.names:
        assert np.array_equal(watched.records.deals[name], alone.records.deals[name], equal_nan=True)


@pytest.mark.filterwarnings("ignore")
def test_mesas_own_batch_run_varies_numbers_and_choices():
    results = mesa.batch_run(
        SalesMarket,
        {"weeks": 10, "market.customers.count": 40, "strategy": ["pitch", "diagnostic"], "seed": [1, 2]},
        number_processes=1,
        max_steps=10,
        display_progress=False,
    )
    assert len(results) == 4
    assert {row["strategy"] for row in results} == {"pitch", "diagnostic"}


def test_unknown_settings_are_rejected():
    with pytest.raises(InputError, match="did you mean"):
        SalesMarket(**{"market.customers.cuont": 3})


def test_a_pickled_market_continues_as_the_original():
    changes = [{"week": 20, "strategy": "packaged", "training_hours": 10.0}]  # levers are blended in place in week 20
    market = SalesMarket(rng=3, **FEW, initiatives=changes)
    for _ in range(10):
        market.step()
    copied = pickle.loads(pickle.dumps(market))  # noqa: S301 (its own bytes)
    market.run()
    copied.run()
    assert copied.steps == market.steps == 30
    for table in ("deals", "weeks"):
        for name in getattr(market.records, table).dtype.names:
            one, two = getattr(market.records, table)[name], getattr(copied.records, table)[name]
            assert np.array_equal(one, two, equal_nan=True)
    one, two = (m.datacollector.get_model_vars_dataframe() for m in (market, copied))
    assert one.equals(two)


def test_the_package_imports_lazily_and_lists_its_names():
    """`import salesim` loads none of what it offers; each name is the object of its own module."""
    lazy = "import sys, salesim; print([m for m in sys.modules if m.split('.')[0] in ('numba', 'mesa', 'pandas', 'hydra')])"
    assert subprocess.run([sys.executable, "-c", lazy], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    for name in salesim.__all__:
        assert getattr(salesim, name) is getattr(salesim, name)
    assert salesim.SalesMarket is SalesMarket
    assert salesim.play is pickle.loads(pickle.dumps(salesim.play))  # noqa: S301 (its own bytes)
    with pytest.raises(AttributeError, match="it has SalesMarket"):
        _ = salesim.Salesmarket


def test_an_ended_model_can_be_freed():
    market = SalesMarket(rng=1, **FEW)
    market.run()
    market.end()
    gone = weakref.ref(market)
    del market
    gc.collect()
    assert gone() is None
