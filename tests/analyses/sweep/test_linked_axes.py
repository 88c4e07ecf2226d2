"""Lists of seeds, axes that move together, and axes that vary only where another one has some value."""

import pandas as pd
import pytest

from salesim.analyses.sweep.spec import sweep_of
from salesim.cli import main
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import default_scenario
from tests.refusals import refusal

PRESSURE, SHAPE = "market.commoditization.pressure_per_week", "market.customers.complexity_a"
SHARE = "strategy.support.delivery_share"
SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "weeks=26", "workers=1")


def asked(*words, folders=()):
    """The sweep that words ask for."""
    return sweep_of(words, Composer((*folders, configs_folder()), "sweep"), "salesim sweep")


def points(*words):
    """The points of a sweep without arms, as tuples in the order of their keys."""
    return [tuple(point.values()) for point in asked(*words, "experiment=null").points]


def test_tied_axes_take_their_values_together():
    assert points(f"{PRESSURE}=0,0.001,0.002", f"{SHAPE}=1,2,4 with pressure_per_week") == [(0, 1), (0.001, 2), (0.002, 4)]
    assert points(f"{PRESSURE}=0,0.001", f"{SHAPE}=1,2 with {PRESSURE}", "weeks=52,60") == [
        (0, 1, 52), (0, 1, 60), (0.001, 2, 52), (0.001, 2, 60),
    ]  # fmt: skip


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_tied_intervals_are_at_the_same_share_of_both(design):
    words = (f"{PRESSURE}=interval(0,0.002)", f"{SHAPE}=interval(1,3) with pressure_per_week", f"design={design}", "points=8")
    for pressure, shape in points(*words):
        assert shape == pytest.approx(1 + 1000 * pressure)


def test_a_conditional_axis_varies_only_at_the_points_of_its_condition():
    own = default_scenario().market.customers.complexity_a
    assert points(f"{PRESSURE}=0,0.001", f"{SHAPE}=1,4 if pressure_per_week=0.001") == [(0, own), (0.001, 1), (0.001, 4)]
    assert points(f"{PRESSURE}=0,0.001,0.002", f"{SHAPE}=1,4 if {PRESSURE}=0.001,2e-3") == [
        (0, own), (0.001, 1), (0.001, 4), (0.002, 1), (0.002, 4),
    ]  # fmt: skip


def test_what_moves_with_a_conditional_axis_or_depends_on_it_stays_with_it():
    words = (f"{PRESSURE}=0,0.001", f"{SHAPE}=1,4 if pressure_per_week=0.001")
    found = asked(*words, "market.customers.complexity_b=3,5 with complexity_a", "experiment=null")
    assert len(found.points) == 3
    customers = [placed.scenario(found.first).market.customers for placed in found.placed]
    assert [(each.complexity_a, each.complexity_b) for each in customers] == [(2, 2), (1, 3), (4, 5)]
    assert len(asked(*words, "weeks=20,30 if complexity_a=4", "experiment=null").points) == 4


@pytest.mark.parametrize("condition", ["strategy=diagnostic", "arm=diagnostic"])
def test_a_condition_on_an_arm_changes_that_arm_alone(condition):
    found = asked("strategy=pitch,diagnostic", f"{SHARE}=0.1,0.9 if {condition}", "contest=alone")
    shares = [placed.scenario(found.first).vendors[0].strategy.support.delivery_share for placed in found.placed]
    own = default_scenario(strategy="pitch").vendors[0].strategy.support.delivery_share
    assert shares == [own, 0.1, own, 0.9]
    assert found.placed[0].key == found.placed[2].key


def test_a_single_value_may_depend_on_an_arm_and_a_file_say_so(tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_text(
        f'defaults: [standard, _self_]\nsweep: {{{PRESSURE}: "0,0.001", {SHARE}: "0.9 if arm=pitch"}}\n'
    )
    found = asked("study=mine", "contest=alone", folders=(tmp_path,))
    shares = {placed.arm: placed.scenario(found.first).vendors[0].strategy.support.delivery_share for placed in found.placed}
    assert shares["pitch"] == 0.9
    assert shares["rainmaking"] != 0.9


def test_a_number_is_where_composing_it_by_itself_puts_it():
    found = asked("strategy=pitch,diagnostic", f"{SHARE}=0.1,0.9", "weeks=60,70", "rivals.strategies=[pitch],[diagnostic]")
    composer = Composer((configs_folder(),), "run")
    from salesim.config.compose_study import study_of

    for placed in found.placed:
        point = found.points[placed.point]
        words = [f"{SHARE}={point[SHARE]}", f"weeks={point['weeks']}", f"rivals.strategies={point['rivals.strategies']}"]
        alone = study_of([*words, f"strategy={placed.arm}", f"contest={placed.contest}", "experiment=null"], composer, "")
        assert placed.scenario(found.first) == alone.arms[0].scenario


def test_the_tables_of_tied_and_conditional_axes_have_every_setting(capsys, tmp_path):
    words = (f"{PRESSURE}=0,0.001", f"{SHAPE}=1,4 with pressure_per_week", f"{SHARE}=0.1,0.9 if arm=diagnostic", "seeds=2")
    assert main(["sweep", *SMALL, "strategy=pitch,diagnostic", "contest=alone", *words, f"folder={tmp_path}", "name=mine"]) == 0
    runs, effects = (pd.read_parquet(tmp_path / "mine" / f"{name}.parquet") for name in ("runs", "effects"))
    assert set(zip(runs[PRESSURE], runs[SHAPE], strict=True)) == {(0, 1), (0.001, 4)}
    assert list(dict.fromkeys(effects["parameter"])) == ["strategy", PRESSURE, SHARE]
    page = (tmp_path / "mine" / "report.html").read_text(encoding="utf-8")
    assert f"0,0.001, with {SHAPE}=1,4" in page
    assert main(["verify", str(tmp_path / "mine"), "runs=8"]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (f"{SHAPE}=1,2 with pressure",),
            "complexity_a=1,2 with pressure depends on pressure, which has to be one of the other",
        ),
        ((f"{SHAPE}=1,2 with complexity_a",), "has to be one of the other axes; there is no other axis"),
        ((f"{SHAPE}=1,2,3 with weeks", "weeks=52,60"), "both need equally many values"),
        ((f"{SHAPE}=1,2 with weeks", "weeks=interval(52,60)", "design=sobol", "points=4"), "or have to be intervals"),
        ((f"{SHAPE}=1,2 with weeks", "weeks=52,60 with complexity_a"), "which moves with another one"),
        ((f"{SHAPE}=1,2 if weeks=53", "weeks=52,60"), "varies only if weeks=53, which never happens; allowed are 52, 60"),
        ((f"{SHAPE}=1,2 if arm=packaged",), "varies only if arm=packaged, which never happens; allowed are diagnostic"),
        ((f"{SHAPE}=1,2 if weeks=5", "weeks=interval(4,9)", "design=lhs", "points=4"), "a condition needs an axis of values"),
        ((f"{SHAPE}=1,2 if weeks>5", "weeks=4,9"), "write 'KEY=a,b with OTHER' or 'KEY=a,b if OTHER=VALUE', in quotes"),
        ((f"{SHAPE}=1,2 with", "weeks=4,9"), "write 'KEY=a,b with OTHER' or 'KEY=a,b if OTHER=VALUE', in quotes"),
        ((f"{SHAPE}=1,2 if weeks", "weeks=4,9"), "write 'KEY=a,b with OTHER' or 'KEY=a,b if OTHER=VALUE', in quotes"),
        ((f"{SHAPE}=1,2", "if", "weeks=4,9"), "write 'KEY=a,b with OTHER' or 'KEY=a,b if OTHER=VALUE', in quotes"),
        (("strategy=pitch,diagnostic if weeks=4", "weeks=4,9"), "gives the arms, which run at every point"),
    ],
)
def test_axes_that_cannot_be_linked_are_refused(capsys, tmp_path, words, said):
    assert said in refusal(capsys, "sweep", *words, f"folder={tmp_path}", first=True)


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_seeds_may_be_a_list(capsys, tmp_path, command):
    axis = (f"{PRESSURE}=0,0.001",) if command == "sweep" else ()
    assert main([command, *SMALL, *axis, "contest=alone", "seeds=[9,1,5]", f"folder={tmp_path}", "name=mine"]) == 0
    assert pd.read_parquet(tmp_path / "mine" / "runs.parquet")["seed"].unique().tolist() == [1, 5, 9]
    assert "3 (1, 5, 9)" in (tmp_path / "mine" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("seeds=[]",), "study.seeds is [], and there is none"),
        (("seeds=[1,1]",), "study.seeds is [1, 1], and 1 is there twice"),
        (("seeds=[1,-2]",), "study.seeds is [1, -2], and -2 is none"),
        (("seeds=[1,2.5]",), "and 2.5 is none; a list has different seeds from 0 to 2147483648, as seeds=[1,5,9]"),
        (("seeds=[1,two]",), "and 'two' is none"),
        (("seeds=[1,5]", "first_seed=3"), "so study.first_seed=3 would change nothing"),
    ],
)
@pytest.mark.parametrize("command", ["run", "sweep"])
def test_a_wrong_list_of_seeds_is_refused(capsys, tmp_path, command, words, said):
    axis = (f"{PRESSURE}=0,0.001",) if command == "sweep" else ()
    assert said in refusal(capsys, command, *axis, *words, f"folder={tmp_path}", first=True)


def test_seeds_as_values_of_an_axis_are_refused_with_the_list_to_write(capsys):
    assert "for these seeds write 'seeds=[1,5,9]'" in refusal(capsys, "sweep", f"{PRESSURE}=0,0.001", "seeds=1,5,9", first=True)


@pytest.mark.parametrize(
    ("command", "word"), [("explore", f"{SHAPE}=interval(1,4) with weeks"), ("run", "weeks=52,104 if arm=pitch")]
)
def test_the_other_commands_say_that_only_a_sweep_links_settings(capsys, command, word):
    assert "only `salesim sweep` does that" in refusal(capsys, command, word, first=True)


def test_a_run_keeps_records_of_no_more_seeds_than_are_listed(capsys, tmp_path):
    said = refusal(capsys, "run", "seeds=[1,5]", "records=3", f"folder={tmp_path}", first=True)
    assert "study.records is 3 and study.seeds is 2" in said
