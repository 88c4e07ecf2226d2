"""Malformed comparisons end in one message before any run."""

import pytest

from salesim.analyses.compare.spec import Budget, budget_of
from salesim.cli import main
from salesim.metrics import METRICS
from tests.refusals import refusal


@pytest.fixture(autouse=True)
def no_run(monkeypatch):
    def started(*args):
        raise AssertionError("a run started")

    monkeypatch.setattr("salesim.runs.runner.outcomes", started)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("measures=[gros_margin]", "did you mean gross_margin?"),
        ("measures=[]", "name at least one"),
        ("measures=gross_margin", "compare.measures is 'gross_margin'; it has to be a list"),
        ("measures=[win_rate,win_rate]", "names win_rate twice"),
        (
            "equivalence_margins.gross_margin=-0.01",
            "compare.equivalence_margins.gross_margin is -0.01; an equivalence margin has to be above 0 (share), as "
            "compare.equivalence_margins.gross_margin=0.01",
        ),
        ("equivalence_margins.gross_margin=0", "has to be above 0"),
        ("equivalence_margins.gross_margin=few", "compare.equivalence_margins.gross_margin is 'few'; it has to be a number"),
        (
            "equivalence_margins.win_rate=5 measures=[win_rate]",
            "compare.equivalence_margins.win_rate is 5, but it goes from 0 to 1 (share); did you mean 0.05, which is 5 points?",
        ),
        ("equivalence_margins.gross_margin=1", "did you mean 0.01, which is 1 point?"),
        (
            "equivalence_margins.gross_margin=250",
            "compare.equivalence_margins.gross_margin is 250, but it goes from 0 to 1 (share)",
        ),
        ("equivalence_margins.trust=5 measures=[trust]", "did you mean 0.05?"),
        (
            "measures=[win_rate] equivalence_margins.gross_margin=0.01",
            "equivalence_margins.gross_margin=0.01 would change nothing: gross_margin is not judged; say "
            "compare.measures=[win_rate,gross_margin], or leave the word out",
        ),
        ("measures=[churn]", "which needs a number of the scenario besides the records, and cannot be judged by compare"),
        ("equivalence_margins.gros_margin=1", "did you mean compare.equivalence_margins.gross_margin?"),
        (
            "+compare.equivalence_margins.gros_margin=1",
            "compare.equivalence_margins has 'gros_margin', which is not a measure",
        ),
        (
            "~compare.equivalence_margins.gross_margin",
            "compare.equivalence_margins.gross_margin is missing: which differences count as none has to be declared before "
            "the first run. Add the line `gross_margin: 0.01` (share) under `equivalence_margins:` in "
            "configs/compare/standard.yaml, or say +compare.equivalence_margins.gross_margin=0.01",
        ),
        ("compare.first_fresh_seed=5000", "did you mean compare.first_confirmation_seed?"),
        ("interim_analyses=[20,20,40]", "each interim analysis has to come after more pairs"),
        ("interim_analyses=[40,20]", "each interim analysis has to come after more pairs"),
        ("interim_analyses=[5,20]", "needs at least 10 pairs"),
        ("interim_analyses=[]", "needs at least 10 pairs"),
        ("interim_analyses=20", "compare.interim_analyses is 20; it has to be a list"),
        ("interim_analyses=[20,2000000]", "at most 1000000 pairs"),
        ("compare.share_that_may_differ=0", "compare.share_that_may_differ is 0"),
        ("budget=soon", "compare.budget is soon; it has to be runs or time"),
        ("budget=0min", "has to be runs or time"),
        ("budget=-3min", "has to be runs or time"),
        ("budget=500", "compare.budget is 500; it has to be runs or time"),
        ("budget=2.5runs", "runs are whole"),
        (
            "budget=60runs",
            "compare.budget is 60 runs; the smallest comparison is 100 runs: 5 scenarios x (10 pairs for the first interim "
            "analysis and 10 confirmation seeds) (alone/pitch and everyone/pitch are the same). Ask for budget=100runs, or for "
            "one contest (contest=alone needs 60)",
        ),
        ("compare.confirmation_seeds=3", "compare.confirmation_seeds is 3; it has to be a whole number from 10"),
        ("compare.first_confirmation_seed=100", "confirmation seeds have to be above 320"),
        ("compare.frsh=3", "compare.frsh"),
        ("compare=strict", "no compare named 'strict'"),
        ("seeds=10", "would change nothing: a comparison runs as many seeds as it needs"),
        ("study.seeds=10", "would change nothing"),
        ("experiment=null", "has one arm, pitch; a comparison needs two or more"),
        ("weks=3", "did you mean weeks?"),
        ("study.folder=/proc/x", "study.folder"),
    ],
)
def test_a_malformed_comparison_is_refused_with_a_message_that_names_it(capsys, word, said):
    assert said in refusal(capsys, "compare", *word.split(" "))


def test_run_refuses_what_is_for_compare(capsys):
    assert main(["run", "budget=2min"]) == 2
    assert "is for `salesim compare`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("500runs", Budget(500, None)),
        ("500 runs", Budget(500, None)),
        ("90s", Budget(None, 90.0)),
        ("2min", Budget(None, 120.0)),
        ("1.5h", Budget(None, 5400.0)),
        (None, None),
    ],
)
def test_a_budget_is_runs_or_time(text, budget):
    assert budget_of(text) == budget


def test_every_measure_has_an_equivalence_margin():
    from salesim.config.config_files import base_mapping

    assert set(base_mapping()["compare"]["equivalence_margins"]) == set(METRICS)
