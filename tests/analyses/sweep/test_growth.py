"""A sweep grows along every axis, arm and contest, reuses the runs it has, and never loses tables to a smaller one."""

import json
from pathlib import Path

import pytest

from salesim.analyses.sweep.spec import sweep_of
from salesim.cli import main
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from tests.refusals import refusal

PRESSURE, SHAPE = "market.commoditization.pressure_per_week", "market.customers.complexity_a"
SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "weeks=26", "workers=1")
TWO = "strategy=pitch,diagnostic"
FIRST = (TWO, f"{PRESSURE}=0,0.001", "contest=alone", "seeds=2")


def played(capsys, folder: Path, *words: str, name: str = "mine") -> str:
    """What a sweep that went well printed."""
    assert main(["sweep", *SMALL, *words, f"folder={folder}", f"name={name}"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((TWO, f"{PRESSURE}=0,0.0005,0.001", "contest=alone", "seeds=2"), "12 runs, 8 of them"),
        (
            (TWO, f"{PRESSURE}=0,0.001", f"{SHAPE}=2,1", "contest=alone", "seeds=2"),
            "16 runs, 8 of them",
        ),
        (("strategy=rainmaking,pitch,diagnostic", f"{PRESSURE}=0,0.001", "contest=alone", "seeds=2"), "12 runs, 8 of them"),
        ((TWO, f"{PRESSURE}=0,0.001", "seeds=2"), "12 runs, 8 of them"),
        ((TWO, f"{PRESSURE}=0,0.001", "contest=alone", "seeds=[1,2,7]"), "12 runs, 8 of them"),
        (("experiment=null", f"{PRESSURE}=0,0.001", "strategy=pitch,diagnostic", "seeds=2"), "8 runs, 8 of them"),
    ],
)
def test_a_sweep_with_more_of_anything_reuses_the_runs_it_has(capsys, tmp_path, words, said):
    played(capsys, tmp_path, *FIRST)
    assert said in played(capsys, tmp_path, *words)


def test_a_grown_sweep_has_the_tables_of_one_made_at_once(capsys, tmp_path):
    larger = ("strategy=rainmaking,pitch,diagnostic", f"{SHAPE}=1,2", f"{PRESSURE}=0,0.0005,0.001", "seeds=3")
    played(capsys, tmp_path, *FIRST)
    played(capsys, tmp_path, *larger)
    played(capsys, tmp_path / "at_once", *larger)
    for table in ("runs", "points", "differences", "leads", "effects", "scenarios"):
        once, grown = (folder / "mine" / f"{table}.parquet" for folder in (tmp_path / "at_once", tmp_path))
        assert grown.read_bytes() == once.read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (TWO, f"{PRESSURE}=0,0.002", "contest=alone", "seeds=2"),
            "2 of its 4 scenarios are not in this",
        ),
        (
            ("strategy=pitch,rainmaking", f"{PRESSURE}=0,0.001", "contest=alone", "seeds=2"),
            "2 of its 4 scenarios are not in this",
        ),
        (
            (TWO, f"{PRESSURE}=0,0.001", "contest=alone", "seeds=1"),
            "seed 2 is not among the seeds of this",
        ),
        ((TWO, f"{PRESSURE}=0.001", f"{SHAPE}=1,2", "contest=alone", "seeds=2"), "2 of its 4 scenarios are not in this one"),
    ],
)
def test_a_sweep_that_lacks_runs_of_a_finished_one_is_refused_with_its_command(capsys, tmp_path, words, said):
    played(capsys, tmp_path, *FIRST)
    message = refusal(capsys, "sweep", *SMALL, *words, f"folder={tmp_path}", "name=mine")
    assert said in message
    assert "holds the sweep of `salesim" in message
    assert "name=…" in message


def test_a_sweep_of_another_version_is_repeated_and_another_sweep_refused(capsys, tmp_path):
    played(capsys, tmp_path, *FIRST)
    file = tmp_path / "mine" / "study.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"model": "another"}))
    other = (TWO, f"{PRESSURE}=0,0.001,0.002", "contest=alone", "seeds=2")
    said = refusal(capsys, "sweep", *SMALL, *other, f"folder={tmp_path}", "name=mine")
    assert "and this one has other axes" in said
    played(capsys, tmp_path, *FIRST)


def test_a_folder_that_holds_a_study_of_run_is_refused(capsys, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "study.json").write_text(json.dumps({"name": "mine", "command": "salesim run"}))
    said = refusal(capsys, "sweep", *FIRST, f"folder={tmp_path}", "name=mine", first=True)
    assert "holds a study of `salesim run`, and this is a sweep" in said


@pytest.mark.parametrize("design", [("design=sobol", "points=8"), ("design=lhs", "points=6")])
def test_the_order_of_words_changes_no_table(capsys, tmp_path, design):
    words = [f"{SHAPE}=interval(1,4)", f"{PRESSURE}=interval(0,0.002)", "channel=rebate,on_request", "experiment=null", *design]
    for name, order in (("mine", words), ("other", words[::-1])):
        played(capsys, tmp_path, *order, "seeds=2", name=name)
    for table in ("runs", "points", "effects", "scenarios"):
        one, other = (tmp_path / name / f"{table}.parquet" for name in ("mine", "other"))
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_the_order_of_words_does_not_change_the_order_of_arms(capsys, tmp_path, command):
    arms = ["+experiment.arms.b=['strategy=packaged']", "+experiment.arms.a=['strategy=segmented']"]
    words = ["contest=alone", "seeds=1", f"{PRESSURE}=0,0.001" if command == "sweep" else f"{PRESSURE}=0.001"]
    for name, order in (("one", [*words, *arms]), ("two", [*arms[::-1], *words[::-1]])):
        assert main([command, *SMALL, *order, f"folder={tmp_path}", f"name={name}"]) == 0
    one, two = (tmp_path / name / "runs.csv" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_of_two_axes_of_files_strategies_give_the_arms_in_any_order():
    words = ["strategy=pitch,diagnostic", "channel=rebate,on_request", "experiment=null"]
    found = [sweep_of(order, Composer((configs_folder(),), "sweep"), "") for order in (words, words[::-1])]
    assert [sweep.arm_key for sweep in found] == ["strategy", "strategy"]
    assert found[0].points == found[1].points


def test_studies_share_the_runs_of_a_store(capsys, tmp_path):
    store = f"store={tmp_path}/runs"
    played(capsys, tmp_path, *FIRST, store, name="one")
    assert not (tmp_path / "one" / "runs").exists()
    assert "12 runs, 8 of them finished earlier" in played(capsys, tmp_path, *FIRST[:3], "seeds=3", store, name="two")
    whole = ("contest=alone", "seeds=1", store, f"folder={tmp_path}")
    for name, said in (("three", "3 runs\n"), ("four", "3 runs, 3 of them finished earlier")):
        assert main(["run", *SMALL, *whole, f"name={name}"]) == 0
        assert said in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_a_store_that_cannot_be_written_to_is_refused(capsys, tmp_path, command):
    (tmp_path / "file").write_text("")
    axis = (f"{PRESSURE}=0,0.001",) if command == "sweep" else ()
    said = refusal(capsys, command, *axis, f"folder={tmp_path}", f"store={tmp_path}/file/inside", first=True)
    assert f"runs cannot be written to {tmp_path}/file/inside: {tmp_path}/file is not a folder" in said
    assert "name another place with study.store=…" in said


def test_an_exploration_and_a_comparison_use_the_store_too(capsys, tmp_path):
    shared = (*SMALL, "contest=alone", f"store={tmp_path}/runs", f"folder={tmp_path}")
    design = (f"{SHAPE}=interval(1,4)", "points=16", "trajectories=0", "seeds=3", "most_seeds=3", "emulator_points=0")
    for command, words, said in (
        ("explore", design, "for the 0 that are left"),
        ("compare", ("budget=60runs",), "All runs are finished already"),
    ):
        for name in ("one", "two"):
            capsys.readouterr()
            assert main([command, *shared, *words, f"name={name}"]) == 0
        assert said in capsys.readouterr().out
    assert sorted(place.name for place in (tmp_path / "runs").iterdir()) == ["measures", "whole"]
