"""A command that is stopped, gently or not, ends with the tables of one that was not."""

import os
import random
import signal
import subprocess
import time

import pytest

from tests.faults.kill import NAME, command, commands, shards, stop_and_compare


@pytest.mark.parametrize("name", ["run", "sweep", "compare", "explore"])
def test_a_command_stopped_at_random_moments_ends_with_the_same_bytes(name):
    stops = [signal.SIGKILL, signal.SIGINT]
    assert stop_and_compare(name, commands("processes")[name], stops, random.Random()) == []


@pytest.mark.parametrize(
    ("executor", "stop"),
    [("threads", signal.SIGINT), ("processes", signal.SIGINT), ("threads", signal.SIGTERM), ("processes", signal.SIGTERM)],
)
def test_what_is_stopped_ends_with_one_message_and_the_same_command_goes_on(tmp_path, executor, stop):
    """Ctrl-C reaches all processes of a command, `kill` the first of them."""
    words = command(points=32, seeds=8, executor=executor)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it, as do its children
    victim = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    signal.signal(signal.SIGINT, before)
    end = time.monotonic() + 300
    while shards(tmp_path) == 0 and time.monotonic() < end:
        time.sleep(0.01)
    (os.killpg if stop == signal.SIGINT else os.kill)(victim.pid, stop)
    _, said = victim.communicate(timeout=120)
    assert victim.returncode == 130, said
    assert said.startswith("salesim: stopped; finished runs are kept, and the same command goes on from there: salesim sweep")
    assert said.count("\n") == 1
    assert not (tmp_path / "results" / NAME / "runs.csv").exists()
    ended = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "of them finished earlier" in ended.stdout
    assert (tmp_path / "results" / NAME / "runs.csv").is_file()
