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
IDLE = 0.02  # a bound that adds less than this to the agreement is left out


class Box(NamedTuple):
    """Bounds, both included; -inf and inf where there is none."""

    low: Numbers
    high: Numbers

    def holds(self, points: Numbers) -> Mask:
        """Which points (points x parameters) lie inside."""
        inside: Mask = np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))
        return inside


def peel(points: Numbers, wins: Mask, share: float = SLICE, smallest: float = SMALLEST) -> list[Box]:
    """The boxes of a peeling, from everything to the smallest; ties go to the first parameter, its lower side first."""
    box = Box(np.full(points.shape[1], -np.inf), np.full(points.shape[1], np.inf))
    boxes = [box]
    while True:
        inside = box.holds(points)
        best, best_share = None, -1.0
        for smaller in _slices(points[inside], box, share):
            held = smaller.holds(points)
            if held.sum() >= max(1.0, smallest * len(points)) and wins[held].mean() > best_share:
                best, best_share = smaller, float(wins[held].mean())
        if best is None:
            return boxes
        box = best
        boxes.append(box)


def _slices(points: Numbers, box: Box, share: float) -> list[Box]:
    """The box less a slice of about `share` of its points, from either side of every parameter."""
    candidates = []
    for place in range(points.shape[1]):
        values = np.sort(points[:, place])
        taken = max(1, round(share * len(values)))
        if values[0] == values[-1] or taken >= len(values):
            continue
        low, high = box.low.copy(), box.high.copy()
        low[place] = values[taken] if values[taken] > values[0] else values[values > values[0]][0]
        high[place] = values[-1 - taken] if values[-1 - taken] < values[-1] else values[values < values[-1]][-1]
        candidates += [Box(low, box.high), Box(box.low, high)]
    return candidates


def paste(box: Box, points: Numbers, wins: Mask, share: float = SLICE) -> Box:
    """The box with slices given back, the best first, as long as the share of wins does not fall."""
    while True:
        inside = box.holds(points)
        now, best, best_share = float(wins[inside].mean()), None, -1.0
        for larger in _wider(box, points, max(1, round(share * inside.sum()))):
            held = larger.holds(points)
            if held.sum() > inside.sum() and wins[held].mean() > best_share:
                best, best_share = larger, float(wins[held].mean())
        if best is None or best_share < now:
            return box
        box = best


def _wider(box: Box, points: Numbers, slice_points: int) -> list[Box]:
    candidates = []
    for place in np.flatnonzero(np.isfinite(box.low) | np.isfinite(box.high)):
        free = Box(box.low.copy(), box.high.copy())
        free.low[place], free.high[place] = -np.inf, np.inf
        values = np.sort(points[free.holds(points), place])
        below, above = values[values < box.low[place]][::-1], values[values > box.high[place]]
        low, high = box.low.copy(), box.high.copy()
        if len(below):
            low[place] = below[slice_points - 1] if len(below) >= slice_points else -np.inf
            candidates.append(Box(low, box.high))
        if len(above):
            high[place] = above[slice_points - 1] if len(above) >= slice_points else np.inf
            candidates.append(Box(box.low, high))
    return candidates


def agreement(box: Box, points: Numbers, wins: Mask) -> float:
    """Harmonic mean of coverage and density, 1 is perfect: a box has to name most wins and little else.

    Source: van Rijsbergen 1979 (F measure).
    """
    inside = box.holds(points)
    named = int(inside.sum() + wins.sum())
    return 2.0 * int((inside & wins).sum()) / named if named else 0.0


def best_box(points: Numbers, wins: Mask) -> Box:
    """The box of the peeling, pasted, that agrees best with the wins, without bounds that add next to nothing."""
    boxes = [paste(box, points, wins) for box in peel(points, wins)]
    box = max(boxes, key=lambda each: agreement(each, points, wins))
    while True:
        value = agreement(box, points, wins)
        simpler = [(agreement(each, points, wins), number) for number, each in enumerate(freed(box))]
        if not simpler or max(simpler)[0] < value - IDLE:
            return box
        box = freed(box)[max(simpler)[1]]


def halfway(box: Box, points: Numbers) -> Box:
    """The box with every bound halfway between the last point inside and the next one that only this bound keeps out."""
    low, high = box.low.copy(), box.high.copy()
    for place in range(len(low)):
        free = Box(box.low.copy(), box.high.copy())
        free.low[place], free.high[place] = -np.inf, np.inf
        values = points[free.holds(points), place]
        below, above = values[values < box.low[place]], values[values > box.high[place]]
        inside = values[(values >= box.low[place]) & (values <= box.high[place])]
        if len(below) and len(inside):
            low[place] = (below.max() + inside.min()) / 2
        if len(above) and len(inside):
            high[place] = (above.min() + inside.max()) / 2
    return Box(low, high)


def freed(box: Box) -> list[Box]:
    """The box without one of its bounds, for each that it has."""
    candidates = []
    for place in np.flatnonzero(np.isfinite(box.low)):
        low = box.low.copy()
        low[place] = -np.inf
        candidates.append(Box(low, box.high))
    for place in np.flatnonzero(np.isfinite(box.high)):
        high = box.high.copy()
        high[place] = np.inf
        candidates.append(Box(box.low, high))
    return candidates
