"""Runs a fit: the design, waves among the markets that are still plausible, and the ensemble, which is run again."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from salesim.analyses.fit.bank import PARTS, Bank, bank, evened, nearest, numbers_of, simulated
from salesim.analyses.fit.ensemble import Ensemble, members_table, scored_quarter, settings_table, targets_table
from salesim.analyses.fit.market_files import market_text, reference_to, worlds_text
from salesim.analyses.fit.reach import Attempt, Conflict, conflicts
from salesim.analyses.fit.spec import Fit, fit_of
from salesim.analyses.protocol import Analysis, Estimate
from salesim.analyses.records import Result, cost_of_runs, open_runner, result_of, save_analysis
from salesim.report.console.sections import print_fit, print_fitted
from salesim.report.text.fit import plan
from salesim.runs.files import write_whole
from salesim.runs.folder import open_folder
from salesim.runs.runner import Progress, Runner, keyed
from salesim.stats.emulator import Emulator, emulator
from salesim.stats.intervals import Numbers
from salesim.stats.posterior import posterior
from salesim.stats.sobol_points import sobol_points

DRAWS = 1000  # from the posterior, of which waves and worlds are taken
ATTEMPTS = 10  # markets made for some targets, of which one has to have them


def cost(spec: Fit) -> Estimate:
    """How many runs the design takes, and how many follow. Raises InputError if a market of the design could not be run."""
    scenarios = spec.scenarios(sobol_points(len(spec.axes), spec.settings.points))
    markets = keyed(scenarios)
    runs = {(key, seed) for (key, _), seed in zip(markets, count(spec.study.first_seed))}
    price = cost_of_runs(spec.study, spec.file.parent, PARTS, runs, [scenarios[0], scenarios[len(scenarios) // 2]])
    counts = cost_counts(spec) | {"design": len(runs)}
    return Estimate(len(runs), price, spec.file.parent, sum(counts.values()) / len(runs), counts)


def cost_counts(spec: Fit) -> dict[str, int]:
    """Runs of the design, of the waves, and of the worlds at the end."""
    settings = spec.settings
    waves, checks = settings.waves * settings.wave_points, settings.worlds * settings.checks
    return {"design": settings.points, "waves": waves, "checks": checks}


def run(spec: Fit, progress: Progress) -> Result:
    """Run what is not finished. Without a market that has the numbers there is no ensemble, and the tables say why."""
    with open_runner(spec.study, spec.file.parent, PARTS, progress) as runner:
        first = spec.study.first_seed
        points = sobol_points(len(spec.axes), spec.settings.points)
        known = bank(spec, runner, f"{len(points):,} markets of the priors", points, first)
        rough = emulator(known.points, evened(spec, known.outputs))
        wrong = conflicts(spec, known, rough, attempts(spec, runner, rough, first + sum(cost_counts(spec).values())))
        ensemble = None if wrong else worlds(spec, runner, known, rough, first + len(points))
        kept = ensemble.points[ensemble.kept] if ensemble else np.zeros((0, len(spec.axes)))
        tables = {
            "targets": targets_table(spec, ensemble),
            "settings": settings_table(spec, kept),
            "members": members_table(ensemble) if ensemble else pd.DataFrame(columns=["member", "kept", "weight", "central"]),
            "conflicts": pd.DataFrame(wrong, columns=Conflict._fields).astype({"low": float, "high": float}),
        }
        text = market_text(ensemble) if ensemble and len(kept) else ""
        quarter = scored_quarter(spec, tables["targets"], tables["members"])
        return result_of(runner, tables, usable=len(known.points), kept=len(kept), market=text, quarter=quarter)


def worlds(spec: Fit, runner: Runner, known: Bank, rough: Emulator, next_seed: int) -> Ensemble:
    """Draw worlds from the posterior, which each wave of runs makes sharper, and run them again with several seeds."""
    settings, close = spec.settings, rough
    for wave in range(settings.waves):
        points = drawn(spec, close, wave)[: settings.wave_points]
        stage = f"wave {wave + 1}: {len(points):,} markets that are still plausible"
        known = known.joined(bank(spec, runner, stage, points, next_seed))
        next_seed += len(points)
        close = nearest(spec, known, close)
    points = drawn(spec, close, settings.waves)[: settings.worlds]
    again = np.repeat(points, settings.checks, axis=0)
    stage = f"{len(points):,} worlds, each run again with {settings.checks} seeds"
    outputs = simulated(spec, runner, stage, again, range(next_seed, next_seed + len(again)))
    return Ensemble(spec, points, outputs.reshape(len(points), settings.checks, -1), relative_spread(rough, points))


def relative_spread(rough: Emulator, points: Numbers) -> Numbers:
    """How much the numbers of each world scatter over seeds, in units of their mean over worlds (worlds x targets)."""
    variance = np.diagonal(rough.predict(points)[1], axis1=1, axis2=2)
    return np.asarray(np.sqrt(variance / variance.mean(axis=0)))


def attempts(spec: Fit, runner: Runner, rough: Emulator, next_seed: int) -> Attempt:
    """What makes markets for some of the targets alone, and finds how far they are away, over their seeds."""
    values, variance = numbers_of(spec)
    seeds = count(next_seed)

    def attempt(places: Sequence[int]) -> Numbers:
        mine, only = rough.of(places), list(places)
        goal, error = values[only], variance[only]
        rng = np.random.default_rng([spec.study.first_seed, *places])
        draws = posterior(lambda points: mine.log_likelihood(points, goal, error), len(spec.axes), DRAWS, rng)
        expected, covariance = mine.predict(draws)
        spread = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2) + error)
        rows = np.argsort((np.abs(expected - goal) / spread).max(axis=1), kind="stable")[:ATTEMPTS]
        again = np.repeat(draws[rows], spec.settings.checks, axis=0)
        stage = f"{ATTEMPTS} markets made for {' and '.join(spec.targets[place].measure for place in places)} alone"
        outputs = simulated(spec, runner, stage, again, [next(seeds) for _ in again])
        means = evened(spec, outputs).reshape(len(rows), spec.settings.checks, -1).mean(axis=1)
        return np.asarray(np.abs(means[:, only] - goal) / spread[rows])

    return attempt


def drawn(spec: Fit, close: Emulator, number: int) -> Numbers:
    """Points from the posterior in an order that means nothing; each `number` has draws of its own."""
    values, variance = numbers_of(spec)
    n_draws = max(DRAWS, spec.settings.wave_points, spec.settings.worlds)
    rng = np.random.default_rng([spec.study.first_seed, number])
    draws = posterior(lambda points: close.log_likelihood(points, values, variance), len(spec.axes), n_draws, rng)
    return np.asarray(rng.permutation(draws))


def save(spec: Fit, result: Result) -> Any:
    """Write the tables and the record, and the market with its worlds, or remove earlier ones where there are none now."""
    text = result.facts["market"]
    worlds = spec.market.with_suffix(".worlds.csv")
    with open_folder(spec.study.own_folder):
        spec.market.parent.mkdir(parents=True, exist_ok=True)
        if text:
            content = worlds_text(spec, result.tables["members"]).encode()
            write_whole(worlds, content)
            write_whole(spec.market, f"{text}{reference_to(worlds.name, content, spec.digest)}".encode())
        else:
            spec.market.unlink(missing_ok=True)
            worlds.unlink(missing_ok=True)
    facts = {name: fact for name, fact in result.facts.items() if name != "market"}
    return save_analysis(spec, result._replace(facts=facts))


ANALYSIS = Analysis(parse=fit_of, cost=cost, run=run, save=save, print_question=print_fitted, plan=plan, print_answer=print_fit)
