"""What a study keeps in memory: keys, not results."""

import json
import tracemalloc

import pytest

from salesim.config.scenario import default_scenario
from salesim.runs.runner import run_missing
from salesim.runs.store import RunStore

BYTES_A_RUN = 1_500  # a key, its place in the store, and its place in the list of what is wanted
SCENARIO = default_scenario(weeks=52)


def long_summary(scenario, seed):
    """As much as a ten-year run leaves."""
    return json.dumps({"measures": {"seed": seed}}) + "\n" + json.dumps({"years": {"revenue_k": [seed + 0.1] * 600}})


def peak(folder, n_runs):
    """Largest memory that Python held while runs were played and then read one by one, in bytes."""
    tracemalloc.start()
    store = RunStore(folder)
    assert run_missing({("k", seed): SCENARIO for seed in range(n_runs)}, store, 2, summarize=long_summary) == {}
    assert sum(store.index["k", seed]["years"]["revenue_k"][0] for seed in range(n_runs)) > 0
    largest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return largest


@pytest.mark.parametrize("known_before", [False, True])
def test_memory_grows_with_keys_alone(tmp_path, known_before):
    sizes = (500, 1_500)
    if known_before:
        for size in sizes:
            peak(tmp_path / str(size), size)
    small, large = (peak(tmp_path / str(size), size) for size in sizes)
    assert (large - small) / (sizes[1] - sizes[0]) < BYTES_A_RUN
