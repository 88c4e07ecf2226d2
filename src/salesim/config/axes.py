"""The axes of a sweep, and the points that a design puts on them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Literal

import numpy as np

from salesim.config.errors import InputError

Design = Literal["grid", "lhs", "sobol"]
Point = dict[str, Any]
MOST_POINTS = 50_000


@dataclass(frozen=True)
class Axis:
    """One setting that a sweep varies: the values it takes, or the ends of an interval (values empty).

    `whole` means whole numbers only, `log` points spread evenly over orders of magnitude; `text` is how it was written.
    """

    key: str
    text: str
    values: tuple[Any, ...] = ()
    low: float = math.nan
    high: float = math.nan
    whole: bool = False
    log: bool = False

    def __post_init__(self) -> None:
        if self.values:
            twice = [value for n, value in enumerate(self.values) if value in self.values[:n]]
            if twice:
                raise InputError(f"{self.key}={self.text} has {shown(twice[0])} twice; name each value once")
        elif math.isnan(self.low):
            raise InputError(f"{self.key}={self.text} is an empty range; a range goes from the smaller to the larger number")
        elif not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise InputError(
                f"{self.key}={self.text} is an empty interval: its low end is not below its high end; write interval(low,high)"
            )
        elif self.log and self.low <= 0:
            raise InputError(f"{self.key}={self.text} is spread over orders of magnitude; its low end has to be above 0")
        elif self.whole and not (self.low == int(self.low) and self.high == int(self.high)):
            raise InputError(f"{self.key}={self.text} needs whole numbers as ends, as {self.key} is a whole number")

    @property
    def is_interval(self) -> bool:
        """Whether it is an interval, which has no list of values."""
        return not self.values

    def at(self, share: float) -> Any:
        """The value at a share (0 to 1) of the axis; whole numbers and values get equal parts."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:
            return int(min(self.low + int(share * (self.high - self.low + 1)), self.high))
        if self.log:
            return math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        return self.low + share * (self.high - self.low)


def shown(value: Any) -> str:
    """A value as a person writes it on the command line; lists as [a, b]."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {shown(part)}' for key, part in value.items())}}}"
    return f"{value:.6g}" if isinstance(value, float) else "null" if value is None else str(value)


def values_in(numbers: Callable[[], Iterable[Any]], key: str, text: str) -> list[Any]:
    """The numbers of a range. Raises InputError for an empty one, or one with more than a sweep can have."""
    try:
        values = list(islice(numbers(), MOST_POINTS + 1))
    except ValueError as error:
        raise InputError(f"{key}={text} is not a range: {error}; write range(first,end,step), without the end") from error
    check_most(len(values), f"or more in {key}={text}")
    if not values:
        raise InputError(f"{key}={text} is an empty range; write range(first,end,step), without the end")
    if len(values) == 1:
        raise InputError(
            f"{key}={text} is one value, {shown(values[0])}; write range(first,end,step), without the end; "
            f"the step is 1 if you leave it out; or write {key}={shown(values[0])}"
        )
    return values


def points_on(axes: Sequence[Axis], design: Design, n_points: int, seed: int) -> list[Point]:
    """The points of a design, one mapping of key to value each, in a fixed order.

    "grid" takes every combination, the last axis fastest; `n_points` 0 is all of them. "lhs" is a Latin hypercube
    (McKay, Beckman & Conover 1979), "sobol" a scrambled Sobol sequence (Owen 1998), both from `seed`; the first points of a
    longer Sobol sequence are those of a shorter one. Raises InputError.
    """
    if design == "grid":
        return grid(axes, n_points)
    check_size(design, n_points)
    if not axes:
        raise InputError(f"study.design is {design}, but only arms vary, and no number; leave it out, or vary a number")
    from scipy.stats import qmc

    sampler = (qmc.LatinHypercube if design == "lhs" else qmc.Sobol)(len(axes), rng=np.random.default_rng(seed))
    cube = np.minimum(sampler.random(n_points), np.nextafter(1.0, 0.0))  # a row a point, of one share an axis
    return [{axis.key: axis.at(share) for axis, share in zip(axes, row, strict=True)} for row in cube]


def grid(axes: Sequence[Axis], n_points: int) -> list[Point]:
    """Every combination of values. Raises InputError for an interval, or a size that is not that of the grid."""
    for axis in axes:
        if axis.is_interval:
            raise InputError(
                f"{axis.key}={axis.text} is an interval, which has no grid; write values as {axis.key}=range(…) or a,b,c, "
                "or choose study.design=sobol or lhs"
            )
    size = math.prod(len(axis.values) for axis in axes)
    check_most(size, " x ".join(str(len(axis.values)) for axis in axes))
    if n_points not in (0, size):
        raise InputError(f"study.points is {n_points}, but this grid has {size}; leave points out, or choose sobol or lhs")
    keys = [axis.key for axis in axes]
    return [dict(zip(keys, values, strict=True)) for values in product(*(axis.values for axis in axes))]


def check_size(design: Design, n_points: int) -> None:
    """Refuse sizes that a sampled design cannot have."""
    if n_points == 0:
        raise InputError(f"study.design={design} needs the number of points, and none is given; add points=64")
    if n_points < 2:
        raise InputError(f"study.points is {n_points}; study.design={design} needs two or more, as points=64")
    check_most(n_points, "")
    if design == "sobol" and n_points & (n_points - 1):
        near = 1 << (n_points.bit_length() - 1)
        raise InputError(
            f"study.points is {n_points}; a Sobol sequence is balanced at powers of two only: {near} or {2 * near} would do, "
            "or study.design=lhs"
        )


def check_most(n_points: int, how: str) -> None:
    """Refuse more points than a study can hold."""
    if n_points > MOST_POINTS:
        raise InputError(
            f"the sweep has {n_points:,} points{f' ({how})' if how else ''}; there can be at most {MOST_POINTS:,}: "
            "take fewer values, or study.design=sobol"
        )
