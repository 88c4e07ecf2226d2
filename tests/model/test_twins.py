"""Common random numbers: what a change does not affect is identical to the bit."""

import numpy as np

from salesim.model.rng import Purpose, uniform_for
from salesim.model.schedule import play
from salesim.model.state import initialize


def test_adding_a_salesperson_changes_no_other_territory(scenario):
    few, many = initialize(scenario(), 3), initialize(scenario(**{"market.selling.salespeople": 5}), 3)
    before, after = few.relations["salesperson"][:, 0], many.relations["salesperson"][:, 0]
    moved = before != after
    assert set(after[moved]) == {4}
    assert 0.1 < moved.mean() < 0.3


def test_adding_a_salesperson_changes_no_trait(scenario):
    few, many = initialize(scenario(), 3), initialize(scenario(**{"market.selling.salespeople": 5}), 3)
    for name in few.customers.dtype.names:
        assert np.array_equal(few.customers[name], many.customers[name])
    for vendor in range(3):
        assert np.array_equal(
            few.salespeople.learning[vendor * 4 : vendor * 4 + 4], many.salespeople.learning[vendor * 5 : vendor * 5 + 4]
        )


def test_adding_a_salesperson_does_not_change_the_first_needs(scenario):
    """Until prospecting differs, the same customers begin to buy in the same weeks, with the same groups."""
    quiet = {"market.buying.prospecting": 0.0, "market.customers.channel_share": 1.0}
    few, many = play(scenario(**quiet), 3).deals, play(scenario(**quiet, **{"market.selling.salespeople": 5}), 3).deals
    assert len(few) == len(many)
    for name in few.dtype.names:
        if name not in ("salesperson", "generation", "left_week", "learning", "commission_k"):
            assert np.array_equal(few[name], many[name], equal_nan=True), name


def test_adding_a_customer_does_not_change_the_needs_of_others(scenario):
    few, many = initialize(scenario(), 3), initialize(scenario(**{"market.customers.count": 121}), 3)
    assert np.array_equal(few.customers.complexity, many.customers.complexity[:120])
    assert uniform_for(3, Purpose.NEED, 5, 7) == uniform_for(3, Purpose.NEED, 5, 7)


def test_arms_share_their_random_numbers(scenario):
    """Customers who begin in week 0 are the same whatever the strategy."""
    pitch, diagnostic = play(scenario(), 3).deals, play(scenario(strategy="diagnostic"), 3).deals
    first = pitch[pitch.opened_week == 0]
    assert len(first) > 0
    assert np.array_equal(first.customer, diagnostic[diagnostic.opened_week == 0].customer)
