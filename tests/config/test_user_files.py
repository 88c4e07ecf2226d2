"""A misspelt key in any file that a person writes is refused with the file, the line, and what was probably meant."""

import pytest

from salesim.config.config_files import choices, configs_folder
from salesim.config.errors import InputError
from salesim.config.user_files import check_file, trouble_with

EXPERIMENT = """# @package _global_
experiment:
  name: two
  question: Which?
  baseline: one
  contests: [alone]
  arms:
    one: [strategy=pitch]
    other: [strategy=diagnostic]
"""
BY_DEFAULTS = "# @package _global_\ndefaults: [three_strategies]\n"


@pytest.fixture
def folders(tmp_path):
    """A function: group and text of the file `mine` -> the folders to search."""

    def make(group, text):
        (tmp_path / group).mkdir()
        (tmp_path / group / "mine.yaml").write_text(text)
        return tmp_path, configs_folder()

    return make


@pytest.mark.parametrize(
    ("group", "text", "line", "said"),
    [
        (
            "strategy",
            "defaults: [pitch]\nsystems:\n  coachin: 0.7\n",
            3,
            "strategy.systems.coachin is not a setting; ",
        ),
        ("channel", "# mine\ndefaults: [rebate]\nrebate_shar: 0.7\n", 3, "did you mean channel.rebate_share?"),
        ("licence", "defaults: [subscription]\nsubscripton: true\n", 2, "did you mean licence.subscription?"),
        ("market", "defaults: [reference]\ncustomers:\n  cuont: 9\n", 3, "did you mean market.customers.count?"),
        ("study", "defaults: [standard]\nsedes: 3\n", 2, "did you mean study.seeds?"),
        ("experiment", EXPERIMENT.replace("baseline", "basline"), 5, "did you mean experiment.baseline?"),
        ("experiment", EXPERIMENT + "weks: 52\n", 10, "weks is not a setting; did you mean weeks?"),
        ("experiment", EXPERIMENT + "market:\n  customers:\n    cuont: 9\n", 12, "did you mean market.customers.count?"),
        ("experiment", EXPERIMENT + "study: {sedes: 3}\n", 10, "did you mean study.seeds?"),
        ("experiment", BY_DEFAULTS + "experiment: {basline: pitch}\n", 3, "did you mean experiment.baseline?"),
    ],
)
def test_a_misspelt_key_is_refused_with_its_line_and_what_was_meant(folders, group, text, line, said):
    places = folders(group, text)
    with pytest.raises(InputError) as refused:
        check_file(group, "mine", places)
    assert str(refused.value).startswith(f"{places[0] / group / 'mine.yaml'} line {line}: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "settings", ["", "weeks: 52\n", "market: {customers: {count: 90}}\n", "study: {sweep: {weeks: [52]}}\n"]
)
def test_an_experiment_that_sets_what_exists_is_taken(folders, settings):
    assert trouble_with("experiment", "mine", folders("experiment", EXPERIMENT + settings)) == ""


def test_every_shipped_file_is_taken():
    folders = (configs_folder(),)
    for group in ("market", "strategy", "channel", "licence", "study", "experiment"):
        assert [trouble_with(group, name, folders) for name in choices(group, folders)] == [""] * len(choices(group, folders))


def test_a_group_where_a_number_stands_is_refused_by_its_value(folders):
    assert "strategy.systems is 3; it has to be a group" in trouble_with(
        "strategy", "mine", folders("strategy", "defaults: [pitch]\nsystems: 3\n")
    )
