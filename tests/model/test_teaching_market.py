"""The market for the classroom: declared as chosen, independent of the fit, and it shows the spiral."""

import numpy as np
import pytest

from salesim.config.config_files import configs_folder, read_yaml
from salesim.config.notes import notes_in
from salesim.config.scenario import default_scenario
from salesim.metrics.tables import yearly
from salesim.model.schedule import play

TEACHING, REFERENCE = (configs_folder() / "market" / f"{name}.yaml" for name in ("teaching", "reference"))
SEEDS = (7, 8, 9)


def keys_of(path):
    return {f"{group}.{key}" for group, values in read_yaml(path).items() if group != "defaults" for key in values}


def late_margins(**differences):
    """Mean gross margin of all vendors in the last two years, for each seed."""
    scenario = default_scenario(None, market="teaching", strategy="pitch", contest="everyone", **differences)
    margins = [np.reshape(yearly(play(scenario, seed))["gross_margin"], (-1, 10)) for seed in SEEDS]
    return [float(each[:, -2:].mean()) for each in margins]


def test_every_number_that_it_sets_says_that_it_was_chosen_for_teaching():
    notes = notes_in(TEACHING)
    assert {notes[key].source for key in keys_of(TEACHING)} == {"chosen for teaching"}


def test_a_new_fit_of_the_reference_market_changes_nothing_in_it():
    fit = read_yaml(configs_folder() / "evidence" / "fit.yaml")
    of_the_fit = {key.removeprefix("market.") for part in ("free", "fixed") for key in fit[part]}
    of_the_fit |= {key for key, note in notes_in(REFERENCE).items() if "fitted" in note.source or "the fit" in note.source}
    assert of_the_fit <= keys_of(TEACHING)


@pytest.mark.parametrize("feedback", ["discount_sensitivity", "partner_requests", "reference_price"])
def test_cutting_a_feedback_recovers_late_margin(feedback):
    cut = late_margins(**{f"market.loops.{feedback}": 0})
    assert all(without > whole for without, whole in zip(cut, late_margins(), strict=True))


def test_without_pressure_late_margins_are_higher():
    without = late_margins(**{"market.commoditization.pressure_per_week": 0.0})
    assert all(calm > pressed + 0.05 for calm, pressed in zip(without, late_margins(), strict=True))
