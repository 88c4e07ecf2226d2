"""A misspelt key in any file that a person can give is refused with the path and the line, whatever command reads it."""

import pytest

from salesim.cli import main
from tests.refusals import refusal

START = "# mine\ndefaults: [{parent}, _self_]\n"
EXPERIMENT = """# @package _global_
experiment:
  name: mine
  question: Which?
  baseline: one
  contests: [alone]
  arms:
    one: [strategy=pitch]
    other: [strategy=diagnostic]
"""
MISSPELT = [  # group, its parent, command, wrong lines, the line of the wrong key, what is said of it
    ("strategy", "pitch", "run", "suport: {}", 3, "strategy.suport is not a setting; did you mean strategy.support?"),
    ("strategy", "pitch", "run", "systems:\n  coachin: 0.3", 4, "did you mean strategy.systems.coaching?"),
    ("channel", "rebate", "run", "start_discont: 0.1", 3, "did you mean channel.start_discount?"),
    ("licence", "perpetual", "run", "yearz: 3", 3, "licence.yearz is not a setting"),
    ("market", "reference", "run", "customers:\n  cuont: 3", 4, "did you mean market.customers.count?"),
    ("study", "standard", "run", "sedes: 3", 3, "did you mean study.seeds?"),
    ("study", "standard", "sweep", "executor:\n  knid: dask", 4, "did you mean study.executor.kind?"),
    ("compare", "standard", "compare", "mesures: [win_rate]", 3, "did you mean compare.measures?"),
    ("explore", "standard", "explore", "pionts: 32", 3, "did you mean explore.points?"),
    ("explain", "standard", "explain", "sedes: 3", 3, "did you mean explain.seeds?"),
    ("explain", "standard", "explain", "seeds: many", 3, "explain.seeds is 'many'; it has to be a whole number"),
]


@pytest.fixture(autouse=True)
def no_run(monkeypatch):
    def started(*args):
        raise AssertionError("a run started")

    monkeypatch.setattr("salesim.runs.runner.outcomes", started)


@pytest.fixture
def own(tmp_path):
    """A function that writes one file into a person's own folder, and names the folder."""

    def make(place, text):
        path = tmp_path / "own" / f"{place}.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return str(tmp_path / "own")

    return make


@pytest.mark.parametrize(("group", "parent", "command", "lines", "line", "said"), MISSPELT)
@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]])
def test_a_misspelt_key_is_refused_with_path_and_line(capsys, own, group, parent, command, lines, line, said, dry_run):
    folder = own(f"{group}/mine", START.format(parent=parent) + lines + "\n")
    axis = ["weeks=52,60"] if command == "sweep" else []
    message = refusal(capsys, command, f"{group}=mine", *axis, "--config-dir", folder, *dry_run, first=True)
    assert f"/own/{group}/mine.yaml line {line}: " in message
    assert said in message


@pytest.mark.parametrize(("group", "parent", "command", "lines", "line", "said"), MISSPELT)
def test_list_says_of_such_a_file_that_it_is_broken(capsys, own, group, parent, command, lines, line, said):
    folder = own(f"{group}/mine", START.format(parent=parent) + lines + "\n")
    assert main(["list", "--config-dir", folder]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "mine broken: " in text
    assert f"mine.yaml line {line}: " in text
    assert said in text


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("explore", ["points=16", "trajectories=0", "emulator_points=0"], "for 128 points (16 base points x 8) with 7 seeds"),
        ("explain", [], "; 7 seeds"),
    ],
)
def test_a_file_of_ones_own_can_be_chosen_by_name_and_inherits(capsys, own, command, words, said):
    folder = own(f"{command}/mine", "defaults: [standard, _self_]\nseeds: 7\n")
    small = ["market.customers.count=30", "weeks=208", "contest=alone"]
    assert main([command, f"{command}=mine", *words, *small, "--config-dir", folder, "--dry-run"]) == 0
    assert said in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (EXPERIMENT.replace("baseline", "basline"), 5, "did you mean experiment.baseline?"),
        (EXPERIMENT + "wekes: 52\n", 10, "did you mean weeks?"),
        (EXPERIMENT + "market:\n  customers:\n    cuont: 60\n", 12, "did you mean market.customers.count?"),
        (EXPERIMENT + "study:\n  sedes: 3\n", 11, "did you mean study.seeds?"),
        (EXPERIMENT.replace("experiment:", "defaults: [override /licence: subscription]\nexperiment:").replace(
            "question", "qestion"), 5, "did you mean experiment.question?"),
    ],
)  # fmt: skip
def test_a_misspelt_key_of_an_experiment_is_refused_with_path_and_line(capsys, own, text, line, said):
    message = refusal(capsys, "experiment=mine", "--config-dir", own("experiment/mine", text), "--dry-run", first=True)
    assert f"/own/experiment/mine.yaml line {line}: " in message
    assert said in message


def test_a_misspelt_key_of_a_configuration_of_ones_own_is_refused_with_path_and_line(capsys, own, tmp_path):
    (tmp_path / "own" / "strategy").mkdir(parents=True)
    (tmp_path / "own" / "config.yaml").write_text("defaults:\n  - strategy: pitch\nwekes: 52\n")
    message = refusal(capsys, "show", "--config-dir", str(tmp_path / "own"))
    assert "/own/config.yaml line 3: wekes is not a setting; did you mean weeks?" in message
