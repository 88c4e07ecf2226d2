"""What a Mesa user expects of a model."""

import gc
import inspect
import pickle
import subprocess
import sys
import weakref

import mesa
import numpy as np
import pytest

import salesim
from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.model.agents.views import KINDS, ChannelPartner, Customer, Executive, Salesperson, Vendor
from salesim.model.mesa_model import SalesMarket
from salesim.model.schedule import play

FEW = {"market.customers.count": 40, "weeks": 30}
STEPPED_BY = {
    "model reporters": {"model_reporters": {"twice": lambda market: 2 * market.week}},
    "agent reporters": {"agent_reporters": {"row": "row"}},
    "reporters of one kind of agents": {"agenttype_reporters": {Customer: {"trust": lambda customer: customer.trust(0)}}},
}


def same(one, two):
    """Whether two runs have the same bits; records of padded rows are compared field by field."""
    return all(
        np.array_equal(getattr(one, table)[name], getattr(two, table)[name], equal_nan=True)
        for table in ("deals", "weeks")
        for name in getattr(one, table).dtype.names
    )


def test_it_builds_and_steps_with_no_arguments():
    market = SalesMarket()
    market.step()
    assert market.week == market.steps == 1
    assert len(market.agents_by_type[Customer]) == default_scenario().market.customers.count
    assert len(market.agents_by_type[Vendor]) == 3


def test_stepping_and_running_give_the_same_bits():
    stepped, run = SalesMarket(rng=4, **FEW), SalesMarket(rng=4, **FEW)
    for _ in range(30):
        stepped.step()
    run.run()
    assert same(stepped.records, run.records)
    one, two = (m.datacollector.get_model_vars_dataframe() for m in (stepped, run))
    assert one.equals(two)
    assert not stepped.running
    assert run.steps == 30


def test_setting_an_attribute_of_an_agent_changes_the_market():
    market = SalesMarket(rng=1, **FEW)
    for _ in range(3):
        market.step()
    customers = market.agents_by_type[Customer]
    for customer in customers:
        customer.perceived_sameness = 0.9
        customer.value_k = 100.0
    assert set(market.agents_frame("customers")["value_k"]) == {100.0}
    market.step()
    pressure = market.settings.market.commoditization.pressure_per_week
    assert customers[7].perceived_sameness >= 1 - 0.1 * (1 - pressure) - 1e-9
    assert market.datacollector.model_vars["perceived_sameness"][-1] == pytest.approx(
        market.agents_frame("customers")["perceived_sameness"].mean()
    )


def test_agent_views_show_and_set_their_rows():
    market = SalesMarket(rng=1, **FEW)
    customer = market.agents_by_type[Customer][7]
    assert customer.complexity == market.market.customers.complexity[7]
    assert 0 <= customer.trust(0) <= 1
    customer.record.perceived_sameness = 0.9
    assert market.market.customers.perceived_sameness[7] == 0.9
    with pytest.raises(AttributeError, match="complexitty"):
        _ = customer.complexitty
    for kind in (Salesperson, Executive, ChannelPartner):
        assert market.agents_by_type[kind][0].vendor == 0
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
    with pytest.raises(InputError, match="the kinds are"):
        market.agents_frame("people")


def test_agent_views_show_this_weeks_sameness_although_no_phase_updated_the_customer():
    """Alone with the pressure: after n weeks, 1 - c is (1 - pressure)^n of what it was, whatever the rows say."""
    quiet = {"market.buying.need_chance": 0.0, "market.buying.prospecting": 0.0}
    market = SalesMarket(rng=1, **FEW, **quiet, **{"market.commoditization.pressure_per_week": 0.01})
    for _ in range(5):
        market.step()
    expected = 1 - 0.85 * 0.99**5
    assert market.agents_by_type[Customer][3].perceived_sameness == pytest.approx(expected)
    assert market.agents_frame("customers")["perceived_sameness"].to_numpy() == pytest.approx(np.full(40, expected))
    assert market.records.weeks.perceived_sameness[-1] == pytest.approx(expected)


def test_reading_agents_changes_nothing():
    watched, alone = SalesMarket(rng=4, **FEW), SalesMarket(rng=4, **FEW)
    for _ in range(30):
        watched.step()
        watched.agents_frame("relations")
        assert all(
            0 <= customer.perceived_sameness <= 1 and 0 <= customer.access(0) <= 1
            for customer in watched.agents_by_type[Customer]
        )
    alone.run()
    assert same(watched.records, alone.records)


@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="Mesa 4 has none")
def test_mesas_own_batch_run_varies_numbers_and_choices():
    varied = {"market.customers.count": np.arange(30, 50, 10), "strategy": ["pitch", "diagnostic"], "rng": np.arange(1, 3)}
    results = mesa.batch_run(
        SalesMarket, {"weeks": np.int64(30), **varied}, number_processes=1, max_steps=99, display_progress=False
    )
    assert len(results) == 8
    assert {row["strategy"] for row in results} == {"pitch", "diagnostic"}
    assert all(row["week"] == 30 for row in results)
    assert len({row["perceived_sameness"] for row in results}) == 8


def test_settings_may_be_numbers_of_numpy():
    market = SalesMarket(rng=np.int32(3), weeks=np.int64(5), **{"market.trust.loss": np.float32(0.5), "rivals.strategies": []})
    assert market.settings.weeks == 5
    assert market.settings.market.trust.loss == 0.5
    with pytest.raises(InputError, match=r"weeks is 5\.5"):
        SalesMarket(weeks=np.float64(5.5))


@pytest.mark.parametrize(("rng", "key"), [("42", 42), (" 7 ", 7), (np.uint8(9), 9), (0, 0), (2**63 - 1, 2**63 - 1)])
def test_a_seed_is_a_whole_number_also_as_text(rng, key):
    assert SalesMarket(rng=rng, **FEW).key == key
    assert SalesMarket(seed=rng, **FEW).key == key


def test_a_generator_gives_the_seed_and_no_seed_gives_a_new_one():
    one, two = (SalesMarket(rng=np.random.default_rng(5), **FEW).key for _ in range(2))
    assert one == two
    assert SalesMarket(**FEW).key != SalesMarket(**FEW).key


@pytest.mark.parametrize(
    "rng", ["abc", "", "1.5", "9" * 5000, -5, 2**63, 2**70, 1.5, np.float64(2.0), float("nan"), {}, object()]
)
def test_what_is_no_seed_is_refused_in_one_sentence(rng):
    for name in ("rng", "seed"):
        with pytest.raises(InputError, match=f"{name} is .*; it has to be a whole number from 0 to 9223372036854775807"):
            SalesMarket(**{name: rng}, **FEW)
    with pytest.raises(InputError, match="rng is"):
        play(default_scenario(None, **FEW), rng)


def test_two_seeds_are_refused():
    with pytest.raises(InputError, match="rng is 1 and seed is 2; give one of them"):
        SalesMarket(rng=1, seed=2, **FEW)


@pytest.mark.parametrize("reporters", STEPPED_BY.values(), ids=STEPPED_BY)
def test_reporters_of_ones_own_follow_every_week_of_a_run(reporters):
    market, alone = SalesMarket(rng=1, **reporters, **FEW), SalesMarket(rng=1, **FEW)
    market.step()
    assert same(market.run(), alone.run())
    frame = market.datacollector.get_model_vars_dataframe()
    assert frame[alone.datacollector.get_model_vars_dataframe().columns].equals(alone.datacollector.get_model_vars_dataframe())
    if "model_reporters" in reporters:
        assert frame["twice"].tolist() == list(range(2, 62, 2))


def test_an_agent_reporter_is_none_where_a_kind_of_agents_has_no_such_attribute():
    market = SalesMarket(rng=1, agent_reporters={"involvement": "involvement"}, **FEW)
    market.step()
    involvement = market.datacollector.get_agent_vars_dataframe()["involvement"]
    assert involvement.notna().sum() == len(market.agents_by_type[Executive])


def test_another_collector_and_a_step_of_a_subclass_are_followed_by_run():
    class Counting(SalesMarket):
        counted = 0

        def step(self):
            super().step()
            self.counted += 1

    counting, collected = Counting(rng=1, **FEW), SalesMarket(rng=1, **FEW)
    collected.datacollector = mesa.DataCollector({"now": "week"})
    assert same(counting.run(), collected.run())
    assert counting.counted == 30
    assert collected.datacollector.get_model_vars_dataframe()["now"].tolist() == list(range(1, 31))


def test_a_reporter_that_is_replaced_or_added_later_is_followed_by_run():
    market = SalesMarket(rng=1, model_reporters={"won": lambda market: -market.week}, **FEW)
    market.run()
    assert market.datacollector.get_model_vars_dataframe()["won"].tolist() == list(range(-1, -31, -1))


def test_collecting_before_the_first_week_gives_missing_values():
    market = SalesMarket(rng=1, **FEW)
    market.datacollector.collect(market)
    market.run()
    frame = market.datacollector.get_model_vars_dataframe()
    assert frame["week"].tolist() == list(range(31))
    assert frame.iloc[0].drop("week").isna().all()


def test_weeks_and_mesas_own_counters_agree_after_run_and_after_the_end():
    market = SalesMarket(rng=1, **FEW)
    market.step()
    market.run()
    assert getattr(market, "time", 30.0) == 30.0
    market.step()
    assert (market.steps, market.week, market.running) == (30, 30, False)


def test_no_name_of_ours_is_one_of_mesas():
    bare = type("Bare", (mesa.Model,), {})
    shared = {name for name in vars(SalesMarket) if name in dir(mesa.Model) and name not in vars(bare)}
    assert shared <= {
        "__init__",
        "__getstate__",
        "__firstlineno__",
        "__static_attributes__",
        "step",
        "agents",
        "agents_by_type",
        "agent_types",
    }
    fresh, theirs = SalesMarket(rng=1, **FEW), vars(mesa.Model(rng=1))
    ours = {name for name in vars(fresh) if name not in theirs}
    assert not ours & set(dir(mesa.Model))
    assert not any(name.startswith("_") for name in ours)
    for kind in KINDS.values():
        fields = getattr(fresh.market, kind.kind).dtype.names
        assert not set(fields) & {*dir(mesa.Agent), *vars(mesa.Agent(mesa.Model(rng=1))), "row", "record", "shown", "write"}


def test_mesas_scenario_names_settings_and_seed():
    scenarios = pytest.importorskip("mesa.experimental.scenarios")
    given = scenarios.Scenario(weeks=4, strategy="diagnostic", **{"market.customers.count": 40})
    market = SalesMarket(given, rng=3)
    assert market.scenario is given
    assert (market.key, market.settings.weeks, market.settings.market.customers.count) == (3, 4, 40)
    assert SalesMarket(scenarios.Scenario(rng=np.random.default_rng(5)), **FEW).key > 0


@pytest.mark.parametrize("scenario", [5, "pitch", object(), [1]])
def test_what_is_no_scenario_is_refused(scenario):
    with pytest.raises(InputError, match=r"scenario is .*; it has to be a Scenario of salesim or of Mesa"):
        SalesMarket(scenario)


def test_every_argument_may_be_left_out_as_solaraviz_checks():
    """It exempts only what is called `kwargs`."""
    arguments = inspect.signature(SalesMarket.__init__).parameters
    assert [name for name, each in arguments.items() if each.default is inspect.Parameter.empty] == ["self", "kwargs"]


def test_solaraviz_checks_and_resets_the_market():
    viz = pytest.importorskip("mesa.visualization.solara_viz", reason="it comes with mesa[viz]")
    settings = {"rng": "42", "strategy": "diagnostic", "market.customers.count": 40, "weeks": 30}
    viz._check_model_params(SalesMarket.__init__, settings)
    market = SalesMarket(**settings)
    if hasattr(viz, "_build_model_init_kwargs"):  # what Reset does from Mesa 3.5 on: it adds a scenario of Mesa's
        adding = {"add_scenario_when_empty": True, "require_model_accepts_scenario": True}
        viz._check_model_params(market, settings)
        settings = viz._build_model_init_kwargs(market, settings, **adding)
    assert same(SalesMarket(**settings).run(), market.run())


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
    assert same(market.records, copied.records)
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


def test_an_ended_model_frees_its_memory_although_its_agents_were_seen():
    market = SalesMarket(rng=1, **FEW)
    assert len(market.agents) > 40
    market.run()
    gone = weakref.ref(market.market.deals)
    market.end()
    gc.collect()
    assert gone() is None
    assert len(market.agents) == 0


def test_a_market_with_reporters_and_agents_can_be_pickled():
    market = SalesMarket(rng=3, agent_reporters={"row": "row"}, **FEW)
    market.note = "of a user"
    market.step()
    copied = pickle.loads(pickle.dumps(market))  # noqa: S301 (its own bytes)
    assert copied.note == market.note
    assert same(copied.run(), market.run())
    assert copied.datacollector.get_agent_vars_dataframe().equals(market.datacollector.get_agent_vars_dataframe())
