"""A market that is an ensemble: every seed belongs to a world, and worlds are what intervals count."""

import csv
import hashlib
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from salesim.cli import main
from salesim.config.scenario import default_scenario
from salesim.model.schedule import play
from salesim.runs.columns import described
from salesim.runs.summary import measures

COST, TASTE = "market.bargaining.unit_cost_share", "market.commoditization.taste_spread"
CENTRAL = {COST: 0.4, TASTE: 0.45}
SMALL = {"market.customers.count": 30, "market.selling.salespeople": 2, "weeks": 52}
WORDS = [*(f"{key}={value}" for key, value in SMALL.items()), "workers=1", "contest=alone"]
ARMS = ("pitch", "diagnostic", "rainmaking")


@pytest.fixture
def ours(tmp_path):
    """A user's folder with the market ours, an ensemble of 24 worlds that differ in two settings; the settings by world."""
    rng = np.random.default_rng(5)
    worlds = {number: dict(zip(CENTRAL, rng.uniform(0.2, 0.7, 2).round(6).tolist(), strict=True)) for number in range(3, 27)}
    folder = tmp_path / "own" / "market"
    folder.mkdir(parents=True)
    with (folder / "ours.worlds.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["world", *CENTRAL])
        writer.writeheader()
        writer.writerows([{"world": number, **settings} for number, settings in worlds.items()])
    digest = hashlib.sha256((folder / "ours.worlds.csv").read_bytes()).hexdigest()
    (folder / "ours.yaml").write_text(
        yaml.safe_dump(
            {
                "defaults": ["reference"],
                "bargaining": {"unit_cost_share": CENTRAL[COST]},
                "commoditization": {"taste_spread": CENTRAL[TASTE]},
                "worlds": {"file": "ours.worlds.csv", "sha256": digest, "data": "abc", "salesim": "0.1.0"},
            }
        )
    )
    return folder.parent, worlds


def run(ours, command, *more, folder="results"):
    """The exit code of a command on the ensemble, and the folder of results."""
    place, given = ours[0].parent / folder, {word.partition("=")[0] for word in more}
    words = [word for word in WORDS if word.partition("=")[0] not in given]
    return main([command, "market=ours", f"--config-dir={ours[0]}", *words, f"folder={place}", *more]), place


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv")


def by_hand(ours, world, arm, seed, **more):
    """All measures of a run, made without the ensemble."""
    start = {"market": "reference", "strategy": arm, **SMALL}
    scenario = default_scenario(**(start | CENTRAL | ours[1][world] | more))
    return measures(play(scenario, seed), scenario)


def test_every_run_is_that_of_its_world_which_has_two_seeds_of_its_own(ours):
    code, place = run(ours, "run", "records=0")
    assert code == 0
    runs = table(place / "three_strategies", "runs")
    assert set(runs["world"]) == set(ours[1])
    assert runs.groupby("world")["seed"].nunique().eq(2).all()
    assert runs.groupby("seed")["world"].nunique().eq(1).all()
    for row in runs.iloc[[0, 40, 100]].to_dict("records"):
        assert row["gross_margin"] == by_hand(ours, row["world"], row["arm"], row["seed"])["gross_margin"]


def test_worlds_are_what_intervals_count_and_their_means_are_what_is_compared(ours, capsys):
    code, place = run(ours, "run", "records=0", "worlds=20", "seeds=3")
    assert code == 0
    study = place / "three_strategies"
    runs, row = table(study, "runs"), table(study, "differences").set_index(["arm", "measure"])
    assert len(runs) == 3 * 20 * 3
    found = row.loc["diagnostic", "operating_profit_k"]
    assert found["n"] == 20
    means = runs.pivot_table(index="world", columns="arm", values="operating_profit_k")
    assert found["difference"] == pytest.approx((means["diagnostic"] - means["pitch"]).mean())
    text = " ".join(capsys.readouterr().out.split())
    assert "20 worlds x 3 seeds = 180 runs" in text
    assert "intervals, from 20 worlds that the arms share" in text


def test_the_verdict_over_worlds_is_in_terminal_page_and_tables_that_verify_computes_again(ours, capsys):
    _, place = run(ours, "run", "records=2")
    study = place / "three_strategies"
    shares, worth, worlds = (table(study, name) for name in ("world_shares", "information", "worlds"))
    profit = shares[shares["measure"] == "operating_profit_k"]
    assert profit["best_share"].sum() == pytest.approx(1.0)
    assert profit["regret"].min() == pytest.approx(worth.loc[0, "worth"])
    assert set(worth["setting"]) == {"everything", COST, TASTE}
    assert not [row for row in described(study, {}) if not (row["unit"] and row["meaning"])]
    by_world = worlds.drop_duplicates("world").set_index("world")
    assert by_world[COST].to_dict() == {number: settings[COST] for number, settings in ours[1].items()}
    text = capsys.readouterr().out
    for where in (text, (study / "report.html").read_text()):
        assert "In 24 worlds that have your numbers" in where
    assert main(["verify", str(study), "runs=4"]) == 0
    text = capsys.readouterr().out
    assert re.search("4 of 144 runs done again, with all measures, and the records of [12]: the same to the last bit", text)
    assert "NOT the same" not in text


def test_tables_do_not_depend_on_workers_and_finished_runs_are_not_repeated(ours, capsys):
    run(ours, "run", "records=0", folder="one")
    run(ours, "run", "records=0", "worlds=12", folder="two")
    capsys.readouterr()
    _, two = run(ours, "run", "records=0", "workers=2", folder="two")
    assert "144 runs, 72 of them finished earlier" in capsys.readouterr().out
    for name in ("runs", "differences", "world_shares", "information"):
        one = ours[0].parent / "one" / "three_strategies" / f"{name}.csv"
        assert one.read_bytes() == (two / "three_strategies" / f"{name}.csv").read_bytes()


def test_a_setting_that_is_given_holds_in_all_worlds_and_needs_no_finding_out(ours):
    _, place = run(ours, "run", "records=0", f"{COST}=0.3")
    study = place / "three_strategies"
    row = table(study, "runs").iloc[7]
    again = by_hand(ours, row["world"], row["arm"], row["seed"], **{COST: 0.3})
    assert row["gross_margin"] == again["gross_margin"]
    assert set(table(study, "information")["setting"]) == {"everything", TASTE}
    assert COST not in table(study, "worlds")


def test_the_central_market_alone_is_as_its_file_says(ours):
    _, place = run(ours, "run", "records=0", "worlds=central", "seeds=2")
    study = place / "three_strategies"
    runs = table(study, "runs")
    assert "world" not in runs
    assert not (study / "worlds.csv").exists()
    scenario = default_scenario(market="reference", strategy="pitch", **SMALL, **CENTRAL)
    assert runs.loc[0, "gross_margin"] == measures(play(scenario, 1), scenario)["gross_margin"]


def test_one_seed_in_each_world_gives_intervals_and_says_why_it_gives_no_shares(ours, capsys):
    code, place = run(ours, "run", "records=0", "seeds=1")
    assert code == 0
    assert table(place / "three_strategies", "differences")["n"].max() == 24
    assert "that needs two seeds or more in each world" in " ".join(capsys.readouterr().out.split())


def test_a_comparison_counts_worlds_and_confirms_in_others(ours, capsys):
    words = ("measures=[gross_margin]", "interim_analyses=[10,14]", "equivalence_margins.gross_margin=0.0001")
    code, place = run(ours, "compare", *words)
    assert code == 0
    study = place / "compare_three_strategies"
    assert table(study, "statements")["pairs"].max() == 14
    worlds, confirmed = table(study, "worlds"), table(study, "runs")
    assert set(confirmed["world"]) == set(list(ours[1])[14:])
    assert set(worlds["world"]) == set(ours[1])
    text = " ".join(capsys.readouterr().out.split())
    assert "A pair is a world: the means of its 2 seeds." in text
    assert "verdicts are not settled after the last interim analysis" not in text or "needs worlds of its own" in text
    assert main(["verify", str(study), "runs=2"]) == 0


def test_each_seed_of_a_sweep_is_a_world_at_every_point(ours, capsys):
    words = ("experiment=null", "strategy=pitch,diagnostic", "market.worth.spillover=0.2,0.8", "seeds=12")
    code, place = run(ours, "sweep", *words)
    assert code == 0
    (study,) = place.iterdir()
    runs = table(study, "runs")
    assert runs.groupby("seed")["world"].nunique().eq(1).all()
    assert runs["world"].nunique() == 12
    row = runs.iloc[30]
    again = by_hand(ours, row["world"], row["arm"], row["seed"], **{"market.worth.spillover": row["market.worth.spillover"]})
    assert row["gross_margin"] == again["gross_margin"]
    assert "Each seed is a world of market=ours, of 24" in " ".join(capsys.readouterr().out.split())
    assert main(["verify", str(study), "runs=3"]) == 0


def test_an_exploration_takes_each_seed_in_its_world(ours, capsys):
    axis = "market.worth.spillover=interval(0,1)"
    words = (axis, "points=16", "trajectories=0", "seeds=3", "most_seeds=3", "emulator_points=0", "experiment=three_strategies")
    code, place = run(ours, "explore", *words)
    assert code == 0
    assert "Each seed is a world of market=ours" in " ".join(capsys.readouterr().out.split())
    points = table(place / "three_strategies" / "explore", "points")
    row = points[points["arm"] == "diagnostic"].iloc[2]
    more = {"market.worth.spillover": row["spillover"]}
    first = list(ours[1])[:3]
    gaps = [
        by_hand(ours, world, "diagnostic", seed, **more)["operating_profit_k"]
        - by_hand(ours, world, "pitch", seed, **more)["operating_profit_k"]
        for seed, world in enumerate(first, start=1)
    ]
    assert row["mean"] == pytest.approx(np.mean(gaps))


def test_an_emulator_is_learned_over_worlds(ours, capsys):
    axis = "market.worth.spillover=interval(0,1)"
    words = (axis, "emulator_points=16", "least_r2=0", "seeds=3", "most_seeds=3", "experiment=three_strategies")
    code, place = run(ours, "explore", *words)
    assert code == 0
    assert "Each seed is a world of market=ours" in " ".join(capsys.readouterr().out.split())
    assert table(place / "three_strategies" / "explore", "emulators")["points"].eq(16).all()


@pytest.mark.parametrize(
    ("command", "words", "message"),
    [
        ("run", ["worlds=5"], "this market has 24 worlds: write worlds=all, a number from 10 to 24"),
        ("run", ["worlds=many"], "study.worlds is many"),
        ("run", ["seeds=[1,5]"], "every world has seeds of its own"),
        ("run", ["market=reference", "worlds=20"], "the market is no ensemble"),
        ("run", ['+experiment.arms.other=["market=teaching"]'], "chooses another market"),
        ("compare", ["interim_analyses=[10,20]"], "every pair needs a world of its own, and market=ours has 24 worlds for 30"),
        ("sweep", ["experiment=null", f"{TASTE}=0.2,0.3", "seeds=40"], "40 seeds are wanted where market=ours has 24 worlds"),
        ("explore", ["most_seeds=20", "emulator_points=0"], "40 seeds are wanted"),  # half of them confirm
        ("explore", ["most_seeds=30"], "30 seeds are wanted"),
        ("explore", ["tornado=true", "tornado_seeds=25"], "25 seeds are wanted"),
    ],
)
def test_what_cannot_be_run_over_worlds_is_refused_in_a_sentence(ours, capsys, command, words, message):
    replaced = {word.partition("=")[0] for word in words}
    line = [word for word in ("market=ours", *WORDS) if word.partition("=")[0] not in replaced]
    assert main([command, *line, f"--config-dir={ours[0]}", f"folder={ours[0].parent / 'results'}", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_file_of_worlds_that_is_missing_or_was_changed_is_named(ours, capsys):
    file = ours[0] / "market" / "ours.worlds.csv"
    content = file.read_text()
    file.write_text(content.replace("0.", "0.0", 1))
    assert run(ours, "run")[0] == 2
    assert "was changed; fit the market again" in capsys.readouterr().err
    file.unlink()
    assert run(ours, "run")[0] == 2
    assert "copy it there, fit the market again, or write worlds=central" in capsys.readouterr().err


def test_show_says_how_many_worlds_there_are_and_what_varies(ours, capsys):
    assert main(["show", "market.bargaining", "market=ours", f"--config-dir={ours[0]}"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "24 worlds" in text
    assert "unit_cost_share" in text
