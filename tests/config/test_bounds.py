"""Every number of a scenario has the bounds of its meaning: at both of them a market still gives numbers that can be."""

import math

import numpy as np
import pytest

from salesim.config.errors import InputError
from salesim.config.options import limits_of
from salesim.config.scenario import default_scenario
from salesim.config.validation import fields_of
from salesim.model.parameters import Channel, Market, Scenario, Strategy
from salesim.model.schedule import play
from salesim.runs.summary import measures

SMALL = {"market.customers.count": 30, "market.customers.neighbours": 4, "market.selling.salespeople": 2, "weeks": 60}
SHARES = ("depth", "breadth", "fit", "delivered", "access", "perceived_sameness", "trust_opening", "trust_closing")
TOGETHER = {  # what has to change with a number at its bound
    "market.customers.count": {"market.customers.neighbours": 0},
    "market.customers.neighbours": {"market.customers.count": 80},
    "market.people.learning_mean": {"market.people.learning_spread": 0.0},
    "channel.start_discount": {"channel.discount_cap": 0.99},
    "channel.discount_cap": {"channel.start_discount": 0.0},
}
TOO_LARGE = ("market.customers.count", "weeks", "market.selling.salespeople", "market.partners.count")  # to be run in a test


def numbers(kind, start):
    for name, field in fields_of(kind).items():
        if hasattr(field.annotation, "__dataclass_fields__"):
            yield from numbers(field.annotation, f"{start}{name}.")
        elif field.annotation in (int, float):
            yield start + name, field.annotation, limits_of(field.metadata)


GROUPS = (("market.", Market), ("strategy.", Strategy), ("channel.", Channel))
NUMBERS = [*(number for start, kind in GROUPS for number in numbers(kind, start)), *numbers(Scenario, "")]


@pytest.mark.parametrize(("key", "kind", "limits"), NUMBERS, ids=[key for key, _, _ in NUMBERS])
def test_a_number_has_two_bounds_at_which_a_run_gives_numbers_that_can_be(key, kind, limits):
    assert {"ge", "gt"} & limits.keys()
    assert {"le", "lt"} & limits.keys()
    low = limits.get("ge", math.nextafter(limits.get("gt", 0.0), 1.0))
    high = limits.get("le", math.nextafter(limits.get("lt", 0.0), -math.inf))
    for value in (low,) if key in TOO_LARGE else (low, high):
        check_run(default_scenario(**{**SMALL, "channel": "rebate", **TOGETHER.get(key, {}), key: kind(value)}))


def check_run(scenario):
    """Refuse a run with an infinite or enormous number, or a share outside 0 to 1."""
    records = play(scenario, 1)
    found = np.array([value for value in measures(records, scenario).values() if not math.isnan(value)])
    assert np.abs(found).max(initial=0.0) < 1e12
    for table in (records.deals, records.weeks):
        for column in (name for name in table.dtype.names if table.dtype[name].kind == "f"):
            values = table[column][~np.isnan(table[column])]
            assert np.abs(values).max(initial=0.0) < 1e12, column
            assert column not in SHARES or (values.min(initial=0.0) >= 0.0 and values.max(initial=0.0) <= 1.0), column


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("market.partners.teaching_speed", 2.0),
        ("market.customers.value_sigma", 300.0),
        ("market.customers.price_weight_sigma", 1000.0),
        ("market.people.vacancy_weeks", 10**12),
        ("strategy.systems.diagnosis_hours", 1e300),
    ],
)
def test_a_number_beyond_its_meaning_is_refused(key, value):
    with pytest.raises(InputError, match=rf"{key} is .*; it has to be a (whole )?number from 0 to"):
        default_scenario(**{key: value})


@pytest.mark.parametrize("value", [True, False, 2])
def test_a_switch_is_0_or_1_and_no_truth_value(value):
    with pytest.raises(InputError, match="it has to be 0 or 1"):
        default_scenario(**{"market.loops.word_of_mouth": value})
