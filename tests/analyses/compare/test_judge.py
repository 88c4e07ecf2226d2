"""The whole procedure on a small market: what it leaves, that it goes on where it was, and that it is the same every time."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.compare import budget
from salesim.analyses.compare.run import judge
from salesim.analyses.compare.spec import Budget
from salesim.config.errors import InputError
from salesim.metrics import METRICS
from salesim.report.page.study_page import write_page
from salesim.runs import runner, store, summary
from tests.analyses.compare.conftest import Told

TABLES = ("statements", "looks", "pilot", "selection")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a study but the shards of its runs, byte by byte."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "runs" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_comparison_leaves_its_tables_its_verdict_and_its_record(make_plan):
    folder = judge(make_plan(), Told())
    for name in TABLES:
        parquet, text = pd.read_parquet(folder / f"{name}.parquet"), pd.read_csv(folder / f"{name}.csv")
        assert len(parquet) == len(text) > 0
    statements = pd.read_parquet(folder / "statements.parquet")
    assert list(statements["arm"]) == ["diagnostic", "diagnostic", "rainmaking", "rainmaking"]
    assert set(statements["verdict"]) <= {"higher", "lower", "equivalent", "equal", "cannot tell"}
    record = json.loads((folder / "compare.json").read_text())
    assert record["matters"] == {"gross_margin": 0.01, "win_rate": 0.02}
    assert record["looks"] == [10, 20, 40]
    words = json.loads((folder / "verdict.json").read_text())["sentences"]
    assert words[0].startswith(f"Alone against its rivals: {METRICS['gross_margin'].title.lower()} (higher is better): ")
    assert words[-1] == "To repeat it: salesim compare"
    assert "How sure is that?" in write_page(folder).read_text(encoding="utf-8")


def test_the_runs_it_counts_are_those_it_played(make_plan):
    plan = make_plan()
    folder = judge(plan, Told())
    record = json.loads((folder / "compare.json").read_text())
    assert record["runs"] == len(store.RunStore(folder / "runs").index) == sum(record["judged"].values()) + 3 * plan.fresh


def test_verdicts_are_those_of_the_intervals_and_effects_those_of_fresh_seeds(make_plan):
    folder = judge(make_plan(), Told())
    statements = pd.read_parquet(folder / "statements.parquet")
    runs = pd.read_parquet(folder / "runs.parquet")
    assert set(runs["seed"]) == set(range(1001, 1013))
    for row in statements.itertuples():
        wide = runs.pivot(index="seed", columns="arm", values=row.measure)
        assert row.fresh_difference == pytest.approx((wide[row.arm] - wide["pitch"]).mean())
        assert (row.verdict == "higher") == (row.low > 0)


def test_an_interrupted_comparison_that_goes_on_equals_an_uninterrupted_one(make_plan, monkeypatch):
    monkeypatch.setattr(runner, "SHARD_RUNS", 5)
    whole = contents(judge(make_plan(place="one"), Told()))
    for stop in (7, 40, 60):
        with pytest.raises(KeyboardInterrupt):
            judge(make_plan(place="other"), Told(stop))
    assert contents(judge(make_plan(place="other"), Told())) == whole


def test_finished_runs_are_not_played_again(make_plan, monkeypatch):
    judge(make_plan(), Told())
    monkeypatch.setattr("salesim.runs.summary.summary", lambda *_: pytest.fail("a run was played again"))
    judge(make_plan(), Told())


def test_results_do_not_depend_on_the_number_of_workers(make_plan):
    plans = [make_plan(place=str(workers)) for workers in (1, 4)]
    one, four = (
        contents(judge(replace(p, study=replace(p.study, workers=n)), Told())) for p, n in zip(plans, (1, 4), strict=True)
    )
    assert one == four


def test_the_same_strategy_with_shared_seeds_differs_by_exactly_nothing(make_plan):
    folder = judge(make_plan(("pitch", "pitch2")), Told())
    statements = pd.read_parquet(folder / "statements.parquet")
    assert (statements[["difference", "low", "high", "fresh_difference", "fresh_low", "fresh_high"]] == 0.0).all(axis=None)
    assert set(statements["verdict"]) == {"equal"}
    assert set(statements["settled"]) == {10}


def test_two_arms_are_judged_without_a_race(make_plan):
    folder = judge(make_plan(("pitch", "diagnostic")), Told())
    selection = pd.read_parquet(folder / "selection.parquet")
    statements = pd.read_parquet(folder / "statements.parquet")
    assert set(selection["rule"]) == {"interval of the difference"}
    assert list(selection["decided"]) == [verdict in ("higher", "lower") for verdict in statements["verdict"]]


def test_an_arm_whose_questions_are_settled_is_not_played_on(make_plan):
    """The twin of the baseline is settled in the pilot; diagnostic on a difference of almost nothing is not."""
    plan = make_plan(("pitch", "pitch2", "diagnostic"), measures=("win_rate",), matters={"win_rate": 1e-6})
    record = json.loads((judge(plan, Told()) / "compare.json").read_text())
    looks = pd.read_parquet(plan.study.own_folder / "looks.parquet")
    assert record["judged"]["alone/diagnostic"] >= record["judged"]["alone/pitch2"]
    assert set(looks[looks["arm"] == "pitch2"]["verdict"]) == {"equal"}


def test_failed_runs_are_left_out_and_told(make_plan, monkeypatch):
    play = summary.play

    def fails(scenario, seed):
        if seed == 3:
            raise ArithmeticError("seed 3 has no luck")
        return play(scenario, seed)

    monkeypatch.setattr(summary, "play", fails)
    folder = judge(make_plan(), Told())
    record = json.loads((folder / "compare.json").read_text())
    failed = json.loads((folder / "failed.json").read_text())
    assert record["failed"] == len(failed) == 3
    assert "seed 3 has no luck" in failed["alone/pitch seed 3"]
    assert set(pd.read_parquet(folder / "pilot.parquet")["pairs"]) == {9}


def test_a_budget_of_runs_is_kept_and_gives_the_same_every_time(make_plan):
    plans = [make_plan(budget=Budget(120, None), place=place) for place in ("one", "other")]
    one, other = (contents(judge(plan, Told())) for plan in plans)
    assert one == other
    record = json.loads(one["compare.json"])
    assert record["runs"] <= 120
    assert record["fresh"] >= 10
    assert min(record["judged"].values()) >= 20
    assert len(store.RunStore(plans[0].study.own_folder / "runs").index) == record["runs"]


@pytest.mark.parametrize(("arms", "runs"), [(("pitch", "diagnostic"), 60), (("pitch", "diagnostic", "rainmaking"), 101)])
def test_the_smallest_budgets_hold_the_pilot_the_verdicts_and_the_fresh_seeds(make_plan, arms, runs):
    plan = make_plan(arms, budget=Budget(runs, None))
    folder = judge(plan, Told())
    assert len(store.RunStore(folder / "runs").index) <= runs
    assert plan.least == 30 * len(arms)


@pytest.mark.parametrize("runs", [90, 91, 119, 120, 500, 5000])
def test_shares_of_a_budget_sum_to_it_and_none_is_too_small(make_plan, runs):
    plan = make_plan(budget=Budget(runs, None))
    shares = plan.shares(runs)
    assert 3 * shares.pilot + shares.second + 3 * shares.fresh == runs
    assert 10 <= shares.pilot <= plan.looks[0]
    assert 10 <= shares.fresh <= plan.fresh
    assert shares.second >= 3 * 10


def test_an_interrupted_budget_goes_on_with_the_same_plan(make_plan, monkeypatch):
    monkeypatch.setattr(runner, "SHARD_RUNS", 5)
    whole = contents(judge(make_plan(budget=Budget(120, None), place="one"), Told()))
    for stop in (12, 50):
        with pytest.raises(KeyboardInterrupt):
            judge(make_plan(budget=Budget(120, None), place="other"), Told(stop))
    assert contents(judge(make_plan(budget=Budget(120, None), place="other"), Told())) == whole


def test_time_that_is_too_short_is_refused_with_the_least_it_takes(make_plan):
    with pytest.raises(InputError, match=r"is 0\.001 s; the smallest comparison is 90 runs, 3 scenarios x 30 .* s here"):
        judge(make_plan(budget=Budget(None, 0.001)), Told())


def test_a_budget_is_written_as_people_write_it():
    budgets = Budget(1500, None), Budget(None, 90.0), Budget(None, 120.0), Budget(None, 1.5)
    assert [str(each) for each in budgets] == ["1,500 runs", "90 s", "2 min", "1.5 s"]


def test_time_that_runs_away_after_the_start_ends_a_comparison_with_an_answer(make_plan, monkeypatch):
    monkeypatch.setattr(budget.Stages, "runs_in", lambda *_: 100)
    monkeypatch.setattr(budget.Clock, "left", 0.0)
    folder = judge(make_plan(budget=Budget(None, 5.0)), Told())
    record = json.loads((folder / "compare.json").read_text())
    assert set(record["judged"].values()) == {20}  # a pilot of 10, and as few more
    assert record["fresh"] == 10
    assert len(pd.read_parquet(folder / "statements.parquet")) == 4


def test_a_budget_of_time_plays_more_when_there_is_more(make_plan, monkeypatch):
    tiny = {"gross_margin": 1e-9, "win_rate": 1e-9}
    played = []
    for place, runs in (("short", 100), ("long", 400)):
        monkeypatch.setattr(budget.Clock, "runs_left", lambda _, done, runs=runs: max(0, runs - done))
        plan = make_plan(("pitch", "diagnostic"), place, budget=Budget(None, 5.0), matters=tiny)
        played.append(json.loads((judge(plan, Told()) / "compare.json").read_text())["runs"])
        assert played[-1] <= runs
    assert played[1] > 1.5 * played[0]


def test_an_interrupted_budget_of_time_goes_on_with_its_plan(make_plan, monkeypatch):
    monkeypatch.setattr(budget.Clock, "runs_left", lambda _, played: max(0, 200 - played))
    plan = make_plan(budget=Budget(None, 5.0))
    with pytest.raises(KeyboardInterrupt):
        judge(plan, Told(60))
    monkeypatch.setattr(budget.Clock, "runs_left", lambda *_: 10_000)
    assert json.loads((judge(plan, Told()) / "compare.json").read_text())["runs"] <= 200


def test_a_comparison_without_a_budget_leaves_nothing_of_one_with(make_plan):
    folder = judge(make_plan(), Told())
    assert (folder / "looks.csv").is_file()
    assert not (judge(make_plan(budget=Budget(120, None)), Told()) / "looks.csv").exists()


def test_the_pilot_tells_correlation_and_variance_ratio(make_plan):
    folder = judge(make_plan(), Told())
    for row in pd.read_parquet(folder / "pilot.parquet").itertuples():
        known = store.RunStore(folder / "runs").index
        plan = make_plan()
        one, base = (
            np.array([known[plan.keys["alone", name], seed]["measures"][row.measure] for seed in range(1, 11)])
            for name in (row.arm, "pitch")
        )
        assert row.correlation == pytest.approx(np.corrcoef(one, base)[0, 1])
        assert row.variance_ratio == pytest.approx((one.var() + base.var()) / (one - base).var())
