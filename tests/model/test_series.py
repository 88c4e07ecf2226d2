"""Agents as tables, in some weeks of a run."""

import numpy as np
import pandas as pd
import pytest

from salesim.config.scenario import default_scenario
from salesim.model.agents.customer import trust_in
from salesim.model.mesa_model import SalesMarket
from salesim.model.schedule import play, records_of
from salesim.model.series import KINDS, agents_now, snapshots

SMALL = {"weeks": 30, "market.customers.count": 20}


def test_snapshots_are_those_of_a_run_without_them():
    scenario = default_scenario(**SMALL)
    last, market = [*snapshots(scenario, 3, 7)][-1]
    assert last == 30
    assert records_of(market, last).deals.tobytes() == play(scenario, 3).deals.tobytes()
    assert [week for week, _ in snapshots(scenario, 3, 7)] == [7, 14, 21, 28, 30]
    assert [week for week, _ in snapshots(scenario, 3, 10)] == [10, 20, 30]
    assert [week for week, _ in snapshots(scenario, 3, 99)] == [30]


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_a_kind_is_what_the_mesa_model_shows(kind: str):
    scenario, model = default_scenario(**SMALL), SalesMarket(default_scenario(**SMALL), rng=3)
    for _ in range(7):
        model.step()
    week, market = next(snapshots(scenario, 3, 7))
    pd.testing.assert_frame_equal(pd.DataFrame(agents_now(market, week, kind)), model.agents_frame(kind))


def test_trust_of_a_relation_is_that_of_the_rules():
    week, market = next(snapshots(default_scenario(**SMALL), 3, 26))
    table = agents_now(market, week, "relations")
    by_rule = [trust_in(market.relations[c, v]) for c, v in zip(table["customer"], table["vendor"], strict=True)]
    assert table["trust"] == pytest.approx(np.array(by_rule), rel=0)
    assert table["trust"].std() > 0
