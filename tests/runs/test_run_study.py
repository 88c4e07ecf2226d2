"""Studies: the same tables whatever happens on the way."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.config.study import Arm, Study, Workers
from salesim.metrics import METRICS
from salesim.runs import files, runner, save_study, store, summary
from salesim.runs.run_study import run_study
from salesim.runs.summary import thirds
from tests.records_factory import synthetic

TABLES = ("runs", "years", "bridge", "passthrough", "closing", "segments", "differences")
COMMON = {
    "question": "Which?",
    "baseline": "pitch",
    "first_seed": 1,
    "confidence": 0.95,
    "records": 1,
    "discount_rate": 0.08,
    "worker_spec": Workers(count=2),
    "command": "salesim run",
}
PRICE_WEIGHTS = {"pitch": 1.0, "diagnostic": 1.25, "rainmaking": 1.5}


def arm(contest: str, name: str) -> Arm:
    weight = PRICE_WEIGHTS[name] + (0.1 if contest == "everyone" else 0.0)
    return Arm(contest, name, default_scenario(None, **{"market.customers.price_weight": weight, "weeks": 260}))


def study_in(folder: Path, **differences) -> Study:
    arms = tuple(arm(contest, name) for contest in ("everyone", "alone") for name in ("rainmaking", "pitch", "diagnostic"))
    plain = Study(
        **COMMON,
        name="three",
        arms=arms,
        seeds=6,
        folder=folder,
        resolved={"weeks": 260},
    )
    return replace(plain, **differences)


@pytest.fixture
def played(monkeypatch):
    """The market is replaced by quick random records that depend on scenario and seed; the list of what was played."""
    calls = []

    def play(scenario, seed):
        calls.append((scenario.market.customers.price_weight, seed))
        return synthetic(seed + round(1000 * scenario.market.customers.price_weight), n_deals=120)

    replace_play(monkeypatch, play)
    monkeypatch.setattr(runner, "SHARD_RUNS", 4)
    return calls


def replace_play(monkeypatch, play):
    """Have `play` make the records of runs, and those that are kept."""
    for module in (summary, save_study):
        monkeypatch.setattr(module, "play", play)


class Heard:
    """Progress that calls a function of the finished and of all runs."""

    def __init__(self, advance) -> None:
        self.advance = advance

    def begin(self, stage: str) -> None:
        raise AssertionError(f"a study has one stage, and {stage} begins")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a study but the shards of its runs, byte by byte."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "runs" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_series_of_agents_are_kept_for_the_seeds_whose_records_are(tmp_path):
    small = default_scenario(None, **{"weeks": 30, "market.customers.count": 20})
    arms = tuple(Arm("alone", name, small) for name in ("pitch", "other"))
    study = study_in(tmp_path, arms=arms, seeds=2, series=("salespeople", "relations"), series_weeks=13)
    folder = run_study(study)
    table = pd.read_parquet(folder / "series_salespeople.parquet")
    assert list(table.columns[:6]) == ["contest", "arm", "seed", "week", "row", "vendor"]
    assert table[["arm", "seed", "week"]].drop_duplicates().to_numpy().tolist() == [
        [arm, 1, week] for arm in ("pitch", "other") for week in (13, 26, 30)
    ]
    assert {"adoption", "cynicism", "hours_used"} < set(table)
    assert len(pd.read_csv(folder / "series_relations.csv")) == 2 * 3 * 20 * len(small.vendors)
    assert "series_relations.parquet" in json.loads((folder / "study.json").read_text())["files"]
    run_study(replace(study, series=("salespeople",)))
    assert not list(folder.glob("series_relations.*"))


def test_series_are_of_the_weeks_in_the_records(tmp_path):
    small = default_scenario(None, **{"weeks": 26, "market.customers.count": 20})
    folder = run_study(study_in(tmp_path, arms=(Arm("alone", "pitch", small),), seeds=1, series=("relations",), series_weeks=1))
    series = pd.read_parquet(folder / "series_relations.parquet")
    weeks = pd.read_parquet(next((folder / "records").iterdir()) / "weeks.parquet")
    mean = series.groupby(["week", "vendor"])["trust"].mean().to_numpy()
    assert mean == pytest.approx(weeks["trust"].to_numpy(), abs=1e-12)


def test_a_study_leaves_all_its_tables_and_what_is_needed_to_repeat_it(played, tmp_path):
    folder = run_study(study_in(tmp_path))
    assert folder == tmp_path / "three"
    for name in TABLES:
        parquet, text = pd.read_parquet(folder / f"{name}.parquet"), pd.read_csv(folder / f"{name}.csv")
        assert len(parquet) == len(text) > 0
        assert list(parquet.columns) == list(text.columns)
    record = json.loads((folder / "study.json").read_text())
    assert record["seeds"] == [1, 2, 3, 4, 5, 6]
    assert record["command"] == "salesim run"
    assert set(METRICS) < set(pd.read_parquet(folder / "runs.parquet").columns)


def test_rows_are_in_the_order_of_contests_arms_and_seeds(played, tmp_path):
    runs = pd.read_parquet(run_study(study_in(tmp_path)) / "runs.parquet")
    expected = [(a.contest, a.name, seed) for a in study_in(tmp_path).arms for seed in range(1, 7)]
    assert list(runs[["contest", "arm", "seed"]].itertuples(index=False, name=None)) == expected


def test_results_do_not_depend_on_the_number_of_workers(played, tmp_path):
    one, four = (run_study(study_in(tmp_path / str(workers), worker_spec=Workers(count=workers))) for workers in (1, 4))
    assert contents(one) == contents(four)


def test_an_interrupted_study_that_is_started_again_equals_an_uninterrupted_one(played, tmp_path):
    whole = contents(run_study(study_in(tmp_path / "whole")))

    def interrupt(done, total):
        if done in (9, 23):
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run_study(study_in(tmp_path / "broken"), Heard(interrupt))
    assert contents(run_study(study_in(tmp_path / "broken"))) == whole


def test_finished_runs_are_not_played_again(played, tmp_path):
    run_study(study_in(tmp_path, records=0))
    n_played = len(played)
    run_study(study_in(tmp_path, records=0))
    run_study(study_in(tmp_path, records=0, seeds=8))
    assert n_played == 36
    assert len(played) == 36 + 2 * 6


def test_equal_scenarios_of_several_arms_are_played_once(played, tmp_path):
    twins = tuple(Arm("alone", name, default_scenario(None, weeks=260)) for name in ("pitch", "twin"))
    folder = run_study(study_in(tmp_path, arms=twins, records=0))
    assert len(played) == 6
    found = pd.read_parquet(folder / "differences.parquet").query("arm == 'twin'")
    assert set(found["verdict"]) <= {"equal"}
    assert (found["difference"] == 0.0).all()


def test_a_failed_run_is_kept_with_its_traceback_and_the_rest_goes_on(played, tmp_path, monkeypatch):
    good = summary.play

    def play(scenario, seed):
        if seed == 3 and scenario.market.customers.price_weight == 1.25:
            raise AssertionError("impossible state in week 17")
        return good(scenario, seed)

    replace_play(monkeypatch, play)
    folder = run_study(study_in(tmp_path))
    failed = json.loads((folder / "failed.json").read_text())
    assert list(failed) == ["alone/diagnostic seed 3"]
    assert "impossible state in week 17" in failed["alone/diagnostic seed 3"]
    assert "Traceback" in failed["alone/diagnostic seed 3"]
    assert len(pd.read_parquet(folder / "runs.parquet")) == 35
    assert json.loads((folder / "study.json").read_text())["failed"] == 1
    replace_play(monkeypatch, good)
    run_study(study_in(tmp_path))
    assert not (folder / "failed.json").exists()


def test_a_failed_first_seed_does_not_stop_the_records_of_the_others(played, tmp_path, monkeypatch):
    good = summary.play
    replace_play(monkeypatch, lambda scenario, seed: good(scenario, seed if seed != 1 else None))
    folder = run_study(study_in(tmp_path, records=2))
    assert sorted(path.name[-1] for path in (folder / "records").iterdir()) == ["2"] * 6


def test_if_every_run_fails_the_first_error_is_named(played, tmp_path, monkeypatch):
    replace_play(monkeypatch, lambda *_: 1 / 0)
    with pytest.raises(InputError, match=r"every run of three failed.*division by zero"):
        run_study(study_in(tmp_path))


def test_progress_advances_one_by_one_up_to_the_total(played, tmp_path):
    steps = []
    run_study(study_in(tmp_path), Heard(lambda done, total: steps.append((done, total))))
    assert steps == [(done, 36) for done in range(37)]


def test_records_are_kept_for_the_first_seeds_of_every_arm(played, tmp_path):
    folder = run_study(study_in(tmp_path, records=2))
    assert len(list((folder / "records").iterdir())) == 12
    assert len(pd.read_parquet(folder / "records" / "alone-pitch-2" / "deals.parquet")) == 120


def test_a_damaged_shard_is_named_and_its_runs_are_played_again(played, tmp_path):
    folder = run_study(study_in(tmp_path, records=0))
    before, n_played = contents(folder), len(played)
    shard = sorted((folder / "runs").glob("shard-*.parquet"))[0]
    shard.write_bytes(shard.read_bytes()[:-200] + b"?" * 200)
    run_study(study_in(tmp_path, records=0))
    assert len(played) == n_played + 4
    assert json.loads((folder / "study.json").read_text())["damaged"] == [shard.name]
    again = contents(folder)
    assert {name: again[name] for name in before if name != "study.json"} == {
        name: before[name] for name in before if name != "study.json"
    }


def test_another_scenario_or_model_is_another_key(monkeypatch):
    first = store.scenario_key(default_scenario(None, weeks=260))
    assert first == store.scenario_key(default_scenario(None, weeks=260))
    assert first != store.scenario_key(default_scenario(None, weeks=261))
    monkeypatch.setattr(store, "model_version", lambda: "another")
    assert first != store.scenario_key(default_scenario(None, weeks=260))


def test_a_folder_that_cannot_be_written_to_is_refused_before_any_run(played, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(InputError, match=r"results cannot be written to .*study\.folder"):
        run_study(study_in(tmp_path / "file"))
    assert played == []


def test_a_full_disk_ends_in_a_message_and_keeps_what_is_finished(played, tmp_path, monkeypatch):
    sync, synced = os.fsync, []

    def full(descriptor):
        synced.append(descriptor)
        if len(synced) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(InputError, match=r"cannot be written: No space left on device"):
        run_study(study_in(tmp_path))
    assert len(store.RunStore(tmp_path / "three" / "runs").index) == 12
    assert list((tmp_path / "three").rglob("*.tmp")) == []


def test_a_second_writer_is_refused(played, tmp_path):
    refused = []

    def second(done, total):
        if done == 5:
            with pytest.raises(InputError, match=r"another command \(process \d+\) is writing to") as error:
                run_study(study_in(tmp_path))
            refused.append(error)

    run_study(study_in(tmp_path), Heard(second))
    assert len(refused) == 1


def test_leftovers_of_a_killed_writer_are_cleared(played, tmp_path):
    leftover = tmp_path / "three" / "runs" / "ab.parquet.tmp"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("half")
    run_study(study_in(tmp_path))
    assert not leftover.exists()


def test_thirds_cut_the_customers_of_a_market_into_equal_parts():
    scenario = default_scenario(None, **{"market.customers.count": 6000, "weeks": 1})
    from salesim.model.state import initialize

    customers = initialize(scenario, 1).customers
    for name, edges in zip(("complexity", "value_k"), thirds(scenario.market.customers), strict=True):
        shares = np.bincount(np.digitize(customers[name], edges), minlength=3) / len(customers)
        assert shares == pytest.approx([1 / 3] * 3, abs=0.02)


def real_study(folder: Path) -> Study:
    """Thirty quick runs of the real market."""
    small = {"market.customers.count": 60, "market.selling.salespeople": 3, "weeks": 156}
    arms = tuple(Arm("alone", name, default_scenario(None, strategy=name, **small)) for name in ("pitch", "diagnostic"))
    return Study(
        **COMMON,
        name="real",
        arms=arms,
        seeds=15,
        folder=folder,
        resolved={},
    )


VICTIM = """
import sys
from pathlib import Path
from salesim.runs import runner
from salesim.runs.run_study import run_study
from tests.runs.test_run_study import Heard, real_study
runner.SHARD_RUNS = 3
run_study(real_study(Path(sys.argv[1])), Heard(lambda done, total: print(done, flush=True)))
"""


def test_a_study_of_the_real_market_that_is_killed_and_started_again_gives_the_same_bytes(tmp_path):
    command = [sys.executable, "-c", VICTIM, str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as victim:
        watchdog = threading.Timer(120, victim.kill)
        watchdog.start()
        for line in victim.stdout or ():
            if int(line) >= 11:
                victim.send_signal(signal.SIGKILL)
        watchdog.cancel()
    assert victim.returncode == -signal.SIGKILL
    assert 3 <= len(store.RunStore(tmp_path / "killed" / "real" / "runs").index) < 30
    killed, whole = (run_study(real_study(tmp_path / place)) for place in ("killed", "whole"))
    assert contents(killed) == contents(whole)
    assert list(killed.rglob("*.tmp")) == []
