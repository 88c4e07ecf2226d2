"""Two equal arms: how often does a comparison call them different?

    python docs/proofs/false_verdicts.py        # 1,000 studies a row, 200 of the market

Five kinds of made-up measures go through the whole decision path of `compare`, all interim analyses included; and so do runs of
the market: a pool of 12,800 runs is played, each with a seed of its own, and a study draws the seeds of its two arms from it,
none twice. Given the pool, the studies are independent. Runs are kept in build/proofs/.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from pages import page
from scipy import special
from stand_in import ANALYSES, analysed, comparison_of

from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.model.parameters import Scenario
from salesim.model.schedule import play

SMALL = {"market.customers.count": 40, "market.selling.salespeople": 2, "weeks": 104}
MEASURES = ("gross_margin", "cycle_weeks", "pass_through", "operating_profit_k", "win_rate")
DECLARED = MEASURES[:3]
MARGINS = {"gross_margin": 0.01, "cycle_weeks": 1.0, "pass_through": 0.02}  # configs/compare/standard.yaml
TINY = dict.fromkeys(DECLARED, 1e-9)  # nothing is ever equivalent, so that all interim analyses are made
STUDIES, OF_MARKET, POOL = 1_000, 200, 12_800  # studies; studies of the market; runs
CHUNK = 6_400  # runs between two lines of progress
Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


def with_holes(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Standard normal measures, 30 % of them missing."""
    values = rng.normal(size=shape)
    values[rng.random(shape) < 0.3] = np.nan
    return values


KINDS: Mapping[str, Draw] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "Student's t, 3 degrees of freedom": lambda rng, shape: rng.standard_t(3, size=shape),
    "log-normal, skewness 6": lambda rng, shape: np.exp(rng.normal(size=shape)),
    "Poisson, mean 0.5": lambda rng, shape: rng.poisson(0.5, size=shape).astype(float),
    "normal, 30 % missing": with_holes,
}


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
        kept: np.ndarray = np.load(file)
        if np.array_equal(kept[[0, -1]], [one(seeds[0]), one(seeds[-1])], equal_nan=True):
            return kept
    with ThreadPoolExecutor(2) as threads:
        rows = np.array(list(threads.map(one, seeds)))
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, rows)
        print(f"seeds {seeds[0]:,} to {seeds[-1]:,}", file=sys.stderr, flush=True)
    return rows


def of_kind(draw: Draw, studies: int, most: int) -> Iterator[np.ndarray]:
    """Made-up measures of each study: 2 arms x seeds x measures, all independent and alike."""
    for number in range(studies):
        yield draw(np.random.default_rng([8, number]), (2, most, len(DECLARED)))


def of_market(runs: np.ndarray, studies: int, most: int) -> Iterator[np.ndarray]:
    """Runs of each study: 2 arms x seeds x measures; no seed is twice in a study."""
    for number in range(studies):
        drawn = np.random.default_rng([7, number]).choice(len(runs), 2 * most, replace=False)
        yield runs[drawn].reshape(2, most, runs.shape[1])


def false_verdict(study: np.ndarray, margins: Mapping[str, float], analyses: tuple[int, ...]) -> tuple[bool, int]:
    """Whether a comparison of two equal arms calls any measure different, and after how many pairs it stops."""
    arms = ("one", "other")
    values = {("alone", arm): {name: study[i, :, at] for at, name in enumerate(margins)} for i, arm in enumerate(arms)}
    found = analysed(comparison_of(arms, margins, analyses), values)
    wrong = any(row["verdict"] in ("higher", "lower", "equal") for row in found.statements())
    return wrong, max(found.source.pairs.values())


def row_of(
    name: str, studies: Iterable[np.ndarray], margins: Mapping[str, float] = TINY, analyses: tuple[int, ...] = ANALYSES
) -> tuple[str, float, float, float]:
    """Name, share of studies with a false verdict, its standard error, mean pairs."""
    results = [false_verdict(study, margins, analyses) for study in studies]
    return name, *share([wrong for wrong, _ in results]), float(np.mean([pairs for _, pairs in results]))


def excludes_zero(differences: np.ndarray) -> np.ndarray:
    """Whether the 95 % t interval of each column excludes zero."""
    n = (~np.isnan(differences)).sum(axis=0)
    error = np.nanstd(differences, axis=0, ddof=1) / np.sqrt(n)
    return np.abs(np.nanmean(differences, axis=0)) > special.stdtrit(n - 1, 0.975) * error


def naive(study: np.ndarray, analyses: tuple[int, ...] = ANALYSES) -> tuple[bool, bool, bool]:
    """False by doubling until an interval excludes zero (first measure; all declared), and by five measures at one time."""
    differences = study[0] - study[1]
    each = np.array([excludes_zero(differences[:n]) for n in analyses])
    return bool(each[:, 0].any()), bool(each[:, :3].any()), bool(excludes_zero(differences[: analyses[1]]).any())


def naive_rows(runs: np.ndarray, studies: int, analyses: tuple[int, ...] = ANALYSES) -> list[tuple[str, float, float, float]]:
    """The same for rules that pay nothing for judging often, or many measures."""
    names = (
        "naive: double until the 95 % interval of one measure excludes zero",
        "naive: the same with three measures",
        f"naive: five measures, judged once after {analyses[1]} pairs, no correction",
    )
    results = np.array([naive(study, analyses) for study in of_market(runs, studies, analyses[-1])])
    return [(name, *share(results[:, at].tolist()), math.nan) for at, name in enumerate(names)]


def share(wrong: list[bool]) -> tuple[float, float]:
    """Share, and its standard error."""
    part = float(np.mean(wrong))
    return part, math.sqrt(part * (1.0 - part) / len(wrong))


def main() -> None:
    """Print the page."""
    rows = [row_of(f"compare, {name}", of_kind(draw, STUDIES, ANALYSES[-1])) for name, draw in KINDS.items()]
    runs = pool(POOL, Path("build/proofs"))
    for words, margins in (("equivalence margins as shipped", MARGINS), ("nothing ever equivalent", TINY)):
        rows.append(row_of(f"compare, the market, {words}", of_market(runs, OF_MARKET, ANALYSES[-1]), margins))
    rows += naive_rows(runs, STUDIES)
    lines = ["| rule | studies with a false verdict | standard error | mean pairs |", "|---|---|---|---|"]
    for name, wrong, error, pairs in rows:
        lines.append(f"| {name} | {100 * wrong:.1f} % | {100 * error:.1f} % | {'' if math.isnan(pairs) else f'{pairs:.0f}'} |")
    about = (
        f"{STUDIES:,} studies a row, {OF_MARKET} of the market, each of two equal arms and {len(DECLARED)} measures through "
        f"all interim analyses, after {', '.join(map(str, ANALYSES))} pairs; any “higher”, “lower” or “equal” is false. "
        f"The market: pitch compared with itself, {SMALL['market.customers.count']} customers, {SMALL['weeks']} weeks, alone, "
        f"with seeds that the arms do not share, drawn from {POOL:,} runs; {', '.join(DECLARED)}. With shared seeds the same "
        "strategy differs by exactly 0 in every run (tests/analyses/compare)."
    )
    page("false_verdicts", "False verdicts", about, lines)


if __name__ == "__main__":
    main()
