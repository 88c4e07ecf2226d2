"""Whether verdicts over worlds say what they should: a market whose numbers do not say what executives are worth; equal arms.

    python docs/proofs/worlds.py [FOLDER]        # some minutes; runs are kept in build/proofs/worlds

A market with known settings is simulated, and fitted to four numbers of its own that executives have no part in, as its vendors
pitch. The three strategies then meet in all worlds. The worlds' runs are the population of the studies of two equal arms.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from false_verdicts import row_of
from pages import page
from scipy import stats

from salesim.cli import main as salesim
from salesim.config.scenario import default_scenario
from salesim.runs.summary import summary
from salesim.stats.intervals import Numbers
from salesim.stats.value_of_information import of_everything, of_settings
from salesim.stats.worlds import best_shares, expected_values

NUMBERS = ("gross_margin", "win_rate", "deals_won", "cycle_weeks")
ACCESS = "market.executives.access_gain"  # beside the cost of an executive's hour, which is among the shipped priors
PRIORS = [f"{ACCESS}=interval(0.03,0.16)"]
SIZE = ["points=1000", "waves=2", "wave_points=200", "worlds=150", "checks=4", "market=reference"]
MEASURES = ("gross_margin", "cycle_weeks", "operating_profit_k")
TINY = dict.fromkeys(MEASURES, 1e-9)  # nothing is ever equivalent
LOOKS, STUDIES = (10, 20, 40, 80), 500
GAIN, SLOPES, REST, CHANCE = 0.3, np.array([1.0, 0.5, 0.2, *[0.0] * 9]), 0.3, 2.0
WORLDS, ENSEMBLES = (50, 100, 200), 60
ABOUT = (
    f"The reference market, in which all vendors pitch, is fitted to four of its own numbers ({', '.join(NUMBERS)}; standard "
    "errors of 4 %), with the shipped priors and one for the access that executives gain. Then the three strategies meet, "
    "alone against pitching rivals, in every world with two seeds. The numbers say nothing of what executives are worth."
)
EQUAL = (
    "What rainmaking brings against diagnosis in these worlds, less its mean, so that the arms are equal over the worlds but "
    f"not in any of them. {STUDIES} studies of {len(MEASURES)} measures, looks after {', '.join(map(str, LOOKS))} pairs, 95 %:"
)
MADE_UP = (
    "A made-up gain, linear in twelve settings of which three matter (slopes 1, 0.5, 0.2), with chance of "
    f"{CHANCE:g} in a seed and two seeds in a world; means of {ENSEMBLES} ensembles. Counted: from means over seeds, as if "
    "they were expected values. All: perfect information. False: ensembles in which a setting without effect is clearly worth "
    "something (intervals of 90 %):"
)


def numbers_file(folder: Path) -> Path:
    """The numbers of the reference market over four seeds, with the errors of a company that knows them to a few per cent."""
    runs = [summary(default_scenario(market="reference", weeks=260), seed, ("measures",)) for seed in range(9001, 9005)]
    means = {name: float(np.mean([run["measures"][name] for run in runs])) for name in NUMBERS}
    file = folder / "numbers.yaml"
    file.write_text(yaml.safe_dump({name: {"value": value, "standard_error": 0.04 * value} for name, value in means.items()}))
    return file


def in_all_worlds(folder: Path) -> Path:
    """Fit, and run the three strategies in all worlds; the folder of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    own = f"--config-dir={folder / 'ours' / 'fit'}"
    salesim(["fit", f"targets={numbers_file(folder)}", f"folder={folder}", *PRIORS, *SIZE])
    salesim(["run", "market=ours", own, "contest=alone", "records=0", f"folder={folder}"])
    return folder / "three_strategies"


def verdict(folder: Path) -> Iterator[str]:
    """How often each strategy is best, and what the settings are worth."""
    shares, worth = (pd.read_csv(folder / f"{name}.csv") for name in ("world_shares", "information"))
    yield from ("| strategy | best in | gain, k$ a year | 90 % of worlds | regret |", "|---|---|---|---|---|")
    for row in shares[shares["measure"] == "operating_profit_k"].itertuples():
        ends = f"{row.worlds_low:,.0f} to {row.worlds_high:,.0f}"
        yield f"| {row.arm} | {100 * row.best_share:.0f} % of {row.n} | {row.difference:+,.0f} | {ends} | {row.regret:,.0f} |"
    yield from ("", "| setting | worth of knowing it, k$ a year | 90 % interval, of all together |", "|---|---|---|")
    for row in worth[worth["measure"] == "operating_profit_k"].head(6).itertuples():
        ends = "" if np.isnan(row.low) else f"{row.low:,.0f} to {row.high:,.0f}"
        yield f"| {row.setting.rpartition('.')[2]} | {row.worth:,.0f} | {ends} |"


def two_worlds(folder: Path) -> Iterator[str]:
    """The worlds in which executives are worth least and most against diagnosis, and their numbers."""
    means = pd.read_csv(folder / "worlds.csv")
    members = pd.read_csv(folder.parent / "ours" / "fit" / "members.csv").set_index("member")
    profit = means.pivot_table(index="world", columns="arm", values="operating_profit_k")
    lead = (profit["rainmaking"] - profit["diagnostic"]).sort_values()
    head = ["world", *NUMBERS, "cost of an executive's hour, k$", "executives against diagnosis, k$ a year"]
    yield from (f"| {' | '.join(head)} |", "|---" * len(head) + "|")
    for world in (lead.index[0], lead.index[-1]):
        cells = [f"{members.loc[world, name]:.3g}" for name in (*NUMBERS, "market.executives.cost_per_hour_k")]
        yield f"| {world} | {' | '.join(cells)} | {lead[world]:+,.0f} |"


def gains(folder: Path) -> Numbers:
    """What rainmaking brings against diagnosis, less its mean: worlds x seeds x measures."""
    runs = pd.read_csv(folder / "runs.csv")
    turns = runs.assign(turn=runs.groupby(["arm", "world"]).cumcount())
    wide = turns.pivot(index=["world", "turn"], columns="arm", values=list(MEASURES))
    by_measure = [(wide[name]["rainmaking"] - wide[name]["diagnostic"]).unstack().to_numpy(float) for name in MEASURES]
    table = np.stack(by_measure, axis=2)
    return np.asarray(table - table.mean(axis=(0, 1)))


def studies(pool: Numbers, rows: Callable[[Numbers], Numbers]) -> Iterator[Numbers]:
    """Studies of two arms that are equal over the worlds: 2 x pairs x measures, worlds drawn from the pool."""
    for number in range(STUDIES):
        rng = np.random.default_rng([12, number])
        drawn = rows(pool[rng.integers(len(pool), size=LOOKS[-1])])[: LOOKS[-1]]
        yield np.stack([drawn, np.zeros_like(drawn)])


def equal_arms(folder: Path) -> Iterator[str]:
    """False verdicts with worlds as pairs, and with seeds of worlds as if they were independent."""
    pool = gains(folder)
    ways = {
        "compare over worlds: a pair is a world": lambda worlds: worlds.mean(axis=1),
        "naive: every seed of a world is a pair": lambda worlds: worlds.reshape(-1, len(MEASURES)),
    }
    yield from ("| pairs | studies with a false verdict | standard error |", "|---|---|---|")
    for name, rows in ways.items():
        _, wrong, error, _ = row_of(name, studies(pool, rows), TINY, LOOKS)
        yield f"| {name} | {100 * wrong:.1f} % | {100 * error:.1f} % |"


def worth_of(mean: float, spread: float) -> float:
    """Of perfect information on a normal part of a gain, in closed form."""
    at = mean / spread
    return float(spread * stats.norm.pdf(at) + mean * stats.norm.cdf(at) - max(mean, 0.0))


def one_ensemble(seed: int, n_worlds: int) -> list[float]:
    """Share and worth as counted from noisy means and as estimated, of a made-up ensemble."""
    rng = np.random.default_rng([seed, n_worlds])
    settings = rng.standard_normal((n_worlds, len(SLOPES)))
    gain = GAIN + settings @ SLOPES + REST * rng.standard_normal(n_worlds)
    values = np.zeros((n_worlds, 2, 2))
    values[:, :, 1] = gain[:, None] + CHANCE * rng.standard_normal((n_worlds, 2))
    means, expected = values.mean(axis=1), expected_values(values, settings)
    counted = [float((means[:, 1] > means[:, 0]).mean()), float(means.max(axis=1).mean() - means.mean(axis=0).max())]
    found = of_settings(means, settings)
    clear = (found.low[3:] > 0.0).any()
    return [counted[0], best_shares(expected)[1], counted[1], of_everything(expected), found.raw[0], found.raw[1], clear]


def closed_form() -> Iterator[str]:
    """Means over made-up ensembles beside what they should be."""
    spread = float(np.sqrt((SLOPES**2).sum() + REST**2))
    truth = [stats.norm.cdf(GAIN / spread), worth_of(GAIN, spread), worth_of(GAIN, SLOPES[0]), worth_of(GAIN, SLOPES[1])]
    head = ["worlds", "share, counted", "share", "all, counted", "all", "first setting", "second setting", "false"]
    yield from (f"| {' | '.join(head)} |", "|---" * len(head) + "|")
    yield "| truth | | {:.3f} | | {:.3f} | {:.3f} | {:.3f} | |".format(*truth)
    for n_worlds in WORLDS:
        found = np.mean([one_ensemble(seed, n_worlds) for seed in range(ENSEMBLES)], axis=0)
        yield f"| {n_worlds} | {' | '.join(f'{value:.3f}' for value in found[:6])} | {100 * found[6]:.0f} % |"


def main() -> None:
    """Write the page."""
    folder = in_all_worlds(Path(sys.argv[1] if len(sys.argv) > 1 else "build/proofs/worlds"))
    lines = [
        *verdict(folder), "", "The two worlds in which executives are worth least and most, by means of two seeds:", "",
        *two_worlds(folder), "", "## Equal arms", "", EQUAL, "", *equal_arms(folder), "",
        "## Against closed forms", "", MADE_UP, "", *closed_form(),
    ]  # fmt: skip
    page("worlds", "Verdicts over worlds", ABOUT, lines)


if __name__ == "__main__":
    main()
