"""Weeks in which a peer plays the heaviest phases and the product all others, so that its records can be compared."""

import time
from typing import Any, NamedTuple, Protocol

import numpy as np

from clocked import NEEDS, PARTS, THINK, WORK, clock_cost, parted_weeks, phased_weeks, rest_of_week, room
from markets import at_start, roomy
from salesim.model.parameters import Scenario
from salesim.model.records import Records
from salesim.model.schedule import PHASES, records_of


class Peer(Protocol):
    """What a peer plays of a week; each changes the market as the product's phases would."""

    def needs(self, market: Any, week: int) -> None:
        """Phases 2 and 3."""

    def work(self, market: Any, week: int) -> None:
        """Phases 4 and 5."""

    def think(self, market: Any, week: int, verdicts: Any) -> None:
        """Phase 6 up to the verdicts."""


class Played(NamedTuple):
    """Records, and nanoseconds of each part from the week on in which the clock began."""

    records: Records
    spent: dict[str, float]


def of_product(scenario: Scenario, clock_from: int) -> Played:
    """The product in parts, with a clock inside; what looking at the clock takes is taken off."""
    market, weeks = roomy(at_start(scenario)), scenario.weeks
    verdicts, spent, spot = room(market)
    parted_weeks(market, 0, clock_from, verdicts, spent, spot)
    spent[:] = 0.0
    parted_weeks(market, clock_from, weeks, verdicts, spent, spot)
    spent = np.maximum(0.0, spent - clock_cost(10_000, spot) * (weeks - clock_from))
    return Played(records_of(market, weeks), dict(zip(PARTS, spent.tolist(), strict=False)))


def of_phases(scenario: Scenario) -> dict[str, float]:
    """Nanoseconds of each phase of the product in a whole run."""
    market = roomy(at_start(scenario))
    _, spent, spot = room(market)
    phased_weeks(market, 0, scenario.weeks, spent, spot)
    spent = np.maximum(0.0, spent - clock_cost(10_000, spot) * scenario.weeks)
    return dict(zip([phase.__name__ for phase in PHASES], spent.tolist(), strict=True))


def of_peer(scenario: Scenario, peer: Peer, clock_from: int) -> Played:
    """A peer's parts with the product's rest."""
    market = roomy(at_start(scenario))
    market.due[:] = -1
    verdicts, _, _ = room(market)
    spent = np.zeros(len(PARTS))
    for week in range(scenario.weeks):
        if week == clock_from:
            spent[:] = 0.0
        start = time.thread_time_ns()
        peer.needs(market, week)
        start = lap(spent, NEEDS, start)
        peer.work(market, week)
        start = lap(spent, WORK, start)
        peer.think(market, week, verdicts)
        lap(spent, THINK, start)
        rest_of_week(market, week, verdicts)
    return Played(records_of(market, scenario.weeks), dict(zip(PARTS, spent.tolist(), strict=True)))


def lap(spent: Any, part: int, start: int) -> int:
    """Adds the time since `start` to a part; returns the time."""
    now = time.thread_time_ns()
    spent[part] += now - start
    return now


def furthest(ours: Records, theirs: Records) -> float:
    """Largest difference of two records, relative to 1 or to the number if that is larger; infinite if they do not match."""
    worst = 0.0
    for table in ("deals", "weeks"):
        a, b = getattr(ours, table), getattr(theirs, table)
        if len(a) != len(b):
            return float("inf")
        for name in a.dtype.names:
            one, other = a[name].astype(float), b[name].astype(float)
            if (np.isnan(one) != np.isnan(other)).any():
                return float("inf")
            worst = max(worst, float(np.nanmax(np.abs(one - other) / np.maximum(1.0, np.abs(one)), initial=0.0)))
    return worst
