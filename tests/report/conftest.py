"""Study folders made by hand-sized random numbers: right shapes, plausible values, no model."""

import json
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

MEASURES = (
    ("gross_margin", "Gross margin of deals won", "share", "up", 0.2, 0.03),
    ("cycle_weeks", "Sales cycle of deals won", "weeks", "down", 22.0, 2.0),
    ("pass_through", "Pass-through of partners' discounts", "share", "down", 0.7, 0.02),
    ("operating_profit_k", "Operating profit", "k$ a year", "up", 1400.0, 500.0),
    ("win_rate", "Win rate", "share", "up", 0.3, 0.03),
    ("no_decision", "Deals that end in no decision", "share", "down", 0.25, 0.03),
    ("promise_kept", "Promise kept", "share", "up", 0.6, 0.1),
    ("trust", "Customers' trust in the last year", "0 to 1", "up", 0.5, 0.1),
    ("revenue_k", "Revenue", "k$ a year", "up", 9000.0, 900.0),
)
STEPS = {
    "list_price": 10_000, "customer_discount": -2_100, "partner_margin": -900, "rebate": -150, "net_price": 6_850,
    "product_cost": -3_900, "gross_margin": 2_950, "selling": -900, "support": -500, "development": -350,
    "training": -90, "executive": -200, "timing_and_service": 120, "operating_profit": 1_030,
}  # fmt: skip

StudyMaker = Callable[..., Path]


@pytest.fixture
def make_study(tmp_path: Path) -> StudyMaker:
    """A maker of study folders: make_study(arms=[...], seeds=40, contests=[...])."""

    def make(
        arms: Sequence[str] = ("pitch", "diagnostic", "rainmaking"),
        seeds: int = 12,
        contests: Sequence[str] = ("alone", "everyone"),
        name: str = "three_strategies",
    ) -> Path:
        folder = tmp_path / "study"
        folder.mkdir()
        write_study(folder, list(arms), seeds, list(contests), name)
        return folder

    return make


def write_study(folder: Path, arms: list[str], seeds: int, contests: list[str], name: str) -> None:
    rng = np.random.default_rng(7)
    (folder / "study.json").write_text(json.dumps(record(arms, seeds, contests, name)))
    keys = [(contest, arm, number) for contest in contests for number, arm in enumerate(arms)]
    tables = {
        "runs": [
            {"contest": c, "arm": a, "seed": s} | {m[0]: m[4] + m[5] * (k + rng.normal()) / 2 for m in MEASURES}
            for (c, a, k), s in product(keys, range(seeds))
        ],
        "differences": [difference(c, a, k, m, seeds) for (c, a, k), m in product(keys, MEASURES)],
        "best": [best(c, arms, m) for c, m in product(contests, MEASURES[:4])] if len(arms) > 1 else [],
        "years": [year(c, a, k, s, y, rng) for (c, a, k), s, y in product(keys, range(seeds), range(10))],
        "bridge": [
            {"contest": c, "arm": a, "seed": s, "step": step, "amount_k": amount * (1 + 0.05 * k * (amount < 0))}
            for (c, a, k), s, (step, amount) in product(keys, range(seeds), STEPS.items())
        ],
        "closing": [closing(c, a, k, week) for (c, a, k), week in product(keys, range(105))],
        "passthrough": [
            {"contest": c, "arm": a, "seed": s, "year": y, "partner": p}
            | {"pass_through": 0.7 - 0.01 * k + 0.05 * rng.normal(), "quotes": 5 + p}
            for (c, a, k), s, y, p in product(keys, range(min(seeds, 3)), range(10), range(6))
        ],
        **money(keys),
        "segments": [
            {"contest": c, "arm": a, "complexity": x, "value": v, "won": 30 + 4 * k + 5 * i * j, "closed": 120}
            for (c, a, k), (i, x), (j, v) in product(
                keys, enumerate(("low", "middle", "high")), enumerate(("small", "middle", "large"))
            )
        ],
    }
    for table, rows in tables.items():
        pd.DataFrame(rows).to_parquet(folder / f"{table}.parquet")


def money(keys: Sequence[tuple[str, str, int]]) -> dict[str, list[dict[str, Any]]]:
    """Money of ten years: arm number k earns k times 500 k$ a year more than the baseline."""
    ends = [(c, a, 500.0 * k, 300.0 * k, 700.0 * k) for c, a, k in keys]
    years = [
        {"contest": c, "arm": a, "year": y, "revenue_k": 9000.0, "operating_profit_k": 1400.0 + each, "deals_won": 30.0}
        | {"open_deals": 60.0, "difference": each, "low": low, "high": high}
        for (c, a, each, low, high), y in product(ends, range(10))
    ]
    months = [
        {"contest": c, "arm": a, "month": m, "profit_k": 0.0}
        | {name: value * (m + 1) / 12 for name, value in zip(("difference", "low", "high"), each, strict=True)}
        for (c, a, *each), m in product(ends, range(120))
    ]
    payback = [
        {"contest": c, "arm": a, "ahead_month": 0.0, "ahead_low": 0.0, "ahead_high": 0.0, "share_ahead": 1.0, "trough_k": 0.0}
        | {"trough_low": 0.0, "trough_high": 0.0, "trough_month": float("nan"), "months": 120, "discount_rate": 0.08}
        | {f"total_{end}": 10 * value for end, value in zip(("k", "low", "high"), each, strict=True)}
        | {f"present_value_{end}": 6 * value for end, value in zip(("k", "low", "high"), each, strict=True)}
        for c, a, *each in ends if each[0]
    ]  # fmt: skip
    return {"profit_by_year": years, "cumulated": months, "payback": payback}


def record(arms: list[str], seeds: int, contests: list[str], name: str) -> dict[str, Any]:
    return {
        "name": name, "question": "Which way of selling keeps more margin as products turn into commodities?",
        "baseline": arms[0], "command": f"salesim run experiment={name}", "seeds": list(range(1, seeds + 1)),
        "salesim": "0.1.0", "versions": {"python": "3.11.9", "numpy": "2.3.0"}, "contests": contests, "arms": arms,
        "failed": 0, "confidence": 0.95,
    }  # fmt: skip


def difference(contest: str, arm: str, number: int, measure: tuple[Any, ...], seeds: int) -> dict[str, Any]:
    name, title, unit, better, level, step = measure
    gap, half = step * number, 0.6 * step if seeds > 1 else float("nan")
    low, high = (gap - half, gap + half) if number else (0.0, 0.0)
    verdict = "baseline" if not number else "higher" if low > 0 else "cannot tell"
    return {
        "contest": contest, "arm": arm, "measure": name, "title": title, "unit": unit, "better": better,
        "mean_arm": level + gap, "mean_baseline": level, "difference": gap, "low": low, "high": high,
        "verdict": verdict, "n": seeds,
    }  # fmt: skip


def best(contest: str, arms: list[str], measure: tuple[Any, ...]) -> dict[str, Any]:
    name, step = measure[0], measure[5]
    return {
        "contest": contest, "measure": name, "first": arms[-1], "second": arms[-2], "lead": step, "low": step / 2,
        "high": 2 * step, "contenders": arms[-1], "beaten": ", ".join(arms[:-1]),
    }  # fmt: skip


def year(contest: str, arm: str, number: int, seed: int, when: int, rng: np.random.Generator) -> dict[str, Any]:
    fall = (0.02 - 0.004 * number) * when
    return {
        "contest": contest, "arm": arm, "seed": seed, "year": when, "vendor": 0,
        "gross_margin": 0.28 - fall + 0.02 * rng.normal(), "trust": 0.5 - fall + 0.01 * rng.normal(),
        "operating_profit_k": 1400.0 + 500.0 * number, "revenue_k": 9000.0,
        "perceived_sameness": 0.15 + 2 * fall + 0.01 * rng.normal(),
    }  # fmt: skip


def closing(contest: str, arm: str, number: int, week: int) -> dict[str, Any]:
    undecided = float(np.exp(-week / (26 - number)))
    ended = 1 - undecided
    return {
        "contest": contest, "arm": arm, "week": week, "undecided": undecided,
        "won": 0.3 * ended, "lost": 0.45 * ended, "no_decision": 0.25 * ended,
    }  # fmt: skip
