"""The whole procedure on a small market: what it leaves, that it goes on where it was, and that it is the same every time."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.compare.cost import estimate
from salesim.analyses.compare.run import run, save
from salesim.analyses.compare.spec import Budget, Comparison
from salesim.config.study import Workers
from salesim.report.page.study_page import write_page
from salesim.report.study_files import read_study
from salesim.report.text.compare import verdict_of_comparison
from salesim.runs import runner, store, summary
from tests.analyses.compare.conftest import Remembers

TABLES = ("statements", "interim_analyses", "selection")


def played(comparison: Comparison, listener: Remembers | None = None) -> Path:
    """The folder of a comparison."""
    return save(comparison, run(comparison, listener or Remembers()))


def record_of(folder: Path) -> dict[str, object]:
    return json.loads((folder / "compare.json").read_text())


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a study but the shards of its runs, byte by byte."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "runs" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_comparison_leaves_its_tables_and_its_record(make_comparison):
    folder = played(make_comparison())
    for name in TABLES:
        parquet, text = pd.read_parquet(folder / f"{name}.parquet"), pd.read_csv(folder / f"{name}.csv")
        assert len(parquet) == len(text) > 0
    statements = pd.read_parquet(folder / "statements.parquet")
    assert list(statements["arm"]) == ["diagnostic", "diagnostic", "rainmaking", "rainmaking"]
    assert set(statements["against"]) == {"pitch"}
    assert set(statements["verdict"]) <= {"higher", "lower", "equivalent", "equal", "cannot tell"}
    record = record_of(folder)
    assert record["equivalence_margins"] == {"gross_margin": 0.01, "win_rate": 0.02}
    assert record["interim_analyses"] == [10, 20, 40]
    assert record["stopped"] in ("settled", "last analysis")


def test_the_page_has_the_sentences_of_the_saved_folder(make_comparison):
    folder = played(make_comparison())
    verdict = verdict_of_comparison(read_study(folder))
    assert verdict.contests[0].first[0].startswith("Gross margin of deals won (higher is better): ")
    page = write_page(folder).read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "How sure is that?" in page
    assert verdict.certainty[0] in page


def test_the_runs_it_counts_are_those_it_played(make_comparison):
    comparison = make_comparison()
    folder = played(comparison)
    record = record_of(folder)
    confirmation = 3 * comparison.confirmation_seeds
    assert record["runs"] == len(store.RunStore(folder / "runs").index) == sum(record["pairs"].values()) + confirmation
    assert record["confirmation_runs"] == confirmation


def test_a_size_is_the_mean_of_all_pairs_and_its_interval_that_of_the_interim_analyses(make_comparison):
    comparison = make_comparison()
    folder = played(comparison)
    index = store.RunStore(folder / "runs").index
    analyses = pd.read_parquet(folder / "interim_analyses.parquet")
    for row in pd.read_parquet(folder / "statements.parquet").itertuples():
        seeds = [*range(1, row.played + 1), *range(1001, 1013)]
        arm, base = (
            np.array([index[comparison.keys["alone", name], seed]["measures"][row.measure] for seed in seeds])
            for name in (row.arm, "pitch")
        )
        assert row.size == pytest.approx(np.nanmean(arm - base))
        assert row.confirmation_difference == pytest.approx(np.nanmean((arm - base)[row.played :]))
        last = analyses[(analyses["arm"] == row.arm) & (analyses["measure"] == row.measure)].iloc[-1]
        assert (row.low, row.high, row.verdict) == (last["low"], last["high"], last["verdict"])
        assert (row.verdict == "higher") == (row.low > 0)


def test_common_random_numbers_gain_correlation_and_variance_ratio(make_comparison):
    comparison = make_comparison()
    folder = played(comparison)
    index = store.RunStore(folder / "runs").index
    for row in pd.read_parquet(folder / "statements.parquet").itertuples():
        one, base = (
            np.array(
                [index[comparison.keys["alone", name], seed]["measures"][row.measure] for seed in range(1, row.played + 1)]
            )
            for name in (row.arm, "pitch")
        )
        both = np.isfinite(one) & np.isfinite(base)  # without a deal won there is no margin
        one, base = one[both], base[both]
        assert row.correlation == pytest.approx(np.corrcoef(one, base)[0, 1])
        assert row.variance_ratio == pytest.approx((one.var() + base.var()) / (one - base).var())


def test_an_interrupted_comparison_that_goes_on_equals_an_uninterrupted_one(make_comparison, monkeypatch):
    monkeypatch.setattr(runner, "SHARD_RUNS", 5)
    whole = contents(played(make_comparison(place="one")))
    for stop in (7, 40, 60):
        with pytest.raises(KeyboardInterrupt):
            played(make_comparison(place="other"), Remembers(stop))
    assert contents(played(make_comparison(place="other"))) == whole


def test_finished_runs_are_not_played_again(make_comparison, monkeypatch):
    played(make_comparison())
    monkeypatch.setattr("salesim.runs.runner.outcomes", lambda *_: pytest.fail("a run was played again"))
    played(make_comparison())


def test_results_do_not_depend_on_the_number_of_workers(make_comparison):
    one, four = (
        contents(played(replace(each, study=replace(each.study, worker_spec=Workers(count=workers)))))
        for each, workers in ((make_comparison(place=str(workers)), workers) for workers in (1, 4))
    )
    assert one == four


def test_the_same_strategy_with_shared_seeds_differs_by_exactly_nothing(make_comparison):
    folder = played(make_comparison(("pitch", "pitch2")))
    statements = pd.read_parquet(folder / "statements.parquet")
    assert (statements[["difference", "low", "high", "size", "confirmation_difference", "may_differ"]] == 0.0).all(axis=None)
    assert set(statements["verdict"]) == {"equal"}
    assert set(statements["settled_after"]) == {10}


def test_of_two_arms_the_better_follows_from_their_difference(make_comparison):
    folder = played(make_comparison(("pitch", "diagnostic")))
    selection = pd.read_parquet(folder / "selection.parquet")
    statements = pd.read_parquet(folder / "statements.parquet")
    assert set(selection["rule"]) == {"interval of the difference"}
    assert list(selection["decided"]) == [verdict in ("higher", "lower") for verdict in statements["verdict"]]


def test_an_arm_whose_verdicts_are_settled_is_not_played_on(make_comparison):
    """The twin of the baseline is settled at once; diagnostic on a difference of almost nothing is not."""
    comparison = make_comparison(
        ("pitch", "pitch2", "diagnostic"), measures=("win_rate",), equivalence_margins={"win_rate": 1e-6}
    )
    folder = played(comparison)
    analyses = pd.read_parquet(folder / "interim_analyses.parquet")
    assert record_of(folder)["pairs"]["alone/diagnostic"] >= record_of(folder)["pairs"]["alone/pitch2"]
    assert set(analyses[analyses["arm"] == "pitch2"]["verdict"]) == {"equal"}


def test_failed_runs_are_left_out_and_counted(make_comparison, monkeypatch):
    play = summary.play

    def fails(scenario, seed):
        if seed == 3:
            raise ArithmeticError("seed 3 fails")
        return play(scenario, seed)

    monkeypatch.setattr(summary, "play", fails)
    folder = played(make_comparison(interim_analyses=(12, 24)))
    failed = json.loads((folder / "failed.json").read_text())
    assert record_of(folder)["failed"] == len(failed) == 3
    assert "seed 3 fails" in failed["alone/pitch seed 3"]
    analyses = pd.read_parquet(folder / "interim_analyses.parquet")
    assert set(analyses[analyses["analysis"] == 1]["pairs"]) == {11}


TINY = {"gross_margin": 1e-9, "win_rate": 1e-9}


def test_a_budget_ends_play_at_the_last_interim_analysis_that_fits(make_comparison):
    most = {}
    for runs in (60, 79, 80, 103, 104, 1000):
        comparison = make_comparison(
            ("pitch", "diagnostic"), str(runs), equivalence_margins=TINY, confirmation_seeds=12, budget=Budget(runs, None)
        )
        record = record_of(played(comparison))
        assert record["runs"] <= runs
        most[runs] = max(record["pairs"].values())
        assert record["limit"] == runs
    settled = record_of(played(make_comparison(("pitch", "diagnostic"), "whole", equivalence_margins=TINY)))
    assert most[60] == 10
    assert most[79] == min(20, max(settled["pairs"].values()))
    assert most[1000] == max(settled["pairs"].values())


def test_a_budget_that_does_not_reach_says_so_in_the_record_and_a_larger_one_goes_on(make_comparison):
    short, whole = (
        make_comparison(("pitch", "diagnostic"), measures=("win_rate",), equivalence_margins={"win_rate": 1e-9}, **more)
        for more in ({"budget": Budget(50, None)}, {})
    )
    record = record_of(played(short))
    assert (record["stopped"], record["open"], record["pairs"]["alone/pitch"]) == ("budget", 1, 10)
    assert (
        contents(played(whole))["statements.csv"]
        == contents(played(replace(whole, study=replace(whole.study, folder=whole.study.folder.parent / "anew"))))[
            "statements.csv"
        ]
    )


def test_an_interrupted_budget_of_time_plays_the_same_runs(make_comparison, monkeypatch):
    comparison = make_comparison(budget=Budget(None, 100.0))
    monkeypatch.setattr("salesim.runs.cost.time_of", lambda *_: (1.0, 1000))
    limit = estimate(comparison).counts["limit"]
    with pytest.raises(KeyboardInterrupt):
        played(comparison, Remembers(5))
    monkeypatch.setattr("salesim.runs.cost.time_of", lambda *_: (0.01, 1000))
    assert estimate(replace(comparison)).counts["limit"] == limit
    assert limit < estimate(replace(comparison, budget=Budget(None, 101.0))).counts["limit"]


def test_what_a_comparison_costs_is_counted_before_the_first_run(make_comparison):
    several, twins = estimate(make_comparison()), estimate(make_comparison(("pitch", "pitch2")))
    assert several.counts == {"first": 30, "most": 120, "confirmation": 36}
    assert (several.n_runs, several.more) == (66, 156 / 66)
    assert twins.counts == {"first": 10, "most": 40, "confirmation": 12}
    assert estimate(make_comparison(budget=Budget(100, None))).more == 100 / 66


def test_a_budget_is_written_as_people_write_it():
    budgets = Budget(1500, None), Budget(None, 90.0), Budget(None, 120.0), Budget(None, 1.5)
    assert [str(each) for each in budgets] == ["1,500 runs", "90 s", "2 min", "1.5 s"]
