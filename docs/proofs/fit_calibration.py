"""Whether the ensembles of `salesim fit` are honest after the whole procedure: emulator, waves, worlds run again, some dropped.

    python docs/proofs/fit_calibration.py run FOLDER [first truth] [step]
    python docs/proofs/fit_calibration.py page FOLDER

Truths are markets drawn from the priors and run once; each is a line of FOLDER/calibration-*.jsonl. A truth takes about 4 s of
one core; a stopped run continues where it was.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from fit_problem import FIRST_OF_TRUTHS, MEASURES, PRIOR_SD, Here, bank_of, outputs_of, problem, saved_lines, truths_of
from pages import page
from scipy import stats

from salesim.analyses.fit.bank import evened
from salesim.analyses.fit.run import worlds
from salesim.config.targets import Target
from salesim.stats.emulator import emulator
from salesim.stats.intervals import Numbers
from salesim.stats.sobol_points import sobol_points

TRUTHS, WORLDS, LOW, HIGH, ALPHA = 1200, 100, 0.86, 0.94, 0.05
FIRST_OF_DRAWS = 2_000_000
BINS = 10  # of ranks, in the chi-square test


def measure(folder: Path, first: int, step: int) -> None:
    """Fit every `step`-th truth from the `first` on, and append what its ensemble says."""
    spec = problem(folder)
    settings = replace(spec.settings, worlds=WORLDS, points=3000)
    truths = truths_of(spec, TRUTHS)
    numbers = outputs_of(folder / "truths.npy", spec, truths, FIRST_OF_TRUTHS)
    known = bank_of(folder / "design.npy", spec, sobol_points(len(spec.axes), settings.points), spec.study.first_seed)
    rough, file = emulator(known.points, evened(spec, known.outputs)), folder / f"calibration-{first}.jsonl"
    done = {line["truth"] for line in saved_lines(file)}
    for row in range(first, TRUTHS, step):
        if row in done or not np.isfinite(numbers[row]).all():
            continue
        targets = tuple(Target(name, float(value), 0.0) for name, value in zip(MEASURES, numbers[row], strict=True))
        study = replace(spec.study, first_seed=FIRST_OF_DRAWS + row)  # draws of its own: else truths err together by chance
        mine = replace(spec, targets=targets, settings=settings, study=study)
        ensemble = worlds(mine, Here(), known, rough, 10_000_000 + 10_000 * row)  # type: ignore[arg-type]
        line = {"truth": row, "points": ensemble.points.round(6).tolist(), "kept": ensemble.kept.tolist()}
        with file.open("a") as lines:
            lines.write(json.dumps(line | {"away": ensemble.away.round(4).tolist()}) + "\n")
        print(row, float(ensemble.kept.mean()), flush=True)


def ranks_of(lines: Sequence[dict[str, Any]], truths: Numbers, only_kept: bool) -> tuple[Numbers, Numbers]:
    """Rank of each true setting among the worlds, from 0 to 1 with ties broken at random, and error of the mean."""
    rng, ranks, errors = np.random.default_rng(5), [], []
    for line in lines:
        points, kept = np.array(line["points"]), np.array(line["kept"])
        points = points[kept] if only_kept else points
        if len(points):
            below = (points < truths[line["truth"]]).sum(axis=0)
            ranks.append((below + rng.random(len(below))) / (len(points) + 1))
            errors.append(points.mean(axis=0) - truths[line["truth"]])
    return np.array(ranks), np.array(errors)


def chi_square(ranks: Numbers) -> float:
    """P-value of the chi-square test whether ranks are uniform."""
    counts = np.histogram(ranks, BINS, (0.0, 1.0))[0]
    return float(stats.chisquare(counts).pvalue)


def rows_of(names: Sequence[str], lines: Sequence[dict[str, Any]], truths: Numbers) -> list[str]:
    """A row for each setting, of the worlds that were kept, and one of all worlds."""
    rows, summary = [], []
    for only_kept in (True, False):
        ranks, errors = ranks_of(lines, truths, only_kept)
        inside = ((ranks > 0.05) & (ranks < 0.95)).mean(axis=0)
        p = np.array([[stats.kstest(column, "uniform").pvalue, chi_square(column)] for column in ranks.T])
        error = np.sqrt((errors**2).mean(axis=0)) / PRIOR_SD
        if only_kept:
            cells = zip(names, error, inside, p, strict=True)
            rows = [f"| {name} | {e:.2f} | {100 * share:.1f} % | {a:.2g} | {b:.2g} |" for name, e, share, (a, b) in cells]
        good = ((inside >= LOW) & (inside <= HIGH)).sum()
        summary.append(
            f"**{'Kept worlds' if only_kept else 'All worlds'}**, {len(ranks)} truths: error {error.mean():.3f} prior sd; "
            f"coverage of 90 % ranges {100 * inside.mean():.1f} % ({100 * inside.min():.1f} to {100 * inside.max():.1f}), "
            f"{good} of {len(names)} settings from 86 to 94 %; smallest p {p[:, 0].min():.2g} (Kolmogorov and Smirnov) and "
            f"{p[:, 1].min():.2g} (chi-square, {BINS} bins), {ALPHA / len(names):.4f} with Bonferroni."
        )
    head = ["| setting | error, prior sd | coverage of 90 % | p, Kolmogorov and Smirnov | p, chi-square |", "|---" * 5 + "|"]
    return [*"\n\n".join(summary).split("\n"), "", *joint(lines), "", *head, *rows]


def joint(lines: Sequence[dict[str, Any]]) -> list[str]:
    """How many worlds have all numbers when they are run again."""
    shares = np.array([np.mean(line["kept"]) for line in lines])
    misses = np.mean([(np.array(line["away"]) > 2.8).mean(axis=0) for line in lines], axis=0)
    often = ", ".join(f"{name} {100 * miss:.1f} %" for name, miss in zip(MEASURES, misses, strict=True))
    return [
        f"**Joint reproduction**: {100 * shares.mean():.1f} % of worlds have all {len(MEASURES)} numbers when they are run "
        f"again; {100 * np.mean(shares >= 0.8):.0f} % of truths have 80 % or more, the lowest tenth "
        f"{100 * np.quantile(shares, 0.1):.0f} % or fewer, {int((shares == 0.0).sum())} none. Worlds miss: {often}.",
    ]


def write(folder: Path) -> None:
    """Write the page from all that was measured."""
    spec = problem(folder)
    lines = [line for file in sorted(folder.glob("calibration-*.jsonl")) for line in saved_lines(file)]
    settings = spec.settings
    about = (
        f"The whole procedure of `salesim fit` with its standard settings, but {WORLDS} worlds: 3,000 runs over the priors, "
        f"shared by all truths; {settings.waves} waves of {settings.wave_points} runs for each truth; worlds run again with "
        f"{settings.checks} seeds; those that miss a number by more than 2.8 standard deviations dropped. Its {len(MEASURES)} "
        "numbers have no error of their own, the hardest case. Every truth has random numbers of its own. Ranks of true "
        "settings among worlds are uniform if ranges are honest (Talts et al. 2018). Error: root mean "
        "square of the posterior mean; 1 is what the prior alone gives."
    )
    names = [axis.name for axis in spec.axes]
    page("fit_calibration", "Are ensembles honest?", about, rows_of(names, lines, truths_of(spec, TRUTHS)))


if __name__ == "__main__":
    if sys.argv[1] == "page":
        write(Path(sys.argv[2]))
    else:
        first, step = (int(sys.argv[place]) if len(sys.argv) > place else default for place, default in ((3, 0), (4, 1)))
        measure(Path(sys.argv[2]), first, step)
