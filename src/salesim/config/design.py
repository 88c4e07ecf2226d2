"""The points that a design puts on the axes of a sweep."""

import math
from collections.abc import Sequence
from itertools import product
from typing import Any, Literal

import numpy as np

from salesim.config.axes import MOST_POINTS, Axis
from salesim.config.errors import InputError
from salesim.model.signals import undisturbed

Design = Literal["grid", "lhs", "sobol"]
Point = dict[str, Any]


def points_on(axes: Sequence[Axis], design: Design, n_points: int, seed: int) -> list[Point]:
    """The points of a design, one mapping of key to value each, in a fixed order; equal ones are there once.

    "grid" takes every combination, the last axis fastest; `n_points` 0 is all of them. "lhs" is a Latin hypercube
    (McKay, Beckman & Conover 1979), "sobol" a scrambled Sobol sequence (Owen 1998), both from `seed`; the first points of a
    longer Sobol sequence are those of a shorter one. A tied axis has the place of the other one; an axis that does not apply
    at a point is not in it. Raises InputError.
    """
    leading = [axis for axis in axes if not axis.tied]
    places = grid(axes, leading, n_points) if design == "grid" else sampled(leading, design, n_points, seed)
    points = []
    for place in places:
        mine = dict(zip((axis.key for axis in leading), place, strict=True))
        points.append(applying({axis.key: axis.at(mine[axis.tied or axis.key]) for axis in axes}, axes))
    return list({repr(point): point for point in points}.values())


def applying(point: Point, axes: Sequence[Axis], **arm: str) -> Point:
    """A point without the axes that do not apply there, nor those that depend on them."""
    left = {axis.key: axis for axis in axes if axis.key in point}
    while gone := [key for key, axis in left.items() if not axis.applies({key: point[key] for key in left} | arm)]:
        left = {key: axis for key, axis in left.items() if key not in gone}
    return {key: point[key] for key in left}


def grid(axes: Sequence[Axis], leading: Sequence[Axis], n_points: int) -> list[tuple[float, ...]]:
    """Every combination of values of the `leading` axes, as shares of these.

    Raises InputError for an interval, or a size that is not that of the grid.
    """
    for axis in axes:
        if axis.is_interval:
            raise InputError(
                f"{axis.key}={axis.text} is an interval, which has no grid; write values as {axis.key}=range(…) or a,b,c, "
                "or choose study.design=sobol or lhs"
            )
    sizes = [len(axis.values) for axis in leading]
    size = math.prod(sizes)
    check_most(size, f" ({' x '.join(map(str, sizes))})", "take fewer values, or study.design=sobol")
    if n_points not in (0, size):
        raise InputError(f"study.points is {n_points}, but this grid has {size}; leave points out, or choose sobol or lhs")
    return list(product(*([(n + 0.5) / count for n in range(count)] for count in sizes)))


def sampled(axes: Sequence[Axis], design: Design, n_points: int, seed: int) -> list[list[float]]:
    """Points of a sampled design as shares (0 to 1) of the axes. Raises InputError for a size that it cannot have."""
    if n_points == 0:
        raise InputError(f"study.design={design} needs the number of points, and none is given; add points=64")
    if n_points < 2:
        raise InputError(f"study.points is {n_points}; study.design={design} needs two or more, as points=64")
    check_most(n_points, "", f"ask for fewer, as points={1 << (MOST_POINTS.bit_length() - 1)}")
    if design == "sobol" and n_points & (n_points - 1):
        near = 1 << (n_points.bit_length() - 1)
        larger = f" or {2 * near}" if 2 * near <= MOST_POINTS else ""
        raise InputError(
            f"study.points is {n_points}; a Sobol sequence is balanced at powers of two only: {near}{larger} would do, "
            "or study.design=lhs"
        )
    if not axes:
        raise InputError(f"study.design is {design}, but only arms vary, and no number; leave it out, or vary a number")
    from scipy.stats import qmc

    with undisturbed():  # compiled code reads a file here, and Python drops what it raises
        sampler = (qmc.LatinHypercube if design == "lhs" else qmc.Sobol)(len(axes), rng=np.random.default_rng(seed))
    shares: list[list[float]] = np.minimum(sampler.random(n_points), np.nextafter(1.0, 0.0)).tolist()
    return shares


def check_most(n_points: int, how: str, way_out: str) -> None:
    """Refuse more points than a study can hold. Raises InputError."""
    if n_points > MOST_POINTS:
        raise InputError(f"the sweep has {n_points:,} points{how}; there can be at most {MOST_POINTS:,}: {way_out}")
