"""Small versions of docs/proofs: each can fail, and has failed when the procedure was broken on purpose."""

import numpy as np
import pytest

from salesim.stats import intervals

STUDIES = 100
ANALYSES = (10, 20, 40, 80)


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 2000)
    monkeypatch.setattr(intervals, "EXCEEDING", 10)


def limit(share: float, studies: int) -> float:
    """A share and 2.5 standard errors."""
    return share + 2.5 * np.sqrt(share * (1 - share) / studies)


@pytest.fixture(scope="module")
def market_pool(proof):
    """Runs of the small market."""
    return proof("false_verdicts").pool(1200, None)


@pytest.mark.parametrize("place", range(5))
def test_equal_arms_of_every_kind_are_called_different_in_at_most_one_study_in_twenty(proof, place):
    proof = proof("false_verdicts")
    name, draw = list(proof.KINDS.items())[place]
    _, wrong, _, pairs = proof.row_of(name, proof.of_kind(draw, STUDIES, ANALYSES[-1]), analyses=ANALYSES)
    assert wrong <= limit(0.05, STUDIES)
    assert pairs > 0.9 * ANALYSES[-1]


def test_equal_strategies_are_called_different_in_at_most_one_study_in_twenty(proof, market_pool):
    proof = proof("false_verdicts")
    for margins in (proof.MARGINS, proof.TINY):
        studies = proof.of_market(market_pool, STUDIES, ANALYSES[-1])
        assert proof.row_of("", studies, margins, ANALYSES)[1] <= limit(0.05, STUDIES)
    naive = {name: wrong for name, wrong, _, _ in proof.naive_rows(market_pool, STUDIES, ANALYSES)}
    assert naive["naive: the same with three measures"] > 0.15


def test_sizes_are_quoted_as_they_are(proof):
    pairs, settled, quoted, held, _ = proof("interim_analyses").results(0.8, 10)
    assert settled > 0.95
    assert quoted == pytest.approx(1.0, abs=0.1)
    assert held > 0.95
    assert 30 < pairs < 75  # 82 with looks from twenty pairs that spend as O'Brien and Fleming


def rare(chance: float, seeds: int, seed: int) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Arms of which one takes two weeks more in rare runs, and a second measure that is settled at once."""
    rng = np.random.default_rng(seed)
    base = rng.normal(size=seeds)
    late = np.where(rng.random(seeds) < chance, 2.0, 0.0)
    clear = {"gross_margin": base + 5.0 + rng.normal(size=seeds)}
    return {
        ("alone", "base"): {"cycle_weeks": base, "gross_margin": base},
        ("alone", "arm"): {"cycle_weeks": base + late, **clear},
    }


def test_a_rare_event_is_not_missed_and_what_is_the_same_says_how_many_runs_may_differ(proof):
    stand_in = proof("stand_in")
    comparison = stand_in.comparison_of(("base", "arm"), {"cycle_weeks": 1e-9, "gross_margin": 1e-9})
    called_equal = 0
    for number in range(60):
        found = stand_in.analysed(comparison, rare(0.04, 320, number)).statements()
        row = next(row for row in found if row["measure"] == "cycle_weeks")
        called_equal += row["verdict"] == "equal"
        assert row["verdict"] != "equal" or row["played"] >= 80
    assert called_equal / 60 <= limit(0.05, 60)


def test_arms_that_are_always_the_same_are_played_until_few_runs_can_differ(proof):
    stand_in = proof("stand_in")
    comparison = stand_in.comparison_of(("base", "arm"), {"cycle_weeks": 1e-9, "gross_margin": 1e-9})
    analyses = stand_in.analysed(comparison, rare(0.0, 320, 1))
    row = next(row for row in analyses.statements() if row["measure"] == "cycle_weeks")
    assert (row["verdict"], row["settled_after"]) == ("equal", 80)
    assert row["may_differ"] == pytest.approx(1.0 - 0.025 ** (1 / 80))
    early = next(each for each in analyses.rows if each["measure"] == "cycle_weeks")
    assert (early["verdict"], early["settled_after"]) == ("equal", 0)
    assert analyses.stopped == "settled"


def test_a_difference_that_appears_after_many_equal_pairs_is_not_called_equal(proof):
    stand_in = proof("stand_in")
    comparison = stand_in.comparison_of(("base", "arm"), {"cycle_weeks": 1e-9})
    zero, late = np.zeros(320), np.r_[np.zeros(30), np.random.default_rng(3).normal(9.0, 1.0, size=290)]
    measures = {("alone", "base"): {"cycle_weeks": zero}, ("alone", "arm"): {"cycle_weeks": late}}
    (row,) = stand_in.analysed(comparison, measures).statements()
    assert row["verdict"] == "higher"


def test_a_measure_that_is_mostly_missing_is_played_on_until_there_are_enough_pairs(proof):
    stand_in, rng = proof("stand_in"), np.random.default_rng(2)
    comparison = stand_in.comparison_of(("base", "arm"), {"cycle_weeks": 1e-9})
    base = np.where(rng.random(320) < 0.6, np.nan, rng.normal(size=320))
    measures = {
        ("alone", "base"): {"cycle_weeks": base},
        ("alone", "arm"): {"cycle_weeks": base + rng.normal(5.0, 1.0, size=320)},
    }
    (row,) = stand_in.analysed(comparison, measures).statements()
    assert row["verdict"] == "higher"
    assert 10 <= row["pairs"] < row["settled_after"] <= 80


def test_a_measure_that_is_never_there_ends_with_how_many_runs_may_have_it(proof):
    stand_in = proof("stand_in")
    comparison = stand_in.comparison_of(("base", "arm"), {"cycle_weeks": 1e-9})
    nothing = {"cycle_weeks": np.full(320, np.nan)}
    (row,) = stand_in.analysed(comparison, {("alone", "base"): nothing, ("alone", "arm"): nothing}).statements()
    assert (row["verdict"], row["settled_after"]) == ("nothing to compare", 80)
    assert 0.0 < row["may_differ"] <= 0.05


def test_the_best_by_the_zone_is_chosen(proof):
    selection = proof("selection")
    for correlation in (0.0, 0.8, 0.95):
        share, _ = selection.chosen(0.2, correlation, 10, repeats=200)
        assert share >= 1 - limit(0.05, 200)


def test_the_best_is_chosen_where_arms_differ_in_rare_runs_alone(proof):
    share, _ = proof("selection").chosen_of_rare(0.04, 10, repeats=100)
    assert share >= 1 - limit(0.05, 100)


@pytest.mark.parametrize(("name", "share"), [("normal", 0.05), ("gamma", 0.05), ("lognormal", 0.06)])
def test_all_intervals_of_all_interim_analyses_hold_together(proof, name, share):
    coverage = proof("interval_coverage")
    held = coverage.covered_at_all_analyses(getattr(coverage, name), 100, (20, 40, 80))
    assert 1 - held <= limit(share, 100)


def test_shipped_intervals_cover_skewed_measures_where_student_does_not(proof):
    coverage = proof("interval_coverage")
    student, shipped = (
        coverage.covered(coverage.lognormal, method, 40, coverage.COLUMNS, 150)
        for method in (coverage.bonferroni, coverage.of_compare)
    )
    assert student < 0.85
    assert shipped > 0.89


def test_common_random_numbers_make_differences_less_variable(proof):
    gains = proof("common_random_numbers")
    rng = np.random.default_rng(3)
    common = rng.normal(size=2000)
    share, correlation = gains.ratio(common + 0.1 * rng.normal(size=2000), common)
    assert share == pytest.approx(0.005, rel=0.2)
    assert correlation == pytest.approx(0.995, abs=0.002)


def test_common_random_numbers_of_the_market_save_runs(proof):
    from salesim.config.scenario import default_scenario

    gains = proof("common_random_numbers")
    small = {"market.customers.count": 60, "market.selling.salespeople": 3, "weeks": 104}
    arms = {("alone", name): default_scenario(strategy=name, **small) for name in ("pitch", "rainmaking")}
    found = gains.measured(arms, 40)
    shares = [
        gains.ratio(found["alone", "rainmaking"][name], found["alone", "pitch"][name])[0]
        for name in ("gross_margin", "win_rate")
    ]
    assert max(shares) < 0.95
