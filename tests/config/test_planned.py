"""A lever set for all arms holds in the approaches that their planned changes choose, or is refused."""

import pytest

from salesim.config.compose_study import study_of
from salesim.config.config_files import configs_folder
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer


def authorities(*words: str) -> dict[str, set[float]]:
    """Price authority of each arm, before and after its planned changes."""
    study = study_of(words, Composer([configs_folder()]), "salesim run")
    vendors = {arm.name: arm.scenario.vendors[0] for arm in study.arms}
    return {
        name: {each.strategy.systems.price_authority for each in (vendor, *vendor.initiatives)}
        for name, vendor in vendors.items()
    }


def test_an_override_of_a_lever_holds_in_every_arm_before_and_after_its_planned_changes():
    assert set().union(*authorities("experiment=motive_diagnostic").values()) != {0.2}
    held = authorities("experiment=motive_diagnostic", "strategy.systems.price_authority=0.2")
    assert held == {arm: {0.2} for arm in ("pitch", "diagnosis", "subscription", "both")}


def test_an_override_of_a_lever_holds_where_arms_choose_their_strategies():
    held = authorities("experiment=three_strategies", "strategy.systems.price_authority=0.2")
    assert held == {arm: {0.2} for arm in ("pitch", "diagnostic", "rainmaking")}


def test_a_lever_that_a_planned_change_sets_itself_is_refused_with_the_way_to_say_it():
    with pytest.raises(InputError) as refused:
        authorities("experiment=tired_of_programmes", "strategy.systems.coaching=0.3")
    assert "strategy.systems.coaching is set for all arms, but initiatives[0] sets it to 0.1 by itself" in str(refused.value)
    assert "initiatives=[…]" in str(refused.value)


def test_other_levers_of_a_planned_change_stay_as_they_are():
    words = ("experiment=tired_of_programmes", "strategy.systems.price_authority=0.2")
    study = study_of(words, Composer([configs_folder()]), "salesim run")
    plans = {arm.name: arm.scenario.vendors[0].initiatives for arm in study.arms}
    assert [plan.strategy.systems.coaching for plan in plans["four_last_coached"]] == [0.1, 0.1, 0.1, 0.6]
