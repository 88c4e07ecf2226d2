"""The peers of the benchmark compute what the product computes, so that comparing their times is honest. Nothing is timed."""

import shutil
import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import in_c
from clocks import ratio
from markets import ALL_HOURS, AT_ONCE, at_start, bare, market_of
from recorded import recorded
from rows import END, START, Row, row, table, written
from run import SUBJECTS, main
from salesim.model.schedule import PHASES, advance, play, records_of
from subjects.phases import timed_week

ROOT = Path(__file__).parents[1]
SAME = 1e-9


@pytest.mark.skipif(shutil.which(in_c.COMPILER) is None, reason="there is no C compiler")
def test_c_bargains_for_the_same_prices(tmp_path):
    loaded = in_c.library(tmp_path)
    market = bare(market_of(600, 120))
    tables, slopes, scales = in_c.full_tables(market, 119)
    theirs = tables.copy()
    in_c.bargain_all(tables, slopes, scales, market.settings, 1)
    in_c.bargain_in_c(loaded, theirs, slopes, scales, market.settings, 1)
    for name in ("price", "pass_through"):
        np.testing.assert_allclose(theirs[name], tables[name], rtol=SAME)
    assert len(tables) > 10
    assert (tables["price"] < 1.0).any()


def test_recording_a_week_changes_nothing():
    scenario = market_of(200, 60)
    week = recorded(scenario, 50)
    market = week.after
    for phase in ("deliver", "renew", "manage_people", "write_week"):
        PHASES[phase](market, 50)
    records, plain = records_of(advance(market, 51, 60), 60), play(scenario, 1)
    for name in plain.deals.dtype.names:
        np.testing.assert_allclose(records.deals[name], plain.deals[name], rtol=SAME, equal_nan=True)


def test_weeks_timed_phase_by_phase_are_the_same_weeks():
    scenario, spent = market_of(40, 30), []
    market = at_start(scenario)
    for week in range(30):
        market, seconds = timed_week(market, week, time.process_time)
        spent.append(list(seconds))
    assert spent == [list(PHASES)] * 30
    records, plain = records_of(market, 30), play(scenario, market.seed)
    assert len(plain.deals) > 10
    for name in plain.deals.dtype.names:
        assert np.array_equal(records.deals[name], plain.deals[name], equal_nan=True)


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
    now = after.purchases[: int(after.totals["n_purchases"][0])]
    still = {int(customer): conviction for customer, conviction in zip(now["customer"], now["conviction"], strict=True)}
    np.testing.assert_allclose(groups["conviction"], [still[c] for c in groups["customer"].to_list()], rtol=SAME)
    quiet = (week.before_needs.customers["heard_sameness"] == 0.0) & people["idle"].to_numpy()
    sameness = week.before_choices.customers["perceived_sameness"]
    np.testing.assert_allclose(people["perceived_sameness"].to_numpy()[quiet], sameness[quiet], rtol=SAME)
    begun = now["customer"][now["opened_week"] == 70]
    assert len(begun) > 0
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
