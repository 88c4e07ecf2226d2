"""Malformed sweeps are refused before any run, each with one message that names the fault."""

import json

import pytest

from salesim.cli import main

AXIS = "market.commoditization.pressure_per_week=0,0.001"
INTERVAL = "market.customers.complexity_a=interval(1,4)"


@pytest.fixture(autouse=True)
def no_run(monkeypatch):
    def started(*args):
        raise AssertionError("a run started")

    monkeypatch.setattr("salesim.studies.run.play", started)


def refusal(capsys, *words):
    """The one message that a sweep is refused with."""
    code = main(["sweep", *words])
    streams = capsys.readouterr()
    assert code == 2, streams
    assert streams.err.startswith("salesim: ")
    assert streams.err.count("\n") == 1, streams.err
    assert streams.out == ""
    return streams.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["market.customers.cuont=1,2"], "did you mean market.customers.count?"),
        (["weks=1,2"], "weks is not a parameter"),
        (["strategy=pitch,digital"], "no strategy named 'digital'"),
        (["weeks=range(10,5)"], "weeks=range(10,5) is an empty range"),
        (["weeks=range(5,10,0)"], "is no range"),
        (["market.customers.complexity_a=interval(4,1)", "design=sobol", "points=4"], "interval(4,1) is an empty interval"),
        ([AXIS, "market.commoditization.pressure_per_week=0.5"], "pressure_per_week is given twice"),
        ([AXIS, "seeds=3", "seeds=4"], "study.seeds is given twice (study.seeds=3 and study.seeds=4)"),
        ([AXIS, "seeds=3", "study.seeds=4"], "study.seeds is given twice (study.seeds=3 and study.seeds=4)"),
        ([AXIS, "seeds=3,4"], "seeds=3,4 varies what all runs share"),
        ([AXIS, "contest=alone,everyone"], "varies what all runs share"),
        (["market.loops.word_of_mouth=0,1", "experiment=margin_spiral"], "contradicts arm no_word_of_mouth"),
        (["strategy=pitch,pitch"], "has pitch twice"),
        ([AXIS, "strategy=diagnostic"], "would change nothing"),
        (["strategy.support.delivery_share=0.1,0.5,1.5,0.2"], "point 2 of 4 (strategy.support.delivery_share=1.5)"),
        (["market.customers.neighbours=4,7,8"], "point 1 of 3 (market.customers.neighbours=7)"),
        (["market.executives.count=4,0"], "point 1 of 2 (market.executives.count=0), arm rainmaking"),
        ([INTERVAL], "is an interval, which has no grid"),
        ([INTERVAL, "design=sobl", "points=8"], "study.design is 'sobl'; it has to be grid or lhs or sobol"),
        ([INTERVAL, "design=sobol", "points=100"], "64 or 128 would do"),
        ([INTERVAL, "design=sobol"], "needs to know how many"),
        ([INTERVAL, "design=lhs", "points=1"], "needs to know how many"),
        ([AXIS, "points=3"], "this grid has 2"),
        (["weeks=range(1,1000001)"], "there can be at most 50,000"),
        (["weeks=range(1,1001)", "market.customers.count=range(100,1100)"], "1,000,000 points (1000 x 1000)"),
        ([INTERVAL, "design=lhs", "points=40000"], "240,000 scenarios"),
        ([AXIS, "seeds=1000000", "contest=alone", "market.customers.count=range(20,60)"], "there can be at most 20,000,000"),
        (["market.customers.count=interval(100.5,200)", "design=lhs", "points=4"], "needs whole numbers as ends"),
        (["strategy=interval(1,2)", "design=lhs", "points=4"], "is no number; write values"),
        (["market.customers.count=shuffle(100,200)"], "asks for a random order"),
        (["market.customers.count=tag(x,choice(100,200))"], "has the tag x"),
        (["market.customers.value_sigma=tag(log,interval(0,1))", "design=lhs", "points=4"], "has to be above 0"),
        (["+market.customers.count=100,200"], "write market.customers.count=100,200"),
        (["weeks=interval(1,4),3"], "puts a range among values"),
        (["market.customers=3,4"], "market.customers is 3; it has to be a group"),
        ([], "a sweep needs a setting with several values"),
        ([AXIS, "executor=dask"], "executor.address is empty"),
        ([AXIS, "executor=trheads"], "threads or processes or dask"),
        ([AXIS, "name=../x"], "study.name is '../x'"),
        ([AXIS, "weeks=[", "seeds=2"], "cannot be read"),
        ([AXIS, "--dry-rnu"], "did you mean --dry-run?"),
    ],
)
def test_a_malformed_sweep_is_refused_with_a_message_that_names_the_fault(capsys, tmp_path, words, said):
    assert said in refusal(capsys, *words, f"folder={tmp_path}")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_another_study_is_refused(capsys, tmp_path):
    (tmp_path / "mine").mkdir()
    record = {"kind": "sweep", "axes": {"weeks": "52,104"}, "design": "grid", "baseline": "pitch", "arms": [], "contests": []}
    words = ("weeks=52,156", "experiment=null", f"folder={tmp_path}", "name=mine")
    for content, said in (
        (record, "another sweep, with axes weeks=52,104 where this one has weeks=52,156"),
        ({}, "`salesim run`"),
    ):
        (tmp_path / "mine" / "study.json").write_text(json.dumps(content))
        assert said in refusal(capsys, *words)


def test_a_run_is_refused_in_the_folder_of_a_sweep(capsys, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "study.json").write_text('{"kind": "sweep"}')
    assert main(["run", "name=mine", f"folder={tmp_path}"]) == 2
    assert "holds a sweep, and this is a study of `salesim run`" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["points=8"], ["study=swept"]])
def test_run_refuses_what_only_a_sweep_can_do(capsys, tmp_path, words):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "swept.yaml").write_text('defaults: [standard, _self_]\nsweep: {weeks: "52,104"}\n')
    assert main(["run", *words, "--config-dir", str(tmp_path)]) == 2
    assert "`salesim sweep` with the same words plays it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sweep: {weeks: 52}", "study.sweep has weeks=52, which is a single value"),
        ('sweep: {weks: "52,104"}', "weks is not a parameter"),
        ("sweep: {weeks: [52, 104]}", "study.sweep.weeks is [52, 104]; it has to be a text"),
        ("sweep: 3", "study.sweep is 3; it has to be a group"),
        ('sweep: {weeks: "interval(52,104)"}', "which has no grid"),
        ("design: square", "study.design is 'square'"),
    ],
)
def test_a_wrong_study_file_is_refused(capsys, tmp_path, text, said):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "swept.yaml").write_text(f"defaults: [standard, _self_]\n{text}\n")
    words = ("study=swept", "--config-dir", str(tmp_path), *(() if "sweep" in text else (AXIS,)))
    assert said in refusal(capsys, *words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify"], "needs the folder of one study"),
        (["verify", "nowhere"], "is not the folder of a study"),
        (["verify", "nowhere", "runs=none"], "runs is none"),
        (["export", "nowhere", "format=exel"], "did you mean excel?"),
        (["export", "nowhere", "fromat=csv"], "did you mean format?"),
        (["export", "nowhere"], "is not the folder of a study"),
        (["run", "--dry-run"], "an option of sweep, explore, explain"),
    ],
)
def test_the_other_commands_say_what_they_need(capsys, words, said):
    assert main(words) == 2
    assert said in capsys.readouterr().err
