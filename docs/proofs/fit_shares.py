"""Whether a fit says rightly how likely each way of selling is to be best, and what following it costs beside a fixed choice.

    python docs/proofs/fit_shares.py FOLDER [truths]

A way of selling is worth the operating profit of our vendor, who sells so alone. Runs and posteriors are kept in FOLDER.
"""

import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from fit_problem import (
    ARMS,
    FIRST_OF_TRUTHS,
    MEASURES,
    VALUE,
    bank_of,
    outputs_of,
    problem,
    saved_lines,
    truths_of,
)
from pages import page

from salesim.analyses.fit.bank import evened
from salesim.stats.emulator import emulator
from salesim.stats.gaussian_process import process
from salesim.stats.intervals import Numbers
from salesim.stats.posterior import posterior
from salesim.stats.sobol_points import sobol_points

TRUTHS, SEEDS, VALUED, KNOWN, DRAWS = 1200, 16, 6000, 3000, 400
LEARNED = 600  # points from which the lengths of the smooth rest of a gain are learned
FIRST_OF_VALUES, SEEDS_APART = 50_000_000, 10_000
BANDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)  # of said shares


class Said(NamedTuple):
    """For each truth, the share of its worlds in which each arm is best, and the expected gain of each (truths x arms)."""

    rows: list[int]
    shares: Numbers
    gains: Numbers


def values(folder: Path, truths: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Profit of each arm, k$ a year: at points of the design (points x arms), and at truths (truths x seeds x arms)."""
    known, true = [], []
    for arm in ARMS:
        spec = problem(folder, f"strategy={arm}")
        points = sobol_points(len(spec.axes), VALUED)
        known.append(outputs_of(folder / f"value_{arm}.npy", spec, points, spec.study.first_seed, (VALUE,))[:, 0])
        for seed in range(SEEDS):
            first = FIRST_OF_VALUES + seed * SEEDS_APART
            true.append(outputs_of(folder / f"true_{arm}_{seed}.npy", spec, truths, first, (VALUE,))[:, 0])
    return np.column_stack(known), np.array(true).reshape(len(ARMS), SEEDS, size).transpose(2, 1, 0)


class Worth:
    """Expected gains of the arms against the first one: a quadratic function, and a Gaussian process on what it misses."""

    def __init__(self, points: Numbers, known: Numbers) -> None:
        """Learn from a run of each arm at each point (points x arms)."""
        gains = known[:, 1:] - known[:, :1]
        self.points, self.rough = points, emulator(points, gains)
        expected, covariance = self.rough.predict(points)
        self.rests = []
        for column, (rest, chance) in enumerate(
            zip((gains - expected).T, np.diagonal(covariance, axis1=1, axis2=2).T, strict=True)
        ):
            few = process(points[:LEARNED], rest[:LEARNED], chance[:LEARNED], 16)
            lengths, size = np.exp(np.log(few.lengths).mean(axis=0)), few.scale * np.exp(np.log(few.sizes).mean())
            weights = np.linalg.solve(smooth(points, points, lengths, size) + np.diag(chance), rest)
            self.rests.append((column, lengths, size, weights))

    def gains(self, points: Numbers) -> Numbers:
        """Points x arms; 0 for the first arm."""
        expected = self.rough.predict(points)[0]
        for column, lengths, size, weights in self.rests:
            expected[:, column] += smooth(points, self.points, lengths, size) @ weights
        return np.column_stack([np.zeros(len(points)), expected])


def smooth(some: Numbers, others: Numbers, lengths: Numbers, size: float) -> Numbers:
    """Prior covariance of the rest at some points and at others, its slopes apart: some x others."""
    squares = (
        ((some / lengths) ** 2).sum(axis=1)[:, None]
        + ((others / lengths) ** 2).sum(axis=1)[None, :]
        - 2.0 * (some / lengths) @ (others / lengths).T
    )
    return np.asarray(size**2 * np.exp(-0.5 * np.maximum(squares, 0.0)))


def said_of(worlds: dict[int, Numbers], worth: Worth) -> Said:
    """What ensembles say of the arms."""
    gains = [worth.gains(points) for points in worlds.values()]
    shares = [np.bincount(gain.argmax(axis=1), minlength=len(ARMS)) / len(gain) for gain in gains]
    return Said(list(worlds), np.array(shares), np.array([gain.mean(axis=0) for gain in gains]))


def from_emulator(folder: Path, truths: Numbers, size: int) -> dict[int, Numbers]:
    """Draws of the posterior of each truth before waves."""
    spec, file = problem(folder), folder / "draws.jsonl"
    numbers = outputs_of(folder / "truths.npy", spec, truths, FIRST_OF_TRUTHS)
    known = bank_of(folder / "design.npy", spec, sobol_points(len(spec.axes), KNOWN), spec.study.first_seed)
    rough = emulator(known.points, evened(spec, known.outputs))
    done = {line["truth"]: np.array(line["points"]) for line in saved_lines(file)}
    for row in range(size):
        if row not in done and np.isfinite(numbers[row]).all():
            target, rng = evened(spec, numbers[row]), np.random.default_rng([7, row])
            zeros = np.zeros(len(target))
            draws = posterior(lambda x, t=target, z=zeros: rough.log_likelihood(x, t, z), len(spec.axes), DRAWS, rng)
            done[row] = draws.round(5)
            with file.open("a") as lines:
                lines.write(json.dumps({"truth": row, "points": done[row].tolist()}) + "\n")
    return done


def from_ensembles(folder: Path) -> dict[int, Numbers]:
    """The worlds that were kept after the whole procedure, of the truths of fit_calibration.py."""
    lines = [line for file in sorted(folder.glob("calibration-*.jsonl")) for line in saved_lines(file)]
    worlds = {line["truth"]: np.array(line["points"])[np.array(line["kept"])] for line in lines}
    return {row: points for row, points in worlds.items() if len(points)}


def bands(said: Said, true: Numbers) -> list[str]:
    """A row for each band of said shares, of all arms: what was said, and how often the arm is truly best."""
    best = true[said.rows].mean(axis=1).argmax(axis=1)
    is_best = best[:, None] == np.arange(len(ARMS))
    rows = ["| said share | cases | said, mean | truly best | difference | standard error |", "|---" * 6 + "|"]
    for low, high in pairwise(BANDS):
        mine = (said.shares >= low) & ((said.shares < high) | (high == 1.0))
        if mine.any():
            mean, often, n = said.shares[mine].mean(), is_best[mine].mean(), int(mine.sum())
            error = np.sqrt(max(often * (1 - often), 1 / n) / n)
            rows.append(f"| {low:.1f} to {high:.1f} | {n:,} | {mean:.3f} | {often:.3f} | {often - mean:+.3f} | {error:.3f} |")
    return rows


def regrets(said: Said, true: Numbers) -> str:
    """What each choice loses against the best arm; one half of the seeds finds the best arm, the other values it."""
    true = true[said.rows]
    halves = (true[:, : SEEDS // 2].mean(axis=1), true[:, SEEDS // 2 :].mean(axis=1))
    everyone = np.arange(len(true))

    def regret(choice: Numbers) -> Numbers:
        parts = [other[everyone, one.argmax(axis=1)] - other[everyone, choice] for one, other in (halves, halves[::-1])]
        return np.asarray(np.mean(parts, axis=0))

    choices = {"the arm with the largest expected gain": said.gains.argmax(axis=1)}
    choices |= {"the arm that is best in most worlds": said.shares.argmax(axis=1)}
    choices |= {f"always {arm}": np.full(len(true), place) for place, arm in enumerate(ARMS)}
    found = {name: regret(choice) for name, choice in choices.items()}
    texts = [f"{name} {mine.mean():.0f} (± {mine.std() / np.sqrt(len(mine)):.0f})" for name, mine in found.items()]
    return f"Regret, k$ a year, with its standard error: {'; '.join(texts)}."


def fit_of_worth(worth: Worth, truths: Numbers, true: Numbers) -> str:
    """How exact the emulator of the gains is at the truths, beyond the chance of their seeds."""
    gains = true[:, :, 1:] - true[:, :, :1]
    chance = gains.var(axis=1, ddof=1).mean(axis=0) / SEEDS
    expected = worth.gains(truths)[:, 1:]
    missed = ((gains.mean(axis=1) - expected) ** 2).mean(axis=0) - chance
    shares = 1.0 - missed / (gains.mean(axis=1).var(axis=0) - chance)
    misses, errors = np.sqrt(np.maximum(missed, 0.0)), np.sqrt(chance)
    texts = (
        f"{arm} {share:.3f} (misses {miss:.0f}, standard error of the mean over seeds {error:.0f})"
        for arm, share, miss, error in zip(ARMS[1:], shares, misses, errors, strict=True)
    )
    return f"R2 of the gains against {ARMS[0]} at the truths, k$ a year: {'; '.join(texts)}."


def main(folder: Path, size: int) -> None:
    """Make what is missing, and write the page."""
    spec = problem(folder)
    truths = truths_of(spec, size)
    known, true = values(folder, truths, size)
    worth = Worth(sobol_points(len(spec.axes), VALUED), known)
    best = true.mean(axis=1).argmax(axis=1)
    often = ", ".join(f"{arm} {100 * np.mean(best == place):.0f} %" for place, arm in enumerate(ARMS))
    lines: list[str] = [fit_of_worth(worth, truths, true), "", f"Truly best: {often}.", ""]
    sources: Sequence[tuple[str, dict[int, Numbers]]] = (
        ("Draws of the posterior before waves", from_emulator(folder, truths, size)),
        ("Worlds that were kept after the whole procedure", from_ensembles(folder)),
    )
    for title, worlds in sources:
        if worlds:
            said = said_of(worlds, worth)
            lines += [f"## {title}, {len(said.rows):,} truths", "", *bands(said, true), "", regrets(said, true), ""]
    about = (
        f"Truths and their {len(MEASURES)} numbers are those of [fit_calibration.md](fit_calibration.md). The gains of selling "
        f"in another way are an emulator (a quadratic function, and a Gaussian process on what it misses) of {VALUED:,} runs "
        f"of each of {', '.join(ARMS)} over the priors; the share of worlds in which an arm is best is taken with it. What is "
        f"truly best is found by {SEEDS} seeds of each arm at each truth."
    )
    page("fit_shares", "Are shares of worlds right?", about, lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else TRUTHS)
