"""A runner plays every run once, and tells runs of earlier commands from those of its own earlier stages."""

import pytest

from salesim.config.scenario import default_scenario
from salesim.runs.runner import Runner, keyed
from salesim.runs.store import RunStore

SMALL = {"market.customers.count": 20, "market.selling.salespeople": 2, "weeks": 4}


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def begin(self, name: str) -> None:
        self.stages.append(name)

    def tell(self, done: int, total: int) -> None:
        self.stages[-1] += f" {done}/{total}"


@pytest.fixture
def wanted():
    ((key, scenario),) = keyed([default_scenario(**SMALL)])
    return lambda seeds: [(key, scenario, seed) for seed in seeds]


def player_in(folder):
    return Runner(RunStore(folder), ("measures",), 1, Heard())


def test_what_an_earlier_stage_played_is_not_said_to_be_finished_earlier(tmp_path, wanted):
    runner = player_in(tmp_path)
    runner.play("first", wanted((1, 2)))
    runner.play("second", wanted((1, 2, 3)))
    runner.play("third", wanted((1, 3)))
    assert runner.listener.stages == ["first 0/2 1/2 2/2", "second 0/1 1/1"]
    assert len(runner.asked) == 3


def test_what_an_earlier_command_played_is(tmp_path, wanted):
    player_in(tmp_path).play("first", wanted((1, 2)))
    runner = player_in(tmp_path)
    runner.play("second", wanted((1, 2, 3)))
    assert runner.listener.stages == ["second 2/3 3/3"]
