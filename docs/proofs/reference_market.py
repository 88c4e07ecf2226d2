"""Fit the reference market to the facts declared as fitted, by waves of an emulator, and keep the settings that fit as well.

python docs/proofs/reference_market.py POINTS.jsonl [waves]   (12 waves if not said; needs scikit-learn)

About 40 minutes of processor time. Points are kept in the file, so a stopped fit goes on. At the end the best points are run
again on seeds that no wave has seen, and the page and the table beside this file are written.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from pages import HERE, page
from scipy.stats import qmc
from sklearn.ensemble import ExtraTreesRegressor

from salesim.analyses.evidence.answers import answers, arms_of, measures_of
from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.metrics.facts import FACT_MEASURES
from salesim.metrics.money import churn
from salesim.model.records import Records
from salesim.model.schedule import play

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
SEEDS, CHECKS, FIRST_CHECK = 3, 16, 1000  # of a point; of its last check, which no wave has seen
SOBOL, NEW, KEPT = 512, 110, 12  # points of the first wave, of the others, and settings that are kept
COMPLEX = {"market.customers.complexity_a": 4.0}
SIMPLE = {"market.customers.complexity_a": 1.0}
PRESSURE, STYLES = "market.commoditization.pressure_per_week", ("pitch", "diagnostic", "rainmaking")
CUT = {f"market.loops.{name}": 0 for name in SPACE["loops"]}


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
        self.runs = cache(self._runs)

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
        floor = 1.0 - default_scenario(strategy=style).vendors[0].strategy.systems.price_authority + 1e-9
        bound = np.where(deals.partner < 0, deals.price <= floor, deals.price <= deals.partner_cost + 1e-6)
        year = deals.closed_week // 52
        shares = [bound[year == each].mean() for each in np.unique(year) if (year == each).sum() > 40]
        return float(max(shares, default=0.0))

    def aims(self) -> dict[str, float]:
        """What the market is built to have (`configs/evidence/aims.yaml`), as far as a few runs can tell."""
        found = {f"quotes at bounds, {style}": self.at_bounds(style) for style in STYLES}
        found |= {f"utilization, {style}": self.mean("utilization", strategy=style) for style in STYLES[:2]}
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
        return found


def measured(point: Point, first: int = 0, seeds: int = SEEDS) -> dict[str, float]:
    """All facts and aims of a point."""
    market = Market(settings_of(point), range(first, first + seeds))
    return {name: market.fact(fact) for name, fact in FACTS.items()} | market.aims()


def bands() -> dict[str, tuple[float | None, float | None, float]]:
    """Low end, high end and scale of every fact and aim; a miss by the scale counts as much as the miss itself."""
    facts = {name: (*fact["band"], SPACE["scale"][name]) for name, fact in FACTS.items()}
    return facts | {name: tuple(band) for name, band in SPACE["aims"].items()}


def misses(found: Mapping[str, float]) -> dict[str, float]:
    """How far outside its band each fact or aim is, in its scale; those inside are left out."""
    out = {}
    for name, (low, high, scale) in bands().items():
        value = found[name]
        if not np.isfinite(value):
            out[name] = 2.0
        elif (low is not None and value < low) or (high is not None and value > high):
            out[name] = (low - value if low is not None and value < low else value - (high or 0.0)) / scale
    return out


def loss(found: Mapping[str, float]) -> float:
    """What a wave makes small: each missed fact counts 0.5 and its distance up to 2.5 scales, each missed aim 0.6 of that."""
    return sum((0.5 + min(2.5, miss)) * (1.0 if name in FACTS else 0.6) for name, miss in misses(found).items())


def wave(points: npt.NDArray[np.float64], found: list[dict[str, float]], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """New points: children of the best ones, of which an emulator expects most."""
    names = list(bands())
    table = np.nan_to_num(np.array([[each[name] for name in names] for each in found]))
    table[:, names.index("A5")] = 1.0 / np.clip(table[:, names.index("A5")], 1.0, 60.0)  # the operating margin, which is smooth
    order = np.argsort([loss(each) for each in found])
    kept = np.unique([*order[:1200], *rng.choice(len(order), min(800, len(order)), replace=False)])
    emulator = ExtraTreesRegressor(150, min_samples_leaf=2, max_features=0.5, random_state=len(order))
    emulator.fit(points[kept], table[kept])
    best, n_free = points[order[:60]], points.shape[1]
    mothers, fathers = best[rng.integers(len(best), size=8000)], best[rng.integers(len(best), size=8000)]
    children = np.where(rng.random(mothers.shape) < 0.5, mothers, fathers)
    children += rng.normal(0.0, 0.12, children.shape) * (rng.random(children.shape) < 0.4)
    children = np.where(rng.random(children.shape) < 0.04, rng.random(children.shape), np.clip(children, 0.0, 1.0))
    expected = emulator.predict(children)
    expected[:, names.index("A5")] = 1.0 / np.maximum(expected[:, names.index("A5")], 1.0 / 60.0)
    ranked = np.argsort([loss(dict(zip(names, row, strict=True))) for row in expected])
    chosen = [*ranked[: NEW * 2 // 3], *rng.choice(ranked[:800], NEW // 3, replace=False)]
    return children[chosen].reshape(-1, n_free)


def searched(file: Path, waves: int) -> tuple[npt.NDArray[np.float64], list[dict[str, float]]]:
    """All points and what was found there; those in the file are not run again."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []
    points, found = [np.array(line["point"]) for line in lines], [line["found"] for line in lines]
    rng = np.random.default_rng(len(points))
    for number in range(waves + 1):
        new = qmc.Sobol(len(FREE), seed=1).random(SOBOL)[len(points) :] if number == 0 else wave(np.array(points), found, rng)
        for point in new:
            points.append(point)
            found.append(measured(point))
            with file.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"point": point.tolist(), "found": found[-1]}) + "\n")
        best = min(found, key=loss)
        print(
            f"wave {number}: {len(points)} points, least loss {loss(best):.2f}, missing {', '.join(misses(best))}", flush=True
        )
    return np.array(points), found


def apart(points: npt.NDArray[np.float64], found: list[dict[str, float]]) -> list[int]:
    """The best points that are not near to a better one."""
    chosen: list[int] = []
    for row in np.argsort([loss(each) for each in found]):
        if all(np.linalg.norm(points[row] - points[other]) > 0.6 for other in chosen):
            chosen.append(int(row))
        if len(chosen) == 2 * KEPT:
            break
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
            lines[row] = f"{name}: {settings[key]}".ljust(len(start)) + f" # {meaning}; {source}".replace("  #", " #")
    (folder / "reference.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(file: Path, waves: int) -> None:
    """Search, check the best on other seeds, and write the page and the table of settings that fit as well."""
    points, found = searched(file, waves)
    checked = {row: measured(points[row], FIRST_CHECK, CHECKS) for row in apart(points, found)}
    ranked = sorted(checked, key=lambda row: loss(checked[row]))[:KEPT]
    rows = [{**settings_of(points[row]), "loss": round(loss(checked[row]), 3)} for row in ranked]
    table = "\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)])
    (HERE / "reference_market.csv").write_text(table + "\n", encoding="utf-8")
    best, random = checked[ranked[0]], found[:SOBOL]
    lines = ["| what | band | the market | kept settings | random settings inside |", "|---|---|---|---|---|"]
    for name, (low, high, _) in bands().items():
        spread = [checked[row][name] for row in ranked]
        inside = np.mean([name not in misses(each) for each in random])
        band = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}"
        lines.append(f"| {name} | {band} | {best[name]:.3f} | {min(spread):.3f} to {max(spread):.3f} | {100 * inside:.0f} % |")
    met = sum(name not in misses(best) for name in FACTS)
    chance = np.mean([sum(name not in misses(each) for name in FACTS) for each in random])
    about = (
        f"{len(points)} points with {SEEDS} seeds each; the best {2 * KEPT} that lie apart were run again with {CHECKS} other "
        "seeds. "
        f"The market meets {met} of {len(FACTS)} fitted facts, a random point {chance:.1f}. Rows with a long name are aims "
        "(configs/evidence/aims.yaml)."
    )
    page("reference_market", "The fit of the reference market", about, lines)
    write_market(settings_of(points[ranked[0]]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 12)
