"""Malformed explorations and explanations end in one message before any run."""

import pytest

from tests.refusals import refusal

PURSUE = "strategy.segmentation.pursue_complexity"
AXIS = "market.worth.spillover=interval(0,1)"


@pytest.fixture(autouse=True)
def no_run(monkeypatch):
    def started(*args):
        raise AssertionError("a run started")

    monkeypatch.setattr("salesim.runs.runner.outcomes", started)
    monkeypatch.setattr("salesim.analyses.explain.deals.play", started)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["market.worth.spilover=interval(0,1)"], "did you mean market.worth.spillover?"),
        (["market.worth.spillover=interval(0.5,0.5)"], "is an empty interval"),
        (["market.worth.spillover=interval(1,0)"], "its low end is not below its high end"),
        (["market.worth.spillover=interval(0,2)"], "spillover is 2"),
        (["market.worth.spillover=interval(0)"], "cannot be read; write interval(low,high)"),
        (["market.worth.spillover=interval(a,b)"], "cannot be read; write interval(low,high)"),
        (["market.worth.spillover=interval(0,nan)"], "has an end that is no finite number"),
        (["market.worth.spillover=interval(0,1"], "cannot be read; write interval(low,high)"),
        ([AXIS, AXIS], "is given twice"),
        ([AXIS, "market.worth.spillover=0.5"], "is given twice (market.worth.spillover=interval(0,1) and"),
        (["market.customers.count=interval(10.5,20.5)"], "whole number"),
        (["study.seeds=interval(1,5)"], "varies what all runs share"),
        (["seeds=2,3"], "explore.seeds=2,3 varies what all runs share"),
        (["strategy=interval(0,1)"], "strategy"),
        (["market.worth=interval(0,1)"], "market.worth"),
        ([AXIS, "points=24"], "power of two"),
        ([AXIS, "points=8"], "explore.points is 8; it has to be a whole number from 16 to 65536"),
        ([AXIS, "points=many"], "explore.points is 'many'; it has to be a whole number"),
        ([AXIS, "points=32", "points=64"], "given twice"),
        ([AXIS, "trajectories=2"], "4 or more"),
        ([AXIS, "emulator_points=2"], "explore.emulator_points is 2; it has to be more than 2 for each axis (1), or 0"),
        ([AXIS, "seeds=2"], "explore.seeds is 2; it has to be a whole number from 3 to"),
        ([AXIS, "most_seeds=4"], "the first has to be at least the second"),
        ([AXIS, "measure=profit"], "which is no measure"),
        ([AXIS, "measure=operating_profit"], "did you mean operating_profit_k?"),
        ([AXIS, "experiment=null"], "has one arm"),
        ([AXIS, "experiment=margin_spirl"], "did you mean margin_spiral?"),
        ([AXIS, "experiment.baseline=nobody"], "not an arm"),
        ([AXIS, "contest=both"], "alone or everyone"),
        ([AXIS, "weks=3"], "did you mean weeks?"),
        (["experiment=margin_spiral", "market.loops.word_of_mouth=interval(0,1)", "contest=alon"], "alone or everyone"),
        (["tiping=market.worth.spillover=interval(0,1)"], "did you mean tipping?"),
        ([AXIS, "measures=win_rate"], "measures=win_rate is for `salesim compare`; options of `salesim explore` are measure,"),
        ([AXIS, "point=64"], "did you mean points?"),
        ([AXIS, "most_seed=5"], "did you mean most_seeds?"),
        (["tipping=market.worth.spillover"], "tipping=market.worth.spillover is no interval"),
        (["tipping=market.worth.spillover=0,1"], "tipping=market.worth.spillover=0,1 is no interval"),
        (["tipping=market.customers.value_sigma=tag(log,interval(0.1,1))"], "is no interval; write"),
        (["strategy=pitch,diagnostic"], "strategy=NAME is one arm more"),
        (["market.worth.spillover=0,a"], "has values that are no numbers"),
        (["market.worth.spillover=0.5,0.5"], "has 0.5 twice"),
        (["market.customers.count=100,200.5"], "market.customers.count is 200.5; it has to be a whole number"),
        (["market.customers.count=range(100,100)"], "is an empty range; write range(first,end,step), without the end"),
        (["tipping=market.worth.spillover=interval(0,1)", AXIS], "along one parameter"),
        (["tipping=market.worth.spillover=interval(0,1)", "tipping_seeds=3"], "tipping_seeds is 3"),
        (["tipping=market.worth.spillover=interval(0,1)", "seeds=4"], "seeds would change nothing"),
        (["channel.start_discount=interval(0,0.9)"], "start_discount"),
        (["strategy.segmentation.pursue_complexity_min=interval(0,1)", f"{PURSUE}_max=0.5"], "has to be at most the second"),
    ],
)  # fmt: skip
def test_a_malformed_exploration_is_refused(capsys, words, said):
    assert said in refusal(capsys, "explore", *words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["arm=diagnstic"], "did you mean diagnostic?"),
        (["records=2"], "records=2 is for `salesim run`"),
        (["series=[partners]"], "series=[partners] is for `salesim run`"),
        (["against=nobody"], "no arm of the experiment"),
        (["arm=pitch"], "name two different arms"),
        (["spiral_seeds=2"], "from 4 to"),
        (["spiral_seeds=some"], "explain.spiral_seeds is 'some'; it has to be a whole number"),
        (["seeds=2"], "explain.seeds is 2; it has to be a whole number from 4 to"),
        (["weeks=104"], "needs 208 or more"),
        (["experiment=null"], "has one arm"),
        ([AXIS], "has several values; an explanation is about one market"),
        (["market.worth.spillover=0,1"], "or ask `salesim explore` where each arm wins"),
        (["amr=diagnostic"], "amr is neither an option nor a parameter; did you mean arm?"),
        (["spiral_seed=4"], "did you mean spiral_seeds?"),
        (["seed=20"], "did you mean seeds?"),
        (["spiral_seeds=20", "seeds=10"], "so it can be at most as many"),
        (["weks=3"], "did you mean weeks?"),
        ([f"market.loops.{name}=0" for name in (
            "reference_price", "promise_trust", "outcome_sameness", "selling_sameness", "support_budget", "product_lead",
            "discount_sensitivity", "partner_requests", "word_of_mouth")], "every feedback of market.loops is off"),
    ],
)  # fmt: skip
def test_a_malformed_explanation_is_refused(capsys, words, said):
    assert said in refusal(capsys, "explain", *words)


def test_every_point_is_checked_before_the_first_run(capsys):
    words = ["channel.start_discount=interval(0.1,0.5)", "channel.discount_cap=interval(0.3,0.6)", "points=16"]
    message = refusal(capsys, "explore", *words)
    assert "cannot be run at channel.discount_cap=0.376495, channel.start_discount=" in message


def test_without_the_extra_packages_it_says_how_to_get_them(capsys, monkeypatch):
    monkeypatch.setattr("salesim.analyses.explore.cost.find_spec", lambda _: None)
    assert "pip install 'salesim[explore]'" in refusal(capsys, "explore", AXIS)


def test_a_file_of_ones_own_with_settings_is_checked_too(capsys, tmp_path):
    (tmp_path / "explore").mkdir()
    (tmp_path / "explore" / "standard.yaml").write_text("points: 64\n")
    assert "is missing" in refusal(capsys, "explore", "--config-dir", str(tmp_path))


WRONG_AXES = (
    "market.worth.spilover=interval(0,1)",
    "market.worth.spillover=interval(1,0)",
    "market.worth.spillover=interval(0,1",
    "market.worth.spillover=interval(0)",
    "market.worth.spillover=range(1,0)",
    "market.worth.spillover=shuffle(0,1)",
    "market.worth.spillover=0.5,0.5",
    "market.worth=interval(0,1)",
    "market.customers.count=interval(10.5,20.5)",
    "strategy=interval(0,1)",
)


@pytest.mark.parametrize("axis", WRONG_AXES)
def test_a_wrong_axis_is_refused_with_the_words_of_a_sweep(capsys, axis):
    assert refusal(capsys, "explore", axis) == refusal(capsys, "sweep", axis, "design=lhs", "points=16")
