"""ABC-SMC of pyABC on the problem of `fit_problem.py`: its posterior after 1,000, 3,000 and 10,000 runs, a line for each truth.

    python docs/proofs/fit_peer.py FOLDER [truths]

It needs pyabc, which is no dependency of the project. The populations have 200 particles, the epsilon of each is the median of
the distances before (its default), and numbers are scaled by their standard deviation over the priors. Lines go to
FOLDER/peer.jsonl.
"""

import json
import logging
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyabc
from fit_problem import FIRST_OF_TRUTHS, MEASURES, bank_of, outputs_of, problem, saved_lines, truths_of

from salesim.runs.summary import summary
from salesim.stats.sobol_points import sobol_points

SIZES, POPULATION, TRUTHS = (1000, 3000, 10_000), 200, 1500


def peer(folder: Path, n_truths: int) -> None:
    """Measure every truth that is not in the file."""
    logging.getLogger("ABC").setLevel(logging.WARNING)
    spec = problem(folder)
    truths = truths_of(spec, TRUTHS)
    numbers = outputs_of(folder / "truths.npy", spec, truths, FIRST_OF_TRUTHS)
    scale = bank_of(folder / "design.npy", spec, sobol_points(len(spec.axes), 3000), spec.study.first_seed).outputs.std(axis=0)
    names, file = [f"x{number}" for number in range(len(spec.axes))], folder / "peer.jsonl"
    prior = pyabc.Distribution(**{name: pyabc.RV("uniform", 0.0, 1.0) for name in names})
    done = {line["truth"] for line in saved_lines(file)}
    for row in sorted(set(range(n_truths)) - done):
        seeds, started = count(100_000_000 + 100_000 * row), time.monotonic()

        def model(place: Any, seeds: Any = seeds) -> dict[str, float]:
            (scenario,) = spec.scenarios(np.array([[place[name] for name in names]]))
            run = summary(scenario, next(seeds), ("measures",))["measures"]
            return {name: float(np.nan_to_num(run[name] / unit)) for name, unit in zip(MEASURES, scale, strict=True)}

        sampler = pyabc.sampler.SingleCoreSampler()
        smc = pyabc.ABCSMC(model, prior, pyabc.PNormDistance(p=2), population_size=POPULATION, sampler=sampler)
        smc.new("sqlite://", dict(zip(MEASURES, (numbers[row] / scale).tolist(), strict=True)))
        history = smc.run(max_total_nr_simulations=SIZES[-1])
        line = {"truth": row, "seconds": time.monotonic() - started, "after": after(history, names, truths[row])}
        with file.open("a") as lines:
            lines.write(json.dumps(line) + "\n")
        print(row, line["seconds"], flush=True)


def after(history: Any, names: list[str], truth: Any) -> list[dict[str, Any]]:
    """For each size, of the last population that was whole by then: its runs, error of the mean, and rank of the truth."""
    populations = history.get_all_populations()
    populations = populations[populations["t"] >= 0]
    runs, rows = populations["samples"].cumsum(), []
    for size in SIZES:
        whole = populations["t"][runs <= size * 1.1]
        draws, weight = history.get_distribution(t=int(whole.max()))
        points, share = draws[names].to_numpy(), np.asarray(weight)
        mine = {"runs": int(runs[populations["t"] == whole.max()].iloc[0]), "size": size}
        rows.append(mine | {"error": (share @ points - truth).tolist(), "rank": (share @ (points < truth)).tolist()})
    return rows


if __name__ == "__main__":
    peer(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10)
