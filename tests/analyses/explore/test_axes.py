"""Axes reach the scenario where the command line would put them, in every arm and contest."""

from pathlib import Path

import pytest

from salesim.analyses.explore.cost import design_of
from salesim.analyses.explore.spec import exploration_of
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.report.sweep_files import short_name


def asked(*words):
    folders = (configs_folder(),)
    return exploration_of(list(words), Composer(folders, "explore"), "line")


def composed(*words):
    """The same through the command line's own composing."""
    folders: tuple[Path, ...] = (configs_folder(),)
    from salesim.config.compose_study import study_of

    return study_of(list(words), Composer(folders), "line")


@pytest.mark.parametrize(
    ("key", "low", "high", "value"),
    [
        ("market.worth.spillover", 0, 1, 0.3),
        ("market.customers.count", 100, 900, 250),
        ("market.loops.word_of_mouth", 0, 1, 0),
        ("strategy.systems.coaching", 0.1, 0.9, 0.25),
        ("channel.start_discount", 0, 0.5, 0.2),
        ("weeks", 52, 520, 104),
    ],
)
def test_a_point_is_what_the_command_line_would_compose(key, low, high, value):
    exploration = asked(f"{key}=interval({low},{high})")
    for traced, arm in zip(exploration.arms, composed(f"{key}={value}").arms, strict=True):
        assert traced.at([value], exploration.axes) == arm.scenario


def test_whole_numbers_stay_whole():
    (axis,) = asked("market.customers.count=interval(100,900)").axes
    assert axis.whole
    assert axis.at(0.3333) == 366
    assert axis.at(1.0) == 900  # the end of a trajectory


def test_without_axes_those_of_the_file_are_varied_and_a_fixed_one_is_not():
    names = [axis.name for axis in asked("market.worth.spillover=0.2").axes]
    assert "complexity_a" in names
    assert "spillover" not in names
    assert 4 <= len(names) <= 8


def test_an_axis_has_unit_and_meaning_out_of_the_files():
    (axis,) = asked("market.selling.hours_per_week=interval(10,30)").axes
    assert axis.unit == "hours a week"
    assert axis.meaning == "time that a salesperson has for selling"


def test_a_lever_of_the_strategy_reaches_all_vendors_where_everyone_sells_this_way():
    exploration = asked("strategy.systems.coaching=interval(0,1)", "contest=everyone")
    scenario = exploration.arms[0].at([0.7], exploration.axes)
    assert [vendor.strategy.systems.coaching for vendor in scenario.vendors] == [0.7] * 3


def test_names_are_as_short_as_they_can_be():
    keys = ("market.trust.loss", "market.trust.outcome_sameness", "market.loops.outcome_sameness")
    assert [short_name(key, keys) for key in keys] == ["loss", "trust.outcome_sameness", "loops.outcome_sameness"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,2,4", {1, 2, 4}),
        ("range(1,4)", {1, 2, 3}),  # the end itself is left out, as in a sweep
        ("range(1,4,0.5)", {1, 1.5, 2, 2.5, 3, 3.5}),
    ],
)
def test_lists_and_ranges_mean_what_they_mean_in_a_sweep(text, values):
    exploration = asked(f"market.customers.complexity_a={text}")
    design = design_of(exploration)
    assert set(design.ravel()) == values
    arm = exploration.arms[0].at([max(values)], exploration.axes)
    assert arm.market.customers.complexity_a == max(values)


def test_an_interval_can_be_spread_over_orders_of_magnitude():
    exploration = asked("market.customers.value_sigma=tag(log,interval(0.01,1))")
    design = design_of(exploration)
    assert abs((design < 0.1).mean() - 0.5) < 0.05
    assert exploration.axes[0].span == "0.01 to 1, spread over orders of magnitude"
