"""`salesim verify` tells tables that were altered, and runs that are not what the model gives."""

import json

import numpy as np
import pandas as pd
import pytest

from salesim.cli import main
from salesim.runs import verify

SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "weeks=104", "contest=alone", "seeds=3", "name=mine")
AXIS = "market.commoditization.pressure_per_week=0,0.001"


@pytest.fixture
def study(tmp_path, capsys):
    """A small study, with the records of its first seed."""
    assert main(["run", *SMALL, f"folder={tmp_path}"]) == 0
    capsys.readouterr()
    return tmp_path / "mine"


@pytest.fixture
def swept(tmp_path, capsys):
    """A small sweep; it keeps no records."""
    assert main(["sweep", *SMALL, "strategy=pitch,diagnostic", AXIS, f"folder={tmp_path}"]) == 0
    capsys.readouterr()
    return tmp_path / "mine"


@pytest.fixture(params=["study", "swept"])
def folder(request):
    """Either of them."""
    return request.getfixturevalue(request.param)


def verified(folder, capsys, *words):
    """Exit code and what is said."""
    code = main(["verify", str(folder), *words])
    return code, capsys.readouterr().out


def with_record(folder, **changes):
    """The study with another record, as an earlier version without digests left it; tables are taken as they are."""
    record = json.loads((folder / "study.json").read_text())
    record.pop("digest", None)
    (folder / "study.json").write_text(json.dumps({**record, "files": {}, **changes}))


def with_runs(folder, change):
    """The study with another table of runs."""
    runs = change(pd.read_parquet(folder / "runs.parquet"))
    runs.to_parquet(folder / "runs.parquet")


def nudge(runs):
    runs.loc[0, "gross_margin"] = np.nextafter(runs.loc[0, "gross_margin"], 1.0)
    return runs


def test_a_study_as_it_was_made_is_the_same_to_the_last_bit(folder, capsys):
    code, said = verified(folder, capsys, "runs=4")
    assert code == 0
    assert "the same to the last bit" in said
    assert ("and the records of" in said) == (folder / "records").is_dir()


def test_a_table_that_was_changed_is_named(folder, capsys):
    with_runs(folder, nudge)
    code, said = verified(folder, capsys)
    assert code == 1
    assert "runs.parquet was altered" in said


def test_a_number_that_this_very_model_does_not_give_is_an_alarm(folder, capsys):
    with_runs(folder, nudge)
    with_record(folder)
    code, said = verified(folder, capsys)
    assert code == 1
    assert "DIFFERENT" in said
    assert "seed 1: gross_margin was" in said


def test_measures_that_were_added_or_are_gone_are_said_and_no_alarm(folder, capsys):
    with_runs(folder, lambda runs: runs.rename(columns={"win_rate": "sold"}))
    with_record(folder, model="another")
    code, said = verified(folder, capsys)
    assert code == 0
    assert "measures that are new since: win_rate" in said
    assert "measures that no longer exist: sold" in said


def test_runs_of_another_model_that_differ_are_an_alarm_that_says_so(folder, capsys):
    with_runs(folder, nudge)
    with_record(folder, model="another", platform="Linux abacus")
    code, said = verified(folder, capsys)
    assert code == 1
    assert "the model was another one: salesim" in said
    assert "platform was Linux abacus; here it is" in said


def test_records_that_differ_are_an_alarm_that_names_the_column(study, capsys):
    file = study / "records" / "alone-pitch-1" / "deals.parquet"
    deals = pd.read_parquet(file)
    deals.loc[5, "complexity"] += 1e-9
    deals.to_parquet(file)
    key = file.with_name("key")
    key.write_text(key.read_text().split()[0])  # without a digest, as earlier versions left it
    with_record(study, model="another")
    code, said = verified(study, capsys, "runs=4")
    assert code == 1
    assert "DIFFERENT" in said
    assert "arm pitch, seed 1: complexity of deals are not as they were kept" in said


def test_a_study_of_settings_that_are_no_more_is_refused_with_the_setting(folder, capsys):
    text = (folder / "resolved.yaml").read_text()
    (folder / "resolved.yaml").write_text(text.replace("weeks: 104", "months: 24"))
    with_record(folder)
    assert main(["verify", str(folder)]) == 2
    assert "resolved.yaml has settings that this version of salesim does not have: months is not" in capsys.readouterr().err


def test_no_run_is_asked_more_than_there_are(folder, capsys):
    code, said = verified(folder, capsys, "runs=1000")
    assert code == 0
    n_runs = len(pd.read_parquet(folder / "runs.parquet"))
    assert f"{n_runs} of {n_runs} runs" in said


def test_as_many_runs_are_done_again_as_were_asked_for(study, capsys):
    code, said = verified(study, capsys, "runs=2")
    assert code == 0
    assert "2 of 9 runs done again" in said


def test_rows_are_spread_evenly():
    assert verify.evenly(list(range(11)), 3) == [0, 5, 10]
    assert verify.evenly([], 3) == []


@pytest.mark.parametrize("command", ["verify", "export"])
def test_a_study_is_found_by_its_name_and_near_ones_are_named(tmp_path, capsys, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    assert main([command, "nothing"]) == 2
    assert "`salesim run` and `salesim sweep` make one" in capsys.readouterr().err
    (tmp_path / "results" / "sweep_one").mkdir(parents=True)
    (tmp_path / "results" / "sweep_one" / "study.json").write_text("{}")
    for place, said in (
        ("sweep_one", "did you mean results/sweep_one?"),
        ("results/swep_one", "did you mean results/sweep_one?"),
        ("swep_one", "did you mean results/sweep_one?"),
        ("results", "there are results/sweep_one"),
        ("zzz", "there are results/sweep_one"),
    ):
        assert main([command, place]) == 2
        assert said in capsys.readouterr().err
