"""Groups of levers swapped between two arms: parts that add up, and the scenarios in which they were measured."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.explain.bridge import play_arms
from salesim.analyses.explain.levers import changed_levers, lever_settings, levers_of, swaps
from salesim.analyses.explain.run import PARTS
from salesim.analyses.explain.spec import explanation_of
from salesim.config.config_files import configs_folder
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer
from salesim.metrics import JUDGED, METRICS
from salesim.metrics.money import BRIDGE
from salesim.model.parameters import LEVER_GROUPS, Strategy, Vendor
from salesim.model.rng import uniform_for
from salesim.report.console.progress import Stages
from salesim.report.console.tables import screen
from salesim.report.study_files import StudyFiles
from salesim.report.text.levers import next_command, printed_levers, sentences
from salesim.runs.runner import Runner
from salesim.runs.store import RunStore

SMALL = ("market.customers.count=60", "weeks=208", "market.selling.salespeople=3", "seeds=4")
PAID = "strategy.systems.commission_on_margin=0.7"
COACHED = "strategy.systems.coaching=0.6"
ENDS = ["difference", "low", "high"]
PROFIT = "operating_profit_k"


def pair(*changes, words=(), contest="alone"):
    """An explanation of pitch with these overrides against pitch."""
    overrides = ",".join(f"'{each}'" for each in ("strategy=pitch", *changes))
    own, folders = f"+experiment.arms.changed=[{overrides}]", (configs_folder(),)
    return explanation_of([*SMALL, f"contest={contest}", own, "arm=changed", *words], Composer(folders, "explain"), "line")


@pytest.fixture
def runner(tmp_path):
    return Runner(RunStore(tmp_path / "runs"), PARTS, 1, Stages(screen()))


def plant(monkeypatch, effect):
    """Runs whose measures are what `effect` makes of vendor 0's systems, and the noise of their seed; returns the seeds run."""
    seeds = []

    def planted(scenario, seed, *_):
        seeds.append(seed)
        value = effect(scenario.vendors[0].strategy.systems) + uniform_for(seed, 1, 2, 3)
        return {"measures": dict.fromkeys(METRICS, value), "bridge": dict.fromkeys(BRIDGE, 0.0), "years": {}}

    monkeypatch.setattr("salesim.runs.summary.summary", planted)
    return seeds


def profit_by(table):
    """Differences in profit by way of measuring and group."""
    return table[table["measure"] == PROFIT].set_index(["way", "group"])["difference"]


def test_every_lever_is_in_exactly_one_group():
    sections = [field.type for field in fields(Strategy) if field.name != "name"]
    levers = [field.name for section in sections for field in fields(section)]
    levers += [field.name for field in fields(Vendor) if field.name not in ("name", "strategy")]
    grouped = [lever for group in LEVER_GROUPS.values() for lever in group]
    assert sorted(grouped) == sorted(levers)


def test_arms_that_differ_in_one_group_have_the_whole_difference_from_it_to_the_bit(runner):
    table = levers_of(pair(PAID, "strategy.support.accountability=0.4"), runner)
    assert set(table["way"]) == {"whole", "added", "taken", "average"}
    whole = table[table["way"] == "whole"].set_index("measure")[ENDS]
    for _, part in table[table["group"] == "pay"].groupby("way"):
        pd.testing.assert_frame_equal(part.set_index("measure")[ENDS], whole, check_exact=True)
    assert whole.loc[PROFIT, "difference"] != 0
    assert len(runner.requested) == 2 * 4


def test_groups_without_interaction_add_up_to_the_whole(monkeypatch, runner):
    plant(monkeypatch, lambda systems: 100 * systems.commission_on_margin + 50 * systems.coaching)
    parts = profit_by(levers_of(pair(PAID, COACHED), runner))
    for way in ("added", "taken", "average"):
        assert parts[way, "pay"] == pytest.approx(70)
        assert parts[way, "people"] == pytest.approx(25)
    assert parts["whole", ""] == pytest.approx(95)
    assert parts["added", "interaction"] == pytest.approx(0, abs=1e-9)
    assert parts["taken", "interaction"] == pytest.approx(0, abs=1e-9)


def test_groups_that_work_together_only_leave_all_to_the_interaction_and_share_it_alike(monkeypatch, runner):
    plant(monkeypatch, lambda systems: 80 * (systems.commission_on_margin > 0) * (systems.coaching > 0.5))
    parts = profit_by(levers_of(pair(PAID, COACHED), runner))
    assert parts["added"].to_dict() == pytest.approx({"pay": 0, "people": 0, "interaction": 80})
    assert parts["taken"].to_dict() == pytest.approx({"pay": 80, "people": 80, "interaction": -80})
    assert parts["average"].to_dict() == pytest.approx({"pay": 40, "people": 40})


def test_in_the_real_market_parts_and_interaction_sum_to_the_whole_of_every_measure(runner):
    table = levers_of(pair(PAID, COACHED, "strategy.systems.promise_inflation=0.1"), runner)
    sums = table.groupby(["measure", "way"])["difference"].sum().unstack()
    for way in ("added", "taken", "average"):
        assert sums.loc[list(JUDGED), way].to_numpy() == pytest.approx(sums.loc[list(JUDGED), "whole"].to_numpy())


def test_a_seed_that_lacks_a_measure_in_one_scenario_is_left_out_of_all_parts_of_it(monkeypatch, runner):
    def lacking(scenario, seed, *_):
        systems = scenario.vendors[0].strategy.systems
        missing = seed == 2 and systems.coaching > 0.5 and systems.commission_on_margin == 0
        measures = dict.fromkeys(METRICS, seed**2 * systems.commission_on_margin * (1 + systems.coaching))
        return {"measures": measures | ({"cycle_weeks": np.nan} if missing else {})}

    monkeypatch.setattr("salesim.runs.summary.summary", lacking)
    table = levers_of(pair(PAID, COACHED), runner).set_index(["measure", "way", "group"])["difference"]
    assert table["cycle_weeks", "added", "pay"] == pytest.approx(0.7 * 1.1 * (1 + 9 + 16) / 3)
    assert table[PROFIT, "added", "pay"] == pytest.approx(0.7 * 1.1 * (1 + 4 + 9 + 16) / 4)


def test_runs_that_were_finished_before_an_interruption_are_not_repeated(monkeypatch, tmp_path):
    seeds = plant(monkeypatch, lambda systems: systems.coaching)
    spec, store = pair(PAID, COACHED), tmp_path / "runs"
    play_arms(spec, Runner(RunStore(store), PARTS, 1, Stages(screen())))
    assert len(seeds) == 2 * 4
    table = levers_of(spec, Runner(RunStore(store), PARTS, 1, Stages(screen())))
    assert len(seeds) == 4 * 4
    pd.testing.assert_frame_equal(levers_of(spec, Runner(RunStore(store), PARTS, 1, Stages(screen()))), table)
    assert len(seeds) == 4 * 4


def test_where_more_than_six_groups_differ_only_single_swaps_are_run(runner, monkeypatch):
    changes = (
        PAID, COACHED, "strategy.systems.promise_inflation=0.1", "strategy.support.collaboration=0.7",
        "strategy.systems.diagnosis_hours=9", "strategy.position.price_shift=-0.1", "strategy.position.headcount=2",
    )  # fmt: skip
    plant(monkeypatch, lambda systems: 10 * systems.coaching)
    parts = profit_by(levers_of(pair(*changes), runner))
    assert len(runner.requested) == (2 * 7 + 2) * 4
    assert set(parts.index.get_level_values("way")) == {"whole", "added", "taken"}
    assert parts["added", "people"] == pytest.approx(5)
    assert parts["added", "prices"] == 0


def test_a_programme_a_licence_rivals_and_a_market_are_swapped_whole(runner):
    spec = pair(
        "channel=rebate", "licence=subscription", "rivals.strategies=[diagnostic,pitch]", "market.loops.promise_trust=0"
    )
    groups = ["channel programme", "licence", "rivals", "market"]
    assert list(changed_levers(spec)) == groups
    arm, against = spec.arm.scenario, spec.against.scenario
    for place, taken in enumerate(groups):
        mixed = swaps(spec)[(place,)]
        ours = mixed.vendors[0]
        channel = (arm if taken == "channel programme" else against).vendors[0].channel
        assert ours.channel.rebate_share == channel.rebate_share
        assert ours.licence.subscription == (taken == "licence")
        assert mixed.vendors[1:] == (arm if taken == "rivals" else against).vendors[1:]
        assert mixed.market == (arm if taken == "market" else against).market
    assert set(lever_settings(spec)["group"]) == {"channel programme", "licence"}


def test_where_everyone_sells_this_way_levers_are_swapped_in_all_vendors():
    mixed = swaps(pair(PAID, COACHED, contest="everyone"))[(0,)]
    systems = [vendor.strategy.systems for vendor in mixed.vendors]
    assert {(each.commission_on_margin, each.coaching) for each in systems} == {(0.7, 0.1)}
    assert len({vendor.name for vendor in mixed.vendors}) == 3


def test_levers_of_a_planned_change_count_with_those_of_the_vendor():
    change = "initiatives=[{{week: 100, strategy: {}, training_hours: 40}}]"
    spec = pair(change.format("diagnostic"), words=[change.format("rainmaking")])
    assert "planned changes" not in changed_levers(spec)
    place = list(changed_levers(spec)).index("pay")
    initiative = swaps(spec)[(place,)].vendors[0].initiatives[0]
    assert initiative.strategy.systems.commission_on_margin == 0.7
    assert initiative.strategy.systems.coaching == 0.3


def test_levers_that_contradict_a_market_are_refused_by_name():
    few = "+experiment.arms.few=['strategy=pitch','market.executives.count=0']"
    spec = pair("strategy.segmentation.sponsored_share=0.2", words=[few, "against=few"])
    with pytest.raises(InputError, match=r"few with accounts of changed cannot be run: .*market.executives.count is 0"):
        swaps(spec)


def test_parts_sum_to_the_whole_as_they_are_printed_and_the_sentence_has_the_same_numbers(monkeypatch, runner):
    plant(monkeypatch, lambda systems: 100.4 * (systems.commission_on_margin > 0) + 50.4 * (systems.coaching > 0.5))
    printed = printed_levers(levers_of(pair(PAID, COACHED), runner), PROFIT)
    numbers = printed.assign(shown=printed["text"].str.replace(",", "").astype(float)).groupby("way")["shown"].sum()
    assert numbers.to_dict() == {"whole": 151, "added": 151, "taken": 151, "average": 151}
    lines = sentences(printed, {"arm": "changed", "against": "pitch"})
    assert lines[0].startswith("Of +151 k$ a year in operating profit")
    assert "pay +101" in lines[0]
    assert lines[-1].endswith("pay +101, people +50; together +151 k$ a year.")


def test_a_study_names_the_command_that_tells_which_levers_bring_its_difference():
    command = "salesim run seeds=2 study.records=1 'rivals.strategies=[x, y]'"
    record = {"baseline": "a", "arms": ["a", "b c", "d"], "contests": ["alone"], "command": command}
    best = pd.DataFrame([{"contest": "alone", "measure": "operating_profit_k", "first": "d"}])
    assert next_command(StudyFiles(record, {})).endswith(": salesim explain 'rivals.strategies=[x, y]' 'arm=b c'")
    assert next_command(StudyFiles(record, {"best": best})).endswith(" arm=d")
    assert next_command(StudyFiles(record | {"arms": ["a"]}, {})) == ""
