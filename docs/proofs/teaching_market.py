"""What `market=teaching` was chosen to show, on seeds that it was not chosen on. Exits with 1 if it does not show it.

python docs/proofs/teaching_market.py [seeds]      # 60 seeds if not said
"""

import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt
from pages import page_of_claims

from salesim.config.scenario import default_scenario
from salesim.metrics.facts import QUARTER_WEEKS
from salesim.metrics.sums import YEAR_WEEKS, of_deals
from salesim.model.parameters import Loops
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.stats.intervals import Intervals, simultaneous

FIRST_SEED, SEEDS, CONFIDENCE = 12001, 60, 0.95
LOOPS = tuple(field.name for field in fields(Loops))
RECOVERED, ENOUGH, OTHERS = 0.9, 5, 2  # share of seeds; feedbacks that recover margin in so many seeds, and that do not
PRESSURE, PRESSURES = "market.commoditization.pressure_per_week", (0.0, 0.001, 0.002, 0.003)
TURN = [{"week": 0, "strategy": "diagnostic", "training_hours": 40.0}]
QUARTERS, DIP = (2, 3, 4, 5, 6, 8, 12, 20, 40), 2  # quarters that are shown; so many together have to cost
MOST_AT_BOUNDS, LEAST_FALL = 0.05, 0.15
SIMPLE, COMPLEX = ({"market.customers.complexity_a": a} for a in (1.0, 4.0))
Numbers = npt.NDArray[np.float64]


def runs(seeds: Sequence[int], **arm: Any) -> list[Records]:
    """Runs of the teaching market in which everyone pitches, but for the differences of an arm."""
    scenario = default_scenario(None, **{"market": "teaching", "strategy": "pitch", "contest": "everyone", **arm})
    return [play(scenario, seed) for seed in seeds]


def margins(records: Sequence[Records]) -> Numbers:
    """Gross margin of all vendors' deals in the first and the last two years, one row per seed."""
    deals = [[of_deals(run, vendor) for vendor in range(run.n_vendors)] for run in records]
    return np.array([
        [1.0 - sum(d[f"{end}_cost_k"] for d in each) / sum(d[f"{end}_net_k"] for d in each) for end in ("early", "late")]
        for each in deals
    ])  # fmt: skip


def falls(records: Sequence[Records]) -> Numbers:
    """Fall of that margin, one per seed."""
    early, late = margins(records).T
    return early - late


def quarterly_profit(records: Sequence[Records]) -> Numbers:
    """Operating profit of vendor 0, k$, seeds x quarters."""
    weeks = [run.weeks[run.weeks["vendor"] == 0]["operating_profit_k"] for run in records]
    return np.array(weeks).reshape(len(records), -1, QUARTER_WEEKS).sum(axis=2)


def cells(found: Intervals, place: int, form: str = "+.3f") -> str:
    """A mean and its interval, as two cells of a table."""
    return f"{found.mean[place]:{form}} | {found.low[place]:{form}} to {found.high[place]:{form}}"


def feedbacks(seeds: Sequence[int], base: Sequence[Records]) -> tuple[list[str], bool]:
    """The late margin that each feedback recovers when it alone is cut."""
    late = margins(base)[:, 1]
    gains = np.column_stack([margins(runs(seeds, **{f"market.loops.{name}": 0}))[:, 1] - late for name in LOOPS])
    found, shares = simultaneous(gains, CONFIDENCE), np.mean(gains > 0.0, axis=0)
    lines = ["| feedback cut | late margin recovered | 95 % interval | share of seeds that recover |", "|---|---|---|---|"]
    lines += [f"| {LOOPS[i]} | {cells(found, i)} | {100 * shares[i]:.0f} % |" for i in np.argsort(-found.mean)]
    recover = int(np.sum(shares >= RECOVERED))
    return lines, recover >= ENOUGH and len(LOOPS) - recover >= OTHERS


def pressures(seeds: Sequence[int]) -> tuple[list[str], bool]:
    """The fall of the margin by pressure, its growth from each to the next, and more than half of it gone without."""
    fall = np.column_stack([falls(runs(seeds, **{PRESSURE: pressure})) for pressure in PRESSURES])
    own = default_scenario(market="teaching").market.commoditization.pressure_per_week
    levels = simultaneous(fall, CONFIDENCE)
    tests = simultaneous(np.column_stack([np.diff(fall), 0.5 * falls(runs(seeds, **{PRESSURE: own})) - fall[:, 0]]), CONFIDENCE)
    lines = [
        "| pressure, a week | fall of the margin | 95 % interval | more than before | 95 % interval |",
        "|---|---|---|---|---|",
    ]
    for place, pressure in enumerate(PRESSURES):
        lines.append(f"| {pressure} | {cells(levels, place)} | {cells(tests, place - 1) if place else ' | '} |")
    gone = 1.0 - fall[:, 0].mean() / fall[:, PRESSURES.index(own)].mean()
    lines += ["", f"Without pressure {100 * gone:.0f} % of the fall at this market's pressure of {own} is gone."]
    return lines, bool(np.all(tests.low > 0.0))


def turn(seeds: Sequence[int]) -> tuple[list[str], bool]:
    """What a turn from pitching to diagnosis in week 0 has cost or brought by the end of each quarter."""
    gains = quarterly_profit(runs(seeds, contest="alone", initiatives=TURN)) - quarterly_profit(runs(seeds, contest="alone"))
    total = np.cumsum(gains, axis=1)
    shown = [quarter - 1 for quarter in QUARTERS]
    found = simultaneous(total[:, shown], CONFIDENCE)
    lines = ["| quarters after the turn | profit gained so far, k$ | 95 % interval |", "|---|---|---|"]
    lines += [f"| {quarter} | {cells(found, place, '+,.0f')} |" for place, quarter in enumerate(QUARTERS)]
    behind = np.flatnonzero(total.mean(axis=0) < 0.0)
    even = int(behind.max(initial=-1)) + 2
    lines += ["", f"On average it has paid for itself in quarter {even}."]
    costs, pays = found.high[QUARTERS.index(DIP)] < 0.0, found.low[-1] > 0.0
    return lines, bool(costs and pays and even <= total.shape[1])


def at_bounds(records: Sequence[Records]) -> float:
    """Largest yearly share of quotes at the seller's authority or at the partner's cost."""
    deals = np.concatenate([run.deals for run in records]).view(np.recarray)
    deals = deals[np.isfinite(deals.price) & (deals.closed_week >= 0)]
    floor = 1.0 - default_scenario(market="teaching").vendors[0].strategy.systems.price_authority
    bound = deals.price <= np.where(deals.partner < 0, floor, deals.partner_cost) + 1e-9
    years = deals.closed_week // YEAR_WEEKS
    return max(float(bound[years == year].mean()) for year in np.unique(years))


def sanity(seeds: Sequence[int], base: Sequence[Records]) -> tuple[list[str], bool]:
    """Quotes, margins and profit of the market, and what diagnosis gains where problems are complex and simple."""
    both, bound = margins(base), at_bounds(base)
    weeks = np.concatenate([run.weeks for run in base]).view(np.recarray)
    finite = bool(np.isfinite(weeks.operating_profit_k).all() and np.isfinite(both).all())
    fall = simultaneous((both[:, 0] - both[:, 1])[:, None], CONFIDENCE)
    gains = [
        quarterly_profit(runs(seeds, contest="alone", strategy="diagnostic", **problems)).sum(axis=1)
        - quarterly_profit(runs(seeds, contest="alone", **problems)).sum(axis=1)
        for problems in (SIMPLE, COMPLEX)
    ]
    helps = simultaneous(np.column_stack([*gains, gains[1] - gains[0]]) / (base[0].n_weeks / YEAR_WEEKS), CONFIDENCE)
    lines = [
        "| | mean | 95 % interval, or range over seeds |", "|---|---|---|",
        f"| gross margin, first two years | {both[:, 0].mean():.3f} | {both[:, 0].min():.3f} to {both[:, 0].max():.3f} |",
        f"| gross margin, last two years | {both[:, 1].mean():.3f} | {both[:, 1].min():.3f} to {both[:, 1].max():.3f} |",
        f"| its fall | {cells(fall, 0)} |",
        f"| largest yearly share of quotes at a bound | {bound:.3f} | |",
        f"| profit that diagnosis gains, simple problems, k$ a year | {cells(helps, 0, '+,.0f')} |",
        f"| the same, complex problems | {cells(helps, 1, '+,.0f')} |",
        f"| complex less simple | {cells(helps, 2, '+,.0f')} |",
    ]  # fmt: skip
    sane = finite and both.min() > 0.0 and bound <= MOST_AT_BOUNDS and fall.low[0] >= LEAST_FALL
    return lines, bool(sane and helps.low[1] > 0.0 and helps.low[2] > 0.0)


def main(seeds: Sequence[int]) -> int:
    """Print the page; 1 if a part of it does not hold."""
    base = runs(seeds)
    parts = {
        f"At least {ENOUGH} feedbacks recover late margin when cut alone, in {100 * RECOVERED:.0f} % of seeds; "
        f"at least {OTHERS} do not": feedbacks(seeds, base),
        "The fall grows with commoditization, and most of it is gone without pressure": pressures(seeds),
        f"A turn to diagnosis costs its first {DIP} quarters, and pays within ten years": turn(seeds),
        f"Quotes at bounds under {100 * MOST_AT_BOUNDS:.0f} %, margins positive, a fall of {LEAST_FALL} or more, and diagnosis "
        "gains where problems are complex, and more than where they are simple": sanity(seeds, base),
    }
    about = (
        f"`configs/market/teaching.yaml` was chosen to show the four things below, on other seeds than these {len(seeds)} "
        "of ten years each; that they are here is therefore no finding. Everyone pitches unless said. Margins are those of all "
        "vendors: early in the first two years, late in the last two. The intervals of a table hold simultaneously."
    )
    return page_of_claims("teaching_market", "What the teaching market shows", about, parts)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    sys.exit(main(range(FIRST_SEED, FIRST_SEED + count)))
