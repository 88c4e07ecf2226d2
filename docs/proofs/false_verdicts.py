"""The same strategy twice with independent seeds: how often does a comparison call them different?

    python docs/proofs/false_verdicts.py        # 1,000 studies of up to 640 runs, 40 customers over 104 weeks

A pool of 64,000 runs is played, each with a seed of its own; a study draws the seeds of its two arms from it, none twice. Given
the pool, the studies are independent, and both arms come from the same distribution. Runs are kept in build/proofs/.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from pages import page
from scipy import special
from stand_in import LOOKS, ArrayBench, plan

from salesim.analyses.compare.interim import Looks
from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.model.parameters import Scenario
from salesim.model.schedule import play

SMALL = {"market.customers.count": 40, "market.selling.salespeople": 2, "weeks": 104}
MEASURES = ("gross_margin", "cycle_weeks", "pass_through", "operating_profit_k", "win_rate")
DECLARED = MEASURES[:3]
MATTERS = {"gross_margin": 0.01, "cycle_weeks": 1.0, "pass_through": 0.02}  # configs/compare/standard.yaml
TINY = dict.fromkeys(DECLARED, 1e-9)  # nothing is ever equivalent, so that all looks are had
STUDIES, POOL = 1_000, 64_000  # studies, runs
CHUNK = 6_400  # runs between two lines of progress


@cache
def small() -> Scenario:
    """The cheap scenario."""
    return default_scenario(**SMALL)


def one(seed: int) -> list[float]:
    """The measures of one run."""
    records = play(small(), seed)
    return [METRICS[name].function(records, 0) for name in MEASURES]


def pool(runs: int, keep: Path | None) -> np.ndarray:
    """Measures (columns) of so many runs of one scenario with seeds 1, 2, …, in chunks that are kept if there is a place.

    A kept chunk is taken if its first and last run still come out the same.
    """
    chunks = [range(start, min(start + CHUNK, runs + 1)) for start in range(1, runs + 1, CHUNK)]
    return np.concatenate([chunk_of(seeds, keep) for seeds in chunks])


def chunk_of(seeds: range, keep: Path | None) -> np.ndarray:
    """The measures of these seeds."""
    file = keep / f"pool-{SMALL['market.customers.count']}-{SMALL['weeks']}-{seeds[0]}-{seeds[-1]}.npy" if keep else None
    if file and file.is_file():
        found: np.ndarray = np.load(file)
        if np.array_equal(found[[0, -1]], [one(seeds[0]), one(seeds[-1])], equal_nan=True):
            return found
    with ThreadPoolExecutor(2) as threads:
        rows = np.array(list(threads.map(one, seeds)))
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, rows)
        print(f"seeds {seeds[0]:,} to {seeds[-1]:,}", file=sys.stderr, flush=True)
    return rows


def studies_of(runs: np.ndarray, studies: int, most: int) -> Iterator[np.ndarray]:
    """Runs of each study: 2 arms x seeds x measures; no seed is twice in a study."""
    for number in range(studies):
        drawn = np.random.default_rng([7, number]).choice(len(runs), 2 * most, replace=False)
        yield runs[drawn].reshape(2, most, runs.shape[1])


def verdicts(study: np.ndarray, matters: Mapping[str, float], looks: tuple[int, ...] = LOOKS) -> tuple[bool, int]:
    """Whether a comparison of two equal arms calls any measure different, and after how many pairs it stops."""
    arms = ("one", "other")
    values = {("alone", arm): {name: study[i, :, at] for at, name in enumerate(matters)} for i, arm in enumerate(arms)}
    bench = ArrayBench(plan(arms, matters, looks), values)
    found = Looks(bench)
    found.play()
    wrong = any(row["verdict"] in ("higher", "lower", "equal") for row in found.statements())
    return wrong, max(bench.pairs.values())


def excludes_zero(differences: np.ndarray) -> np.ndarray:
    """Whether the 95 % t interval of each column excludes zero."""
    n = (~np.isnan(differences)).sum(axis=0)
    error = np.nanstd(differences, axis=0, ddof=1) / np.sqrt(n)
    return np.abs(np.nanmean(differences, axis=0)) > special.stdtrit(n - 1, 0.975) * error


def naive(study: np.ndarray, looks: tuple[int, ...] = LOOKS) -> tuple[bool, bool, bool]:
    """False by doubling until an interval excludes zero (first measure; all declared), and by five measures at one look."""
    differences = study[0] - study[1]
    looked = np.array([excludes_zero(differences[:n]) for n in looks])
    return bool(looked[:, 0].any()), bool(looked[:, :3].any()), bool(excludes_zero(differences[: looks[1]]).any())


def table(runs: np.ndarray, studies: int, looks: tuple[int, ...] = LOOKS) -> list[tuple[str, float, float, float]]:
    """Rule, share of studies with a false verdict, its standard error, mean pairs."""
    rows = []
    for words, matters in (("compare, smallest differences as shipped", MATTERS), ("compare, nothing ever equivalent", TINY)):
        found = [verdicts(study, matters, looks) for study in studies_of(runs, studies, looks[-1])]
        rows.append((words, *share([wrong for wrong, _ in found]), float(np.mean([pairs for _, pairs in found]))))
    names = (
        "naive: double until the 95 % interval of one measure excludes zero",
        "naive: the same with three measures",
        f"naive: five measures at one look of {looks[1]} pairs, no correction",
    )
    results = np.array([naive(study, looks) for study in studies_of(runs, studies, looks[-1])])
    rows += [(name, *share(results[:, at].tolist()), math.nan) for at, name in enumerate(names)]
    return rows


def share(wrong: list[bool]) -> tuple[float, float]:
    """Share, and its standard error."""
    found = float(np.mean(wrong))
    return found, math.sqrt(found * (1.0 - found) / len(wrong))


def main() -> None:
    """Print the page."""
    rows = table(pool(POOL, Path("build/proofs")), STUDIES)
    lines = ["| rule | studies with a false verdict | standard error | mean pairs |", "|---|---|---|---|"]
    for name, wrong, error, pairs in rows:
        lines.append(f"| {name} | {100 * wrong:.1f} % | {100 * error:.1f} % | {'' if math.isnan(pairs) else f'{pairs:.0f}'} |")
    about = (
        f"{STUDIES:,} studies; each compares pitch with itself, {SMALL['market.customers.count']} customers, "
        f"{SMALL['weeks']} weeks, alone, with seeds that the arms do not share, drawn from {POOL:,} runs. Declared are "
        f"{', '.join(DECLARED)}; any “higher”, “lower” or “equal” is false. Looks at {', '.join(map(str, LOOKS))} pairs. "
        "With shared seeds the same strategy differs by exactly 0 in every run (tests/verdicts)."
    )
    page("false_verdicts", "False verdicts", about, lines)


if __name__ == "__main__":
    main()
