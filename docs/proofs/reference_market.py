"""Fit the reference market to the facts declared as fitted, by an evolutionary search, and keep the settings that fit as well.

python docs/proofs/reference_market.py POINTS.jsonl [waves [aim]]   (12 waves if not said)

About 80 minutes of processor time for 2,000 points. Points are kept in the file, so a stopped fit goes on. At the end the best
points are run again on seeds that no wave has seen, and the page and the table beside this file are written. With an aim the
waves look for points that reach it, whatever else is lost, so that the page can say what it takes; the market is still that of
the least loss.
"""

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from pages import HERE, page
from scipy.stats import qmc

from salesim.analyses.evidence.answers import answers, arms_of, measures_of
from salesim.analyses.explain.links import SUPPORT
from salesim.analyses.explain.loop_gains import cause_of, reading, shocked, states_at_end
from salesim.analyses.explain.spiral import subset_scenario
from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.metrics.facts import FACT_MEASURES
from salesim.metrics.money import churn
from salesim.model.enums import Outcome
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.runs.summary import summary

Point = npt.NDArray[np.float64]
Settings = dict[str, Any]
EVIDENCE = HERE.parents[1] / "configs" / "evidence"
FACTS = {
    name: fact
    for name, fact in yaml.safe_load((EVIDENCE / "facts.yaml").read_text(encoding="utf-8")).items()
    if fact["role"] == "fitted"
}
SPACE = yaml.safe_load((EVIDENCE / "fit.yaml").read_text(encoding="utf-8"))
FREE: dict[str, tuple[float, float]] = {key: tuple(ends) for key, ends in SPACE["free"].items()}
FIXED: Settings = SPACE["fixed"]
MEASURES: dict[str, Callable[[Records, int], float]] = {
    **{name: metric.function for name, metric in METRICS.items()},
    **FACT_MEASURES,
    "churn": churn,
}
SOUGHT = 4.0  # weight of an aim that is looked for, without a limit to its distance
LYING = ("lying does not pay, pitch", "lying does not pay, diagnostic", "lying does not pay, rainmaking")
WEIGHTS = {"loop gain, complex": 2.0, **dict.fromkeys(LYING, 1.5)}  # of aims that are far; the others have 0.6, facts 1
INSIDE = 0.15  # of a fact's scale that a wave wants it to be inside its band, as few seeds flatter
PRIOR = 0.05  # what a setting costs at an end of its bounds, so that one of which no fact tells stays inside
PULL = 0.5  # what a fact costs at the edge of its band, against nothing in the middle, where the published value is or near it
APART = 0.3  # distance in the unit cube of settings that are kept
SEEDS, CHECKS, FIRST_CHECK = 6, 24, 1000  # of a point; of its last check, which no wave has seen
MOTHERS, FATHERS, CROSSED, STEPS, STEPPED, INWARDS = 24, 60, 0.2, (0.05, 0.12), 0.25, 0.25  # of a wave
SOBOL, NEW, CHECKED, KEPT = 64, 60, 100, 12  # points of the first wave, of the others, run again, and settings that are kept
PROPOSED, LEARNT, RIDGE = 60, 800, 0.01  # proposals for each new point, best points the emulator learns from, its penalty
COMPLEX = {"market.customers.complexity_a": 4.0}
SIMPLE = {"market.customers.complexity_a": 1.0}
PRESSURE, STYLES = "market.commoditization.pressure_per_week", ("pitch", "diagnostic", "rainmaking")
SHOCKS = yaml.safe_load((EVIDENCE.parent / "explain" / "standard.yaml").read_text(encoding="utf-8"))
MARKETS: dict[str, Settings] = {
    "simple and busy": {
        f"market.{group}.{name}": value
        for group, settings in yaml.safe_load((EVIDENCE.parent / "experiment" / "simple_and_busy.yaml").read_text("utf-8"))[
            "market"
        ].items()
        for name, value in settings.items()
    },
    "simple": SIMPLE,
    "middle": {},
    "complex": COMPLEX,
}
CUT = {f"market.loops.{name}": 0 for name in SPACE["loops"]}


def half_year(records: Records) -> float:
    """Operating profit of vendor 0 in the first 26 weeks, k$."""
    weeks = records.weeks
    return float(weeks.operating_profit_k[(weeks.vendor == 0) & (weeks.week < 26)].sum())


def settings_of(point: Point) -> Settings:
    """The settings of a point in the unit cube, with those that are fixed."""
    settings = dict(FIXED)
    for (key, (low, high)), share in zip(FREE.items(), point, strict=True):
        value = low + float(share) * (high - low)
        settings[key] = round(value) if isinstance(low, int) else float(f"{value:.3g}")
    return settings


class Market:
    """Runs of one point: each arm once, with all its seeds."""

    def __init__(self, settings: Settings, seeds: Sequence[int]):
        self.settings, self.seeds = settings, seeds
        self.runs, self.at_list = cache(self._runs), dict[str, float]()

    def _runs(self, arm: str) -> list[Records]:
        scenario = default_scenario(None, **{"contest": "everyone", **self.settings, **json.loads(arm)})
        return [play(scenario, seed) for seed in self.seeds]

    def values(self, measure: str, vendor: int = 0, **arm: Any) -> Point:
        """A measure of an arm, over seeds."""
        return np.array([MEASURES[measure](records, vendor) for records in self.runs(json.dumps(arm, sort_keys=True))])

    def mean(self, measure: str, **arm: Any) -> float:
        """Its mean."""
        return float(np.nanmean(self.values(measure, **arm)))

    def fact(self, fact: Mapping[str, Any]) -> float:
        """The answer to a fact, as `salesim evidence` gives it."""
        values = [{name: self.values(name, **arm) for name in measures_of(fact)} for arm in arms_of(fact)]
        return float(np.nanmean(answers(fact, values)))

    def at_bounds(self, style: str) -> float:
        """Largest yearly share of quotes at the seller's authority or at the partner's cost."""
        deals = np.concatenate([records.deals for records in self.runs(json.dumps({"strategy": style}))]).view(np.recarray)
        deals = deals[(deals.vendor == 0) & np.isfinite(deals.price) & (deals.closed_week >= 0)]
        self.at_list[style] = float(np.mean(deals.price >= 1.0 - 1e-9))
        floor = 1.0 - default_scenario(strategy=style).vendors[0].strategy.systems.price_authority + 1e-9
        bound = np.where(deals.partner < 0, deals.price <= floor, deals.price <= deals.partner_cost + 1e-6)
        year = deals.closed_week // 52
        shares = [bound[year == each].mean() for each in np.unique(year) if (year == each).sum() > 40]
        return float(max(shares, default=0.0))

    def aims(self) -> dict[str, float]:
        """What the market is built to have (`configs/evidence/aims.yaml`), as far as a few runs can tell."""
        found = {f"quotes at bounds, {style}": self.at_bounds(style) for style in STYLES}
        found |= {f"quotes at list price, {style}": self.at_list[style] for style in STYLES}
        found["prices at the start"] = abs(self.settled())
        found |= {f"utilization, {style}": self.mean("utilization", strategy=style) for style in STYLES}
        found |= {f"spread of pass-through, {style}": self.mean("pass_through_spread", strategy=style) for style in STYLES}
        alone = {"contest": "alone", **COMPLEX}
        for style in STYLES:
            base = self.mean("operating_profit_k", strategy=style, **alone)
            lying = self.mean("operating_profit_k", strategy=style, **alone, **{"strategy.systems.promise_inflation": 1.0})
            found[f"lying does not pay, {style}"] = lying - base
            starving = self.mean("operating_profit_k", strategy=style, **alone, **{"strategy.support.delivery_share": 0.0})
            found[f"starving support does not pay, {style}"] = starving - base

        def effect(**arm: Any) -> float:
            """What pressure adds to the fall of the gross margin."""
            return self.mean("margin_fall", **{PRESSURE: 0.002}, **arm) - self.mean("margin_fall", **{PRESSURE: 0.0}, **arm)

        whole = effect(**COMPLEX)
        found["complexity x pressure on the fall"] = whole - effect(**SIMPLE)
        found["pressure drives the fall"] = 1.0 - effect(**COMPLEX, **CUT) / max(0.005, whole)
        found["gross margin"] = self.mean("gross_margin")
        found["loop gain, complex"] = self.loop_gain()
        turned = self.turned()
        found["turning costs its first two quarters"] = turned
        leads = {name: self.leads(arm) for name, arm in MARKETS.items()}
        found["pitching is best if simple and busy"] = leads["simple and busy"]["pitch"]
        for style, name in (("diagnostic", "diagnosis"), ("rainmaking", "rainmaking")):
            found[f"{name} is best somewhere"] = max(lead[style] for lead in leads.values())
        return found

    def settled(self) -> float:
        """Mean price of the deals signed in the first two years, less the price that customers are used to at the start."""
        runs, usual = self.runs(json.dumps({})), self.settings["market.customers.initial_reference"]
        deals = np.concatenate([records.deals for records in runs]).view(np.recarray)
        return float(np.mean(deals.price[(deals.outcome == Outcome.WON) & (deals.closed_week < 104)])) - usual

    def leads(self, arm: Settings) -> dict[str, float]:
        """By how much a strategy earns more than the best other one if a single vendor follows it, k$ a year."""
        earned = {style: self.mean("operating_profit_k", strategy=style, contest="alone", **arm) for style in STYLES}
        return {style: value - max(other for name, other in earned.items() if name != style) for style, value in earned.items()}

    def turned(self) -> float:
        """What turning from pitching to diagnosis in the first week adds to the profit of the first two quarters, k$."""
        turn = [{"week": 0, "strategy": "diagnostic", "training_hours": 16.0}]
        ours, same = (self.runs(json.dumps({"contest": "alone", **arm}, sort_keys=True)) for arm in ({"initiatives": turn}, {}))
        return float(np.mean([half_year(a) - half_year(b) for a, b in zip(ours, same, strict=True)]))

    def loop_gain(self) -> float:
        """Gain of the support loop in complex markets where everybody pitches, from the gains of its links."""
        base = default_scenario(None, **{"contest": "everyone", **self.settings, **COMPLEX, "strategy": "pitch"})
        alone = subset_scenario(base, SUPPORT.feedbacks)
        seeds = range(self.seeds[0], self.seeds[0] + len(self.seeds) + 1)

        def runs(scenario: Any) -> list[Any]:
            return [summary(scenario, seed, ("measures", "years")) for seed in seeds]

        late = states_at_end(alone, runs(alone))
        spec: Any = SimpleNamespace(shocks=SHOCKS, spiral_seeds=list(seeds))
        pairs = shocked(SUPPORT, alone, late, spec)
        shifts = {link.name: [runs(one) for one in pairs[link.name]] for link in SUPPORT.links}

        def moved(name: str, what: str) -> Point:
            down, up = shifts[name]
            return np.array([reading(b, what) - reading(a, what) for a, b in zip(down, up, strict=True)])

        gains = [np.mean(moved(k.name, k.effect)) / np.mean(cause_of(k, late, spec, moved)) for k in SUPPORT.links]
        return float(sum(np.prod([gains[link] for link in way]) for way in SUPPORT.ways))


def measured(point: Point, first: int = 0, seeds: int = SEEDS) -> dict[str, float]:
    """All facts and aims of a point."""
    market = Market(settings_of(point), range(first, first + seeds))
    found = {name: market.fact(fact) for name, fact in FACTS.items()} | market.aims()
    market.runs.cache_clear()  # records are large, and a cycle of references would keep them for long
    return found


def bands() -> dict[str, tuple[float | None, float | None, float]]:
    """Low end, high end and scale of every fact and aim; a miss by the scale counts as much as the miss itself."""
    facts = {name: (*fact["band"], SPACE["scale"][name]) for name, fact in FACTS.items()}
    return facts | {name: tuple(band) for name, band in SPACE["aims"].items()}


def misses(found: Mapping[str, float], inside: float = 0.0) -> dict[str, float]:
    """How far outside its band each fact or aim is, in its scale; those inside, facts by so much of it, are left out."""
    out = {}
    for name, (low, high, scale) in bands().items():
        value = found[name]
        if name in FACTS:
            low, high = low + inside * scale, high - inside * scale
        if not np.isfinite(value):
            out[name] = 2.0
        elif (low is not None and value < low) or (high is not None and value > high):
            out[name] = (low - value if low is not None and value < low else value - (high or 0.0)) / scale
    return out


def loss(point: Point, found: Mapping[str, float], sought: str = "") -> float:
    """What a wave makes small: a missed fact counts 0.5 and its distance up to 2.5 scales, a missed aim WEIGHTS of that.

    A fact that is met counts PULL times the square of its distance from the middle of its band, 1 at the edge; a setting PRIOR
    times the same of its bounds.
    """
    weights = {**dict.fromkeys(FACTS, 1.0), **WEIGHTS, sought: SOUGHT}
    missed = sum(
        (0.5 + (miss if name == sought else min(2.5, miss))) * weights.get(name, 0.6)
        for name, miss in misses(found, INSIDE).items()
    )
    ends = {name: fact["band"] for name, fact in FACTS.items()}
    off = [abs(2.0 * found[name] - low - high) / (high - low) for name, (low, high) in ends.items()]
    pulled = sum(min(1.0, each) ** 2 if np.isfinite(each) else 1.0 for each in off)
    return missed + PULL * pulled + PRIOR * float(np.sum((2.0 * point - 1.0) ** 2))


def losses(points: Sequence[Point] | Point, found: Sequence[Mapping[str, float]], sought: str = "") -> list[float]:
    """The loss of each point."""
    return [loss(point, each, sought) for point, each in zip(points, found, strict=True)]


def emulator(points: Point, found: Sequence[Mapping[str, float]], sought: str) -> Callable[[Point], list[float]]:
    """The loss of new points that a ridge regression of every fact and aim on the settings expects, over the best so far."""
    best = np.argsort(losses(points, found, sought))[:LEARNT]
    names = list(bands())
    known = np.array([[found[row][name] for name in names] for row in best])
    usual = np.nanmedian(known, axis=0)
    known = np.where(np.isfinite(known), known, usual)
    low, high = np.quantile(known, (0.02, 0.98), axis=0)
    known, middle = np.clip(known, low, high), points[best].mean(axis=0)
    offset, mean = points[best] - middle, known.mean(axis=0)
    weights = np.linalg.solve(offset.T @ offset + RIDGE * np.eye(len(middle)), offset.T @ (known - mean))

    def expected(new: Point) -> list[float]:
        rows = mean + (new - middle) @ weights
        return losses(new, [dict(zip(names, row, strict=True)) for row in rows], sought)

    return expected


def wave(points: Point, found: list[dict[str, float]], rng: np.random.Generator, sought: str) -> Point:
    """New points near the best ones: some numbers of another good point, steps in a quarter of them, all a little inwards.

    Of many proposals, half with larger steps, two thirds of a wave are those of which the emulator expects most; the others are
    taken as they come.
    """
    order = np.argsort(losses(points, found, sought))
    count = NEW * PROPOSED
    mothers, fathers = (points[rng.choice(order[:best], count)] for best in (MOTHERS, FATHERS))
    children = np.where(rng.random(mothers.shape) < CROSSED, fathers, mothers)
    size = rng.choice(STEPS, (count, 1))
    inwards = INWARDS * rng.random((count, 1)) * rng.random(children.shape)
    children += inwards * (0.5 - children)
    children = np.clip(children + rng.normal(0.0, size, children.shape) * (rng.random(children.shape) < STEPPED), 0.0, 1.0)
    chosen = np.argsort(emulator(points, found, sought)(children))[: NEW * 2 // 3]
    return children[np.concatenate([chosen, rng.choice(count, NEW - len(chosen), replace=False)])]


def known() -> list[Point]:
    """The settings that an earlier fit has kept, as points; those outside the bounds are put on them."""
    with (HERE / "reference_market.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        np.clip([(float(row.get(key, (low + high) / 2)) - low) / (high - low) for key, (low, high) in FREE.items()], 0.0, 1.0)
        for row in rows
    ]


def searched(file: Path, waves: int, sought: str) -> tuple[npt.NDArray[np.float64], list[dict[str, float]]]:
    """All points and what was found there; those in the file are not run again."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []
    points, found = [np.array(line["point"]) for line in lines], [line["found"] for line in lines]
    rng = np.random.default_rng(len(points))
    first = [*qmc.Sobol(len(FREE), seed=1).random(SOBOL), *known()]
    for number in range(waves + 1):
        new = first[len(points) :] if number == 0 else wave(np.array(points), found, rng, sought)
        with ProcessPoolExecutor(2) as pool, file.open("a", encoding="utf-8") as out:
            for point, result in zip(new, pool.map(measured, new), strict=True):
                points.append(point)
                found.append(result)
                out.write(json.dumps({"point": point.tolist(), "found": result}) + "\n")
                out.flush()
        least, best = min(zip(losses(points, found, sought), found, strict=True), key=lambda pair: pair[0])
        print(f"wave {number}: {len(points)} points, least loss {least:.2f}, missing {', '.join(misses(best))}", flush=True)
    return np.array(points), found


def apart(points: Point, order: Sequence[int]) -> list[int]:
    """The first KEPT of some points, in this order, that are not near to one before."""
    chosen: list[int] = []
    for row in order:
        if len(chosen) < KEPT and all(np.linalg.norm(points[row] - points[other]) > APART for other in chosen):
            chosen.append(row)
    return chosen


def write_market(settings: Settings) -> None:
    """Write configs/market/reference.yaml: the shipped market with these numbers, and where they come from."""
    folder, group = EVIDENCE.parent / "market", ""
    lines = (folder / "reference.yaml").read_text(encoding="utf-8").splitlines()
    lines[0] = "# A business-to-business market that was fitted to fourteen published facts."
    for row, line in enumerate(lines):
        if line and line[0] not in "# ":
            group = line.partition(":")[0]
        key = f"market.{group}.{line.strip().partition(':')[0]}"
        if key in settings:
            start, remark = line.split("#", 1)
            name = start.partition(":")[0]
            source = "fitted, docs/proofs/reference_market.md" if key in FREE else "chosen before the fit"
            meaning = remark.strip().rpartition(";")[0]
            lines[row] = f"{name}: {settings[key]}".ljust(34) + f" # {meaning}; {source}"
    (folder / "reference.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def trade_offs(best: Mapping[str, float], found: Sequence[Mapping[str, float]]) -> list[str]:
    """For each aim that the market misses, the facts that a point of the search keeps at most where it reaches that aim."""
    lines = ["| aim | as far as | points that get there | facts met there, at most | what that point misses |"]
    lines.append("|---|---|---|---|---|")
    for aim in (name for name in misses(best) if name not in FACTS):
        low, high, _ = bands()[aim]
        end = low if low is not None and best[aim] < low else float(high or 0.0)
        far = misses(best)[aim] > 1.0  # in its scale, so that points on the way there tell something
        for share in (0.25, 0.5, 0.75, 1.0) if far else (1.0,):
            level = best[aim] + share * (end - best[aim])
            reached = [misses(each) for each in found if (each[aim] - level) * (end - best[aim]) >= 0.0]
            if not reached:
                lines.append(f"| {aim} | {level:.3g} | 0 of {len(found)} | | |")
                continue
            least = min(reached, key=lambda missed: (sum(name in FACTS for name in missed), len(missed)))
            facts = len(FACTS) - sum(name in FACTS for name in least)
            others = ", ".join(name for name in least if name != aim)
            lines.append(f"| {aim} | {level:.3g} | {len(reached)} of {len(found)} | {facts} of {len(FACTS)} | {others} |")
    return lines


def main(file: Path, waves: int, sought: str) -> None:
    """Search, check the best on other seeds, and write the page and the table of settings that fit as well."""
    points, found = searched(file, waves, sought)
    rows = np.argsort(losses(points, found))[:CHECKED].tolist()
    with ProcessPoolExecutor(2) as pool:
        again = pool.map(measured, points[rows], [FIRST_CHECK] * len(rows), [CHECKS] * len(rows))
        checked = dict(zip(rows, again, strict=True))
    ranked = apart(points, sorted(checked, key=lambda row: loss(points[row], checked[row])))
    kept = [{**settings_of(points[row]), "loss": round(loss(points[row], checked[row]), 3)} for row in ranked]
    table = "\n".join([",".join(kept[0]), *(",".join(map(str, row.values())) for row in kept)])
    (HERE / "reference_market.csv").write_text(table + "\n", encoding="utf-8")
    best, random = checked[ranked[0]], found[:SOBOL]
    lines = ["| what | band | the market | kept settings | random settings inside |", "|---|---|---|---|---|"]
    for name, (low, high, _) in bands().items():
        spread = [checked[row][name] for row in ranked]
        inside = np.mean([name not in misses(each) for each in random])
        band = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}"
        lines.append(f"| {name} | {band} | {best[name]:.3f} | {min(spread):.3f} to {max(spread):.3f} | {100 * inside:.0f} % |")
    lines += ["", "## What it takes to reach an aim that the market misses", "", *trade_offs(best, found)]
    met = sum(name not in misses(best) for name in FACTS)
    chance = np.mean([sum(name not in misses(each) for name in FACTS) for each in random])
    about = (
        f"{len(points)} points with {SEEDS} seeds each; the best {CHECKED} were run again with {CHECKS} other seeds, and of "
        f"these the best {KEPT} that lie apart are kept. "
        f"The market meets {met} of {len(FACTS)} fitted facts, a random point {chance:.1f}. Rows with a long name are aims "
        "(configs/evidence/aims.yaml)."
    )
    page("reference_market", "The fit of the reference market", about, lines)
    write_market(settings_of(points[ranked[0]]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 12, sys.argv[3] if len(sys.argv) > 3 else "")
