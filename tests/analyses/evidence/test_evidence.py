"""`salesim evidence`: the numbers are those of the runs, it resumes, and bad words are refused before any run."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml

from salesim.analyses.evidence.spec import turns_of
from salesim.cli import main
from salesim.config.scenario import default_scenario
from salesim.metrics.facts import FACT_MEASURES
from salesim.model.schedule import play
from salesim.runs.summary import EVIDENCE_MEASURES

SMALL = ("weeks=160", "market.customers.count=40", "seeds=3", "workers=1")
BASE = {"weeks": 160, "market.customers.count": 40, "contest": "everyone"}
PLANTED = {
    "met": {"what": "weeks are weeks", "role": "predicted", "checked": "D", "source": "us", "measured": "cycle"}
    | {"how": "mean", "of": "cycle_median", "band": [0, 1000]},
    "missed": {"what": "nothing is won", "role": "predicted", "checked": "A", "source": "us", "measured": "won"}
    | {"how": "mean", "of": "deals_won", "band": [-2, -1]},
}


@pytest.fixture
def own(tmp_path):
    """A folder of one's own with two planted facts."""
    folder = tmp_path / "own" / "evidence"
    folder.mkdir(parents=True)
    (folder / "facts.yaml").write_text(yaml.safe_dump(PLANTED))
    return folder.parent


def table(folder, name):
    return pd.read_csv(folder / "mine" / "evidence" / f"{name}.csv").set_index("id")


def runs(measure, **arm):
    return np.array([measure(play(default_scenario(**{**BASE, **arm}), seed), 0) for seed in (1, 2, 3)])


def test_facts_and_a_claim_have_the_numbers_that_runs_by_hand_have(tmp_path, capsys):
    assert main(["evidence", "D3", "D1", "H7", "S6", *SMALL, f"folder={tmp_path}", "name=mine"]) == 0
    facts, tests = table(tmp_path, "facts"), table(tmp_path, "tests")
    assert facts.loc["D3", "mean"] == pytest.approx(runs(EVIDENCE_MEASURES["no_decision"]).mean())
    assert facts.loc["D1", "mean"] == pytest.approx(runs(FACT_MEASURES["cycle_median"]).mean())
    full, none = (
        runs(EVIDENCE_MEASURES["promise_kept"], contest="alone", **{"strategy.support.collaboration": level})
        for level in (1.0, 0.0)
    )
    assert tests.loc["S6", "mean"] == pytest.approx((full - none).mean())
    text = capsys.readouterr().out
    assert "15 runs: 5 scenarios x 3 seeds" in text  # D3 and D1 share theirs
    assert max(len(line) for line in text.splitlines() if str(tmp_path) not in line) <= 100
    page = (tmp_path / "mine" / "report.html").read_text()
    assert all(words in page for words in ("Published facts", "Claims of the article"))


def test_a_planted_fact_is_met_and_another_missed_by_its_size_and_one_from_memory_is_called_unverified(tmp_path, own, capsys):
    words = ["met", "missed", "B3", *SMALL, f"folder={tmp_path}", "name=mine", f"--config-dir={own}"]
    assert main(["evidence", *words]) == 0
    facts, text = table(tmp_path, "facts"), " ".join(capsys.readouterr().out.split())
    assert facts["result"].to_dict() == {"met": "met", "missed": "missed", "B3": "cannot be asked"}
    assert facts.loc["missed", "miss"] == pytest.approx(facts.loc["missed", "mean"] + 1)
    assert "weeks are weeks (unverified)" in text
    assert "Predicted: 1 of 2 are met" in text
    assert "advertising" in text


def test_what_was_stopped_goes_on_without_running_again_what_is_finished(tmp_path, capsys):
    words = [*SMALL, f"folder={tmp_path}", "name=mine"]
    assert main(["evidence", "D3", *words]) == 0
    assert main(["evidence", "D3", "D1", "kind=facts", *words]) == 0
    assert "All runs are finished already" in capsys.readouterr().out
    record = json.loads((tmp_path / "mine" / "evidence" / "evidence.json").read_text())
    assert (record["runs"], record["failed"], record["kinds"]["facts"]) == (3, 0, 2)


def test_limits_need_no_run(tmp_path, capsys):
    assert main(["evidence", "limits", *SMALL, f"folder={tmp_path}"]) == 0
    text = capsys.readouterr().out
    assert "No runs" in text
    assert "held by tests" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["A11"], "did you mean A1?"),
        (["fact"], "did you mean facts?"),
        (["kind=fact"], "did you mean facts?"),
        (["kinds=facts"], "did you mean kind?"),
        (["strategy=diagnostic"], "everyone pitches"),
        (["contest=alone"], "everyone pitches"),
        (["weeks=10,20"], "give one value"),
        (["C5-match", "rivals.strategies=[]"], "the market has none"),
        (["market.customers.cont=3"], "did you mean market.customers.count?"),
    ],
)
def test_bad_words_are_refused_before_any_run(tmp_path, capsys, words, message):
    assert main(["evidence", *words, f"folder={tmp_path}"]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"how": "means"}, "did you mean mean?"),
        ({"of": "cycle_medians"}, "did you mean cycle_median?"),
        ({"how": "difference"}, "another number of arms than 1"),
        ({"how": "mean less"}, "needs least as well"),
        ({"arms": [{"market.customers.cont": 3}]}, "did you mean market.customers.count?"),
    ],
)
def test_a_fact_that_cannot_be_measured_is_refused_by_name(tmp_path, own, capsys, change, message):
    (own / "evidence" / "facts.yaml").write_text(yaml.safe_dump({"mine": PLANTED["met"] | change}))
    assert main(["evidence", "mine", f"--config-dir={own}", f"folder={tmp_path / 'out'}"]) == 2
    error = capsys.readouterr().err
    assert "mine in configs/evidence" in error
    assert message in error


def test_a_level_that_would_make_two_arms_the_same_holds_in_the_first_alone():
    claim = {
        "tests": [{"how": "difference", "of": "m", "arms": [{"a": 2}, {"a": 0}]}],
        "turns": {"setting": "a", "levels": [1, 4]},
    }
    assert [turn["arms"] for turn in turns_of(claim)] == [[{"a": 1}, {"a": 0}], [{"a": 4}, {"a": 0}]]


@pytest.mark.parametrize("weeks", [1, 30])
def test_every_measure_is_a_number_or_unknown_where_little_has_happened(weeks):
    records = play(default_scenario(weeks=weeks, **{"market.customers.count": 8}), 1)
    assert all(isinstance(float(measure(records, row)), float) for measure in EVIDENCE_MEASURES.values() for row in (0, 1))
