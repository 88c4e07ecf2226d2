"""Sweeps: what words ask for, the tables they leave, and that nothing depends on who played."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import salesim
from salesim.analyses.sweep.scenarios import Scenarios
from salesim.analyses.sweep.spec import sweep_of
from salesim.cli import main
from salesim.config.axes import Axis
from salesim.config.config_files import configs_folder
from salesim.config.design import points_on
from salesim.config.overrides.composer import Composer
from salesim.config.study import Workers
from salesim.metrics import METRICS, OF_SCENARIO, SHOWN, measure_names
from salesim.report.console.progress import watched
from salesim.runs import summary
from salesim.runs.cost import in_words
from salesim.stats.differences import pair_confidence
from salesim.stats.intervals import simultaneous
from salesim.stats.variance_shares import all_levels, effects, shares

PRESSURE, SHAPE = "market.commoditization.pressure_per_week", "market.customers.complexity_a"
SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "weeks=104", "contest=alone", "seeds=3")


def asked(*words, folders=()):
    """The sweep that words ask for."""
    places = (*folders, configs_folder())
    return sweep_of(words, Composer(places, "sweep"), "salesim sweep")


def files(folder: Path) -> dict[str, bytes]:
    """Every table of a study."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".parquet", ".csv")}


def played(tmp_path, *words) -> Path:
    """The folder of a sweep that went well."""
    assert main(["sweep", *SMALL, *words, f"folder={tmp_path}", "name=mine"]) == 0
    return tmp_path / "mine"


def test_a_grid_has_every_combination_the_last_axis_fastest():
    found = asked(f"{PRESSURE}=0,0.001", "market.customers.count=range(100,301,100)", "experiment=null")
    assert [tuple(point.values()) for point in found.points] == [(p, n) for p in (0, 0.001) for n in (100, 200, 300)]
    assert [placed.scenario(found.first).market.customers.count for placed in found.placed] == [100, 200, 300] * 2


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_a_sampled_design_fills_every_axis_evenly_and_is_the_same_every_time(design):
    words = (f"{SHAPE}=interval(1,4)", "market.customers.count=interval(100,103)", f"{PRESSURE}=0,0.001", f"design={design}")
    one, other = (asked(*words, "points=16", "experiment=null") for _ in range(2))
    assert one.points == other.points
    shapes = np.array([point[SHAPE] for point in one.points])
    assert sorted(np.floor((shapes - 1) / 3 * 16)) == list(range(16))
    counts = [point["market.customers.count"] for point in one.points]
    assert {type(count) for count in counts} == {int}
    assert [counts.count(n) for n in (100, 101, 102, 103)] == [4] * 4
    assert asked(*words, "points=16", "experiment=null", "design_seed=2").points != one.points


def test_a_longer_sobol_sequence_begins_with_the_shorter_one():
    axes = [Axis(SHAPE, "", (), 1.0, 4.0), Axis(PRESSURE, "", (), 0.0, 1.0)]
    assert points_on(axes, "sobol", 64, 1)[:16] == points_on(axes, "sobol", 16, 1)


def test_an_interval_may_be_spread_over_orders_of_magnitude():
    found = asked(f"{PRESSURE}=tag(log,interval(0.0001,0.1))", "design=sobol", "points=8", "experiment=null")
    decades = np.floor(np.log10([point[PRESSURE] for point in found.points]))
    assert sorted(np.unique(decades)) == [-4, -3, -2]


def test_a_strategy_among_the_axes_gives_the_arms_and_keeps_the_baseline():
    found = asked("strategy=diagnostic,pitch,segmented", f"{PRESSURE}=0,0.001", "contest=alone")
    assert found.arms == ("diagnostic", "pitch", "segmented")
    assert found.baseline == "pitch"
    assert [(placed.point, placed.arm) for placed in found.placed] == [(n, arm) for n in (0, 1) for arm in found.arms]
    assert [placed.scenario(found.first).vendors[0].strategy.name for placed in found.placed[:3]] == list(found.arms)
    assert {axis.key for axis in found.axes} == {PRESSURE}


def test_an_experiment_whose_arms_set_something_else_keeps_them_beside_a_swept_strategy():
    found = asked("strategy=pitch,diagnostic", "experiment=cisco_channel", "contest=alone")
    assert found.arms == ("on_request", "hold_and_teach", "rebate", "partner_executives")
    assert [point["strategy"] for point in found.points] == ["pitch", "diagnostic"]
    strategies = [placed.scenario(found.first).vendors[0].strategy.name for placed in found.placed]
    assert strategies == ["pitch"] * 4 + ["diagnostic"] * 4


def test_strategies_can_be_taken_by_pattern_and_lists_can_be_varied():
    assert asked("strategy=glob(*)", "contest=alone").arms == ("diagnostic", "packaged", "pitch", "rainmaking", "segmented")
    found = asked("rivals.strategies=[pitch,pitch],[diagnostic]", "experiment=null")
    assert [len(placed.scenario(found.first).vendors) for placed in found.placed] == [3, 2]
    assert [found.settings_at(placed)["rivals.strategies"] for placed in found.placed] == ["[pitch, pitch]", "[diagnostic]"]


def test_a_study_file_may_say_the_same_and_the_command_line_goes_before_it(tmp_path):
    (tmp_path / "study").mkdir()
    text = f'defaults: [standard, _self_]\nsweep: {{{PRESSURE}: "0,0.001", weeks: "52,104"}}\nseeds: 3\n'
    (tmp_path / "study" / "mine.yaml").write_text(text)
    filed = asked("study=mine", "experiment=null", folders=(tmp_path,))
    said = asked(f"{PRESSURE}=0,0.001", "weeks=52,104", "seeds=3", "experiment=null")
    assert filed.points == said.points
    assert [placed.key for placed in filed.placed] == [placed.key for placed in said.placed]
    assert filed.seeds == 3
    assert [axis.key for axis in asked("study=mine", "weeks=20", "experiment=null", folders=(tmp_path,)).axes] == [PRESSURE]


def test_the_tables_have_every_parameter_and_every_measure_in_a_fixed_order(tmp_path):
    folder = played(tmp_path, "strategy=pitch,diagnostic", f"{PRESSURE}=0,0.001", f"{SHAPE}=1,2")
    runs, points = pd.read_parquet(folder / "runs.parquet"), pd.read_parquet(folder / "points.parquet")
    assert list(runs.columns[:7]) == ["point", "contest", "arm", "strategy", PRESSURE, SHAPE, "seed"]
    assert {*METRICS, *OF_SCENARIO} == set(runs.columns[7:])
    place = list(runs[["point", "arm", "seed"]].itertuples(index=False, name=None))
    assert place == [(p, arm, seed) for p in range(4) for arm in ("pitch", "diagnostic") for seed in (1, 2, 3)]
    assert runs[PRESSURE].tolist() == [0.0] * 12 + [0.001] * 12
    means = runs.groupby(["point", "arm"], sort=False)["gross_margin"].agg(["mean", "std"]).reset_index()
    assert points["gross_margin"].to_numpy() == pytest.approx(means["mean"].to_numpy())
    width = 4.302652729911275 * means["std"] / np.sqrt(3)  # Student's t, 2 degrees of freedom
    assert (points["gross_margin_high"] - points["gross_margin"]).to_numpy() == pytest.approx(width.to_numpy())
    for name in ("runs", "points", "differences", "effects"):
        frame = pd.read_parquet(folder / f"{name}.parquet")
        assert list(pd.read_csv(folder / f"{name}.csv").columns) == list(frame.columns)


def test_differences_are_those_of_shared_seeds_at_each_point(tmp_path):
    folder = played(tmp_path, "strategy=pitch,diagnostic,rainmaking", f"{PRESSURE}=0,0.001")
    runs, found = pd.read_parquet(folder / "runs.parquet"), pd.read_parquet(folder / "differences.parquet")
    at = {key: rows[list(SHOWN)].to_numpy() for key, rows in runs.groupby(["point", "arm"])}
    each = [simultaneous(at[1, arm] - at[1, "pitch"], pair_confidence(0.95, 3)) for arm in ("diagnostic", "rainmaking")]
    mean, low, high = (np.hstack(ends) for ends in zip(*((one.mean, one.low, one.high) for one in each), strict=True))
    mine = found[found["point"] == 1]
    assert mine[["arm", "measure"]].to_numpy().tolist() == [[a, m] for a in ("diagnostic", "rainmaking") for m in SHOWN]
    assert mine[["difference", "low", "high"]].to_numpy() == pytest.approx(np.column_stack([mean, low, high]), nan_ok=True)


def test_a_measure_never_overwrites_a_parameter():
    measures = {*METRICS, *measure_names()}
    assert not measures & {"point", "contest", "arm", "seed", "n", "strategy", "channel", "licence", "market", "weeks"}
    assert not any("." in name for name in measures)


def test_dry_run_says_size_time_and_room_and_leaves_nothing(tmp_path, capsys):
    words = [*SMALL, "strategy=pitch,diagnostic", f"{PRESSURE}=0,0.001", f"folder={tmp_path}", "--dry-run"]
    assert main(["sweep", *words]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for part in (
        "2 points (grid) x 2 arms (pitch, diagnostic)",
        "= 12 runs",
        "About ",
        " s on ",
        "about 5 MB in ",  # hardly more than report.html
        "No run was started",
    ):
        assert part in text
    assert list(tmp_path.iterdir()) == []


def test_more_seeds_and_points_go_on_from_what_is_there(tmp_path, capsys):
    words = (f"{SHAPE}=interval(1,4)", "design=sobol", "experiment=null")
    played(tmp_path, *words, "points=4")
    capsys.readouterr()
    played(tmp_path, *words, "points=8")
    text = capsys.readouterr().out
    assert "24 runs, 12 of them finished earlier\n18 of 24 runs, about" in text
    assert max(len(line.rstrip()) for line in text.splitlines() if str(tmp_path) not in line) <= 100


def test_a_failed_run_is_kept_and_the_answer_says_so(tmp_path, capsys, monkeypatch):
    good = summary.play

    def play(scenario, seed):
        if seed == 2 and scenario.market.commoditization.pressure_per_week == 0.001:
            raise ArithmeticError("no number")
        return good(scenario, seed)

    monkeypatch.setattr(summary, "play", play)
    assert main(["sweep", *SMALL, f"{PRESSURE}=0,0.001", "experiment=null", f"folder={tmp_path}", "name=mine"]) == 1
    assert "1 run failed" in capsys.readouterr().out
    assert list(json.loads((tmp_path / "mine" / "failed.json").read_text())) == ["point 1 alone/pitch seed 2"]
    assert pd.read_parquet(tmp_path / "mine" / "points.parquet")["n"].tolist() == [3, 2]


def test_effects_find_what_moves_a_measure_and_what_does_not():
    rng = np.random.default_rng(1)
    rows = [{"contest": "alone", "a": a, "b": b, "arm": arm} for a in range(6) for b in range(5) for arm in ("one", "two")]
    for row in rows:
        row |= {"gross_margin": 3.0 * row["a"] + (10.0 if row["arm"] == "two" else 0.0) + rng.normal(0, 1e-6)}
    found = {row["parameter"]: row for row in effects(rows, ["a", "b", "arm"], ["alone"], ["gross_margin"])}
    a, two = 9 * np.var(range(6)), 25.0
    assert found["a"]["share"] == pytest.approx(a / (a + two), abs=1e-6)
    assert found["arm"]["share"] == pytest.approx(two / (a + two), abs=1e-6)
    assert found["a"]["at_high"] - found["a"]["at_low"] == pytest.approx(15.0, abs=1e-5)
    assert found["b"]["share"] == pytest.approx(0.0, abs=1e-6)
    assert (found["arm"]["level_low"], found["arm"]["level_high"]) == ("one", "two")


def test_shares_of_a_design_that_is_balanced_on_average_alone_are_right_on_average():
    found = []
    for seed in range(60):
        a, b, c = np.random.default_rng(seed).uniform(-1, 1, (3, 64))
        parts = shares(all_levels({"a": a.tolist(), "b": b.tolist(), "c": c.tolist()}), (3.0 * a + b)[:, None])
        found.append([float(parts[name][0]) for name in "abc"])
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(len(found))
    assert mean == pytest.approx([0.9, 0.1, 0.0], abs=0.03)  # eighths hide a 64th
    assert abs(mean[2]) < 4 * error[2]


def test_shares_are_unknown_where_no_row_is_left_to_judge_them_and_leave_out_what_is_nan():
    levels = {"a": [0.0, 1.0, 2.0]}
    assert np.isnan(shares(all_levels(levels), np.arange(3.0)[:, None])["a"]).all()
    twice = all_levels({"a": [0.0, 1.0, 2.0] * 2})
    values = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, np.nan]] * 2)
    assert shares(twice, values)["a"].tolist() == pytest.approx([1.0, 1.0])


def test_a_study_opened_from_a_notebook_is_tidy(tmp_path):
    study = salesim.open_study(played(tmp_path, "strategy=pitch,diagnostic", f"{PRESSURE}=0,0.001"))
    assert study.tables == ["differences", "effects", "leads", "points", "runs", "scenarios"]
    assert study.parameters == ["strategy", PRESSURE]
    assert list(study.runs["arm"].cat.categories) == ["pitch", "diagnostic"]
    long = study.long()
    assert len(long) == len(study.runs) * len(METRICS)
    assert set(long.columns) == {"point", "contest", "arm", "seed", "strategy", PRESSURE, "measure", "value", "unit", "title"}
    with pytest.raises(salesim.config.errors.InputError, match="did you mean runs"):
        study["rusn"]


def test_export_gives_every_table_to_other_programs(tmp_path, capsys):
    folder = played(tmp_path, "strategy=pitch,diagnostic", f"{PRESSURE}=0,0.001")
    for kind in ("csv", "excel"):
        assert main(["export", str(folder), f"format={kind}"]) == 0
    runs, book = pd.read_parquet(folder / "runs.parquet"), pd.read_excel(folder / "export" / "mine.xlsx", sheet_name=None)
    assert list(book) == ["differences", "effects", "leads", "points", "runs", "scenarios", "columns"]
    pd.testing.assert_frame_equal(book["runs"], runs, check_dtype=False)
    pd.testing.assert_frame_equal(pd.read_csv(folder / "export" / "runs.csv"), runs)
    columns = book["columns"].set_index(["table", "column"])
    assert set(columns.loc["runs"].index) == set(runs)
    assert columns.loc[("runs", PRESSURE)].tolist() == [
        "share a week", "how fast the difference that customers still see shrinks by itself, where 0.001 is 5 % a year"
    ]  # fmt: skip


def test_a_damaged_shard_is_named_and_its_runs_are_played_again(tmp_path, capsys):
    words = (f"{PRESSURE}=0,0.001", "experiment=null")
    folder = played(tmp_path, *words)
    before = files(folder)
    shard = next((folder / "runs").glob("*.parquet"))
    shard.write_bytes(shard.read_bytes()[:-9])
    assert main(["sweep", *SMALL, *words, f"folder={tmp_path}", "name=mine", "--dry-run"]) == 0
    assert shard.exists()
    capsys.readouterr()
    played(tmp_path, *words)
    assert f"run again: {shard.name}" in capsys.readouterr().out
    assert files(folder) == before


def test_scenarios_that_differ_in_numbers_are_composed_once_for_each_arm_and_contest(monkeypatch):
    composed, compose = [], Scenarios.base
    monkeypatch.setattr(Scenarios, "base", lambda *args: composed.append(args[-2:]) or compose(*args))
    found = asked(f"{SHAPE}=interval(1,4)", f"{PRESSURE}=interval(0,0.002)", "design=sobol", "points=64")
    assert len(found.placed) == 384
    assert composed == [(contest, arm) for contest in found.contests for arm in found.arms]
    assert len({placed.key for placed in found.placed}) == 384 - 64  # pitch is the same in both contests


def test_checking_many_scenarios_says_how_far_it_is(monkeypatch, capsys):
    monkeypatch.setattr("salesim.report.console.progress.PATIENCE_SECONDS", 0.0)
    assert list(watched("abc", 3, "scenarios")) == ["a", "b", "c"]
    assert "  2 of 3 scenarios are checked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("players", "words"),
    [
        (Workers("threads", 1), "one thread"),
        (Workers("processes", 1), "one process"),
        (Workers("processes", 3), "3 processes"),
        (Workers("dask", 1, "tcp://x:1"), "one thread of the cluster"),
    ],
)
def test_the_cost_says_who_plays(players, words):
    assert in_words(players) == words
