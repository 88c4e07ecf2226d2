"""Rounded figures still add up."""

import numpy as np
import pytest

from salesim.report.text.printed import rounded_to_sum


def test_rounded_parts_sum_to_their_rounded_sum():
    parts = np.random.default_rng(7).normal(size=30) * 100
    for digits in (0, 1, 2):
        assert sum(rounded_to_sum(parts, digits)) == pytest.approx(round(float(parts.sum()), digits), abs=1e-9)
        assert max(abs(np.array(rounded_to_sum(parts, digits)) - parts)) < 10.0**-digits
