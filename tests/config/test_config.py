"""From mappings and names to a scenario; what is not named stays as it is shipped."""

import pytest

from salesim.config.config_files import base_mapping, choice, choices, configs_folder, read_yaml
from salesim.config.errors import InputError, meant
from salesim.config.notes import notes_in, notes_of
from salesim.config.scenario import default_scenario, scenario_from

SHIPPED_FOLDERS = (configs_folder(),)
SHIPPED = [
    (group, name) for group in ("market", "strategy", "channel", "licence", "study") for name in choices(group, SHIPPED_FOLDERS)
]


def test_every_shipped_choice_makes_a_scenario():
    for group, name in SHIPPED:
        if group != "study":
            default_scenario(**{group: name})


@pytest.mark.parametrize(("group", "name"), SHIPPED)
def test_every_shipped_number_has_a_unit_a_meaning_and_a_source(group, name):
    path = choices(group, SHIPPED_FOLDERS)[name]
    notes = notes_in(path)

    def leaves(mapping, start=""):
        for key, value in mapping.items():
            if isinstance(value, dict):
                yield from leaves(value, f"{start}{key}.")
            else:
                yield start + key

    own = {key: value for key, value in read_yaml(path).items() if key != "defaults"}
    for key in leaves(own):
        assert all(notes[key]), f"{path}: {key} {notes[key]}"


def test_all_choices_of_a_group_have_the_same_keys():
    for group in ("market", "strategy", "channel", "licence"):
        found = {name: notes_of(group, name, SHIPPED_FOLDERS).keys() for name in choices(group, SHIPPED_FOLDERS)}
        first, *others = found.values()
        assert all(keys == first for keys in others)


def test_without_differences_all_vendors_pitch():
    scenario = default_scenario()
    assert [vendor.name for vendor in scenario.vendors] == ["ours", "rival 1", "rival 2"]
    assert {vendor.strategy.name for vendor in scenario.vendors} == {"pitch"}
    assert scenario.weeks == 520


def test_in_contest_everyone_rivals_do_all_that_we_do():
    plan = [{"week": 10, "strategy": "diagnostic", "training_hours": 8.0}]
    scenario = default_scenario(
        strategy="rainmaking", channel="rebate", licence="subscription", initiatives=plan, contest="everyone"
    )
    ours, *rivals = scenario.vendors
    for rival in rivals:
        assert (rival.strategy, rival.channel, rival.licence) == (ours.strategy, ours.channel, ours.licence)
        assert rival.initiatives == ours.initiatives


def test_an_initiative_keeps_what_it_does_not_name():
    plans = [
        {"week": 10, "licence": "subscription", "training_hours": 0.0},
        {"week": 20, "strategy": "diagnostic", "training_hours": 0.0},
    ]
    ours = default_scenario(channel="rebate", initiatives=plans).vendors[0]
    assert [plan.strategy.name for plan in ours.initiatives] == ["pitch", "diagnostic"]
    assert [plan.licence.name for plan in ours.initiatives] == ["subscription", "subscription"]
    assert [plan.channel.name for plan in ours.initiatives] == ["rebate", "rebate"]


def test_a_folder_of_ones_own_goes_before_the_shipped_one(tmp_path):
    (tmp_path / "channel").mkdir()
    text = (configs_folder() / "channel" / "rebate.yaml").read_text().replace("rebate_share: 0.5", "rebate_share: 0.25")
    (tmp_path / "channel" / "rebate.yaml").write_text(text)
    mapping = {**base_mapping(), "channel": "rebate"}
    assert scenario_from(mapping, folders=[tmp_path]).vendors[0].channel.rebate_share == 0.25
    assert scenario_from(mapping).vendors[0].channel.rebate_share == 0.5


def test_what_stands_later_in_defaults_goes_over_what_stands_earlier(tmp_path):
    (tmp_path / "strategy").mkdir()
    for order in ("[pitch, _self_]", "[_self_, pitch]", "[pitch]"):
        (tmp_path / "strategy" / "mine.yaml").write_text(f"defaults: {order}\nsystems: {{coaching: 0.9}}\n")
        found = choice("strategy", "mine", (tmp_path, configs_folder()))
        assert found["systems"]["coaching"] == (0.1 if order.endswith("pitch]") and "_self_" in order else 0.9)


def test_powers_of_ten_are_numbers_and_a_key_given_twice_is_refused(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 1e-3\n")
    assert read_yaml(path) == {"a": 0.001}
    path.write_text("a: 1\na: 2\n")
    with pytest.raises(InputError, match="a is given twice"):
        read_yaml(path)


def test_differences_can_be_made_to_a_scenario_that_exists():
    scenario = default_scenario(default_scenario(strategy="diagnostic"), weeks=10)
    assert scenario.weeks == 10
    assert scenario.vendors[0].strategy.name == "diagnostic"


def test_an_unknown_name_is_answered_with_the_nearest():
    assert meant("Diagnostik", ["pitch", "diagnostic"]) == "did you mean diagnostic?"
    assert meant("zzz", ["pitch", "diagnostic"]) == "allowed are diagnostic, pitch"
    with pytest.raises(InputError, match=r"market\.customers\.cout"):
        default_scenario(**{"market.customers.cout": 3})


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"contest": "both"}, "contest is 'both'"),
        ({"weeks": 20_000}, "weeks is 20000; it has to be a whole number from 1 to 10400"),
        ({"market.customers.count": 6}, "more customers than a customer has neighbours"),
        ({"market.selling.salespeople": 2_000}, "it has to be a whole number from 1 to 1024"),
        ({"market.people.learning_mean": 0.2}, "at least half the spread"),
        ({"market": 3}, "name of a file in configs/market/"),
        ({"strategy": 3}, "name of a file in configs/strategy/"),
        ({"rivals": 3}, "a group with the keys strategies, channel, licence"),
        ({"rivals": {"strategys": []}}, "did you mean rivals.strategies?"),
        ({"rivals": {"strategies": []}}, "is missing"),
        ({"rivals.strategies": ["pitch"] * 16}, "at most 15"),
        (
            {"rivals.strategies": [{"defaults": ["pitch"], "systems": {"coaching": 2.0}}]},
            "rivals.strategies[0].systems.coaching",
        ),
        ({"initiatives": [3]}, "initiatives[0] is 3"),
        ({"initiatives": [{"weak": 3}]}, "did you mean initiatives[0].week?"),
        ({"initiatives": [{"week": 9, "training_hours": 0}, {"week": 9, "training_hours": 0}]}, "after the one before"),
        ({"initiatives": [{"week": 9, "training_hours": -1}]}, "initiatives[0].training_hours is -1"),
        ({"initiatives": [{"week": 9, "training_hours": {1, 2}}]}, "no text, number, list or group"),
        ({"market.trust.loss.more": 3}, "not a setting"),
        ({"loss": 3}, "did you mean market.trust.loss?"),
        ({"coaching": 3}, "market.people.coaching or strategy.systems.coaching"),
        ({"xyzzy": 3}, "`salesim show` lists everything"),
    ],
)
def test_what_a_scenario_cannot_be_is_said_in_one_sentence(differences, said):
    with pytest.raises(InputError) as found:
        default_scenario(**differences)
    assert said in str(found.value)


def test_whole_numbers_become_floats_where_a_number_is_wanted():
    """A rule compiled for floats would be compiled again for a whole number."""
    assert isinstance(default_scenario(**{"market.trust.loss": 1}).market.trust.loss, float)


def test_a_strategy_can_be_changed_where_it_is_named():
    plan = {"week": 10, "training_hours": 0.0, "strategy": {"defaults": ["diagnostic"], "systems": {"coaching": 0.2}}}
    changed = default_scenario(initiatives=[plan]).vendors[0].initiatives[0].strategy
    shipped = default_scenario(strategy="diagnostic").vendors[0].strategy
    assert changed.systems.coaching == 0.2
    assert changed.support == shipped.support
