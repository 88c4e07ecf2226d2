"""The peers of the benchmark compute what the product computes, so that comparing their times is honest. Nothing is timed."""

import shutil
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import arrays
import limit
from clocked import parted_weeks, phased_weeks, room
from clocks import ratio
from markets import ALL_HOURS, AT_ONCE, at_start, market_of, roomy
from replay import furthest, of_peer, of_product
from rows import END, START, Row, row, table, written
from run import SUBJECTS, main
from salesim.model.schedule import play, records_of
from weeks_to_compare import recorded

ROOT = Path(__file__).parents[1]
SAME = 1e-9
MARKETS = {
    "default": {},
    "sponsors and rebates": {"strategy": "rainmaking", "channel": "rebate"},
    "everything simple and packaged": {"strategy": "packaged", "channel": "partner_executives", "contest": "everyone"},
    "subscriptions": {"strategy": "diagnostic", "market.bargaining.rounds": 3, "market.customers.channel_share": 0.9},
}


def small(market="default"):
    return market_of(120, 120, **AT_ONCE, **MARKETS[market])


@pytest.mark.parametrize("market", MARKETS)
def test_the_weeks_with_a_clock_write_the_records_of_play(market):
    scenario = small(market)
    records = play(scenario, 1)
    assert furthest(records, of_product(scenario, 0).records) == 0.0
    phased = roomy(at_start(scenario))
    _, spent, spot = room(phased)
    phased_weeks(phased, 0, scenario.weeks, spent, spot)
    assert furthest(records, records_of(phased, scenario.weeks)) == 0.0
    assert (spent > 0.0).all()


@pytest.mark.parametrize("market", MARKETS)
def test_whole_arrays_write_the_same_records(market):
    scenario = small(market)
    assert furthest(play(scenario, 1), of_peer(scenario, arrays, 0).records) < SAME


@pytest.mark.skipif(shutil.which(limit.COMPILER) is None, reason="there is no C compiler")
@pytest.mark.parametrize("market", MARKETS)
def test_the_loop_in_c_writes_the_same_records(market, tmp_path):
    assert limit.built(tmp_path)
    scenario = small(market)
    assert furthest(play(scenario, 1), limit.of_limit(scenario, 0).records) < SAME


@pytest.mark.skipif(shutil.which(limit.COMPILER) is None, reason="there is no C compiler")
def test_c_bargains_for_the_same_prices(tmp_path):
    assert limit.built(tmp_path)
    market = roomy(at_start(small()))
    verdicts, spent, spot = room(market)
    parted_weeks(market, 0, 120, verdicts, spent, spot)
    tables, slopes, scales = limit.tables_of(market, 40)
    ours = tables.copy()
    limit.bargain_all(ours, slopes, scales, market.settings, 1)
    limit.bargain_in_c(limit.world_of(market), tables, slopes, scales, 1)
    np.testing.assert_allclose(tables["price"], ours["price"], rtol=SAME)
    assert (ours["price"] < 1.0).any()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # mesa-frames is older than the polars it runs on
def test_frames_sell_the_same_offers_at_the_same_prices():
    peers = ROOT / "build" / "bench" / "peers"
    sys.path.append(str(peers))
    frames = pytest.importorskip("frames", reason="mesa-frames comes with `make bench`", exc_type=ImportError)
    week = recorded(market_of(1_000, 80, **AT_ONCE), 70)
    market = frames.FrameMarket(week.before_needs, week.before_choices, 70)
    market.step()
    assert import_module("subjects.frame_based").same(market, week)
    assert market.chosen["taken"].any()
    after, groups, people = week.after, market.groups.agents, market.people.agents
    left = after.purchases[: len(week.verdicts)]
    left = left[(left["won"] < 0) & (left["n_working"] + left["n_ready"] > 0)]
    np.testing.assert_allclose(groups["conviction"], left["conviction"], rtol=SAME)
    quiet = (week.before_needs.customers["heard_sameness"] == 0.0) & people["idle"].to_numpy()
    sameness = week.before_choices.customers["perceived_sameness"]
    np.testing.assert_allclose(people["perceived_sameness"].to_numpy()[quiet], sameness[quiet], rtol=SAME)
    begun = after.purchases["customer"][: len(week.verdicts)][after.purchases["opened_week"][: len(week.verdicts)] == 70]
    assert set(begun.tolist()) <= set(people.filter("in_need")["unique_id"].to_list())


def test_where_seats_cannot_grow_hours_do():
    usual, large, largest = (market_of(n, 4).market.selling for n in (10_000, 100_000, 1_000_000))
    assert (usual.salespeople, usual.hours_per_week) == (200, 20.0)
    assert (large.salespeople, large.hours_per_week) == (1_000, 40.0)
    assert (largest.salespeople, largest.hours_per_week) == (1_000, ALL_HOURS)


def test_a_row_says_whether_its_target_is_reached():
    assert row("fast", ratio([200.0, 300.0], [1.0, 2.0]), at_least=150).reached
    assert not row("slow", ratio([3.0], [2.0]), at_most=1.4).reached
    assert row("just so", ratio([3.0], [2.0])).reached is None


def test_the_table_is_put_between_its_markers(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(f"before\n{START}\nold\n{END}\nafter\n")
    written(page, [table("Speed", [Row("all", "2x", "1x to 3x", "at least 1x", True)])])
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| all | 2x | 1x to 3x | at least 1x | yes |" in text


def test_every_subject_has_a_title_and_rows():
    for name in SUBJECTS:
        subject = import_module(f"subjects.{name}")
        assert subject.TITLE
        assert callable(subject.rows)


def test_a_subject_that_is_not_there_is_refused(capsys):
    assert main(["nothing"]) == 2
    assert "no subject" in capsys.readouterr().err


def test_the_lock_of_the_peers_names_no_host_and_hashes_everything():
    lock = (ROOT / "benchmarks" / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    names = [line for line in lock.splitlines() if line and not line.startswith(" ")]
    assert {name.partition("==")[0] for name in names} == {"mesa-frames", "polars", "polars-runtime-32"}
    assert lock.count("--hash=sha256:") >= len(names)
