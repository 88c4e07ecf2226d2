"""What it would be worth to know the world, or one of its settings, before an arm is chosen.

Perfect information is worth the expected maximum less the largest expected value (Raiffa & Schlaifer 1961). For one setting,
the values of arms are regressed on it, and the arm that is best at each world's setting is taken (Strong, Oakley & Brennan
2014). The same runs would choose arms and value them, and chance would make that too high; therefore a world is valued by a
regression on the worlds of other folds (cross-fitting). What is learned from few worlds can be worth less than nothing.
"""

from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers, student

FOLDS = 10
DEGREE = 2  # of the polynomial in one setting


class Worth(NamedTuple):
    """What each setting is worth, with intervals that hold simultaneously; estimates below 0 are reported as 0.

    `raw` is the estimate before it was clipped.
    """

    value: Numbers
    low: Numbers
    high: Numbers
    raw: Numbers


def of_everything(expected: Numbers) -> float:
    """Expected value of perfect information, from draws of the arms' expected values (draws x worlds x arms)."""
    return float(expected.max(axis=2).mean() - expected.mean(axis=(0, 1)).max())


def of_settings(values: Numbers, settings: Numbers, confidence: float = 0.9) -> Worth:
    """Expected value of perfect information on each setting (worlds x settings); `values` are worlds x arms."""
    gains = np.column_stack([improvements(values, column) for column in settings.T])
    raw, low, high = student(gains, confidence, gains.shape[1])
    value, low, high = (np.maximum(each, 0.0) for each in (raw, low, high))
    return Worth(value, low, high, raw)


def improvements(values: Numbers, setting: Numbers) -> Numbers:
    """What each world gains if the arm is chosen by its setting, learned from other worlds, and not once for all worlds."""
    at, rows = polynomial(setting), np.arange(len(values))
    once, gains = values.mean(axis=0).argmax(), np.zeros(len(values))
    for fold in range(FOLDS):
        mine = rows % FOLDS == fold
        coefficients = np.linalg.lstsq(at[~mine], values[~mine], rcond=None)[0]
        chosen = (at[mine] @ coefficients).argmax(axis=1)
        gains[mine] = values[rows[mine], chosen] - values[mine, once]
    return gains


def polynomial(setting: Numbers) -> Numbers:
    """Powers of a setting in standard deviations from its mean; of one that does not vary, the constant alone."""
    spread = setting.std()
    scaled = (setting - setting.mean()) / spread if spread > 0.0 else np.zeros(len(setting))
    return np.vander(scaled, DEGREE + 1, increasing=True)
