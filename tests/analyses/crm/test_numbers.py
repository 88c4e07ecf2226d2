"""Numbers of deals whose true curve is known: truncated on the left and censored on the right, they come back."""

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.crm.numbers import Span, curves_of, watched
from salesim.metrics.sums import YEAR_WEEKS
from salesim.metrics.survival import won_in_year
from salesim.model.enums import Outcome

HAZARD, N_DEALS = 0.03, 60_000  # of closing in a week, week 0 included; half of what closes is won


@pytest.mark.parametrize("span", [Span(0, 150), Span(100, 150), Span(100, 250)])
def test_deals_seen_from_a_week_on_and_to_another_have_the_curve_of_all(span):
    rng = np.random.default_rng(5)
    opened = rng.integers(0, 250, N_DEALS)
    deals = pd.DataFrame(
        {
            "outcome": np.where(rng.random(N_DEALS) < 0.5, int(Outcome.WON), int(Outcome.LOST)),
            "opened_week": opened,
            "closed_week": opened + rng.geometric(HAZARD, N_DEALS) - 1,
        }
    )
    expected = (1.0 - (1.0 - HAZARD) ** (YEAR_WEEKS + 1)) / 2.0
    assert won_in_year(curves_of(watched(deals, span))) == pytest.approx(expected, abs=0.01)
