"""Is an emulator of few runs as good as plain sampling? Held-out points, Sobol indices, and the default exploration both ways.

python docs/proofs/exploration.py FOLDER     # keeps its runs there; about 60,000 runs, ten minutes on two cores
"""

import contextlib
import io
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from pages import HERE, page

from salesim.analyses.explore.axes import in_units
from salesim.analyses.explore.spec import Exploration, exploration_of
from salesim.cli import main
from salesim.config.overrides.composer import Composer
from salesim.metrics import METRICS
from salesim.model.schedule import play
from salesim.stats import sensitivity
from salesim.stats.emulator import quadratic, ridge
from salesim.stats.gaussian_process import DRAWS, linear, process
from salesim.stats.sobol_points import sobol_points

Numbers = npt.NDArray[np.float64]
Predict = Callable[[Numbers], tuple[Numbers, Numbers | None]]  # points -> mean and its standard deviation, if it has one
SIZES = ((32, 5), (64, 5), (107, 3))  # points x seeds
TRAINED, CHECKED = (512, 5, 1000), (100, 30, 100_000)  # points, seeds of each, and the first seed
LARGEST = 256  # points of the emulator whose indices are taken for the true ones
BASE, TWO_SIDED = 1024, 1.96
DIFFERENCES = [(contest, arm) for contest in ("alone", "everyone") for arm in ("diagnostic", "rainmaking")]


def runs_of(
    spec: Exploration, name: str, shares: Numbers, seeds: int, first: int, folder: Path
) -> dict[tuple[str, str], Numbers]:
    """Differences from pitching at points (points x seeds), each point with its own seeds; kept in the folder."""
    file = folder / f"{name}.npz"
    if not file.is_file():
        by_arm, profit = spec.scenarios(in_units(shares, spec.axes)), METRICS["operating_profit_k"].function
        jobs = [(row, seed) for row in range(len(shares)) for seed in range(first + seeds * row, first + seeds * (row + 1))]
        with ThreadPoolExecutor(2) as pool:
            values = {
                f"{contest}|{arm}": np.array(
                    list(pool.map(lambda job, mine=mine: profit(play(mine[job[0]], job[1]), 0), jobs))
                ).reshape(len(shares), seeds)
                for (contest, arm), mine in by_arm.items()
            }
        np.savez(file, **values)
    kept = np.load(file)
    return {(contest, arm): kept[f"{contest}|{arm}"] - kept[f"{contest}|pitch"] for contest, arm in DIFFERENCES}


def by_lines(points: Numbers, values: Numbers, _: float) -> Predict:
    """Least squares, linear."""
    terms = np.linalg.lstsq(linear(points), values, rcond=None)[0]
    return lambda places: (linear(places) @ terms, None)


def by_quadratic(points: Numbers, values: Numbers, _: float) -> Predict:
    """The mean of `stats.emulator`, which a fit uses."""
    terms = ridge(quadratic(points), (values - values.mean()) / values.std(), 1e-2)
    return lambda places: (values.mean() + values.std() * (quadratic(places) @ terms), None)


def by_process(points: Numbers, values: Numbers, noise: float) -> Predict:
    """The emulator of `salesim explore`."""
    learned = process(points, values, np.full(len(values), noise), 8 if len(points) >= LARGEST else DRAWS)

    def predict(places: Numbers) -> tuple[Numbers, Numbers]:
        draws = learned.draws(places)
        return draws.mean(axis=0), draws.std(axis=0, ddof=1)

    return predict


def by_scikit_learn(points: Numbers, values: Numbers, noise: float) -> Predict:
    """A Gaussian process of scikit-learn with the same mean and kernel, at its likeliest lengths."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

    scale = values.std()
    kernel = ConstantKernel(1, (1e-3, 1e2)) * RBF([1.0] * points.shape[1], (0.1, 20)) + ConstantKernel(1) * DotProduct(1)
    learned = GaussianProcessRegressor(kernel, alpha=noise / scale**2, n_restarts_optimizer=2, random_state=0)
    learned.fit(points, (values - values.mean()) / scale)

    def predict(places: Numbers) -> tuple[Numbers, Numbers]:
        mean, deviation = learned.predict(places, return_std=True)
        return values.mean() + scale * mean, scale * deviation

    return predict


METHODS = {"linear": by_lines, "quadratic (`stats.emulator`)": by_quadratic, "Gaussian process (`salesim explore`)": by_process}
if find_spec("sklearn"):
    METHODS["Gaussian process of scikit-learn"] = by_scikit_learn


def chance(differences: Numbers) -> float:
    """Variance of a point's mean over its seeds."""
    return float(differences.var(axis=1, ddof=1).mean()) / differences.shape[1]


def scores(
    fit: Callable[..., Predict], train: Numbers, check: Numbers, shares: tuple[Numbers, Numbers], true: Numbers
) -> list[float]:
    """Held-out R2 without chance, coverage of 95 % intervals, and the largest error of a total index."""
    predict = fit(shares[0], train.mean(axis=1), chance(train))
    mean, deviation = predict(shares[1])
    truth, noise = check.mean(axis=1), chance(check)
    r2 = 1.0 - (((mean - truth) ** 2).mean() - noise) / (truth.var(ddof=1) - noise)
    wide = np.nan if deviation is None else (np.abs(mean - truth) < TWO_SIDED * np.sqrt(deviation**2 + noise)).mean()
    return [r2, wide, float(np.abs(totals(predict, shares[0].shape[1]) - true).max())]


def totals(predict: Predict, n_axes: int) -> Numbers:
    """Total indices of what is predicted."""
    mean, _ = predict(sensitivity.sobol_design(n_axes, BASE))
    return sensitivity.indices_of_draws(n_axes, mean[None, :])[1][0]


def truth_of(shares: Numbers, differences: Numbers) -> Numbers:
    """Total indices from many points."""
    return totals(by_process(shares, differences.mean(axis=1), chance(differences)), shares.shape[1])


def compared(spec: Exploration, folder: Path) -> Iterator[str]:
    """The table of emulators."""
    n_axes = len(spec.axes)
    shares = sobol_points(n_axes, TRAINED[0]), np.random.default_rng(5).random((CHECKED[0], n_axes))
    train = runs_of(spec, "train", shares[0], *TRAINED[1:], folder)
    check = runs_of(spec, "test", shares[1], *CHECKED[1:], folder)
    true = {each: truth_of(shares[0][:LARGEST], mine[:LARGEST]) for each, mine in train.items()}
    head = (
        "points x seeds",
        "emulator",
        "held-out R2, four differences",
        "95 % intervals cover",
        "error of an index",
        "seconds",
    )
    yield f"| {' | '.join(head)} |"
    yield "|---|---|---|---|---|---|"
    for n, seeds in SIZES:
        for name, fit in METHODS.items():
            start = time.perf_counter()
            rows = [
                scores(fit, train[each][:n, :seeds], check[each], (shares[0][:n], shares[1]), true[each])
                for each in DIFFERENCES
            ]
            r2, wide, error = np.array(rows).T
            known = "–" if np.isnan(wide).any() else f"{100 * wide.mean():.0f} %"
            took, shown = (time.perf_counter() - start) / len(rows), ", ".join(f"{each:.2f}" for each in r2)
            yield f"| {n} x {seeds} | {name} | {shown} | {known} | {error.max():.2f} | {took:.1f} |"


def explored(folder: Path, *words: str) -> tuple[dict[str, pd.DataFrame], int]:
    """The default exploration with further words: its tables, and how many runs it took."""
    import json

    where = folder / "three_strategies" / "explore"
    if not (where / "explore.json").is_file():
        with contextlib.redirect_stdout(io.StringIO()):
            main(["explore", *words, f"folder={folder}"])
    tables = {file.stem: pd.read_parquet(file) for file in where.glob("*.parquet")}
    return tables, int(json.loads((where / "explore.json").read_text(encoding="utf-8"))["runs"])


def both_ways(folder: Path) -> Iterator[str]:
    """The default exploration by an emulator beside plain sampling."""
    plain, n_plain = explored(folder / "plain", "emulator_points=0")
    learned, n_learned = explored(folder / "emulated")
    yield f"{n_plain:,} runs by plain sampling, {n_learned:,} with an emulator: {n_plain / n_learned:.1f} times fewer.\n"
    yield "| contest, arm | axis | total index, plain | total index, emulator | intervals overlap |\n|---|---|---|---|---|"
    both = plain["indices"].merge(learned["indices"], on=["contest", "arm", "axis"], suffixes=("", "_e"), how="right")
    overlap = []
    for row in both.itertuples():
        screened = np.isnan(row.total)
        (low, high), (low_e, high_e) = ends(row.total, row.total_half), ends(row.total_e, row.total_half_e)
        overlap += [] if screened else [low <= high_e and low_e <= high]
        first = "screened out" if screened else f"{row.total:.2f} ± {row.total_half:.2f}"
        word = "–" if screened else "yes" if overlap[-1] else "**no**"
        yield f"| {row.contest}, {row.arm} | {row.axis} | {first} | {row.total_e:.2f} ± {row.total_half_e:.2f} | {word} |"
    yield f"\n{sum(overlap)} of {len(overlap)} intervals of indices overlap, as they are printed (from 0 to 1).\n"
    yield "| contest, arm | ahead / behind / undecided, plain | emulator | rule, plain | rule, emulator | held-out R2 |"
    yield "|---|---|---|---|---|---|"
    for contest, arm in DIFFERENCES:
        shares, rules = [], []
        for tables in (plain, learned):
            sign = of(tables["points"], contest, arm)["sign"]
            shares.append(" / ".join(f"{100 * (sign == each).mean():.0f} %" for each in (1, -1, 0)))
            rules.append(" and ".join(map(bound, of(tables["rules"], contest, arm).itertuples())) or "none needed")
        r2 = of(learned["emulators"], contest, arm)["held_out_r2"].iloc[0]
        yield f"| {contest}, {arm} | {' | '.join(shares)} | {' | '.join(rules)} | {r2:.2f} |"


def ends(total: float, half: float) -> tuple[float, float]:
    """The ends of the interval of an index as they are printed: none is outside of 0 to 1."""
    return min(max(total - half, 0.0), 1.0), min(max(total + half, 0.0), 1.0)


def of(table: pd.DataFrame, contest: str, arm: str) -> pd.DataFrame:
    """The rows of an arm."""
    return table[(table["contest"] == contest) & (table["arm"] == arm)]


def bound(row: object) -> str:
    """A bound of a rule."""
    low, high, kind = row.low, row.high, "wins" if row.names > 0 else "loses"
    return f"{kind} at {row.axis} {low:g} to {high:g}"


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    spec = exploration_of([], Composer((HERE.parents[1] / "configs",), "explore"), "")
    table = place / "compared.md"
    if not table.is_file():
        table.write_text("\n".join(compared(spec, place)), encoding="utf-8")
    lines = ["## Emulators compared", "", table.read_text(encoding="utf-8"), ""]
    lines += ["## The default exploration, both ways", "", *both_ways(place)]
    about = (
        "The default exploration (`salesim explore`: six numbers, two arms against pitch, two contests). Held-out R2: at 100 "
        "other points with 30 seeds each, in shares of what is not chance. The error of a total Sobol index is the largest "
        "over six numbers and four differences; an emulator of 256 points x 5 seeds stands for the truth."
    )
    page("exploration", "Exploration by an emulator", about, lines)
