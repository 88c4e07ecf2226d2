"""PRIM, the patient rule induction method: a box of parameters in which one outcome is frequent.

A box gives every parameter a lower and an upper bound. Peeling takes a thin slice off the side that leaves the largest share
of wins, again and again; pasting gives slices back as long as the share does not fall. Source: Friedman & Fisher 1999; its
use on scenarios Bryant & Lempert 2010. Checked against the EMA workbench (docs/decisions/0012).
"""

from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Mask, Numbers

SLICE = 0.05  # share of a box's points taken off at once: patient enough, Friedman & Fisher use 0.05 to 0.1
SMALLEST = 0.05  # share of all points below which a box is not peeled
IDLE = 0.02  # a bound that adds less than this to the agreement is removed


class Box(NamedTuple):
    """Bounds, both included; -inf and inf where there is none."""

    low: Numbers
    high: Numbers

    def holds(self, points: Numbers) -> Mask:
        """Which points (points x parameters) lie inside."""
        inside: Mask = np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))
        return inside

    def with_bounds(self, place: int, low: float | None = None, high: float | None = None) -> "Box":
        """The box with other bounds of one parameter; None leaves the bound as it is."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[place] = lows[place] if low is None else low
        highs[place] = highs[place] if high is None else high
        return Box(lows, highs)


def richest(candidates: list[Box], points: Numbers, wins: Mask, fewest: float) -> tuple[Box | None, float]:
    """The box of at least `fewest` points with the largest share of wins, the first of equals, and that share."""
    with_points = [(box, box.holds(points)) for box in candidates]
    shares = [(box, float(wins[inside].mean())) for box, inside in with_points if inside.sum() >= fewest]
    return max(shares, key=lambda pair: pair[1], default=(None, -1.0))


def peel(points: Numbers, wins: Mask, share: float = SLICE, smallest: float = SMALLEST) -> list[Box]:
    """The boxes of a peeling, from everything to the smallest; ties go to the first parameter, its lower side first."""
    boxes: list[Box] = []
    box: Box | None = Box(np.full(points.shape[1], -np.inf), np.full(points.shape[1], np.inf))
    while box is not None:
        boxes.append(box)
        smaller = _slices(points[box.holds(points)], box, share)
        box, _ = richest(smaller, points, wins, max(1.0, smallest * len(points)))
    return boxes


def _slices(points: Numbers, box: Box, share: float) -> list[Box]:
    """The box less a slice of about `share` of its points, from either side of every parameter."""
    candidates = []
    for place in range(points.shape[1]):
        values = np.sort(points[:, place])
        taken = max(1, round(share * len(values)))
        if values[0] == values[-1] or taken >= len(values):
            continue
        low = values[taken] if values[taken] > values[0] else values[values > values[0]][0]
        high = values[-1 - taken] if values[-1 - taken] < values[-1] else values[values < values[-1]][-1]
        candidates += [box.with_bounds(place, low=low), box.with_bounds(place, high=high)]
    return candidates


def paste(box: Box, points: Numbers, wins: Mask) -> Box:
    """The box with slices given back, the best first, as long as the share of wins does not fall."""
    while True:
        inside = box.holds(points)
        larger = _wider(box, points, max(1, round(SLICE * inside.sum())))
        best, best_share = richest(larger, points, wins, inside.sum() + 1)
        if best is None or best_share < wins[inside].mean():
            return box
        box = best


def _wider(box: Box, points: Numbers, slice_points: int) -> list[Box]:
    candidates = []
    for place in np.flatnonzero(np.isfinite(box.low) | np.isfinite(box.high)).tolist():
        below, _, above = around(box, points, place)
        if len(below):
            low = below[-slice_points] if len(below) >= slice_points else -np.inf
            candidates.append(box.with_bounds(place, low=low))
        if len(above):
            high = above[slice_points - 1] if len(above) >= slice_points else np.inf
            candidates.append(box.with_bounds(place, high=high))
    return candidates


def around(box: Box, points: Numbers, place: int) -> list[Numbers]:
    """Sorted values of a parameter below, inside and above its bounds, at points that no other bound keeps out."""
    values = np.sort(points[box.with_bounds(place, -np.inf, np.inf).holds(points), place])
    return np.split(values, [np.searchsorted(values, box.low[place]), np.searchsorted(values, box.high[place], "right")])


def agreement(box: Box, points: Numbers, wins: Mask) -> float:
    """Harmonic mean of coverage and density, 1 is perfect: a box has to name most wins and little else.

    Source: van Rijsbergen 1979 (F measure).
    """
    inside = box.holds(points)
    named = int(inside.sum() + wins.sum())
    return 2.0 * int((inside & wins).sum()) / named if named else 0.0


def best_box(points: Numbers, wins: Mask) -> Box:
    """The box of the peeling, pasted, that agrees best with the wins, without bounds that add next to nothing."""

    def value(box: Box) -> float:
        return agreement(box, points, wins)

    box = max((paste(box, points, wins) for box in peel(points, wins)), key=value)
    while candidates := freed(box):
        simpler = max(reversed(candidates), key=value)
        if value(simpler) < value(box) - IDLE:
            break
        box = simpler
    return box


def halfway(box: Box, points: Numbers) -> Box:
    """The box with every bound halfway between the last point inside and the next one that only this bound keeps out."""
    low, high = box.low.copy(), box.high.copy()
    for place in range(len(low)):
        below, inside, above = around(box, points, place)
        if len(below) and len(inside):
            low[place] = (below[-1] + inside[0]) / 2
        if len(above) and len(inside):
            high[place] = (above[0] + inside[-1]) / 2
    return Box(low, high)


def freed(box: Box) -> list[Box]:
    """The box without one of its bounds, for each that it has."""
    lows, highs = (np.flatnonzero(np.isfinite(side)).tolist() for side in box)
    return [box.with_bounds(place, low=-np.inf) for place in lows] + [box.with_bounds(place, high=np.inf) for place in highs]
