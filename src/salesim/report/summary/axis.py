"""Round numbers along an axis, for media whose charts are drawn by hand."""

import math
from collections.abc import Iterable


def ticks(values: Iterable[float], most: int = 5) -> list[float]:
    """Round numbers from below the smallest to above the largest value, at most about `most` steps apart.

    >>> ticks([3.0, 41.0]), ticks([-0.13, 0.04])
    ([0.0, 10.0, 20.0, 30.0, 40.0, 50.0], [-0.15, -0.1, -0.05, 0.0, 0.05])
    """
    known = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(*known, 0.0), max(*known, 0.0)
    wish = (high - low or 1.0) / most
    power = 10.0 ** math.floor(math.log10(wish))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= wish * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) + 0.0 for number in range(first, last + 1)]
