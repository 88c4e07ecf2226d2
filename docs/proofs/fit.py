"""How exact and how honest `salesim fit` is: markets made by the model with known settings, fitted by several methods.

python docs/proofs/fit.py FOLDER [truths with waves, 40 if not said] [truths of pyABC, 0 if not said; needs pyabc]

About 20 minutes of processor time. Runs of the shared design are kept in FOLDER.
"""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pages import page
from scipy import special, stats

from salesim.analyses.fit.bank import Bank, bank, design
from salesim.analyses.fit.run import worlds
from salesim.analyses.fit.spec import Fit, fit_of
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.config.targets import Target
from salesim.model.parameters import Scenario
from salesim.runs.summary import summary
from salesim.stats.emulator import emulator, quadratic, ridge
from salesim.stats.intervals import Numbers
from salesim.stats.posterior import posterior

MEASURES = ("cycle_weeks", "deals_won", "discount", "gross_margin", "margin_fall", "no_decision", "turnover", "win_rate")
SIZES, TRUTHS, MOST = (1000, 3000, 10_000), 500, 10_000
DRAWS, SEED_OF_TRUTHS, FIRST_OF_TRUTHS = 400, 99, 1_000_000
WAVE_POINTS_OF = 2000  # runs of the design before waves
PRIOR_SD = 12**-0.5
Method = Callable[[Numbers, Numbers, Numbers, np.random.Generator], tuple[Numbers, Numbers]]


class Here:
    """Runs scenarios in this process, each of them once, as a Runner does."""

    def __init__(self) -> None:
        self.results: dict[tuple[str, int], Any] = {}

    def run(self, _: str, wanted: Iterable[tuple[str, Scenario, int]]) -> None:
        """Run what is wanted."""
        for key, scenario, seed in wanted:
            self.results[key, seed] = summary(scenario, seed, ("measures",))

    def result(self, key: str, seed: int) -> Any:
        """A run."""
        return self.results[key, seed]


def problem(folder: Path) -> Fit:
    """The default priors, and a target for each measure without an error; the values are set for each truth."""
    file = folder / "numbers.yaml"
    file.write_text(yaml.safe_dump({name: {"value": 0.1, "standard_error": 0.0} for name in MEASURES}))
    words = [f"targets={file}", "market=reference", f"folder={folder}", f"points={MOST}"]
    return fit_of(words, Composer((configs_folder(),), "fit"), "salesim fit")


def kept(file: Path, spec: Fit, points: Numbers, first_seed: int) -> Bank:
    """Runs at these points, out of a file if they are there."""
    if not file.is_file():
        made = bank(spec, Here(), "", points, first_seed)  # type: ignore[arg-type]
        np.savez(file, points=made.points, outputs=made.outputs)
    with np.load(file) as saved:
        return Bank(saved["points"], saved["outputs"])


def rejection(points: Numbers, outputs: Numbers, target: Numbers, _: np.random.Generator) -> tuple[Numbers, Numbers]:
    """The nearest 2 % of runs, at least 50."""
    away = (((outputs - target) / outputs.std(axis=0)) ** 2).sum(axis=1)
    rows = np.argsort(away)[: max(50, len(points) // 50)]
    return points[rows], np.full(len(rows), 1.0 / len(rows))


def adjusted(square: bool) -> Method:
    """Regression adjustment with weights by distance and residuals of unequal spread (Blum & Francois 2010)."""

    def method(points: Numbers, outputs: Numbers, target: Numbers, _: np.random.Generator) -> tuple[Numbers, Numbers]:
        away = (outputs - target) / outputs.std(axis=0)
        distance = np.sqrt((away**2).sum(axis=1))
        rows = np.argsort(distance)[: len(points) // 2]
        weight = np.clip(1.0 - (distance[rows] / distance[rows].max()) ** 2, 1e-9, None)
        flat = np.column_stack([np.ones(len(rows)), away[rows]])
        terms = quadratic((away[rows] + 1.0) / 2.0) if square else flat
        scores, root = special.ndtri(np.clip(points[rows], 1e-4, 1 - 1e-4)), np.sqrt(weight / weight.mean())[:, None]
        mean = ridge(terms * root, scores * root, 1e-3)
        residuals = scores - terms @ mean
        spread = ridge(flat * root, np.log(residuals**2 + 1e-4) * root, 1e-2)
        residuals *= np.exp(0.5 * (spread[0] - flat @ spread))
        return special.ndtr(mean[0] + residuals), weight / weight.sum()

    return method


def emulated(points: Numbers, outputs: Numbers, target: Numbers, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Draws with the emulator's likelihood, without waves."""
    close = emulator(points, outputs)
    draws = posterior(lambda places: close.log_likelihood(places, target, 0.0 * target), points.shape[1], DRAWS, rng)
    return draws, np.full(DRAWS, 1.0 / DRAWS)


METHODS: dict[str, Method] = {
    "rejection": rejection,
    "local linear adjustment": adjusted(False),
    "local quadratic adjustment": adjusted(True),
    "emulator": emulated,
}


class Score:
    """Errors, ranks and coverage of posteriors against the true points."""

    def __init__(self) -> None:
        self.errors: list[Numbers] = []
        self.inside: list[Numbers] = []
        self.ranks: list[Numbers] = []
        self.started = time.monotonic()

    def add(self, truth: Numbers, draws: Numbers, weight: Numbers) -> None:
        """Count one posterior (draws x settings)."""
        self.errors.append(weight @ draws - truth)
        rank = weight @ (draws < truth)
        self.ranks.append(rank)
        self.inside.append((rank > 0.05) & (rank < 0.95))

    def cells(self) -> str:
        """Mean error in prior standard deviations, coverage of 90 % with its ends over settings, smallest p of the ranks."""
        error = np.sqrt((np.array(self.errors) ** 2).mean(axis=0)) / PRIOR_SD
        inside, n = np.array(self.inside).mean(axis=0), len(self.errors)
        p = min(stats.kstest(column, "uniform").pvalue for column in np.array(self.ranks).T)
        seconds = (time.monotonic() - self.started) / n
        return (
            f"{n} | {error.mean():.3f} | {error.min():.2f} | {100 * inside.mean():.1f} % ({100 * inside.min():.1f} to "
            f"{100 * inside.max():.1f}) | {p:.2g} | {seconds:.2f}"
        )


def shared(known: Bank, truths: Bank) -> list[str]:
    """A row for each method and size of the shared design."""
    rows = []
    for name, method in METHODS.items():
        for size in SIZES:
            score, rng = Score(), np.random.default_rng(size)
            for truth, target in zip(truths.points[:TRUTHS], truths.outputs[:TRUTHS], strict=True):
                score.add(truth, *method(known.points[:size], known.outputs[:size], target, rng))
            rows.append(f"| {name} | {size:,} | {score.cells()} | |")
            print(rows[-1], flush=True)
    return rows


def with_waves(spec: Fit, known: Bank, truths: Bank, n_truths: int) -> list[str]:
    """The whole command: two waves, worlds that are run again, those that miss a number dropped."""
    scores = {"all worlds": Score(), "kept worlds": Score()}
    settings, start = replace(spec.settings, worlds=50), Bank(known.points[:WAVE_POINTS_OF], known.outputs[:WAVE_POINTS_OF])
    rough, shares = emulator(*start), []
    for row in range(n_truths):
        place = len(truths.points) - 1 - row
        truth, numbers = truths.points[place], truths.outputs[place]
        targets = tuple(Target(name, float(value), 0.0) for name, value in zip(MEASURES, numbers, strict=True))
        mine = replace(spec, targets=targets, settings=settings)
        ensemble = worlds(mine, Here(), start, rough, 2_000_000 + 10_000 * row)  # type: ignore[arg-type]
        shares.append(float(ensemble.kept.mean()))
        for name, points in {"all worlds": ensemble.points, "kept worlds": ensemble.points[ensemble.kept]}.items():
            if len(points):
                scores[name].add(truth, points, np.full(len(points), 1.0 / len(points)))
    n_runs = WAVE_POINTS_OF + settings.waves * settings.wave_points
    joint = {"all worlds": f"{100 * np.mean(shares):.0f} %", "kept worlds": "100 %"}
    return [f"| emulator, two waves, {name} | {n_runs:,} | {score.cells()} | {joint[name]} |" for name, score in scores.items()]


def peer(spec: Fit, known: Bank, truths: Bank, n_truths: int) -> list[str]:
    """ABC-SMC of pyABC with its adaptive distance, until it has made 3,000 runs."""
    import pyabc  # no dependency of the project

    score, scale, n_runs = Score(), known.outputs.std(axis=0), []
    names = [f"x{number}" for number in range(len(spec.axes))]
    prior = pyabc.Distribution(**{name: pyabc.RV("uniform", 0.0, 1.0) for name in names})
    for row in range(n_truths):
        seeds = iter(range(5_000_000 + 100_000 * row, 6_000_000 + 100_000 * row))

        def model(place: Any, seeds: Any = seeds) -> dict[str, float]:
            (scenario,) = spec.scenarios(np.array([[place[name] for name in names]]))
            run = summary(scenario, next(seeds), ("measures",))["measures"]
            return {name: float(np.nan_to_num(run[name] / unit)) for name, unit in zip(MEASURES, scale, strict=True)}

        distance = pyabc.PNormDistance(p=2)
        smc = pyabc.ABCSMC(model, prior, distance, population_size=200, sampler=pyabc.sampler.SingleCoreSampler())
        smc.new("sqlite://", dict(zip(MEASURES, (truths.outputs[row] / scale).tolist(), strict=True)))
        history = smc.run(max_total_nr_simulations=3000)
        draws, weight = history.get_distribution()
        score.add(truths.points[row], draws[names].to_numpy(), np.asarray(weight))
        n_runs.append(history.total_nr_simulations)
    return [f"| pyABC, ABC-SMC | {np.mean(n_runs):,.0f} | {score.cells()} | |"]


def main(folder: Path, options: Sequence[str]) -> None:
    """Make or read the shared runs, measure every method, and write the page."""
    folder.mkdir(parents=True, exist_ok=True)
    n_waves, n_peer = (int(options[place]) if len(options) > place else default for place, default in ((0, 40), (1, 0)))
    spec = problem(folder)
    n_axes = len(spec.axes)
    random = np.random.default_rng(SEED_OF_TRUTHS).random((TRUTHS + 150, n_axes))
    truths = kept(folder / "truths.npz", spec, random, FIRST_OF_TRUTHS)
    known = kept(folder / "design.npz", spec, design(n_axes, MOST), spec.study.first_seed)
    print("runs are there", flush=True)
    rows = shared(known, truths)
    for more in (with_waves(spec, known, truths, n_waves), peer(spec, known, truths, n_peer) if n_peer else []):
        rows += more
        print("\n".join(more), flush=True)
    head = (
        "| method | runs | truths | error, prior sd | of the best known setting | coverage of 90 % (settings) | smallest p "
        "| seconds | joint |"
    )
    about = (
        f"Each truth is a market drawn from the default priors of `salesim fit` ({n_axes} settings), in `market=reference`, "
        f"run once for {spec.study.arms[0].scenario.weeks} weeks; its {len(MEASURES)} numbers ({', '.join(MEASURES)}) are "
        "fitted without any error of their own, the hardest case. Error: root mean square of the posterior mean, averaged over "
        "settings; 1 is what the prior alone gives. Smallest p: of tests whether ranks are uniform, one for each setting. "
        "Seconds: of a truth, beyond the runs of the shared design. Joint: share of worlds that have all numbers when they are "
        "run again."
    )
    page("fit", "The fit of a market to its own numbers", about, [head, "|---" * 9 + "|", *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
