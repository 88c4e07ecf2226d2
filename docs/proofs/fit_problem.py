"""The problem on which `salesim fit` is measured: markets of known settings, their numbers, and runs that are kept in a folder.

Runs are those of the default market, without the table of beta quantiles (a run differs by 1e-11 in customers' traits): a table
for each market would take three quarters of the time.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import stats

from salesim.analyses.fit.bank import Bank
from salesim.analyses.fit.spec import Fit, fit_of
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.model import interpolation
from salesim.model.parameters import Scenario
from salesim.runs.summary import summary
from salesim.stats.intervals import Numbers

interpolation.table_of = lambda _a, _b: None  # type: ignore[assignment, misc]
MEASURES = ("cycle_weeks", "deals_won", "discount", "gross_margin", "margin_fall", "no_decision", "turnover", "win_rate")
ARMS, VALUE = ("pitch", "diagnostic", "rainmaking"), "operating_profit_k"
MOST, SEED_OF_TRUTHS, FIRST_OF_TRUTHS = 10_000, 4711, 3_000_000
PRIOR_SD = 12**-0.5  # of a uniform distribution from 0 to 1
PART = 500  # runs after which a file is written


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


def problem(folder: Path, *words: str) -> Fit:
    """The default priors, and a target for each measure without an error; the values are set for each truth."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "numbers.yaml"
    file.write_text(yaml.safe_dump({name: {"value": 0.1, "standard_error": 0.0} for name in MEASURES}))
    given = [f"targets={file}", "market=reference", f"folder={folder}", f"points={MOST}", *words]
    return fit_of(given, Composer((configs_folder(),), "fit"), "salesim fit")


def outputs_of(file: Path, spec: Fit, points: Numbers, first_seed: int, measures: tuple[str, ...] = MEASURES) -> Numbers:
    """These measures of a run at each point (points x measures), out of a file as far as they are there."""
    done = np.load(file) if file.is_file() else np.zeros((0, len(measures)))
    while len(done) < len(points):
        stop = min(len(points), len(done) + PART)
        scenarios = spec.scenarios(points[len(done) : stop])
        runs = [summary(each, first_seed + len(done) + row, ("measures",)) for row, each in enumerate(scenarios)]
        done = np.vstack([done, [[run["measures"][name] for name in measures] for run in runs]])
        np.save(file, done)
    return np.asarray(done[: len(points)])


def bank_of(file: Path, spec: Fit, points: Numbers, first_seed: int) -> Bank:
    """The runs at these points that have all numbers."""
    outputs = outputs_of(file, spec, points, first_seed)
    whole = np.isfinite(outputs).all(axis=1)
    return Bank(points[whole], outputs[whole])


def truths_of(spec: Fit, number: int) -> Numbers:
    """Points of the priors at which markets are the known ones; more of them begin with the same."""
    return np.random.default_rng(SEED_OF_TRUTHS).random((number, len(spec.axes)))


def saved_lines(file: Path) -> list[dict[str, Any]]:
    """What was found before; a last line that a stop cut off is left out."""
    return list(_lines(file)) if file.is_file() else []


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text().splitlines():
        if line.endswith("}"):
            yield json.loads(line)


class Score:
    """Errors, ranks and coverage of posteriors against the true points."""

    def __init__(self) -> None:
        self.errors: list[Numbers] = []
        self.ranks: list[Numbers] = []

    def add(self, truth: Numbers, draws: Numbers, weight: Numbers) -> None:
        """Count one posterior (draws x settings)."""
        self.errors.append(weight @ draws - truth)
        self.ranks.append(weight @ (draws < truth))

    def cells(self) -> str:
        """Mean error in prior standard deviations, the best one, coverage of 90 % with its ends over settings, smallest p."""
        error = np.sqrt((np.array(self.errors) ** 2).mean(axis=0)) / PRIOR_SD
        ranks = np.array(self.ranks)
        inside = ((ranks > 0.05) & (ranks < 0.95)).mean(axis=0)
        p = min(stats.kstest(column, "uniform").pvalue for column in ranks.T)
        return (
            f"{len(ranks)} | {error.mean():.3f} | {error.min():.2f} | {100 * inside.mean():.1f} % ({100 * inside.min():.1f} to "
            f"{100 * inside.max():.1f}) | {p:.2g}"
        )
