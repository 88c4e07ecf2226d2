"""What an emulator of the differences says, learned from few runs: where each arm wins, what decides it, who loses least."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from salesim.analyses.explore.axes import in_units, to_shares
from salesim.analyses.explore.points import Points
from salesim.analyses.explore.regret import regret_of_draws
from salesim.analyses.explore.spec import POINTS_PER_AXIS, ArmName, Exploration
from salesim.analyses.explore.tables import Estimates, name_columns, points_table, rules_table, stacked
from salesim.runs.runner import Runner
from salesim.stats import sensitivity
from salesim.stats.discovery import FOLDS, Discovery, Score, discover
from salesim.stats.gaussian_process import Process, process
from salesim.stats.intervals import Numbers
from salesim.stats.sobol_points import sobol_points

PLACES, BASE = 512, 512  # where an emulator is asked: for rules and regret, and base points of its Sobol design
CHANCE = 0.05  # that seeds alone make points differ as much, from which there is nothing to explain
EMULATORS = ("contest", "arm", "points", "seeds", "held_out_r2", "chance_share")  # columns of their table


@dataclass(frozen=True)
class Learned:
    """An emulator of each arm's difference from the baseline, from runs at `points`; none where too few could be measured."""

    points: Points
    processes: Mapping[ArmName, Process]
    quality: pd.DataFrame

    def draws(self, values: Numbers) -> dict[ArmName, Numbers]:
        """Differences of each arm that the runs leave possible, at values of the axes (points x axes): draws x points."""
        shares = to_shares(values, self.points.spec.axes)
        return {arm: mine.draws(shares) for arm, mine in self.processes.items()}


def learn(spec: Exploration, runner: Runner) -> Learned:
    """Run all arms at a few points, each with its own seeds, and learn each difference from them."""
    seeds, processes, rows = spec.settings.seeds, dict[ArmName, Process](), []
    points = Points(spec, training_points(spec), runner, apart=seeds)
    points.play(f"emulator, {len(points.values)} points", points.everywhere(), seeds)
    for arm in spec.others:
        differences = points.difference(arm, seeds)
        known = np.isfinite(differences).all(axis=1)
        if known.sum() > POINTS_PER_AXIS * len(spec.axes):
            mine = differences[known]
            noise = np.full(len(mine), mine.var(axis=1, ddof=1).mean() / seeds)
            processes[arm] = process(to_shares(points.values[known], spec.axes), mine.mean(axis=1), noise)
            rows.append(name_columns(arm) | quality(processes[arm], mine))
    whole = processes if len(processes) == len(spec.others) else {}
    return Learned(points, whole, pd.DataFrame(rows, columns=EMULATORS))


def training_points(spec: Exploration) -> Numbers:
    """Where the arms are run, in the units of the axes."""
    return in_units(sobol_points(len(spec.axes), spec.settings.emulator_points), spec.axes)


def quality(learned: Process, differences: Numbers) -> dict[str, float]:
    """How well each point is foretold by the others (R2), as a share of the variance that is not chance (points x seeds).

    NaN where points do not differ by more than their seeds make them: there is nothing to foretell then.
    """
    n_points, n_seeds = differences.shape
    mean, noise = differences.mean(axis=1), float(differences.var(axis=1, ddof=1).mean()) / n_seeds
    total, missed = float(mean.var(ddof=1)), float(((mean - learned.left_out()) ** 2).mean())
    ratio = total / noise if noise > 0.0 else np.inf
    differ = total > 0.0 and special.fdtrc(n_points - 1, n_points * (n_seeds - 1), ratio) < CHANCE
    r2 = 1.0 - max(missed - noise, 0.0) / (total - noise) if differ else np.nan
    share = min(noise / total, 1.0) if total > 0.0 else np.nan
    return {"points": n_points, "seeds": n_seeds, "held_out_r2": r2, "chance_share": share}


def places(spec: Exploration) -> Numbers:
    """Where an emulator is asked, in the units of the axes."""
    return in_units(sobol_points(len(spec.axes), PLACES), spec.axes)


def tables_of(learned: Learned) -> dict[str, pd.DataFrame]:
    """Points, indices, rules and regret, as the emulators say."""
    spec = learned.points.spec
    names, confidence = [axis.name for axis in spec.axes], spec.study.confidence
    values = places(spec)
    draws, groups = learned.draws(values), np.arange(PLACES)
    estimates = {arm: estimates_of(mine, confidence) for arm, mine in draws.items()}
    rules = {arm: rule(values, mine, groups, confidence) for arm, mine in draws.items()}
    unused = spec.settings.emulator_points * spec.settings.seeds
    return {
        "points": points_table(pd.DataFrame(values, columns=names), groups, estimates),
        "indices": indices_of(learned, names),
        "rules": rules_table(rules, names),
        "regret": regret_of_draws(Points(spec, values, learned.points.runner), draws, unused),
    }


def estimates_of(draws: Numbers, confidence: float) -> Estimates:
    """Means and intervals of what is possible at each place (draws x places)."""
    mean, half = draws.mean(axis=0), half_of(draws, confidence)
    sign = (mean > half).astype(np.int8) - (mean < -half).astype(np.int8)
    return Estimates(np.zeros(len(mean)), mean, mean - half, mean + half, np.asarray(sign, np.int8))


def half_of(draws: Numbers, confidence: float) -> Numbers:
    """Half of the interval of what differs between draws (draws x …)."""
    return np.asarray(special.ndtri(0.5 + confidence / 2.0) * draws.std(axis=0, ddof=1))


def indices_of(learned: Learned, names: list[str]) -> pd.DataFrame:
    """Sobol indices of each arm's difference without chance; intervals over the functions that are possible."""
    spec, tables = learned.points.spec, {}
    chance = learned.quality.set_index(["contest", "arm"])["held_out_r2"].isna()
    for arm, draws in learned.draws(in_units(sensitivity.sobol_design(len(names), BASE), spec.axes)).items():
        first, total = sensitivity.indices_of_draws(len(names), draws)
        halves = {f"{name}_half": half_of(each, spec.study.confidence) for name, each in (("first", first), ("total", total))}
        means = {"first": first.mean(axis=0), "total": total.mean(axis=0)}
        tables[arm] = pd.DataFrame(means | halves).assign(axis=names, chance_share=float(chance[arm]))
    return stacked(tables)


def rule(values: Numbers, draws: Numbers, groups: npt.NDArray[np.int64], confidence: float) -> Discovery:
    """A rule for the signs, scored on places held out for each function that is possible (draws x places)."""
    learned, held_out = discover(values, estimates_of(draws, confidence).sign, groups), groups % FOLDS == FOLDS - 1
    if learned.box is None:
        return learned
    actual, named = learned.names * draws[:, held_out] > 0.0, learned.box.holds(values[held_out])
    hits, both = actual.sum(axis=1), (actual & named).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        coverage, density = both / hits, both / named.sum()
    outside = (1.0 - confidence) / 2.0
    ends = [float(end) for each in (coverage, density) for end in np.quantile(each, [outside, 1.0 - outside])]
    return learned._replace(score=Score(float(coverage.mean()), float(density.mean()), round(hits.mean()), len(named), *ends))
