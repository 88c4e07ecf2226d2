"""Needs, deliberation, bargaining and choice of a week in frames of polars under mesa-frames, against the product."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from clocks import figure, processor
from markets import AT_ONCE, at_start, market_of
from recorded import Week, recorded
from rows import Row, row
from salesim.model.enums import Outcome
from salesim.model.parameters import Scenario
from salesim.model.schedule import advance

if TYPE_CHECKING:
    from frames import FrameMarket

TITLE = "mesa-frames (polars) over salesim"
SIZES = {1_000: 100.0, 100_000: 5.0}  # customers: target
WEEK, AROUND = 100, 40  # the week that frames play, and on how many around it the product's mean is taken


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """A week of the heaviest phases in frames over the mean of the product's whole weeks around it."""
    os.environ["POLARS_MAX_THREADS"] = "1"  # one thread each, as processor time is compared
    if find_spec("mesa_frames") is None:
        yield Row("mesa-frames is not installed; `make bench` does it", "")
        return
    from frames import FrameMarket

    for customers, target in SIZES.items():
        if quick and customers > 1_000:
            continue
        scenario = market_of(customers, WEEK + AROUND, **AT_ONCE)
        week = recorded(scenario, WEEK)
        frames = FrameMarket(week.before_needs, week.before_choices, WEEK)
        frames.step()
        if not same(frames, week):
            raise AssertionError("the frames chose otherwise than salesim")
        week_of_product(scenario)
        ratios = []
        for _ in range(1 if quick else 3):
            ours = week_of_product(scenario)
            ratios += [week_of_frames(frames) / ours for _ in range(3)]
        yield row(f"{customers:,} customers: needs and choices of a week over all phases", figure(ratios), at_least=target)


def week_of_product(scenario: Scenario) -> float:
    """Processor seconds of a whole week, mean of the weeks around `WEEK`."""
    market = advance(at_start(scenario), 0, WEEK - AROUND)
    return processor(lambda: advance(market, WEEK - AROUND, WEEK + AROUND)) / (2 * AROUND)


def week_of_frames(frames: "FrameMarket") -> float:
    """Processor seconds of a week in frames, from the same state again."""
    frames.again()
    return processor(frames.step)


def same(frames: "FrameMarket", week: Week) -> bool:
    """Do the frames sell the same offers at the same prices?"""
    chosen, deals = frames.chosen, week.after.deals
    prices = deals["price"][chosen["row"].to_numpy()]
    bought = set(((deals["closed_week"] == week.number) & (deals["outcome"] == Outcome.WON)).nonzero()[0].tolist())
    return bought == set(chosen.filter("taken")["row"].to_list()) and bool(
        (abs(chosen["price"].to_numpy() - prices) < 1e-9).all()
    )
