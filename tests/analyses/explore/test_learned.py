"""An exploration by an emulator, on markets whose truth is planted: runs are replaced by a formula with noise."""

import json
import re
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from salesim.cli import main
from salesim.metrics import METRICS
from tests.analyses.explore.test_explore import AXES, normal, table

SETTINGS = ("contest=alone", "trajectories=0", "points=16", "most_seeds=8")


def plane(scenario, seed, *_):
    """Diagnostic is ahead by 3 * complexity_a - 10 * spillover, which is 0 where complexity_a is 10 / 3 of spillover."""
    market, arm = scenario.market, scenario.vendors[0].strategy.name
    gain = 3.0 * market.customers.complexity_a - 10.0 * market.worth.spillover if arm == "diagnostic" else 0.0
    return {"measures": dict.fromkeys(METRICS, 100 + gain + 20 * normal(seed, 0) + normal(seed, len(arm)))}


def ragged(scenario, seed, *_):
    """Diagnostic is ahead or behind by 5 as the digits of spillover have it: no neighbour predicts any point."""
    sign = 1.0 if int(1e6 * scenario.market.worth.spillover) % 2 else -1.0
    gain = 5.0 * sign if scenario.vendors[0].strategy.name == "diagnostic" else 0.0
    return {"measures": dict.fromkeys(METRICS, 100 + gain + normal(seed, len(scenario.vendors[0].strategy.name)))}


def explored(folder, market=plane, *words):
    """Run `salesim explore` with an emulator on a formula; the folder of the tables and what was printed."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as printed:
        patch.setattr("salesim.runs.summary.summary", market)
        assert main(["explore", *AXES, "emulator_points=32", *words, *SETTINGS, f"folder={folder}"]) == 0
    return folder / "three_strategies" / "explore", " ".join(printed.getvalue().split())


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """The tables of the plane and what was printed, made once for all tests that only read them."""
    return explored(tmp_path_factory.mktemp("plane"))


def test_an_emulator_finds_a_planted_plane_in_few_runs(learned):
    folder, text = learned
    indices = table(folder, "indices").set_index(["arm", "axis"])
    share = 9.6**2 / (9.6**2 + 10.0**2)  # of the variance, by the width of complexity_a times its slope
    for axis, true in (("complexity_a", share), ("spillover", 1 - share)):
        row = indices.loc[("diagnostic", axis)]
        assert row["total"] == pytest.approx(true, abs=0.05)
        assert abs(row["total"] - true) < max(row["total_half"], 0.02)
    points = table(folder, "points")
    mine = points[points["arm"] == "diagnostic"]
    truth = 3.0 * mine["complexity_a"] - 10.0 * mine["spillover"]
    decided = mine["sign"] != 0
    assert decided.mean() > 0.8
    assert (np.sign(truth) == mine["sign"])[decided].mean() > 0.99
    assert ((mine["low"] <= truth) & (truth <= mine["high"])).mean() > 0.8
    record = json.loads((folder / "explore.json").read_text())
    assert record["emulated"]
    assert record["runs"] <= 32 * 5 * 3 + 6 * 8
    assert "Held-out R2 of the emulator" in text


def test_points_that_do_not_differ_are_not_taken_for_a_poor_emulator(learned):
    folder, text = learned
    emulators = table(folder, "emulators").set_index("arm")
    assert np.isnan(emulators.loc["rainmaking", "held_out_r2"])
    assert emulators.loc["diagnostic", "held_out_r2"] > 0.9
    assert "rainmaking, alone: no difference between points is clear" in text
    assert "the points differ no more than chance of seeds makes them" in text


def test_plain_sampling_follows_a_poor_emulator_and_says_so(tmp_path):
    folder, text = explored(tmp_path, ragged)
    assert not json.loads((folder / "explore.json").read_text())["emulated"]
    assert table(folder, "emulators").set_index("arm").loc["diagnostic", "held_out_r2"] < 0.5
    assert len(table(folder, "points")) == 2 * 16 * 4
    assert "These are results of plain sampling, as the emulator predicts points held out too poorly (diagnostic, alone" in text


def test_a_rule_of_an_emulator_is_scored_on_points_held_out(learned):
    rules = table(learned[0], "rules")
    mine = rules[rules["arm"] == "diagnostic"]
    assert set(mine["axis"]) <= {"complexity_a", "spillover"}
    assert mine["points"].eq(170).all()  # a third of the 512 places
    assert (mine["coverage_low"] <= mine["coverage"]).all()
    assert (mine["coverage"] <= mine["coverage_high"]).all()
    assert mine["density"].min() > 0.7


def test_regret_of_an_emulator_is_measured_on_seeds_that_it_did_not_learn_from(learned):
    regret = table(learned[0], "regret").set_index("arm")
    assert set(regret["n"]) == {8}
    assert regret.loc["pitch", "worst"] == pytest.approx(12.0, abs=2.0)  # complexity_a = 4, spillover = 0
    assert regret.loc["pitch", "low"] < 12.0 < regret.loc["pitch", "high"]


def test_an_emulator_says_the_same_on_any_number_of_workers(learned, tmp_path):
    one, two = learned[0], explored(tmp_path, plane, "workers=3")[0]
    for name in ("points", "indices", "rules", "regret", "emulators"):
        pd.testing.assert_frame_equal(table(one, name), table(two, name))


def test_as_many_runs_are_made_for_an_emulator_as_the_plan_says(learned):
    folder, text = learned
    words = re.search(r"([\d,]+) runs for an emulator: 32 points with 5 seeds each; up to ([\d,]+)", text)
    first, most = (int(number.replace(",", "")) for number in words.groups())
    assert first == 32 * 5 * 3
    assert first < json.loads((folder / "explore.json").read_text())["runs"] <= most
