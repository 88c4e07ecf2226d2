"""Malformed sweeps are refused before any run, each with one message that names the fault."""

import pytest

from salesim.cli import main
from tests.refusals import refusal

AXIS = "market.commoditization.pressure_per_week=0,0.001"
INTERVAL = "market.customers.complexity_a=interval(1,4)"


@pytest.fixture(autouse=True)
def no_run(monkeypatch):
    def started(*args):
        raise AssertionError("a run started")

    monkeypatch.setattr("salesim.runs.summary.play", started)
    monkeypatch.setattr(
        "salesim.report.console.progress.PATIENCE_SECONDS", 600.0
    )  # a busy machine says no more than a quiet one


TEN = {
    "an unknown key": (["market.customers.cuont=1,2"], "market.customers.cuont is not a setting; did you mean market.cust"),
    "an empty range": (["weeks=range(10,5)"], "weeks=range(10,5) is an empty range; write range(first,end,step)"),
    "contradicting values": (
        ["channel.start_discount=0.1,0.6", "channel.discount_cap=0.4,0.5"],
        "point 1 of 0 to 3 (channel.discount_cap=0.4, channel.start_discount=0.6), arm pitch: channel.start_discount is 0.6 "
        "and discount_cap is 0.4; the first has to be at most the second",
    ),
    "a point out of range in the middle": (
        ["strategy.support.delivery_share=0.1,0.5,1.5,0.2"],
        "point 2 of 0 to 3 (strategy.support.delivery_share=1.5), arm pitch: strategy.support.delivery_share is 1.5; it "
        "has to be a number from 0 to 1; change the values of strategy.support.delivery_share",
    ),
    "a seed given twice": ([AXIS, "seeds=3", "seeds=4"], "study.seeds is given twice (study.seeds=3 and study.seeds=4)"),
    "a folder of another study": ([AXIS, "name=taken"], "taken holds a study of `salesim run`, and this is a sweep; give this"),
    "an unknown design": ([INTERVAL, "design=sobl", "points=8"], "study.design is 'sobl'; it has to be grid or lhs or sobol"),
    "no points for sobol": ([INTERVAL, "design=sobol"], "study.design=sobol needs the number of points, and none is given"),
    "an interval upside down": (
        ["market.customers.complexity_a=interval(4,1)", "design=sobol", "points=4"],
        "complexity_a=interval(4,1) is an empty interval: its low end is not below its high end",
    ),
    "a strategy that is not there": (
        ["strategy=pitch,digital"],
        "there is no strategy named 'digital'; allowed are diagnostic",
    ),
}


@pytest.mark.parametrize("fault", TEN)
def test_ten_malformed_sweeps_are_refused_before_any_run(capsys, tmp_path, fault):
    words, said = TEN[fault]
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "study.json").write_text('{"kind": "run", "name": "taken", "command": "salesim run"}')
    assert said in refusal(capsys, "sweep", *words, f"folder={tmp_path}", first=True)
    assert [path.name for path in tmp_path.rglob("*")] == ["taken", "study.json"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["weks=1,2"], "weks is neither an option nor a parameter; did you mean weeks?"),
        (["weeks=range(5,10,0)"], "is not a range"),
        (["weeks=range(0,0.003)"], "is one value, 0; write range(first,end,step), without the end"),
        ([AXIS, "market.commoditization.pressure_per_week=0.5"], "pressure_per_week is given twice"),
        ([AXIS, "seeds=3", "study.seeds=4"], "study.seeds is given twice (study.seeds=3 and study.seeds=4)"),
        ([AXIS, "seeds=3,4"], "seeds=3,4 varies what all runs share"),
        ([AXIS, "contest=alone,everyone"], "varies what all runs share"),
        (["market.loops.word_of_mouth=0,1", "experiment=margin_spiral"], "contradicts arm no_word_of_mouth"),
        (["strategy=pitch,pitch"], "has pitch twice"),
        ([AXIS, "strategy=diagnostic"], "would change nothing"),
        (["market.customers.neighbours=4,7,8"], "point 1 of 0 to 2 (market.customers.neighbours=7)"),
        (["market.executives.count=4,0"], "point 1 of 0 to 1 (market.executives.count=0), arm rainmaking"),
        ([INTERVAL], "is an interval, which has no grid"),
        ([INTERVAL, "design=sobol", "points=100"], "64 or 128 would do"),
        ([INTERVAL, "design=lhs"], "study.design=lhs needs the number of points, and none is given; add points=64"),
        ([INTERVAL, "design=lhs", "points=1"], "study.points is 1; study.design=lhs needs two or more"),
        (["market.customers.complexity_a=interval(1;4)"], "write interval(low,high), range(first,end,step)"),
        (["market.customers.complexity_a=interval(one,4)"], "write interval(low,high), range(first,end,step)"),
        (["market.customers.count=[100,200]"], "market.customers.count is [100, 200]; it has to be a whole number"),
        (["market.customers.count=100..200"], "market.customers.count is '100..200'; it has to be a whole number"),
        (["strategy=*"], "`salesim sweep 'strategy=glob(*)'` runs all that fit it"),
        (["strategy=glob(x*)"], "fits none of diagnostic, packaged, pitch, rainmaking, segmented"),
        ([AXIS, "points=3"], "this grid has 2"),
        (["weeks=range(1,1000001)"], "there can be at most 50,000"),
        (["weeks=range(1,1001)", "market.customers.count=range(100,1100)"], "1,000,000 points (1000 x 1000)"),
        ([INTERVAL, "design=lhs", "points=40000"], "240,000 scenarios"),
        ([INTERVAL, "design=sobol", "points=65536"], "there can be at most 50,000: ask for fewer, as points=32768"),
        ([INTERVAL, "design=sobol", "points=50000"], "at powers of two only: 32768 would do, or study.design=lhs"),
        (["market.customers.complexity_a=interval(1,inf)", "design=lhs", "points=4"], "has an end that is no finite number"),
        (["market.customers.complexity_a=interval(nan,2)", "design=lhs", "points=4"], "has an end that is no finite number"),
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
    assert said in refusal(capsys, "sweep", *words, f"folder={tmp_path}", first=True)
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_refused_in_the_folder_of_a_sweep(capsys, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "study.json").write_text('{"kind": "sweep", "name": "mine", "command": "salesim sweep"}')
    assert main(["run", "name=mine", f"folder={tmp_path}"]) == 2
    assert "holds a sweep, and this is a study of `salesim run`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "said"),
    [("points=8", "points=8 is for `salesim sweep`"), ("study=swept", "`salesim sweep` with the same words runs it")],
)
def test_run_refuses_what_only_a_sweep_can_do(capsys, tmp_path, word, said):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "swept.yaml").write_text('defaults: [standard, _self_]\nsweep: {weeks: "52,104"}\n')
    assert main(["run", word, "--config-dir", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sweep: {weeks: 52}", "study.sweep has weeks=52, which is a single value"),
        ('sweep: {weks: "52,104"}', "weks is not a setting"),
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
    assert said in refusal(capsys, "sweep", *words, first=True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify"], "needs the folder of a study"),
        (["verify", "one", "other"], "takes the folder of one study; one and other came"),
        (["run", "strategy"], "write strategy=NAME; `salesim list` has the names"),
        (["show", "experiment=tired"], "did you mean tired_of_programmes?"),
        (["verify", "nowhere"], "is not the folder of a study"),
        (["verify", "nowhere", "runs=none"], "runs is 'none'; it has to be a whole number from 1"),
        (["export", "nowhere", "format=exel"], "format is 'exel'; it has to be csv or excel"),
        (["export", "nowhere", "fromat=csv"], "did you mean format?"),
        (["export", "nowhere"], "is not the folder of a study"),
        (["show", "--dry-run"], "an option of run, compare, sweep, explore, explain"),
    ],
)
def test_the_other_commands_say_what_they_need(capsys, words, said):
    assert main(words) == 2
    assert said in capsys.readouterr().err
