"""A tornado on a market whose truth is planted: runs are replaced by a formula with noise."""

import re
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.explore.spec import declared_ranges, ranges_of_worlds
from salesim.cli import main
from salesim.config.config_files import choice, configs_folder
from salesim.metrics import METRICS
from salesim.report.study_files import TORNADO_TABLES, read_analysis
from salesim.report.text.turns import hangs_on
from tests.analyses.explore.test_explore import normal, table

NUMBERS = ("market.customers.complexity_a=interval(0.8,4)", "market.worth.spillover=interval(0,1)",
           "market.worth.prior=interval(0,1)")  # fmt: skip


def formula(scenario, seed, *_):
    """Diagnostic is ahead by 10 at complexity_a = 2 and spillover = 0.5; 5 more a unit of complexity, 40 less of spillover."""
    market, arm = scenario.market, scenario.vendors[0].strategy.name
    ahead = 10 + 5 * (market.customers.complexity_a - 2) - 40 * (market.worth.spillover - 0.5)
    gain = {"pitch": 0.0, "diagnostic": ahead, "rainmaking": -5.0}[arm]
    return {"measures": dict.fromkeys(METRICS, 100 + gain + 20 * normal(seed, 0) + normal(seed, len(arm)))}


@pytest.fixture(scope="module")
def tornado(tmp_path_factory):
    """The folder of the tables, and what was printed."""
    folder = tmp_path_factory.mktemp("tornado")
    words = ["explore", "tornado=true", *NUMBERS, "market.customers.complexity_b=2", "contest=alone", f"folder={folder}"]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as printed:
        patch.setattr("salesim.runs.summary.summary", formula)
        assert main(words) == 0
    return folder / "three_strategies" / "explore", " ".join(printed.getvalue().split())


def test_bars_are_the_planted_amounts_largest_first(tornado):
    bars = table(tornado[0], "tornado")
    mine = bars[bars["arm"] == "diagnostic"].reset_index(drop=True)
    assert list(mine["axis"]) == ["spillover", "complexity_a", "prior"]
    assert mine["swing"].tolist() == pytest.approx([-40.0, 16.0, 0.0], abs=1.5)
    assert (mine["low_end"] - mine["as_set"])[1] == pytest.approx(5 * (0.8 - scenario_value("complexity_a")), abs=1.5)
    assert list(mine["moves"]) == [True, True, False]
    assert ((mine["swing_low"] <= [-40, 16, 0]) & (mine["swing_high"] >= [-40, 16, 0])).all()


def scenario_value(name):
    """The value of a setting of customers in the default market."""
    return choice("market", "reference", (configs_folder(),))["customers"][name]


def test_the_largest_numbers_have_tipping_points_where_they_cross(tornado):
    tips = table(tornado[0], "tornado_tipping")
    complexity = scenario_value("complexity_a")
    truth = 0.5 + (10 + 5 * (complexity - 2)) / 40
    found = tips[tips["axis"] == "spillover"]
    assert set(found["arm"]) == {"diagnostic"}
    row = found.iloc[0]
    assert row["low"] <= truth <= row["high"]
    assert row["after"] == -1


def test_a_tornado_is_said_and_drawn(tornado):
    folder, text = tornado
    assert "2 of 3 numbers move it clearly: spillover, " in text
    assert "Diagnostic is ahead of pitch only where spillover is below 0." in text
    assert "None of 3 numbers" not in text
    page = (folder.parent / "report.html").read_text(encoding="utf-8")
    assert "What does it hang on?" in page
    assert 'id="tornado"' in page


def test_sentences_say_what_an_arm_hangs_on(tornado):
    files = read_analysis(tornado[0] / "tornado.json", TORNADO_TABLES)
    turned, steady = (list(hangs_on(files, "alone", arm)) for arm in ("diagnostic", "rainmaking"))
    assert len(turned) == len(steady) == 1
    assert turned[0].startswith("It turns round where spillover (")
    assert re.search(
        r"\) is above 0\.[\d.]+ \(0\.[\d.]+ to 0\.[\d.]+\): there pitch is ahead of diagnostic\. It is set to", turned[0]
    )
    nothing = "None of 3 uncertain numbers by itself turns it round"
    assert steady[0].startswith(f"{nothing}: pitch stays ahead of rainmaking at each end, least where ")


def test_a_tornado_has_every_number_whose_range_is_declared():
    folders = (configs_folder(),)
    axes, priors = choice("explore", "standard", folders)["axes"], choice("fit", "standard", folders)["priors"]
    ranges = declared_ranges(axes, folders)
    assert set(axes) | set(priors) < set(ranges)
    assert {key: ranges[key] for key in axes} == axes
    assert len(ranges) > 60


def test_ranges_of_a_fit_are_those_of_its_kept_worlds(tmp_path):
    worlds = pd.DataFrame({"kept": [True] * 101 + [False], "market.worth.spillover": [*np.linspace(0, 1, 101), 9.0],
                           "market.worth.prior": 0.5, "win_rate": 0.2})  # fmt: skip
    worlds.to_csv(tmp_path / "members.csv")
    assert ranges_of_worlds(str(tmp_path / "members.csv")) == {"market.worth.spillover": "interval(0.05,0.95)"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tornado=true", "seeds=9"], "seeds would change nothing: a tornado is made with tornado_seeds=20"),
        (["members=nowhere.csv"], "explore.members is nowhere.csv, which is no members.csv of `salesim fit`"),
        (["tornado=maybe"], "explore.tornado is 'maybe'"),
        (["tornado=true", "tipping=market.worth.spillover=interval(0,1)"], "tornado would change nothing: a tipping point"),
    ],
)
def test_options_that_change_nothing_are_refused(words, said, capsys):
    assert main(["explore", *words]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
