"""The baseline's numbers, and the same bits with and without compilation.

When a change of the model is meant to move them, renew with `python -m tests.model.test_golden` in a commit of its own, and say
in the CHANGELOG which number moved from what to what, and why.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS, measured
from salesim.model.schedule import play

GOLDEN = Path(__file__).parent / "golden" / "baseline.json"
STRATEGIES = ("pitch", "packaged", "diagnostic", "rainmaking", "segmented")
SEEDS = (1, 2, 3)
SMALL = {"market.customers.count": 40, "market.selling.salespeople": 3, "weeks": 60, "strategy": "rainmaking"}


def baseline() -> dict[str, dict[str, float]]:
    """Mean of every measure over a few seeds, for each shipped strategy against pitching rivals."""
    means = {}
    for strategy in STRATEGIES:
        rows = [measured(play(default_scenario(None, strategy=strategy), seed)) for seed in SEEDS]
        means[strategy] = {name: float(np.mean([row[name] for row in rows])) for name in METRICS}
    return means


def test_the_baseline_has_not_moved():
    expected, found = json.loads(GOLDEN.read_text(encoding="utf-8")), baseline()
    moved = [
        f"{strategy} {name}: {expected[strategy].get(name)} -> {value}"
        for strategy, row in found.items()
        for name, value in row.items()
        if name in expected[strategy] and value != pytest.approx(expected[strategy].get(name, np.nan), rel=1e-09, nan_ok=True)
    ]
    assert not moved, "\n".join(moved)


PLAIN = """
import sys
import numpy as np
from salesim.config.scenario import default_scenario
from salesim.model.schedule import play
records = play(default_scenario(None, **%r), 3)
np.savez(sys.argv[1], **{f"{t}_{n}": getattr(records, t)[n]
    for t in ("deals", "weeks") for n in getattr(records, t).dtype.names})
"""


def test_rules_give_the_same_bits_without_compilation(tmp_path):
    """Compiled and interpreted rules agree to 1e-12: exp and log of the two may differ in the last bit."""
    path = tmp_path / "plain.npz"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", PLAIN % SMALL, str(path)], check=True, env=environment)
    compiled, plain = play(default_scenario(None, **SMALL), 3), np.load(path)
    for table in ("deals", "weeks"):
        for name in getattr(compiled, table).dtype.names:
            one, two = getattr(compiled, table)[name], plain[f"{table}_{name}"]
            assert np.allclose(one, two, rtol=1e-12, atol=1e-12, equal_nan=True), name


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(baseline(), indent=1) + "\n", encoding="utf-8")
