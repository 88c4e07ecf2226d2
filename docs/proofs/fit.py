"""How exact `salesim fit` is for a number of runs, beside rejection, regression adjustment and pyABC: one table.

    python docs/proofs/fit.py FOLDER [truths]

Rows of pyABC are read from FOLDER/peer.jsonl (fit_peer.py), those of the whole procedure from fit_calibration.py's lines. Every
row of the others is kept in FOLDER/table.jsonl.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from fit_calibration import ranks_of
from fit_problem import FIRST_OF_TRUTHS, MEASURES, MOST, Score, bank_of, outputs_of, problem, saved_lines, truths_of
from pages import page
from scipy import special

from salesim.analyses.fit.bank import Bank, evened
from salesim.stats.emulator import emulator, ridge
from salesim.stats.intervals import Numbers
from salesim.stats.posterior import posterior
from salesim.stats.sobol_points import sobol_points

SIZES, TRUTHS, DRAWS = (1000, 3000, 10_000), 300, 400
Target = Numbers  # the numbers of a truth
Draws = tuple[Numbers, Numbers]  # points, and their weights
Method = Callable[[Bank], Callable[[Target, np.random.Generator], Draws]]


def rejection(known: Bank) -> Callable[[Target, np.random.Generator], Draws]:
    """The nearest 2 % of runs, at least 50."""
    scale = known.outputs.std(axis=0)

    def method(target: Target, _: np.random.Generator) -> Draws:
        away = (((known.outputs - target) / scale) ** 2).sum(axis=1)
        rows = np.argsort(away)[: max(50, len(away) // 50)]
        return known.points[rows], np.full(len(rows), 1.0 / len(rows))

    return method


def adjusted(known: Bank) -> Callable[[Target, np.random.Generator], Draws]:
    """Regression adjustment with weights by distance and residuals of unequal spread (Blum & Francois 2010)."""
    scale, scores = known.outputs.std(axis=0), special.ndtri(np.clip(known.points, 1e-4, 1 - 1e-4))

    def method(target: Target, _: np.random.Generator) -> Draws:
        away = (known.outputs - target) / scale
        distance = np.sqrt((away**2).sum(axis=1))
        rows = np.argsort(distance)[: len(distance) // 2]
        weight = np.clip(1.0 - (distance[rows] / distance[rows].max()) ** 2, 1e-9, None)
        flat, root = np.column_stack([np.ones(len(rows)), away[rows]]), np.sqrt(weight / weight.mean())[:, None]
        mean = ridge(flat * root, scores[rows] * root, 1e-3)
        residuals = scores[rows] - flat @ mean
        spread = ridge(flat * root, np.log(residuals**2 + 1e-4) * root, 1e-2)
        residuals *= np.exp(0.5 * (spread[0] - flat @ spread))
        return special.ndtr(mean[0] + residuals), weight / weight.sum()

    return method


def emulated(known: Bank) -> Callable[[Target, np.random.Generator], Draws]:
    """Draws with the emulator's likelihood, without waves."""
    close, n_axes = emulator(*known), known.points.shape[1]

    def method(target: Target, rng: np.random.Generator) -> Draws:
        draws = posterior(lambda places: close.log_likelihood(places, target, 0.0 * target), n_axes, DRAWS, rng)
        return draws, np.full(DRAWS, 1.0 / DRAWS)

    return method


METHODS: dict[str, Method] = {"rejection": rejection, "local linear adjustment": adjusted, "emulator, no waves": emulated}


def measured(folder: Path, known: Bank, truths: Numbers, numbers: Numbers) -> Iterator[str]:
    """A row for each method and size of the shared design; those that are kept are not measured again."""
    file = folder / "table.jsonl"
    done = {(line["method"], line["size"], line["truths"]): line["row"] for line in saved_lines(file)}
    for name, method in METHODS.items():
        for size in SIZES:
            if (name, size, len(truths)) not in done:
                score, started = Score(), time.process_time()
                fitted = method(Bank(known.points[:size], known.outputs[:size]))
                for place, (truth, target) in enumerate(zip(truths, numbers, strict=True)):
                    score.add(truth, *fitted(target, np.random.default_rng([size, place])))
                seconds = (time.process_time() - started) / len(truths)
                row = f"| {name} | {size:,} | {score.cells()} | {seconds:.2f} |"
                with file.open("a") as lines:
                    lines.write(json.dumps({"method": name, "size": size, "truths": len(truths), "row": row}) + "\n")
                done[name, size, len(truths)] = row
            yield done[name, size, len(truths)]


def whole(folder: Path, truths: Numbers, runs: int) -> Iterator[str]:
    """A row for the whole procedure."""
    lines = [line for file in sorted(folder.glob("calibration-*.jsonl")) for line in saved_lines(file)]
    if lines:
        ranks, errors = ranks_of(lines, truths, True)
        score = Score()
        score.errors, score.ranks = list(errors), list(ranks)
        yield f"| **`salesim fit`**: emulator, two waves, kept worlds | {runs:,} | {score.cells()} | |"


def of_peer(folder: Path) -> Iterator[str]:
    """A row for each size of pyABC."""
    lines = saved_lines(folder / "peer.jsonl")
    for place, size in enumerate(SIZES if lines else ()):
        score, parts = Score(), [line["after"][place] for line in lines]
        score.errors, score.ranks = ([np.array(part[key]) for part in parts] for key in ("error", "rank"))
        runs = f"{np.mean([part['runs'] for part in parts]):,.0f}"
        settings = len(parts[0]["error"])
        yield f"| pyABC, ABC-SMC, {settings} settings, population of 200, budget of {size:,} | {runs} | {score.cells()} | |"


def main(folder: Path, size: int) -> None:
    """Measure what is missing, and write the page."""
    spec = problem(folder)
    all_truths = truths_of(spec, 1200)
    known = bank_of(folder / "design.npy", spec, sobol_points(len(spec.axes), MOST), spec.study.first_seed)
    numbers = outputs_of(folder / "truths.npy", spec, all_truths, FIRST_OF_TRUTHS)[:size]
    whole_ones = np.isfinite(numbers).all(axis=1)
    known = Bank(known.points, evened(spec, known.outputs))
    rows = list(measured(folder, known, all_truths[:size][whole_ones], evened(spec, numbers[whole_ones])))
    rows += [*whole(folder, all_truths, 3400), *of_peer(folder)]
    head = (
        "| method | runs | truths | error, prior sd | of the best known setting | coverage of 90 % (settings) | smallest p "
        "| seconds of a processor |"
    )
    about = (
        f"Each truth is a market drawn from the default priors of `salesim fit` ({len(spec.axes)} settings), in "
        f"`market=reference`, run once for {spec.study.arms[0].scenario.weeks} weeks; its {len(MEASURES)} numbers "
        f"({', '.join(MEASURES)}) are fitted without any error of their own, the hardest case. Error: root mean square of the "
        "posterior mean, averaged over settings; 1 is what the prior alone gives. Smallest p: of tests whether ranks are "
        "uniform (Kolmogorov and Smirnov), one for each setting. Seconds: of a truth, beyond the runs. [The whole "
        "procedure](fit_calibration.md) and [shares of worlds](fit_shares.md) have pages of their own."
    )
    page("fit", "The fit of a market to its own numbers", about, [head, "|---" * 8 + "|", *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else TRUTHS)
