"""An exploration from words to answer, on a market whose truth is planted: runs are replaced by a formula with noise."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest

from salesim.cli import main
from salesim.metrics import METRICS
from salesim.model.rng import uniform_for
from salesim.report.page.study_page import write_page

AXES = ("market.customers.complexity_a=interval(0.8,4)", "market.worth.spillover=interval(0,1)")


def plain(words):
    """Words that ask for plain sampling where there are points to sample."""
    return words if words[0].startswith("tipping=") else (*words, "emulator_points=0")


NAMES = {"pitch": 0.0, "diagnostic": 1.0, "rainmaking": 2.0}


def normal(seed, number):
    """A normal number that belongs to a seed and a number."""
    u, v = (uniform_for(seed, 1, number, occasion) for occasion in (0, 1))
    return math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)


def formula(scenario, seed, *_):
    """Diagnostic is ahead of pitch where complexity_a > 2 and spillover < 0.6; rainmaking is behind by 5 throughout."""
    market, arm = scenario.market, scenario.vendors[0].strategy.name
    inside = market.customers.complexity_a > 2.0 and market.worth.spillover < 0.6
    place = int(1e6 * market.customers.complexity_a) + int(1e6 * market.worth.spillover)
    gain = {"pitch": 0.0, "diagnostic": 3.0 if inside else -3.0, "rainmaking": -5.0}[arm]
    noise = 20 * normal(seed, 0) + 2 * normal(seed, place + int(NAMES[arm]))
    return {"measures": dict.fromkeys(METRICS, 100 + gain + noise)}


def sloped(scenario, seed, *_):
    """Diagnostic overtakes pitch where spillover passes 0.3; rainmaking stays 5 behind."""
    arm, spillover = scenario.vendors[0].strategy.name, scenario.market.worth.spillover
    gain = {"pitch": 0.0, "diagnostic": 20 * (spillover - 0.3), "rainmaking": -5.0}[arm]
    noise = 20 * normal(seed, 0) + normal(seed, int(1e6 * spillover) + int(NAMES[arm]))
    return {"measures": dict.fromkeys(METRICS, 100 + gain + noise)}


@pytest.fixture
def explored(monkeypatch, tmp_path):
    """A function: run `salesim explore` with words on a formula; gives the folder of the tables."""

    def run(*words, market=formula, folder=tmp_path):
        monkeypatch.setattr("salesim.runs.summary.summary", market)
        assert main(["explore", *plain(words), "contest=alone", f"folder={folder}"]) == 0
        return folder / "three_strategies" / "explore"

    return run


def table(folder, name):
    return pd.read_parquet(folder / f"{name}.parquet")


def test_a_planted_region_is_found_said_and_drawn(explored, capsys):
    folder = explored(*AXES, "points=64", "trajectories=0")
    rules = table(folder, "rules")
    box = rules[rules["arm"] == "diagnostic"].set_index("axis")
    assert box.loc["complexity_a", "low"] == pytest.approx(2.0, abs=0.15)
    assert box.loc["spillover", "high"] == pytest.approx(0.6, abs=0.05)
    assert box["coverage"].min() > 0.7  # on points held out, of which some lie in the gap between two coordinates
    assert box["density"].min() > 0.8
    text = " ".join(capsys.readouterr().out.split())
    assert "Wins where complexity_a >" in text
    assert "Loses nearly everywhere" in text  # rainmaking
    page = (folder.parent / "report.html").read_text(encoding="utf-8")
    assert "Where does each win?" in page
    assert "Wins where complexity_a" in page


def test_points_that_are_not_decided_get_more_seeds_and_no_label(explored):
    points = table(explored(*AXES, "points=32", "trajectories=0", "most_seeds=10"), "points")
    mine = points[points["arm"] == "diagnostic"]
    assert set(mine["n"]) == {5, 10}
    assert (mine.loc[mine["n"] == 5, "sign"] != 0).all()
    assert ((mine["low"] > 0) == (mine["sign"] == 1)).all()
    assert mine.loc[mine["sign"] == 0, "n"].eq(10).all()


def test_regret_is_measured_again_on_new_seeds(explored, monkeypatch):
    regret = table(explored(*AXES, "points=16", "trajectories=0"), "regret").set_index("arm")
    assert regret.loc["rainmaking", "worst"] == pytest.approx(8.0, abs=2.0)
    assert regret.loc["rainmaking", "behind"] == "diagnostic"
    assert regret.loc["diagnostic", "behind"] == "pitch"
    assert regret.loc["pitch", "low"] < 3.0 < regret.loc["pitch", "high"]
    assert set(regret["n"]) == {20}


def test_an_axis_that_does_nothing_is_screened_out_and_stays_as_it_is_set(explored):
    folder = explored(*AXES, "market.worth.prior=interval(0,1)", "points=16", market=without_noise)
    axes = table(folder, "axes").set_index("name")
    assert axes["kept"].to_dict() == {"complexity_a": True, "spillover": True, "prior": False}
    assert "prior" not in table(folder, "points")


def without_noise(scenario, seed, *_):
    """The planted region without any noise."""
    arm, market = scenario.vendors[0].strategy.name, scenario.market
    gain = market.customers.complexity_a - 4 * market.worth.spillover if arm == "diagnostic" else 0.0
    return {"measures": dict.fromkeys(METRICS, 100 + gain)}


def test_tables_do_not_depend_on_workers_or_on_what_was_played_before(explored, tmp_path):
    words = (*AXES, "points=16", "trajectories=4")
    one = explored(*words, "workers=1", folder=tmp_path / "one")
    explored(*words, "points=32".replace("points", "most_seeds"), folder=tmp_path / "two")
    two = explored(*words, "workers=3", folder=tmp_path / "two")
    for name in ("points", "indices", "rules", "regret", "screening"):
        pd.testing.assert_frame_equal(table(one, name), table(two, name))


def test_an_exploration_goes_on_where_it_was(explored, capsys):
    explored(*AXES, "points=16", "trajectories=0")
    assert "Sobol design, 64 points: " in capsys.readouterr().out
    explored(*AXES, "points=16", "trajectories=0")
    assert "points: " not in capsys.readouterr().out  # no stage had anything left to play


def test_a_planted_crossing_is_found_with_its_interval(explored, capsys):
    folder = explored("tipping=market.worth.spillover=interval(0,1)", market=sloped)
    found = table(folder, "tipping")
    assert list(found["arm"]) == ["diagnostic"]
    row = found.iloc[0]
    assert row["low"] <= 0.3 <= row["high"]
    assert row["high"] - row["low"] < 0.1
    assert row["seeds"] == 40
    text = " ".join(capsys.readouterr().out.split())
    assert "overtakes pitch at spillover = 0." in text
    assert "no tipping point between spillover = 0 and 1; it is behind pitch throughout, by 4 to 6 k$ a year" in text
    assert "Where does it tip along spillover?" in (folder.parent / "report.html").read_text(encoding="utf-8")


def test_a_measure_that_is_better_when_small_counts_the_other_way(explored):
    folder = explored(*AXES, "points=32", "trajectories=0", "measure=cycle_weeks")
    assert json.loads((folder / "explore.json").read_text())["better"] == "down"
    points = table(folder, "points")
    assert (points.loc[points["arm"] == "rainmaking", "mean"] > 0).all()  # five less of what should be small


def test_runs_that_failed_are_left_out_and_said(explored, monkeypatch, capsys, tmp_path):
    def sometimes(scenario, seed, *_):
        if seed == 2:
            raise ArithmeticError("seed 2 fails")
        return formula(scenario, seed)

    monkeypatch.setattr("salesim.runs.summary.summary", sometimes)
    words = ["explore", *plain(AXES), "points=16", "trajectories=0", "contest=alone", f"folder={tmp_path}"]
    assert main(words) == 1
    assert "runs failed, and the others were used without them" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*AXES, "points=16", "trajectories=0"), ["960 runs for 64 points (16 base points x 4) with 5 seeds; up to 3,960, as"]),
        (
            (*AXES, "points=16", "most_seeds=5"),
            ["for the screening, 960 for 64 points (16 base points x 4) with 5 seeds; fewer if", "5 seeds for a point are few"],
        ),
        (("tipping=market.worth.spillover=interval(0,1)",), ["270 runs for 9 values; with a crossing of each arm about 2,110"]),
    ],
)
def test_the_plan_is_said_and_nothing_is_played(tmp_path, capsys, monkeypatch, words, said):
    monkeypatch.setattr("salesim.runs.summary.summary", formula)
    monkeypatch.setattr("salesim.runs.runner.outcomes", None)
    assert main(["explore", *plain(words), "contest=alone", f"folder={tmp_path}", "--dry-run"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for each in said:
        assert each in text
    assert "No run was started, as --dry-run asks" in text
    assert not list(tmp_path.iterdir())


def test_as_many_runs_are_played_as_the_plan_says(explored, capsys):
    folder = explored(*AXES, "points=16", "trajectories=0", "most_seeds=10")
    words = re.search(r"([\d,]+) runs for 64 points .* with 5 seeds; up to ([\d,]+),", capsys.readouterr().out)
    first, most = (int(number.replace(",", "")) for number in words.groups())
    assert first < json.loads((folder / "explore.json").read_text())["runs"] <= most


def test_a_small_market_is_explored_for_real(tmp_path, capsys):
    words = [
        "market.customers.count=40",
        "weeks=104",
        "points=16",
        "trajectories=4",
        "seeds=3",
        "most_seeds=3",
        "contest=alone",
        "emulator_points=0",
    ]
    assert main(["explore", "market.selling.hours_per_week=interval(10,30)", *words, f"folder={tmp_path}"]) == 0
    points = table(tmp_path / "three_strategies" / "explore", "points")
    assert len(points) == 2 * 16 * 3
    assert np.isfinite(points["mean"]).all()
    assert max(len(line.rstrip()) for line in capsys.readouterr().out.splitlines() if str(tmp_path) not in line) <= 100


def test_the_page_of_a_study_keeps_its_sections_whichever_command_comes_last(tmp_path):
    small = ["market.customers.count=40", "weeks=104", "contest=alone", f"folder={tmp_path}"]
    page = tmp_path / "three_strategies" / "report.html"
    tipping = "tipping=market.selling.hours_per_week=interval(10,30)"
    assert main(["explore", tipping, "tipping_seeds=24", *small]) == 0
    assert "Answer</h2>" not in page.read_text(encoding="utf-8")  # not run yet: the section stands alone
    assert main(["run", *small, "seeds=3", "records=0"]) == 0
    for heading in ("Answer</h2>", "Where does it tip along hours_per_week?</h2>", "Run it again</h2>"):
        assert heading in page.read_text(encoding="utf-8")


def test_tables_of_another_version_are_said_not_drawn(explored):
    folder = explored(*AXES, "points=16", "trajectories=0")
    rules = table(folder, "rules").drop(columns="names")
    rules.to_parquet(folder / "rules.parquet")
    page = write_page(folder.parent).read_text(encoding="utf-8")
    assert "is incomplete (rules), or of another version" in page
