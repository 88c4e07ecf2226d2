"""A runner runs everything once, and tells runs of earlier commands from those of its own earlier stages."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from salesim.config.scenario import default_scenario
from salesim.runs.dispatch import CHUNK_SECONDS, Dispatcher
from salesim.runs.executors import Outcome
from salesim.runs.runner import Runner, keyed
from salesim.runs.store import RunStore

SMALL = {"market.customers.count": 20, "market.selling.salespeople": 2, "weeks": 4}


class Heard:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def begin(self, name: str) -> None:
        self.stages.append(name)

    def advance(self, done: int, total: int) -> None:
        self.stages[-1] += f" {done}/{total}"


@pytest.fixture
def wanted():
    ((key, scenario),) = keyed([default_scenario(**SMALL)])
    return lambda seeds: [(key, scenario, seed) for seed in seeds]


def runner_in(folder):
    return Runner(RunStore(folder), ("measures",), 1, Heard())


def test_what_an_earlier_stage_ran_is_not_said_to_be_finished_earlier(tmp_path, wanted):
    runner = runner_in(tmp_path)
    runner.run("first", wanted((1, 2)))
    runner.run("second", wanted((1, 2, 3)))
    runner.run("third", wanted((1, 3)))
    assert runner.progress.stages == ["first 0/2 1/2 2/2", "second 0/1 1/1"]
    assert len(runner.requested) == 3


def test_what_an_earlier_command_ran_is_said_to_be_finished_earlier(tmp_path, wanted):
    runner_in(tmp_path).run("first", wanted((1, 2)))
    runner = runner_in(tmp_path)
    runner.run("second", wanted((1, 2, 3)))
    assert runner.progress.stages == ["second 2/3 3/3"]


def test_one_run_says_how_many_make_a_chunk():
    dispatcher, first = Dispatcher(range(1000), 1000, SimpleNamespace(n_workers=2)), Future()
    first.set_result([Outcome(("key", 1), "{}", "", CHUNK_SECONDS / 20.5)])
    assert len(dispatcher.next_chunk()) == 1
    dispatcher.running[first] = ()
    assert [outcome.key for outcome in dispatcher.finished()] == [("key", 1)]
    assert len(dispatcher.next_chunk()) == 20
