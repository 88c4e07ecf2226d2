"""Small versions of docs/proofs: each can fail, and has failed when the procedure was broken on purpose."""

import numpy as np
import pytest

from salesim.stats import intervals
from salesim.stats import two_stages as stages

STUDIES = 120


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 2000)
    monkeypatch.setattr(intervals, "EXCEEDING", 10)
    monkeypatch.setattr(stages, "RESAMPLES", 2000)


def limit(share: float, studies: int) -> float:
    """A share and 2.5 standard errors."""
    return share + 2.5 * np.sqrt(share * (1 - share) / studies)


@pytest.fixture(scope="module")
def market_pool(proof):
    """Runs of the small market."""
    return proof("false_verdicts").pool(1200, None)


def test_equal_strategies_are_called_different_in_at_most_one_study_in_twenty(proof, market_pool):
    aa = proof("false_verdicts")
    rows = {name: wrong for name, wrong, _, _ in aa.table(market_pool, STUDIES, (10, 20, 40, 80, 160))}
    careful = [wrong for name, wrong in rows.items() if name.startswith("compare")]
    assert max(careful) <= limit(0.05, STUDIES)
    assert rows["naive: the same with three measures"] > 0.15


def test_the_best_by_the_zone_is_chosen(proof):
    selection = proof("selection")
    for correlation in (0.0, 0.8, 0.95):
        share, _ = selection.chosen(0.2, correlation, 10, repeats=200)
        assert share >= 1 - limit(0.05, 200)


@pytest.mark.parametrize(("name", "share"), [("luck", 0.05), ("gamma", 0.05), ("lognormal", 0.06)])
def test_all_intervals_of_all_looks_hold_together(proof, name, share):
    coverage = proof("interval_coverage")
    held = coverage.covered_at_all_looks(getattr(coverage, name), 100, (20, 40, 80))
    assert 1 - held <= limit(share, 100)


def test_shipped_intervals_cover_skewed_measures_where_student_does_not(proof):
    coverage = proof("interval_coverage")
    student, shipped = (
        coverage.covered(coverage.lognormal, method, 40, coverage.COLUMNS, 150)
        for method in (coverage.bonferroni, coverage.of_compare)
    )
    assert student < 0.85
    assert shipped > 0.89


def test_shared_luck_makes_differences_less_variable(proof):
    luck = proof("shared_luck")
    rng = np.random.default_rng(3)
    common = rng.normal(size=2000)
    share, correlation = luck.ratio(common + 0.1 * rng.normal(size=2000), common)
    assert share == pytest.approx(0.005, rel=0.2)
    assert correlation == pytest.approx(0.995, abs=0.002)


def test_shared_luck_of_the_market_saves_runs(proof):
    from salesim.config.scenario import default_scenario

    luck = proof("shared_luck")
    small = {"market.customers.count": 60, "market.selling.salespeople": 3, "weeks": 104}
    arms = {("alone", name): default_scenario(strategy=name, **small) for name in ("pitch", "rainmaking")}
    found = luck.measured(arms, 40)
    shares = [
        luck.ratio(found["alone", "rainmaking"][name], found["alone", "pitch"][name])[0]
        for name in ("gross_margin", "win_rate")
    ]
    assert max(shares) < 0.95


def test_a_budget_stops_where_all_is_clear_and_settles_what_an_even_spread_does_not(proof):
    spending = proof("spending")
    even, budget, used, _ = spending.results(spending.CLEAR, 600, repeats=20)
    assert budget > 0.95 * even
    assert used < 400
    even, budget, _, wrong = spending.results(spending.MANY, 1200, repeats=30)
    assert budget > even + 0.5
    assert wrong <= limit(0.05, 30)
