"""Beta quantiles from a table agree with scipy's; where a table would be inaccurate they are identical to scipy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from salesim.model.interpolation import beta_quantiles, table_of


@settings(max_examples=25, deadline=None)
@given(st.floats(0.3, 30), st.floats(0.3, 30), st.integers(0, 2**31))
def test_quantiles_are_scipys_within_1e_11(a, b, seed):
    uniform = np.random.default_rng(seed).random(500)
    assert beta_quantiles(a, b, uniform) == pytest.approx(special.betaincinv(a, b, uniform), abs=2e-11)


def test_the_far_tails_are_scipys_to_the_bit():
    uniform = np.array([0.0, 1e-9, 1.0 - 1e-9])
    assert (beta_quantiles(2.0, 3.0, uniform) == special.betaincinv(2.0, 3.0, uniform)).all()


def test_parameters_too_extreme_for_a_table_are_left_to_scipy():
    uniform = np.linspace(0.0, 0.999, 50)
    assert table_of(0.05, 0.05) is None
    assert (beta_quantiles(0.05, 0.05, uniform) == special.betaincinv(0.05, 0.05, uniform)).all()


def test_the_shipped_parameters_have_tables():
    assert table_of(2.0, 2.0) is not None
    assert table_of(2.0, 3.0) is not None
