"""Needs, deliberation, bargaining and choice of a week in frames of polars under mesa-frames, against the product."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from clocks import figure, processor
from markets import AT_ONCE, market_of
from replay import of_product
from rows import Row, row
from weeks_to_compare import Week, recorded

if TYPE_CHECKING:
    from frames import FrameMarket

TITLE = "mesa-frames (polars) over salesim"
SIZES = {1_000: 100.0, 100_000: 5.0}  # customers: target
WEEK = 100
OURS = ("needs", "think", "conclude", "deliver")


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """A week in frames over the mean of the weeks around it."""
    os.environ["POLARS_MAX_THREADS"] = "1"  # one thread each, as processor time is compared
    if find_spec("mesa_frames") is None:
        yield Row("mesa-frames is not installed; `make bench` does it", "")
        return
    from frames import FrameMarket

    for customers, target in SIZES.items():
        if quick and customers > 1_000:
            continue
        scenario = market_of(customers, WEEK + 10, **AT_ONCE)
        week = recorded(scenario, WEEK)
        frames = FrameMarket(week.before_needs, week.before_choices, WEEK)
        frames.step()
        if not same(frames, week):
            raise AssertionError("the frames chose otherwise than salesim")
        of_product(scenario, WEEK - 10)
        ratios = []
        for _ in range(1 if quick else 3):
            spent = of_product(scenario, WEEK - 10).spent
            ours = sum(spent[part] for part in OURS) / 20
            ratios += [seconds_of(frames) * 1e9 / ours for _ in range(3)]
        yield row(f"{customers:,} customers: needs and thinking of a week", figure(ratios), at_least=target)


def seconds_of(frames: "FrameMarket") -> float:
    """Processor seconds of a week in frames, from the same state again."""
    frames.again()
    return processor(frames.step)


def same(frames: "FrameMarket", week: Week) -> bool:
    """Do the frames sell the same offers at the same prices?"""
    chosen = frames.chosen
    bought = set((week.verdicts[week.verdicts > 0] - 1).tolist())
    prices = week.after.deals["price"][chosen["row"].to_numpy()]
    return bought == set(chosen.filter("taken")["row"].to_list()) and bool(
        (abs(chosen["price"].to_numpy() - prices) < 1e-9).all()
    )
