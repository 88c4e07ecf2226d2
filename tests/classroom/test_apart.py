"""Runs in a process of their own: the same numbers, at a lower priority, and no end of the class if that process dies."""

import os
from multiprocessing import active_children

import pytest

from salesim.classroom.apart import RunsApart


@pytest.fixture
def apart(lesson):
    before = {process.pid for process in active_children()}
    runs = RunsApart(lesson)
    runs.processes = lambda: [process for process in active_children() if process.pid not in before]
    yield runs
    runs.close()


def test_a_process_of_its_own_gives_the_same_numbers_again_after_it_was_killed(apart, lesson, runs):
    cards = [[["pitch"], ["diagnose"], ["rainmake"]]]
    assert apart.curve(lesson.market) == runs.curve(lesson.market)
    (process,) = apart.processes()
    assert os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    process.kill()
    process.join()
    assert apart.round(cards) == runs.round(cards)
